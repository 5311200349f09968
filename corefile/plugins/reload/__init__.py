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

from typing import NamedTuple

from ...chain.declare import Given, Opt, Reads
from ...chain.process import Reloading
from ...chain.setup import Setup
from ...chain.shapes import Plugin
from ...chain.types import Duration, Invalid
from ._watch import Interval, Watch


class Config(NamedTuple):
    """interval, jitter: seconds."""

    interval: float = 30.0
    jitter: float = 15.0


class Reload(Plugin):
    """Sets the watch on the Corefile."""

    ARGUMENTS = (
        Opt(
            "interval",
            Duration(min=2, located=False, range_error="interval value must be greater or equal to 2s"),
            default=30.0,
            doc="between two looks; 2s at least",
        ),
        Opt("jitter", Duration(located=False), default=15.0, doc="how much it varies from process to process"),
    )
    READS = Reads(block=False, far="line")
    IN_CHAIN = False

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        jitter = min(config.jitter, config.interval / 2)
        why = f"how far the interval of {config.interval:g} s is off, for which `reload` draws a number"
        self.interval = config.interval
        if jitter > 0:
            self.interval += setup.world.choose((0.0, -jitter / 2, jitter / 2), why)
        setup.site.slots.put(Interval(self.interval))

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The limits."""
        config = Config(given.values["interval"], given.values["jitter"])
        or_zero = setup.release >= "1.14.2"
        if config.jitter < 1 and not (or_zero and config.jitter == 0):
            raise Invalid(
                "the jitter is less than 1 second",
                hint="write 1s or more" + (", or 0" if or_zero else ""),
                coredns=f"jitter value must be {'0 or ' if or_zero else ''}greater or equal to 1s",
                located=False,
            )
        return config

    def start(self) -> None:
        """Begin to watch when the process starts."""
        slots = self.setup.instance.process
        process = slots.get(Reloading).process
        if process is not None and slots.find(Watch) is None:
            watch = Watch(process)
            slots.put(watch)
            watch.begin()


__all__ = ["Config", "Reload"]
