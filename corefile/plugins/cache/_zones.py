"""Records that are not the reply's alone, in the releases whose cache writes its TTLs into the very records that the
plugin behind answered with.

Those of a zone that stays loaded (`file` and its kind) are the zone's own: every later answer with them has the new
TTL, such as the zone's NS records that stand in the authority section of each answer. Signatures that `dnssec` keeps
are like them.
"""

from __future__ import annotations

from typing import Any

from ...plugin import RR
from .._places import Place
from ._store import Held, Keep, Sections


class SharedRecords:
    """The records that the plugins behind a cache keep."""

    __slots__ = ("_plugins",)

    def __init__(self, plugins: list[Any]) -> None:
        """`plugins` have a method `place_of`."""
        self._plugins = plugins

    def place_of(self, rr: RR) -> Place | None:
        """Where a record stands that a plugin keeps."""
        for plugin in self._plugins:
            place: Place | None = plugin.place_of(rr)
            if place is not None:
                return place
        return None

    def held(self, sections: Sections) -> Held:
        """The places of a message's records."""
        a, n, e = (tuple(map(self.place_of, rrs)) for rrs in sections)
        return a, n, e

    def write(self, sections: Sections, ttl: int, keep: Keep = list) -> None:
        """Write a TTL into those records that a plugin keeps, of what `keep` leaves."""
        for rrs in sections:
            for rr in keep(rrs):
                place = self.place_of(rr)
                if place is not None and rr[3] != ttl:
                    place.put(rr.with_ttl(ttl))


__all__ = ["SharedRecords"]
