"""fmt.Sprintf of a text that is not meant to be a format, and has nothing to print."""

from __future__ import annotations

from ..light import regex

_FLAGS = "#0+- "
_TOO_LARGE = 1_000_000
_INDEX = regex(r"\[([^\]]*)\]")
_DIGITS = regex(r"[0-9]*")


def without_arguments(text: str) -> str:
    """`text` as Sprintf prints it where no values follow: `%%` is one, and each verb is told to miss its value.

    >>> without_arguments("a%20b. 100%")
    'a%!b(MISSING). 100%!(NOVERB)'
    """
    if "%" not in text:
        return text
    first = text.partition("%")[0]
    out, at = [first], len(first)
    end = len(text)
    while at < end:
        at, said = _verb(text, at + 1)
        out.append(said)
        following = text.find("%", at)
        following = end if following < 0 else following
        out.append(text[at:following])
        at = following
    return "".join(out)


def _verb(text: str, at: int) -> tuple[int, str]:
    """What is printed for the verb behind a `%`, and where the text goes on."""
    end, said = len(text), ""
    while at < end and text[at] in _FLAGS:
        at += 1
    at, bad, indexed = _index(text, at)
    if at < end and text[at] == "*":
        at += 1
        said += "%!(BADWIDTH)"
        indexed = False
    else:
        at, number = _number(text, at)
        bad = bad or (indexed and number)
    if at + 1 < end and text[at] == ".":
        at += 1
        bad = bad or indexed
        at, wrong, indexed = _index(text, at)
        bad = bad or wrong
        if at < end and text[at] == "*":
            at += 1
            said += "%!(BADPREC)"
            indexed = False
        else:
            at, _ = _number(text, at)
    if not indexed:
        at, wrong, _ = _index(text, at)
        bad = bad or wrong
    if at >= end:
        return end, said + "%!(NOVERB)"
    verb = text[at]
    if verb == "%":
        return at + 1, said + "%"
    return at + 1, f"{said}%!{verb}({'BADINDEX' if bad else 'MISSING'})"


def _index(text: str, at: int) -> tuple[int, bool, bool]:
    """Where the text goes on behind an index such as `[1]`; whether there is one (none is good, without values); and whether
    it is one of a value."""
    if text[at : at + 1] != "[":
        return at, False, False
    found = _INDEX.match(text, at) if len(text) - at >= 3 else None
    if found is None:
        return at + 1, True, False
    return found.end(), True, found[1].isascii() and found[1].isdigit() and int(found[1][:-1] or 0) <= _TOO_LARGE


def _number(text: str, at: int) -> tuple[int, bool]:
    """Where the text goes on behind a number, and whether there is one. One that is too large takes the rest of the text."""
    found = _DIGITS.match(text, at)
    digits = found[0] if found is not None else ""
    if int(digits[:-1] or 0) > _TOO_LARGE:
        return len(text), False
    return at + len(digits), bool(digits)


__all__ = ["without_arguments"]
