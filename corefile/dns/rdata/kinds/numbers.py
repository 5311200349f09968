"""Numbers, and what is written by its name for one."""

from __future__ import annotations

from typing import Any

from ....golang.numbers import to_uint
from ...codes import type_number_or_none
from ...errors import WireError
from ..table import ALGORITHM_NAMES, CERT_TYPES, dnspython_type
from ..tokens import ERROR, Next, RdataError, ttl_seconds
from .base import SHORT, Kind, take


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
        octets, offset = take(wire, offset, self.size, end, SHORT[self.size])
        return int.from_bytes(octets, "big"), offset

    def length(self, value: Any) -> int:
        """Always the same."""
        return self.size


class Seconds(Number):
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


U8 = Number(1)
