"""Durations as Go's package time reads and prints them: `1h15m0s`, `-1.5s`, `500µs`."""

from __future__ import annotations

import re

from ..light import regex
from .errors import GoError
from .quoting import quote_bytes

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,  # U+00B5, the micro sign
    "μs": 1_000,  # U+03BC, the Greek letter
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_NUMBER = regex(r"([0-9]*)(?:\.([0-9]*))?")
_UNIT = regex("[^.0-9]*", re.DOTALL)
_LIMIT = 1 << 63


def parse_duration(text: str) -> float:
    """Seconds in a duration such as `1h15m`, `500ms`, `-1.5h` or `0`. Raises GoError.

    >>> [parse_duration(x) for x in ("1h15m", "-1.5h", ".5ms", "0")]
    [4500.0, -5400.0, 0.0005, 0.0]
    """
    return parse_nanoseconds(text) / 1e9


def parse_nanoseconds(text: str) -> int:
    """The same in whole nanoseconds, as Go's time.ParseDuration counts them."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    if not body:
        raise _invalid(text)
    total = at = 0
    while at < len(body):
        number = _NUMBER.match(body, at)
        assert number is not None
        whole, fraction = number[1], number[2] or ""
        if not whole and not fraction:
            raise _invalid(text)
        value = int(whole[-4000:] or "0") if len(whole.lstrip("0")) < 20 else _LIMIT + 1
        if value > _LIMIT:
            raise _invalid(text)
        at = number.end()
        match = _UNIT.match(body, at)
        unit = match[0] if match else ""
        if not unit:
            raise GoError(
                f"`{text}` has no unit",
                f"time: missing unit in duration {quote_bytes(text)}",
                f"write `{text}s` for seconds",
            )
        size = _UNITS.get(unit)
        if size is None:
            raise GoError(
                f"`{unit}` is not a unit of time",
                f"time: unknown unit {quote_bytes(unit)} in duration {quote_bytes(text)}",
                "units are ns, us, ms, s, m and h",
            )
        if value > _LIMIT // size:
            raise _too_long(text)
        value = value * size + _part(fraction, size)
        total += value
        if value > _LIMIT or total > _LIMIT:
            raise _too_long(text)
        at += len(unit)
    if text[0] == "-":
        return -total
    if total > _LIMIT - 1:
        raise _too_long(text)
    return total


def _part(digits: str, unit: int) -> int:
    """Nanoseconds in a decimal fraction of a unit. Go leaves out digits that do not fit its counter, and rounds down."""
    fraction, scale = 0, 1.0
    for digit in digits:
        if fraction > (_LIMIT - 1) // 10 or fraction * 10 + int(digit) > _LIMIT:
            break
        fraction = fraction * 10 + int(digit)
        scale *= 10
    return int(fraction * (unit / scale))


def _invalid(text: str) -> GoError:
    hint = "such as `30s` or `1m30s`"
    return GoError(f"`{text}` is not a duration", f"time: invalid duration {quote_bytes(text)}", hint)


def _too_long(text: str) -> GoError:
    return GoError(f"`{text}` is too long a duration", f"time: invalid duration {quote_bytes(text)}")


def duration_text(seconds: float) -> str:
    """As Go prints a duration.

    >>> [duration_text(x) for x in (0, 0.0015, -90, 3600, 0.0005)]
    ['0s', '1.5ms', '-1m30s', '1h0m0s', '500µs']
    """
    ns = round(abs(seconds) * 1e9)
    sign = "-" if seconds < 0 and ns else ""
    if ns == 0:
        return "0s"
    if ns < 1_000_000_000:
        unit, size = next((u, n) for u, n in (("ms", 1_000_000), ("µs", 1000), ("ns", 1)) if ns >= n)
        return f"{sign}{_decimal(ns, size)}{unit}"
    minutes, rest = divmod(ns, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    lead = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{lead}{_decimal(rest, 1_000_000_000)}s"


def _decimal(ns: int, size: int) -> str:
    whole, part = divmod(ns, size)
    return f"{whole}.{str(part).rjust(len(str(size)) - 1, '0').rstrip('0')}" if part else str(whole)
