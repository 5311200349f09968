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

from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from ...chain import types
from ...chain.declare import Arg, Given, Opt, Property, Rest
from ...chain.fall import FALLTHROUGH, Fall
from ...chain.query import Next, Outcome, Query
from ...chain.types import Invalid
from ...dns.names import longest_match
from ...golang.durations import duration_text
from ...golang.quoting import quote
from ...world.clock import Timer
from .._authority import Authority
from .._upstream import Upstream
from .._zone import LoadError, SameSerial, load
from ._config import MISSING, Config, Interval, accept_line, configured, open_file, read

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release

MINUTE = 60.0


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

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Read the file: CoreDNS does so before it looks at the block."""
        open_file(given, setup)

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """What CoreDNS looks at as it reads a line."""
        accept_line(line, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """What the block says about the zones that were read."""
        return configured(given, setup)

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
            interval = _interval(c, interval, release)
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
        self._say_what_is_wrong(next((c.error for c in reversed(config) if c.error), ""), interval)

    def _say_what_is_wrong(self, error: str, interval: float) -> None:
        """A missing file is a warning unless nobody looks for it again, at the last `interval` of all."""
        setup = self.setup
        if error:
            if interval == 0:
                raise Invalid(
                    f"a zone file is missing, and `reload 0` says not to look for it again: {error}",
                    located=False,
                    coredns=f"plugin/file: {error}",
                )
            self.note("WARNING", f"Failed to open {quote(error)}: trying again in {duration_text(interval)}")
            setup.warn(
                "missing-file",
                f"a zone file is missing: {error}",
                setup.span,
                hint="its zone answers SERVFAIL until the file is there",
            )
        if setup.release >= "1.6.0" and any(x < 0 for x in self.intervals.values()):
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
        text, there = read(path, self.setup)
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
            return self.refused_outside(query, why) or Next(why)
        return self.answer(query, origin, self.zones[origin])


def _interval(config: Config, before: float, release: Release) -> float:
    """How often a line's file is looked at, in seconds; `before` is that of the line before."""
    if release >= "1.6.0":
        return before if config.reload is None else config.reload
    if release >= "1.2.3" and not config.block:
        return 0.0
    return MINUTE if config.reload is None else config.reload


__all__ = ["Config", "File"]
