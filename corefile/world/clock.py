"""The world's clock: it moves when its owner moves it, and runs what was due on the way."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from math import inf
from typing import Any

from ..findings.limits import LIMITS, TooLarge

START = 1767225600.0
"""Where a clock begins unless told otherwise: 2026-01-01T00:00:00Z, in seconds since the epoch."""


class Timer:
    """Something that will happen at `at` (seconds since the epoch) unless it is cancelled."""

    __slots__ = ("at", "cancelled", "order", "run")

    def __init__(self, at: float, order: int, run: Callable[[], object]) -> None:
        self.at = at
        self.order = order
        self.run = run
        self.cancelled = False

    def cancel(self) -> None:
        """Keep it from happening."""
        self.cancelled = True

    def __lt__(self, other: Timer) -> bool:
        return (self.at, self.order) < (other.at, other.order)


class _Repeated(Timer):
    """Something that happens every `seconds` until it is cancelled; `at` is the next time."""

    __slots__ = ("clock", "seconds")

    def __init__(self, clock: Clock, seconds: float, run: Callable[[], object], first: float) -> None:
        super().__init__(clock.now, 0, run)
        self.clock = clock
        self.seconds = seconds
        self.at = clock.call_in(first, self.again).at

    def again(self) -> None:
        """Do it, and set the timer anew."""
        if not self.cancelled:
            self.run()
        if not self.cancelled:
            self.at = self.clock.call_in(self.seconds, self.again).at


class Clock:
    """Simulated time, `now`, in seconds since the epoch. It moves when `advance` is called, and while clients wait. `most`:
    how many timers may run out meanwhile.

    >>> clock = Clock(100)
    >>> clock.advance(2.5)
    >>> clock.now
    102.5
    """

    __slots__ = ("_left", "_order", "_timers", "most", "now", "seen")

    def __init__(self, start: float = START, most: int = LIMITS.timers) -> None:
        if not hasattr(start, "__float__") or not -inf < start < inf:
            raise (ValueError if isinstance(start, float) else TypeError)(
                f"a clock starts at a number of seconds since 1970, such as {START:.0f}, not at {start!r:.60}"
            )
        self.now = float(start)
        self.most = most
        self.seen: dict[Any, Any] | None = None  # what was seen while time passes in one go; None while it stands still
        self._timers: list[Timer] = []
        self._order = 0
        self._left = most

    def restart(self, at: float) -> None:
        """Set the time to `at`, in seconds since the epoch, and drop all timers."""
        self.now = at
        self._timers.clear()

    @property
    def text(self) -> str:
        """The time as RFC 3339 has it, such as `2026-01-01T00:00:00Z`."""
        from datetime import UTC, datetime

        try:
            return f"{datetime.fromtimestamp(self.now, UTC):%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "Z"
        except (OverflowError, ValueError, OSError):
            return f"{self.now:g} s"

    def __repr__(self) -> str:
        return f"<Clock {self.text}>"

    def call_at(self, at: float, run: Callable[[], object]) -> Timer:
        """Have `run` called when the clock reaches `at`, in seconds since the epoch. Timers of the same moment run in
        the order in which they were set."""
        self._order += 1
        timer = Timer(max(at, self.now), self._order, run)
        heapq.heappush(self._timers, timer)
        return timer

    def call_in(self, seconds: float, run: Callable[[], object]) -> Timer:
        """Have `run` called `seconds` from now."""
        return self.call_at(self.now + seconds, run)

    def every(self, seconds: float, run: Callable[[], object], first: float | None = None) -> Timer:
        """Have `run` called every `seconds`, first after `first` (default: one period). Cancelling stops all of it."""
        return _Repeated(self, seconds, run, seconds if first is None else first)

    def advance(self, seconds: float) -> None:
        """Move time forward by `seconds`, running each timer at its moment. Raises ValueError for a negative or endless
        amount, TypeError for what is no number, TooLarge where more than `most` timers run out: time then stands where
        the last of them did."""
        try:
            passes = 0 <= seconds < inf
        except TypeError:
            raise TypeError(f"time passes by a number of seconds, such as 2.5, not by {seconds!r:.40}") from None
        if not passes:
            raise ValueError(f"time passes by a number of seconds from 0 up, not by {seconds}")
        end, outer = self.now + seconds, self.seen
        if outer is None:
            self.seen, self._left = {}, self.most
        try:
            self._run_until(end, seconds)
        finally:
            self.seen = outer
        self.now = max(self.now, end)

    def spend(self, timers: int) -> None:
        """Count what happens while time passes as so many timers."""
        self._left -= timers

    def _run_until(self, end: float, seconds: float) -> None:
        while self._timers and self._timers[0].at <= end:
            timer = heapq.heappop(self._timers)
            if timer.cancelled:
                continue
            if self._left <= 0:
                heapq.heappush(self._timers, timer)
                raise TooLarge(
                    f"more than {self.most:,} timers run out while {seconds:g} s pass, such as those of `reload` and of "
                    "health checks",
                    "timers",
                )
            self._left -= 1
            self.now = max(self.now, timer.at)
            timer.run()
