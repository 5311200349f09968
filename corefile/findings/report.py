"""Findings as a reader sees them: the line of the Corefile with a caret, how to mend it, and what CoreDNS would print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .finding import Finding
from .layout import Line, Part, Style, line, plain, visible
from .limits import is_not_read
from .source import Position, Span

WIDE = 160
"""Characters of a line of the Corefile that are shown, unless the reader's terminal is narrower."""
ALIKE = 3
"""How many places with the same words are shown of many."""


def render(findings: Sequence[Finding]) -> str:
    """The findings as a person reads them, and a line that counts them. Empty if there are none."""
    return plain(report(findings))


def report(*corefiles: Sequence[Finding], width: int = WIDE) -> list[Line]:
    """The lines of `render`, for the findings of each of several Corefiles. Lines of a Corefile are clipped to `width`
    around what is marked in them.

    They are in the order of their files and lines. What CoreDNS would print stands below its own first error, where it
    stops.
    """
    lines: list[Line] = []
    for findings in corefiles:
        first = first_error(findings)
        for finding in by_place(findings):
            lines += [*_finding(finding, finding is first, width), line("")]
    every = [finding for findings in corefiles for finding in findings]
    return [*lines, line("", summary(every), "bold")] if every else []


def first_error(findings: Sequence[Finding]) -> Finding | None:
    """The error at which CoreDNS stops, of findings in its order."""
    return next((f for f in findings if f.severity == "error" and f.coredns), None)


def by_place(findings: Sequence[Finding]) -> list[Finding]:
    """The findings in the order of files (each where it is named first) and places, those without a place last."""
    files: dict[str, int] = {}
    for finding in findings:
        if finding.span is not None:
            files.setdefault(finding.span.source.path, len(files))

    def place(finding: Finding) -> tuple[int, int, int]:
        if finding.span is None:
            return len(files), 0, 0
        position = finding.span.locate()
        return files[finding.span.source.path], position.line, position.column

    return sorted(findings, key=place) if len(findings) > 1 else list(findings)


def _finding(finding: Finding, stops: bool, width: int) -> list[Line]:
    kind = (Part(f"{finding.severity}[{finding.code}]", finding.severity), Part(": "))
    lines = [Line(kind, (Part(finding.message, "bold"),), 2)]
    label = finding.label or finding.hint
    notes = [finding.hint] if finding.label and finding.hint else []
    places: list[tuple[Span, str, str, Style]] = []
    if finding.span is not None:
        places.append((finding.span, label, "^", finding.severity))
    related, more = _first_of_each(finding.related)
    places += [(span, words, "-", "dim") for span, words in related]
    if finding.span is None and label:
        notes.insert(0, label)
    gutter = max((len(str(span.locate().line)) for span, *_ in places), default=1)
    bar = Part(" " * gutter + " |", "dim")
    shown: Position | None = None
    for span, words, mark, style in places:
        position = span.locate()
        if shown is None or shown.path != position.path or mark == "^":
            context = f"  ({position.context})" if position.context else ""
            lines.append(line("  ", f"{position.path}:{position.line}:{position.column}{context}", "dim"))
            lines.append(Line((bar,)))
        shown = position
        source_line, column = _clip(position.source_line, position.column, max(min(WIDE, width - gutter - 3), 30))
        lines.append(Line((Part(f"{position.line:>{gutter}} |", "dim"), Part(f" {source_line}"))))
        before = visible(source_line[: column - 1])
        marked = visible(source_line[column - 1 :][: _width(span, position)])
        pad = "".join(c if c == "\t" else " " for c in before)
        lines += _mark(bar, f" {pad}", mark * max(len(marked), 1), style, words, width)
    lines += [line(bar.text[:-1] + "= ", note) for note in (*more, *notes)]
    if stops:
        lines.append(line(bar.text[:-1] + "= ", f'CoreDNS would not start: "{finding.coredns}"'))
    return lines


def _first_of_each(related: Sequence[tuple[Span, str]]) -> tuple[list[tuple[Span, str]], list[str]]:
    """The places that are shown: of many with the same words the first few, and a line with the numbers of the others."""
    lines: dict[str, list[int]] = {}
    for span, words in related:
        lines.setdefault(words, []).append(span.locate().line)
    many = {words for words, found in lines.items() if len(found) > ALIKE + 1}
    if not many:
        return list(related), []
    shown, counts = [], dict.fromkeys(many, 0)
    for span, words in related:
        if words in many:
            counts[words] += 1
        if counts.get(words, 0) <= ALIKE:
            shown.append((span, words))
    return shown, [f"{words}: lines {', '.join(map(str, lines[words][ALIKE:]))}" for words in lines if words in many]


def _mark(bar: Part, pad: str, underline: str, style: Style, words: str, width: int) -> list[Line]:
    """The marks below a line, with the words behind them, or below them where there is no room."""
    head = (bar, Part(pad), Part(underline, style))
    if not words:
        return [Line(head)]
    if len(bar.text + pad + underline) + 1 + min(len(words), width // 2) <= width:
        return [Line((*head, Part(" ")), (Part(words, style),))]
    return [Line(head), Line((bar, Part(" ")), (Part(words, style),))]


def _clip(text: str, column: int, room: int) -> tuple[str, int]:
    """The part of a long line that shows a column, and the column in it."""
    start = max(column - room * 3 // 8, 0) if len(text) > room else 0
    if start:
        text, column = "..." + text[start:], column - start + 3
    return text if len(text) <= room else text[: room - 3] + "...", column


def _width(span: Span, start: Position) -> int:
    """How many characters of the shown line belong to the span."""
    if span.end <= span.start:
        return 1
    end = span.source.locate(span.end - 1)
    return end.column - start.column + 1 if end.line == start.line else len(start.source_line) - start.column + 1


def summary(findings: Sequence[Finding]) -> str:
    """How many findings there are: `2 errors and 1 warning in 1 Corefile`."""
    unread = sum(map(is_not_read, findings))
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "notice")}
    counts["error"] -= unread
    parts = [f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items() if count]
    parts += [f"{unread} text{'s' * (unread != 1)} too large to be read"] * (unread > 0)
    spans = (f.span for f in findings if f.span is not None and f.span.source.name == "Corefile")
    begin = [source.locate(0) for source in {id(span.source): span.source for span in spans}.values()]
    files = max(len({at[:3] for at in begin}), 1)  # one that is checked for several releases counts once
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
