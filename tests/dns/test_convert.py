"""dnslib's objects."""

from __future__ import annotations

import dnslib

from corefile.dns import convert, rdata
from corefile.dns.codes import CH
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR


def reply(*answer: str, ns: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Msg:
    msg = Msg(Question("www.example.org.", 1, 1), id=4242, rd=True).reply()
    msg.answer = [rdata.rr_from_text(x) for x in answer]
    msg.ns = [rdata.rr_from_text(x) for x in ns]
    msg.extra = [rdata.rr_from_text(x) for x in extra]
    return msg


def test_dnslib_records_and_back() -> None:
    msg = reply(
        "www.example.org. 5 IN CNAME a.example.org.",
        'a.example.org. 5 IN TXT "a\\"b" c',
        "a.example.org. 5 IN SVCB 1 . port=53",
        r"a.example.org. 5 IN TYPE65400 \# 2 abcd",
        ns=("example.org. 5 IN SOA ns. host. 1 2 3 4 5",),
        extra=("ns. 5 IN AAAA 2001:db8::1",),
    )
    msg.edns = Edns(1232, True, options=((3, b"id"),))
    record = convert.to_dnslib(msg)
    assert isinstance(record, dnslib.DNSRecord)
    assert str(record.q.qname) == "www.example.org."
    assert str(record.rr[0].rdata) == "a.example.org."
    assert convert.from_dnslib(record) == msg


def test_what_dnslib_cannot_read_is_generic() -> None:
    msg = reply("www.example.org. 5 IN LOC 1 N 1 E 0", "www.example.org. 5 IN A 192.0.2.1")
    msg.answer.append(RR("www.example.org.", 1, CH, 5, ()))
    msg.answer.append(RR("www.example.org.", 15, 1, 5, (10,)))  # cut short
    msg.edns = Edns(512)
    record = convert.to_dnslib(msg)
    assert [rr.rtype for rr in record.rr] == [29, 1, 1, 15]
    assert str(record.rr[1].rdata) == "192.0.2.1"
    assert isinstance(record.rr[3].rdata, dnslib.RD)
