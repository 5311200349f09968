"""cache - keeps answers for a while, and serves them without asking the plugins behind.

Description: what the plugins behind answer is kept by name and type (and by what the release adds: class, DO, CD) for
the smallest TTL of its records, within the bounds that are set; every record of a kept answer carries that TTL, and it
counts down. Denials (NXDOMAIN, and NOERROR without data) have a cache and bounds of their own, and so have failures.
An answer that is about to expire may be fetched again ahead of time (`prefetch`), and one that has expired may be
served while the source is asked again (`serve_stale`).

Syntax:

    cache [TTL] [ZONES...] {
        success CAPACITY [TTL] [MINTTL]
        denial CAPACITY [TTL] [MINTTL]
        prefetch AMOUNT [DURATION] [PERCENTAGE%]
        serve_stale [DURATION] [immediate [TTL [RECHECK]] | verify [TIMEOUT [TTL [RECHECK]]]]
        serve_stale_policy prefer_positive
        servfail DURATION
        disable success|denial [ZONES...]
        keepttl
    }

Examples: `cache 30` caps every TTL at 30 seconds; `cache { success 5000  denial 2500 60 }` has its own sizes, and keeps
denials for 60 seconds at most; `cache { disable denial example.org }` never keeps a denial of a name in example.org.
"""

from __future__ import annotations

from functools import partial
from math import ceil

from ...chain.scrub import edns_size
from ...dns.wire import ends_signed
from ...plugin import (
    RR,
    Answerer,
    Below,
    Edns,
    Filter,
    Flag,
    Landmark,
    Next,
    Outcome,
    Query,
    Reads,
    Reason,
    Result,
    Why,
    changed,
    since,
)
from .._places import SHARES
from ._config import CacheConfig
from ._memory import Memory
from ._refresh import Refresher
from ._rules import CacheRules
from ._store import Item, Key
from ._writer import Writer
from ._zones import SharedRecords

UDP_SIZE = 2048
"""Octets that a question has room for where the cache gives it a DO bit."""

MISS = Reason("miss", "nothing stored for this name and type")
HIT = Reason("hit", "stored {:.0f} s ago, good for {} s more{}")
STALE = Reason("stale", "expired {} s ago, served stale{}")


class Cache(Answerer, Filter):
    """Answers from what it has kept, and keeps what the plugins behind answer."""

    Config = CacheConfig
    Rules = CacheRules
    READS = Reads(once=since("1.1.0"), far=changed("block", {"1.1.0": "all"}), unknown=None)
    STATE = "the answers that it keeps"
    WRITER = True
    COPIES = since("1.8.0")
    PASSES = "nothing stored"
    config: CacheConfig
    rules: CacheRules

    def prepare(self) -> None:
        """Nothing is kept yet."""
        config, world = self.config, self.setup.world
        self.memory = Memory(config, self.setup)
        self.counted = self.memory.counts.of_server
        self.refresher = Refresher(self, self.memory, world)

    def start(self) -> None:
        """Look for plugins that answer with records that they keep: behind it, and those that these ask."""
        plugins = self.setup.instance.find(SHARES) if self.rules.shares_records else []
        self.memory.behind = SharedRecords(plugins) if plugins else None

    def renew(self) -> None:
        """Nothing is kept."""
        self.memory.forget()

    def landmarks(self) -> list[Landmark]:
        """What `disable` names, the bits for which answers are kept apart, or changed, and types whose answers it
        judges otherwise."""
        disabled = self.config.disable
        flags = {"do", "ad", "type ANY", "type CNAME", "type AXFR", "type IXFR", "class ANY"} | (
            {"cd"} & set(self.rules.key)
        )
        return [*map(Below, (*disabled.success, *disabled.denial)), *map(Flag, sorted(flags))]

    # -- the way in ---------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """A kept answer, or the next plugin's, to be kept."""
        ctx, memory = query.ctx, self.memory
        now = ctx.world.clock.now + ctx.elapsed
        key = memory.key(query.name, query.type, query.cls, query.do, query.msg.cd)
        item = memory.look_up(key, now, self.counted.get(ctx.server) or memory.counts.lookups(ctx))
        if item is None:
            onward = self.onward(query)
            return Next((MISS,), onward, partial(self.keep, query, onward or query))
        left = item.ttl - int(now - item.stored)
        if left < self.rules.stale_below:
            return self.expired(query, key, item, left)
        config, asked = self.config, ""
        prefetch = config.prefetch
        if prefetch.amount > 0:
            item.seen(prefetch.window, now)
            if self.is_due(item, left):
                asked = self.refresher.in_background(query, key, item, left, stale=False)
        left = max(left, self.rules.least_served)
        return self.served(query, item, item.ttl if config.keepttl else left, (HIT, now - item.stored, left, asked))

    def is_due(self, item: Item, left: int) -> bool:
        """Whether an answer is to be asked for again ahead of time."""
        amount, _, percentage = self.config.prefetch
        if self.rules.refreshes_late:
            return item.hits > amount and int(left / item.ttl * 100) < percentage
        return item.hits >= amount and left <= ceil(percentage / 100 * item.ttl)

    def expired(self, query: Query, key: Key, item: Item, left: int) -> Outcome:
        """An answer that has expired, or the new one."""
        config = self.config
        if config.serve_stale.verify:
            verified = self.refresher.before_serving(query, key, item, left)
            if verified is not None:
                return verified
            asked = ", as nothing better came in time"
        else:
            asked = self.refresher.in_background(query, key, item, left, stale=True)
        self.memory.counts.add("served_stale", query.ctx)
        ttl = config.serve_stale.ttl or (item.ttl if config.keepttl else 0)
        return self.served(query, item, ttl, (STALE, -left, asked))

    def replace_record(self, old: RR, new: RR) -> None:
        """Put a record in the place of one that a plugin has changed on its way, in what was stored with it."""
        for item in self.memory.latest:
            item.replace(old, new)

    def served(self, query: Query, item: Item, ttl: int, why: Why) -> Outcome:
        """What is kept, with a TTL."""
        if item.wildcard and query.ctx.metadata is not None:
            wildcard = item.wildcard
            query.ctx.metadata["zone/wildcard"] = lambda: wildcard
        return self.write(query, self.memory.reply(item, query, ttl), why)

    def outside(self, query: Query) -> Outcome:
        """Passes on."""
        passed = super().outside(query)
        if self.rules.copies and isinstance(passed, Next):
            passed.query = query.asking(msg=query.msg)
        return passed

    # -- asking the plugins behind ------------------------------------------------------------------------------------

    def onward(self, query: Query) -> Query | None:
        """The query for the plugins behind, where it differs."""
        if self.rules.asks_do and not query.do:
            msg = query.msg.copy()
            had = msg.edns
            msg.edns = Edns(UDP_SIZE, True, last=ends_signed(msg)) if had is None else Edns(UDP_SIZE, True, *had[2:])
            asked = query.asking(msg=msg)
            asked.size = edns_size(query.ctx.proto, UDP_SIZE)
            return asked
        if self.rules.asks_ad and not query.msg.ad:
            msg = query.msg.copy()
            msg.ad = True
            return query.asking(msg=msg)
        return query.asking(msg=query.msg) if self.rules.copies else None

    def keep(self, query: Query, onward: Query, result: Result) -> Result:
        """Keep what they answered to the query that went on, and hand it on as the client gets it."""
        key = self.memory.key(query.name, query.type, query.cls, query.do, query.msg.cd)
        writer = Writer(self.memory, query, key, onward, True)
        out = writer.written(result)
        if query.ctx.trace is not None and writer.disabled:
            query.ctx.trace.used(self, 0, f"disable {self.config.disable.lines[writer.disabled]}")
        return out


__all__ = ["Cache"]
