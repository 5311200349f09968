"""`$GENERATE`: its range, and its line as a template."""

from __future__ import annotations

from ...golang.numbers import to_int, to_uint
from ..rdata import Token
from .error import ZoneError


class BadTemplate(Exception):
    """error: what is wrong with a template. before: what the first line has up to there, which has been read by then."""

    def __init__(self, error: ZoneError, before: str) -> None:
        super().__init__(error, before)
        self.error = error
        self.before = before


def range_of(text: str) -> tuple[int, int, int]:
    """First number, last number and step of `start-stop[/step]`. Raises ValueError with miekg/dns's message."""
    span, slash, step_text = text.partition("/")
    step = 1
    if slash:
        number = to_int(step_text)
        if number is None or number <= 0:
            raise ValueError("bad step in $GENERATE range")
        step = number
    first_text, hyphen, last_text = span.partition("-")
    if not hyphen:
        raise ValueError("bad start-stop in $GENERATE range")
    first, last = to_int(first_text), to_int(last_text)
    if first is None:
        raise ValueError("bad start in $GENERATE range")
    if last is None:
        raise ValueError("bad stop in $GENERATE range")
    if last < 0 or first < 0 or last < first or (last - first) // step > 65535:
        raise ValueError("bad range in $GENERATE range")
    return first, last, step


def template(
    line: str, first: int, last: int, blank: Token, path: str, *, whole: bool = False
) -> list[str | tuple[str, int]]:
    """The line in pieces: text, or a format and an offset for the running number. `whole`: whether a modifier needs all
    of its three fields. Raises BadTemplate."""
    parts: list[str | tuple[str, int]] = []
    i, escape = 0, False

    def bad(message: str, end: int) -> BadTemplate:
        error = ZoneError(message, line[i - 1 : end], blank[3], blank[4] + i, path)
        return BadTemplate(error, expanded(parts, first)[:-1])

    while i < len(line):
        ch = line[i]
        i += 1
        if ch == "\\":
            if escape:
                parts.append("\\")
            escape = not escape
        elif escape:
            # A backslash takes the next character with it, unless that is a dollar sign.
            escape = False
            if ch == "$":
                parts.append("$")
        elif ch != "$":
            parts.append(ch)
        elif line[i : i + 1] == "$":
            parts.append("$")
            i += 1
        elif line[i : i + 1] == "{":
            end = line.find("}", i + 1)
            if end < 0:
                raise bad("bad modifier in $GENERATE", len(line))
            form, offset, message = _modifier(line[i + 1 : end], whole)
            if not message and (first + offset < 0 or last + offset > (1 << 31) - 1):
                message = "bad offset in $GENERATE"
            if message:
                raise bad(message, end + 1)
            parts.append((form, offset))
            i = end + 1
        else:
            parts.append(("%d", 0))
    return parts


def _modifier(text: str, whole: bool) -> tuple[str, int, str]:
    """`offset[,width[,base]]` as a format, an offset, and what is wrong with it."""
    fields = text.split(",")
    if len(fields) > 3 or (whole and len(fields) < 3):
        return "", 0, "bad modifier in $GENERATE"
    base = fields[2] if len(fields) > 2 else "d"
    if base not in ("o", "d", "x", "X"):
        return "", 0, "bad base in $GENERATE"
    offset = to_int(fields[0])
    if offset is None:
        return "", 0, "bad offset in $GENERATE"
    width = to_uint(fields[1], 8) if len(fields) > 1 else 0
    if width is None:
        return "", 0, "bad width in $GENERATE"
    return f"%0{width}{base}" if width else "%" + base, offset, ""


def expanded(parts: list[str | tuple[str, int]], number: int) -> str:
    return "".join([x if isinstance(x, str) else x[0] % (number + x[1]) for x in parts]) + "\n"
