"""What the DNS library refuses before any server sees it, and how it answers then.

Source: MsgAcceptFunc, serveDNS and the EDNS options of the github.com/miekg/dns of each release.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..dns import wire
from ..dns.codes import FORMERR, NOTIFY, NOTIMP, OPT, QUERY
from ..dns.errors import WireError
from ..dns.escapes import pack_name, unpack_name
from ..dns.message import FirstQuestion, Msg
from ..releases.rules import ReleaseRules, changed, since, until

if TYPE_CHECKING:
    from ..releases import Release


LONGEST = 512
"""Octets of a UDP packet that the library reads; the rest is lost."""


class LibraryRules(ReleaseRules):
    """What differs between releases."""

    looks_at_header = since(
        "1.3.0",
        "a message is refused by its header: for other opcodes than QUERY and NOTIFY, the Z bit, more than one question, or "
        "records; before, only what cannot be read is, and a request with TC",
    )
    most_records = changed(0, {"1.3.1": 1}, "answers and authorities that a message may have all the same")
    refuses_z = until("1.5.1", "the Z bit counts")
    other_opcode = changed(FORMERR, {"1.6.3": NOTIMP}, "the rcode for another opcode")
    half_class = until("1.12.3", "one octet of a class at the end is taken for none")
    says_where = since("1.12.3", "an error says where it is (miekg/dns 1.1.67)")
    lease_sizes = since("1.6.6", "the option UPDATE-LEASE has 4 or 8 octets; before, at least 4, of which 4 are kept")
    reads_expire = since("1.6.7", "EXPIRE is looked at")
    keeps_empty = since("1.9.2", "an empty EXPIRE stays so; before, it becomes 0")
    reads_errors = since("1.8.4", "so are Extended DNS Errors")
    keepalive = changed(
        "",
        {"1.8.5": "misread", "1.8.7": "read"},
        "so is TCP-KEEPALIVE: first with a length that the option does not have",
    )
    reads_channel = since("1.14.0", "so are Report-Channel and ZONEVERSION")


class HeaderOnly(Msg):
    """A message that promises a question and ends before it: the library takes it, and the server has to say no."""

    __slots__ = ()


class Unreadable(Exception):
    """Octets that no server gets to see. `reply` is the library's own, None where there is none."""

    def __init__(self, reply: Msg | None) -> None:
        super().__init__("not a DNS message that is taken")
        self.reply = reply


def read(octets: bytes, release: Release, proto: str) -> Msg:
    """The message in a packet (udp) or a frame (tcp). Raises Unreadable."""
    if proto == "udp":
        octets = octets[:LONGEST]
    rules = LibraryRules.of(release)
    try:
        msg = wire.unpack_header(octets)
    except WireError:
        answers_all = not rules.looks_at_header and proto == "tcp" and octets
        raise Unreadable(_garbled(Msg(), rules) if answers_all else None) from None
    questions, answers, authorities, extras = wire.header(octets)[2:]
    if rules.looks_at_header:
        refused = _by_header(msg, questions, answers, authorities, extras, rules)
        if refused is not None:
            raise Unreadable(refused if isinstance(refused, Msg) else None)
    if len(octets) == 12:
        return _header_only(msg)
    try:
        wire.unpack_sections(msg, octets, checked=False, half_class=rules.half_class)
    except WireError:
        raise Unreadable(_garbled(msg, rules)) from None
    for rr in (*msg.answer, *msg.ns, *msg.extra):  # the one that counts is looked at by `refuse`
        if rr.type == OPT and rr.data and not _readable(wire.edns_options(rr.data[0], False), rules):
            raise Unreadable(_garbled(msg, rules))
    return msg


def _header_only(msg: Msg) -> HeaderOnly:
    only = HeaderOnly()
    for slot in Msg.__slots__:
        setattr(only, slot, getattr(msg, slot))
    return only


def takes_header(octets: bytes, release: Release) -> bool:
    """Whether the library takes a message by its header alone. Raises WireError where that is cut off."""
    return _by_header(wire.unpack_header(octets), *wire.header(octets)[2:], LibraryRules.of(release)) is None


def words(error: WireError, release: Release) -> str:
    """What Go says of a message that cannot be read."""
    return error.told(LibraryRules.of(release).says_where)


def unpack(octets: bytes, release: Release) -> Msg:
    """The message as the servers of HTTPS, gRPC and QUIC read it, which look at no header first. Raises WireError."""
    msg = wire.unpack_header(octets)
    if len(octets) == 12:
        return _header_only(msg)
    wire.unpack_sections(msg, octets, checked=False, half_class=LibraryRules.of(release).half_class)
    return msg


def _garbled(msg: Msg, rules: LibraryRules) -> Msg:
    """The reply to a message that cannot be read: with its question, where that had been read by then."""
    if not rules.looks_at_header:
        reply = Msg(id=msg.id)
        reply.qr, reply.rcode = True, FORMERR
        return reply
    reply = _bare(msg, FORMERR, rules)
    reply.question = msg.question
    return reply


def _by_header(
    msg: Msg, questions: int, answers: int, authorities: int, extras: int, rules: LibraryRules
) -> Msg | bool | None:
    """What the library says to a message by its header alone: a reply, True for nothing at all, None to go on."""
    if msg.qr:
        return True
    if msg.opcode not in (QUERY, NOTIFY):
        return _bare(msg, rules.other_opcode, rules)
    most = rules.most_records
    if questions != 1 or answers > most or authorities > most or extras > 2 or (msg.z and rules.refuses_z):
        return _bare(msg, FORMERR, rules)
    return None


def refuse(msg: Msg, release: Release) -> Msg | bool:
    """The library's own reply; True where it drops the message without one, False where it takes it."""
    if msg.qr:
        return True
    rules = LibraryRules.of(release)
    readable = msg.edns is None or _readable(msg.edns.options, rules)
    if not rules.looks_at_header:
        return False if readable and not msg.tc else _garbled(msg, rules)
    return _refuse_header(msg, rules) or (False if readable else _garbled(msg, rules))


def refuse_header(msg: Msg, release: Release) -> Msg | bool:
    """As `refuse`, by the header alone."""
    return _refuse_header(msg, LibraryRules.of(release)) or False


def _refuse_header(msg: Msg, rules: LibraryRules) -> Msg | bool | None:
    if isinstance(msg.question, FirstQuestion):
        questions = 1 + len(msg.question.others)
    else:
        questions = msg.question is not None or isinstance(msg, HeaderOnly)
    extras = len(msg.extra) + (msg.edns is not None)
    return _by_header(msg, questions, len(msg.answer), len(msg.ns), extras, rules)


def unreadable(msg: Msg, release: Release) -> str:
    """Go's words where an option of EDNS cannot be read, in whatever section its OPT record is; '' where all can (edns.go of
    the DNS library)."""
    others = (rr for rr in (*msg.answer, *msg.ns, *msg.extra) if rr.type == OPT and rr.data)
    found = [wire.edns_options(rr.data[0], False) for rr in others]
    if msg.edns is not None:
        found.append(msg.edns.options)
    rules = LibraryRules.of(release)
    return next((words for options in found for words in _faults(options, rules)), "")


def as_read(msg: Msg, release: Release) -> Msg:
    """The message as the library holds it: some options lose octets that mean nothing to it."""
    if msg.edns is None or not msg.edns.options:
        return msg
    rules = LibraryRules.of(release)
    options = tuple((code, _kept(code, data, rules)) for code, data in msg.edns.options)
    if options == msg.edns.options:
        return msg
    msg = msg.copy()
    assert msg.edns is not None
    msg.edns = msg.edns._replace(options=options)
    return msg


def _kept(code: int, data: bytes, rules: LibraryRules) -> bytes:
    if code == 1:
        return data[:18]
    if code == 2 and not rules.lease_sizes:
        return data[:4]
    if code == 8:
        prefix = data[2]
        octets = bytearray(data[4:].ljust(16, b"\0")[: (prefix + 7) // 8])
        if prefix % 8:
            octets[-1] &= 0xFF00 >> prefix % 8 & 0xFF
        return data[:4] + bytes(octets)
    if code == 9 and rules.reads_expire:
        return data[:4] or (b"" if rules.keeps_empty else bytes(4))
    if code == 11 and rules.keepalive == "misread":
        return b"\0\0" + (data[2:6] if data[3] else data[2:4])
    if code == 11 and rules.keepalive == "read" and not any(data):
        return b""
    if code == 18 and rules.reads_channel:
        return pack_name(unpack_name(data, 0, len(data))[0])
    return data


def _bare(msg: Msg, rcode: int, rules: LibraryRules) -> Msg:
    """The header as it came, with QR set and AA cleared."""
    reply = Msg(id=msg.id)
    reply.qr = True
    reply.opcode = msg.opcode if rcode == NOTIMP else QUERY
    reply.tc, reply.rd, reply.ra, reply.ad, reply.cd = msg.tc, msg.rd, msg.ra, msg.ad, msg.cd
    reply.z = msg.z and rules.refuses_z
    reply.rcode = rcode
    return reply


def _readable(options: tuple[tuple[int, bytes], ...], rules: LibraryRules) -> bool:
    return not any(_faults(options, rules))


def _faults(options: tuple[tuple[int, bytes], ...], rules: LibraryRules) -> Iterator[str]:
    """Go's words about each option that cannot be read."""
    for code, data in options:
        words = _fault(code, data, rules)
        if words and not rules.says_where:
            yield f"dns: {words}"
        elif words:
            yield f"OPT.Option: {'dns: ' * (words == TOO_SMALL)}{words}"


TOO_SMALL = "buffer size too small"


def _fault(code: int, data: bytes, rules: LibraryRules) -> str:
    """What is wrong with an option, in Go's words without what stands before them; '' for one that can be read."""
    size = len(data)
    fine = True
    if code == 1:  # LLQ
        fine = size >= 18
    elif code == 2:  # UPDATE-LEASE
        fine = size in (4, 8) if rules.lease_sizes else size >= 4
    elif code == 8:  # CLIENT-SUBNET
        if size < 4:
            return TOO_SMALL
        family, source, scope = data[0] << 8 | data[1], data[2], data[3]
        most = {0: 0, 1: 32, 2: 128}.get(family)
        if most is None or (family == 0 and source > 0):
            return "bad address family"
        return "" if source <= most and (family == 0 or scope <= most) else "bad netmask"
    elif code == 9:  # EXPIRE
        fine = size == 0 or size >= 4 or not rules.reads_expire
    elif code == 11 and rules.keepalive == "read":  # TCP-KEEPALIVE
        return "" if size in (0, 2) else f"length mismatch, want 0/2 but got {size}"
    elif code == 11 and rules.keepalive:
        length = data[2] << 8 | data[3] if size >= 4 else 0
        if length not in (0, 2):
            return f"length mismatch, want 0/2 but got {length}"
        fine = size >= 4 + length
    elif code == 15:  # Extended DNS Errors
        fine = size >= 2 or not rules.reads_errors
    elif code == 18 and rules.reads_channel:  # Report-Channel, a name
        try:
            unpack_name(data, 0, size)
        except WireError as error:
            return f"bad agent domain: dns: {error}"
    elif code == 19:  # ZONEVERSION
        fine = size >= 2 or not rules.reads_channel
    return "" if fine else TOO_SMALL


__all__ = [
    "TOO_SMALL",
    "HeaderOnly",
    "LibraryRules",
    "Unreadable",
    "as_read",
    "read",
    "refuse",
    "refuse_header",
    "takes_header",
    "unpack",
    "unreadable",
    "words",
]
