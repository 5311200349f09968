"""Messages as dnslib's objects, for those who have code for them, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import rdata
from .codes import OPT
from .escapes import name_labels
from .message import Msg
from .rr import RR
from .wire import flags_of, pack, unpack

if TYPE_CHECKING:
    from dnslib import DNSRecord


def to_dnslib(msg: Msg) -> DNSRecord:
    """The message as a `dnslib.DNSRecord`. RDATA that dnslib cannot read becomes its generic `RD`. Raises WireError."""
    import dnslib

    plain = msg.copy()
    plain.compress = False
    wire = pack(plain)
    try:
        return dnslib.DNSRecord.parse(wire)
    except Exception:  # dnslib raises whatever its parsing code stumbles over
        pass
    record = dnslib.DNSRecord(dnslib.DNSHeader(id=msg.id, bitmap=flags_of(msg)))
    if msg.question is not None:
        label = dnslib.DNSLabel(tuple(name_labels(msg.question.name)))
        record.add_question(dnslib.DNSQuestion(label, msg.question.type, msg.question.cls))
    for rrs, add in ((msg.answer, record.add_answer), (msg.ns, record.add_auth), (msg.extra, record.add_ar)):
        for rr in rrs:
            add(_dnslib_rr(dnslib, rr))
    if msg.edns is not None:
        edns = msg.edns
        ttl = (msg.rcode >> 4) << 24 | edns.version << 16 | edns.do << 15 | (edns.flags & 0x7FFF)
        options = [dnslib.EDNSOption(code, data) for code, data in edns.options]
        record.add_ar(dnslib.RR(None, OPT, edns.udp, ttl, options))
    return record


def _dnslib_rr(dnslib: Any, rr: RR) -> Any:
    octets = rdata.pack(rr.type, rr.data)
    value: Any = dnslib.RD(b"")
    if octets:
        try:
            reader = dnslib.RDMAP.get(dnslib.QTYPE.get(rr.type), dnslib.RD)
            value = reader.parse(dnslib.DNSBuffer(octets), len(octets))
        except Exception:  # as above
            value = dnslib.RD(octets)
    return dnslib.RR(dnslib.DNSLabel(tuple(name_labels(rr.name))), rr.type, rr.cls, rr.ttl, value)


def from_dnslib(record: DNSRecord) -> Msg:
    """A `dnslib.DNSRecord` as a message. Raises WireError where it does not pack to a sound one."""
    return unpack(bytes(record.pack()))
