"""Messages on the wire (RFC 1035 §4), their lengths, and their truncation, octet for octet as miekg/dns has them.

What it does that others do not: names in SRV, NAPTR and the like are never compressed, but later names may point into
them; suffixes are matched with their case; a message may end before the counts of its header say so; a record may end
before any of its fields.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import Any

from . import rdata
from .codes import AAAA, ANY, OPT, TSIG, TYPES, A
from .errors import NilRecord, WireError
from .escapes import latin, pack_name, unpack_name
from .message import Edns, FirstQuestion, Msg, Question
from .names import is_sendable, length_of_octets, next_label, why_unsendable, wire_length
from .rr import NIL, RR

__all__ = [
    "as_read",
    "ends_signed",
    "has_wire_form",
    "header",
    "length",
    "length_before_1_3_0",
    "length_before_1_5_1",
    "names_in",
    "pack",
    "plain_length",
    "record_length",
    "record_length_before_1_3_0",
    "signature",
    "simple_length",
    "truncate",
    "unpack",
    "unsendable",
]

MIN_SIZE = 512
POINTERS = 1 << 14  # offsets from here on cannot be pointed at
_HEADER = Struct(">HHHHHH")
_FIXED = Struct(">HHIH")
_PAIR = Struct(">HH")
_FIXED_LENGTH = {A: 4, AAAA: 16}
_ADDRESS_LENGTH = {**_FIXED_LENGTH, TYPES["L32"]: 4}


# -- packing ----------------------------------------------------------------------------------------------------------


def flags_of(msg: Msg) -> int:
    """The header's second word: QR, opcode, the flags and the low four bits of the rcode."""
    return (
        msg.qr << 15
        | (msg.opcode & 15) << 11
        | msg.aa << 10
        | msg.tc << 9
        | msg.rd << 8
        | msg.ra << 7
        | msg.z << 6
        | msg.ad << 5
        | msg.cd << 4
        | (msg.rcode & 15)
    )


def _put_name(out: bytearray, name: str, seen: dict[str, int] | None, compress: bool) -> None:
    if name[:1] == "." != name:  # an empty label, and more behind it (see `unsendable`)
        at = None if seen is None else seen.get(name)
        if at is not None and compress:
            out += bytes((0xC0 | at >> 8, at & 255))
            return
        if seen is not None and at is None and len(out) < POINTERS:
            seen[name] = len(out)
        out.append(0)
        name = name[1:]
    if seen is None or name == ".":
        out += pack_name(name)
        return
    start = 0
    while start >= 0:
        suffix = name[start:]
        at = seen.get(suffix)
        if at is None:
            if len(out) < POINTERS:
                seen[suffix] = len(out)
        elif compress:
            out += bytes((0xC0 | at >> 8, at & 255))
            return
        following = next_label(name, start)
        out += pack_name(name[start:following] if following >= 0 else suffix)[:-1]
        start = following
    out.append(0)


def _put_rr(out: bytearray, rr: RR, seen: dict[str, int] | None) -> None:
    name, type, cls, ttl, data = rr
    _put_name(out, name, seen, True)
    out += _FIXED.pack(type, cls, ttl & 0xFFFFFFFF, 0)
    start = len(out)
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    if seen is not None and spec.named and data:
        for kind, value in zip(spec.kinds, data, strict=False):
            if isinstance(kind, rdata.Name):
                if value:
                    _put_name(out, value, seen, kind.compress)
            else:
                out += kind.pack(value)
    else:
        out += rdata.pack(type, data)
    size = len(out) - start
    if size > 0xFFFF:
        raise WireError("bad rdata")
    out[start - 2 : start] = size.to_bytes(2, "big")


def _put_edns(out: bytearray, edns: Edns, rcode: int, seen: dict[str, int] | None) -> None:
    ttl = (rcode >> 4) << 24 | edns.version << 16 | edns.do << 15 | (edns.flags & 0x7FFF)
    options = b"".join([_PAIR.pack(code, len(data)) + data for code, data in edns.options])
    _put_name(out, edns.name, seen, True)
    out += _FIXED.pack(OPT, edns.udp & 0xFFFF, ttl, len(options))
    out += options


def _put_question(out: bytearray, question: Question, seen: dict[str, int] | None) -> None:
    if question[0]:  # an empty name takes no octet at all in miekg/dns
        _put_name(out, question[0], seen, True)
    out += _PAIR.pack(question[1], question[2])


def pack(msg: Msg) -> bytes:
    """The message in wire form; with name compression where `msg.compress` is set. Raises WireError.

    The OPT record comes last, but before a TSIG record unless it is `Edns.last`. An extended rcode needs one (RFC 6891
    §6.1.3).
    """
    edns, question = msg.edns, msg.question
    if not 0 <= msg.rcode <= 0xFFF:
        raise WireError("bad rcode")
    if msg.rcode > 15 and edns is None:
        raise WireError("bad extended rcode")
    seen: dict[str, int] | None = {} if msg.compress and (msg.answer or msg.ns or msg.extra or edns) else None
    out = bytearray(
        _HEADER.pack(
            msg.id & 0xFFFF,
            flags_of(msg),
            question is not None,
            len(msg.answer),
            len(msg.ns),
            len(msg.extra) + (edns is not None),
        )
    )
    if question is not None:
        _put_question(out, question, seen)
        if question.__class__ is FirstQuestion and not msg.qr:
            for other in question.others:
                _put_question(out, other, seen)
            out[4:6] = (1 + len(question.others)).to_bytes(2, "big")
    for rr in msg.answer:
        _put_rr(out, rr, seen)
    for rr in msg.ns:
        _put_rr(out, rr, seen)
    for rr in msg.extra:
        if edns is not None and rr[1] == TSIG and rr is msg.extra[-1] and not edns.last:
            _put_edns(out, edns, msg.rcode, seen)
            edns = None
        _put_rr(out, rr, seen)
    if edns is not None:
        _put_edns(out, edns, msg.rcode, seen)
    return bytes(out)


def unsendable(msg: Msg, leading_dot: bool = False) -> str:
    """Why a reply has no wire form, '' where it has one: CoreDNS leaves the client waiting then.

    It is what `pack` would raise, found without packing what was packed before. leading_dot: whether names may begin with a
    dot, as up to miekg/dns 1.1.49; whoever reads them takes them for the root, and what follows for something else.
    """
    rcode = msg.rcode
    if not 0 <= rcode <= 15:
        if rcode > 15 and msg.edns is None:
            return "bad extended rcode"
        if not 0 <= rcode <= 0xFFF:
            return "bad rcode"
    question = msg.question
    good = _good_names
    asked = ""
    if question is not None:
        asked = question[0]
        why = _look_at(asked, leading_dot) if asked and asked not in good else ""
        if why:
            return why
    try:
        for rrs in (msg.answer, msg.ns, msg.extra):
            for name, type, _, _, data in rrs:
                why = "" if name == asked or name in good else _look_at(name, leading_dot)
                if not why and type != A and type != AAAA:  # addresses are checked where they come from
                    why = _unsendable_data(type, data, leading_dot)
                if why:
                    return why
    except NilRecord:
        return "a record that is none"
    edns = msg.edns
    return why_unsendable(edns.name) if edns is not None and edns.name != "." else ""


def ends_signed(msg: Msg) -> bool:
    """Whether the last additional record is TSIG, so that an OPT record that is added stands behind it (`Edns.last`)."""
    return bool(msg.extra) and msg.extra[-1] is not NIL and msg.extra[-1][1] == TSIG


def signature(msg: Msg) -> RR | None:
    """The TSIG record of a message (see `tsig`), which is its last one; None where it has none."""
    if not msg.extra or msg.extra[-1] is NIL or msg.extra[-1].type != TSIG:
        return None
    return None if msg.edns is not None and msg.edns.last else msg.extra[-1]


def has_wire_form(name: str) -> bool:
    """Whether a name can be sent."""
    return name in _good_names or not _look_at(name, False)


_good_names: set[str] = set()
"""Names that have a wire form, for a look that costs little; emptied where there are many."""
MOST_GOOD = 65536


def _look_at(name: str, leading_dot: bool) -> str:
    """Why a name has no wire form; one that has is noted."""
    if not is_sendable(name):
        return "" if leading_dot and _dot_in_front(name) else why_unsendable(name)
    if len(_good_names) >= MOST_GOOD:
        _good_names.clear()
    _good_names.add(name)
    return ""


def _dot_in_front(name: str) -> bool:
    return name[:1] == "." != name[1:] and is_sendable(name[1:])


def names_in(type: int, data: tuple[Any, ...]) -> list[str]:
    """The names in a record's data."""
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    if not spec.named:
        return []
    return [value for kind, value in zip(spec.kinds, data, strict=False) if isinstance(kind, rdata.Name)]


def as_read(msg: Msg) -> Msg:
    """A message as whoever gets its octets reads it, where these are garbled by a name that begins with a dot; itself where
    they cannot be read at all, or are sound."""
    question = msg.question
    names = [question.name] if question is not None else []
    for rr in (*msg.answer, *msg.ns, *msg.extra):
        names += (rr[0], *names_in(rr[1], rr[4]))
    if not any(map(_dot_in_front, names)):
        return msg
    try:
        return unpack(pack(msg))
    except WireError:
        return msg


@lru_cache(8192)
def _unsendable_data(type: int, data: tuple[Any, ...], leading_dot: bool) -> str:
    if not leading_dot:
        for name in names_in(type, data):
            if name[:1] == "." != name:
                return why_unsendable(name)
    try:
        return "" if len(rdata.pack(type, data)) <= 0xFFFF else "bad rdata"
    except WireError as error:
        return str(error)


# -- unpacking --------------------------------------------------------------------------------------------------------


_NUMBERS = ("id", "bits", "question count", "answer count", "ns count", "extra count")


def header(wire: bytes) -> tuple[int, int, int, int, int, int]:
    """ID, flags, and the counts of questions, answers, authorities and additional records. Raises WireError."""
    if len(wire) < 12:
        raise WireError("overflow unpacking uint16", f"bad header {_NUMBERS[len(wire) // 2]}")
    return _HEADER.unpack_from(wire)


def _get_rrs(wire: bytes, offset: int, count: int) -> tuple[list[RR], int]:
    out: list[RR] = []
    end = len(wire)
    for _ in range(count):
        if offset == end:  # the count promises too much
            break
        name, offset = unpack_name(wire, offset, end)
        if offset + 10 > end:
            raise WireError(f"overflow unpacking uint{32 if 4 <= end - offset < 8 else 16}")
        type, cls, ttl, size = _FIXED.unpack_from(wire, offset)
        offset += 10
        if offset + size > end:
            raise WireError("overflowing header size")
        out.append(RR(name, type, cls, ttl, rdata.unpack(type, wire, offset, size)))
        offset += size
    return out, offset


def edns_options(octets: bytes, checked: bool = True) -> tuple[tuple[int, bytes], ...]:
    """The options in the data of an OPT record. Raises WireError."""
    out, offset, end = [], 0, len(octets)
    while offset < end:
        if offset + 4 > end:
            raise WireError("overflow unpacking opt", "OPT.Option")
        code, size = _PAIR.unpack_from(octets, offset)
        offset += 4
        data = octets[offset : offset + size]
        if len(data) < size:
            raise WireError("overflow unpacking opt", "OPT.Option")
        if checked:
            _check_option(code, data)
        out.append((code, data))
        offset += size
    return tuple(out)


def _check_option(code: int, data: bytes) -> None:
    """What the library refuses of the options that it knows: LLQ, UL, SUBNET, EXPIRE, TCP-KEEPALIVE, EDE, REPORTING,
    ZONEVERSION."""
    n = len(data)
    bad = False
    if code == 8:
        if n < 4:
            bad = True
        else:
            family, source, scope = data[0] << 8 | data[1], data[2], data[3]
            limit = {0: 0, 1: 32, 2: 128}.get(family, -1)
            bad = limit < 0 or source > limit or (family != 0 and scope > limit)
    elif code == 1:
        bad = n < 18
    elif code == 2:
        bad = n not in (4, 8)
    elif code == 9:
        bad = 0 < n < 4
    elif code == 11:
        bad = n not in (0, 2)
    elif code == 15 or code == 19:
        bad = n < 2
    elif code == 18:
        unpack_name(data, 0, n)
    if bad:
        raise WireError(f"bad EDNS option {code}")


def unpack(wire: bytes) -> Msg:
    """The message. The last OPT record becomes `edns`; of several questions the first is kept. Raises WireError."""
    msg = unpack_header(wire)
    unpack_sections(msg, wire)
    return msg


def unpack_header(wire: bytes) -> Msg:
    """A message without its sections. Raises WireError."""
    id, flags = header(wire)[:2]
    msg = Msg(id=id)
    msg.qr = flags >> 15 == 1
    msg.opcode = flags >> 11 & 15
    msg.aa = flags & 0x400 != 0
    msg.tc = flags & 0x200 != 0
    msg.rd = flags & 0x100 != 0
    msg.ra = flags & 0x80 != 0
    msg.z = flags & 0x40 != 0
    msg.ad = flags & 0x20 != 0
    msg.cd = flags & 0x10 != 0
    msg.rcode = flags & 15
    return msg


def unpack_sections(msg: Msg, wire: bytes, *, checked: bool = True, half_class: bool = False) -> None:
    """Add the sections to a message that has its header. Raises WireError; what was read until then has been added.

    `checked`: options of EDNS that the newest release cannot read are errors. `half_class`: one octet of a class at the
    end is none.
    """
    questions, answers, authorities, extras = header(wire)[2:]
    offset, end = 12, len(wire)
    found: list[Question] = []
    for _ in range(questions):
        if offset == end == 12:  # a header alone
            break
        try:
            name, offset = unpack_name(wire, offset, end)
        except WireError as error:
            raise WireError(str(error), "bad question name") from None
        type = cls = 0
        if offset < end:
            if offset + 2 > end:
                raise WireError("overflow unpacking uint16", "bad question qtype")
            type = wire[offset] << 8 | wire[offset + 1]
            offset += 2
        if offset < end:
            if offset + 2 <= end:
                cls = wire[offset] << 8 | wire[offset + 1]
            elif not half_class:
                raise WireError("overflow unpacking uint16", "bad question qclass")
            offset = min(offset + 2, end)
        found.append(Question(name, type, cls))
        msg.question = found[0]
    if len(found) > 1:
        msg.question = FirstQuestion.of(found)
    msg.answer, offset = _get_rrs(wire, offset, answers)
    msg.ns, offset = _get_rrs(wire, offset, authorities)
    extra, _ = _get_rrs(wire, offset, extras)
    for rr in (*msg.answer, *msg.ns, *extra):
        if rr.type == OPT and rr.data:
            edns_options(rr.data[0], checked)
    for i in range(len(extra) - 1, -1, -1):
        rr = extra[i]
        if rr.type == OPT:
            options = edns_options(rr.data[0], checked) if rr.data else ()
            last = i > 0 and i == len(extra) - 1 and extra[i - 1].type == TSIG
            msg.edns = Edns(rr.cls, rr.ttl & 0x8000 != 0, rr.ttl >> 16 & 255, options, rr.ttl & 0x7FFF, rr.name, last)
            msg.rcode |= rr.ttl >> 24 << 4
            del extra[i]
            break
    msg.extra = extra


# -- lengths ----------------------------------------------------------------------------------------------------------


def edns_length(edns: Edns) -> int:
    """Octets of the OPT record."""
    n = 10 + wire_length(edns.name)
    for _, data in edns.options:
        n += 4 + len(data)
    return n


def _without_nil(msg: Msg) -> Msg:
    """The message without the records that are none."""
    out = msg.copy()
    out.answer, out.ns, out.extra = ([rr for rr in rrs if rr is not NIL] for rrs in (msg.answer, msg.ns, msg.extra))
    return out


def simple_length(msg: Msg) -> int:
    """`plain_length` of a message that certainly has a wire form, as most replies are: all of its records are addresses
    of the name that was asked for. 0 for another one."""
    question, edns = msg.question, msg.edns
    if question is None or not 0 <= msg.rcode <= 15:
        return 0
    asked = question[0]
    if asked in ("", ".") or "\\" in asked or not asked.isascii():
        return 0
    if asked not in _good_names and _look_at(asked, False):
        return 0
    length = len(asked) + 1
    n = 16 + length
    try:
        for rrs in (msg.answer, msg.ns, msg.extra):
            for name, type, _, _, data in rrs:
                if name != asked or not data or (type != A and type != AAAA):
                    return 0
                n += length + (14 if type == A else 26)
    except NilRecord:
        return 0
    if edns is None:
        return n
    return n + edns_length(edns) if edns[5] == "." else 0


def plain_length(msg: Msg) -> int:
    """Octets of the message without compression, as miekg/dns's Len counts them (see `rdata.length`)."""
    try:
        return _plain_length(msg)
    except NilRecord:
        return _plain_length(_without_nil(msg))


def _plain_length(msg: Msg) -> int:
    n = 12
    if msg.question is not None:
        n += wire_length(msg.question[0]) + 4
        if msg.question.__class__ is FirstQuestion and not msg.qr:
            n += sum(wire_length(other[0]) + 4 for other in msg.question.others)
    for rrs in (msg.answer, msg.ns, msg.extra):
        for name, type, _, _, data in rrs:
            n += 10 + (len(name) + 1 if name != "." and "\\" not in name and name.isascii() else wire_length(name))
            n += _FIXED_LENGTH[type] if data and type in _FIXED_LENGTH else rdata.length(type, data)
    if msg.edns is not None:
        n += edns_length(msg.edns)
    return n


def _name_length(name: str, offset: int, seen: set[str], compress: bool) -> int:
    if name == ".":
        return 1
    if not name.isascii():
        name = latin(name)
    if compress or offset < POINTERS:
        start = 0
        while start >= 0:
            suffix = name[start:]
            if suffix in seen:
                if compress:
                    return length_of_octets(name[:start]) + 1 if start and "\\" in name else start + 2
                break
            if offset + start < POINTERS:
                seen.add(suffix)
            start = next_label(name, start)
    return length_of_octets(name)


def _rr_length(rr: RR, offset: int, seen: set[str]) -> int:
    """Octets that a record adds to a message of `offset` octets whose names are `seen`."""
    name, type, _, _, data = rr
    n = _name_length(name, offset, seen, True) + 10
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    if not spec.named or not data:
        return n + rdata.length(type, data)
    for kind, value in zip(spec.kinds, data, strict=False):
        if isinstance(kind, rdata.Name):
            n += _name_length(value, offset + n, seen, kind.compress)
        else:
            n += kind.length(value)
    return n


def length(msg: Msg, compress: bool | None = None) -> int:
    """Octets of the message as miekg/dns's `Msg.Len` counts them since 1.1.1 (CoreDNS 1.3.0), the OPT record included.

    `compress` defaults to `msg.compress`. Where `rdata.length` counts too high, so does this; otherwise it is exact.
    """
    if not (msg.compress if compress is None else compress):
        return plain_length(msg)
    if not (msg.answer or msg.ns or msg.extra or msg.edns is not None):
        return plain_length(msg)
    try:
        return _squeezed_length(msg)
    except NilRecord:
        return _squeezed_length(_without_nil(msg))


def length_before_1_5_1(msg: Msg, compress: bool | None = None) -> int:
    """The same as the miekg/dns of CoreDNS 1.3.0 to 1.5.0 counted them (1.1.1 to 1.1.6), for which hexadecimal fields have
    one octet more than they have, and each window of a type bitmap has 33."""
    if NIL in msg.answer or NIL in msg.ns or NIL in msg.extra:
        msg = _without_nil(msg)
    if msg.compress if compress is None else compress:
        return _squeezed_length(msg, _surplus)
    return plain_length(msg) + sum(_surplus(rr) for rrs in (msg.answer, msg.ns, msg.extra) for rr in rrs)


def record_length(rr: RR, surplus: bool = False) -> int:
    """Octets of a record without compression. surplus: as `length_before_1_5_1` counts them."""
    return wire_length(rr[0]) + 10 + rdata.length(rr[1], rr[4]) + (_surplus(rr) if surplus else 0)


def _surplus(rr: RR) -> int:
    _, type, _, _, data = rr
    if type in (OPT, TYPES["NULL"]):  # NULL is known since 1.3.1
        return 0
    if not data:
        return _blank_before_1_5_1(type) - rdata.length(type, data)
    if type in _NEWER:
        return len(rdata.pack(type, data)) + 1 - rdata.length(type, data)
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    return sum(
        33 * len({x >> 8 for x in value}) - kind.length(value) if isinstance(kind, rdata.Bitmap) else _plus_one(kind)
        for kind, value in zip(spec.kinds, data, strict=False)
    )


def _squeezed_length(msg: Msg, surplus: Callable[[RR], int] | None = None) -> int:
    seen: set[str] = set()
    n = 12
    if msg.question is not None:
        n += _name_length(msg.question[0], n, seen, True) + 4
    for rrs in (msg.answer, msg.ns, msg.extra):
        for rr in rrs:
            n += _rr_length(rr, n, seen)
            if surplus is not None:
                n += surplus(rr)
    if msg.edns is not None:
        n += edns_length(msg.edns)
    return n


# miekg/dns before 1.1.1: names that enter the map of suffixes, beside the owner's, and those that are looked up there.
_LOOKED_UP = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15, 18, 21))
_ENTERED = _LOOKED_UP | {17, 23, 26, 33, 35, 36, 39, 46, 47, 58, 107, 249, 250}
_NEWER = frozenset((10, 20, 30, 42, 45, 63, 64, 65, 128, 260, 261))  # types that it did not know


def _plus_one(kind: object) -> bool:
    return isinstance(kind, (rdata.Hex, rdata.Generic))


def _blank_before_1_5_1(type: int) -> int:
    """Octets that are counted for the data of a record that has none."""
    if type in _NEWER:
        return 1
    if type in (ANY, OPT):
        return 0
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    fields = (-2 if isinstance(kind, rdata.Bitmap) else _plus_one(kind) for kind in spec.kinds)
    return spec.blank_length + _ADDRESS_LENGTH.get(type, 0) + sum(fields)


def _old_name_length(name: str) -> int:
    return len(latin(name)) + 1 - name.count("\\'")


def record_length_before_1_3_0(rr: RR) -> int:
    """One record uncompressed: the root counts 2, escapes count, hexadecimal fields count one more than they have, and
    a type bitmap counts 33 for each window."""
    name, type, _, _, data = rr
    n = _old_name_length(name) + 10
    if not data:
        return n + _blank_before_1_5_1(type)
    if type in _NEWER:
        return n + len(rdata.pack(type, data)) + 1
    if type == OPT:
        return n + rdata.length(type, data)
    spec = rdata.SPECS.get(type, rdata.UNKNOWN)
    if not spec.named and type not in (50, 62) and not _plus_one(spec.kinds[-1] if spec.kinds else None):
        return n + rdata.length(type, data)
    for kind, value in zip(spec.kinds, data, strict=False):
        if isinstance(kind, rdata.Name):
            n += _old_name_length(value)
        elif isinstance(kind, rdata.Bitmap):
            n += 33 * len({x >> 8 for x in value})
        else:
            n += kind.length(value) + _plus_one(kind)
    return n


def _old_enter(seen: set[str], name: str, at: int) -> int:
    """Enters the suffixes of a name that starts at offset `at`; returns how far it is thought to reach."""
    if at > POINTERS or name in seen or name == ".":
        return 0
    name, current, start = latin(name), at, 0
    while start >= 0:
        suffix = name[start:]
        current = at + start
        if suffix in seen:
            return current - at + (2 if start else 0)
        if current < POINTERS:
            seen.add(suffix)
        start = next_label(name, start)
    return current - at


def _old_known(seen: set[str], name: str) -> int:
    """Characters of the longest suffix that is known, 0 where none is."""
    name, start = latin(name), 0
    while start >= 0:
        if name[start:] in seen:
            return len(name) - start
        start = next_label(name, start)
    return 0


def length_before_1_3_0(msg: Msg, compress: bool | None = None) -> int:
    """Octets of the message as the miekg/dns of CoreDNS 1.2 counted them (1.0.8's Len): mostly too high.

    The two names of SOA and MINFO count as compressed only where both are, the root counts two octets, and so an empty
    OPT record twelve.
    """
    squeeze = msg.compress if compress is None else compress
    try:
        return _length_before_1_3_0(msg, squeeze)
    except NilRecord:
        return _length_before_1_3_0(_without_nil(msg), squeeze)


def _length_before_1_3_0(msg: Msg, squeeze: bool) -> int:
    n = 12
    seen: set[str] = set()
    if msg.question is not None:
        if squeeze:
            _old_enter(seen, msg.question[0], n)
        n += len(msg.question[0]) + 5
        if msg.question.__class__ is FirstQuestion and not msg.qr:
            n += sum(len(other[0]) + 5 for other in msg.question.others)
    for rrs in (msg.answer, msg.ns, msg.extra):
        for rr in rrs:
            size = record_length_before_1_3_0(rr)
            if squeeze:
                size = _old_squeezed(rr, size, n, seen)
            n += size
    if msg.edns is not None:
        n += edns_length(msg.edns) + 1
    return n


def _old_squeezed(rr: RR, size: int, offset: int, seen: set[str]) -> int:
    name, type, _, _, data = rr
    known = _old_known(seen, name)
    if known:
        size += 1 - known
    _old_enter(seen, name, offset)
    if type not in _ENTERED or not data:
        return size
    held = [value for kind, value in zip(rdata.SPECS[type].kinds, data, strict=False) if isinstance(kind, rdata.Name)]
    if type in _LOOKED_UP:
        found = [_old_known(seen, x) for x in held]
        if all(found):
            size += 1 - sum(found)
    at = offset + size
    for value in held:
        at -= len(value) + 1
        at += _old_enter(seen, value, at)
    return size


# -- truncation -------------------------------------------------------------------------------------------------------


def truncate(msg: Msg, size: int, *, keep_tc: bool = True) -> int:
    """Make `msg` fit `size` octets (512 at least) in place, as miekg/dns's `Msg.Truncate` does.

    A message that fits uncompressed gets `compress = False`. Any other gets `compress = True`, and loses records from
    the end of additional, then authority, then answer; TC tells that some were lost. The OPT record stays. Returns the
    uncompressed length where that fits, else -1. A message with TSIG is left alone. Without `keep_tc` (before CoreDNS
    1.8.0) a TC bit that was set before is lost where the message had to be compressed.
    """
    if msg.extra and signature(msg) is not None:
        return -1
    size = max(size, MIN_SIZE)
    plain = plain_length(msg)
    if plain <= size:
        msg.compress = False
        return plain
    msg.compress = True
    if msg.edns is not None:
        size -= edns_length(msg.edns)
    seen: set[str] = set()
    n = 12
    if msg.question is not None:
        n += _name_length(msg.question[0], n, seen, True) + 4
    cut = False
    for section in ("answer", "ns", "extra"):
        rrs: list[RR] = getattr(msg, section)
        keep = 0
        if n < size:
            for rr in rrs:
                n += 0 if rr is NIL else _rr_length(rr, n, seen)
                if n > size:
                    n = size
                    break
                keep += 1
                if n == size:
                    break
        if keep < len(rrs):
            cut = True
            setattr(msg, section, rrs[:keep])
    msg.tc = cut or (msg.tc and keep_tc)
    return -1
