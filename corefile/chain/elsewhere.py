"""Files and folders that are not here, and may be on CoreDNS's machine or would stand beside the Corefile."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..findings import Finding, Span
from ..language.files import above
from ..world import World
from .instance import Instance

if TYPE_CHECKING:
    from ..findings import Severity

MOST_PLACES = 20
"""How many places that name a file a finding has at most."""
MOST_PATHS = 4
"""How many paths it names."""


class FilesElsewhere:
    """The files and folders of an instance that are not here. There is one finding for all that a line names, one for all of
    a folder that is not here either, and none for a path that has one already. by_path, by_line: the findings, by the paths
    in them and by their kind and line. beside: those of which each has words of its own."""

    def __init__(self) -> None:
        self.by_path: dict[str, Absence] = {}
        self.by_line: dict[tuple[str, str, int], Absence] = {}
        self.beside: list[Absence] = []

    def note(self, path: str, span: Span, until: str, folder: bool) -> None:
        """Note a path that may be on CoreDNS's machine, or one more place where it is named. What is in a folder that is noted
        goes with it."""
        place = span.source.path, span.line
        before = next((self.by_path[at] for at in (path, *above(path)) if at in self.by_path), None)
        if before is not None:
            before.add(span)
            return
        code = "missing-directory" if folder else "missing-file"
        same = self.by_line.setdefault((code, *place), Absence(code, until, span))
        same.paths[path] = None
        self.by_path[path] = same

    def miss(self, path: str, message: str, span: Span, until: str, folder: bool) -> None:
        """Note a path that should be here, in these words."""
        absence = Absence("missing-directory" if folder else "missing-file", until, span, message)
        absence.paths[path] = None
        self.beside.append(absence)

    def tell(self, instance: Instance) -> None:
        """Add the findings to those of the instance, once all of its plugins are set up."""
        told: list[Absence] = []
        first: dict[tuple[str, str, str, bool], Absence] = {}
        for absence in (*self.by_line.values(), *self.beside):
            folder = absence.folder(instance.world)
            before = first.setdefault((folder, absence.code, absence.until, bool(absence.words)), absence)
            if not folder or before is absence:
                told.append(absence)
            else:
                before.join(absence)
        instance.findings.extend(absence.finding(instance.world) for absence in told)


class Absence:
    """Files or folders that are not here. until: what the directive does without them. words: what is said of the only one, ''
    for those that CoreDNS's machine may have. places: the lines that name them."""

    def __init__(self, code: str, until: str, span: Span, words: str = "") -> None:
        self.code = code
        self.until = until
        self.words = words
        self.places = {(span.source.path, span.line): span}
        self.paths: dict[str, None] = {}

    def add(self, span: Span) -> None:
        """One more place that names them."""
        place = span.source.path, span.line
        if place not in self.places and len(self.places) < MOST_PLACES:
            self.places[place] = span

    def join(self, other: Absence) -> None:
        """Say what is said of another one, too."""
        self.paths |= other.paths
        for span in other.places.values():
            self.add(span)

    def folder(self, world: World) -> str:
        """The folder of all of them, where that is not here either; else ''."""
        folders = {posixpath.dirname(path) for path in self.paths}
        folder = folders.pop() if len(folders) == 1 else ""
        return folder if folder.strip("/.") and not world.files.is_dir(folder) else ""

    def finding(self, world: World) -> Finding:
        """What is said, and how to give them."""
        paths = list(self.paths)
        several = len(paths) > 1
        how = world.how_to_give(*paths, folder=self.code == "missing-directory")
        span, *more = self.places.values()
        severity: Severity = "warning" if self.words else "notice"
        if self.words and not several:
            message = self.words
        else:
            absent = f"{_listed(paths)} {'are' if several else 'is'} not here"
            checked = f", so what depends on {'them' if several else 'it'} is not checked"
            message = absent + checked * (not self.words)
        return Finding(
            self.code,
            message,
            span,
            hint=f"{self.until}; {how}" if self.until else how,
            severity=severity,
            related=tuple((at, "named here, too") for at in more),
        )


def _listed(paths: list[str]) -> str:
    if len(paths) > MOST_PATHS:
        return f"{', '.join(paths[: MOST_PATHS - 1])} and {len(paths) - MOST_PATHS + 1} others"
    return f"{', '.join(paths[:-1])} and {paths[-1]}" if len(paths) > 1 else paths[0]


__all__ = ["Absence", "FilesElsewhere"]
