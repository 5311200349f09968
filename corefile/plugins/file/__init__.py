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

from ...golang.durations import duration_text
from ...plugin import Arg, Declaration, Fall, Fallthrough, Given, Invalid, Line, Reads, Setup, Zones, quote
from .._authority import Authority
from .._zone_lines import Intervals, TransferTo, Upstreams
from ._lines import SERVFAIL, Lines, open_line
from ._rules import FileRules

MINUTE = 60.0


class File(Authority):
    """Answers from zones in files."""

    class Config(Declaration):
        dbfile: str = Arg(brace=True, doc="the master file")
        zones: tuple[str, ...] = Zones(doc="the zones; or those of the server block")
        transfer: tuple[str, ...] = TransferTo("to whom it may be transferred")
        interval: float | None = Intervals("the file is")
        reload_by_mtime: bool = Line(since="1.14.4", extra="lines", doc="read the file again whatever its serial")
        upstream: tuple[str, ...] | None = Upstreams()
        fallthrough: Fall = Fallthrough(since="1.12.2")
        has_block: bool = False
        """Whether it has properties."""
        transfer_to: tuple[str, ...] = ()

    Rules = FileRules
    READS = Reads(several="all")
    config: tuple[Config, ...]
    rules: FileRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Read the file: CoreDNS does so before it looks at the block."""
        open_line(given, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """With each line of the block CoreDNS adds the addresses of the last `transfer` line once more."""
        config: File.Config = super().configure(given, setup)
        to: tuple[str, ...] = ()
        last: tuple[str, ...] = ()
        for line in given.lines:
            last = line.value if line.name == "transfer" else last
            to += last
        return config.replace(has_block=bool(given.lines), transfer_to=to)

    def prepare(self) -> None:
        """The zones of all lines; of several for a zone the last one counts."""
        setup, rules = self.setup, self.rules
        lines = setup.get(Lines)
        self.fall = Fall.last(c.fallthrough for c in self.config)
        interval, by_mtime = MINUTE, False
        for config, own in zip(self.config, lines.opened, strict=True):
            if not rules.interval_stays:
                interval = 0.0 if rules.needs_block and not config.has_block else MINUTE
            if config.interval is not None:
                interval = config.interval
            by_mtime = by_mtime or config.reload_by_mtime
            for zone in own:
                zone.interval, zone.by_mtime, zone.transfer_to = interval, by_mtime, config.transfer_to
                zone.upstreams(config.upstream)
        zones = {zone.origin: zone for own in lines.opened for zone in own}
        if rules.last_interval:
            for zone in zones.values():
                zone.interval = interval
        self.serves(*zones.values())
        if lines.missing:
            self._missing(lines, interval)
        if rules.ticks and any(zone.interval < 0 for zone in zones.values()):
            setup.error(
                "negative-interval",
                "the interval of `reload` is negative",
                setup.span,
                located=False,
                prefix=False,
                hint="write `reload 0` for never",
                coredns="panic: non-positive interval for NewTicker",
            )

    def _missing(self, lines: Lines, interval: float) -> None:
        """A file that is not there is a warning, unless CoreDNS never looks for it again. Raises Invalid."""
        setup = self.setup
        path, word = lines.absent[-1]
        if interval == 0 and not setup.elsewhere(path, word.span, until=SERVFAIL):
            raise Invalid(
                f"there is no zone file {path}, and `reload 0` says not to look for it again",
                at=word,
                located=False,
                coredns=f"plugin/file: {lines.missing}",
            )
        self.note_of_each(
            "WARNING", f"Failed to open {quote(lines.missing)}: trying again in {duration_text(interval)}"
        )
        for path, word in lines.absent:
            setup.missing(path, f"there is no zone file {path}", word.span, until=SERVFAIL)


__all__ = ["File"]
