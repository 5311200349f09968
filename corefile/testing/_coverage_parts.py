"""The parts of a Corefile that coverage tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from ..language.words import decode

Kind = Literal["server block", "zone", "directive", "property", "rule", "entry", "fallthrough", "branch", "setting"]
KINDS: tuple[Kind, ...] = get_args(Kind)

PLURALS: dict[Kind, str] = {
    "server block": "server blocks",
    "zone": "zones",
    "directive": "directives",
    "property": "properties",
    "rule": "rules",
    "entry": "entries",
    "fallthrough": "fallthrough",
    "branch": "branches",
    "setting": "settings",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a Corefile.

    line, column: where it stands in the file, from 1. directive: the line and column of its directive, if it has one.
    hits: how often it was exercised. ask: a question that exercises it, such as `a.example.org. AAAA`, '' where none is
    known.
    """

    kind: Kind
    name: str
    line: int
    column: int
    directive: tuple[int, int] | None = None
    hits: int = 0
    ask: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts: all but settings do, which no question goes through."""
        return self.kind != "setting"


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What was exercised of one Corefile. path: the file. text: the whole of it."""

    path: str
    text: str
    parts: tuple[Part, ...]

    @property
    def is_file(self) -> bool:
        """Whether a file of the path has this text, so that the Corefile was not given as text."""
        try:
            with open(self.path, "rb") as file:
                return decode(file.read()).removeprefix("\ufeff") == self.text.removeprefix("\ufeff")
        except (OSError, ValueError):
            return False

    def exercised(self, part: Part) -> bool:
        """Whether a part was exercised."""
        if part.hits or part.kind != "property" or part.ask:
            return part.hits > 0
        return any(p.hits for p in self.parts if p.kind == "directive" and (p.line, p.column) == part.directive)

    def of(self, kind: Kind) -> tuple[int, int]:
        """How many parts of a kind were exercised, and how many there are."""
        parts = [p for p in self.parts if p.kind == kind]
        return sum(map(self.exercised, parts)), len(parts)

    @property
    def count(self) -> tuple[int, int]:
        """How many parts were exercised, and how many count."""
        parts = [p for p in self.parts if p.counts]
        return sum(map(self.exercised, parts)), len(parts)

    @property
    def percent(self) -> float:
        """The share of the parts that were exercised, from 0 to 100."""
        return percent(*self.count)

    @property
    def missed(self) -> list[Part]:
        """The parts that were not exercised, by their places."""
        return [p for p in self.parts if p.counts and not self.exercised(p)]


def percent(done: int, total: int) -> float:
    """The share of `done` in `total`, from 0 to 100; 100 of nothing."""
    return 100.0 * done / total if total else 100.0


__all__ = ["KINDS", "PLURALS", "FileCoverage", "Kind", "Part", "percent"]
