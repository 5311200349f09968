"""Domain names."""

from __future__ import annotations

from typing import Any

from ...escapes import dnspython_name, pack_name, unpack_name
from ...names import absolute_name, wire_length
from ..tokens import ERROR, Next, RdataError
from .base import Kind


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
        """Uncompressed. An empty name takes no octet at all, as in miekg/dns."""
        return pack_name(value) if value else b""

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Following pointers."""
        return unpack_name(wire, offset, end)

    def length(self, value: Any) -> int:
        """Uncompressed."""
        return wire_length(value)


class CompressedName(Name):
    """A domain name that may be compressed in a message (only in the types of RFC 1035, by RFC 3597 §4)."""

    compress = True
