"""A query's message as templates see it: the types of CoreDNS's DNS library (miekg/dns), their fields and methods."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

from ...dns.codes import CLASSES, OPT, TYPES, class_name, opcode_name, rcode_name, type_name
from ...dns.escapes import printed_name
from ...dns.message import Edns, Msg
from ...gotemplate import Unmodelled, values
from ...gotemplate.values import (
    BOOL,
    INT,
    STRING,
    UINT8,
    UINT16,
    UINT32,
    VALUE,
    CallError,
    Func,
    Slice,
    Struct,
    Type,
    Value,
)
from .._upstream import PANIC


def _method(result: Type, read: Callable[[Struct], Any]) -> Func:
    """A method without arguments. Its receiver is a pointer."""

    def call(receiver: Value) -> Value:
        if receiver.held is None:
            raise CallError(PANIC)
        return Value(result, read(receiver.held))

    return Func((), call)


def _text(read: Callable[[Struct], str]) -> Func:
    return _method(STRING, lambda struct: read(struct).encode("utf-8", "surrogateescape"))


def _unmodelled(type: str, names: str) -> dict[str, Func]:
    """Methods that change what they are called on, or say what only the library knows."""

    def of(name: str) -> Func:
        def call(*_: Value) -> Value:
            raise Unmodelled(f"the method {name} of {type}")

        return Func((VALUE,), call, variadic=True)

    return {name: of(name) for name in names.split()}


def _name_of(struct: Struct, field: str = "Name") -> str:
    return printed_name(struct.values[field].decode("utf-8", "surrogateescape"))


def _class_text(number: int) -> str:
    name = class_name(number)
    return f"CLASS{number}" if number not in CLASSES.values() or name in TYPES else name


def _struct(name: str, fields: dict[str, Type], methods: dict[str, Func], embedded: Iterable[str] = ()) -> Type:
    """A struct type whose methods are those of pointers to it."""
    type = Type(name, "struct", fields=fields, embedded=tuple(embedded))
    values.pointer_to(type).methods.update(methods)
    return type


# -- header and question ----------------------------------------------------------------------------------------------


def _question_text(struct: Struct) -> str:
    held = struct.values
    return f";{_name_of(struct)}\t{_class_text(held['Qclass'])}\t {type_name(held['Qtype'])}"


def _flags_text(struct: Struct) -> str:
    held = struct.values
    flags = "".join([f" {short}" for name, short in _FLAGS.items() if held[name]])
    head = f";; opcode: {opcode_name(held['Opcode'])}, status: {rcode_name(held['Rcode'])}, id: {held['Id']}"
    return f"{head}\n;; flags:{flags};"


_FLAGS = {
    "Response": "qr",
    "Authoritative": "aa",
    "Truncated": "tc",
    "RecursionDesired": "rd",
    "RecursionAvailable": "ra",
    "Zero": "z",
    "AuthenticatedData": "ad",
    "CheckingDisabled": "cd",
}
QUESTION = _struct(
    "dns.Question", {"Name": STRING, "Qtype": UINT16, "Qclass": UINT16}, {"String": _text(_question_text)}
)
HEADER = _struct(
    "dns.MsgHdr",
    {
        "Id": UINT16,
        "Response": BOOL,
        "Opcode": INT,
        **{name: BOOL for name in _FLAGS if name != "Response"},
        "Rcode": INT,
    },
    {"String": _text(_flags_text)},
)

# -- records ----------------------------------------------------------------------------------------------------------


def _header_text(struct: Struct) -> str:
    held = struct.values
    lead = ";" if held["Rrtype"] == OPT else ""
    return f"{lead}{_name_of(struct)}\t{held['Ttl']}\t{_class_text(held['Class'])}\t{type_name(held['Rrtype'])}\t"


RR_HEADER = _struct(
    "dns.RR_Header",
    {"Name": STRING, "Rrtype": UINT16, "Class": UINT16, "Ttl": UINT32, "Rdlength": UINT16},
    {"String": _text(_header_text)},
)
values.pointer_to(RR_HEADER).methods["Header"] = _method(values.pointer_to(RR_HEADER), lambda header: header)
RECORD = Type("dns.RR", "interface")
OPTION = Type("dns.EDNS0", "interface")


def _with_header(methods: dict[str, Func]) -> dict[str, Func]:
    return {"Header": _method(values.pointer_to(RR_HEADER), lambda record: record.values["Hdr"]), **methods}


def _ttl(struct: Struct) -> int:
    number: int = struct.values["Hdr"].values["Ttl"]
    return number


def _opt_text(struct: Struct) -> str:
    ttl = _ttl(struct)
    flags = (" do" if ttl & 0x8000 else "") + (" co" if ttl & 0x4000 else "")
    rest = f"MBZ: 0x{ttl & 0x3FFF:04x}, " if ttl & 0x3FFF else ""
    size = struct.values["Hdr"].values["Class"]
    lines = [f"\n;; OPT PSEUDOSECTION:\n; EDNS: version {ttl >> 16 & 255}; flags:{flags}; {rest}udp: {size}"]
    options = struct.values["Option"] or ()
    for i in range(len(options)):
        option = options[i].held
        lines.append(f"; {_TITLES.get(option.type.name, 'LOCAL OPT')}: {_option_text(option)}")
        if option.type is _NSID:
            octets = bytes.fromhex(option.values["Nsid"].decode())
            lines[-1] += "  " + "".join([f"({chr(octet)})" for octet in octets])
    return "\n".join(lines)


OPT_RECORD = _struct(
    "dns.OPT",
    {"Hdr": RR_HEADER, "Option": values.slice_of(OPTION)},
    _with_header(
        {
            "String": _text(_opt_text),
            "Version": _method(UINT8, lambda opt: _ttl(opt) >> 16 & 255),
            "ExtendedRcode": _method(INT, lambda opt: _ttl(opt) >> 24 << 4),
            "UDPSize": _method(UINT16, lambda opt: opt.values["Hdr"].values["Class"]),
            "Do": _method(BOOL, lambda opt: bool(_ttl(opt) & 0x8000)),
            "Co": _method(BOOL, lambda opt: bool(_ttl(opt) & 0x4000)),
            "Z": _method(UINT16, lambda opt: _ttl(opt) & 0x3FFF),
            **_unmodelled("*dns.OPT", "SetVersion SetExtendedRcode SetUDPSize SetDo SetCo SetZ"),
        }
    ),
)
_OTHER_RECORD = _struct("dns.RR", {"Hdr": RR_HEADER}, _with_header(_unmodelled("a record", "String")))

# -- options ----------------------------------------------------------------------------------------------------------


def _option(name: str, code: int, fields: dict[str, Type], text: Callable[[Struct], str]) -> Type:
    return _struct(f"dns.{name}", fields, {"Option": _method(UINT16, lambda _: code), "String": _text(text)})


def _octets(struct: Struct, name: str) -> bytes:
    held = struct.values[name]
    return bytes([held[i] for i in range(len(held))])


def _ip_text(octets: bytes) -> str:
    address = ip_address(octets)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _subnet_text(struct: Struct) -> str:
    held = struct.values
    address = _ip_text(_octets(struct, "Address"))
    shown = f"[{address}]" if ":" in address else address
    return f"{shown}/{held['SourceNetmask']}/{held['SourceScope']}"


IP = Type("net.IP", "slice", elem=UINT8)
IP.methods["String"] = Func((), lambda ip: values.string(_ip_text(bytes([ip.held[i] for i in range(len(ip.held))]))))
IP.methods.update(
    _unmodelled(
        "net.IP", "DefaultMask Equal IsGlobalUnicast IsLoopback IsMulticast IsPrivate IsUnspecified Mask To16 To4"
    )
)
_NSID = _option("EDNS0_NSID", 3, {"Code": UINT16, "Nsid": STRING}, lambda o: o.values["Nsid"].decode())
_SUBNET = _option(
    "EDNS0_SUBNET",
    8,
    {"Code": UINT16, "Family": UINT16, "SourceNetmask": UINT8, "SourceScope": UINT8, "Address": IP},
    _subnet_text,
)
_COOKIE = _option("EDNS0_COOKIE", 10, {"Code": UINT16, "Cookie": STRING}, lambda o: o.values["Cookie"].decode())
_PADDING = _option("EDNS0_PADDING", 12, {"Padding": values.OCTETS}, lambda o: _octets(o, "Padding").hex().upper())
_LOCAL = _struct(
    "dns.EDNS0_LOCAL",
    {"Code": UINT16, "Data": values.OCTETS},
    {
        "Option": _method(UINT16, lambda option: option.values["Code"]),
        "String": _text(lambda option: f"{option.values['Code']}:0x{_octets(option, 'Data').hex()}"),
    },
)
_TITLES = {
    "dns.EDNS0_NSID": "NSID",
    "dns.EDNS0_SUBNET": "SUBNET",
    "dns.EDNS0_COOKIE": "COOKIE",
    "dns.EDNS0_PADDING": "PADDING",
}
_KNOWN = frozenset((1, 2, 4, 5, 6, 7, 9, 11, 15, 18, 19))
"""Options that the library has types for that are not modelled."""


def _option_text(struct: Struct) -> str:
    text = values.pointer_to(struct.type).methods["String"].call(Value(values.pointer_to(struct.type), struct))
    assert text is not None
    octets: bytes = text.held
    return octets.decode("utf-8", "surrogateescape")


def _option_of(code: int, data: bytes) -> Value:
    # The library leaves `Code` at 0 where it reads an option that it has a type for.
    if code in _KNOWN:
        raise Unmodelled(f"the EDNS option {code}")
    if code == 3:
        struct = Struct(_NSID, {"Code": 0, "Nsid": data.hex().encode()})
    elif code == 10:
        struct = Struct(_COOKIE, {"Code": 0, "Cookie": data.hex().encode()})
    elif code == 12:
        struct = Struct(_PADDING, {"Padding": Slice(data)})
    elif code == 8 and len(data) >= 4:
        struct = _subnet(data)
    else:
        struct = Struct(_LOCAL, {"Code": code, "Data": Slice(data)})
    return Value(values.pointer_to(struct.type), struct)


def _subnet(data: bytes) -> Struct:
    family = int.from_bytes(data[:2], "big")
    if family == 2:
        address = data[4:20].ljust(16, b"\0")
    else:
        address = bytes(10) + b"\xff\xff" + data[4:8].ljust(4, b"\0")
    fields = {"Code": 0, "Family": family, "SourceNetmask": data[2], "SourceScope": data[3], "Address": Slice(address)}
    return Struct(_SUBNET, fields)


# -- the message ------------------------------------------------------------------------------------------------------


def _message_text(struct: Struct) -> str:
    held = struct.values
    counts = [len(held[name] or ()) for name in ("Question", "Answer", "Ns", "Extra")]
    opt = _edns_of(struct)
    if counts[1] or counts[2] or counts[3] > (opt is not None):
        raise Unmodelled("the text of a message with records")
    names = ("QUERY", "ANSWER", "AUTHORITY", "ADDITIONAL")
    shown = ", ".join([f"{name}: {count}" for name, count in zip(names, counts, strict=True)])
    lines = [f"{_flags_text(held['MsgHdr'])} {shown}"]
    if opt is not None:
        lines.append(_opt_text(opt))
    if counts[0]:
        lines += ["", ";; QUESTION SECTION:", *[_question_text(held["Question"][i]) for i in range(counts[0])]]
    return "\n".join(lines) + "\n"


def _edns_of(struct: Struct) -> Struct | None:
    extra = struct.values["Extra"] or ()
    found = [extra[i].held for i in range(len(extra)) if extra[i].held.type is OPT_RECORD]
    return found[-1] if found else None


MESSAGE = _struct(
    "dns.Msg",
    {
        "MsgHdr": HEADER,
        "Compress": BOOL,
        "Question": values.slice_of(QUESTION),
        "Answer": values.slice_of(RECORD),
        "Ns": values.slice_of(RECORD),
        "Extra": values.slice_of(RECORD),
    },
    {
        "String": _text(_message_text),
        "IsEdns0": _method(values.pointer_to(OPT_RECORD), _edns_of),
        **_unmodelled(
            "*dns.Msg",
            "Copy CopyTo Insert IsTsig Len NameNotUsed NameUsed Pack PackBuffer RRsetNotUsed RRsetUsed Remove RemoveName "
            "RemoveRRset SetAxfr SetEdns0 SetIxfr SetNotify SetQuestion SetRcode SetRcodeFormatError SetReply SetTsig "
            "SetUpdate Truncate Unpack Used",
        ),
    },
    embedded=("MsgHdr",),
)


def question(msg: Msg) -> Struct:
    """The question of a message."""
    assert msg.question is not None
    name, type, cls = msg.question
    return Struct(QUESTION, {"Name": name.encode(), "Qtype": type, "Qclass": cls})


def message(msg: Msg) -> Struct:
    """A message as it was read."""
    header = {
        "Id": msg.id,
        "Opcode": msg.opcode,
        "Rcode": msg.rcode,
        **dict(zip(_FLAGS, (msg.qr, msg.aa, msg.tc, msg.rd, msg.ra, msg.z, msg.ad, msg.cd), strict=True)),
    }
    extra = [_record(rr) for rr in msg.extra]
    if msg.edns is not None:
        extra.append(_opt(msg.edns, msg.rcode))
    return Struct(
        MESSAGE,
        {
            "MsgHdr": Struct(HEADER, header),
            "Compress": False,
            "Question": Slice([question(msg)]),
            "Answer": _slice(map(_record, msg.answer)),
            "Ns": _slice(map(_record, msg.ns)),
            "Extra": _slice(extra),
        },
    )


def _slice(items: Iterable[Value]) -> Slice | None:
    """A section: nil where it is empty."""
    found = list(items)
    return Slice(found) if found else None


def _opt(edns: Edns, rcode: int) -> Value:
    ttl = (rcode >> 4) << 24 | edns.version << 16 | edns.do << 15 | (edns.flags & 0x7FFF)
    length = sum(4 + len(data) for _, data in edns.options)
    header = {"Name": b".", "Rrtype": OPT, "Class": edns.udp, "Ttl": ttl, "Rdlength": length}
    options = _slice(_option_of(code, data) for code, data in edns.options)
    return Value(
        values.pointer_to(OPT_RECORD), Struct(OPT_RECORD, {"Hdr": Struct(RR_HEADER, header), "Option": options})
    )


def _record(rr: Any) -> Value:
    name, type, cls, ttl, _ = rr
    header = Struct(RR_HEADER, {"Name": name.encode(), "Rrtype": type, "Class": cls, "Ttl": ttl, "Rdlength": 0})
    return Value(values.pointer_to(_OTHER_RECORD), Struct(_OTHER_RECORD, {"Hdr": header}))


__all__ = ["MESSAGE", "QUESTION", "message", "question"]
