"""Lines for a reader: words with a style each, how they wrap, and what of them may be shown as it is. Colour is the business
of whoever prints them.

File names, names in ConfigMaps and in answers, and log lines may hold whatever their authors like. A line shows control
characters, line breaks and the like as escapes, so that none of them steers a terminal, hides text, or begins a line of its
own that a CI system takes for a command. That is done here, for all text that leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from ..light import NamedTuple, regex

Style = Literal["", "error", "warning", "notice", "good", "bold", "dim"]


class Part(NamedTuple):
    """Some text in one style."""

    text: str
    style: Style = ""


class Line(NamedTuple):
    """One line. `head` stays whole; `body` wraps at its blanks, and goes on below its beginning or at `hang`."""

    head: tuple[Part, ...]
    body: tuple[Part, ...] = ()
    hang: int | None = None

    def wrapped(self, width: int | None = None) -> Iterator[list[Part]]:
        """The rows that it takes where a row has `width` characters (None: as many as it takes), as they may be shown. A
        word that is longer than that is not cut."""
        row = [Part(visible(p.text), p.style) for p in self.head]
        body = [Part(visible(p.text), p.style) for p in self.body]
        if width is None:
            yield _harmless([*row, *body])
            return
        used = sum(len(p.text) for p in row)
        indent = " " * min(used if self.hang is None else self.hang, width // 2)
        fresh = True
        for part in body:
            for word in re.findall(r" *[^ ]+| +$", part.text):
                if used + len(word) > width and word[0] == " " and not fresh:
                    yield _harmless(row)
                    row, used, word = [Part(indent)] if indent else [], len(indent), word.lstrip(" ")
                _add(row, Part(word, part.style))
                used += len(word)
                fresh = False
        yield _harmless(row)


def _add(row: list[Part], part: Part) -> None:
    if row and row[-1].style == part.style:
        part = Part(row.pop().text + part.text, part.style)
    row.append(part)


def line(head: str, body: str = "", style: Style = "") -> Line:
    """A line with a plain head and a body of one style."""
    return Line((Part(head),) if head else (), (Part(body, style),) if body else ())


_CONTROL = regex(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f"  # C0 without the tab, DEL, C1
    "\u2028\u2029"  # line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of text
    "\ufeff\ud800-\udfff]"  # byte order marks, lone surrogates
)


def visible(text: str) -> str:
    """`text` with escapes in place of control characters, line breaks, marks of direction and lone surrogates.

    >>> visible("a\\x1b[2Jb\\nc")
    'a\\\\x1b[2Jb\\\\nc'
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


_COMMAND = regex(r"^\s*(:)(?=:[A-Za-z].*::)|(#)(?=#(?:vso)?\[)")
"""What CI systems take for a command: `::error file=x::text` at the beginning of a line (GitHub Actions),
`##[error]` and `##vso[task.x]` anywhere in it (GitHub Actions, Azure Pipelines)."""


def _harmless(row: list[Part]) -> list[Part]:
    """The row with an escape in what would be taken for a command."""
    text = "".join(p.text for p in row)
    if "::" not in text and "##" not in text:
        return row
    places = {match.start(match.lastindex or 0) for match in _COMMAND.finditer(text)}
    out, at = [], 0
    for part in row:
        shown = "".join(f"\\x{ord(c):02x}" if at + i in places else c for i, c in enumerate(part.text))
        out.append(Part(shown, part.style))
        at += len(part.text)
    return out


def plain(lines: Iterable[Line], width: int | None = None) -> str:
    """The lines without style, wrapped where a width is given, as they may be shown."""
    return "\n".join("".join(p.text for p in row).rstrip(" ") for x in lines for row in x.wrapped(width))
