"""Records that are not the reply's alone, in the releases whose cache writes its TTLs into the very records that the plugin
behind answered with.

Those of a zone that stays loaded (`file` and its kind) are the zone's own: every later answer with them has the new TTL,
such as the zone's NS records that stand in the authority section of each answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...plugin import RR, Msg, Reason, Result
from ._store import Item, Keep

LASTING = "lasting_records"
"""The method of plugins that answer with records that they keep: these, by what holds them."""


SHARED = Reason("shares-records", "{} is in none of its zones, but it has written TTLs into the zone behind")


class ZoneRecords:
    """What has become of the records of the zones behind a cache."""

    __slots__ = ("_holders", "_kept", "_now", "_own", "_plugins")

    def __init__(self, plugins: list[Any], kept: Callable[[], Iterable[Item]]) -> None:
        """`kept` gives what the cache keeps."""
        self._plugins = plugins
        self._kept = kept
        self._holders: list[Any] = []  # they are held so that no other object gets the id of one of their records
        self._own: set[int] = set()
        self._now: dict[int, RR] = {}

    def as_it_is(self, reply: Msg) -> Msg:
        """The reply with the TTLs that its records have by now."""
        if not self._now:
            return reply
        now = reply.copy()
        now.answer, now.ns, now.extra = (
            [self._now.get(id(rr), rr) for rr in rrs] for rrs in (reply.answer, reply.ns, reply.extra)
        )
        return now

    @property
    def changed(self) -> bool:
        """Whether any record has another TTL."""
        return bool(self._now)

    def passing(self, result: Result, name: str) -> Result:
        """An answer that the cache has no part in."""
        why = (SHARED, name)
        return result if result.reply is None else result.replying(self.as_it_is(result.reply), why)

    def write(self, written: Msg, ttl: int, keep: Keep = list) -> None:
        """Write a TTL into those of a message's records that are a zone's, of what `keep` leaves."""
        self._look()
        for rrs in (written.answer, written.ns, written.extra):
            for rr in keep(rrs):
                if id(rr) in self._own:
                    self._now[id(rr)] = rr.with_ttl(ttl)

    def _look(self) -> None:
        """See which zones are loaded."""
        found = [pair for plugin in self._plugins for pair in getattr(plugin, LASTING)()]
        if len(found) == len(self._holders) and all(a is b[0] for a, b in zip(self._holders, found, strict=True)):
            return
        self._own = {id(rr) for _, records in found for rr in records()}
        self._now = {key: rr for key, rr in self._now.items() if key in self._own}
        self._holders = [holder for holder, _ in found]
        for holder in self._holders:
            if self.replaced not in holder.watchers:
                holder.watchers.append(self.replaced)

    def replaced(self, old: RR, new: RR, ttl: bool) -> None:
        """A zone has another record in place of one of its own: so has what is kept of it. ttl: whether its TTL was set."""
        self._own.discard(id(old))
        self._own.add(id(new))
        before = self._now.pop(id(old), None)
        if before is not None and not ttl:
            self._now[id(new)] = new.with_ttl(before[3])
        for item in self._kept():
            item.replace(old, new)


__all__ = ["LASTING", "ZoneRecords"]
