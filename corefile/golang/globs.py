"""File patterns as Go's path/filepath reads them: `*` and `?` for what is no slash, `[a-z]` and `[^a-z]`, and `\\` before a
character that is meant itself."""

from __future__ import annotations

import re
from functools import lru_cache

from ..light import regex

_META = regex(r"[*?\[\\]")
_CLASS = regex(r"(\^?+)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]", re.DOTALL)
_ITEM = regex(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)


class BadPattern(ValueError):
    """A pattern that path/filepath calls a syntax error."""


class Glob:
    """A pattern that names are held against, in time proportional to the product of both lengths, however many stars it
    has."""

    __slots__ = ("_chunks", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        # For each piece between stars: whether a star stands before it, what it stands for (None where it is malformed),
        # and how many characters that is.
        self._chunks: list[tuple[bool, re.Pattern[str] | None, int]] = []
        star, at = False, 0
        while True:
            chunk = _chunk(pattern, at)
            if chunk is None:
                self._chunks.append((star, None, 0))
                return
            expression, size, at = chunk
            self._chunks.append((star, re.compile(expression, re.DOTALL), size))
            if at == len(pattern):
                return
            star, at = True, len(pattern) - len(pattern[at:].lstrip("*"))

    def matches(self, name: str) -> bool:
        """Whether the pattern stands for all of `name`. Raises BadPattern where a malformed piece is reached: one behind a
        star is not looked at before what stands before it has matched.

        >>> Glob("*.[ch]").matches("main.c"), Glob("*.[ch]").matches("src/main.c")
        (True, False)
        """
        at, last = 0, len(self._chunks) - 1
        for i, (star, expression, size) in enumerate(self._chunks):
            if expression is None:
                raise BadPattern(self.pattern)
            if not star:
                start = at
            elif i == last:
                start = len(name) - size
            else:
                found = expression.search(name, at)
                start = -1 if found is None else found.start()
            if start < at or "/" in name[at:start] or expression.match(name, start) is None:
                return False
            at = start + size
        return at == len(name)

    def check(self) -> None:
        """What filepath.Glob checks before it looks for files. Raises BadPattern."""
        self.matches("")


def _chunk(pattern: str, at: int) -> tuple[str, int, int] | None:
    """What stands before the next star as a regular expression, how many characters it takes, and where it ends; None
    where it is malformed."""
    parts = []
    while at < len(pattern) and pattern[at] != "*":
        char = pattern[at]
        at += 1
        if char == "?":
            parts.append("[^/]")
        elif char == "\\":
            if at == len(pattern):
                return None
            parts.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            match = _CLASS.match(pattern, at)
            if match is None:
                return None
            parts.append(_class(match[1], match[2]))
            at = match.end()
        else:
            parts.append(re.escape(char))
    return "".join(parts), len(parts), at


def _class(negation: str, items: str) -> str:
    inside = "".join(
        [
            re.escape(low[-1]) + (f"-{re.escape(high[-1])}" if high else "")
            for low, high in _ITEM.findall(items)
            if not high or low[-1] <= high[-1]
        ]
    )
    if inside:
        return f"[{negation}{inside}]"
    return "." if negation else r"(?!)."


@lru_cache(256)
def compile(pattern: str) -> Glob:
    """The pattern, ready for use."""
    return Glob(pattern)


def has_meta(text: str) -> bool:
    """Whether it is a pattern at all, and not a path."""
    return _META.search(text) is not None
