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
from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Given, Maybe, Opt, Plugin, Property, Rest
from ...chain.message import CNAME, DS, IN, NOERROR, NSEC, NSEC3, NXDOMAIN, RR, RRSIG, SERVFAIL, SOA, Edns, Msg
from ...chain.names import longest_match
from ...chain.query import Context, Next, Outcome, Query, Result
from ...chain.response import (
    DELEGATION,
    DYNAMIC_UPDATE,
    META,
    NAME_ERROR,
    NODATA,
    OTHER_ERROR,
    SERVER_ERROR,
    SUCCESS,
    Kinds,
)
from ...chain.types import Duration, Int, Invalid, Name, OneOf, Type, Word, Zone, go_duration
from ._store import Item, Key, Store, with_ttl

if TYPE_CHECKING:
    from ...chain.server import Setup
    from ...releases import Release

HOUR = 3600.0
SHORT = 5.0  # seconds: what a failure, a referral or an empty answer is good for
DNSSEC = frozenset((24, DS, RRSIG, NSEC, NSEC3))  # 24 is SIG
NOT_POSITIVE = "cache TTL can not be zero or negative: {}"


class Percentage(Type):
    """`10%` to `90%`."""

    label = "percentage"
    example = "20%"

    def convert(self, text: str, release: Release) -> int:
        """The number before the sign."""
        if not text.endswith("%"):
            last = text[-1:] or ""
            raise Invalid(f"`{text}` has no percent sign", hint=f"write `{text}%`", located=False,
                          coredns=f"last character of percentage should be `%`, but is: '{last}'")  # fmt: skip
        return Int(min=10, max=90, range_error="percentage should fall in range [10, 90]: {}",
                   located=False).convert(text[:-1], release)  # fmt: skip


def _bounds(name: str, doc: str) -> Property:
    return Property(
        name,
        Arg("capacity", Int(located=False), doc="how many answers are kept"),
        Opt("ttl", Int(min=1, range_error=NOT_POSITIVE, located=False), doc="the most that an answer is good for, in seconds"),
        Opt("minttl", Int(min=0, range_error="cache min TTL can not be negative: {}", located=False), since="1.2.3",
            doc="the least that an answer is good for, in seconds"),
        extra="ignore",
        doc=doc,
    )  # fmt: skip


class Settings(NamedTuple):
    """What a `cache` directive says; times are in seconds."""

    zones: tuple[str, ...]
    success: int = 10000
    success_ttl: float = HOUR
    success_min: float = SHORT
    denial: int = 10000
    denial_ttl: float = HOUR / 2
    denial_min: float = SHORT
    servfail: float = SHORT
    prefetch: int = 0
    window: float = 60.0
    percentage: int = 10
    stale: float = 0.0
    verify: bool = False
    verify_timeout: float = 0.0
    stale_ttl: int = 0
    recheck: float = 0.0
    prefer_positive: bool = False
    no_success: tuple[str, ...] = ()
    no_denial: tuple[str, ...] = ()
    keepttl: bool = False


class Cache(Plugin):
    """Answers from what it has kept."""

    ARGUMENTS = (
        Maybe("ttl", Int(min=1, range_error=NOT_POSITIVE, located=False), doc="the most that any answer is good for, in seconds"),
        Rest("zones", Zone(), doc="the zones to keep answers for; without them, those of the server block"),
    )  # fmt: skip
    PROPERTIES = (
        _bounds("success", "the cache of positive answers"),
        _bounds("denial", "the cache of denials and failures"),
        Property(
            "prefetch",
            Arg("amount", Int(min=0, range_error="prefetch amount should be positive: {}", located=False), doc="hits it takes"),
            Opt("duration", Duration(located=False), default=60.0, doc="how far apart hits may be"),
            Opt("percentage", Percentage(), default=10, doc="how much of the TTL has to be left at most"),
            doc="fetch a popular answer again before it expires",
        ),
        Property(
            "serve_stale",
            Opt("duration", Duration(min=0, range_error="invalid negative duration for serve_stale", located=False), default=HOUR,
                doc="for how long after it expired an answer is served"),
            Opt("mode", OneOf("immediate", "verify", fold=True, located=False,
                              error="invalid value for serve_stale refresh mode: {}"), default="immediate", since="1.9.2",
                doc="serve first and ask then, or the other way round"),
            Opt("third", Word(), since="1.14.4", doc="with verify, how long to wait for the source; else the TTL of stale answers"),
            Opt("fourth", Word(), since="1.14.7", doc="with verify, the TTL of stale answers; else RECHECK"),
            Opt("fifth", Word(), since="1.14.7", doc="how long not to ask again after a failure"),
            since="1.6.6",
            doc="serve expired answers while the source is asked again",
        ),
        Property("serve_stale_policy", Arg("policy", OneOf("prefer_positive", fold=True, located=False,
                                                           error="invalid serve_stale_policy: {}")), since="1.14.7",
                 repeat="all", doc="let a stale positive answer win over a denial"),
        Property("servfail", Arg("duration", Duration(min=0, range_error="invalid negative ttl for servfail", located=False)),
                 since="1.9.4", doc="how long a failure is kept; at most five minutes"),
        Property("disable", Arg("type", OneOf("success", "denial", located=False,
                                              error='cache type for disable must be "success" or "denial"')),
                 Rest("zones", Name()), since="1.9.4", repeat="all", doc="keep no answers of this kind for these zones"),
        Property("keepttl", since="1.10.1", doc="serve the TTL that was stored, without counting it down"),
    )  # fmt: skip
    Config = Settings
    ONCE = True
    COPIES = True
    UNKNOWN = None
    PASSES = "nothing stored"

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Settings:
        """Check what belongs together, and apply the release's defaults."""
        release = setup.release
        values: dict[str, Any] = {"zones": _zones(given.values["zones"], setup)}
        low = 0.0 if release == "1.2.4" or release < "1.2.3" else SHORT
        values["success_min"] = values["denial_min"] = low
        if given.values["ttl"] is not None:
            values["success_ttl"] = values["denial_ttl"] = float(given.values["ttl"])
        for line in given.lines:
            v, name = line.values, line.name
            setup.span = line.span
            if name in ("success", "denial"):
                values[name] = v["capacity"]
                if v["ttl"] is not None:
                    values[f"{name}_ttl"] = float(v["ttl"])
                if v["minttl"] is not None:
                    values[f"{name}_min"] = float(v["minttl"])
            elif name == "prefetch":
                values |= {"prefetch": v["amount"], "window": v["duration"], "percentage": v["percentage"]}
            elif name == "serve_stale":
                values |= _serve_stale(v)
            elif name == "servfail":
                if v["duration"] > 300:
                    raise Invalid("failures may be kept for five minutes at most (RFC 2308)", located=False,
                                  coredns="caching SERVFAIL responses over 5 minutes is not permitted")  # fmt: skip
                values["servfail"] = v["duration"]
            elif name == "disable":
                values[f"no_{v['type']}"] = v["zones"] or (".",)
            elif name == "keepttl":
                values["keepttl"] = True
        policies = given.all("serve_stale_policy")
        if len(policies) > 1:
            setup.span = policies[1].span
            raise Invalid("`serve_stale_policy` is given twice", hint="keep one of them", located=False,
                          coredns="serve_stale_policy can only be specified once")  # fmt: skip
        if policies and not given.all("serve_stale"):
            setup.span = policies[0].span
            raise Invalid("`serve_stale_policy` has no effect without `serve_stale`", hint="add `serve_stale`",
                          located=False, coredns="serve_stale_policy requires serve_stale")  # fmt: skip
        values["prefer_positive"] = bool(policies)
        return Settings(**values)

    def __init__(self, config: Settings, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.positive = Store(config.success, release, setup.world)
        self.negative = Store(config.denial, release, setup.world)
        self.kinds = Kinds(release)
        self.everywhere = config.zones == (".",)
        self.key_do = release >= "1.10.1" or release < "1.7.1"
        self.key_cd = release >= "1.11.3"
        self.key_class = release >= "1.14.7"
        self.asks_do = "1.7.1" <= release < "1.10.1"  # every question goes on with DO, and DNSSEC records are taken out
        self.do_of_reply = release < "1.7.1"  # the key's DO is that of the reply's OPT record
        self.keeps_opt = release < "1.8.0"
        self.aa = release >= "1.5.1"
        self.least_left = 1 if release >= "1.14.7" else 0  # an answer with less is stale
        self.asks_ad = release >= "1.14.7"
        self.counts_requests = release >= "1.8.5"
        self._counters: dict[str, tuple[list[float], list[float], list[float], list[float]]] = {}

    # -- the way in ---------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """A kept answer, or the next plugin's, to be kept."""
        if not self.everywhere and longest_match(self.config.zones, query.name) is None:
            return Next(("{} is in none of its zones", query.name))
        ctx = query.ctx
        now = ctx.now()
        key = self._key(query.name, query.type, query.cls, query.do, query.msg.cd)
        item = self._look_up(key, query, now)
        if item is None:
            asked = self._onward(query)
            writer = _Writer(self, query, key, exceptions=True)
            return Next("nothing stored for this name and type", query=asked, then=writer.written)
        config = self.config
        left = item.left(now)
        stale = left < self.least_left
        why: Any = ("stored {:.0f} s ago, good for {} s more", now - item.stored, left)
        if stale:
            if config.verify:
                verified = self._verify(query, key, item)
                if verified is not None:
                    return verified
            else:
                self._refresh(query, key, item, stale=True)
            self._count("served_stale_total", ctx)
            why = ("expired {} s ago, served stale", -left)
        elif config.prefetch > 0:
            item.seen(config.window, now)
            if item.hits >= config.prefetch and left <= ceil(config.percentage / 100 * item.ttl):
                self._refresh(query, key, item, stale=False)
        if item.wildcard and ctx.metadata is not None:
            wildcard = item.wildcard
            ctx.metadata["zone/wildcard"] = lambda: wildcard
        ttl = 0 if stale else left
        if stale and config.stale_ttl:
            ttl = config.stale_ttl
        elif config.keepttl:
            ttl = item.ttl
        return self.write(query, self._reply(item, query, ttl), why)

    def _onward(self, query: Query) -> Query | None:
        """The query for the plugins behind, where it differs."""
        if self.asks_do and not query.do:
            msg = query.msg.copy()
            options = msg.edns.options if msg.edns is not None else ()
            msg.edns = Edns(2048, True, 0, options)
            asked = query.asking(msg=msg)
            asked.size = query.size
            return asked
        if self.asks_ad and not query.msg.ad:
            msg = query.msg.copy()
            msg.ad = True
            return query.asking(msg=msg)
        return None

    def _key(self, name: str, type: int, cls: int, do: bool, cd: bool) -> Key:
        if self.key_class:
            return (name, do, cd, type, cls)
        if self.key_cd:
            return (name, do, cd, type)
        return (name, do, type) if self.key_do else (name, type)

    def _look_up(self, key: Key, query: Query, now: float) -> Item | None:
        ctx, stale, release = query.ctx, self.config.stale, self.setup.release
        requests, hits, denials, misses = self._counters.get(ctx.server) or self._counters_of(ctx)
        if self.counts_requests:
            requests[0] += 1
        positive = self.positive.items.get(key)
        if positive is not None:
            if self.config.prefer_positive and stale > 0:
                good = positive if positive.answering else positive.last_good
                if good is not None and _usable(good, now, stale):
                    hits[0] += 1
                    return good
            if not _usable(positive, now, stale):
                positive = None
        negative = self.negative.items.get(key)
        if negative is not None and _usable(negative, now, stale):
            if negative.rcode == SERVFAIL and positive is not None and release >= "1.14.4":
                hits[0] += 1
                return positive
            denials[0] += 1
            return negative
        if positive is not None:
            hits[0] += 1
            return positive
        misses[0] += 1
        return None

    # -- counting -----------------------------------------------------------------------------------------------------

    def _labels(self, ctx: Context, type: str = "") -> tuple[tuple[str, str], ...]:
        release = self.setup.release
        labels = [("server", ctx.server)]
        if type:
            labels.append(("type", type))
        if release >= "1.9.1":
            labels.append(("zones", ",".join(self.config.zones)))
        if release >= "1.10.0":
            labels.append(("view", self.setup.site.view_name))
        return tuple(labels)

    def _counters_of(self, ctx: Context) -> tuple[list[float], list[float], list[float], list[float]]:
        metrics = self.setup.instance.metrics
        found = (
            metrics.lazy("coredns_cache_requests_total", self._labels(ctx)),
            metrics.lazy("coredns_cache_hits_total", self._labels(ctx, "success")),
            metrics.lazy("coredns_cache_hits_total", self._labels(ctx, "denial")),
            metrics.lazy("coredns_cache_misses_total", self._labels(ctx)),
        )
        self._counters[ctx.server] = found
        return found

    def _count(self, what: str, ctx: Context, type: str = "") -> None:
        self.setup.instance.metrics.inc(f"coredns_cache_{what}", self._labels(ctx, type))

    # -- the answer ---------------------------------------------------------------------------------------------------

    def _reply(self, item: Item, query: Query, ttl: int) -> Msg:
        reply = query.msg.reply(item.rcode)
        reply.aa = self.aa
        reply.ra = item.ra
        reply.ad = item.ad and self._wants_ad(query.do, query.msg.ad)
        plain = self.asks_do and not query.do
        reply.answer, reply.ns, reply.extra = item.sections(ttl, _without_dnssec if plain else tuple, plain)
        return reply

    def _wants_ad(self, do: bool, ad: bool) -> bool:
        """Whether a client that sent these bits gets to see AD: with DO since 1.7.1, or with AD itself since 1.9.4."""
        if self.setup.release >= "1.9.4":
            return do or ad
        return do or self.setup.release < "1.7.1"

    # -- asking again -------------------------------------------------------------------------------------------------

    def _begin(self, item: Item, now: float, recheck: float) -> bool:
        """Since 1.14.3 an item is refreshed by one query at a time, and since 1.14.7 not too soon after a failure."""
        if self.setup.release < "1.14.3":
            return True
        if (recheck > 0 and now < item.retry_after) or item.refreshing:
            return False
        item.refreshing = True
        return True

    def _end(self, item: Item, now: float, recheck: float, refreshed: bool) -> None:
        item.retry_after = now + recheck if recheck > 0 and not refreshed else 0.0
        item.refreshing = False

    def _refresh(self, query: Query, key: Key, item: Item, *, stale: bool) -> None:
        """Ask the plugins behind again, in the background: the client does not wait for it."""
        recheck = self.config.recheck if stale else 0.0
        if not self._begin(item, query.ctx.now(), recheck):
            return
        if not stale or self.setup.release >= "1.8.1":
            self._count("prefetch_total", query.ctx)
        # Nobody is waiting for the reply, so it may be as large as over TCP.
        ctx = query.ctx.beside(proto="tcp")
        asked = (self._onward(query) or query).beside(ctx)
        writer = _Writer(self, query, key, exceptions=False, prefetch=True)
        verifies = stale and self.setup.release >= "1.14.7"
        result = self.rest(asked)

        def arrive() -> None:
            refreshed = True
            if verifies:
                refreshed = writer.verified(result) is not None
            else:
                writer.written(result)
            self._end(item, ctx.now(), recheck, refreshed)
            fresh = self.negative.get(key) or self.positive.get(key)
            if refreshed and fresh is not None:
                fresh.hits, fresh.last = item.hits, query.ctx.now()

        if ctx.elapsed > query.ctx.elapsed:
            self.setup.world.clock.call_at(ctx.now(), arrive)
        else:
            arrive()

    def _verify(self, query: Query, key: Key, item: Item) -> Result | None:
        """Ask the plugins behind before a stale answer is served; None where it has to be served after all."""
        config, ctx = self.config, query.ctx
        if config.recheck > 0 and not self._begin(item, ctx.now(), config.recheck):
            return None
        onward = self._onward(query) or query
        writer = _Writer(self, query, key, exceptions=False, keeps_ad=self.setup.release >= "1.14.7")
        if not config.verify_timeout:
            result = writer.verified(self.rest(onward))
            if config.recheck > 0:
                self._end(item, ctx.now(), config.recheck, result is not None)
            return result
        waiting = ctx.beside()
        result = self.rest(onward.beside(waiting))

        def finish() -> Result | None:
            verified = writer.verified(result)
            if config.recheck > 0:
                self._end(item, waiting.now(), config.recheck, verified is not None)
            return verified

        took = waiting.elapsed - ctx.elapsed
        if took > config.verify_timeout:
            ctx.elapsed += config.verify_timeout

            def arrive() -> None:
                finish()

            self.setup.world.clock.call_at(waiting.now(), arrive)
            return None
        ctx.elapsed = waiting.elapsed
        return finish()


class _Writer:
    """What stands between the plugins behind and the client while an answer is fetched: it keeps and tailors it."""

    __slots__ = ("cache", "exceptions", "keeps_ad", "kept", "key", "prefetch", "query")

    def __init__(self, cache: Cache, query: Query, key: Key, *, exceptions: bool, prefetch: bool = False,
                 keeps_ad: bool = True) -> None:  # fmt: skip
        self.cache = cache
        self.query = query
        self.key = key
        self.exceptions = exceptions  # whether `disable` counts: not for refreshed answers
        self.prefetch = prefetch
        self.keeps_ad = keeps_ad
        self.kept = ""

    def written(self, result: Result) -> Result:
        """Keep what `result` wrote, and return it as the client gets it. Of several messages the last one stays."""
        if result.reply is None:
            return result
        out = Result(self._tailored(result.reply), result.rcode, result.error, result.why, result.plugin)
        out.unsendable = result.unsendable
        if result.later:
            out.later = tuple(self._tailored(reply) for reply in result.later)
        if self.query.ctx.trace is not None:
            out.why = f"stores {self.kept}" if self.kept else "does not store this answer"
        return out

    def _tailored(self, reply: Msg) -> Msg:
        """Keep one message, and return it with the TTL and the bits that the client gets."""
        cache, query = self.cache, self.query
        now = query.ctx.now()
        kind = cache.kinds.of(reply, now)
        seconds = self._seconds(reply, kind)
        ttl = int(seconds)
        release = cache.setup.release
        tailored = reply.copy()
        if not cache.keeps_opt:
            tailored.edns = None
        stored = tailored
        keeps_all = not (cache.asks_do and not query.do)
        if keeps_all:
            tailored.answer = with_ttl(reply.answer, ttl)
            tailored.ns = with_ttl(reply.ns, ttl)
            tailored.extra = with_ttl(reply.extra, ttl)
        self.kept = ""
        if seconds > 0 and self._cacheable(reply, kind):
            if _matches(query, reply, release):
                self._keep(stored if keeps_all else reply, kind, ttl, now)
            else:
                cache._count("drops_total", query.ctx)
        if not keeps_all:
            drop = _first_others if release < "1.8.0" else _without_dnssec
            tailored.answer, tailored.ns, tailored.extra = (
                with_ttl(drop(rrs), ttl) for rrs in (reply.answer, reply.ns, reply.extra)
            )
        if tailored.ad and release >= "1.8.5" and not cache._wants_ad(query.do, query.msg.ad and self.keeps_ad):
            tailored.ad = False
        return tailored

    def verified(self, result: Result) -> Result | None:
        """The same for a stale answer that is being checked; None where the new one does not count."""
        reply, cache, query = result.reply, self.cache, self.query
        if reply is None:
            return None
        release = cache.setup.release
        if release >= "1.14.7":
            if reply.tc or not _matches(query, reply, release):
                return None
            if cache.config.prefer_positive:
                kind = _kind(cache, reply, query.ctx.now())
                usable = kind == SUCCESS and _answers(reply)
                written = self.written(result)
                return written if usable else None
            if cache.kinds.of(reply, query.ctx.now()) in (OTHER_ERROR, META, DYNAMIC_UPDATE):
                return None
        if reply.rcode not in (NOERROR, NXDOMAIN):
            return None
        return self.written(result)

    def _seconds(self, reply: Msg, kind: str) -> float:
        cache, release = self.cache, self.cache.setup.release
        config: Settings = cache.config
        if release >= "1.14.7":
            kind = _kind(cache, reply, self.query.ctx.now())
        if kind == SERVER_ERROR:
            return config.servfail
        denial = kind in (NAME_ERROR, NODATA)
        low, high = (config.denial_min, config.denial_ttl) if denial else (config.success_min, config.success_ttl)
        if release < "1.2.5":
            found = _minimal_ttl_of_2018(reply, kind)
        else:
            found = _minimal_ttl(reply, kind, high if release >= "1.14.4" else HOUR)
        return min(max(found, low), high)

    def _cacheable(self, reply: Msg, kind: str) -> bool:
        if reply.tc or kind in (OTHER_ERROR, META, DYNAMIC_UPDATE):
            return False
        release = self.cache.setup.release
        soa = any(rr[1] == SOA for rr in reply.ns)
        if kind == NAME_ERROR and not soa and release >= "1.14.5":
            return False  # without an SOA record nothing bounds the denial (RFC 2308 §5)
        unanswered = bool(reply.answer) and release >= "1.14.7" and not _answers(reply)
        return not (kind == SUCCESS and unanswered and not soa)

    def _keep(self, msg: Msg, kind: str, ttl: int, now: float) -> None:
        cache, key, query = self.cache, self.key, self.query
        config, release = cache.config, cache.setup.release
        if release >= "1.14.7":
            kind = _kind(cache, msg, now)
        if cache.do_of_reply:
            key = cache._key(query.name, query.type, query.cls, msg.edns is not None and msg.edns.do, query.msg.cd)
        denial = kind not in (SUCCESS, DELEGATION)
        excepted = config.no_denial if denial else config.no_success
        assert msg.question is not None
        if self.exceptions and excepted and longest_match(excepted, msg.question[0].lower()) is not None:
            return
        item = Item(msg, now, ttl)
        if query.ctx.metadata is not None and "zone/wildcard" in query.ctx.metadata:
            item.wildcard = query.ctx.metadata["zone/wildcard"]()
        store = cache.negative if denial else cache.positive
        if not denial:
            item.answering = _answers(msg)
            if config.prefer_positive and not item.answering:
                before = store.get(key)
                if before is not None:
                    item.last_good = before if before.answering else before.last_good
        if store.add(key, item) and release >= "1.8.4":
            cache._count("evictions_total", query.ctx, "denial" if denial else "success")
        if not denial and (item.answering if config.prefer_positive else self.prefetch and release >= "1.6.8"):
            cache.negative.remove(key)
        self.kept = f"this {'denial' if denial else 'answer'} for {ttl} s"
        size = "coredns_cache_entries" if release >= "1.7.0" else "coredns_cache_size"
        metrics = cache.setup.instance.metrics
        metrics.set(size, cache._labels(query.ctx, "success"), len(cache.positive.items))
        metrics.set(size, cache._labels(query.ctx, "denial"), len(cache.negative.items))


# -- small facts ------------------------------------------------------------------------------------------------------


def _usable(item: Item, now: float, stale: float) -> bool:
    left = item.left(now)
    return left > 0 or (stale > 0 and -left < int(stale))


def _matches(query: Query, reply: Msg, release: Release) -> bool:
    """Whether the reply is one to this question."""
    question = reply.question
    if question is None or not reply.qr or question[0].lower() != query.name or question[1] != query.type:
        return False
    return question[2] == query.cls or release < "1.14.7"


def _kind(cache: Cache, reply: Msg, now: float) -> str:
    """Since 1.14.7 an answer that does not answer and comes with an SOA record is NODATA."""
    kind = cache.kinds.of(reply, now)
    if kind == SUCCESS and reply.answer and any(rr[1] == SOA for rr in reply.ns) and not _answers(reply):
        return NODATA
    return kind


def _answers(msg: Msg) -> bool:
    """Whether the answer section holds what was asked for, at the end of an unambiguous chain of CNAME records."""
    if msg.rcode != NOERROR or msg.question is None or not msg.answer:
        return False
    name, qtype, cls = msg.question[0].lower(), msg.question[1], msg.question[2]
    rrs = [rr for rr in msg.answer if cls in (255, rr[2])]
    if qtype == 255:
        return any(rr[0].lower() == name for rr in rrs)
    if qtype == CNAME:
        return len({rr[4][0].lower() for rr in rrs if rr[1] == CNAME and rr[0].lower() == name}) == 1
    seen = set()
    while True:
        if name in seen:
            return False
        seen.add(name)
        targets = {rr[4][0].lower() for rr in rrs if rr[1] == CNAME and rr[0].lower() == name}
        if len(targets) > 1:
            return False
        if not targets:
            return any(rr[1] == qtype and rr[0].lower() == name for rr in rrs)
        name = targets.pop()


def _minimal_ttl(msg: Msg, kind: str, most: float) -> float:
    """The smallest TTL in the message, in seconds (plugin/pkg/dnsutil/ttl.go)."""
    if kind not in (SUCCESS, NAME_ERROR, NODATA) or not (msg.answer or msg.ns or msg.extra):
        return SHORT
    least = most
    for section in (msg.answer, msg.ns, msg.extra):
        for rr in section:
            if rr[3] < int(least):
                least = float(rr[3])
    return least


def _minimal_ttl_of_2018(msg: Msg, kind: str) -> float:
    """Up to 1.2.4: a denial is good for the last field of its SOA record (RFC 2308 §5), whatever that one's TTL."""
    if kind not in (SUCCESS, NAME_ERROR, NODATA) or not (msg.answer or msg.ns or msg.extra or msg.edns):
        return SHORT
    least = HOUR
    for section in (msg.answer, msg.ns, msg.extra):
        for rr in section:
            if kind != SUCCESS:
                if rr[1] == SOA:
                    least = float(rr[4][6])
            elif rr[3] < int(least):
                least = float(rr[3])
    return least


def _without_dnssec(rrs: Any) -> list[RR]:
    return [rr for rr in rrs if rr[1] not in DNSSEC]


def _first_others(rrs: Any) -> list[RR]:
    # 1.7.1 counts the records that are not DNSSEC's and keeps as many from the front, whichever these are.
    return list(rrs[: len(_without_dnssec(rrs))])


def _zones(given: tuple[tuple[str, ...], ...], setup: Setup) -> tuple[str, ...]:
    if setup.release >= "1.8.4" or not given:
        return setup.origins(given)
    # Until 1.8.3 the zones given replaced as many of the server block's, and no more.
    named = tuple(z[0] for z in given if z)
    return named[: len(setup.zones)] + setup.zones[len(named) :]


def _serve_stale(v: dict[str, Any]) -> dict[str, Any]:
    verify = v["mode"] == "verify"
    rest = [v["third"], v["fourth"], v["fifth"]]
    out: dict[str, Any] = {
        "stale": v["duration"],
        "verify": verify,
        "verify_timeout": 0.0,
        "stale_ttl": 0,
        "recheck": 0.0,
    }
    if verify and rest[0] is not None:
        out["verify_timeout"] = _time(rest.pop(0), "verify timeout", "invalid negative timeout for serve_stale verify")
    elif not verify and rest[2] is not None:
        raise Invalid("`serve_stale ... immediate` takes a TTL and a recheck time at most",
                      coredns=f"Wrong argument count or unexpected line ending after '{rest[2]}'")  # fmt: skip
    if rest[0] is not None:
        ttl = _time(rest[0], "response TTL", "invalid negative response TTL for serve_stale")
        if ttl != int(ttl):
            raise Invalid(f"`{rest[0]}` is not a whole number of seconds", located=False,
                          coredns="serve_stale response TTL must be a whole number of seconds")  # fmt: skip
        if ttl > 0xFFFFFFFF:
            raise Invalid(f"`{rest[0]}` is more than a TTL can hold", located=False,
                          coredns="serve_stale response TTL exceeds the DNS TTL range")  # fmt: skip
        out["stale_ttl"] = int(ttl)
    if rest[1] is not None:
        out["recheck"] = _time(rest[1], "failure recheck", "invalid negative failure recheck for serve_stale")
        if out["recheck"] > 300:
            raise Invalid("the recheck time may be five minutes at most", located=False,
                          coredns="serve_stale failure recheck cannot exceed 5 minutes")  # fmt: skip
    return out


def _time(text: str, what: str, negative: str) -> float:
    try:
        value = go_duration(text)
    except Invalid as e:
        raise Invalid(
            e.message, hint=e.hint, coredns=f"invalid serve_stale {what}: {e.coredns}", located=False
        ) from None
    if value < 0:
        raise Invalid(f"`{text}` is negative", located=False, coredns=negative)
    return value


__all__ = ["IN", "Cache", "Settings"]
