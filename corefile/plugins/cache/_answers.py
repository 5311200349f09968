"""What the cache reads off a message: whether it answers its question, of which kind it is, and how long it is good."""

from __future__ import annotations

from collections.abc import Sequence

from ...dns.codes import NSEC, NSEC3, RRSIG
from ...dns.response import NAME_ERROR, NODATA, SUCCESS, Kinds
from ...plugin import ANY, CNAME, DS, NOERROR, RR, SOA, Msg
from ._rules import HOUR, SHORT, CacheRules

DNSSEC = frozenset((24, DS, RRSIG, NSEC, NSEC3))  # 24 is SIG


def has_soa(reply: Msg) -> bool:
    """Whether an SOA record says for how long there is nothing."""
    for rr in reply.ns:
        if rr[1] == SOA:
            return True
    return False


def kind_of(reply: Msg, now: float, kinds: Kinds, rules: CacheRules) -> str:
    """The kind of a reply, as the cache sees it."""
    kind = kinds.of(reply, now)
    if kind == SUCCESS and rules.judges_answers and reply.answer and has_soa(reply) and not answers(reply):
        return NODATA
    return kind


def answers(msg: Msg) -> bool:
    """Whether the answer section holds what was asked for, at the end of an unambiguous chain of CNAME records."""
    if msg.rcode != NOERROR or msg.question is None or not msg.answer:
        return False
    name, qtype, cls = msg.question[0].lower(), msg.question[1], msg.question[2]
    if len(msg.answer) == 1 and qtype != ANY:  # as most have
        (rr,) = msg.answer
        return rr[1] == qtype and cls in (ANY, rr[2]) and rr[0].lower() == name
    rrs = [rr for rr in msg.answer if cls in (ANY, rr[2])]
    if qtype == ANY:
        return any(rr[0].lower() == name for rr in rrs)
    if qtype == CNAME:
        return len(_targets(rrs, name)) == 1
    seen = set()
    while name not in seen:
        seen.add(name)
        targets = _targets(rrs, name)
        if not targets:
            return any(rr[1] == qtype and rr[0].lower() == name for rr in rrs)
        if len(targets) > 1:
            return False
        name = targets.pop()
    return False


def _targets(rrs: Sequence[RR], name: str) -> set[str]:
    return {rr[4][0].lower() for rr in rrs if rr[1] == CNAME and rr[0].lower() == name}


def minimal_ttl(msg: Msg, kind: str, most: float, rules: CacheRules) -> float:
    """The smallest TTL in the message, or `most`, in seconds (plugin/pkg/dnsutil/ttl.go). Without records it is short."""
    if rules.ttl_of_soa:
        return _minimal_ttl_of_2018(msg, kind, rules)
    if kind not in (SUCCESS, NAME_ERROR, NODATA) or not (msg.answer or msg.ns or msg.extra):
        return SHORT
    least = most
    for section in (msg.answer, msg.ns, msg.extra):
        for rr in section:
            if rr[3] < int(least):
                least = float(rr[3])
    return least


def _minimal_ttl_of_2018(msg: Msg, kind: str, rules: CacheRules) -> float:
    if kind not in (SUCCESS, NAME_ERROR, NODATA):
        return 0.0 if rules.others_vanish else SHORT
    if rules.empty_is_short and not (msg.answer or msg.ns or msg.extra or msg.edns):
        return SHORT
    least = HOUR
    for section in (msg.answer, msg.ns, msg.extra if rules.counts_additional else ()):
        for rr in section:
            if kind != SUCCESS:
                if rr[1] == SOA:
                    least = float(rr[4][6])
                    if rules.first_soa:
                        return least
            elif rr[3] < int(least):
                least = float(rr[3])
    return least


def without_dnssec(rrs: Sequence[RR]) -> list[RR]:
    """The records that are none of DNSSEC's."""
    return [rr for rr in rrs if rr[1] not in DNSSEC]


def first_others(rrs: Sequence[RR]) -> list[RR]:
    """As many records from the front as are none of DNSSEC's, whichever these are."""
    return list(rrs[: len(without_dnssec(rrs))])


__all__ = ["DNSSEC", "answers", "first_others", "has_soa", "kind_of", "minimal_ttl", "without_dnssec"]
