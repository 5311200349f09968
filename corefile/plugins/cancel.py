"""cancel - gives up on a query after some time.

Description: a plugin behind that looks at the deadline stops its work once TIMEOUT has passed: `grpc`, and since 1.11.3
`forward`, which asks no further server then. Others go on.

Syntax: `cancel [TIMEOUT]`

TIMEOUT is 5.001s unless given.

Examples: `cancel 1s`.
"""

from __future__ import annotations

from ..plugin import NEXT, Declaration, Duration, Gate, Invalid, Opt, Outcome, Query, Reads, Release


class Timeout(Duration):
    """A duration above 0, in seconds, with `cancel`'s own words for a bad one."""

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as e:
            raise Invalid(e.message, hint=e.hint, coredns=f'invalid duration: "{text}"', located=False) from None
        if value <= 0:
            raise Invalid(f"`{text}` is not more than 0", coredns=f'invalid negative duration: "{text}"', located=False)
        return value


class Cancel(Gate):
    """Sets a deadline."""

    class Config(Declaration):
        timeout: float = Opt(Timeout(), default=5.001, doc="how long a query may take")

    READS = Reads(block=False)
    PASSES = "passes on, with a deadline"
    config: Config

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on."""
        ctx = query.ctx
        ctx.deadline = min(ctx.deadline, ctx.elapsed + self.config.timeout)
        return NEXT
