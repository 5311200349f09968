"""A directory of services: plugins that answer from the records of a backend (ServeDNS of kubernetes and etcd)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from typing import Any

from ...dns.codes import type_name
from ...light import NamedTuple
from ...plugin import (
    NO_FALL,
    Answerer,
    Fall,
    Outcome,
    Query,
    Reason,
    Result,
    Why,
    dns,
    failed,
    fallthrough,
)
from .answers import Answers, below, counted
from .ask import Answered, Ask, Failure, Missing, Records
from .rules import LookupRules

FOUND = Reason("found", "{} {} record{} from {}")
ALIASES = Reason("aliases", "{}; {}")
NO_SUCH_RECORD = Reason("no-such-record", "the name exists, but has no {} record")
FAILED = Reason("look-up-failed", "the look-up fails: {}")
NOT_FOR_THIS = "; `fallthrough` is for names that do not exist"


class Kept(NamedTuple):
    """An answer that can be given again."""

    answer: Sequence[dns.RR]
    extra: Sequence[dns.RR]
    truncated: bool
    why: Why


class Directory(Answerer):
    """Answers what its backend has services for.

    SOURCE: where the records come from, for traces. KEEPS: how many answers are kept ready while the services do not
    change; see `forget`. minimum: of the SOA record, in seconds.
    authoritative, recursion_available: whether replies have AA and RA set.
    """

    SOURCE = "the directory"
    KEEPS = 65536
    FLAGS = tuple(f"type {t}" for t in ("A", "AAAA", "SRV", "PTR", "TXT", "CNAME", "MX", "NS", "SOA"))
    fall: Fall = NO_FALL
    minimum = 30
    authoritative = True

    def prepare(self) -> None:
        """Nothing has been answered yet."""
        self.lookups = LookupRules.of(self.setup.release)
        self.recursion_available = self.lookups.recursion_available
        self.kept: dict[tuple[str, int], Kept] = {}

    # -- what a directory says of itself ------------------------------------------------------------------------------

    @cached_property
    def answers(self) -> Answers:
        """What makes records, with the directory's backend."""
        raise NotImplementedError

    def serial(self, zone: str) -> int:
        """The serial of the zone's SOA record."""
        raise NotImplementedError

    def failure(self, query: Query, zone: str, found: Failure) -> Outcome:
        """What becomes of a look-up that has failed."""
        return failed(dns.SERVFAIL, found.error, (FAILED, found.error))

    def denial(self, query: Query, zone: str, found: Missing) -> Result:
        """The reply for a name that does not exist."""
        why = found.why
        if query.ctx.trace is not None:
            why = longer(why, " -> NXDOMAIN; {}", self.fall.ends())
        return self.empty(query, zone, dns.NXDOMAIN, why)

    def find(self, ask: Ask) -> Answered:
        """What a question is answered with."""
        if ask.type == dns.SOA:
            return Records([self.soa(ask.zone)], varies=True)
        return self.answers.to(ask)

    def forget(self) -> None:
        """The services have changed: nothing that has been answered counts any more."""
        self.kept.clear()

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """The answer, at once where it has been given before."""
        kept = self.kept.get((query.qname, query.type))
        return self.look_up(query, zone) if kept is None else self._reply(query, kept)

    def look_up(self, query: Query, zone: str) -> Outcome:
        """The records of the name, or that there are none."""
        ask = Ask(query, query.qname, query.name, query.type, zone)
        found = self.find(ask)
        if isinstance(found, Records):
            return self.told(query, zone, found)
        changed = query.asking(found.asked) if found.asked else None
        if changed is not None:
            query.became, query = changed, changed
        if isinstance(found, Missing) and self.fall.through(ask.name):
            return fallthrough(found.why, query=changed)
        return self.denial(query, zone, found) if isinstance(found, Missing) else self.failure(query, zone, found)

    def told(self, query: Query, zone: str, found: Records) -> Result:
        """The reply with the records, or that there are none."""
        if not found.answer:
            return self.empty(query, zone, dns.NOERROR, self._why_empty(query, found))
        kept = Kept(found.answer, found.extra or (), found.truncated, self._why(query, found))
        if not found.varies:
            if len(self.kept) >= self.KEEPS:
                self.kept.clear()
            self.kept[query.qname, query.type] = kept
        return self._reply(query, kept)

    def _why(self, query: Query, found: Records) -> Why:
        if found.aliases:
            return reduce(_and, found.aliases)
        number, ending = counted(found.answer)
        return (FOUND, number, type_name(query.type), ending, self.SOURCE)

    def _why_empty(self, query: Query, found: Records) -> Why:
        why = reduce(_and, found.aliases) if found.aliases else (NO_SUCH_RECORD, type_name(query.type))
        return longer(why, NOT_FOR_THIS) if self.fall.through(query.name) else why

    def _reply(self, query: Query, kept: Kept) -> Result:
        answer, extra, truncated, why = kept
        reply = query.msg.reply()
        reply.aa = self.authoritative
        reply.ra = self.recursion_available
        reply.tc = truncated
        reply.answer = list(answer)
        if extra:
            reply.extra = list(extra)
        if not self.lookups.records_once:
            reply.answer, reply.extra = whole_records_once(reply.answer), whole_records_once(reply.extra)
        return self.write(query, reply, why)

    def empty(self, query: Query, zone: str, rcode: int, why: Why) -> Result:
        """A reply without an answer, with the zone's SOA record."""
        reply = query.msg.reply(rcode)
        reply.aa = self.authoritative
        reply.ra = self.recursion_available
        reply.ns = [self.soa(zone)]
        reply.compress = self.lookups.denials_compressed
        return self.write(query, reply, why, scrubs=False)

    def soa(self, zone: str) -> dns.RR:
        """The SOA record of `zone`."""
        minimum = self.minimum
        ttl = min(minimum, 300) if self.lookups.soa_ttl_follows_minimum else 300
        names = below("ns.dns.", zone), below("hostmaster.", zone)
        return dns.RR(zone, dns.SOA, dns.IN, ttl, (*names, self.serial(zone), 7200, 1800, 86400, minimum))


def longer(why: Why, more: str, *arguments: Any) -> Why:
    """The same reason with more to say."""
    if isinstance(why, str):
        return why + more.format(*arguments)
    reason, *first = why
    return (Reason(reason.name, reason.text + more), *first, *arguments) if isinstance(reason, Reason) else why


def whole_records_once(records: list[dns.RR]) -> list[dns.RR]:
    """Each record once, with the least of its TTLs (Dedup of miekg/dns)."""
    kept: dict[tuple[Any, ...], dns.RR] = {}
    for rr in records:
        key = (rr.name.lower(), *rr[1:3], rr.data)
        kept[key] = rr if key not in kept else kept[key].with_ttl(min(rr.ttl, kept[key].ttl))
    return list(kept.values())


def _and(first: Why, second: Why) -> Why:
    return (ALIASES, first, second)


__all__ = ["Directory", "Kept", "longer", "whole_records_once"]
