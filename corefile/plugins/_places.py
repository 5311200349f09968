"""Records that a plugin keeps and answers with, where all answers share the very same ones.

In old releases plugins before it change such records in place: `rewrite` until 1.8.1 whatever it changes, `cache` until
1.12.2 TTLs. Whoever holds one sees it changed from then on: the plugin that keeps it, and what a cache has stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..plugin import RR

SHARES = "place_of"
"""The method of plugins that answer with records that they keep: the `Place` of a record, None where it is none of these."""


class Place:
    """Where a record stands. rr: the record by now."""

    __slots__ = ("_at", "_holder", "_places", "rr")

    def __init__(self, places: Places, rr: RR, holder: Any, at: int | str) -> None:
        """`holder` is what has the record: at an index, or as an attribute."""
        self._places = places
        self._holder = holder
        self._at = at
        self.rr = rr

    def put(self, rr: RR) -> None:
        """Put another record there."""
        self._places.moved(self, rr)
        self.rr = rr
        if isinstance(self._at, str):
            setattr(self._holder, self._at, rr)
        else:
            self._holder[self._at] = rr


class Places:
    """The places of records, found by which record stands there, not by what it is like."""

    __slots__ = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[int, Place] = {}  # a place holds its record, so that no other object gets its id

    def add(self, rr: RR, holder: Any, at: int | str) -> None:
        """A record and what has it."""
        self._by_id[id(rr)] = Place(self, rr, holder, at)

    def add_list(self, rrs: list[RR]) -> None:
        """All records of a list."""
        for at, rr in enumerate(rrs):
            self.add(rr, rrs, at)

    def drop(self, rrs: Iterable[RR]) -> None:
        """Records that are kept no longer."""
        for rr in rrs:
            self._by_id.pop(id(rr), None)

    def of(self, rr: RR) -> Place | None:
        """The place of a record."""
        return self._by_id.get(id(rr))

    def moved(self, place: Place, rr: RR) -> None:
        """Another record is about to stand at a place."""
        self._by_id.pop(id(place.rr), None)
        self._by_id[id(rr)] = place


__all__ = ["SHARES", "Place", "Places"]
