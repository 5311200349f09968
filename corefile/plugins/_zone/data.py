"""The records of a zone by name and type."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING, Any

from ...dns.codes import AAAA, CNAME, DNAME, HTTPS, MX, NS, NSEC3, RRSIG, SOA, SRV, SVCB, A
from ...dns.errors import WireError
from ...dns.escapes import normal_name
from ...dns.names import is_subdomain
from ...dns.rdata.codec import SPECS
from ...dns.rdata.kinds import Bare, Bitmap, Generic, Salt
from ...dns.rr import RR
from .._places import Place, Places
from .order import escaped_key, order
from .rules import ZoneRules

if TYPE_CHECKING:
    from ...dns.zonefile import ZoneError
    from ...releases import Release

NSEC3PARAM = 51
_FALLIBLE = (Bare, Bitmap, Generic, Salt)
_LOWERED = {NS: (0,), SOA: (0, 1), CNAME: (0,), MX: (1,), SRV: (3,), SVCB: (1,), HTTPS: (1,)}
"""The fields of a type's data that are lowered as the zone is read."""


@cache
def fallible() -> frozenset[int]:
    """The types that are loaded from text which cannot be sent: invalid base64 or hexadecimal, types in disorder."""
    return frozenset(number for number, spec in SPECS.items() if any(isinstance(k, _FALLIBLE) for k in spec.kinds))


class LoadError(ValueError):
    """A zone that CoreDNS does not load; the text is CoreDNS's. `where` is the parser's error, if it was one."""

    def __init__(self, text: str, where: ZoneError | None = None) -> None:
        super().__init__(text)
        self.where = where


class NotServed(LoadError):
    """A zone that is signed with NSEC3."""


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


def _one_spelling(name: str) -> str:
    """A name in the one spelling of its escapes; one that has no wire form stays as it is."""
    try:
        return normal_name(name)
    except WireError:
        return name


class Data:
    """The records of one zone. `soa` is None while there are none, and `missing` then says why, in words."""

    def __init__(self, origin: str, release: Release) -> None:
        self.origin = origin
        self.rules = ZoneRules.of(release)
        self.top = origin.lower() if self.rules.folds else origin  # where a look-up begins
        self.soa: RR | None = None
        self.ns: list[RR] = []
        self.soa_signatures: list[RR] = []
        self.ns_signatures: list[RR] = []
        self.nodes: dict[str, Node] = {}
        self.missing = "nothing has been read yet"
        self.cut: ZoneError | None = None  # the mistake at which its file ends for CoreDNS, which says nothing of it
        self.wildcards = False
        self.has_dname = False
        self._kept: set[tuple[str, int, tuple[Any, ...]]] = set()
        self._sorted: tuple[list[tuple[str, ...]], list[Node]] | None = None
        self._places: Places | None = None

    def insert(self, rr: RR) -> None:
        """Add a record. Raises LoadError for one that CoreDNS does not take."""
        rules, (name, type, cls, ttl, data) = self.rules, rr
        is_escaped = "\\" in name
        if type != SRV or not rules.keeps_srv_case:
            name = (_one_spelling(name) if is_escaped and rules.one_spelling else name).lower()
        if type in _LOWERED and type not in rules.keeps_case:
            lowered = _LOWERED[type]
            data = tuple([x.lower() if i in lowered else x for i, x in enumerate(data)])
            rr = RR(name, type, cls, ttl, data)
        elif name != rr[0]:
            rr = RR(name, type, cls, ttl, data)
        if type == SOA:
            self.soa = rr
            return
        if type == NS and name == self.origin:
            self.ns.append(rr)
            return
        if type in (NSEC3, NSEC3PARAM):
            raise NotServed(f"NSEC3 zone is not supported, dropping RR: {name} for zone: {self.origin}")
        if type == RRSIG and data:
            if data[0] == SOA:
                self.soa_signatures.append(rr)
                return
            if data[0] == NS and name == self.origin:
                self.ns_signatures.append(rr)
                return
        if type == DNAME:
            self.has_dname = True
        self._places = None
        key = self._key(name) if is_escaped or not name.islower() else name
        if rules.drops_duplicates and type in (A, AAAA, MX):
            if (key, type, data) in self._kept:
                return
            self._kept.add((key, type, data))
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = Node(name)
            node.types[type] = [rr]
            if name[:2] == "*.":
                self.wildcards = True
            self._sorted = None
            return
        present = node.types.setdefault(type, [])
        present.append(rr)

    def in_order(self) -> list[Node]:
        """The names with records, in the order of the tree: a name stands before those below it."""
        return self._order()[1]

    def records(self) -> list[RR]:
        """All of them, the SOA first, in the order of a transfer."""
        out = [] if self.soa is None else [self.soa]
        out += [*self.soa_signatures, *self.ns, *self.ns_signatures]
        for node in self._order()[1]:
            for rrs in node.types.values():
                out += rrs
        return out

    def place_of(self, rr: RR) -> Place | None:
        """Where one of the zone's own records stands. What is put there is found by the name that it had before."""
        places = self._places
        if places is None:
            places = self._places = Places()
            for rrs in (self.ns, self.soa_signatures, self.ns_signatures):
                places.add_list(rrs)
            for node in self.nodes.values():
                for rrs in node.types.values():
                    places.add_list(rrs)
            if self.soa is not None:
                places.add(self.soa, self, "soa")
        return places.of(rr)

    def _key(self, name: str) -> str:
        if self.rules.folds and not name.islower():
            name = name.lower()
        return escaped_key(name) if "\\" in name else name

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
