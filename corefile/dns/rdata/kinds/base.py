"""What all kinds of field have in common."""

from __future__ import annotations

from typing import Any

from ...errors import WireError
from ..tokens import Next

_NUMBERS = {1: "uint8", 2: "uint16", 4: "uint32", 6: "uint64 as uint48", 8: "uint64"}
SHORT = {size: f"overflow unpacking {number}" for size, number in _NUMBERS.items()}
"""What the library says where a number of so many octets is cut off."""


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


class Cut(bytes):
    """Stands for a counted field of a record that ends behind the count: the octets of the count alone.

    miekg/dns allows that, and sends the count again, with nothing behind it.
    """


class Rest(Kind):
    """A kind that takes the remainder of the record."""

    rest = True


def take(wire: bytes, offset: int, size: int, end: int, words: str) -> tuple[bytes, int]:
    """So many octets, and the offset behind them. Raises WireError, in these words."""
    stop = offset + size
    if stop > end:
        raise WireError(words)
    return wire[offset:stop], stop
