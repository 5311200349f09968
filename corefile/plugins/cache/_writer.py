"""What stands between the plugins behind the cache and its client while an answer is fetched: it keeps the answer, and
tailors it to the client (plugin/cache/cache.go, ResponseWriter and verifyStaleResponseWriter)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.query import Query, Result
from ...dns.codes import NOERROR, NXDOMAIN
from ...dns.message import Msg
from ...dns.names import longest_match
from ...dns.response import DELEGATION, DYNAMIC_UPDATE, META, NAME_ERROR, NODATA, OTHER_ERROR, SERVER_ERROR, SUCCESS
from ._answers import answers, first_others, has_soa, kind_of, matches, minimal_ttl, without_dnssec
from ._store import Item, Keep, Key, with_ttl

if TYPE_CHECKING:
    from . import Cache
    from ._config import Settings

NEVER_KEPT = frozenset((OTHER_ERROR, META, DYNAMIC_UPDATE))


class Writer:
    """Keeps what is written to it.

    first: the answer is fetched for a client, because none is kept: `disable` counts, and a wildcard's name is kept.
    background: the client does not get what is written (prefetch). keeps_ad: whether a client's AD bit is known.
    """

    __slots__ = ("background", "cache", "first", "item", "keeps_ad", "kept", "key", "query")

    def __init__(
        self,
        cache: Cache,
        query: Query,
        key: Key,
        *,
        first: bool = False,
        background: bool = False,
        keeps_ad: bool = True,
    ) -> None:
        self.cache = cache
        self.query = query
        self.key = key
        self.first = first
        self.background = background
        self.keeps_ad = keeps_ad
        self.item: Item | None = None  # what was kept of the last message
        self.kept = ""

    def written(self, result: Result) -> Result:
        """Keep what `result` wrote, and return it as the client gets it. Of several messages the last one stays."""
        if result.reply is None:
            return result
        out = Result(self._tailored(result.reply), result.rcode, result.error, result.why)
        out.unsendable = result.unsendable
        if result.later:
            out.later = tuple(self._tailored(reply) for reply in result.later)
        if self.query.ctx.trace is not None:
            out.why = f"stores {self.kept}" if self.kept else "does not store this answer"
        return out

    def verified(self, result: Result) -> Result | None:
        """The same for a stale answer that is being checked; None where the new one does not count."""
        reply, cache, query = result.reply, self.cache, self.query
        if reply is None:
            return None
        release = cache.setup.release
        if release >= "1.14.7":
            if reply.tc or not matches(query, reply, release):
                return None
            now = query.ctx.now()
            if cache.config.prefer_positive:
                usable = kind_of(reply, now, cache.kinds, release) == SUCCESS and answers(reply)
                written = self.written(result)
                return written if usable else None
            if cache.kinds.of(reply, now) in NEVER_KEPT:
                return None
        if reply.rcode not in (NOERROR, NXDOMAIN):
            return None
        return self.written(result)

    def _tailored(self, written: Msg) -> Msg:
        """Keep one message, and return it with the TTL and the bits that the client gets."""
        cache, query = self.cache, self.query
        release = cache.setup.release
        zones = cache.zone_records()
        reply = written if zones is None else zones.as_it_is(written)
        now = query.ctx.now()
        kind = kind_of(reply, now, cache.kinds, release)
        seconds = self._seconds(reply, kind)
        ttl = int(seconds)
        tailored = reply.copy()
        if not cache.keeps_opt:
            tailored.edns = None
        bare = cache.asks_do and not query.do
        if not bare:
            tailored.answer = with_ttl(reply.answer, ttl)
            tailored.ns = with_ttl(reply.ns, ttl)
            tailored.extra = with_ttl(reply.extra, ttl)
        hidden = tailored.ad and cache.hides_ad and not cache.wants_ad(query.do, query.msg.ad and self.keeps_ad)
        if hidden and cache.hides_ad_first:
            tailored.ad = False
        self.item, self.kept = None, ""
        if seconds > 0 and self._cacheable(reply, kind):
            if matches(query, reply, release):
                self._keep(reply if bare else tailored, kind, ttl, now)
            else:
                cache.counts.add("drops", query.ctx)
        drop: Keep = list if not bare else first_others if release < "1.8.0" else without_dnssec
        if bare:
            tailored.answer, tailored.ns, tailored.extra = (
                with_ttl(drop(rrs), ttl) for rrs in (reply.answer, reply.ns, reply.extra)
            )
        if zones is not None:
            if not self.background:
                zones.write(written, ttl, drop)
            if self.item is not None and cache.hits_write:
                self.item.written = written
        if hidden:
            tailored.ad = False
        return tailored

    def _seconds(self, reply: Msg, kind: str) -> float:
        """How long the answer is good for, within the bounds."""
        config: Settings = self.cache.config
        if kind == SERVER_ERROR:
            return config.servfail
        denial = kind in (NAME_ERROR, NODATA)
        low, high = (config.denial_min, config.denial_ttl) if denial else (config.success_min, config.success_ttl)
        return min(max(minimal_ttl(reply, kind, high, self.cache.setup.release), low), high)

    def _cacheable(self, reply: Msg, kind: str) -> bool:
        if reply.tc or kind in NEVER_KEPT:
            return False
        release = self.cache.setup.release
        if kind == NAME_ERROR and release >= "1.14.5":
            return has_soa(reply)  # without an SOA record nothing bounds the denial (RFC 2308 §5)
        if kind == SUCCESS and release >= "1.14.7" and reply.answer:
            return has_soa(reply) or answers(reply)
        return True

    def _keep(self, msg: Msg, kind: str, ttl: int, now: float) -> None:
        cache, query = self.cache, self.query
        counts, ctx = cache.counts, query.ctx
        denial = kind not in (SUCCESS, DELEGATION)
        if not self._excepted(msg, denial):
            item = self.item = Item(msg, now, ttl)
            if self.first and ctx.metadata is not None and "zone/wildcard" in ctx.metadata:
                item.wildcard = ctx.metadata["zone/wildcard"]()
            self._store(item, msg, denial)
            if ctx.trace is not None:
                self.kept = f"this {'denial' if denial else 'answer'} for {ttl} s"
        counts.sizes(ctx, len(cache.positive.items), len(cache.negative.items))

    def _excepted(self, msg: Msg, denial: bool) -> bool:
        """Whether `disable` names it."""
        config = self.cache.config
        zones = config.no_denial if denial else config.no_success
        assert msg.question is not None
        return self.first and bool(zones) and longest_match(zones, msg.question[0].lower()) is not None

    def _store(self, item: Item, msg: Msg, denial: bool) -> None:
        cache, key, query = self.cache, self.key, self.query
        prefer_positive = cache.config.prefer_positive
        if cache.do_of_reply:
            do = msg.edns is not None and msg.edns.do
            key = cache.key(query.name, query.type, query.cls, do, query.msg.cd)
        store = cache.negative if denial else cache.positive
        if prefer_positive and not denial:
            item.answering = answers(msg)
            if not item.answering:
                before = store.get(key)
                if before is not None:
                    item.last_good = before if before.answering else before.last_good
        if store.add(key, item) and cache.counts.evicts:
            cache.counts.add("evictions", query.ctx, "denial" if denial else "success")
        if not denial and (item.answering if prefer_positive else self.background and cache.refresh_ends_denial):
            cache.negative.remove(key)
