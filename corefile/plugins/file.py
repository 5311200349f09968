"""file - serves zones from files.

Description: reads a zone from a master file (RFC 1035) and is authoritative for it: wildcards, referrals with glue,
aliases (also beyond the zone, through the server itself), DNAME, and DNSSEC records where the zone is signed and the
client asks for them. The file is read again every minute, and served anew once its serial has changed.

Syntax:

    file DBFILE [ZONES...] {
        reload DURATION
        reload_by_mtime
        fallthrough [ZONES...]
        transfer to ADDRESS...
        no_reload
        upstream [ADDRESS...]
    }

Examples: `file db.example.org example.org` serves example.org; `file db.example.org { reload 0 }` never reads the file
again; without ZONES the file is used for each zone of the server block.
"""

from __future__ import annotations

import posixpath
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from ..chain import types
from ..chain.clock import Timer
from ..chain.declare import Arg, Given, Opt, Property, Rest
from ..chain.names import longest_match
from ..chain.query import Next, Outcome, Query
from ..chain.types import Duration, Invalid, go_duration_text
from ..chain.zonefile import quote
from ._authority import Authority, Peer
from ._backend import destinations
from ._fall import FALLTHROUGH, Fall
from ._upstream import Upstream
from ._zone import LoadError, SameSerial, Zone, load

if TYPE_CHECKING:
    from ..chain.server import Setup
    from ..releases import Release

MINUTE = 60.0
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


class File(Authority):
    """Answers from zones in files."""

    ARGUMENTS = (
        Arg("dbfile", brace=True, doc="the master file"),
        Rest("zones", types.Zone(), doc="the zones; or those of the server block"),
    )
    PROPERTIES = (
        Property(
            "transfer",
            Opt("direction"),
            Rest("to"),
            removed="1.8.0",
            repeat="all",
            doc="to whom it may be transferred",
        ),
        Property(
            "reload",
            Opt("interval", Interval()),
            since="1.2.3",
            extra="ignore",
            doc="how often the file is looked at; 0 for never",
        ),
        Property("no_reload", removed="1.5.0", extra="lines", doc="never look at the file again"),
        Property("reload_by_mtime", since="1.14.4", extra="lines", doc="read the file again whatever its serial"),
        Property(
            "upstream",
            Rest("addresses"),
            doc="where targets of aliases are resolved; since 1.4.0 always by the server itself",
        ),
        Property(FALLTHROUGH.name, *FALLTHROUGH.args, since="1.12.2", doc=FALLTHROUGH.doc),
    )

    # -- reading ------------------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Read the file: CoreDNS does so before it looks at the block."""
        opened = setup.site.extra.setdefault("file", [])
        release = setup.release
        path = given.values["dbfile"]
        if setup.site.root and not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(setup.site.root, path))
        text, there = _read(path, setup)
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
                zones[origin] = _load(text if i == 0 or release >= "1.6.0" else None, origin, path, setup)
        opened.append(Config(path, zones, error))

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
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

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
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
        opened: list[Config] = setup.site.extra["file"]
        at = next(i for i, c in enumerate(opened) if not isinstance(c, _Taken))
        config = opened[at]._replace(**values, transfer_to=transfer_to)
        opened[at] = _Taken(*opened[at])
        return config

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> list[Config]:
        """All of them."""
        return configs

    def __init__(self, config: list[Config], setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.names: tuple[str, ...] = tuple(origin for c in config for origin in c.zones)
        self.paths: dict[str, str] = {}
        self.intervals: dict[str, float] = {}
        self.by_mtime: set[str] = set()
        self.timers: list[Timer] = []
        interval = MINUTE
        for c in config:
            if release >= "1.6.0":
                interval = interval if c.reload is None else c.reload
            elif release >= "1.2.3":
                interval = (MINUTE if c.reload is None else c.reload) if c.block else 0.0
            else:
                interval = MINUTE if c.reload is None else c.reload
            if c.fall is not None:
                self.fall = Fall(c.fall)
            for origin, zone in c.zones.items():
                self.zones[origin] = zone
                self.paths[origin] = c.path
                self.intervals[origin] = interval
                self.transfer_to[origin] = c.transfer_to
                self.upstreams[origin] = Upstream(setup, c.upstream)
                if c.by_mtime or any(x.by_mtime for x in config[: config.index(c)]):
                    self.by_mtime.add(origin)
                else:
                    self.by_mtime.discard(origin)
        if "1.6.0" <= release < "1.8.7":
            self.intervals = dict.fromkeys(self.intervals, interval)
        error = next((c.error for c in reversed(config) if c.error), "")
        if error:
            if interval == 0:
                raise Invalid(
                    f"a zone file is missing, and `reload 0` says not to look for it again: {error}",
                    located=False,
                    coredns=f"plugin/file: {error}",
                )
            self.note("WARNING", f"Failed to open {quote(error)}: trying again in {go_duration_text(interval)}")
            setup.warn(
                "missing-file",
                f"a zone file is missing: {error}",
                setup.span,
                hint="its zone answers SERVFAIL until the file is there",
            )
        if release >= "1.6.0" and any(x < 0 for x in self.intervals.values()):
            setup.error(
                "negative-interval",
                "the interval of `reload` is negative",
                setup.span,
                located=False,
                prefix=False,
                hint="write `reload 0` for never",
                coredns="panic: non-positive interval for NewTicker",
            )

    # -- reloading ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to look at the files."""
        clock = self.setup.world.clock
        for origin in self.zones:
            self.notify(origin)
            interval = self.intervals[origin]
            if interval:
                if "1.2.3" <= self.setup.release < "1.6.0":
                    interval = max(1.0, float(ceil(interval)))  # it looked at its watch every second
                self.timers.append(clock.every(interval, partial(self._reload, origin)))

    def stop(self) -> None:
        """Look at them no more."""
        for timer in self.timers:
            timer.cancel()

    def _reload(self, origin: str) -> None:
        zone, path = self.zones[origin], self.paths[origin]
        serial = -1 if zone.soa is None else int(zone.soa[4][2])
        text, there = _read(path, self.setup)
        if origin in self.by_mtime:
            if not there:
                said = f"stat {path}: no such file or directory"
                self.note("ERROR", f"Failed to stat zone {quote(origin)} in {quote(path)}: {said}")
                return
            serial = 0
        if not there:
            self.note("ERROR", f"Failed to open zone {quote(origin)} in {quote(path)}: {MISSING.format(path)}")
            return
        try:
            fresh = load(text, origin, path, serial, self.setup.release, self.setup.world.files.read)
        except SameSerial:
            return
        except LoadError as e:
            self.note("ERROR", f"Parsing zone {quote(origin)}: {e}")
            return
        self.zones[origin] = fresh
        assert fresh.soa is not None
        now = fresh.soa[4][2]
        said = f"with {now} SOA serial" if self.setup.release >= "1.6.2" else f"with serial {now}"
        self.note("INFO", f"Successfully reloaded zone {quote(origin)} in {quote(path)} {said}")
        self.notify(origin)

    # -- answering ----------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The answer of the longest zone that the name lies in."""
        origin = longest_match(self.names, query.name)
        if origin is None:
            why = ("{} is in none of its zones", query.name)
            return self.outside(query, why) or Next(why)
        return self.answer(query, origin, self.zones[origin])


class _Taken(Config):
    """A Config that has been taken up by `configure`."""


def _read(path: str, setup: Setup) -> tuple[bytes | None, bool]:
    """A file's text, None for a directory; and whether there is anything at all."""
    text = setup.world.files.read(path)
    return text, text is not None or setup.world.files.is_dir(path)


def _load(text: bytes | None, origin: str, path: str, setup: Setup) -> Zone:
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


__all__ = ["Config", "File"]
