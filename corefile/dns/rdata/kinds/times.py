"""Times of signatures (RFC 4034 §3.2)."""

from __future__ import annotations

from typing import Any

from ....golang.numbers import to_int, to_uint
from ..tokens import ERROR, Next, RdataError
from .numbers import Number


class SigTime(Number):
    """A u32: seconds since 1970, written as YYYYMMDDHHMMSS (RFC 4034 §3.2), or as a number, of which more bits may be read."""

    def __init__(self, size: int, bits: int = 32) -> None:
        super().__init__(size)
        self.bits = bits

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
            value = to_uint(text, 32) if self.bits == 32 else to_int(text, self.bits)
        if value is None or token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return value & 0xFFFFFFFF


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
