"""Character-strings (RFC 1035 §3.3), one to a field or all that there are."""

from __future__ import annotations

from typing import Any

from ....golang.numbers import to_float
from ...errors import WireError
from ...escapes import quoted
from ..spelling import Spelt, spelt, text_length
from ..tokens import ERROR, PREVIOUS, QUOTE, STRING, Next, RdataError, strings
from .base import Kind, Rest, take


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
        return take(wire, offset + 1, wire[offset], end, "overflow unpacking txt")

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
        if token[0] == ERROR or to_float(token[1]) is None:
            raise RdataError("bad " + label, token)
        return spelt(token[1])


class Strings(Rest):
    """One or more character-strings to the end of the record. They are not one field: each is one of `data`."""

    count = 0  # how many there are, 0 for any number

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """Words and quoted strings."""
        return tuple([spelt(x) for x in strings(next, label)])


class LongString(Rest):
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
        """As they are. Raises WireError for more than 1025 characters, escapes as written."""
        if self.length(value) > 4 * 256 + 1:
            raise WireError("buffer size too small")
        return bytes(value)

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """To the end. miekg/dns takes a backslash for an escape when it sends them."""
        octets = wire[offset:end]
        return (spelt(octets.decode("latin-1")) if b"\\" in octets else octets), end

    def length(self, value: Any) -> int:
        """As many as there are, or as were written."""
        return text_length(value) if value.__class__ is Spelt else len(value)


class TwoStrings(Strings):
    """The two character-strings of HINFO and ISDN, which may be written as one: each is one of `data`."""

    blank = bytes(2)
    count = 2

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """One string that is cut at blanks, or the first and all others."""
        parts = strings(next, label)
        if not parts:
            return (b"", b"")
        if len(parts) == 1:
            words = parts[0].split()
            parts = words if len(words) > 1 else [parts[0], ""]
        return spelt(parts[0]), spelt(" ".join(parts[1:]))


class FirstString(Strings):
    """One character-string; further ones in a master file are read and dropped (UINFO)."""

    blank = bytes(1)
    count = 1

    def read(self, next: Next, origin: str, label: str) -> tuple[bytes, ...]:
        """The first string."""
        parts = strings(next, label)
        return (spelt(parts[0]) if parts else b"",)
