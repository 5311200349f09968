"""What a look-up in zones tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile

from ...dns.codes import CNAME, DNAME, DS, NS, NSEC, RRSIG, SOA, type_name
from ...dns.names import is_subdomain, suffixes
from ...plugin import Below, Flag, Landmark
from .data import Data


def zone_landmarks(zones: Iterable[Data]) -> Iterator[Landmark]:
    """All names, those without records included, below which there may be wildcards, cuts and DNAME records; types that there
    are, or that are looked up otherwise; and whether signatures and what is signed are wanted, where there are any."""
    types: set[int] = set()
    signed = False
    for zone in zones:
        types |= {SOA, NS}  # an apex without such records answers otherwise than another name
        signed |= bool(zone.soa_signatures or zone.ns_signatures)
        for node in zone.nodes.values():
            name = node.name.lower()
            types.update(node.types)
            yield from map(Below, takewhile(partial(is_subdomain, zone.origin), suffixes(name)))
    if signed or not types.isdisjoint((DS, NSEC, RRSIG)):
        yield Flag("do")
    if DNAME in types:  # of which aliases are made
        types.add(CNAME)
    yield from (Flag(f"type {type_name(number)}") for number in sorted(types | {DS}))


__all__ = ["zone_landmarks"]
