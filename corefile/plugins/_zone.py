"""Zone data and the look-up in it, for the plugins that are authoritative for zones.

Source: plugin/file (lookup.go, zone.go, dname.go, closest.go, reload.go and tree) of each release. The order of names
is that of its tree: label by label from the right, where a label ends in its dot, so that `a-b` comes before `a`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..chain.message import (
    AAAA,
    CNAME,
    DNAME,
    DS,
    HTTPS,
    MX,
    NS,
    NSEC,
    NSEC3,
    NXDOMAIN,
    RR,
    RRSIG,
    SERVFAIL,
    SOA,
    SRV,
    SVCB,
    A,
    Msg,
)
from ..chain.names import count_labels, is_subdomain, labels, next_label
from ..chain.query import Why
from ..chain.rdata.presentation import normal_name
from ..chain.zonefile import ZoneError, parse, quote
from ._upstream import Failed

if TYPE_CHECKING:
    from ..chain.query import Query
    from ..releases import Release

NSEC3PARAM = 51
SUCCESS, NAME_ERROR, DELEGATION, NO_DATA, SERVER_FAILURE = range(5)
"""How a look-up ends. SUCCESS without an answer is an empty non-terminal (and, up to 1.9.1, a wildcard's NODATA)."""

MAX_CHAIN = 8
"""How many CNAME records are followed within the zone, and how many look-ups may lead to each other."""

Resolve = Callable[[str, int], "Msg | None"]
"""Asks for a name and type beyond the zone (see `_upstream`). Raises Failed."""


class LoadError(ValueError):
    """A zone that CoreDNS does not load; the text is CoreDNS's. `where` is the parser's error, if it was one."""

    def __init__(self, text: str, where: ZoneError | None = None) -> None:
        super().__init__(text)
        self.where = where


class SameSerial(LoadError):
    """The zone has the serial that is loaded already."""


class Rules:
    """What differs between the releases."""

    def __init__(self, release: Release) -> None:
        r = release
        # -- reading
        self.drops_duplicates = r < "1.6.0"  # of A, AAAA and MX
        self.one_spelling = r >= "1.14.4"  # whatever the escapes in a name; before, as they were written
        self.keeps_srv_case = r >= "1.12.3"
        # Types whose data keeps its case.
        self.keeps_case = {SRV} if self.keeps_srv_case else set()
        if r < "1.14.3":
            self.keeps_case |= {SVCB, HTTPS}
        self.folds = r >= "1.12.3"  # names are looked up whatever their case
        self.reports_errors = r < "1.2.5" or r >= "1.11.4"  # between them, an error ended the zone silently
        self.names_file_in_errors = r >= "1.11.4"
        self.error_before_soa = r >= "1.14.0" or r < "1.2.5"
        self.soa_needs_serial = r < "1.6.0"
        self.names_origin_in_errors = r >= "1.6.0"
        self.serial_behind = r >= "1.6.2"
        # -- looking up
        self.soa_everywhere = r < "1.7.0"  # any name's SOA is the apex's
        self.ns_at_cut = r < "1.0.1"  # NS at a cut is an answer, and DS is not
        self.counts_loops = r >= "1.8.1"
        self.passes_rcode = r >= "1.8.1"  # that of an alias's target
        self.cname_of_dname = r >= "1.8.5"  # a CNAME that was asked for is not followed
        self.failure_of_target = r >= "1.8.5"
        self.wildcard_no_data = r >= "1.9.2"
        self.tells_wildcard = r >= "1.9.4"
        self.external_anywhere = r >= "1.1.4"  # targets in the zone that it lacks are asked for, too
        self.asks_for_apex = r >= "1.14.2"
        self.svcb_additional = r >= "1.14.3"
        self.wildcard_additional = r >= "1.14.5"
        self.soa_of_denied_target = r >= "1.14.5"
        self.closest_encloser = r >= "1.14.7"  # RFC 4592 §3.3.1; others take any wildcard above the name
        self.refuses_same_dname = r >= "1.14.7"
        self.delegates_targets = r >= "1.14.7"
        self.alias_additional = r >= "1.14.7"
        self.target_once = r >= "1.14.7"
        self.strict_descendant = r >= "1.14.7"
        self.skips_labels = r < "1.12.4"  # in the search for the closest encloser


_rules: dict[str, Rules] = {}


def rules_of(release: Release) -> Rules:
    """The rules of one release."""
    found = _rules.get(release.version)
    if found is None:
        found = _rules[release.version] = Rules(release)
    return found


class Found(NamedTuple):
    """What a look-up came to: the three sections, one of the constants above, and why."""

    answer: list[RR]
    ns: list[RR]
    extra: list[RR]
    result: int
    why: Why


class Node:
    """The records of one name, by type."""

    __slots__ = ("name", "types")

    def __init__(self, name: str) -> None:
        self.name = name
        self.types: dict[int, list[RR]] = {}

    def type(self, type: int) -> list[RR]:
        """The records of a type."""
        return self.types.get(type, _NONE)

    def signatures(self, covered: int) -> list[RR]:
        """The RRSIG records that cover a type."""
        return [rr for rr in self.types.get(RRSIG, _NONE) if rr[4] and rr[4][0] == covered]

    def signed(self, type: int, do: bool) -> list[RR]:
        """The records of a type, with their signatures if DNSSEC is asked for."""
        found = self.types.get(type, _NONE)
        return found + self.signatures(type) if do else found


_NONE: list[RR] = []


def _undecimal(label: str) -> str:
    """A label as the tree compares it: the first octets of `\\DDD` put right, and the last ones left over behind."""
    octets, size, i = list(label), len(label), 0
    while i < size:
        if octets[i] == "\\" and i + 3 < size and all("0" <= x <= "9" for x in octets[i + 1 : i + 4]):
            octets[i] = chr(int("".join(octets[i + 1 : i + 4])) & 255)
            for j in range(i + 1, size - 3):
                octets[j] = octets[j + 3]
            size -= 3
        i += 1
    return "".join(octets)


def order(name: str) -> tuple[str, ...]:
    """The key by which names are sorted."""
    if name == ".":
        return (".",)
    parts = [x + "." for x in labels(name)]
    if "\\" in name:
        parts = [_undecimal(x) for x in parts]
    return tuple(reversed(parts))


@cache
def _escaped_key(name: str) -> str:
    return "\0".join(reversed(order(name)))


def _target(rr: RR, field: int = 0) -> str:
    """The name in a record's data, '' where a record without data has none."""
    return rr[4][field] if len(rr[4]) > field else ""


class Zone:
    """The records of one zone. `soa` is None while there are none."""

    def __init__(self, origin: str, release: Release) -> None:
        self.origin = origin
        self.rules = rules_of(release)
        self.soa: RR | None = None
        self.ns: list[RR] = []
        self.soa_signatures: list[RR] = []
        self.ns_signatures: list[RR] = []
        self.nodes: dict[str, Node] = {}
        self._sorted: tuple[list[tuple[str, ...]], list[Node]] | None = None

    # -- data -------------------------------------------------------------------------------------------------------

    def insert(self, rr: RR) -> None:
        """Add a record. Raises LoadError for one that CoreDNS does not take."""
        rules, (name, type, cls, ttl, data) = self.rules, rr
        if type != SRV or not rules.keeps_srv_case:
            name = (normal_name(name) if "\\" in name and rules.one_spelling else name).lower()
        if type in _LOWERED and type not in rules.keeps_case:
            data = tuple(x.lower() if i in _LOWERED[type] else x for i, x in enumerate(data))
        rr = RR(name, type, cls, ttl, data)
        if type == SOA:
            self.soa = rr
            return
        if type == NS and name == self.origin:
            self.ns.append(rr)
            return
        if type in (NSEC3, NSEC3PARAM):
            raise LoadError(f"NSEC3 zone is not supported, dropping RR: {name} for zone: {self.origin}")
        if type == RRSIG and data:
            if data[0] == SOA:
                self.soa_signatures.append(rr)
                return
            if data[0] == NS and name == self.origin:
                self.ns_signatures.append(rr)
                return
        key = self._key(name)
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = Node(name)
            self._sorted = None
        present = node.types.setdefault(type, [])
        if rules.drops_duplicates and type in (A, AAAA, MX) and any(x[4] == data for x in present):
            return
        present.append(rr)

    def records(self) -> list[RR]:
        """All of them, the SOA first, in the order of a transfer."""
        out = [] if self.soa is None else [self.soa]
        out += [*self.soa_signatures, *self.ns, *self.ns_signatures]
        for node in self._order()[1]:
            for rrs in node.types.values():
                out += rrs
        return out

    def _key(self, name: str) -> str:
        if self.rules.folds and not name.islower():
            name = name.lower()
        return _escaped_key(name) if "\\" in name else name

    def search(self, name: str) -> Node | None:
        """The node of a name, which need not be lower case."""
        return self.nodes.get(self._key(name))

    def _order(self) -> tuple[list[tuple[str, ...]], list[Node]]:
        if self._sorted is None:
            pairs = sorted(((self._order_key(n.name), n) for n in self.nodes.values()), key=lambda pair: pair[0])
            self._sorted = [k for k, _ in pairs], [n for _, n in pairs]
        return self._sorted

    def _order_key(self, name: str) -> tuple[str, ...]:
        return order(name.lower() if self.rules.folds else name)

    def _at_or_before(self, key: tuple[str, ...]) -> Node | None:
        keys, nodes = self._order()
        i = bisect_right(keys, key)
        return nodes[i - 1] if i else None

    def _has_below(self, name: str, *, strictly: bool = True) -> bool:
        keys, nodes = self._order()
        key = self._order_key(name)
        i = bisect_left(keys, key)
        if i == len(keys) or (strictly and keys[i] == key):
            return False
        return is_subdomain(name.lower(), nodes[i].name.lower())

    # -- look-up ------------------------------------------------------------------------------------------------------

    def lookup(self, query: Query, resolve: Resolve) -> Found:
        """The answer to a question for a name in the zone."""
        rules, qname, qtype, do = self.rules, query.name, query.type, query.do
        if self.soa is None:
            return _failure(("zone {} is not loaded", self.origin))
        apex = qname == self.origin
        if qtype == SOA and (apex or rules.soa_everywhere):
            return Found(self.apex_soa(do), self.apex_ns(do), [], SUCCESS, ("the SOA record of zone {}", self.origin))
        if qtype == NS and apex:
            servers = self.apex_ns(do)
            return Found(servers, [], self._glue(servers, do), SUCCESS, ("the name servers of zone {}", self.origin))
        ctx = query.ctx
        if rules.counts_loops and ctx.loop > MAX_CHAIN:
            return _failure("too many aliases lead to each other")

        nodes = self.nodes
        node: Node | None = None
        wild: Node | None = None
        wild_name = ""
        for name in self._downwards(qname):
            node = nodes.get(name if "\\" not in name else _escaped_key(name))
            if node is None:
                start = next_label(name, 0)
                if start < 0:
                    continue
                above = "*." + name[start:]
                found = nodes.get(above if "\\" not in above else _escaped_key(above))
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

    def _downwards(self, qname: str) -> list[str]:
        """The origin and all names between it and `qname`, which is the last one."""
        out = []
        size = len(self.origin) if self.origin != "." else 0
        offset = 0
        while offset >= 0 and len(qname) - offset > size:
            if qname[offset:] == ".":
                break
            out.append(qname[offset:])
            offset = next_label(qname, offset)
        out.append(self.origin)
        out.reverse()
        return out

    def _exact(self, query: Query, node: Node, resolve: Resolve) -> Found:
        qname, qtype, do = query.name, query.type, query.do
        if qtype != CNAME and CNAME in node.types:
            return self._alias(query, node, node.types[CNAME], resolve)
        found = node.type(qtype)
        if not found:
            ret = self.apex_soa(do)
            if do:
                ret = ret + node.signed(NSEC, do)
            return Found([], ret, [], NO_DATA, ("{} has no records of this type in zone {}", qname, self.origin))
        if self.rules.drops_duplicates:  # up to 1.5.2 the records were copied under the name that was asked for
            found = [rr.with_name(qname) for rr in found]
        extra = self._additional(found, do)
        if do:
            found = found + node.signatures(qtype)
        return Found(found, self.apex_ns(do), extra, SUCCESS, ("zone {} has the records of {}", self.origin, qname))

    def _wildcard(self, query: Query, node: Node | None, name: str, resolve: Resolve) -> Found:
        rules, qname, qtype, do = self.rules, query.name, query.type, query.do
        if node is None:
            return Found(
                [],
                self.apex_soa(do),
                [],
                NO_DATA,
                ("{} has no records itself, but names below it do: nothing for {}", name, qname),
            )
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
            return Found(
                [],
                ret,
                [],
                NO_DATA if rules.wildcard_no_data else SUCCESS,
                ("{} stands for {}, but has no records of this type", name, qname),
            )
        extra = self._additional(found, do) if rules.wildcard_additional else []
        servers = self.apex_ns(do)
        if do:
            before = self._at_or_before(order(qname))
            if before is not None:
                servers = servers + before.signed(NSEC, do)
            found += [rr.with_name(qname) for rr in node.signatures(qtype)]
        return Found(found, servers, extra, SUCCESS, ("{} stands for {}", name, qname))

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
        why = ("zone {} has no name {}", self.origin, qname)
        if empty:
            why = ("{1} has no records itself, but names below it do (zone {0})", self.origin, qname)
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

    def _closest_encloser(self, qname: str) -> Node | None:
        offset = next_label(qname, 0)
        while offset >= 0:
            node = self.search(qname)
            if node is not None:
                return node
            qname = qname[offset:]
            offset = next_label(qname, offset if self.rules.skips_labels else 0)
        return self.search(self.origin)

    # -- referrals and aliases ----------------------------------------------------------------------------------------

    def _delegation(self, node: Node, qname: str, qtype: int, do: bool) -> Found | None:
        """The referral at a cut; None for the DS records there, which are the zone's own."""
        servers = node.types[NS]
        if qtype == NS and self.rules.ns_at_cut:
            return Found(servers, [], self._glue(servers, do), SUCCESS, ("the name servers of {}", node.name))
        if qtype == DS and node.name == qname and not self.rules.ns_at_cut:
            return None
        glue = self._glue(servers, do)
        if do:
            servers = servers + node.signed(DS, do)
        return Found([], servers, glue, DELEGATION, ("zone {} delegates {}", self.origin, node.name))

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
        target = ".".join([*kept, *labels(_target(dname))]) + "."
        if rules.refuses_same_dname and target.lower() == qname:
            return _failure(("the DNAME record of {} leads {} to itself", dname[0], qname))
        alias = [RR(qname, CNAME, 1, dname[3], (target,))]
        if query.type == CNAME and rules.cname_of_dname:
            found = Found(alias, self.apex_ns(do), [], SUCCESS, ("by the DNAME record of {}", dname[0]))
        else:
            found = self._alias(query, node, alias, resolve)
        answer = node.signed(DNAME, do) + found.answer
        return found._replace(answer=answer)

    def _alias(self, query: Query, node: Node, aliases: list[RR], resolve: Resolve) -> Found:
        """Follow CNAME records: within the zone, and beyond it through the server."""
        qtype, do = query.type, query.do
        rrs = aliases + node.signatures(CNAME) if do else list(aliases)
        first = target = _target(aliases[0])
        there = self._arrive(query, rrs, target, resolve)
        followed = 0
        while not isinstance(there, Found) and CNAME in there.types:
            rrs += there.signed(CNAME, do)
            target = _target(there.types[CNAME][0])
            there = self._arrive(query, rrs, target, resolve)
            followed += 1
            if followed > MAX_CHAIN and not isinstance(there, Found):
                return Found(
                    rrs,
                    self.apex_ns(do),
                    self._alias_additional(rrs, do),
                    SUCCESS,
                    ("more than {} aliases in a row", MAX_CHAIN),
                )
        if isinstance(there, Found):
            return there
        if qtype in there.types:
            rrs += there.signed(qtype, do)
        return Found(
            rrs,
            self.apex_ns(do),
            self._alias_additional(rrs, do),
            SUCCESS,
            ("an alias of {}, which is in zone {} as well", first, self.origin),
        )

    def _arrive(self, query: Query, rrs: list[RR], target: str, resolve: Resolve) -> Node | Found:
        """The node of an alias's target, or the end of the look-up where it is delegated or not in the zone."""
        rules, qtype = self.rules, query.type
        if rules.delegates_targets:
            cut = self._cut_above(query, target)
            if cut is not None:
                why = ("an alias of {}, which zone {} delegates", target, self.origin)
                return cut._replace(answer=rrs, why=why)
        node = self.search(target)
        if node is None or (rules.asks_for_apex and (qtype == NS or (qtype == SOA and target == self.origin))):
            return self._beyond(query, rrs, target, resolve)
        return node

    def _beyond(self, query: Query, rrs: list[RR], target: str, resolve: Resolve) -> Found:
        rules, do, ctx = self.rules, query.do, query.ctx
        result, reply = SUCCESS, None
        if rules.external_anywhere or not is_subdomain(self.origin, target.lower()):
            loop = ctx.loop
            ctx.loop = loop + 1
            try:
                reply = resolve(target, query.type)
            except Failed:
                result = SERVER_FAILURE if rules.failure_of_target else SUCCESS
            finally:
                ctx.loop = loop
        if reply is not None:
            rrs = rrs + reply.answer
            if rules.passes_rcode:
                if reply.rcode == NXDOMAIN:
                    result = NAME_ERROR
                elif reply.rcode == SERVFAIL:
                    result = SERVER_FAILURE
                elif not reply.rcode and not reply.answer:
                    result = NO_DATA
        denied = rules.soa_of_denied_target and result in (NAME_ERROR, NO_DATA)
        return Found(
            rrs,
            self.apex_soa(do) if denied else self.apex_ns(do),
            self._alias_additional(rrs, do),
            result,
            ("an alias of {}, for which the server is asked again", target),
        )

    # -- what goes with an answer -------------------------------------------------------------------------------------

    def apex_soa(self, do: bool) -> list[RR]:
        """The SOA record, with its signatures if DNSSEC is asked for."""
        assert self.soa is not None
        return [self.soa, *self.soa_signatures] if do else [self.soa]

    def apex_ns(self, do: bool) -> list[RR]:
        """The zone's NS records, with their signatures if DNSSEC is asked for."""
        return self.ns + self.ns_signatures if do else self.ns

    def _glue(self, servers: list[RR], do: bool) -> list[RR]:
        out: list[RR] = []
        for rr in servers:
            if rr[1] == NS and is_subdomain(rr[0], _target(rr).lower()):
                out += self._addresses(_target(rr), do)
        return out

    def _addresses(self, name: str, do: bool) -> list[RR]:
        node = self.search(name)
        return [] if node is None else node.signed(A, do) + node.signed(AAAA, do)

    def _alias_additional(self, answer: list[RR], do: bool) -> list[RR]:
        return self._additional(answer, do) if self.rules.alias_additional else []

    def _additional(self, answer: list[RR], do: bool) -> list[RR]:
        """The addresses of names in the zone that the answer's records lead to."""
        rules = self.rules
        out: list[RR] = []
        seen: set[str] = set()
        for rr in answer:
            type = rr[1]
            if type not in _LEADS or (type in (SVCB, HTTPS) and not rules.svcb_additional):
                continue
            name = _target(rr, _LEADS[type])
            if not name or not is_subdomain(self.origin, name.lower()):
                continue
            if rules.target_once:
                if name.lower() in seen:
                    continue
                seen.add(name.lower())
            node = self.search(name)
            if node is not None:
                for address in (A, AAAA):
                    if address in node.types:
                        out += node.signed(address, do)
        return out


_LOWERED = {NS: (0,), SOA: (0, 1), CNAME: (0,), MX: (1,), SRV: (3,), SVCB: (1,), HTTPS: (1,)}
"""The fields of a type's data that are lowered as the zone is read."""
_LEADS = {SRV: 3, MX: 1, SVCB: 1, HTTPS: 1}
"""The fields that hold a name whose addresses are additional."""


def _failure(why: Why) -> Found:
    return Found([], [], [], SERVER_FAILURE, why)


def load(
    text: bytes | None,
    origin: str,
    path: str,
    serial: int,
    release: Release,
    include: Callable[[str], bytes | None],
) -> Zone:
    """The zone in a master file. `text` is None for a directory, which can be opened but not read. `serial` is that of
    the zone as it is loaded; -1 where there is none.

    Raises LoadError with CoreDNS's words, SameSerial where the file has `serial` already.
    """
    rules = rules_of(release)
    zone = Zone(origin, release)
    seen = False
    error: ZoneError | None = None

    def included(path: str) -> str | None:
        found = include(path)
        return None if found is None else found.decode("utf-8", "surrogateescape")

    if text is None and rules.error_before_soa and rules.names_file_in_errors:
        raise LoadError(
            f"failed to parse file {quote(path)} for origin {origin} with error read {path}: is a directory"
        )
    try:
        for rr in parse(
            (text or b"").decode("utf-8", "surrogateescape"),
            origin,
            path=path,
            include=included,
            release=release,
            spelled=True,
        ):
            if not seen and rr[1] == SOA and (serial >= 0 or not rules.soa_needs_serial):
                seen = True
                if serial >= 0 and len(rr[4]) > 2 and rr[4][2] == serial:
                    said = f"with {serial} SOA serial" if rules.serial_behind else f"with serial {serial}"
                    raise SameSerial(f"no change in SOA serial for origin {origin} in file {path}, {said}")
            zone.insert(rr)
    except ZoneError as e:
        error = e
    if error is not None and rules.error_before_soa:
        raise _parse_error(error, origin, path, rules)
    if not seen:
        suffix = f" for origin {origin}" if rules.names_origin_in_errors else ""
        raise LoadError(f"file {quote(path)} has no SOA record{suffix}", error)
    if error is not None and rules.reports_errors:
        raise _parse_error(error, origin, path, rules)
    return zone


def _parse_error(error: ZoneError, origin: str, path: str, rules: Rules) -> LoadError:
    if rules.names_file_in_errors:
        return LoadError(f"failed to parse file {quote(path)} for origin {origin} with error {error}", error)
    return LoadError(str(error), error)
