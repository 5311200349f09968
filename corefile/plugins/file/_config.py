"""What a `file` directive says, and the zones that it opens."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Given
from ...chain.types import Duration, Invalid
from .._authority import Peer
from .._backend import destinations
from .._paths import below_root
from .._zone import LoadError, SameSerial, Zone, load

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release

MISSING = "open {}: no such file or directory"


class Interval(Duration):
    """The interval of `reload`; errors name the plugin twice."""

    def convert(self, text: str, release: Release) -> float:
        """Seconds."""
        try:
            return super().convert(text, release)
        except Invalid as e:
            raise Invalid(e.message, hint=e.hint, coredns=f"plugin/file: {e.coredns}", located=False) from None


class Config(NamedTuple):
    """One `file` line. `error` is why the file could not be opened, where that does not keep CoreDNS from starting;
    `reload` is in seconds, None where it is not given."""

    path: str
    zones: dict[str, Zone]
    error: str = ""
    block: bool = False
    reload: float | None = None
    by_mtime: bool = False
    fall: tuple[tuple[str, ...], ...] | None = None
    transfer_to: tuple[str, ...] = ()
    upstream: tuple[str, ...] | None = None


class Opened:
    """What the `file` lines of a server block have opened so far."""

    def __init__(self) -> None:
        self.configs: list[Config] = []


class _Taken(Config):
    """A Config that has been taken up by `configure`."""


def open_file(given: Given, setup: Setup) -> None:
    """Read the file: CoreDNS does so before it looks at the block."""
    opened = setup.site.get(Opened).configs
    release = setup.release
    path = given.values["dbfile"]
    path = below_root(setup.site, path)
    text, there = read(path, setup)
    error = next((c.error for c in opened if c.error), "")
    if not there:
        error = MISSING.format(posixpath.normpath(path) if release >= "1.9.1" else path)
        if release < "1.6.0":
            raise Invalid(f"there is no file {path}", located=False, coredns=error)
    zones = {}
    origins = setup.origins(given.values["zones"])
    for i, origin in enumerate(origins):
        zones[origin] = Zone(origin, release)
        if not error:
            # Up to 1.5.2 the second zone found the file read to its end.
            zones[origin] = _zone_of(text if i == 0 or release >= "1.6.0" else None, origin, path, setup)
    opened.append(Config(path, zones, error))


def accept_line(line: Given, setup: Setup) -> None:
    """What CoreDNS looks at as it reads the line; since 1.8.7 also whether `reload` has a value."""
    if line.name == "transfer":
        _transfer_to(line, setup.release)
    if line.name == "reload" and line.value is None:
        said = "reload duration value is expected"
        setup.error(
            "argument-count",
            "`reload` needs a duration",
            line.span,
            hint="write `reload 30s`, or `reload 0` for never",
            coredns=said if setup.release >= "1.8.7" else "panic: runtime error: index out of range",
            located=False,
            prefix=setup.release >= "1.8.7",
        )


def configured(given: Given, setup: Setup) -> Config:
    """What the block says about the zones that were read."""
    release = setup.release
    values: dict[str, Any] = {"block": bool(given.lines)}
    transfer_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    for line in given.lines:
        setup.span = line.span
        v = line.values
        if line.name == "reload":
            values["reload"] = v["interval"]
        elif line.name == "no_reload":
            values["reload"] = 0.0
        elif line.name == "reload_by_mtime":
            values["by_mtime"] = True
        elif line.name == "fallthrough":
            values["fall"] = v["zones"]
        elif line.name == "transfer":
            to = _transfer_to(line, release)
        elif line.name == "upstream" and release < "1.4.0":
            if not v["addresses"] and release < "1.0.6":
                raise Invalid(
                    "`upstream` needs an address before CoreDNS 1.0.6",
                    coredns="Wrong argument count or unexpected line ending after 'upstream'",
                )
            values["upstream"] = tuple(destinations(v["addresses"], setup)) if v["addresses"] else ()
        transfer_to += to  # with every line again, whatever it is
    setup.span = given.span
    opened = setup.site.get(Opened).configs
    at = next(i for i, c in enumerate(opened) if not isinstance(c, _Taken))
    config = opened[at]._replace(**values, transfer_to=transfer_to)
    opened[at] = _Taken(*opened[at])
    return config


def read(path: str, setup: Setup) -> tuple[bytes | None, bool]:
    """A file's text, None for a directory; and whether there is anything at all."""
    text = setup.world.files.read(path)
    return text, text is not None or setup.world.files.is_dir(path)


def _zone_of(text: bytes | None, origin: str, path: str, setup: Setup) -> Zone:
    try:
        return load(text, origin, path, 0, setup.release, setup.world.files.read)
    except LoadError as e:
        message = f"zone {origin} cannot be loaded from {path}: {e}"
        hint = ""
        if e.where is not None and e.where.path:
            message = f"zone {origin} cannot be loaded: {e.where.path}:{e.where.line}: {e.where.message}"
        elif isinstance(e, SameSerial):
            hint = "CoreDNS takes a serial of 0 for a zone that is loaded already: use another one"
        raise Invalid(message, hint=hint, coredns=str(e), located=False) from None


def _transfer_to(line: Given, release: Release) -> tuple[str, ...]:
    direction, addresses = line.values["direction"], line.values["to"]
    if direction is None:
        raise Invalid(
            "`transfer` needs `to` and addresses",
            coredns="Wrong argument count or unexpected line ending after 'transfer'",
        )
    if direction == "from":
        raise Invalid(
            "`file` reads its zones from files; they cannot be transferred from elsewhere",
            located=False,
            hint="`secondary` does that",
            coredns="can't use `transfer from` when not being a secondary",
        )
    if direction != "to":
        if addresses:
            raise Invalid(f"`{direction}` is not `to`", coredns=f"unknown property '{addresses[0]}'")
        return ()
    return tuple(Peer().convert(address, release) for address in addresses)
