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

from ..plugin import Arg, Declaration, Duration, Free, Given, Int, Invalid, Line, Reads, Setting, Setup, Site

DURATION = Duration(
    min=1,
    max=24 * 3600,
    bare_seconds=True,
    error="failed to parse duration '{}'",
    range_error="timeout provided '{go}' needs to be between 1 second and 24 hours",
)
NUMBER = "maxtcpqueries provided '{}' needs to be -1 (unlimited) or a positive integer"
NAMES = ("read", "write", "idle")


def _queries(line: Given, setup: Setup) -> int:
    """A number of queries. Raises Invalid."""
    number: int = line.value
    if number == 0 or number < -1:
        raise Invalid("it has to be -1 or more than 0", coredns=NUMBER.format(number))
    return number


def _limit(line: Given, setup: Setup) -> tuple[str, float]:
    """A limit: the value counts before the name does. Raises Invalid."""
    name, value = line.value
    seconds = DURATION.convert(value, setup.release)
    if name not in NAMES:
        hint = f"there are {', '.join(NAMES)}"
        raise Invalid(
            f"there is no `{name}`",
            hint=hint,
            choices=tuple(NAMES),
            coredns=f"unknown option: '{name}'",
            at=line.words[0],
        )
    return name, seconds


class Timeouts(Setting):
    """Limits of connections."""

    class Config(Declaration):
        maxtcpqueries: int | None = Line(
            Int("number", error="invalid value for maxtcpqueries '{}': {go}"),
            since="1.14.7",
            read=_queries,
            doc="how many queries a connection may carry",
        )
        limits: object = Free(Arg("option"), Arg("duration"), read=_limit, doc="a limit of time")

    READS = Reads(several="fields")
    PREFIX = "plugin/timeouts: plugin/timeouts: "
    config: Config

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
                at=given.span,
                last=given.end,
                prefix=cls.PREFIX,
            )
        return cls.Config.of(given, setup)

    def apply(self, site: Site) -> None:
        """Nothing that an answer shows."""
