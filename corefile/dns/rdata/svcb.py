"""Service parameters (RFC 9460), as miekg/dns reads them and dnspython prints them."""

from __future__ import annotations

from typing import Any

from ...golang.numbers import to_uint
from ...light import NamedTuple
from ..errors import WireError
from ..escapes import quoted
from .encodings import base64_text, ipv6_text, pack_ipv4, pack_ipv6, unbase64
from .kinds import Rest, take
from .tokens import BLANK, EOF, NEWLINE, QUOTE, STRING, Next, RdataError, unchecked

KEYS = ("mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp")
_SVC_RESERVED = 65535


class SvcForm(NamedTuple):
    """How parameters are read. keys: those with names. plain_alpn: whether a list of protocols is cut at its commas as it
    stands, without escapes."""

    keys: tuple[str, ...] = KEYS
    plain_alpn: bool = False


class Unsent(bytes):
    """A value that is read, and cannot be sent."""

    __slots__ = ()


def _svc_key(text: str, keys: tuple[str, ...]) -> int:
    if text in keys:
        return keys.index(text)
    if text.startswith("key"):
        number = to_uint(text[3:], 16)
        if number is not None and text[3] != "0" and number >= len(keys):
            return number
    return _SVC_RESERVED


def _svc_name(key: int) -> str:
    return KEYS[key] if key < len(KEYS) else "docpath" if key == 10 else f"key{key}"


def _list_items(text: str) -> list[str]:
    """Go's repeated strings.Cut: an item behind the last comma counts only if it is not empty."""
    items = text.split(",")
    return items[:-1] if not items[-1] else items


class _SvcError(ValueError):
    pass


def _svc_param(text: str) -> bytes:
    out, i = bytearray(), 0
    while i < len(text):
        if text[i] != "\\":
            out.append(ord(text[i]))
            i += 1
        elif i + 1 == len(text):
            raise _SvcError("escape unterminated")
        elif text[i + 1] in "0123456789":
            digits = text[i + 1 : i + 4]
            if len(digits) != 3 or not digits.isdigit() or int(digits) > 255:
                raise _SvcError("bad escaped octet")
            out.append(int(digits))
            i += 4
        else:
            out.append(ord(text[i + 1]))
            i += 2
    return bytes(out)


def _svc_byte(text: str, i: int) -> tuple[str, int]:
    """The octet at `i`, escaped or not, and how many characters it took; 0 where it is cut short."""
    if i >= len(text):
        return "", 0
    if text[i] != "\\":
        return text[i], 1
    digits = text[i + 1 : i + 4]
    if len(digits) == 3 and digits.isascii() and digits.isdigit():
        return chr(int(digits) & 255), 4
    return (text[i + 1], 2) if i + 1 < len(text) else ("", 0)


def _plain_alpn(text: str) -> bytes:
    ids = [x.encode("latin-1") for x in text.split(",")]
    octets = b"".join([bytes((len(x) & 255,)) + x for x in ids])
    return octets if all(0 < len(x) < 256 for x in ids) else Unsent(octets)


def _svc_alpn(text: str) -> bytes:
    if not text:
        return b""
    ids, current, i = [], "", 0
    while i < len(text):
        ch, used = _svc_byte(text, i)
        if not used:
            raise _SvcError("bad svcbalpn: unterminated escape")
        i += used
        if ch == ",":
            if not current:
                raise _SvcError("bad svcbalpn: empty protocol identifier")
            ids.append(current)
            current = ""
            continue
        if ch == "\\":
            ch, used = _svc_byte(text, i)
            if not used:
                raise _SvcError("bad svcbalpn: unterminated escape decoding comma-separated list")
            if ch not in "\\,":
                raise _SvcError("bad svcbalpn: bad escaped character decoding comma-separated list")
            i += used
        current += ch
    if not current:
        raise _SvcError("bad svcbalpn: last protocol identifier empty")
    ids.append(current)
    out = b""
    for item in ids:
        octets = item.encode("latin-1")
        out += bytes((len(octets) & 255,)) + octets
    return out


def _svc_value(key: int, text: str, form: SvcForm) -> bytes:
    """The octets of the parameter's value. Raises _SvcError with miekg/dns's words."""
    if key == 0:
        return b"".join([x.to_bytes(2, "big") for x in sorted([_svc_key(x, form.keys) for x in _list_items(text)])])
    if key == 1:
        return _plain_alpn(text) if form.plain_alpn else _svc_alpn(text)
    if key in (2, 8) and key < len(form.keys):
        if text:
            who = "svcbnodefaultalpn: no-default-alpn" if key == 2 else "svcbotthp: svcbotthp"
            raise _SvcError(f"bad {who} must have no value")
        return b""
    if key == 3:
        port = to_uint(text, 16)
        if port is None:
            raise _SvcError("bad svcbport: port out of range")
        return port.to_bytes(2, "big")
    if key in (4, 6):
        who = f"svcbipv{key}hint"
        if not text:
            raise _SvcError(f"bad {who}: empty hint")
        if key == 4 and ":" in text:
            raise _SvcError(f"bad {who}: expected ipv4, got ipv6")
        out = b""
        for item in _list_items(text):
            try:
                octets = pack_ipv6(item) if ":" in item else pack_ipv4(item)
            except ValueError:
                raise _SvcError(f"bad {who}: bad ip") from None
            if key == 6 and (len(octets) == 4 or octets[:12] == bytes(10) + b"\xff\xff"):
                raise _SvcError(f"bad {who}: expected ipv6, got ipv4-mapped-ipv6")
            out += octets
        return out
    if key == 5:
        try:
            return unbase64(text)
        except ValueError:
            raise _SvcError("bad svcbech: bad base64 ech") from None
    try:
        return _svc_param(text)
    except _SvcError as error:
        who = "dohpath: " if key == 7 < len(form.keys) else "local: svcb private/experimental key "
        raise _SvcError(f"bad svcb{who}{error}") from None


class SvcParams(Rest):
    """Service parameters: a tuple of (key, value as `bytes`), by key."""

    def __init__(self, form: SvcForm | None = None) -> None:
        self.form = SvcForm() if form is None else form

    def text(self, value: Any) -> str:
        """`key="value"`, bare keys without value."""
        return " ".join([self._one(key, data) for key, data in sorted(value)])

    def _one(self, key: int, data: bytes) -> str:
        name = _svc_name(key)
        if not data:
            return name
        if key == 0:
            pairs = [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]
            return f'{name}="{",".join([_svc_name(x) for x in pairs])}"'
        if key in (1, 10):
            ids, i = [], 0
            while i < len(data):
                ids.append(data[i + 1 : i + 1 + data[i]].replace(b"\\", b"\\\\").replace(b",", b"\\,"))
                i += 1 + data[i]
            return f"{name}={quoted(b','.join(ids))}"
        if key == 3:
            return f'{name}="{int.from_bytes(data, "big")}"'
        if key == 4:
            return f'{name}="{",".join([".".join(map(str, data[i : i + 4])) for i in range(0, len(data), 4)])}"'
        if key == 5:
            return f'{name}="{base64_text(data)}"'
        if key == 6:
            return f'{name}="{",".join([ipv6_text(data[i : i + 16]) for i in range(0, len(data), 16)])}"'
        return f"{name}={quoted(data)}"

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """Parameters to the end of the line."""
        out: list[tuple[int, bytes]] = []
        may_start = True
        token = unchecked(next)
        while token[0] not in (NEWLINE, EOF):
            if token[0] == BLANK:
                may_start = True
            elif token[0] == QUOTE:
                raise RdataError("SVCB key can't contain double quotes", token)
            elif token[0] != STRING:
                raise RdataError("bad SVCB values", token)
            elif not may_start:
                raise RdataError("bad SVCB value quotation", token)
            else:
                name, equals, text = token[1].partition("=")
                if equals and not name:
                    raise RdataError("bad SVCB key", token)
                ended = None
                if equals and not text:
                    token = unchecked(next)
                    if token[0] == QUOTE:
                        may_start = False
                        token = unchecked(next)
                        if token[0] == STRING:
                            text = token[1]
                            token = unchecked(next)
                            if token[0] != QUOTE:
                                raise RdataError("SVCB unterminated value", token)
                        elif token[0] != QUOTE:
                            raise RdataError("bad SVCB value", token)
                    elif token[0] in (NEWLINE, EOF):
                        ended = token
                key = _svc_key(name, self.form.keys)
                if key == _SVC_RESERVED:
                    raise RdataError("bad SVCB key", token)
                try:
                    out.append((key, _svc_value(key, text, self.form)))
                except _SvcError as error:
                    raise RdataError(str(error), token, lost=True) from None
                if ended is not None and ended[0] == EOF:
                    break
            token = unchecked(next)
        return tuple(sorted(out))

    def pack(self, value: Any) -> bytes:
        """By key. Raises WireError for repeated keys."""
        out, last = b"", -1
        for key, data in sorted(value):
            if data.__class__ is Unsent:
                raise WireError("svcbalpn: empty alpn-id")
            if key == last:
                raise WireError("repeated SVCB keys are not allowed")
            last = key
            out += key.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data
        return out

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """By key, strictly increasing."""
        out: list[tuple[int, bytes]] = []
        while offset < end:
            head, offset = take(wire, offset, 4, end, "overflow unpacking SVCB")
            key = head[0] << 8 | head[1]
            data, offset = take(wire, offset, head[2] << 8 | head[3], end, "overflow unpacking SVCB")
            if key == _SVC_RESERVED or not _svc_sound(key, data):
                raise WireError("bad SVCB key")
            if out and key <= out[-1][0]:
                raise WireError("SVCB keys not in strictly increasing order")
            out.append((key, data))
        return tuple(out), offset

    def length(self, value: Any) -> int:
        """Four octets and the value for each."""
        return sum(4 + len(data) for _, data in value)


def _svc_sound(key: int, data: bytes) -> bool:
    if key == 0:
        return len(data) % 2 == 0
    if key == 1:
        i = 0
        while i < len(data):
            i += 1 + data[i]
        return i == len(data)
    if key in (2, 8):
        return not data
    if key == 3:
        return len(data) == 2
    if key == 4:
        return bool(data) and len(data) % 4 == 0
    if key == 6:
        mapped = bytes(10) + b"\xff\xff"
        return bool(data) and len(data) % 16 == 0 and all(data[i : i + 12] != mapped for i in range(0, len(data), 16))
    return True
