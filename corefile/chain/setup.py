"""What a plugin sees while it is set up."""

from __future__ import annotations

from typing import Any, TypeVar

from ..findings import Finding, Span, did_you_mean, write_instead
from ..golang.domains import lower
from ..language.words import Token
from ..releases import Release
from ..world import World
from .declare import Given
from .elsewhere import FilesElsewhere
from .instance import Instance
from .site import Site
from .slots import Slots
from .types import Invalid, MissingFile

T = TypeVar("T")


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
        self.unknown = False  # whether what the directive does depends on a file that is not here
        self.given: Given  # the arguments of the occurrence that is read; later of that which the plugin is made of, or the last
        self.slots = Slots()  # what words and lines leave, as they are read, for later ones and for the plugin

    def get(self, kind: type[T]) -> T:
        """What has been read so far of the directive in this block, as a value of this type (see `Slots`)."""
        return self.slots.get(kind)

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
        meant: str = "",
        write: str = "",
        **more: Any,
    ) -> None:
        """A finding that keeps CoreDNS from starting. `coredns` is its message without prefix and position. `prefix`:
        whether it begins as the plugin's messages do, or what it begins with instead. `meant`, `write`: as for `Invalid`.
        more: further fields of the `Finding`."""
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
        at = span or self.span
        finding = Finding(code, message, at, hint, label, related=related, coredns=text, directive=self.name, **more)
        if meant or write:
            finding = did_you_mean(finding, meant) if meant else write_instead(finding, write)
        self.instance.findings.append(finding)

    def invalid(self, error: Invalid, token: Token | None = None, *, code: str = "invalid-argument") -> None:
        """The finding for an `Invalid`. `token`: the word that it is about, unless it says so itself."""
        place, token = (error.at, token) if isinstance(error.at, Span) else (None, error.at or token)
        if isinstance(error, MissingFile) and self.elsewhere(error.path, place or (token.span if token else None)):
            self.unknown = True
            self.span = token.span if token else self.span
            return
        self.error(
            code,
            f"{self.name}: {error.message}",
            place or (token.span if token else self.span),
            hint=error.hint,
            coredns=error.coredns,
            token=error.last or token,
            located=error.located,
            prefix=True if error.prefix is None else error.prefix,
            related=error.related,
            meant=error.meant,
            write=error.write,
            expected=error.expected,
            choices=error.choices,
        )

    def place_of(self, text: str) -> Span | None:
        """Where a word of the directive stands; None where it is not one of them, or stands there several times."""
        given = getattr(self, "given", None)
        found = [] if given is None else [w for line in (given, *given.lines) for w in line.words if w.text == text]
        return found[0].span if len(found) == 1 else None

    def elsewhere(self, path: str, span: Span | None = None, *, until: str = "", folder: bool = False) -> bool:
        """Whether CoreDNS's machine may have a file or folder that is not here. Where it may, there is a notice. until:
        what the directive does without it."""
        if not self.world.elsewhere(path):
            return False
        self.instance.get(FilesElsewhere).note(path, span or self.place_of(path) or self.span, until, folder)
        return True

    def missing(
        self, path: str, message: str, span: Span | None = None, *, until: str = "", folder: bool = False
    ) -> None:
        """A file or folder is not here, and CoreDNS starts without it: a notice where its machine may have it, a warning
        where it would stand beside the Corefile. until: as for `elsewhere`."""
        if not self.world.is_beside(path) and self.elsewhere(path, span, until=until, folder=folder):
            return
        self.instance.get(FilesElsewhere).miss(path, message, span or self.place_of(path) or self.span, until, folder)

    def warn(
        self, code: str, message: str, span: Span | None = None, *, hint: str = "", meant: str = "", **more: Any
    ) -> None:
        """A finding that does not keep CoreDNS from starting. `meant`, more: as for `error`."""
        finding = Finding(code, message, span or self.span, hint, severity="warning", directive=self.name, **more)
        self.instance.findings.append(did_you_mean(finding, meant) if meant else finding)

    def notice(self, code: str, message: str, span: Span | None = None, *, hint: str = "") -> None:
        """Something that is not modelled, or that the reader should know."""
        self.instance.findings.append(
            Finding(code, message, span or self.span, hint, severity="notice", directive=self.name)
        )

    def misses(self, directive: str) -> None:
        """Warn that the server block does not have a directive without which this one does nothing, unless it may have it."""
        if not self.site.may_have(directive):
            hint = f"{self.name} does nothing without it"
            self.warn("missing-plugin", f"`{directive}` is not in this server block", hint=hint)

    def dies(self, code: str, message: str, coredns: str, *, hint: str = "") -> None:
        """CoreDNS ends after it has started. `coredns` is its last line."""
        self.instance.end(Finding(code, message, self.span, hint, coredns=coredns, directive=self.name))

    def log(self, line: Any) -> None:
        """Add a line to CoreDNS's output: text such as `[INFO] ...`, or a callable that makes it when it is read."""
        self.instance.log(line)


__all__ = ["Setup"]
