"""Asking the plugins behind the cache again: ahead of time (`prefetch`), after a stale answer was served, or before it
is (`serve_stale ... verify`)."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from ...plugin import Context, Msg, Query, Reason, Result, Why, World, words
from ._memory import Memory
from ._store import Item, Key
from ._writer import Writer

VERIFIED = Reason("verified", "expired {} s ago and asked for again first; {}")


class Asking(Protocol):
    """The plugin, as far as it asks those behind it. rest: what they say to a query."""

    rest: Any

    def onward(self, query: Query) -> Query | None:
        """The query for them, where it differs."""

    def write(self, query: Query, reply: Msg, why: Why = "") -> Result:
        """The result of having written a reply."""


class Refresher:
    """Refreshes the answers of one cache."""

    __slots__ = ("asking", "memory", "rules", "stale", "world")

    def __init__(self, asking: Asking, memory: Memory, world: World) -> None:
        self.asking = asking
        self.memory = memory
        self.world = world
        self.rules = memory.rules
        self.stale = memory.config.serve_stale

    def begin(self, item: Item, now: float, recheck: float) -> bool:
        """Whether the answer may be refreshed now."""
        if not self.rules.one_refresh:
            return True
        if (recheck > 0 and now < item.retry_after) or item.refreshing:
            return False
        item.refreshing = True
        return True

    def end(self, item: Item, now: float, recheck: float, refreshed: bool) -> None:
        """It was, or it failed."""
        item.retry_after = now + recheck if recheck > 0 and not refreshed else 0.0
        item.refreshing = False

    def in_background(self, query: Query, key: Key, item: Item, left: int, *, stale: bool) -> str:
        """Ask again without letting the client wait for it. What a trace says of that."""
        memory, now = self.memory, query.ctx.now()
        recheck = self.stale.recheck if stale else 0.0
        if not self.begin(item, now, recheck):
            return "" if item.refreshing else "; not asked for again so soon after a failure"
        if self.rules.counts_prefetches and (not stale or self.rules.counts_stale):
            memory.counts.add("prefetch", query.ctx)
        # No client is waiting for the reply, so it may be as large as over TCP.
        ctx = query.ctx.beside(proto="tcp")
        if self.rules.one_refresh:
            ctx.client, ctx.client_port, ctx.family, ctx.server_ip = "", 0, 2, ""
        asked = (self.asking.onward(query) or query).beside(ctx)
        writer = Writer(memory, query, key, background=True, keeps_ad=self.rules.keeps_client_ad)
        arrive = partial(self._arrive, self.asking.rest(asked), writer, item, ctx, now + min(left, 0), stale)
        if ctx.elapsed > query.ctx.elapsed:
            self.world.clock.call_at(ctx.now(), arrive)
        else:
            arrive()
        return "; asked for again in the background"

    def _arrive(self, result: Result, writer: Writer, item: Item, ctx: Context, last: float, stale: bool) -> None:
        """Keep what was asked for in the background."""
        refreshed = True
        if stale and self.rules.judges_refresh:
            refreshed = writer.verified(result) is not None
        else:
            writer.written(result)
        self.end(item, ctx.now(), self.stale.recheck if stale else 0.0, refreshed)
        fresh = self.memory.fresh(writer.key)
        if refreshed and fresh is not None:
            # The hits count on; of a stale answer the last one as if it had come when the answer expired.
            fresh.hits, fresh.last = item.hits, last

    def before_serving(self, query: Query, key: Key, item: Item, left: int) -> Result | None:
        """Ask again before a stale answer is served; None where it has to be served after all."""
        memory, ctx = self.memory, query.ctx
        recheck, timeout = self.stale.recheck, self.stale.timeout
        if recheck > 0 and not self.begin(item, ctx.now(), recheck):
            return None
        writer = Writer(memory, query, key, background=timeout > 0, keeps_ad=self.rules.keeps_client_ad)
        # While the client waits, but no longer than it has to, time passes beside its query.
        waiting = ctx.beside() if timeout else ctx
        onward = self.asking.onward(query) or query
        result = self.asking.rest(onward.beside(waiting) if timeout else onward)
        arrive = partial(self._verified, result, writer, item, waiting)
        if timeout and waiting.elapsed - ctx.elapsed > timeout:
            ctx.elapsed += timeout
            self.world.clock.call_at(waiting.now(), arrive)
            return None
        ctx.elapsed = waiting.elapsed
        verified = arrive()
        if verified is None:
            return None
        if timeout:
            verified = self._from_memory(query, key, writer, verified)
        verified.why = (VERIFIED, -left, words(verified.why))
        return verified

    def _verified(self, result: Result, writer: Writer, item: Item, ctx: Context) -> Result | None:
        """Keep what was asked for before a stale answer is served; None where that has to be served."""
        verified = writer.verified(result)
        if self.stale.recheck > 0:
            self.end(item, ctx.now(), self.stale.recheck, verified is not None)
        return verified

    def _from_memory(self, query: Query, key: Key, writer: Writer, verified: Result) -> Result:
        """What was verified in time is served like any answer of the cache. In the releases that serve whatever is kept under
        the key, that is the stale answer itself, with a TTL that has run below zero, where the new one was not kept."""
        memory = self.memory
        item = writer.item if self.rules.serves_verified else memory.fresh(key)
        if item is None:
            return verified
        ttl = item.ttl if memory.config.keepttl else item.left(query.ctx.now()) & 0xFFFFFFFF
        return self.asking.write(query, memory.reply(item, query, ttl), verified.why)


__all__ = ["Refresher"]
