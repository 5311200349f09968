"""Files and folders that are not here, and may be on CoreDNS's machine."""

from __future__ import annotations

from ..findings import Finding, Span
from ..language.files import above
from ..world import World
from .instance import Instance

MOST_PLACES = 20
"""How many places that name a file a notice has at most."""


class FilesElsewhere:
    """The files and folders of an instance that are not here. There is one notice for all that a line names, and none for
    a path that has one already. by_path, by_line: the notices, by the paths in them and by their kind and line."""

    def __init__(self) -> None:
        self.by_path: dict[str, Absence] = {}
        self.by_line: dict[tuple[str, str, int], Absence] = {}

    def note(self, path: str, span: Span, until: str, folder: bool) -> None:
        """Note a path, or one more place where it is named. What is in a folder that is noted goes with it."""
        place = span.source.path, span.line
        before = next((self.by_path[at] for at in (path, *above(path)) if at in self.by_path), None)
        if before is not None:
            if place not in before.places and len(before.places) < MOST_PLACES:
                before.places[place] = span
            return
        code = "missing-directory" if folder else "missing-file"
        same = self.by_line.setdefault((code, *place), Absence(code, until, {place: span}))
        same.paths.append(path)
        self.by_path[path] = same

    def tell(self, instance: Instance) -> None:
        """Add the notices to the instance's findings, once all of its plugins are set up."""
        instance.findings.extend(absence.finding(instance.world) for absence in self.by_line.values())


class Absence:
    """Files or folders that a line names and that are not here. until: what the directive does without them. places:
    the lines that name them."""

    def __init__(self, code: str, until: str, places: dict[tuple[str, int], Span]) -> None:
        self.code = code
        self.until = until
        self.places = places
        self.paths: list[str] = []

    def finding(self, world: World) -> Finding:
        """A notice that says so, and how to give them."""
        paths = self.paths
        several = len(paths) > 1
        absent = f"{', '.join(paths[:-1])} and {paths[-1]} are" if several else f"{paths[0]} is"
        how = world.how_to_give(*paths, folder=self.code == "missing-directory")
        span, *more = self.places.values()
        return Finding(
            self.code,
            f"{absent} not here, so what depends on {'them' if several else 'it'} is not checked",
            span,
            hint=f"{self.until}; {how}" if self.until else how,
            severity="notice",
            related=tuple((at, "named here, too") for at in more),
        )


__all__ = ["Absence", "FilesElsewhere"]
