"""What stands between the plugins behind the cache and its client while an answer is fetched: it keeps the answer, and
tailors it to the client (plugin/cache/cache.go, ResponseWriter and verifyStaleResponseWriter)."""

from __future__ import annotations

from typing import Any

from ...dns.codes import rcode_name
from ...dns.response import DELEGATION, DYNAMIC_UPDATE, META, NAME_ERROR, NODATA, OTHER_ERROR, SERVER_ERROR, SUCCESS
from ...plugin import NOERROR, NXDOMAIN, Msg, Query, Reason, Result, Why, longest_match
from ._answers import answers, first_others, has_soa, kind_of, minimal_ttl, without_dnssec
from ._memory import Limits, Memory
from ._store import Item, Keep, Key, Sections, now_at, with_ttl

NEVER_KEPT = frozenset((OTHER_ERROR, META, DYNAMIC_UPDATE))
LARGEST_TTL = float(1 << 32)

STORES = Reason("stores", "stores this {} for {} s{}")
DISABLED = Reason("disabled", "does not store this {}: `disable {}` names {}{}")
TRUNCATED = Reason("truncated", "does not store this answer, since it is truncated{}")
NOT_KEPT = Reason("not-kept", "does not store this answer: {} is not kept{}")
NO_TTL = Reason("no-ttl", "does not store this answer: it is good for 0 s{}")
NO_SOA = Reason("no-soa", "does not store this denial: without an SOA record nothing says for how long it is good{}")
NO_ANSWER = Reason(
    "answers-nothing", "does not store this answer: it does not answer the question, and has no SOA record{}"
)
OF_ANOTHER = Reason("of-another-question", "does not store this answer: its question is another one{}")


class Writer:
    """Keeps what is written to it.

    first: the answer is fetched for a client, because none is kept: `disable` counts, and a wildcard's name is kept.
    background: the client does not get what is written (prefetch). keeps_ad: whether a client's AD bit is known. item:
    what was kept of the last message. onward: the query that was passed on, whose type plugins behind may have changed.
    """

    __slots__ = ("background", "first", "item", "keeps_ad", "key", "memory", "onward", "query", "why")

    def __init__(
        self,
        memory: Memory,
        query: Query,
        key: Key,
        onward: Query | None = None,
        first: bool = False,
        background: bool = False,
        keeps_ad: bool = True,
    ) -> None:
        self.memory = memory
        self.query = query
        self.onward = onward or query
        self.key = key
        self.first = first
        self.background = background
        self.keeps_ad = keeps_ad
        self.item: Item | None = None
        self.why: Why = ""

    @property
    def disabled(self) -> str:
        """The kind of answer for which `disable` kept the last message from being kept; '' for none. Known where there is a
        trace."""
        why = self.why
        return str(why[2]) if isinstance(why, tuple) and why and why[0] is DISABLED else ""

    def written(self, result: Result) -> Result:
        """Keep what `result` wrote, and return it as the client gets it. Of several messages the last one stays."""
        if result.reply is None:
            return result
        out = result.replying(self._tailored(result.reply), self.why)
        if result.later:
            out.later = tuple([self._tailored(reply) for reply in result.later])
            out.why = self.why or out.why
        out.plugin = ""
        return out

    def verified(self, result: Result) -> Result | None:
        """The same for a stale answer that is being checked; None where the new one does not count."""
        reply, memory, query = result.reply, self.memory, self.query
        if reply is None:
            return None
        rules = memory.rules
        if rules.judges_refresh:
            if reply.tc or not self.onward.matches(reply, cls=rules.matches_class):
                return None
            now = query.ctx.now()
            if memory.prefers_positive:
                usable = kind_of(reply, now, memory.kinds, rules) == SUCCESS and answers(reply)
                written = self.written(result)
                return written if usable else None
            if memory.kinds.of(reply, now) in NEVER_KEPT:
                return None
        if reply.rcode not in (NOERROR, NXDOMAIN):
            return None
        return self.written(result)

    def _tailored(self, reply: Msg) -> Msg:
        """Keep one message, and return it with the TTL and the bits that the client gets."""
        memory, query = self.memory, self.query
        rules, behind = memory.rules, memory.behind
        now = query.ctx.now()
        kind = kind_of(reply, now, memory.kinds, rules)
        limits = memory.denial if kind in (NAME_ERROR, NODATA) else memory.success
        seconds = memory.config.servfail
        if kind != SERVER_ERROR:
            least, most, largest, _ = limits
            seconds = min(max(minimal_ttl(reply, kind, largest, rules), least), most)
        ttl = int(seconds)
        tailored = reply.copy()
        if not rules.keeps_opt:
            tailored.edns = None
        sections: Sections = reply.answer, reply.ns, reply.extra
        bare = rules.asks_do and not query.do
        drop: Keep = list if not bare else first_others if rules.keeps_first else without_dnssec
        if behind is not None:
            held = behind.held(sections)
            if not self.background:
                behind.write(sections, ttl, drop)
            sections = now_at(sections, held)
        answer, ns, extra = sections
        tailored.answer, tailored.ns, tailored.extra = with_ttl(answer, ttl), with_ttl(ns, ttl), with_ttl(extra, ttl)
        hidden = tailored.ad and rules.hides_ad and not memory.shows_ad(query.do, query.msg.ad and self.keeps_ad)
        if hidden and rules.hides_ad_first:
            tailored.ad = False
        self.item = None
        why = self._judged(reply, kind, seconds) or self._keep(tailored, kind, ttl, now)
        if query.ctx.trace is not None:
            self.why = (*why, self._of_ttl(reply, kind, ttl, limits))
        if behind is not None and self.item is not None:
            self.item.held = held if any(map(any, held)) else None
        if bare:
            tailored.answer, tailored.ns, tailored.extra = map(drop, (tailored.answer, tailored.ns, tailored.extra))
        if hidden:
            tailored.ad = False
        return tailored

    # -- what is kept -------------------------------------------------------------------------------------------------

    def _judged(self, reply: Msg, kind: str, seconds: float) -> tuple[Any, ...] | None:
        """Why a reply is not kept; None where nothing speaks against it."""
        memory, rules = self.memory, self.memory.rules
        if not seconds > 0:
            return (NO_TTL,)
        if reply.tc:
            return (TRUNCATED,)
        if kind in NEVER_KEPT:
            what = "an UPDATE" if kind == DYNAMIC_UPDATE else "a NOTIFY or a transfer"
            if kind == OTHER_ERROR:
                what = rcode_name(reply.rcode) if reply.rcode else "an expired signature"
            return NOT_KEPT, what
        if kind == NAME_ERROR and rules.denial_needs_soa and not has_soa(reply):
            return (NO_SOA,)
        if kind == SUCCESS and rules.judges_answers and reply.answer and not (has_soa(reply) or answers(reply)):
            return (NO_ANSWER,)
        if rules.key_of_reply:
            return None
        if not self.onward.matches(reply, cls=rules.matches_class):
            memory.counts.add("drops", self.query.ctx)
            return (OF_ANOTHER,)
        return None

    def _keep(self, msg: Msg, kind: str, ttl: int, now: float) -> tuple[Any, ...]:
        """Keep a message unless `disable` names it."""
        memory, ctx = self.memory, self.query.ctx
        denial = kind not in (SUCCESS, DELEGATION)
        word = "failure" if kind == SERVER_ERROR else "denial" if denial else "answer"
        zones = (memory.config.disable.denial if denial else memory.config.disable.success) if self.first else ()
        zone = longest_match(zones, msg.question[0].lower()) if zones and msg.question is not None else None
        if zone is None:
            item = self.item = Item(msg, now, ttl)
            if self.first and ctx.metadata is not None and "zone/wildcard" in ctx.metadata:
                item.wildcard = ctx.metadata["zone/wildcard"]()
            self._store(item, msg, denial)
        memory.counts.sizes(ctx, len(memory.positive.items), len(memory.negative.items))
        return (STORES, word, ttl) if zone is None else (DISABLED, word, "denial" if denial else "success", zone)

    def _store(self, item: Item, msg: Msg, denial: bool) -> None:
        memory, key, query, question = self.memory, self.key, self.query, msg.question
        type = query.type if question is None else question[1]  # which a plugin behind may have left changed
        if memory.rules.do_of_reply or type != query.type:
            edns = msg.edns if memory.rules.do_of_reply else query.msg.edns
            name = question[0].lower() if memory.rules.key_of_reply and question is not None else query.name
            key = memory.key(name, type, query.cls, edns is not None and edns.do, query.msg.cd)
        if memory.rules.shares_records:
            memory.latest.append(item)
        store = memory.negative if denial else memory.positive
        if memory.prefers_positive and not denial:
            item.answering = answers(msg)
            if not item.answering:
                before = store.get(key)
                if before is not None:
                    item.last_good = before if before.answering else before.last_good
        if store.add(key, item) and memory.rules.counts_evictions:
            memory.counts.add("evictions", query.ctx, "denial" if denial else "success")
        ends_denial = (
            item.answering if memory.prefers_positive else self.background and memory.rules.refresh_ends_denial
        )
        if not denial and ends_denial:
            memory.negative.remove(key)

    def _of_ttl(self, reply: Msg, kind: str, ttl: int, limits: Limits) -> str:
        """What made the TTL what it is, for a trace; '' where that is plain."""
        if kind == SERVER_ERROR:
            return "; `servfail` says for how long" if self.memory.config.servfail != ttl else ""
        own = int(minimal_ttl(reply, kind, LARGEST_TTL, self.memory.rules))
        if ttl > own:
            return f"; its TTL was {own}, the least is {limits.least:g}"
        if ttl < own:
            return f"; its TTL was {own}, the most is {min(limits.ttl, limits.most):g}"
        if self.item is None or ttl == limits.most or not limits.given:
            return ""
        return f", its smallest TTL ({limits.most:g} s at most)"


__all__ = ["Writer"]
