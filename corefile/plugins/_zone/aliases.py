"""Where a name leads on: referrals at cuts, CNAME and DNAME records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...dns.codes import CNAME, DNAME, DS, NS, NXDOMAIN, SERVFAIL, SOA, rcode_name
from ...dns.message import Msg
from ...dns.names import count_labels, is_subdomain, labels, next_label
from ...dns.rr import RR
from .._upstream import Failed
from .data import Node
from .reasons import (
    ALIAS,
    ALIAS_DELEGATED,
    ALIAS_NO_RECORDS,
    BY_DNAME,
    CUT_NS,
    DNAME_LOOPS,
    LONG_CHAIN,
    REFERRAL,
    TARGET_DENIED,
    TARGET_FAILED,
    TARGET_FOUND,
    TARGET_MISSING,
    TARGET_REFUSED,
    TARGET_UNRESOLVED,
)
from .sections import DELEGATION, NAME_ERROR, NO_DATA, SERVER_FAILURE, SUCCESS, Found, Sections, failure, target_of

if TYPE_CHECKING:
    from ...chain.query import Query, Why

MAX_CHAIN = 8
"""How many CNAME records are followed within the zone, and how many look-ups may lead to each other."""

Resolve = Callable[[str, int], "Msg | None"]
"""Asks for a name and type beyond the zone (see `_upstream`). Raises Failed."""


class Aliases(Sections):
    """A zone that follows what leads on."""

    def _downwards(self, qname: str) -> list[str]:
        """The origin and all names between it and `qname`, which is the last one."""
        out = []
        size = len(self.origin) if self.origin != "." else 1
        name = qname
        while len(name) > size:
            out.append(name)
            if "\\" in name:
                offset = next_label(name, 0)
                name = name[offset:] if offset >= 0 else ""
            else:
                name = name.partition(".")[2]
        out.append(self.top)
        out.reverse()
        return out

    def _delegation(self, node: Node, qname: str, qtype: int, do: bool) -> Found | None:
        """The referral at a cut; None for the DS records there, which are the zone's own."""
        servers = node.types[NS]
        if qtype == NS and self.rules.ns_at_cut:
            return Found(servers, [], self._glue(servers, do), SUCCESS, CUT_NS(node.name))
        if qtype == DS and node.name == qname and not self.rules.ns_at_cut:
            return None
        glue = self._glue(servers, do)
        if do:
            servers = servers + node.signed(DS, do)
        return Found([], servers, glue, DELEGATION, REFERRAL(self.origin, node.name))

    def _cut_above(self, query: Query, name: str) -> Found | None:
        """The referral at the first cut on the way to an alias's target, where the release looks for one."""
        lowered = name.lower()
        if not is_subdomain(self.origin, lowered):
            # nameFromRight counts labels only: a name beyond the zone is cut at as many labels as the origin has.
            count = count_labels(self.origin)
            parts = labels(lowered)
            candidates = [".".join(parts[i:]) + "." for i in range(len(parts) - count - 1, -1, -1)]
        else:
            candidates = self._downwards(lowered)[1:]
        for candidate in candidates:
            node = self.search(candidate)
            if node is not None and NS in node.types:
                found = self._delegation(node, name, query.type, query.do)
                if found is not None:
                    return found
        return None

    def _substitute(self, query: Query, node: Node, resolve: Resolve) -> Found | None:
        """What a DNAME record makes of the question (RFC 6672); None where it says nothing about the name."""
        rules, qname, do = self.rules, query.name, query.do
        owners = node.types[DNAME]
        dname = owners[0]
        if qname == dname[0] or not is_subdomain(dname[0], qname):
            return None
        kept = labels(qname)[: count_labels(qname) - count_labels(dname[0])]
        target = ".".join([*kept, *labels(target_of(dname))]) + "."
        if rules.refuses_same_dname and target.lower() == qname:
            return failure(DNAME_LOOPS(dname[0], qname))
        alias = [RR(qname, CNAME, 1, dname[3], (target,))]
        if query.type == CNAME and rules.cname_of_dname:
            found = Found(alias, self.apex_ns(do), [], SUCCESS, BY_DNAME(dname[0]))
        else:
            found = self._alias(query, node, alias, resolve)
        answer = node.signed(DNAME, do) + found.answer
        return found._replace(answer=answer)

    def _alias(self, query: Query, node: Node, aliases: list[RR], resolve: Resolve) -> Found:
        """Follow CNAME records: within the zone, and beyond it through the server."""
        qtype, do = query.type, query.do
        rrs = aliases + node.signatures(CNAME) if do else list(aliases)
        first = target = target_of(aliases[0])
        there = self._arrive(query, rrs, target, resolve)
        followed = 0
        while not isinstance(there, Found) and CNAME in there.types:
            rrs += there.signed(CNAME, do)
            target = target_of(there.types[CNAME][0])
            there = self._arrive(query, rrs, target, resolve)
            followed += 1
            if followed > MAX_CHAIN and not isinstance(there, Found):
                return Found(
                    rrs,
                    self.apex_ns(do),
                    self._alias_additional(rrs, do),
                    SUCCESS,
                    LONG_CHAIN(MAX_CHAIN),
                )
        if isinstance(there, Found):
            return there
        there_too = qtype in there.types
        if there_too:
            rrs += there.signed(qtype, do)
        why = (ALIAS if there_too else ALIAS_NO_RECORDS)(first, self.origin)
        return Found(rrs, self.apex_ns(do), self._alias_additional(rrs, do), SUCCESS, why)

    def _arrive(self, query: Query, rrs: list[RR], target: str, resolve: Resolve) -> Node | Found:
        """The node of an alias's target, or the end of the look-up where it is delegated or not in the zone."""
        rules, qtype = self.rules, query.type
        if rules.delegates_targets:
            cut = self._cut_above(query, target)
            if cut is not None:
                return cut._replace(answer=rrs, why=ALIAS_DELEGATED(target, self.origin))
        node = self.search(target)
        if node is None or (rules.asks_for_apex and (qtype == NS or (qtype == SOA and target == self.origin))):
            return self._beyond(query, rrs, target, resolve)
        return node

    def _beyond(self, query: Query, rrs: list[RR], target: str, resolve: Resolve) -> Found:
        """An alias whose target has to be asked for elsewhere."""
        rules, do, ctx = self.rules, query.do, query.ctx
        if not rules.external_anywhere and is_subdomain(self.origin, target.lower()):
            why = TARGET_MISSING(target, self.origin)
            return Found(rrs, self.apex_ns(do), self._alias_additional(rrs, do), SUCCESS, why)
        loop = ctx.loop
        ctx.loop = loop + 1
        try:
            reply = resolve(target, query.type)
            result, why = SUCCESS, TARGET_UNRESOLVED(target)
        except Failed:
            reply = None
            result = SERVER_FAILURE if rules.failure_of_target else SUCCESS
            why = (TARGET_FAILED if rules.failure_of_target else TARGET_UNRESOLVED)(target)
        finally:
            ctx.loop = loop
        if reply is not None:
            rrs = rrs + reply.answer
            result, why = self._of_target(reply, target)
        denied = rules.soa_of_denied_target and result in (NAME_ERROR, NO_DATA)
        authority = self.apex_soa(do) if denied else self.apex_ns(do)
        return Found(rrs, authority, self._alias_additional(rrs, do), result, why)

    def _of_target(self, reply: Msg, target: str) -> tuple[int, Why]:
        """What a reply about an alias's target makes of the answer."""
        rcode, count, passes = reply.rcode, len(reply.answer), self.rules.passes_rcode
        if passes and rcode == NXDOMAIN:
            return NAME_ERROR, TARGET_DENIED(target, "NXDOMAIN, and so is this answer")
        if passes and rcode == SERVFAIL:
            return SERVER_FAILURE, TARGET_FAILED(target)
        if rcode:
            return SUCCESS, TARGET_REFUSED(target, rcode_name(rcode))
        if not count:
            return NO_DATA if passes else SUCCESS, TARGET_DENIED(target, "it has no records of this type")
        return SUCCESS, TARGET_FOUND(target, count, "record" if count == 1 else "records")
