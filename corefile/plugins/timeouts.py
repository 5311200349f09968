"""timeouts - limits how long connections over TCP, TLS, HTTPS and QUIC may take.

Description: `read` and `write` are for one message, `idle` for the pause between two. `maxtcpqueries` is how many
queries one connection may carry (-1: any number). A question that is sent at once, on a connection of its own, is
answered alike.

Syntax:

    timeouts {
        read DURATION
        write DURATION
        idle DURATION
        maxtcpqueries NUMBER
    }

DURATION is from 1s to 24h; a bare number stands for seconds. `maxtcpqueries` came with 1.14.7.

Examples: `timeouts { read 5s  idle 1m }`.
"""

from __future__ import annotations

from ..chain.declare import Argument
from ..plugin import Declaration, Duration, Given, Int, Invalid, Line, Reads, Setting, Setup, Site

DURATION = Duration(
    min=1,
    max=24 * 3600,
    bare_seconds=True,
    error="failed to parse duration '{}'",
    range_error="timeout provided '{go}' needs to be between 1 second and 24 hours",
)
NUMBER = "maxtcpqueries provided '{}' needs to be -1 (unlimited) or a positive integer"
NAMES = ("read", "write", "idle")


class Timeouts(Setting):
    """Limits of connections."""

    class Config(Declaration):
        maxtcpqueries: int | None = Line(
            Int("number", error="invalid value for maxtcpqueries '{}': {go}"),
            since="1.14.7",
            doc="how many queries a connection may carry",
        )

    READS = Reads(several="fields", free=(Argument("option"), Argument("duration")))
    PREFIX = "plugin/timeouts: plugin/timeouts: "
    config: Config

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """The value counts before the name does."""
        if line.name:
            if line.value == 0 or line.value < -1:
                raise Invalid("it has to be -1 or more than 0", coredns=NUMBER.format(line.value))
            return
        name, value = line.value
        DURATION.convert(value, setup.release)
        if name not in NAMES:
            words = f"unknown option: '{name}'"
            raise Invalid(
                f"there is no `{name}`", hint=f"there are {', '.join(NAMES)}", coredns=words, at=line.words[0]
            )

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Complaints about the block are wrapped once."""
        setup.prefix = "plugin/timeouts: "

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """There has to be a limit."""
        if not given.lines and not setup.failed:
            raise Invalid(
                "`timeouts` has no timeouts",
                hint="name one of read, write, idle",
                coredns="timeouts block with no timeouts specified",
                at=given.end,
                prefix=cls.PREFIX,
            )
        return cls.Config.of(given, setup)

    def apply(self, site: Site) -> None:
        """Nothing that an answer shows."""
