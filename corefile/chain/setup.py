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
        self.instance.get(Elsewhere).tell(self, path, span or self.span, until, folder)
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
    """The notices about files and folders that are not here, of an instance: one for each path, and one for those that a
    line names. said: the notice for each path, by it."""

    def __init__(self) -> None:
        self.said: dict[str, Finding] = {}

    def tell(self, setup: Setup, path: str, span: Span, until: str, folder: bool) -> None:
        """Say it of a path; of one that is said already, or lies in such a folder, add where it is named."""
        found = setup.instance.findings
        above = path
        while above not in ("", "/") and above not in self.said:
            above = posixpath.dirname(above)
        before = self.said.get(above)
        if before is not None and before in found:
            places = [before.span, *(at for at, _ in before.related)]
            if _line(span) not in {_line(at) for at in places if at is not None}:
                self._replace(found, before, before._replace(related=(*before.related, (span, "named here, too"))))
            return
        code = "missing-directory" if folder else "missing-file"
        same = [f for f in self.said.values() if f.code == code and f.span and _line(f.span) == _line(span)]
        if same:
            paths = [*(p for p, f in self.said.items() if f == same[0]), path]
            self.said[path] = same[0]
            self._replace(found, same[0], _notice(setup, code, paths, same[0].span, until))
            return
        self.said[path] = _notice(setup, code, [path], span, until)
        found.append(self.said[path])

    def _replace(self, found: list[Finding], before: Finding, after: Finding) -> None:
        found[found.index(before)] = after
        for path, finding in self.said.items():
            if finding == before:
                self.said[path] = after


def _line(span: Span) -> tuple[str, int]:
    return span.source.path, span.line


def _notice(setup: Setup, code: str, paths: list[str], span: Span | None, until: str) -> Finding:
    """That files or folders are not here, and how to give them."""
    said, what = f"{paths[0]} is", "it"
    how = setup.world.how_to_give(paths[0], folder=code == "missing-directory")
    if len(paths) > 1:
        said, what = f"{', '.join(paths[:-1])} and {paths[-1]} are", "them"
        folders = {posixpath.dirname(path) for path in paths}
        if len(folders) == 1 and not folders & {"", "/"}:
            how = f"--file {folders.pop()}=FOLDER gives them"
        else:
            each = dict.fromkeys(setup.world.how_to_give(path).removesuffix(" gives it") for path in paths)
            how = f"{' and '.join(each)} give them"
    words = f"{said} not here, so what depends on {what} is not checked"
    return Finding(code, words, span, hint=f"{until}; {how}" if until else how, severity="notice")


__all__ = ["Elsewhere", "Setup"]
