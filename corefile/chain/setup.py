"""What a plugin sees while it is set up."""

from __future__ import annotations

import posixpath
from typing import Any

from ..findings import Finding, Span
from ..golang.domains import lower
from ..language.words import Token
from ..releases import Release
from ..world import World
from .instance import Instance
from .site import Site
from .types import Invalid, MissingFile

MOST_PLACES = 20
"""Of the places that name one file, so many are said."""


class Setup:
    """What a plugin sees while it is configured: the release, the world, its server block, and where to complain."""

    def __init__(self, name: str, order: int, site: Site, instance: Instance, span: Span) -> None:
        self.name = name
        self.order = order
        self.site = site
        self.instance = instance
        self.release: Release = instance.release
        self.world: World = instance.world
        self.span = span
        self.prefix = f"plugin/{name}: "  # what CoreDNS's messages begin with
        self.failed = False
        self.unknown = False  # whether what the directive does depends on what is not here

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones of the server block, normalised."""
        return self.site.zones

    def origins(self, given: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """The zones given as arguments (each may stand for several), or else those of the server block."""
        return tuple(z for zones in given for z in zones) if given else tuple(map(lower, self.site.zones))

    def error(
        self,
        code: str,
        message: str,
        span: Span | None,
        *,
        hint: str = "",
        coredns: str | None = None,
        token: Token | None = None,
        located: bool = True,
        prefix: bool | str = True,
        kind: str = "Error during parsing",
        related: tuple[tuple[Span, str], ...] = (),
        label: str = "",
    ) -> None:
        """A finding that keeps CoreDNS from starting. `coredns` is its message without prefix and position. `prefix`:
        whether it begins as the plugin's messages do, or what it begins with instead."""
        self.failed = True
        text = message if coredns is None else coredns
        if located:
            where = span or self.span
            file = token.file if token else where.source.name
            line = token.line if token else where.line
            own = f"plugin/{self.name}: " if text.startswith(f"plugin/{self.name}: ") else ""  # it says so twice
            text = f"{own}{file}:{line} - {kind}: {text.removeprefix(own)}"
        if prefix:
            text = (self.prefix if prefix is True else prefix) + text
        self.instance.findings.append(
            Finding(
                code=code,
                message=message,
                span=span or self.span,
                hint=hint,
                coredns=text,
                related=related,
                label=label,
            )
        )

    def invalid(self, error: Invalid, token: Token | None = None, *, code: str = "invalid-argument") -> None:
        """The finding for an `Invalid` about the word `token`."""
        if isinstance(error, MissingFile) and self.elsewhere(error.path, token.span if token else None):
            self.unknown = True
            self.span = token.span if token else self.span
            return
        self.error(
            code,
            f"{self.name}: {error.message}",
            token.span if token else self.span,
            hint=error.hint,
            coredns=error.coredns,
            token=token,
            located=error.located,
            prefix=True if error.prefix is None else error.prefix,
        )

    def elsewhere(self, path: str, span: Span | None = None, *, until: str = "", folder: bool = False) -> bool:
        """Whether CoreDNS's machine may have a file or folder that is not here. Where it may, a notice says so, one for each
        path. until: what the directive does without it."""
        if not self.world.elsewhere(path):
            return False
        self.instance.get(Elsewhere).note(self, path, span or self.span, until, folder)
        return True

    def missing(
        self, path: str, message: str, span: Span | None = None, *, until: str = "", folder: bool = False
    ) -> None:
        """A file or folder with whose absence CoreDNS starts: a warning where it would stand beside the Corefile, a notice
        where the machine may have it."""
        if not self.world.is_beside(path) and self.elsewhere(path, span, until=until, folder=folder):
            return
        how = self.world.how_to_give(path, folder=folder)
        hint = f"{until}; {how}" if until else how
        self.warn("missing-directory" if folder else "missing-file", message, span, hint=hint)

    def warn(self, code: str, message: str, span: Span | None = None, *, hint: str = "") -> None:
        """A finding that does not keep CoreDNS from starting."""
        self.instance.findings.append(
            Finding(code=code, message=message, span=span or self.span, hint=hint, severity="warning")
        )

    def notice(self, code: str, message: str, span: Span | None = None, *, hint: str = "") -> None:
        """Something that is not modelled, or that the reader should know."""
        self.instance.findings.append(
            Finding(code=code, message=message, span=span or self.span, hint=hint, severity="notice")
        )

    def dies(self, code: str, message: str, coredns: str, *, hint: str = "") -> None:
        """CoreDNS ends after it has started. `coredns` is its last line."""
        self.instance.end(Finding(code=code, message=message, span=self.span, hint=hint, coredns=coredns))

    def log(self, line: Any) -> None:
        """Add a line to CoreDNS's output: text such as `[INFO] ...`, or a callable that makes it when it is read."""
        self.instance.log(line)


class Elsewhere:
    """The files and folders that are not here, of an instance: one notice for those that a line names, and for each path one.
    by_path, by_line: the notices by what they say, and where. told: whether the instance has its findings already."""

    def __init__(self) -> None:
        self.by_path: dict[str, Absence] = {}
        self.by_line: dict[tuple[str, str, int], Absence] = {}
        self.told = False

    def note(self, setup: Setup, path: str, span: Span, until: str, folder: bool) -> None:
        """Note a path, or one more place where it is named. What is in a folder that is noted goes with it."""
        above = path
        while above not in ("", "/") and above not in self.by_path:
            above = posixpath.dirname(above)
        place = span.source.path, span.line
        before = self.by_path.get(above)
        if before is not None:
            if place not in before.places and len(before.places) < MOST_PLACES:
                before.places[place] = span
            return
        code = "missing-directory" if folder else "missing-file"
        same = self.by_line.setdefault((code, *place), Absence(code, until, {place: span}))
        same.paths.append(path)
        self.by_path[path] = same
        if self.told:
            setup.instance.findings.append(same.finding(setup.world))

    def tell(self, instance: Instance) -> None:
        """Make them findings of the instance."""
        self.told = True
        instance.findings.extend(absence.finding(instance.world) for absence in self.by_line.values())


class Absence:
    """Files or folders that a line names and that are not here. until: what the directive does without them. places: where
    they are named, by line."""

    def __init__(self, code: str, until: str, places: dict[tuple[str, int], Span]) -> None:
        self.code = code
        self.until = until
        self.places = places
        self.paths: list[str] = []

    def finding(self, world: World) -> Finding:
        """A notice that says so, and how to give them."""
        paths = self.paths
        said, what = f"{paths[0]} is", "it"
        how = world.how_to_give(paths[0], folder=self.code == "missing-directory")
        if len(paths) > 1:
            said, what = f"{', '.join(paths[:-1])} and {paths[-1]} are", "them"
            folders = {posixpath.dirname(path) for path in paths}
            if len(folders) == 1 and not folders & {"", "/"}:
                how = f"--file {folders.pop()}=FOLDER gives them"
            else:
                each = dict.fromkeys(world.how_to_give(path).removesuffix(" gives it") for path in paths)
                how = f"{' and '.join(each)} give them"
        span, *more = self.places.values()
        return Finding(
            self.code,
            f"{said} not here, so what depends on {what} is not checked",
            span,
            hint=f"{self.until}; {how}" if self.until else how,
            severity="notice",
            related=tuple((at, "named here, too") for at in more),
        )


__all__ = ["Absence", "Elsewhere", "Setup"]
