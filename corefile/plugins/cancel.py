"""cancel - gives up on a query after some time.

Description: a plugin behind that looks at the deadline stops its work once TIMEOUT has passed: `grpc`, and since 1.11.3
`forward`, which asks no further server then. Others go on.

Syntax: `cancel [TIMEOUT]`

TIMEOUT is 5.001s unless given.

Examples: `cancel 1s`.
"""

from __future__ import annotations

from ..plugin import NEXT, Declaration, Duration, Gate, Opt, Outcome, Query, Reads

TIMEOUT = Duration(
    above=0, located=False, error='invalid duration: "{}"', range_error='invalid negative duration: "{}"'
)


class Cancel(Gate):
    """Sets a deadline."""

    class Config(Declaration):
        timeout: float = Opt(TIMEOUT, default=5.001, doc="how long a query may take")

    READS = Reads(block=False)
    PASSES = "passes on, with a deadline"
    config: Config

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on."""
        ctx = query.ctx
        ctx.deadline = min(ctx.deadline, ctx.elapsed + self.config.timeout)
        return NEXT
