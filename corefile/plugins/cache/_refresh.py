"""Asking the plugins behind the cache again: ahead of time (`prefetch`), after a stale answer was served, or before it
is (`serve_stale ... verify`).

What changed when: since 1.14.3 an answer is refreshed by one query at a time, and in the background for nobody, where
plugins saw the client's address before; since 1.14.7 not again too soon after a
failure, and by the rules of `verify` also in the background.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...chain.query import Context, Query, Result
from ._store import Item, Key
from ._writer import Writer

if TYPE_CHECKING:
    from . import Cache


class Refresher:
    """Refreshes the answers of one cache."""

    __slots__ = ("ad_in_background", "ad_in_verify", "cache", "counts_stale", "serves_item", "single", "verifies")

    def __init__(self, cache: Cache) -> None:
        release = cache.setup.release
        self.cache = cache
        self.single = release >= "1.14.3"
        self.verifies = self.ad_in_verify = self.ad_in_background = self.serves_item = release >= "1.14.7"
        self.counts_stale = release >= "1.8.1"

    def begin(self, item: Item, now: float, recheck: float) -> bool:
        """Whether the answer may be refreshed now."""
        if not self.single:
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
        cache, now = self.cache, query.ctx.now()
        recheck = cache.config.recheck if stale else 0.0
        if not self.begin(item, now, recheck):
            return "" if item.refreshing else "; not asked for again so soon after a failure"
        if not stale or self.counts_stale:
            cache.counts.add("prefetch", query.ctx)
        # Nobody is waiting for the reply, so it may be as large as over TCP.
        ctx = query.ctx.beside(proto="tcp")
        if self.single:
            ctx.client, ctx.client_port, ctx.family, ctx.server_ip = "", 0, 2, ""
        asked = (cache.onward(query) or query).beside(ctx)
        writer = Writer(cache, query, key, background=True, keeps_ad=self.ad_in_background)
        arrive = partial(self._arrive, cache.rest(asked), writer, item, ctx, now + min(left, 0), stale)
        if ctx.elapsed > query.ctx.elapsed:
            cache.setup.world.clock.call_at(ctx.now(), arrive)
        else:
            arrive()
        return "; asked for again in the background"

    def _arrive(self, result: Result, writer: Writer, item: Item, ctx: Context, last: float, stale: bool) -> None:
        """Keep what was asked for in the background."""
        cache, key, refreshed = self.cache, writer.key, True
        if stale and self.verifies:
            refreshed = writer.verified(result) is not None
        else:
            writer.written(result)
        self.end(item, ctx.now(), cache.config.recheck if stale else 0.0, refreshed)
        fresh = cache.negative.get(key) or cache.positive.get(key)
        if refreshed and fresh is not None:
            # The hits count on; of a stale answer the last one as if it had come when the answer expired.
            fresh.hits, fresh.last = item.hits, last

    def before_serving(self, query: Query, key: Key, item: Item) -> Result | None:
        """Ask again before a stale answer is served; None where it has to be served after all."""
        cache, ctx = self.cache, query.ctx
        recheck, timeout = cache.config.recheck, cache.config.verify_timeout
        if recheck > 0 and not self.begin(item, ctx.now(), recheck):
            return None
        writer = Writer(cache, query, key, background=timeout > 0, keeps_ad=self.ad_in_verify)
        # While the client waits, but no longer than it has to, time passes beside its query.
        waiting = ctx.beside() if timeout else ctx
        onward = cache.onward(query) or query
        result = cache.rest(onward.beside(waiting) if timeout else onward)
        arrive = partial(self._verified, result, writer, item, waiting)
        if not timeout:
            return arrive()
        if waiting.elapsed - ctx.elapsed > timeout:
            ctx.elapsed += timeout
            cache.setup.world.clock.call_at(waiting.now(), arrive)
            return None
        ctx.elapsed = waiting.elapsed
        verified = arrive()
        return verified if verified is None else self._from_cache(query, key, writer, verified)

    def _verified(self, result: Result, writer: Writer, item: Item, ctx: Context) -> Result | None:
        """Keep what was asked for before a stale answer is served; None where that has to be served."""
        verified = writer.verified(result)
        recheck = self.cache.config.recheck
        if recheck > 0:
            self.end(item, ctx.now(), recheck, verified is not None)
        return verified

    def _from_cache(self, query: Query, key: Key, writer: Writer, verified: Result) -> Result:
        """What was verified in time is served like any answer of the cache. Up to 1.14.6 that is whatever is kept
        under the key: the stale answer itself, with a TTL that has run below zero, where the new one was not kept."""
        cache = self.cache
        item = writer.item if self.serves_item else cache.negative.get(key) or cache.positive.get(key)
        if item is None:
            return verified
        ttl = item.ttl if cache.config.keepttl else item.left(query.ctx.now()) & 0xFFFFFFFF
        return cache.write(query, cache.reply(item, query, ttl), verified.why)
