"""Lines for a reader: words with a style each, and how they wrap. Colour is the business of whoever prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

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

    def wrapped(self, width: int) -> Iterator[list[Part]]:
        """The rows that it takes where a row has `width` characters. A word that is longer than that is not cut."""
        row = list(self.head)
        used = sum(len(p.text) for p in row)
        indent = " " * min(used if self.hang is None else self.hang, width // 2)
        fresh = True
        for part in self.body:
            for word in re.findall(r" *[^ ]+| +$", part.text):
                if used + len(word) > width and word[0] == " " and not fresh:
                    yield row
                    row, used, word = [Part(indent)] if indent else [], len(indent), word.lstrip(" ")
                _add(row, Part(word, part.style))
                used += len(word)
                fresh = False
        yield row


def _add(row: list[Part], part: Part) -> None:
    if row and row[-1].style == part.style:
        part = Part(row.pop().text + part.text, part.style)
    row.append(part)


def line(head: str, body: str = "", style: Style = "") -> Line:
    """A line with a plain head and a body of one style."""
    return Line((Part(head),) if head else (), (Part(body, style),) if body else ())


def plain(lines: Iterable[Line], width: int | None = None) -> str:
    """The lines without style, wrapped where a width is given."""
    if width is None:
        return "\n".join("".join(p.text for p in (*x.head, *x.body)).rstrip(" ") for x in lines)
    return "\n".join("".join(p.text for p in row).rstrip(" ") for x in lines for row in x.wrapped(width))
