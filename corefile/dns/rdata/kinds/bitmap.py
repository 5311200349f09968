"""Type bitmaps (RFC 4034 §4.1.2)."""

from __future__ import annotations

from typing import Any

from ...codes import type_number_or_none
from ...errors import WireError
from ..table import dnspython_type
from ..tokens import BLANK, EOF, NEWLINE, STRING, Next, RdataError
from .base import Rest, take


class Bitmap(Rest):
    """A type bitmap (RFC 4034 §4.1.2): `tuple[int, ...]` in the order written."""

    blank_extra = 2

    def text(self, value: Any) -> str:
        """Mnemonics."""
        return " ".join([dnspython_type(x) for x in sorted(set(value))])

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
                raise WireError(
                    "NSEC(3) block too long in type bitmap" if size else "empty NSEC(3) block in type bitmap"
                )
            octets, offset = take(wire, offset + 2, size, end, "overflowing NSEC(3) block in type bitmap")
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
