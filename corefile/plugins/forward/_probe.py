"""The checks of a server that has failed (plugin/pkg/up, and the checks of plugin/forward and plugin/pkg/proxy)."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from ...plugin import Setup, dns
from .._backend import Link, Response, Schedule, aside
from ._config import ForwardConfig
from ._rules import ForwardRules

CHECK_TIMEOUT = 1.0
GROWS_TO = 15.0
FORGETS_AFTER = 120.0
"""Seconds after the first failure, after which the pause no longer grows but begins anew."""

SHORTEST_PAUSE = 0.01
"""Stands for a `health_check` of 0, which asks without pause."""


class Checked(Protocol):
    """A server that is checked. fails: how many checks have failed in a row."""

    link: Link
    fails: int

    def check_failed(self) -> None:
        """A check has failed."""


class Probe:
    """The checks of one server, which begin when it fails and end when it answers."""

    def __init__(self, peer: Checked, config: ForwardConfig, setup: Setup, schedule: Schedule) -> None:
        self.peer = peer
        self.world = setup.world
        self.schedule = schedule
        self.rules = ForwardRules.of(setup.release)
        self.active = False
        self.pause = self.first = max(config.health_check.interval, SHORTEST_PAUSE)
        self.since: float | None = None
        self.proto = "tcp" if config.force_tcp and self.rules.check_over_tcp else "udp"
        question = dns.Question(config.health_check.domain, dns.NS, dns.IN)
        self.ping = dns.Msg(question, id=1, rd=config.health_check.recursion and self.rules.check_recursion)

    def renew(self) -> None:
        """Nothing has failed yet."""
        self.active, self.pause, self.since = False, self.first, None

    def begin(self, now: float) -> None:
        """Check now, and go on until a check succeeds, unless that is under way."""
        if self.active:
            return
        self.active = True
        pause = self.pause
        if self.rules.pause_grows:
            if self.since is None or now - self.since > FORGETS_AFTER:
                self.since, self.pause = now, self.first
            pause, self.pause = self.pause, min(self.pause * 1.5, GROWS_TO)
        self._check(pause, 1, now)

    def _check(self, pause: float, times: int, now: float) -> None:
        response = self.peer.link.ask(self.ping, aside(self.world, now), self.proto, CHECK_TIMEOUT)
        if response.took:
            self.schedule.at(now + response.took, partial(self._checked, response, pause, times))
        else:
            self._checked(response, pause, times, now)

    def _checked(self, response: Response, pause: float, times: int, now: float) -> None:
        if response.reply is not None:
            self.peer.fails = 0
            self.active = False
            return
        self.peer.fails += 1
        self.peer.check_failed()
        if self.rules.pause_doubles and times == 2:
            self.pause = min(self.pause * 2, self.first * 4)
        self.schedule.at(now + pause, partial(self._check, pause, times + 1))


__all__ = ["Probe"]
