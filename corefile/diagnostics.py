"""Findings, the places they point at, and how they are shown.

A finding is data. Lines and columns are worked out, and carets drawn, only when it is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "notice"]


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
    `outer[i]` on in `text`, up to `starts[i + 1]`. context: such as `ConfigMap kube-system/coredns, key Corefile`.
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

    path: as the user named it (`<stdin>`, `<text>`). name: what CoreDNS calls it in its errors: `Corefile`, or the
    path of an imported file. embedding: where the text stands if it is part of another file.
    """

    __slots__ = ("_lines", "_outer_lines", "embedding", "name", "path", "text")

    def __init__(self, path: str, text: str, name: str = "Corefile", embedding: Embedding | None = None) -> None:
        self.path = path
        self.text = text
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
        return Position(self.path, outer_line, outer_column, shown, f"{outer.context}, line {line}")


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


class Fix(NamedTuple):
    """An edit that would mend a finding.

    description: what it does, in the imperative. edits: ranges and the text to put in their place. safety: `safe`
    keeps what CoreDNS does, `unsafe` may change it, `display` is shown and never applied.
    """

    description: str
    edits: tuple[tuple[Span, str], ...]
    safety: Literal["safe", "unsafe", "display"] = "display"


class Finding(NamedTuple):
    """One thing that is worth saying about a Corefile.

    code: a permanent kebab-case name. message: one line. span: what it is about. label: words at the caret. hint: how
    to mend it. related: other places that explain it, each with words. coredns: the line that CoreDNS prints before it
    stops, "" if it would start.
    """

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    label: str = ""
    severity: Severity = "error"
    related: tuple[tuple[Span, str], ...] = ()
    fix: Fix | None = None
    coredns: str = ""


class CorefileError(Exception):
    """A Corefile that CoreDNS would refuse. `findings` has all that was found, CoreDNS's own error first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return render(self.findings)


_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "notice": "\x1b[1;36m", "bold": "\x1b[1m", "dim": "\x1b[2m"}


class _Painter:
    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, style: str, text: str) -> str:
        return f"{_COLORS[style]}{text}\x1b[0m" if self.color and text else text


def render(findings: tuple[Finding, ...] | list[Finding], *, color: bool = False) -> str:
    """The findings as a person reads them, and a line that counts them. Empty if there are none.

    What CoreDNS would print stands below the first error only: CoreDNS stops there.
    """
    if not findings:
        return ""
    paint = _Painter(color)
    blocks = []
    stops = False
    for finding in findings:
        first = finding.severity == "error" and bool(finding.coredns) and not stops
        stops = stops or first
        blocks.append(_render(finding, paint, first))
    return "\n\n".join([*blocks, summary(findings)])


def _render(finding: Finding, paint: _Painter, stops: bool) -> str:
    kind = paint(finding.severity, f"{finding.severity}[{finding.code}]")
    lines = [f"{kind}: {paint('bold', _printable(finding.message))}"]
    label = finding.label or finding.hint
    notes = [finding.hint] if finding.label and finding.hint else []
    places: list[tuple[Span, str, str, str]] = []
    if finding.span is not None:
        places.append((finding.span, label, "^", finding.severity))
    places += [(span, words, "-", "dim") for span, words in finding.related]
    if finding.span is None and label:
        notes.insert(0, label)
    width = max((len(str(span.locate().line)) for span, *_ in places), default=1)
    bar = " " * width + " |"
    shown: Position | None = None
    for span, words, mark, style in places:
        position = span.locate()
        if shown is None or shown.path != position.path or mark == "^":
            context = f"  ({position.context})" if position.context else ""
            lines.append(f"  {paint('dim', f'{position.path}:{position.line}:{position.column}{context}')}")
            lines.append(paint("dim", bar))
        shown = position
        source_line, column = _clip(position.source_line, position.column)
        before = _printable(source_line[: column - 1])
        marked = _printable(source_line[column - 1 :][: _width(span, position)])
        pad = "".join(c if c == "\t" else " " for c in before)
        underline = mark * max(len(marked), 1)
        lines.append(f"{paint('dim', f'{position.line:>{width}} |')} {_printable(source_line)}")
        words = f" {_printable(words)}" if words else ""
        lines.append(f"{paint('dim', bar)} {pad}{paint(style, underline + words)}")
    lines += [f"{bar[:-1]}= {_printable(note)}" for note in notes]
    if stops:
        lines.append(f'{bar[:-1]}= CoreDNS would not start: "{_printable(finding.coredns)}"')
    return "\n".join(lines)


def _clip(line: str, column: int) -> tuple[str, int]:
    """The part of a long line that shows a column, and the column in it."""
    start = max(column - 60, 0) if len(line) > 160 else 0
    if start:
        line, column = "..." + line[start:], column - start + 3
    return line if len(line) <= 160 else line[:157] + "...", column


def _width(span: Span, start: Position) -> int:
    """How many characters of the shown line belong to the span."""
    if span.end <= span.start:
        return 1
    end = span.source.locate(span.end - 1)
    return end.column - start.column + 1 if end.line == start.line else len(start.source_line) - start.column + 1


_UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _printable(text: str) -> str:
    """Control characters as a terminal may show them: a Corefile must not be able to steer it."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def summary(findings: tuple[Finding, ...] | list[Finding]) -> str:
    """How many findings there are: `2 errors and 1 warning in 1 Corefile`."""
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "notice")}
    parts = [f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items() if count]
    places = {(f.span.source.path, f.span.source.embedding and f.span.source.embedding.context)
              for f in findings if f.span is not None and f.span.source.name == "Corefile"}  # fmt: skip
    files = max(len(places), 1)
    return f"{', '.join(parts[:-1])}{' and ' * (len(parts) > 1)}{parts[-1]} in {files} Corefile{'s' * (files != 1)}"


def to_json(finding: Finding) -> dict[str, Any]:
    """The finding as plain data, positions as in the file that the user has (end: just behind)."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        **_range(finding.span),
        "label": finding.label,
        "hint": finding.hint,
        "coredns": finding.coredns,
        "related": [{**_range(span), "message": words} for span, words in finding.related],
        "fix": finding.fix
        and {
            "description": finding.fix.description,
            "safety": finding.fix.safety,
            "edits": [{**_range(span), "text": text} for span, text in finding.fix.edits],
        },
    }


def _range(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("path", "line", "column", "end_line", "end_column", "context"))
    start, end = span.source.locate(span.start), span.source.locate(span.end)
    return {
        "path": start.path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "context": start.context,
    }
