"""The kinds of field: for each, the Python value, its text, its octets and their number."""

from __future__ import annotations

from typing import Any

from ..names import wire_length
from .presentation import (
    WireError,
    absolute_name,
    base32hex,
    base64_text,
    chunks,
    dnspython_name,
    ipv6_text,
    pack_ipv4,
    pack_ipv6,
    pack_name,
    quoted,
    unbase32hex,
    unbase64,
    unescape,
    unhex,
    unpack_name,
)
from .table import ALGORITHM_NAMES, CERT_TYPES, dnspython_type, type_number_or_none
from .tokens import (
    BLANK,
    EOF,
    ERROR,
    NEWLINE,
    PREVIOUS,
    QUOTE,
    STRING,
    Next,
    RdataError,
    Token,
    bare_words,
    generic_read,
    generic_text,
    strings,
    to_uint,
    ttl_seconds,
)

_TWO = b'"\\'
_FOUR = bytes([*range(32), *range(127, 256)])


class Spelt(bytes):
    """Octets that a master file spells in `shown` characters, where that is not what `text_length` would count."""

    shown: int


def spelt(text: str) -> bytes:
    """The octets of a string in a master file; they remember how long it was written."""
    data = unescape(text)
    if len(text) == text_length(data) == len(data):
        return data
    kept = Spelt(data)
    kept.shown = len(text)
    return kept


def text_length(data: bytes) -> int:
    """Characters of a string that miekg/dns holds escaped; its lengths count these, not the octets.

    A string from the wire is held with its own escapes, one from a master file as it was written.
    """
    if data.__class__ is Spelt:
        return data.shown
    plain = len(data)
    return 4 * plain - 3 * len(data.translate(None, _FOUR)) + (plain - len(data.translate(None, _TWO)))


class Kind:
    """One kind of field. `rest` kinds take all that is left of the record; `blank` is what the library
    sends for a field that was never filled."""

    rest = False
    blank = b""
    blank_extra = 0  # octets that Len counts for such a field beside those

    def text(self, value: Any) -> str:
        """`value` as dnspython prints it."""
        return str(value)

    def read(self, next: Next, origin: str, label: str) -> Any:
        """The value at the next tokens. Raises RdataError."""
        raise NotImplementedError

    def pack(self, value: Any) -> bytes:
        """Its octets. Raises WireError."""
        raise NotImplementedError

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """The value at `offset`, and the offset behind it. Raises WireError."""
        raise NotImplementedError

    def length(self, value: Any) -> int:
        """Octets, as miekg/dns's Len counts them."""
        raise NotImplementedError


def take(wire: bytes, offset: int, size: int, end: int) -> tuple[bytes, int]:
    stop = offset + size
    if stop > end:
        raise WireError("overflow unpacking")
    return wire[offset:stop], stop


class Number(Kind):
    """An unsigned integer of some octets."""

    def __init__(self, size: int, names: dict[str, int] | None = None, *, fold: bool = False) -> None:
        self.size = size
        self.blank = bytes(size)
        self.names = names
        self.fold = fold

    def read(self, next: Next, origin: str, label: str) -> int:
        """A number, or one of the mnemonics."""
        token = next()
        text = token[1]
        value = to_uint(text, 8 * self.size)
        if value is None and self.names is not None:
            value = self.names.get(text.upper() if self.fold else text)
        if value is None or token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return value

    def pack(self, value: Any) -> bytes:
        """Big-endian."""
        try:
            return int(value).to_bytes(self.size, "big")
        except OverflowError:
            raise WireError(f"{value} does not fit {self.size} octets") from None

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Big-endian."""
        octets, offset = take(wire, offset, self.size, end)
        return int.from_bytes(octets, "big"), offset

    def length(self, value: Any) -> int:
        """Always the same."""
        return self.size


class Duration(Number):
    """A u32 in seconds that may be written with units (`1h30m`)."""

    def read(self, next: Next, origin: str, label: str) -> int:
        """A number or a duration."""
        token = next()
        value = to_uint(token[1], 32)
        if value is None:
            value = ttl_seconds(token[1])
        if value is None or token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return value


class SigTime(Number):
    """A u32: seconds since 1970, written as YYYYMMDDHHMMSS (RFC 4034 §3.2)."""

    def text(self, value: Any) -> str:
        """As a date."""
        days, seconds = divmod(value, 86400)
        year, month, day = _civil(days)
        return f"{year:04d}{month:02d}{day:02d}{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"

    def read(self, next: Next, origin: str, label: str) -> int:
        """A date, or seconds."""
        token = next()
        text = token[1]
        value = _sig_seconds(text)
        if value is None:
            value = to_uint(text, 32)
        if value is None or token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return value


def _civil(days: int) -> tuple[int, int, int]:
    """The Gregorian date of a day since 1970-01-01."""
    days += 719468
    era, doe = divmod(days, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def _sig_seconds(text: str) -> int | None:
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:])
    if not (1 <= month <= 12 and day >= 1 and hour < 24 and minute < 60 and second < 60):
        return None
    y = year - (month <= 2)
    era, yoe = divmod(y, 400)
    doy = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    days = era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
    if _civil(days) != (year, month, day):
        return None
    seconds = days * 86400 + hour * 3600 + minute * 60 + second
    year68 = 1 << 31
    turns = int(seconds / year68) - 1
    return (seconds - max(turns, 0) * year68) & 0xFFFFFFFF


class TypeNumber(Number):
    """A u16 that is a record type, written as its mnemonic."""

    def text(self, value: Any) -> str:
        """The mnemonic."""
        return dnspython_type(value)

    def read(self, next: Next, origin: str, label: str) -> int:
        """A mnemonic or TYPEn."""
        token = next()
        value = type_number_or_none(token[1])
        if value is None:
            raise RdataError("bad " + label, token)
        return value


class CertType(Number):
    """A u16 with the mnemonics of RFC 4398 §2.1."""

    def text(self, value: Any) -> str:
        """The mnemonic where there is one."""
        return {4: "IPKIX"}.get(value) or CERT_TYPES.get(value) or str(value)


class CertAlgorithm(Number):
    """A u8 that dnspython prints as its mnemonic."""

    def text(self, value: Any) -> str:
        """The mnemonic where there is one."""
        return ALGORITHM_NAMES.get(value, str(value))


class Name(Kind):
    """A domain name: `str`, absolute."""

    blank_extra = 1
    compress = False

    def text(self, value: Any) -> str:
        """With dnspython's escapes."""
        return dnspython_name(value)

    def read(self, next: Next, origin: str, label: str) -> str:
        """A name, absolute or below the origin."""
        token = next()
        value = absolute_name(token[1], origin) if token[0] != ERROR else None
        if value is None:
            raise RdataError("bad " + label, token)
        return value

    def pack(self, value: Any) -> bytes:
        """Uncompressed."""
        return pack_name(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Following pointers."""
        return unpack_name(wire, offset, end)

    def length(self, value: Any) -> int:
        """Uncompressed."""
        return wire_length(value)


class CompressedName(Name):
    """A domain name that may be compressed in a message (only in the types of RFC 1035, by RFC 3597 §4)."""

    compress = True


class IPv4(Kind):
    """An IPv4 address: `str`, dotted."""

    def read(self, next: Next, origin: str, label: str) -> str:
        """A dotted address."""
        token = next()
        try:
            if token[0] == ERROR:
                raise ValueError
            pack_ipv4(token[1])
        except ValueError:
            raise RdataError("bad " + label, token) from None
        return token[1]

    def pack(self, value: Any) -> bytes:
        """Four octets."""
        try:
            return pack_ipv4(value)
        except ValueError as error:
            raise WireError(str(error)) from None

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Four octets."""
        stop = offset + 4
        if stop > end:
            raise WireError("overflow unpacking a")
        return ".".join(map(str, wire[offset:stop])), stop

    def length(self, value: Any) -> int:
        """Always 4."""
        return 4


class IPv6(Kind):
    """An IPv6 address: `str`, as `ipv6_text` writes it."""

    def text(self, value: Any) -> str:
        """In its canonical form."""
        return ipv6_text(self.pack(value))

    def read(self, next: Next, origin: str, label: str) -> str:
        """Any form of RFC 4291."""
        token = next()
        try:
            if token[0] == ERROR:
                raise ValueError
            return ipv6_text(pack_ipv6(token[1]))
        except ValueError:
            raise RdataError("bad " + label, token) from None

    def pack(self, value: Any) -> bytes:
        """16 octets."""
        try:
            return pack_ipv6(value)
        except ValueError as error:
            raise WireError(str(error)) from None

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """16 octets."""
        octets, offset = take(wire, offset, 16, end)
        return ipv6_text(octets), offset

    def length(self, value: Any) -> int:
        """Always 16."""
        return 16


class CharString(Kind):
    """A character-string (RFC 1035 §3.3): `bytes`, 255 at most. Read as one bare word."""

    blank = b"\0"

    def text(self, value: Any) -> str:
        """Between quotes."""
        return quoted(value)

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """One bare word."""
        token = next()
        if token[0] != STRING:
            raise RdataError("bad " + label, token)
        return spelt(token[1])

    def pack(self, value: Any) -> bytes:
        """A length octet and the string."""
        if len(value) > 255:
            raise WireError("string exceeded 255 bytes in txt")
        return bytes((len(value),)) + bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """A length octet and the string."""
        if offset >= end:
            raise WireError("overflow unpacking txt")
        return take(wire, offset + 1, wire[offset], end)

    def length(self, value: Any) -> int:
        """Counts the escaped form."""
        return text_length(value) + 1


class AnyWord(CharString):
    """A character-string read from whatever token comes (X25)."""

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """One token."""
        token = next()
        if token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return spelt(token[1])


class BareString(CharString):
    """A character-string that is printed without quotes (CAA's tag)."""

    def text(self, value: Any) -> str:
        """Bare."""
        return quoted(value)[1:-1]


class QuotedString(CharString):
    """A character-string that must stand between quotes (NAPTR)."""

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """One quoted string."""
        token = next()
        if token[0] == QUOTE:
            token = next()
            if token[0] == QUOTE:
                return b""
            if token[0] == STRING:
                text = token[1]
                token = next()
                if token[0] == QUOTE:
                    return spelt(text)
        raise RdataError("bad " + label, token)


class Float(CharString):
    """A character-string that holds a decimal number, printed bare (GPOS)."""

    def text(self, value: Any) -> str:
        """Bare."""
        return bytes(value).decode("latin-1")

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """A number."""
        token = next()
        if token[0] == ERROR or go_float(token[1]) is None:
            raise RdataError("bad " + label, token)
        return spelt(token[1])


def go_float(text: str) -> float | None:
    if "_" in text or text != text.strip() or not text.isascii():
        return None
    try:
        return float(text)
    except ValueError:
        return None


class Rest(Kind):
    """A kind that takes the remainder of the record."""

    rest = True


class Bare(Rest):
    """Octets to the end of the record, read as bare words without the blanks between them: `bytes`.

    What is not valid is kept as the `str` that was written, as miekg/dns does: such a record is loaded, and fails only
    when it is to be sent (`pack` raises WireError).
    """

    def decode(self, text: str) -> bytes:
        """The octets. Raises ValueError."""
        raise NotImplementedError

    def read(self, next: Next, origin: str, label: str) -> bytes | str:
        """All words to the end of the line."""
        text = bare_words(next, label)
        try:
            return self.decode(text)
        except ValueError:
            return text

    def pack(self, value: Any) -> bytes:
        """As they are."""
        if isinstance(value, str):
            raise WireError(f"not valid: {value!r}")
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """To the end."""
        return wire[offset:end], end


class Hex(Bare):
    """Octets written in hexadecimal."""

    def text(self, value: Any) -> str:
        """128 digits to a word."""
        return chunks(value if isinstance(value, str) else value.hex(), 128)

    def decode(self, text: str) -> bytes:
        """The octets. Raises ValueError."""
        return unhex(text)

    def length(self, value: Any) -> int:
        """Two digits are an octet."""
        return len(value) // 2 if isinstance(value, str) else len(value)


class Base64(Bare):
    """Octets written in base64 (RFC 4648 §4)."""

    def __init__(self, chunk: int = 32) -> None:
        self.chunk = chunk

    def text(self, value: Any) -> str:
        """32 characters to a word."""
        return chunks(value if isinstance(value, str) else base64_text(value), self.chunk)

    def decode(self, text: str) -> bytes:
        """The octets. Raises ValueError."""
        return unbase64(text)

    def length(self, value: Any) -> int:
        """Padding counts as if it were data."""
        return len(value) // 4 * 3 if isinstance(value, str) else (len(value) + 2) // 3 * 3


class Generic(Rest):
    """Octets of a type that nobody knows (RFC 3597): `bytes`."""

    def text(self, value: Any) -> str:
        """In the generic form."""
        return generic_text(value)

    def read(self, next: Next, origin: str, label: str) -> bytes | str:
        """The generic form."""
        return generic_read(next)

    def pack(self, value: Any) -> bytes:
        """As they are."""
        if isinstance(value, str):
            raise WireError(f"not valid: {value!r}")
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """To the end."""
        return wire[offset:end], end

    def length(self, value: Any) -> int:
        """As many as there are."""
        return len(value)


class Strings(Rest):
    """One or more character-strings to the end of the record. They are not one field: each is one of `data`."""

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """Words and quoted strings."""
        return tuple([spelt(x) for x in strings(next, label)])


class Octets(Rest):
    """A string without length octet, to the end of the record: `bytes` (CAA, URI)."""

    def text(self, value: Any) -> str:
        """Between quotes."""
        return quoted(value)

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """Exactly one word or quoted string."""
        parts = strings(next, label)
        if len(parts) != 1:
            raise RdataError("bad " + label, PREVIOUS)
        return spelt(parts[0])

    def pack(self, value: Any) -> bytes:
        """As they are."""
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """To the end."""
        return wire[offset:end], end

    def length(self, value: Any) -> int:
        """As many as there are, or as were written."""
        return text_length(value) if value.__class__ is Spelt else len(value)


class TwoStrings(Rest):
    """The two character-strings of HINFO and ISDN, which may be written as one: each is one of `data`."""

    blank = bytes(2)

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """One string that is cut at blanks, or the first and all others."""
        parts = strings(next, label)
        if not parts:
            return (b"", b"")
        if len(parts) == 1:
            words = parts[0].split()
            parts = words if len(words) > 1 else [parts[0], ""]
        return spelt(parts[0]), spelt(" ".join(parts[1:]))


class FirstString(Rest):
    """One character-string; further ones are read and dropped (UINFO)."""

    blank = bytes(1)

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """The first string."""
        parts = strings(next, label)
        return (spelt(parts[0]) if parts else b"",)


class Bitmap(Rest):
    """A type bitmap (RFC 4034 §4.1.2): `tuple[int, ...]` in the order written."""

    blank_extra = 2

    def text(self, value: Any) -> str:
        """Mnemonics."""
        return " ".join([dnspython_type(x) for x in sorted(value)])

    def read(self, next: Next, origin: str, label: str) -> tuple[int, ...]:
        """Mnemonics to the end of the line."""
        out = []
        token = next()
        while token[0] != NEWLINE and token[0] != EOF:
            if token[0] == STRING:
                number = type_number_or_none(token[1], any_prefix=True)
                if number is None:
                    raise RdataError("bad " + label, token)
                out.append(number)
            elif token[0] != BLANK:
                raise RdataError("bad " + label, token)
            token = next()
        return tuple(out)

    def pack(self, value: Any) -> bytes:
        """Windows in order. Raises WireError where the types are not."""
        out, bits, window, last = b"", bytearray(), -1, 0
        for number in value:
            if number >> 8 != window:
                if number >> 8 < window:
                    raise WireError("nsec bits out of order")
                if bits:
                    out += bytes((window, len(bits))) + bits
                window, bits, last = number >> 8, bytearray(), 0
            at = (number & 255) // 8 + 1
            if at < last:
                raise WireError("nsec bits out of order")
            last = at
            bits += bytes(at - len(bits))
            bits[at - 1] |= 0x80 >> (number & 7)
        return out + bytes((window, len(bits))) + bits if bits else out

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Windows in order."""
        out, last = [], -1
        while offset < end:
            if offset + 2 > end:
                raise WireError("overflow unpacking NSEC(3)")
            window, size = wire[offset], wire[offset + 1]
            if window <= last:
                raise WireError("out of order NSEC(3) block in type bitmap")
            if not 0 < size <= 32:
                raise WireError("empty or too long NSEC(3) block in type bitmap")
            octets, offset = take(wire, offset + 2, size, end)
            for i, octet in enumerate(octets):
                for j in range(8):
                    if octet & 0x80 >> j:
                        out.append(window << 8 | i << 3 | j)
            last = window
        return tuple(out), offset

    def length(self, value: Any) -> int:
        """At least 2."""
        n = window = size = 0
        for number in value:
            w, s = number >> 8, (number & 255) // 8 + 1
            if w > window and size:
                n += size + 2
                size = 0
            if w < window or s < size:
                continue
            window, size = w, s
        return n + size + 2


class Salt(Kind):
    """A hexadecimal string with its length octet before it, `-` for none (RFC 5155 §3.3): `bytes`."""

    blank = b"\0"

    def __init__(self, *, required: bool) -> None:
        self.required = required

    def text(self, value: Any) -> str:
        """Hexadecimal."""
        return (value if isinstance(value, str) else value.hex()) or "-"

    def read(self, next: Next, origin: str, label: str) -> bytes | str:
        """Hexadecimal or `-`."""
        token = next()
        if token[0] == ERROR or (self.required and not token[1]):
            raise RdataError("bad " + label, token)
        if token[1] == "-":
            return b""
        try:
            return unhex(token[1])
        except ValueError:
            return token[1]

    def pack(self, value: Any) -> bytes:
        """Length octet first."""
        if isinstance(value, str):
            raise WireError(f"not valid: {value!r}")
        return bytes((len(value) & 255,)) + bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Length octet first."""
        if offset >= end:
            raise WireError("overflow unpacking hex")
        return take(wire, offset + 1, wire[offset], end)

    def length(self, value: Any) -> int:
        """With its length octet."""
        return 1 + (len(value) // 2 if isinstance(value, str) else len(value))


class HashedName(Salt):
    """A base32hex string with its length octet before it (RFC 5155 §3.3): `bytes`."""

    blank_extra = 2

    def text(self, value: Any) -> str:
        """Lower case, without padding."""
        return value if isinstance(value, str) else base32hex(value)

    def read(self, next: Next, origin: str, label: str) -> bytes | str:
        """Base32hex."""
        token = next()
        if token[0] == ERROR or not token[1]:
            raise RdataError("bad " + label, token)
        try:
            return unbase32hex(token[1])
        except ValueError:
            return token[1]

    def length(self, value: Any) -> int:
        """Counts the characters, not the octets, and two more, as miekg/dns does."""
        return 3 + (len(value) if isinstance(value, str) else (len(value) * 8 + 4) // 5)


class Eui(Kind):
    """An EUI-48 or EUI-64 address (RFC 7043): `bytes`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.blank = bytes(size)

    def text(self, value: Any) -> str:
        """Pairs of digits with hyphens."""
        return str(value.hex("-"))

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """Pairs of digits with hyphens."""
        token = next()
        text = token[1]
        if token[0] != ERROR and len(text) == 3 * self.size - 1 and set(text[2::3]) <= {"-"}:
            try:
                return unhex(text.replace("-", ""))
            except ValueError:
                # The library's own slip of the pen, in its EUI64.
                label = label.replace("EUI64", "EUI68")
        raise RdataError("bad " + label, token)

    def pack(self, value: Any) -> bytes:
        """As they are."""
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """As they are."""
        return take(wire, offset, self.size, end)

    def length(self, value: Any) -> int:
        """Always the same."""
        return self.size


class NodeId(Eui):
    """64 bits in four groups (RFC 6742): `bytes`."""

    def text(self, value: Any) -> str:
        """Four groups of four digits."""
        return str(value.hex(":", 2))

    def read(self, next: Next, origin: str, label: str) -> bytes:
        """Four groups of four digits."""
        token = next()
        text = token[1]
        try:
            if token[0] == ERROR or len(text) < 19 or not (text[4] == ":" or text[9] == ":" or text[14] == ":"):
                raise ValueError
            return unhex(text[0:4] + text[5:9] + text[10:14] + text[15:19])
        except ValueError:
            raise RdataError("bad NID/L64 NodeID/Locator64", token) from None


class Counted(Kind):
    """Octets behind a u16 that tells how many: `bytes` (TSIG, TKEY)."""

    blank = bytes(2)

    def text(self, value: Any) -> str:
        """Base64."""
        return base64_text(value) or '""'

    def pack(self, value: Any) -> bytes:
        """Length first."""
        return len(value).to_bytes(2, "big") + bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Length first."""
        size, offset = take(wire, offset, 2, end)
        return take(wire, offset, int.from_bytes(size, "big"), end)

    def length(self, value: Any) -> int:
        """With its length."""
        return 2 + len(value)


class Prefixes(Rest):
    """APL items (RFC 3123): a tuple of (negated, family, address, prefix length), with address a `str`."""

    def text(self, value: Any) -> str:
        """`!family:address/prefix`."""
        return " ".join([f"{'!' * n}{f}:{a}/{p}" for n, f, a, p in value])

    def read(self, next: Next, origin: str, label: str) -> tuple[Any, ...]:
        """Items to the end of the line."""
        out: list[tuple[bool, int, str, int]] = []
        while True:
            token = next()
            if token[0] in (NEWLINE, EOF):
                return tuple(out)
            if token[0] == BLANK and out:
                continue
            if token[0] != STRING:
                raise RdataError("unexpected APL field", token)
            out.append(self._item(token))

    def _item(self, token: Token) -> tuple[bool, int, str, int]:
        family, colon, cidr = token[1].partition(":")
        if not colon:
            raise RdataError("missing colon in APL field", token)
        negated = family.startswith("!")
        family = family[negated:]
        number = to_uint(family, 16)
        if number is None:
            why = "value out of range" if family.isascii() and family.isdigit() else "invalid syntax"
            message = f'failed to parse APL family: strconv.ParseUint: parsing "{family}": {why}'
            raise RdataError(message, token, lost=True)
        if number not in (1, 2):
            raise RdataError("unrecognized APL family", token)
        address, slash, text = cidr.partition("/")
        prefix = to_uint(text, 8)
        try:
            octets = pack_ipv6(address) if ":" in address else pack_ipv4(address)
            if not slash or prefix is None or prefix > 8 * len(octets):
                raise ValueError
        except ValueError:
            raise RdataError(f"failed to parse APL address: invalid CIDR address: {cidr}", token, lost=True) from None
        if int.from_bytes(octets, "big") & ((1 << 8 * len(octets) - prefix) - 1):
            raise RdataError("extra bits in APL address", token)
        if len(octets) != (4 if number == 1 else 16):
            raise RdataError("address mismatch with the APL family", token)
        return negated, number, address if number == 1 else ipv6_text(octets), prefix

    def _octets(self, item: tuple[bool, int, str, int]) -> bytes:
        _, family, address, prefix = item
        try:
            octets = pack_ipv4(address) if family == 1 else pack_ipv6(address)
        except ValueError as error:
            raise WireError(str(error)) from None
        return octets[: (prefix + 7) // 8]

    def pack(self, value: Any) -> bytes:
        """Without the trailing zeros of the addresses."""
        out = b""
        for item in value:
            octets = self._octets(item).rstrip(b"\0")
            out += item[1].to_bytes(2, "big") + bytes((item[3], item[0] << 7 | len(octets))) + octets
        return out

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Items to the end."""
        out = []
        while offset < end:
            head, offset = take(wire, offset, 4, end)
            family, prefix, flags = head[1] if not head[0] else 0, head[2], head[3]
            size = {1: 4, 2: 16}.get(family)
            if size is None:
                raise WireError("unrecognized APL address family")
            if prefix > 8 * size or flags & 0x7F > size:
                raise WireError("APL prefix too long")
            octets, offset = take(wire, offset, flags & 0x7F, end)
            if octets.endswith(b"\0"):
                raise WireError("extra APL address bits")
            octets = octets.ljust(size, b"\0")
            text = ".".join(map(str, octets)) if family == 1 else ipv6_text(octets)
            out.append((flags >= 0x80, family, text, prefix))
        return tuple(out), offset

    def length(self, value: Any) -> int:
        """Trailing zeros count."""
        return sum(4 + (item[3] + 7) // 8 for item in value)


U8 = Number(1)
IPV4 = IPv4()
IPV6 = IPv6()
BASE64 = Base64()
