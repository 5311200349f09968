"""reload - takes up a changed Corefile by itself.

Description: looks at the Corefile every INTERVAL and, when it has changed, starts over with it: listeners stay open,
caches begin empty, metrics go on. A Corefile that is broken is told of in the log, and the old configuration stays.
What is compared is a checksum: of the file's text up to 1.6.0, since then of its words, with imported files and
without comments and blanks. The setting belongs to the process; the last one in the Corefile counts, and one that is
gone from a new Corefile keeps on working. So that not all replicas reload at once, up to half of JITTER is added to or
taken from INTERVAL, once and at random.

Syntax: `reload [INTERVAL] [JITTER]`

INTERVAL is 30s unless given, and 2s at least; JITTER is 15s, and 1s at least (or 0, since 1.14.2), and half of INTERVAL
at most.

Examples: `reload`; `reload 10s`; `reload 2s 1s`.
"""

from __future__ import annotations

from ..chain.watch import Interval
from ..plugin import Declaration, Duration, Invalid, Opt, Reads, Release, ReleaseRules, Setting, Site, since


class ReloadRules(ReleaseRules):
    """What differs between releases."""

    no_jitter = since("1.14.2", "a jitter of 0 is taken")


class Jitter(Duration):
    """Seconds; 1 at least, or 0 where the release takes it."""

    def convert(self, text: str, release: Release) -> float:
        """The jitter. Raises Invalid."""
        value = super().convert(text, release)
        or_zero = ReloadRules.of(release).no_jitter
        if value < 1 and not (or_zero and value == 0):
            raise Invalid(
                "the jitter is less than 1 second",
                hint="write 1s or more" + (", or 0" if or_zero else ""),
                coredns=f"jitter value must be {'0 or ' if or_zero else ''}greater or equal to 1s",
                located=False,
            )
        return value


class Reload(Setting):
    """Has the process watch its Corefile."""

    class Config(Declaration):
        interval: float = Opt(
            Duration(min=2, located=False, range_error="interval value must be greater or equal to 2s"),
            default=30.0,
            doc="between two looks; 2s at least",
        )
        jitter: float = Opt(Jitter(located=False), default=15.0, doc="how much it varies from process to process")

    Rules = ReloadRules
    READS = Reads(block=False, far="line")
    config: Config

    def apply(self, site: Site) -> None:
        """Say how often, the jitter drawn."""
        interval, jitter = self.config.interval, min(self.config.jitter, self.config.interval / 2)
        if jitter > 0:
            why = f"how far the interval of {interval:g} s is off, for which `reload` draws a number"
            interval += self.setup.world.choose((0.0, -jitter / 2, jitter / 2), why)
        site.slots.put(Interval(interval))


__all__ = ["Reload"]
