"""The numbers of all findings, and which of them are rules: codes.txt.

A line has a number, a name, and for a rule the directives that it is about (`-` for all Corefiles), and perhaps what has
to stand in the text for it to have anything to say. Numbers and names are permanent. The first digit says what a finding
is about: 1 the text, 2 imports and what is assumed, 3 zones, ports and addresses, 4 directives and their arguments, 5 what
they need from outside, 6 what CoreDNS starts with and does not do, 9 this tool.
"""

from __future__ import annotations

from functools import cache

from ..light import text_beside


@cache
def _lines() -> tuple[tuple[str, str, str, str], ...]:
    rows = [[*line.split(), "", ""] for line in text_beside(__name__, "codes.txt").splitlines()]
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


@cache
def numbers() -> dict[str, str]:
    """The number of each finding, by its name."""
    return {name: number for number, name, *_ in _lines()}


def number(name: str) -> str:
    """The number of a finding, such as CF401; its name where it has none yet."""
    return numbers().get(name, name)


@cache
def rules() -> tuple[tuple[str, frozenset[str], str], ...]:
    """The rules, the directives that each is about (none for all Corefiles), and what has to stand in the text."""
    return tuple(
        (name, frozenset(about.strip("-").split(",")) - {""}, mark) for _, name, about, mark in _lines() if about
    )


@cache
def matching(word: str) -> frozenset[str]:
    """The names of the findings that a word selects: a number or its beginning (`CF6`), a name, or `ALL`; none for a word
    that selects nothing."""
    if word == "ALL":
        return frozenset(numbers())
    upper = word.upper()
    return frozenset(name for number, name, *_ in _lines() if name == word or (upper and number.startswith(upper)))


__all__ = ["matching", "number", "numbers", "rules"]
