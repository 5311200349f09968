"""A coverage report as one page of HTML that needs nothing else: no script, no style sheet, no image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ..findings.layout import visible
from ._coverage_parts import KINDS, PLURALS, FileCoverage, Part, percent

STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em }
table { border-collapse: collapse }
.kinds td, .kinds th { padding: .1em 1em .1em 0; text-align: left }
.code { font: 13px/1.5 ui-monospace, monospace; margin: 1em 0; width: 100% }
.code td { padding: 0 .6em; vertical-align: top }
.number { text-align: right; opacity: .6; width: 3em; user-select: none }
.mark { width: 1em }
.text { white-space: pre; tab-size: 8; width: 1% }
.note { font-family: system-ui, sans-serif; opacity: .85 }
.all { background: #2da44e26 }
.some { background: #d4a72c33 }
.none { background: #cf222e2b }
"""
MARKS = {"all": "✓", "some": "◐", "none": "✗", "": ""}

LONG = 400
"""Lines of a file up to which all of it is shown; of a longer one what is around the Corefile."""


def page(files: Sequence[FileCoverage]) -> str:
    """The page."""
    done, total = (sum(counts) for counts in zip((0, 0), *(f.count for f in files), strict=True))
    share = f"{percent(done, total):.0f} %"
    tables = "".join(part for file in files for part in _file(file))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Corefile coverage: {share}</title>\n<style>{STYLE}</style>\n"
        f"<h1>Corefile coverage: {share}</h1>\n"
        f"<p>{done} of {total} parts were exercised. "
        "✓ all of a line was, ◐ some of it, ✗ nothing of it.</p>\n"
        f"{tables}</html>\n"
    )


def _file(file: FileCoverage) -> Iterator[str]:
    yield f"<h2>{_text(file.path)}: {file.percent:.0f} %</h2>\n<table class=kinds>\n"
    for kind in KINDS:
        done, total = file.of(kind)
        if total and kind != "setting":
            yield f"<tr><th>{PLURALS[kind]}<td>{done} of {total}\n"
    yield "</table>\n<table class=code>\n"
    by_line: dict[int, list[Part]] = {}
    for part in file.parts:
        by_line.setdefault(part.line, []).append(part)
    lines = file.text.removeprefix("\ufeff").split("\n")
    first, last = 1, len(lines)
    if last > LONG and by_line:
        first, last = max(1, min(by_line) - 3), min(last, max(by_line) + 3)
    for number in range(first, last + 1):
        parts = [p for p in by_line.get(number, ()) if p.counts]
        done = sum(map(file.exercised, parts))
        state = "" if not parts else "all" if done == len(parts) else "some" if done else "none"
        notes = "<br>".join(_note(p) for p in parts if not file.exercised(p))
        yield (
            f"<tr class={state or 'plain'}><td class=number>{number}<td class=mark>{MARKS[state]}"
            f"<td class=text>{_text(lines[number - 1].rstrip(chr(13)))}<td class=note>{notes}\n"
        )
    yield "</table>\n"


def _note(part: Part) -> str:
    ask = f": ask <code>{_text(part.ask)}</code>" if part.ask else ""
    return f"{part.kind} <b>{_text(part.name)}</b>{ask}"


def _text(text: str) -> str:
    """Text as it may stand anywhere in the page."""
    return escape("\t".join(map(visible, text.split("\t"))))


__all__ = ["page"]
