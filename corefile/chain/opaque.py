"""Directives that are not simulated, in their place."""

from __future__ import annotations

from .query import Next, Outcome, Query, Reason
from .setup import Setup
from .shapes import Gate

NOT_SIMULATED = Reason(
    "not-simulated", "is not simulated: CoreDNS may answer here, or change what comes back; passed on"
)


class Opaque(Gate):
    """A plugin of which no more than its place is known. What it was given is not read; what passes it is in doubt."""

    SIMULATED = False

    def __init__(self, name: str, setup: Setup) -> None:
        self.name = name  # type: ignore[misc]  # each is of another directive
        super().__init__(None, setup)

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on, and says so."""
        query.ctx.doubt([(self.name, self.span)])
        return Next((NOT_SIMULATED,))


__all__ = ["Opaque"]
