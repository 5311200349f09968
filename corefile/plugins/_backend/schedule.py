"""What happens beside the queries: health checks, failures that are forgotten after a while."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial

from ...chain.network import NEVER
from ...plugin import World


class Schedule:
    """What is to happen at a time, whether the clock reaches it or a query waits until then."""

    __slots__ = ("_due", "_order", "stopped", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = 0
        self.stopped = False

    def at(self, when: float, run: Callable[[float], None]) -> None:
        """Have `run(when)` called when time has come to `when`."""
        if self.stopped:
            return
        self._order += 1
        heapq.heappush(self._due, (when, self._order, run))
        self.world.clock.call_at(when, partial(self.until, when))

    def until(self, now: float) -> None:
        """Run what is due."""
        while self._due and self._due[0][0] <= now:
            when, _, run = heapq.heappop(self._due)
            run(when)

    def next(self) -> float:
        """When the next one is due; in `NEVER` seconds if there is none."""
        return self._due[0][0] if self._due else self.world.clock.now + NEVER

    def forget(self) -> None:
        """Forget what is due, and go on."""
        self._due.clear()

    def stop(self) -> None:
        """Forget everything."""
        self.stopped = True
        self._due.clear()


__all__ = ["Schedule"]
