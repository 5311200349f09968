"""The look-up of a question in a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...dns.codes import CNAME, DNAME, NS, NSEC, SOA
from ...dns.names import is_subdomain, next_label, parent
from .aliases import MAX_CHAIN, Aliases, Resolve
from .data import Node
from .order import escaped_key, order
from .reasons import (
    APEX_NS,
    APEX_SOA,
    EMPTY_NAME,
    FOUND,
    LOOPS,
    NO_NAME,
    NO_RECORDS,
    NOT_LOADED,
    WILDCARD,
    WILDCARD_EMPTY,
    WILDCARD_HIDDEN,
    WILDCARD_HIDDEN_BY_EMPTY,
    WILDCARD_NO_RECORDS,
)
from .sections import NAME_ERROR, NO_DATA, SUCCESS, Found, failure

if TYPE_CHECKING:
    from ...chain.query import Query, Reason, Why


class Zone(Aliases):
    """The records of one zone, and the answers in them."""

    def lookup(self, query: Query, resolve: Resolve) -> Found:
        """The answer to a question for a name in the zone."""
        rules, qname, qtype, do = self.rules, query.name, query.type, query.do
        if self.soa is None:
            return failure(NOT_LOADED(self.origin, self.missing))
        apex = qname == self.origin
        if qtype == SOA and (apex or rules.soa_everywhere):
            return Found(self.apex_soa(do), self.apex_ns(do), [], SUCCESS, APEX_SOA(self.origin))
        if qtype == NS and apex:
            servers = self.apex_ns(do)
            return Found(servers, [], self._glue(servers, do), SUCCESS, APEX_NS(self.origin))
        ctx = query.ctx
        if rules.counts_loops and ctx.loop > MAX_CHAIN:
            return failure(LOOPS())

        nodes = self.nodes
        node: Node | None = None
        wild: Node | None = None
        wild_name = ""
        escaped = "\\" in qname
        for name in self._downwards(qname):
            node = nodes.get(escaped_key(name) if escaped and "\\" in name else name)
            if node is None:
                encloser = parent(name) if escaped else name.partition(".")[2] or "."
                if encloser == ".":
                    continue
                above = "*." + encloser
                found = nodes.get(escaped_key(above) if escaped and "\\" in above else above)
                if found is not None:
                    wild, wild_name = found, found.name
                elif rules.closest_encloser and self._has_below(above):
                    wild, wild_name = None, above
                continue
            types = node.types
            if DNAME in types:
                substituted = self._substitute(query, node, resolve)
                if substituted is not None:
                    return substituted
            if NS in types:
                delegation = self._delegation(node, qname, qtype, do)
                if delegation is not None:
                    return delegation

        if node is not None:
            return self._exact(query, node, resolve)
        if wild_name and not (rules.closest_encloser and self._closer_exists(qname, wild_name)):
            return self._wildcard(query, wild, wild_name, resolve)
        return self._denial(qname, qtype, do)

    def _exact(self, query: Query, node: Node, resolve: Resolve) -> Found:
        qname, qtype, do = query.name, query.type, query.do
        if qtype != CNAME and CNAME in node.types:
            return self._alias(query, node, node.types[CNAME], resolve)
        found = node.type(qtype)
        if not found:
            ret = self.apex_soa(do)
            if do:
                ret = ret + node.signed(NSEC, do)
            return Found([], ret, [], NO_DATA, NO_RECORDS(qname, self.origin))
        if self.rules.drops_duplicates:  # up to 1.5.2 the records were copied under the name that was asked for
            found = [rr.with_name(qname) for rr in found]
        extra = self._additional(found, do)
        if do:
            found = found + node.signatures(qtype)
        return Found(found, self.apex_ns(do), extra, SUCCESS, FOUND(self.origin, qname))

    def _wildcard(self, query: Query, node: Node | None, name: str, resolve: Resolve) -> Found:
        rules, qname, qtype, do = self.rules, query.name, query.type, query.do
        if node is None:
            return Found([], self.apex_soa(do), [], NO_DATA, WILDCARD_EMPTY(name, qname))
        if rules.tells_wildcard and query.ctx.metadata is not None:
            query.ctx.metadata["zone/wildcard"] = lambda: node.name
        aliases = node.type(CNAME)
        if aliases and (qtype != CNAME or not rules.cname_of_dname):
            return self._alias(query, node, [rr.with_name(qname) for rr in aliases], resolve)
        found = [rr.with_name(qname) for rr in node.type(qtype)]
        if not found:
            ret = self.apex_soa(do)
            if do:
                ret = ret + node.signed(NSEC, do)
            result = NO_DATA if rules.wildcard_no_data else SUCCESS
            return Found([], ret, [], result, WILDCARD_NO_RECORDS(name, qname))
        extra = self._additional(found, do) if rules.wildcard_additional else []
        servers = self.apex_ns(do)
        if do:
            before = self._at_or_before(order(qname))
            if before is not None:
                servers = servers + before.signed(NSEC, do)
            found += [rr.with_name(qname) for rr in node.signatures(qtype)]
        return Found(found, servers, extra, SUCCESS, WILDCARD(name, qname))

    def _closer_exists(self, qname: str, wildcard: str) -> bool:
        """Whether a name between the wildcard's parent and `qname` exists only because of names below it."""
        above = wildcard[2:]  # in the owner's own case, which SRV records keep: then `above` itself is closer
        start = next_label(qname, 0)
        while start >= 0:
            name = qname[start:]
            if name == above or not is_subdomain(above.lower(), name):
                return False
            if self._has_below(name):
                return True
            start = next_label(qname, start)
        return False

    def _denial(self, qname: str, qtype: int, do: bool) -> Found:
        empty = self._has_below(qname, strictly=self.rules.strict_descendant)
        why = EMPTY_NAME(self.origin, qname) if empty else self._no_name(qname)
        ret = self.apex_soa(do)
        before = self._at_or_before(order(qname)) if do else None
        if before is not None:
            ret = ret + before.signed(NSEC, do)
            closest = None if empty else self._closest_encloser(qname)
            if closest is not None:
                key = (".", "*.") if closest.name == "." else self._order_key("*." + closest.name)
                other = self._at_or_before(key)
                if other is not None and other.name != before.name:
                    ret = ret + other.signed(NSEC, do)
        return Found([], ret, [], SUCCESS if empty else NAME_ERROR, why)

    def _no_name(self, qname: str) -> Why:
        """Why there is nothing: which of the names above has hidden a wildcard, where there is one."""
        above = self._downwards(qname)[:-1] if self.wildcards else [self.origin]
        while len(above) > 1:
            name = above.pop()
            if self.search(name) is not None:
                return self._hidden(qname, name, above, WILDCARD_HIDDEN)
            if self.rules.closest_encloser and self._has_below(name):
                return self._hidden(qname, name, above, WILDCARD_HIDDEN_BY_EMPTY)
        return NO_NAME(self.origin, qname)

    def _hidden(self, qname: str, by: str, above: list[str], reason: Reason) -> Why:
        """Which wildcard a name hides from `qname`: that of the nearest of the names above it that has one."""
        for name in reversed(above):
            wildcard = self.search("*." + name)
            if wildcard is not None:
                return reason(self.origin, qname, by, wildcard.name)
        return NO_NAME(self.origin, qname)

    def _closest_encloser(self, qname: str) -> Node | None:
        offset = next_label(qname, 0)
        while offset >= 0:
            node = self.search(qname)
            if node is not None:
                return node
            qname = qname[offset:]
            offset = next_label(qname, offset if self.rules.skips_labels else 0)
        return self.search(self.origin)
