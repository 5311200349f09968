"""What a cache keeps, and what a reply of it is like."""

from __future__ import annotations

from collections import deque

from ...dns.response import Kinds
from ...light import NamedTuple
from ...plugin import RR, SERVFAIL, Msg, Query, Setup
from ._answers import without_dnssec
from ._config import Bounds, CacheConfig
from ._counts import Counts, Lookups
from ._rules import HOUR, CacheRules
from ._store import KEYS, Item, Key, Store
from ._zones import SharedRecords

LATEST = 64
"""How many of the answers that were stored last may have records that are still on their way to a client."""


class Limits(NamedTuple):
    """How long answers of a kind are good for, in seconds. ttl: the largest TTL that counts as such. given: whether the
    Corefile says the most."""

    least: float
    most: float
    ttl: float
    given: bool


class Memory:
    """The answers that are kept. behind: the records that plugins behind keep and the cache changes, if any."""

    def __init__(self, config: CacheConfig, setup: Setup) -> None:
        self.config = config
        self.rules = rules = CacheRules.of(setup.release)
        self.success = self._limits(config.success, HOUR)
        self.denial = self._limits(config.denial, HOUR / 2)
        self.positive = Store(config.success.capacity, rules, setup.world)
        self.negative = Store(config.denial.capacity, rules, setup.world)
        self.key = KEYS[rules.key]
        self.kinds = Kinds(setup.release)
        self.counts = Counts(config.zones, setup)
        self.counts.begin(config.success.capacity, config.denial.capacity)
        self.behind: SharedRecords | None = None
        self.prefers_positive = config.serve_stale_policy is not None
        self.latest: deque[Item] = deque(maxlen=LATEST)
        self.oldest = -int(config.serve_stale.duration)  # an answer with less left is not served

    def forget(self) -> None:
        """Keep nothing."""
        self.positive.clear()
        self.negative.clear()

    def _limits(self, bounds: Bounds, default: float) -> Limits:
        given = self.config.ttl if bounds.most is None else bounds.most
        least = self.rules.least if bounds.least is None else bounds.least
        most = default if given is None else float(given)
        return Limits(float(least), most, min(most, HOUR) if self.rules.hour_at_most else most, given is not None)

    def look_up(self, key: Key, now: float, counts: Lookups) -> Item | None:
        """The answer to serve: a denial before a positive one. None of them may be older than `serve_stale` allows."""
        requests, hits, denials, misses = counts
        if self.rules.counts_requests:
            requests[0] += 1
        elif self.rules.expired_hides:
            return self._found(key, now, counts)
        oldest = self.oldest
        positive = self.positive.items.get(key)
        if positive is not None:
            if self.prefers_positive and oldest:
                good = positive if positive.answering else positive.last_good
                if good is not None and good.left(now) > oldest:
                    hits[0] += 1
                    return good
            if positive.ttl - int(now - positive.stored) <= oldest:
                positive = None
        negative = self.negative.items.get(key)
        if (
            negative is not None
            and negative.left(now) > oldest
            and not (negative.rcode == SERVFAIL and positive is not None and self.rules.failure_yields)
        ):
            denials[0] += 1
            return negative
        (hits if positive is not None else misses)[0] += 1
        return positive

    def _found(self, key: Key, now: float, counts: Lookups) -> Item | None:
        """What is kept under the key, unless it has expired, where only one answer is looked at."""
        item = self.negative.items.get(key)
        counter = counts.denials
        if item is None:
            item, counter = self.positive.items.get(key), counts.hits
        (counts.misses if item is None else counter)[0] += 1
        return item if item is not None and item.left(now) > 0 else None

    def fresh(self, key: Key) -> Item | None:
        """What is kept under the key, a denial before a positive answer."""
        return self.negative.get(key) or self.positive.get(key)

    def reply(self, item: Item, query: Query, ttl: int) -> Msg:
        """The reply to `query` from what is kept, every record with this TTL."""
        msg, rules = query.msg, self.rules
        reply = msg.reply(item.rcode)
        reply.aa = rules.sets_aa
        reply.ra = item.ra
        reply.ad = item.ad and self.shows_ad(query.do, msg.ad)
        keep = without_dnssec if rules.asks_do and not query.do else None
        reply.answer, reply.ns, reply.extra = item.sections(ttl, keep)
        if rules.shares_records:  # the client gets copies
            reply.answer, reply.ns, reply.extra = (
                [RR(*rr) for rr in rrs] for rrs in (reply.answer, reply.ns, reply.extra)
            )
        if item.held is not None and self.behind is not None and rules.hits_share:
            self.behind.write(item.shared(), ttl, keep or list)
        return reply

    def shows_ad(self, do: bool, ad: bool) -> bool:
        """Whether a client that sent these bits gets to see AD."""
        return do or (ad and self.rules.shows_ad_to_ad) or self.rules.shows_ad_to_all


__all__ = ["Limits", "Memory"]
