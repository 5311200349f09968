"""ready: who is waited for, in which release."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads
from corefile.chain.query import Handler
from corefile.findings import CorefileError
from corefile.plugins.ready import Waiting

TWO_BLOCKS = "a.example:53 b.example:53 {\nready\nwhoami\n}\nc.example:53 {\nready :8182\nwhoami\n}\n"


class Slow(Handler):
    """A plugin that is ready when told so."""

    now = False

    def __init__(self, name: str) -> None:
        self.name = name  # type: ignore[misc]

    def ready(self) -> bool:
        return self.now


def serving(release: str, corefile: str = TWO_BLOCKS) -> tuple[Server, list[Slow]]:
    """A server whose blocks have a slow plugin each."""
    server = loads(corefile, release=release)
    server.process.instance.slots.put(Waiting())
    server.process.instance.process.put(Waiting())
    slow = [Slow("slow" if i else "early") for i, _ in enumerate(server.process.instance.sites)]
    for site, plugin in zip(server.process.instance.sites, slow, strict=True):
        site.handlers.append(plugin)
        site.handler("ready").start()
    return server, slow


@pytest.mark.parametrize(
    ("release", "names"),
    [
        ("1.14.7", "early,slow"),
        ("1.12.1", "slow"),  # each block began the list anew
        ("1.8.6", "early,slow"),
        ("1.6.5", "early,early,slow"),  # set up for each zone of a block
    ],
)
def test_who_is_waited_for(release: str, names: str) -> None:
    server, slow = serving(release)
    words = "Plugins not ready" if release == "1.14.7" else "Still waiting on"
    assert server.get(":8182/ready") == (503, names)
    assert server.process.instance.take_log() == [f'[INFO] plugin/ready: {words}: "{names}"']
    for plugin in slow:
        plugin.now = True
    assert server.get(":8181/ready") == (200, "OK")
    for plugin in slow:
        plugin.now = False
    assert server.get(":8181/ready") == (200, "OK")


def test_monitor_continuously() -> None:
    server, slow = serving("1.14.7", ".:53 {\nready {\nmonitor continuously\n}\nwhoami\n}\n")
    slow[0].now = True
    assert server.get(":8181/ready") == (200, "OK")
    slow[0].now = False
    assert server.get(":8181/ready") == (503, "early")


def test_nothing_to_wait_for() -> None:
    server = loads(".:53 {\nready\nwhoami\n}\n")
    assert server.get(":8181/ready") == (200, "OK")
    assert server.get(":8181/") == (404, "404 page not found\n")


@pytest.mark.parametrize(
    ("text", "coredns"),
    [
        ("ready {\nmonitor always\n}", "Corefile:3 - Error during parsing: monitor type 'always' not supported"),
        ("ready {\nwait\n}", "Corefile:3 - Error during parsing: unknown property 'wait'"),
        ("ready 8181", "address 8181: missing port in address"),
        ("ready\nready", "this plugin can only be used once per Server Block"),
    ],
)
def test_refused(text: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        loads(f".:53 {{\n{text}\nwhoami\n}}\n")
    assert caught.value.findings[0].coredns == f"plugin/ready: {coredns}"
