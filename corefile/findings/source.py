"""Texts, and places in them. Lines and columns are worked out only when they are shown."""

from __future__ import annotations

import re
from bisect import bisect_right

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


class Embedding(NamedTuple):
    """Where the text of a Source stands inside another file, such as a ConfigMap's YAML.

    text: the whole outer file. starts, outer: the characters of the Corefile from `starts[i]` on stand from
    `outer[i]` on in `text`, up to `starts[i + 1]`. context: such as `ConfigMap kube-system/coredns, key Corefile`; ""
    where it is the same text, written otherwise.
    """

    text: str
    starts: tuple[int, ...]
    outer: tuple[int, ...]
    context: str

    def offset(self, offset: int) -> int:
        """The place in the outer text of a place in the Corefile."""
        if not self.starts:
            return 0
        at = max(bisect_right(self.starts, offset) - 1, 0)
        return min(self.outer[at] + offset - self.starts[at], len(self.text))


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
            self._outer_lines = _line_starts(outer.text)
        outer_line, outer_column = _place(outer.text, self._outer_lines, outer.offset(offset))
        shown = _line(outer.text, self._outer_lines, outer_line)
        context = f"{outer.context}, line {line}" if outer.context else None
        return Position(self.path, outer_line, outer_column, shown, context)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


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
