"""The RDATA of all types by their specs: octets, lengths, and text in two dialects. See the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...light import regex
from ..codes import ANY, CLASSES, IN, RCODES, class_name, class_number, type_number_or_none
from ..errors import WireError
from ..escapes import dnspython_name, latin, quoted
from ..names import absolute_name
from ..rr import RR
from .kinds import (
    Base64,
    Bitmap,
    CharString,
    Counted,
    Cut,
    FirstString,
    Generic,
    Hex,
    Kind,
    Name,
    Salt,
    Strings,
    TwoStrings,
    text_length,
)
from .spec import KINDS, SPECS, UNKNOWN, Spec, spec
from .svcb import SvcParams
from .table import DNSPYTHON_TYPES, dnspython_type
from .tokens import PREVIOUS, Next, RdataError, Token, generic_read, generic_text, slurp, tokens, ttl_seconds

__all__ = [
    "KINDS",
    "SPECS",
    "UNKNOWN",
    "Base64",
    "Bitmap",
    "CharString",
    "Generic",
    "Hex",
    "Kind",
    "Name",
    "Spec",
    "from_text",
    "length",
    "pack",
    "parse",
    "rr_from_text",
    "rr_to_text",
    "spec",
    "to_text",
    "unpack",
]


def pack(type: int, data: tuple[Any, ...]) -> bytes:
    """The RDATA, uncompressed. Raises WireError for data that has no wire form.

    Numbers and strings that are missing at the end are sent as zeros and empty ones, as miekg/dns does.

    >>> pack(15, (10, "mail.example."))
    b'\\x00\\n\\x04mail\\x07example\\x00'
    """
    found = SPECS.get(type, UNKNOWN)
    if not data:
        return found.blank
    if found.special is not None:
        return found.special.pack(data)
    kinds = found.kinds
    last = kinds[-1]
    if last.__class__ in _SPREAD:
        return b"".join([_STRING.pack(x) for x in data])
    octets = b"".join([kind.pack(value) for kind, value in zip(kinds, data, strict=False)])
    if len(data) < len(kinds):
        octets += b"".join([kind.blank for kind in kinds[len(data) :]])
    return octets


def unpack(type: int, wire: bytes, offset: int, size: int, *, strict: bool = True) -> tuple[Any, ...]:
    """The data of `size` octets of RDATA at `offset` of a whole message, which pointers lead into. Raises WireError.

    A record may end before any of its fields, as miekg/dns allows, but not behind octets that are counted; its data is then
    shorter.
    What follows the last field is an error, unless not `strict`.
    """
    end = offset + size
    if end > len(wire):
        raise WireError("overflowing header size")
    if not size:
        return ()
    found = SPECS.get(type, UNKNOWN)
    if found.special is not None:
        return found.special.unpack(wire, offset, end, strict=strict)
    out: list[Any] = []
    kinds = found.kinds
    if kinds and isinstance(kinds[-1], Strings):
        count = kinds[-1].count
        while offset < end and (not count or len(out) < count):
            try:
                value, offset = _STRING.unpack(wire, offset, end)
            except WireError as error:
                raise _placed(error, found, len(out)) from None
            out.append(value)
        out += [b""] * (count - len(out))
    elif type == ANY and strict:
        raise WireError("bad rdlength")
    else:
        for kind in kinds:
            if offset == end and not kind.rest:
                if isinstance(kinds[len(out) - 1], (Salt, Counted)) and out[-1] and out[-1].__class__ is not Cut:
                    number = "uint8" if isinstance(kind, Salt) else "uint16"
                    raise _placed(WireError(f"overflow unpacking {number}"), found, len(out))
                return tuple(out)
            try:
                value, offset = kind.unpack(wire, offset, end)
            except WireError as error:
                raise _placed(error, found, len(out)) from None
            out.append(value)
    if offset != end and strict:
        raise WireError("bad rdlength")
    return tuple(out)


def _placed(error: WireError, found: Spec, at: int) -> WireError:
    """The error with the field that it is about; that of counted octets names only the count."""
    has_place = not isinstance(found.kinds[min(at, len(found.kinds) - 1)], (Salt, Counted)) or "uint" in str(error)
    if has_place and not error.where and found.places:
        error.where = found.places[min(at, len(found.places) - 1)]
    return error


def length(type: int, data: tuple[Any, ...]) -> int:
    """Octets of the RDATA, uncompressed, as miekg/dns's Len counts them. It counts some too high: base64 padding,
    escapes in character-strings, an empty type bitmap (2), and a hashed name's characters for its octets."""
    found = SPECS.get(type, UNKNOWN)
    if not data:
        return found.blank_length
    if found.special is not None:
        return found.special.length(data)
    kinds = found.kinds
    if kinds[-1].__class__ in _SPREAD:
        return sum([text_length(x) + 1 for x in data])
    octets = sum([kind.length(value) for kind, value in zip(kinds, data, strict=False)])
    if len(data) < len(kinds):
        octets += sum([len(kind.blank) + kind.blank_extra for kind in kinds[len(data) :]])
    return octets


def to_text(type: int, data: tuple[Any, ...], cls: int = IN) -> str:
    """The RDATA as dnspython prints it.

    >>> to_text(16, (b'say "hi"', b"two"))
    '"say \\\\"hi\\\\"" "two"'
    """
    found = SPECS.get(type, UNKNOWN)
    if not data or found.form in "gn" or (found.form == "i" and cls != IN):
        return generic_text(pack(type, data))
    if found.special is not None:
        return found.special.text(data)
    kinds = found.kinds
    if kinds[-1].__class__ in _SPREAD:
        if type == 20 and len(data) == 2 and not data[1]:
            data = data[:1]
        return " ".join([quoted(x) for x in data])
    if len(data) < len(kinds):
        octets = pack(type, data)  # with what is sent for the fields that are missing
        try:
            data = unpack(type, octets, 0, len(octets))
        except WireError:
            return generic_text(octets)
    if found.number in (249, 250) and len(data) == len(kinds):
        return _transaction_text(found.number, data)
    parts = [kind.text(value) for kind, value in zip(kinds, data, strict=False)]
    if not parts[-1] and isinstance(kinds[-1], (Bitmap, SvcParams)):
        parts.pop()
    return " ".join(parts)


def _transaction_text(type: int, data: tuple[Any, ...]) -> str:
    """TKEY and TSIG, which dnspython prints with lengths, and error codes by name."""
    base64 = KINDS["counted"].text
    name = dnspython_name(data[0])
    if type == 249:
        other = " " + base64(data[6]) if data[6] else ""
        return f"{name} {data[1]} {data[2]} {data[3]} {data[4]} {base64(data[5])}{other}"
    error = {16: "BADSIG"}.get(data[5]) or (RCODES.get(data[5]) or str(data[5]))
    other = " " + base64(data[6]) if data[6] else ""
    return f"{name} {data[1]} {data[2]} {len(data[3])} {base64(data[3])} {data[4]} {error} {len(data[6])}{other}"


def parse(type: int, next: Next, origin: str, spec: Spec | None = None) -> tuple[Any, ...]:
    """The data at the tokens that follow a type in a master file; its line is used up. spec: how the type is read, unless as
    the newest release does. Raises RdataError."""
    found = SPECS.get(type, UNKNOWN) if spec is None else spec
    if found.special is not None:
        return found.special.read(next, origin, found.name)
    kinds = found.kinds
    if type in _NO_TEXT:
        raise RdataError(f"{found.name} records do not have a presentation format")
    last = len(kinds) - 1
    out: list[Any] = []
    seen: list[Token] = []
    for i, kind in enumerate(kinds):
        if kind.rest:
            if found.skips:
                next()
            try:
                value = kind.read(next, origin, found.labels[i])
            except RdataError as error:
                if error.token is PREVIOUS:
                    raise RdataError(error.message, seen[-1]) from None
                raise
            if kind.__class__ in _SPREAD:
                return tuple(value)
            return (*out, value)
        if i:
            next()
        if found.skips:
            seen.append(next())
            out.append(kind.read(iter(seen[-1:]).__next__, origin, found.labels[i]))
        else:
            out.append(kind.read(next, origin, found.labels[i]))
        if i == last:
            slurp(next)
    return tuple(out)


_NO_TEXT = frozenset((10, 41, 128, 249, 250, 255))
_SPREAD = frozenset((Strings, TwoStrings, FirstString))
_STRING = CharString()


def from_text(type: int, words: Sequence[str], origin: str = ".") -> tuple[Any, ...]:
    """The data of words such as `["10", "mail"]`, read as miekg/dns's master files are; a word in quotes is a quoted
    string. `\\# n hex` (RFC 3597) is understood for every type. Names are taken below `origin`. Raises RdataError.

    >>> from_text(15, ["10", "mail"], "example.org.")
    (10, 'mail.example.org.')
    """
    if words and words[0] == "\\#":
        octets = generic_read(tokens(words))
        if isinstance(octets, str):
            raise RdataError(f"not hexadecimal: {octets!r}")
        try:
            return unpack(type, octets, 0, len(octets))
        except WireError as error:
            raise RdataError(str(error)) from None
    return parse(type, tokens([latin(x) for x in words]), origin)


_WORD = regex(r'(?:"(?:[^"\\]|\\.)*"|[^\s"\\]|\\.)+')


def rr_to_text(rr: RR) -> str:
    """`name ttl CLASS TYPE rdata`, as dnspython prints a record.

    >>> rr_to_text(RR("www.example.", 1, 1, 300, ("192.0.2.1",)))
    'www.example. 300 IN A 192.0.2.1'
    """
    name, type, cls, ttl, data = rr
    text = class_name(cls) if cls != 2 else "CLASS2"
    return f"{dnspython_name(name)} {ttl} {text} {dnspython_type(type)} {to_text(type, data, cls)}"


def rr_from_text(line: str) -> RR:
    """One record from `name [ttl] [class] type rdata`, all names absolute or below the root. The TTL is 3600 and the
    class IN where they are not given. Raises RdataError.

    >>> rr_from_text("www.example. 300 IN A 192.0.2.1").data
    ('192.0.2.1',)
    """
    words = _WORD.findall(line)
    if not words:
        raise RdataError("it is empty")
    name = absolute_name(latin(words[0]), ".")
    if name is None:
        raise RdataError(f"`{words[0]}` is no name")
    ttl, cls, i = 3600, IN, 1
    for _ in range(2):
        if i < len(words) and words[i].upper() in CLASSES and words[i].upper() != "ANY":
            cls = CLASSES[words[i].upper()]
            i += 1
        elif i < len(words) and words[i].upper().startswith("CLASS"):
            try:
                cls = class_number(words[i])
            except ValueError:
                raise RdataError(f"`{words[i]}` is no class") from None
            i += 1
        elif i < len(words) and words[i][:1].isdigit():
            seconds = ttl_seconds(words[i])
            if seconds is None:
                raise RdataError(f"`{words[i]}` is no TTL")
            ttl = seconds
            i += 1
    if i == len(words):
        raise RdataError("there is no type behind the name")
    number = type_number_or_none(words[i])
    if number is None:
        number = {name: n for n, name in DNSPYTHON_TYPES.items()}.get(words[i].upper())
    if number is None:
        raise RdataError(f"`{words[i]}` is no record type")
    return RR(name, number, cls, ttl, from_text(number, words[i + 1 :], ".") if words[i + 1 :] else ())
