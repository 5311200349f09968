"""What `forward` and `grpc` have in common: the zone whose questions are sent, and what is kept from being sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ...plugin import Answerer, Exact, Landmark, Query, Scope, longest_match
from .schedule import Schedule

T = TypeVar("T")


class Forwarding(Answerer):
    """Has other servers answer. schedule: what happens beside the queries."""

    schedule: Schedule

    def sends(self, zone: str, ignored: Iterable[Iterable[tuple[str, ...]]]) -> None:
        """Send questions in the zone, but for those in the zones of the words of `except` lines."""
        self.scope = Scope((zone,), minus=(name for line in ignored for word in line for name in word))

    def stop(self) -> None:
        """End what happens beside the queries."""
        self.schedule.stop()

    def forwarded(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return self.scope.zones

    def landmarks(self) -> list[Landmark]:
        """The zone's own name, which no `except` keeps."""
        return [Exact(zone) for zone in self.scope.zones] if self.scope.minus else []

    def excepted(self, query: Query) -> str | None:
        """The zone of `except` by which a question is not sent; None where no zone that is sent has the name."""
        if longest_match(self.scope.zones, query.name) is None:
            return None
        zone = longest_match(self.scope.minus, query.name)
        if zone is not None and query.ctx.trace is not None:
            query.ctx.trace.used(self, 0, f"except {zone}")
        return zone


def turned(servers: Sequence[T], turn: int) -> list[T]:
    """The servers of a `round_robin`: that whose turn it is, and the others in their order."""
    first = turn % len(servers)
    return [servers[first], *servers[:first], *servers[first + 1 :]]


__all__ = ["Forwarding", "turned"]
