"""Simulated time: it moves when its owner moves it, and what is due happens on the way, in order."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from corefile.findings import Limits, TooLarge
from corefile.world import World
from corefile.world.clock import START, Clock


def test_it_begins_at_a_fixed_moment_and_stands_still() -> None:
    assert Clock().now == START == 1767225600.0
    assert Clock(5).now == 5.0


def test_time_does_not_run_backwards() -> None:
    clock = Clock(10)
    for amount in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"from 0 up, not by {amount}"):
            clock.advance(amount)
    with pytest.raises(TypeError, match=r"time passes by a number of seconds, such as 2\.5, not by '3s'"):
        clock.advance("3s")  # type: ignore[arg-type]
    clock.advance(0)
    assert clock.now == 10


def test_timers_run_at_their_moment_in_the_order_of_time_then_of_setting() -> None:
    clock = Clock(0)
    seen: list[tuple[str, float]] = []
    for name, at in (("late", 3.0), ("first", 1.0), ("second", 1.0), ("never", 9.0)):
        clock.call_at(at, lambda name=name: seen.append((name, clock.now)))  # type: ignore[misc]
    clock.advance(5)
    assert seen == [("first", 1.0), ("second", 1.0), ("late", 3.0)]
    assert clock.now == 5
    clock.advance(4)
    assert seen[-1] == ("never", 9.0)


def test_no_more_timers_run_out_than_the_limit() -> None:
    """The kind: a time that is longer than what happens in it can be gone through, and periods that are too short for it."""
    for period in (60.0, 1e-9):
        clock = Clock(1e9, most=100)
        seen: list[float] = []
        clock.every(period, lambda now=seen: now.append(0))  # type: ignore[misc]
        with pytest.raises(TooLarge, match=r"more than 100 timers run out while 1e\+20 s pass.*\(the limit `timers`\)"):
            clock.advance(1e20)
        assert len(seen) == 100
    clock = Clock(0, most=100)
    clock.every(1, lambda: seen.append(1))
    clock.advance(100)
    with pytest.raises(TooLarge):
        clock.advance(101)
    clock.advance(3)  # from where it stands
    assert (clock.now, sum(seen)) == (203, 203)
    assert World(limits=Limits(timers=5)).clock.most == 5


def test_what_takes_longer_counts_as_several_timers() -> None:
    clock = Clock(0, most=100)
    seen: list[int] = []
    clock.every(1, lambda: (seen.append(1), clock.spend(9)))
    with pytest.raises(TooLarge):
        clock.advance(1000)
    assert len(seen) == 10


def test_a_timer_of_the_past_runs_as_soon_as_time_moves() -> None:
    clock = Clock(10)
    seen: list[float] = []
    clock.call_at(3, lambda: seen.append(clock.now))
    clock.advance(0)
    assert seen == [10]


def test_a_timer_set_by_a_timer_runs_on_the_same_way() -> None:
    clock = Clock(0)
    seen: list[float] = []
    clock.call_in(1, lambda: clock.call_in(1, lambda: seen.append(clock.now)) and None)
    clock.advance(2)
    assert seen == [2]


def test_a_cancelled_timer_does_not_run() -> None:
    clock = Clock(0)
    seen: list[float] = []
    clock.call_in(1, lambda: seen.append(clock.now)).cancel()
    other = clock.call_in(2, lambda: seen.append(clock.now))
    clock.call_in(1.5, other.cancel)
    clock.advance(5)
    assert seen == []


def test_what_repeats_keeps_its_period_until_it_is_cancelled() -> None:
    clock = Clock(0)
    seen: list[float] = []
    timer = clock.every(2, lambda: seen.append(clock.now), first=1)
    clock.advance(5.5)
    assert seen == [1, 3, 5]
    timer.cancel()
    clock.advance(10)
    assert seen == [1, 3, 5]


def test_what_repeats_may_cancel_itself() -> None:
    clock = Clock(0)
    seen: list[float] = []

    def run() -> None:
        seen.append(clock.now)
        if len(seen) == 2:
            timer.cancel()

    timer = clock.every(1, run)
    clock.advance(10)
    assert seen == [1, 2]


def test_advancing_inside_a_timer_does_not_turn_time_back() -> None:
    clock = Clock(0)
    seen: list[float] = []
    clock.call_in(1, lambda: clock.advance(5))
    clock.call_in(2, lambda: seen.append(clock.now))
    clock.advance(3)
    assert seen == [2]
    assert clock.now >= 6


class Counter:
    """Counts, every second."""

    def __init__(self) -> None:
        self.clock, self.count = Clock(0), 0
        self.timer = self.clock.every(1, self.more)

    def more(self) -> None:
        self.count += 1


def test_a_copy_has_timers_of_its_own() -> None:
    one = Counter()
    one.clock.advance(2)
    other = deepcopy(one)
    other.clock.advance(3)
    other.timer.cancel()
    assert (one.count, other.count) == (2, 5)
    one.clock.advance(1)
    other.clock.advance(1)
    assert (one.count, other.count, one.timer.at) == (3, 5, 4)


@pytest.mark.parametrize("start", ["2026-01-01", float("nan"), float("inf"), None, datetime(2026, 1, 1)])
def test_a_clock_starts_at_a_number(start: Any) -> None:
    with pytest.raises(
        (TypeError, ValueError), match="a clock starts at a number of seconds since 1970, such as 1767225600"
    ):
        Clock(start)
