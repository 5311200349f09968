"""Regular expressions of Go (RE2 syntax) in terms of Python's."""

from __future__ import annotations

import re
from functools import lru_cache

from .errors import GoError

_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7F",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_CLASS = re.compile(r"\[:(\^?)(\w+):\]")
_GROUP = re.compile(r"\(\?(?:P?<(\w+)>|([imsU]*(?:-[imsU]+)?)([:)]))")


@lru_cache(maxsize=256)
def compile(pattern: str) -> re.Pattern[str]:
    """`pattern` compiled as Go's regexp.Compile would. Raises GoError with Go's message, or what is known of it."""
    try:
        return re.compile(_translate(pattern), re.ASCII)
    except re.error as error:
        raise _bad(pattern, _reason(pattern, error)) from None


def _bad(pattern: str, reason: str) -> GoError:
    return GoError(f"`{pattern}` is not a regular expression: {reason}", f"error parsing regexp: {reason}")


def _reason(pattern: str, error: re.error) -> str:
    text = error.msg
    if "unterminated subpattern" in text:
        return f"missing closing ): `{pattern}`"
    if "unbalanced parenthesis" in text:
        return f"unexpected ): `{pattern}`"
    if "unterminated character set" in text:
        return f"missing closing ]: `{pattern[error.pos or 0 :]}`"
    if "nothing to repeat" in text:
        return f"missing argument to repetition operator: `{pattern[error.pos or 0 :][:1]}`"
    if "multiple repeat" in text:
        at = error.pos or 0
        return f"invalid nested repetition operator: `{pattern[max(at - 1, 0) : at + 1]}`"
    return f"{text}: `{pattern}`"


def _translate(pattern: str) -> str:
    out: list[str] = []
    multiline = [False]  # whether (?m) is on, by depth of groups
    pending = 0  # groups that a flag in mid-pattern has opened, by closing them at the end of its group
    opened: list[int] = []
    i, end = 0, len(pattern)
    while i < end:
        c = pattern[i]
        if c == "\\":
            text, i = _escape(pattern, i, False)
            out.append(text)
        elif c == "[":
            text, i = _set(pattern, i)
            out.append(text)
        elif c == "(":
            if pattern.startswith("(?", i):
                group = _GROUP.match(pattern, i)
                if group is None:
                    raise _bad(pattern, f"invalid or unsupported Perl syntax: `{pattern[i : i + 3]}`")
                i = group.end()
                if group[1]:
                    out.append(f"(?P<{group[1]}>")
                    opened.append(pending)
                    pending = 0
                    multiline.append(multiline[-1])
                    continue
                flags = (group[2] or "").replace("U", "")
                on, _, off = flags.partition("-")
                many = ("m" in on) or (multiline[-1] and "m" not in off)
                out.append(f"(?{on}{'-' + off if off else ''}:" if flags else "(?:")
                if group[3] == ":":
                    opened.append(pending)
                    pending = 0
                    multiline.append(many)
                else:
                    pending += 1
                    multiline[-1] = many
                continue
            out.append("(")
            opened.append(pending)
            pending = 0
            multiline.append(multiline[-1])
            i += 1
        elif c == ")":
            if not opened:
                raise _bad(pattern, f"unexpected ): `{pattern}`")
            out.append(")" * (pending + 1))
            pending = opened.pop()
            multiline.pop()
            i += 1
        elif c == "$":
            out.append(r"(?=\n|\Z)" if multiline[-1] else r"\Z")
            i += 1
        else:
            out.append(c)
            i += 1
    return "".join(out) + ")" * pending


def _escape(pattern: str, i: int, in_set: bool) -> tuple[str, int]:
    c = pattern[i + 1 : i + 2]
    if not c:
        raise _bad(pattern, "trailing backslash at end of expression: ``")
    if c == "Q" and not in_set:
        stop = pattern.find("\\E", i + 2)
        text = pattern[i + 2 :] if stop < 0 else pattern[i + 2 : stop]
        return re.escape(text), len(pattern) if stop < 0 else stop + 2
    if c == "z" and not in_set:
        return r"\Z", i + 2
    if c == "x" and pattern[i + 2 : i + 3] == "{":
        stop = pattern.find("}", i)
        try:
            return re.escape(chr(int(pattern[i + 3 : stop], 16))), stop + 1
        except (ValueError, OverflowError):
            raise _bad(pattern, f"invalid escape sequence: `{pattern[i : i + 3]}`") from None
    if c == "C" and not in_set:
        return r"[\s\S]", i + 2
    if c in "pP":
        raise _bad(pattern, "Unicode classes are not simulated")
    known = "AbBdDsSwWafnrtvx01234567" if not in_set else "dDsSwWafnrtvx01234567"
    if c.isalnum() and (not c.isascii() or c not in known or c in "1234567"):
        raise _bad(pattern, f"invalid escape sequence: `\\{c}`")
    return "\\" + c, i + 2


def _set(pattern: str, start: int) -> tuple[str, int]:
    i = start + 1
    out = ["["]
    if pattern[i : i + 1] == "^":
        out.append("^")
        i += 1
    first = True
    while i < len(pattern) and (first or pattern[i] != "]"):
        named = _CLASS.match(pattern, i)
        if named:
            inside = _POSIX.get(named[2])
            if inside is None or named[1]:
                raise _bad(pattern, f"invalid character class range: `{named[0]}`")
            out.append(inside)
            i = named.end()
        elif pattern[i] == "\\":
            text, i = _escape(pattern, i, True)
            out.append(text)
        else:
            out.append("\\" + pattern[i] if pattern[i] in "[]&~|" else pattern[i])
            i += 1
        first = False
    if i >= len(pattern):
        raise _bad(pattern, f"missing closing ]: `{pattern[start:]}`")
    return "".join(out) + "]", i + 1
