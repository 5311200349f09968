"""The items of APL records (RFC 3123)."""

from __future__ import annotations

from typing import Any

from ....golang.errors import GoError
from ....golang.numbers import parse_uint, to_uint
from ...errors import WireError
from ..encodings import ipv6_text, pack_ipv4, pack_ipv6
from ..tokens import BLANK, EOF, NEWLINE, STRING, Next, RdataError, Token
from .base import Rest, take


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
        try:
            number = parse_uint(family, 16)
        except GoError as error:
            raise RdataError(f"failed to parse APL family: {error.text}", token, lost=True) from None
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
        bits = 8 * len(octets) - prefix
        octets = (int.from_bytes(octets, "big") >> bits << bits).to_bytes(len(octets), "big")
        return octets[: (prefix + 7) // 8]

    def pack(self, value: Any) -> bytes:
        """Without the trailing zeros of the addresses, and without bits behind the prefix."""
        out = b""
        for item in value:
            octets = self._octets(item).rstrip(b"\0")
            out += item[1].to_bytes(2, "big") + bytes((item[3], item[0] << 7 | len(octets))) + octets
        return out

    def unpack(self, wire: bytes, offset: int, end: int) -> tuple[Any, int]:
        """Items to the end."""
        out = []
        while offset < end:
            head, offset = take(wire, offset, 4, end, "overflow unpacking APL prefix")
            family, prefix, flags = head[1] if not head[0] else 0, head[2], head[3]
            size = {1: 4, 2: 16}.get(family)
            if size is None:
                raise WireError("unrecognized APL address family")
            if prefix > 8 * size:
                raise WireError("APL prefix too long")
            if flags & 0x7F > size:
                raise WireError("APL length too long")
            octets, offset = take(wire, offset, flags & 0x7F, end, "overflow unpacking APL address")
            if octets.endswith(b"\0"):
                raise WireError("extra APL address bits")
            octets = octets.ljust(size, b"\0")
            text = ".".join(map(str, octets)) if family == 1 else ipv6_text(octets)
            out.append((flags >= 0x80, family, text, prefix))
        return tuple(out), offset

    def length(self, value: Any) -> int:
        """Trailing zeros count."""
        return sum(4 + (item[3] + 7) // 8 for item in value)
