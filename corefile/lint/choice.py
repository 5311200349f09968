"""Which findings are wanted: by number, the beginning of one, or name; and of files, by pattern."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .codes import matching, number

if TYPE_CHECKING:
    from ..findings import Finding


class UnknownCode(ValueError):
    """A word that selects no finding."""


class Choice:
    """What is selected, and what of it is ignored; of the words that fit a finding, the longest counts.

    select, ignore: numbers (`CF401`), their beginnings (`CF4`), names (`unknown-directive`) or `ALL`. per_file: further
    ones to ignore, by pattern of the file's path, or of its name. root: the folder that paths of patterns begin in.

    Raises UnknownCode for a word that selects nothing.
    """

    def __init__(
        self,
        select: Iterable[str] = ("ALL",),
        ignore: Iterable[str] = (),
        per_file: Mapping[str, Iterable[str]] | None = None,
        root: str = ".",
    ) -> None:
        self.select = tuple(select)
        self.ignore = tuple(ignore)
        self.per_file = {pattern: tuple(words) for pattern, words in (per_file or {}).items()}
        self.root = root
        for word in (*self.select, *self.ignore, *(w for words in self.per_file.values() for w in words)):
            if not matching(word):
                raise UnknownCode(word)
        self._wanted: dict[str, bool] = {}

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is selected."""
        code = finding.code
        wanted = self._wanted.get(code)
        if wanted is None:
            chosen, left = _best(code, self.select), _best(code, self.ignore)
            wanted = self._wanted[code] = chosen > left
        if not wanted or not self.per_file or finding.span is None:
            return wanted
        from fnmatch import fnmatch

        path = os.path.normpath(finding.span.source.path)
        inside = os.path.relpath(path, self.root) if not path.startswith("<") else path
        names = (path, inside, os.path.basename(path))
        return not any(
            _best(code, words) > 0
            for pattern, words in self.per_file.items()
            if any(fnmatch(name, pattern) for name in names)
        )


def _best(code: str, words: Iterable[str]) -> int:
    """How closely a finding is meant by the closest of some words: 0 not at all, 1 by `ALL`."""
    best = 0
    for word in words:
        if code in matching(word):
            exact = word.upper() == number(code) or word == code
            best = max(best, 1 if word == "ALL" else 100 if exact else 1 + len(word))
    return best


__all__ = ["Choice", "UnknownCode"]
