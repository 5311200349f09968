"""reload: how often, and what is refused. What follows from it is in tests/chain/test_watch.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from corefile.api import Server, loads
from corefile.chain.watch import Interval
from corefile.findings import CorefileError
from corefile.world import World


def serving(directive: str, release: str = "1.14.7", choose: Any = None) -> Server:
    return loads(f".:53 {{\n{directive}\nwhoami\n}}\n", release=release, world=World(choose=choose))


@pytest.mark.parametrize(("index", "after"), [(0, 30), (1, 22.5), (2, 37.5)])
def test_jitter_is_drawn(index: int, after: float) -> None:
    def choose(options: Sequence[Any], why: str) -> int:
        return index

    server = serving("reload", choose=choose)
    assert server.process.instance.sites[0].get(Interval).seconds == after


def test_jitter_is_half_of_the_interval_at_most() -> None:
    offered: list[Any] = []

    def choose(options: Sequence[Any], why: str) -> int:
        offered.append(options)
        return 0

    serving("reload 4s 10s", choose=choose)
    serving("reload 4s 0", choose=choose)
    assert offered == [(0.0, -1.0, 1.0)]


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        ("reload 1s", "1.14.7", "interval value must be greater or equal to 2s"),
        ("reload 2s 500ms", "1.14.7", "jitter value must be 0 or greater or equal to 1s"),
        ("reload 2s 0", "1.14.1", "jitter value must be greater or equal to 1s"),
        ("reload 2", "1.14.7", 'time: missing unit in duration "2"'),
        (
            "reload 2s 1s 1s",
            "1.14.7",
            "Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '1s'",
        ),
    ],
)
def test_refused(text: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(text, release)
    assert caught.value.findings[0].coredns == f"plugin/reload: {coredns}"
