"""What the cache reads off a message: whether it answers its question, of which kind it is, and how long it is good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dns.codes import CNAME, DS, NOERROR, NSEC, NSEC3, RRSIG, SOA
from ...dns.message import Msg
from ...dns.response import NAME_ERROR, NODATA, SUCCESS, Kinds
from ...dns.rr import RR
from ._config import HOUR, SHORT

if TYPE_CHECKING:
    from ...chain.query import Query
    from ...releases import Release

DNSSEC = frozenset((24, DS, RRSIG, NSEC, NSEC3))  # 24 is SIG
ANY = 255  # as a type, and as a class


def matches(query: Query, reply: Msg, release: Release) -> bool:
    """Whether the reply is one to this question."""
    question = reply.question
    if question is None or not reply.qr or question[0].lower() != query.name or question[1] != query.type:
        return False
    return question[2] == query.cls or release < "1.14.7"


def has_soa(reply: Msg) -> bool:
    """Whether an SOA record says for how long there is nothing."""
    for rr in reply.ns:
        if rr[1] == SOA:
            return True
    return False


def kind_of(reply: Msg, now: float, kinds: Kinds, release: Release) -> str:
    """Since 1.14.7 an answer that does not answer and comes with an SOA record is NODATA to the cache."""
    kind = kinds.of(reply, now)
    if kind == SUCCESS and release >= "1.14.7" and reply.answer and has_soa(reply) and not answers(reply):
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


def minimal_ttl(msg: Msg, kind: str, most: float, release: Release) -> float:
    """The smallest TTL in the message, in seconds (plugin/pkg/dnsutil/ttl.go). `most`: what the cache keeps such an
    answer for; up to 1.14.3 no TTL was more than an hour, whatever that says."""
    if release < "1.2.5":
        return _minimal_ttl_of_2018(msg, kind)
    if kind not in (SUCCESS, NAME_ERROR, NODATA) or not (msg.answer or msg.ns or msg.extra):
        return SHORT
    least = most if release >= "1.14.4" else HOUR
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


def without_dnssec(rrs: Sequence[RR]) -> list[RR]:
    """The records that are none of DNSSEC's."""
    return [rr for rr in rrs if rr[1] not in DNSSEC]


def first_others(rrs: Sequence[RR]) -> list[RR]:
    """As 1.7.1 meant to leave out DNSSEC's records: it counts the others and keeps as many from the front, whichever
    these are."""
    return list(rrs[: len(without_dnssec(rrs))])
