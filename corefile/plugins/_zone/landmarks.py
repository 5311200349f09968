"""What a look-up in zones tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile

from ...dns.codes import AXFR, CNAME, DS, IXFR, NS, SOA, type_name
from ...dns.names import is_subdomain, suffixes
from ...plugin import Below, Flag, Landmark
from .data import Data


def zone_landmarks(zones: Iterable[Data]) -> Iterator[Landmark]:
    """All names, those without records included, below which there may be wildcards, cuts and DNAME records; types that
    are looked up otherwise."""
    types = {SOA, NS, CNAME, DS, AXFR, IXFR}
    for zone in zones:
        for node in zone.nodes.values():
            name = node.name.lower()
            types.update(node.types)
            yield from map(Below, takewhile(partial(is_subdomain, zone.origin), suffixes(name)))
    yield from (Flag(f"type {type_name(number)}") for number in sorted(types))
    yield Flag("do")


__all__ = ["zone_landmarks"]
