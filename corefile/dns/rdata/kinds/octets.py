"""Octets that are written in hexadecimal, base64 or base32."""

from __future__ import annotations

from typing import Any

from ...errors import WireError
from ..encodings import base32hex, base64_text, chunks, unbase32hex, unbase64, unhex
from ..tokens import ERROR, Next, RdataError, bare_words, generic_read, generic_text
from .base import Cut, Kind, Rest, take


class Octets(Rest):
    """Octets to the end of the record: `bytes`.

    What is not valid is kept as the `str` that was written, as miekg/dns does: such a record is loaded, and fails only
    when it is to be sent (`pack` raises WireError).
    """

    def pack(self, value: Any) -> bytes:
        """As they are."""
        if isinstance(value, str):
            raise WireError(f"not valid: {value!r}")
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """To the end."""
        return wire[offset:end], end


class Bare(Octets):
    """Octets that are read as bare words without the blanks between them."""

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


class Generic(Octets):
    """Octets of an unknown type (RFC 3597): `bytes`."""

    def text(self, value: Any) -> str:
        """In the generic form."""
        return generic_text(value)

    def read(self, next: Next, origin: str, label: str) -> bytes | str:
        """The generic form."""
        return generic_read(next)

    def length(self, value: Any) -> int:
        """As many as there are."""
        return len(value)


class Salt(Kind):
    """A hexadecimal string with its length octet before it, `-` for none (RFC 5155 §3.3): `bytes`."""

    blank = b"\0"
    digits = "hex"

    def __init__(self, *, required: bool) -> None:
        self.required = required

    def text(self, value: Any) -> str:
        """Hexadecimal."""
        return "-" if value.__class__ is Cut else (value if isinstance(value, str) else value.hex()) or "-"

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
        return bytes(value) if value.__class__ is Cut else bytes((len(value) & 255,)) + bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Length octet first."""
        if offset >= end:
            raise WireError("overflow unpacking hex")
        if offset + 1 == end and wire[offset]:
            return Cut(wire[offset:end]), end
        return take(wire, offset + 1, wire[offset], end, f"overflow unpacking {self.digits}")

    def length(self, value: Any) -> int:
        """With its length octet."""
        if value.__class__ is Cut:
            return 1
        return 1 + (len(value) // 2 if isinstance(value, str) else len(value))


class HashedName(Salt):
    """A base32hex string with its length octet before it (RFC 5155 §3.3): `bytes`."""

    digits = "base32"
    blank_extra = 2

    def text(self, value: Any) -> str:
        """Lower case, without padding."""
        if value.__class__ is Cut:
            return ""
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
        if value.__class__ is Cut:
            return 3
        return 3 + (len(value) if isinstance(value, str) else (len(value) * 8 + 4) // 5)


class Counted(Kind):
    """Octets behind a u16 that tells how many: `bytes` (TSIG, TKEY)."""

    blank = bytes(2)

    def text(self, value: Any) -> str:
        """Base64."""
        return '""' if value.__class__ is Cut else base64_text(value) or '""'

    def pack(self, value: Any) -> bytes:
        """Length first."""
        return bytes(value) if value.__class__ is Cut else len(value).to_bytes(2, "big") + bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Length first."""
        size, offset = take(wire, offset, 2, end, "overflow unpacking uint16")
        if offset == end and any(size):
            return Cut(size), end
        return take(wire, offset, int.from_bytes(size, "big"), end, "overflow unpacking hex")

    def length(self, value: Any) -> int:
        """With its length."""
        return 2 if value.__class__ is Cut else 2 + len(value)


BASE64 = Base64()
