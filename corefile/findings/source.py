"""Texts, and places in them. Lines and columns are worked out only when they are shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from ..light import NamedTuple, regex

MADE_UP = "<made up>"
"""The path of a source that is not the user's: a Corefile that stands around what they have."""


_SURROGATES = regex("[\ud800-\udfff]")


class Position(NamedTuple):
    """A place in the file that the user has. `line` and `column` count from 1, columns in characters."""

    path: str
    line: int
    column: int
    source_line: str
    context: str | None = None


Pairs = list[tuple[int, int]]
"""Offsets of a text, each with the offset of the text around it where that place stands."""


class Embedding:
    """Where the text of a Source stands inside another file, such as a ConfigMap's YAML.

    text: the whole outer file. pairs: the characters of the Corefile from the first number of each on stand from the
    second one on in `text`, up to the next pair; or a function that gives them one after another, called when a place is
    asked for. context: such as `ConfigMap kube-system/coredns, key Corefile`; "" where it is the same text, written
    otherwise. others: the keys that would have the same place if they did not stand above its own, each from and to an
    offset. is_text: whether YAML takes it for text, rather than for a number or a truth value.
    """

    __slots__ = ("_found", "_given", "_rest", "_starts", "context", "is_text", "others", "text")

    def __init__(
        self,
        text: str,
        pairs: Pairs | Callable[[], Iterable[tuple[int, int]]],
        context: str,
        others: tuple[tuple[int, int], ...] = (),
        *,
        is_text: bool = True,
    ) -> None:
        self.text = text
        self.context = context
        self.others = others
        self.is_text = is_text
        self._given = pairs
        self._rest: Iterator[tuple[int, int]] | None = None
        self._found: Pairs = []
        self._starts: list[int] = []

    @property
    def pairs(self) -> Pairs:
        """The places."""
        self._find(len(self.text))
        return self._found

    def _find(self, offset: int) -> None:
        """Find the places up to one that lies behind an offset."""
        if self._rest is None:
            self._rest = iter(self._given() if callable(self._given) else self._given)
        while not self._starts or self._starts[-1] <= offset:
            pair = next(self._rest, None)
            if pair is None:
                return
            self._found.append(pair)
            self._starts.append(pair[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return _embedding, (self.text, self._given, self.context, self.others, self.is_text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Embedding):
            return NotImplemented
        return (self.text, self.context, self.pairs) == (other.text, other.context, other.pairs)

    def __hash__(self) -> int:
        return hash((self.text, self.context))

    def __deepcopy__(self, memo: object) -> Embedding:
        return self  # it never changes

    def offset(self, offset: int) -> int:
        """The place in the outer text of a place in the Corefile."""
        self._find(offset)
        if not self._found:
            return 0
        start, outer = self._found[max(bisect_right(self._starts, offset) - 1, 0)]
        return min(outer + offset - start, len(self.text))


def _embedding(text: str, given: Any, context: str, others: tuple[tuple[int, int], ...], is_text: bool) -> Embedding:
    return Embedding(text, given, context, others, is_text=is_text)


class Source:
    """The text of one Corefile, or of a file that it imports.

    text: half of a surrogate pair, which no file can have, is U+FFFD, as Go reads an octet that is not UTF-8.
    path: as the user named it (`<stdin>`, `<text>`). name: what CoreDNS calls it in its errors: `Corefile`, or the
    path of an imported file. embedding: where the text stands if it is part of another file.
    """

    __slots__ = ("_lines", "_outer_lines", "embedding", "name", "path", "text")

    def __init__(self, path: str, text: str, name: str = "Corefile", embedding: Embedding | None = None) -> None:
        self.path = path
        self.text = text if text.isascii() else _SURROGATES.sub("\ufffd", text)
        self.name = name
        self.embedding = embedding
        self._lines: list[int] | None = None
        self._outer_lines: list[int] | None = None

    def __repr__(self) -> str:
        return f"<Source {self.path}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Source):
            return NotImplemented
        return self is other or (self.path, self.name, self.text, self.embedding) == (
            other.path,
            other.name,
            other.text,
            other.embedding,
        )

    def __hash__(self) -> int:
        return hash((self.path, self.name))

    def __deepcopy__(self, memo: object) -> Source:
        return self  # it never changes

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in `text`, whatever file the text is embedded in."""
        if self._lines is None:
            self._lines = _line_starts(self.text)
        return _place(self.text, self._lines, offset)

    def locate(self, offset: int) -> Position:
        """The place that an offset in `text` has in the file that the user has."""
        line, column = self.place(offset)
        if self.embedding is None:
            return Position(self.path, line, column, _line(self.text, self._lines or [0], line))
        outer = self.embedding
        if self._outer_lines is None:
            self._outer_lines = _outer_line_starts(outer.text)
        outer_line, outer_column = _place(outer.text, self._outer_lines, outer.offset(offset))
        shown = _line(outer.text, self._outer_lines, outer_line)
        context = f"{outer.context}, line {line}" if outer.context else None
        return Position(self.path, outer_line, outer_column, shown, context)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


@lru_cache(maxsize=1)  # many texts may stand in one
def _outer_line_starts(text: str) -> list[int]:
    return _line_starts(text)


def _place(text: str, starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    column = offset - starts[line - 1] + 1
    if line == 1 and text.startswith("\ufeff"):
        column = max(column - 1, 1)  # editors don't show a byte order mark
    return line, column


def _line(text: str, starts: list[int], line: int) -> str:
    end = starts[line] if line < len(starts) else len(text)
    shown = text[starts[line - 1] : end].rstrip("\r\n")
    return shown.removeprefix("\ufeff") if line == 1 else shown


class Span(NamedTuple):
    """A half-open range of characters of one source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line in `source.text`, from 1."""
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        """The column in `source.text`, from 1."""
        return self.source.place(self.start)[1]

    @property
    def text(self) -> str:
        """What stands there."""
        return self.source.text[self.start : self.end]

    def locate(self) -> Position:
        """Where it begins in the file that the user has."""
        return self.source.locate(self.start)

    def __repr__(self) -> str:
        return f"<Span {self.source.name}:{self.line}:{self.column} {self.text!r}>"
