"""What kind of answer a reply is, as caches and logs tell them apart (RFC 2308; CoreDNS's plugin/pkg/response)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..releases.rules import ReleaseRules, since
from .codes import AXFR, IXFR, NOERROR, NOTIFY, NOTIMP, NS, NXDOMAIN, RRSIG, SERVFAIL, SOA, UPDATE
from .message import Msg
from .rr import RR

if TYPE_CHECKING:
    from ..releases import Release

SUCCESS, NAME_ERROR, NODATA, DELEGATION, META, DYNAMIC_UPDATE, OTHER_ERROR, SERVER_ERROR = (
    "NOERROR",
    "NXDOMAIN",
    "NODATA",
    "DELEGATION",
    "META",
    "UPDATE",
    "OTHERERROR",
    "SERVERERROR",
)

_CLASSES = {SUCCESS: "success", DELEGATION: "success", NAME_ERROR: "denial", NODATA: "denial"}


def class_of(kind: str) -> str:
    """The class of a kind of reply: `success`, `denial` or `error`."""
    return _CLASSES.get(kind, "error")


class KindRules(ReleaseRules):
    """What differs between releases."""

    server_error = since("1.5.1", "SERVFAIL and NOTIMP have a kind of their own")
    bare_denial = since(
        "1.14.5",
        "NXDOMAIN without an SOA record is a denial; with an answer (a CNAME that leads nowhere) it is an error",
    )


class Kinds:
    """How one release classifies replies."""

    __slots__ = ("rules",)

    def __init__(self, release: Release) -> None:
        self.rules = KindRules.of(release)

    def of(self, msg: Msg, now: float) -> str:
        """The kind of `msg`; `now` (seconds since the epoch) decides whether its signatures have expired."""
        if msg.opcode == UPDATE:
            return DYNAMIC_UPDATE
        if msg.opcode == NOTIFY:
            return META
        if msg.question is not None and msg.question[1] in (AXFR, IXFR):
            return META
        if (
            msg.edns is not None
            and msg.edns.do
            and (_expired(msg.answer, now) or _expired(msg.ns, now) or _expired(msg.extra, now))
        ):
            return OTHER_ERROR
        rcode = msg.rcode
        if msg.answer:
            if rcode == NOERROR:
                return SUCCESS
            if rcode == NXDOMAIN and self.rules.bare_denial:
                return OTHER_ERROR
        soa = ns = False
        for rr in msg.ns:
            if rr[1] == SOA:
                soa = True
            elif rr[1] == NS:
                ns = True
        if soa and rcode == NOERROR:
            return NODATA
        if rcode == NXDOMAIN and (soa or self.rules.bare_denial):
            return NAME_ERROR
        if self.rules.server_error and rcode in (SERVFAIL, NOTIMP):
            return SERVER_ERROR
        if ns and rcode == NOERROR:
            return DELEGATION
        return SUCCESS if rcode == NOERROR else OTHER_ERROR


def _expired(rrs: Iterable[RR], now: float) -> bool:
    # RRSIG: type covered, algorithm, labels, original TTL, expiration, inception, ... (RFC 4034 §3.1)
    return any(rr[1] == RRSIG and not rr[4][5] <= int(now) <= rr[4][4] for rr in rrs)
