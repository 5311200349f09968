"""Many Corefiles at once, where that is faster: in processes that begin as copies of this one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from ._terminal import progress

T = TypeVar("T")
R = TypeVar("R")

FEW = 400
"""Below so many, starting processes takes longer than it saves."""
AT_ONCE = 50

_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""What the processes are copies with."""


def each(
    function: Callable[[T], R],
    items: Sequence[T],
    jobs: int | None = None,
    few: int = FEW,
    at_once: int = AT_ONCE,
    *,
    bar: bool = True,
) -> Iterator[R]:
    """What a function makes of each item, in their order. jobs: processes at most; None for one for each core. few: below so
    many no process is started. at_once: how many a process takes at a time. bar: whether a terminal shows how far it is."""
    tell = progress if bar else _silent
    most = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(jobs if jobs is not None else most, len(items) // few + 1)
    if count < 2 or sys.platform in ("win32", "darwin") or len(items) < few:
        for done, item in enumerate(items):
            if done % at_once == 0 and len(items) > at_once:
                tell(done, len(items))
            yield function(item)
        if len(items) > at_once:
            tell(len(items), len(items))
        return
    yield from _in_processes(function, items, count, at_once, tell)


def _silent(done: int, of: int) -> None:
    pass


def _in_processes(
    function: Callable[[T], R], items: Sequence[T], count: int, at_once: int, tell: Callable[[int, int], None]
) -> Iterator[R]:
    """The same in processes; where one is killed, the rest is done here."""
    global _work
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    _work = (function, items)
    done = 0
    try:
        with ProcessPoolExecutor(count, get_context("fork")) as pool:
            parts = [(at, min(at + at_once, len(items))) for at in range(0, len(items), at_once)]
            for results in pool.map(_part, parts):
                yield from results
                done += len(results)
                tell(done, len(items))
    except BrokenProcessPool:
        yield from map(function, items[done:])
    finally:
        _work = None


def _part(bounds: tuple[int, int]) -> list[Any]:
    assert _work is not None
    function, items = _work
    return [function(item) for item in items[slice(*bounds)]]


__all__ = ["each"]
