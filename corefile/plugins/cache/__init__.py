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

from math import ceil
from typing import TYPE_CHECKING, Any

from ...chain.declare import Given, Reads
from ...chain.query import Next, Outcome, Query, words
from ...chain.scrub import edns_size
from ...chain.shapes import Plugin
from ...dns.codes import SERVFAIL
from ...dns.message import Edns, Msg
from ...dns.names import longest_match
from ...dns.response import Kinds
from . import _config
from ._answers import without_dnssec
from ._config import Settings
from ._counts import Counts, Lookups
from ._store import Item, Key, Store, key_of
from ._writer import Writer

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ._zones import ZoneRecords

UDP_SIZE = 2048
"""Octets that a question has room for where the cache gives it a DO bit."""


class Cache(Plugin):
    """Answers from what it has kept."""

    STATE = "the answers that it keeps"
    WRITER = True
    ARGUMENTS = _config.ARGUMENTS
    PROPERTIES = _config.PROPERTIES
    Config = Settings
    READS = Reads(once=True, unknown=None)
    COPIES = True
    PASSES = "nothing stored"

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """What no argument's type can say."""
        _config.accept_line(line)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Settings:
        """Check what belongs together, and apply the release's defaults."""
        return _config.configure(given, setup)

    def __init__(self, config: Settings, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.positive = Store(config.success, release, setup.world)
        self.negative = Store(config.denial, release, setup.world)
        self.key = key_of(release)
        self.kinds = Kinds(release)
        self.counts = Counts(config.zones, setup)
        if config.prefetch or config.stale:
            from ._refresh import Refresher

            self.refresher = Refresher(self)
        self.everywhere = config.zones == (".",)
        self.oldest = -int(config.stale)  # an answer with less left is not served
        self.least_left = 1 if release >= "1.14.7" else 0  # an answer with less is stale
        self.asks_do = "1.7.1" <= release < "1.10.1"  # every question goes on with DO, and DNSSEC records are taken out
        self.asks_ad = release >= "1.14.7"
        self.do_of_reply = release < "1.7.1"  # the key's DO is that of the reply's OPT record
        self.keeps_opt = release < "1.8.0"
        self.aa = release >= "1.5.1"
        self.hides_ad = release >= "1.8.5"  # from clients that did not ask for it, on the way from the plugins behind
        self.hides_ad_first = "1.12.3" <= release < "1.14.7"  # before the answer is kept, so from later clients, too
        self.shows_ad_to_ad = release >= "1.9.4"
        self.shows_ad_to_all = release < "1.7.1"
        self.failure_yields = release >= "1.14.4"  # a kept failure, to a positive answer
        self.refresh_ends_denial = release >= "1.6.8"
        self.hits_write = "1.8.0" <= release < "1.12.3"
        self._zone_records: ZoneRecords | None = None
        self._shares_records: bool | None = None if release < "1.12.3" else False

    # -- the way in ---------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """A kept answer, or the next plugin's, to be kept."""
        if not self.everywhere and longest_match(self.config.zones, query.name) is None:
            zones = self.zone_records()
            if zones is not None and zones.changed:
                return zones.passing(self.rest(query), query.name)
            return Next(("{} is in none of its zones", query.name))
        ctx = query.ctx
        now = ctx.world.clock.now + ctx.elapsed
        key = self.key(query.name, query.type, query.cls, query.do, query.msg.cd)
        item = self._look_up(key, now, self.counts.of_server.get(ctx.server) or self.counts.lookups(ctx))
        if item is None:
            writer = Writer(self, query, key, first=True)
            return Next("nothing stored for this name and type", query=self.onward(query), then=writer.written)
        left = item.ttl - int(now - item.stored)
        if left < self.least_left:
            return self._stale(query, key, item, left)
        config = self.config
        why = "stored {:.0f} s ago, good for {} s more"
        if config.prefetch > 0:
            item.seen(config.window, now)
            if item.hits >= config.prefetch and left <= ceil(config.percentage / 100 * item.ttl):
                why += self.refresher.in_background(query, key, item, left, stale=False)
        return self._served(query, item, item.ttl if config.keepttl else left, (why, now - item.stored, left))

    def _stale(self, query: Query, key: Key, item: Item, left: int) -> Outcome:
        """An answer that has expired, or the new one."""
        config = self.config
        why = "expired {} s ago, served stale"
        if config.verify:
            verified = self.refresher.before_serving(query, key, item)
            if verified is not None:
                verified.why = f"expired {-left} s ago and asked for again first; {words(verified.why)}"
                return verified
            why += ", as nothing better came in time"
        else:
            why += self.refresher.in_background(query, key, item, left, stale=True)
        self.counts.add("served_stale", query.ctx)
        ttl = config.stale_ttl or (item.ttl if config.keepttl else 0)
        return self._served(query, item, ttl, (why, -left))

    def _served(self, query: Query, item: Item, ttl: int, why: Any) -> Outcome:
        if item.wildcard and query.ctx.metadata is not None:
            wildcard = item.wildcard
            query.ctx.metadata["zone/wildcard"] = lambda: wildcard
        return self.write(query, self.reply(item, query, ttl), why)

    def _look_up(self, key: Key, now: float, counts: Lookups) -> Item | None:
        """The answer to serve: a denial before a positive one. None of them may be older than `serve_stale` allows."""
        if self.counts.requests:
            counts.requests[0] += 1
        oldest = self.oldest
        positive = self.positive.items.get(key)
        if positive is not None:
            if self.config.prefer_positive and self.config.stale > 0:
                good = positive if positive.answering else positive.last_good
                if good is not None and good.left(now) > oldest:
                    counts.hits[0] += 1
                    return good
            if positive.ttl - int(now - positive.stored) <= oldest:
                positive = None
        negative = self.negative.items.get(key)
        if (
            negative is not None
            and negative.left(now) > oldest
            and not (negative.rcode == SERVFAIL and positive is not None and self.failure_yields)
        ):
            counts.denials[0] += 1
            return negative
        (counts.hits if positive is not None else counts.misses)[0] += 1
        return positive

    def zone_records(self) -> ZoneRecords | None:
        """The records that plugins behind keep and the cache changes; None where there are none."""
        if self._shares_records is None:
            from ._zones import LASTING, ZoneRecords

            plugins = self.setup.site.find(LASTING)
            self._shares_records = bool(plugins)
            self._zone_records = ZoneRecords(plugins) if plugins else None
        return self._zone_records

    # -- questions and answers ----------------------------------------------------------------------------------------

    def onward(self, query: Query) -> Query | None:
        """The query for the plugins behind, where it differs."""
        if self.asks_do and not query.do:
            msg = query.msg.copy()
            msg.edns = Edns(UDP_SIZE, True, 0, msg.edns.options if msg.edns is not None else ())
            asked = query.asking(msg=msg)
            asked.size = edns_size(query.ctx.proto, UDP_SIZE)
            return asked
        if self.asks_ad and not query.msg.ad:
            msg = query.msg.copy()
            msg.ad = True
            return query.asking(msg=msg)
        return None

    def reply(self, item: Item, query: Query, ttl: int) -> Msg:
        """The reply to `query` from what is kept, every record with this TTL."""
        msg = query.msg
        reply = msg.reply(item.rcode)
        reply.aa = self.aa
        reply.ra = item.ra
        reply.ad = item.ad and self.wants_ad(query.do, msg.ad)
        keep = without_dnssec if self.asks_do and not query.do else None
        reply.answer, reply.ns, reply.extra = item.sections(ttl, keep)
        if item.written is not None and self._zone_records is not None:
            self._zone_records.write(item.written, ttl, keep or list)
        return reply

    def wants_ad(self, do: bool, ad: bool) -> bool:
        """Whether a client that sent these bits gets to see AD: with DO since 1.7.1, or with AD itself since 1.9.4."""
        return do or (ad and self.shows_ad_to_ad) or self.shows_ad_to_all


__all__ = ["Cache", "Settings"]
