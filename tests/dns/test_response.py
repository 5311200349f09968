"""The kinds of replies, and their classes."""

from __future__ import annotations

import pytest

from corefile.dns.codes import NOERROR, NOTIFY, NOTIMP, NS, NXDOMAIN, REFUSED, SERVFAIL, SOA, UPDATE, A
from corefile.dns.message import Msg, Question
from corefile.dns.response import Kinds, class_of
from corefile.dns.rr import RR
from corefile.releases import find

DATA = {A: ("192.0.2.1",), NS: ("ns.a.test.",), SOA: ("ns.a.test.", "h.a.test.", 1, 2, 3, 4, 5)}


def reply(rcode: int = NOERROR, answer: tuple[int, ...] = (), ns: tuple[int, ...] = (), opcode: int = 0) -> Msg:
    msg = Msg(Question("a.test.", A, 1), id=1).reply(rcode)
    msg.opcode = opcode
    msg.answer, msg.ns = ([RR("a.test.", type, 1, 5, DATA[type]) for type in types] for types in (answer, ns))
    return msg


@pytest.mark.parametrize(
    ("msg", "release", "kind", "of"),
    [
        (reply(answer=(A,)), "1.14.7", "NOERROR", "success"),
        (reply(), "1.14.7", "NOERROR", "success"),
        (reply(ns=(SOA,)), "1.14.7", "NODATA", "denial"),
        (reply(ns=(NS,)), "1.14.7", "DELEGATION", "success"),
        (reply(NXDOMAIN, ns=(SOA,)), "1.14.7", "NXDOMAIN", "denial"),
        (reply(NXDOMAIN), "1.14.4", "OTHERERROR", "error"),
        (reply(NXDOMAIN), "1.14.5", "NXDOMAIN", "denial"),
        (reply(NXDOMAIN, answer=(A,), ns=(SOA,)), "1.14.4", "NXDOMAIN", "denial"),
        (reply(NXDOMAIN, answer=(A,), ns=(SOA,)), "1.14.5", "OTHERERROR", "error"),
        (reply(SERVFAIL), "1.5.0", "OTHERERROR", "error"),
        (reply(SERVFAIL), "1.5.1", "SERVERERROR", "error"),
        (reply(NOTIMP), "1.5.1", "SERVERERROR", "error"),
        (reply(REFUSED), "1.14.7", "OTHERERROR", "error"),
        (reply(opcode=UPDATE), "1.14.7", "UPDATE", "error"),
        (reply(opcode=NOTIFY), "1.14.7", "META", "error"),
    ],
)
def test_kinds(msg: Msg, release: str, kind: str, of: str) -> None:
    assert Kinds(find(release)).of(msg, 0) == kind
    assert class_of(kind) == of
