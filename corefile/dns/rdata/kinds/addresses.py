"""Addresses of one size."""

from __future__ import annotations

from typing import Any

from ...errors import WireError
from ..encodings import ipv6_text, pack_ipv4, pack_ipv6, unhex
from ..tokens import ERROR, Next, RdataError
from .base import SHORT, Kind, take


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
        octets, offset = take(wire, offset, 16, end, "overflow unpacking aaaa")
        return ipv6_text(octets), offset

    def length(self, value: Any) -> int:
        """Always 16."""
        return 16


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
        return take(wire, offset, self.size, end, SHORT[self.size])

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


IPV4 = IPv4()
IPV6 = IPv6()
