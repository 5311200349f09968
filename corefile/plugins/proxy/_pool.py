"""The servers of one `proxy`: which of them are up, and which one is asked (plugin/pkg/healthcheck up to 1.4.0)."""

from __future__ import annotations

from functools import partial

from ...plugin import Scope, Setup, join_port
from .._backend import Link, Schedule, split_port
from ._config import ProxyConfig
from ._rules import ProxyRules

EVERY = 3
"""Every so many failures, a server's page is fetched out of turn."""


class Host:
    """One server. `fails` counts the failures that are not forgotten yet; `took` is the seconds (or milliseconds) that its
    last answer took."""

    __slots__ = ("connections", "fails", "link", "name", "pool", "protocol", "took", "url")

    def __init__(self, name: str, pool: Pool) -> None:
        self.name = name
        self.pool = pool
        self.protocol = pool.protocol
        self.link = Link(pool.protocol, name, pool.setup)
        self.fails = 0
        self.connections = 0
        self.took = 0.0
        host, port = split_port(name) or (name, "")
        path, other = pool.page
        unasked = not path and not pool.rules.pages_unasked
        self.url = None if unasked else (join_port(host, other or port), path)

    def __repr__(self) -> str:
        return self.name

    def is_down(self) -> bool:
        """Whether it has failed too often."""
        most = self.pool.config.max_fails
        return most != 0 and self.fails >= most

    def failed(self, now: float, forget_after: float) -> None:
        """Count a failure for some seconds."""
        self.fails += 1
        third = self.fails % EVERY == 0
        self.pool.schedule.at(now + max(forget_after, 0.0), partial(self._forget, third))

    def _forget(self, third: bool, at: float) -> None:
        self.fails -= 1
        if third:
            self.check(at)

    def check(self, at: float) -> None:
        """Fetch its page."""
        if self.url is None:
            return
        address, path = self.url
        setup = self.pool.setup
        network = setup.instance.network
        status, fault = network.get(address, path) if network is not None else (None, "unreachable")
        if status is None:
            words = "connection refused" if fault == "refused" else "network is unreachable"
            self.fails += 1
            setup.log(
                f'[WARNING] Host {self.name} health check probe failed: Get "http://{address}{path}": '
                f"dial tcp {address}: connect: {words}"
            )
        elif not 200 <= status < 400:
            self.fails += 1
            setup.log(f"[WARNING] Host {self.name} health check returned HTTP code {status}")
        else:
            self.fails = 0


class Pool:
    """The servers of one `proxy`."""

    def __init__(self, config: ProxyConfig, setup: Setup) -> None:
        self.config = config
        self.setup = setup
        self.rules = ProxyRules.of(setup.release)
        self.zone = config.zone
        self.scope = Scope((config.zone,), minus=(zone for word in config.ignored for zone in word))
        self.page, self.interval = config.health_check
        self.protocol, self.force_tcp = config.protocol
        self.schedule = Schedule(setup.world)
        self.hosts = [Host(name, self) for name in config.to]
        self.robin = 0

    def start(self) -> None:
        """Fetch all pages now and then."""
        if self.page[0]:
            self._check(self.setup.world.clock.now)

    def stop(self) -> None:
        """Stop that."""
        self.schedule.stop()

    def renew(self) -> None:
        """No server was asked yet; those with pages have been fetched at the start."""
        self.schedule.forget()
        self.robin = 0
        for host in self.hosts:
            host.fails, host.connections, host.took = 0, 0, 0.0
        self.start()

    def _check(self, at: float) -> None:
        for host in self.hosts:
            host.check(at)
        self.schedule.at(at + self.interval, self._check)

    def select(self, now: float) -> Host | None:
        """The server to ask, or None where all are down."""
        self.schedule.until(now)
        hosts = self.hosts
        if len(hosts) == 1:
            return None if hosts[0].is_down() and not self.config.spray else hosts[0]
        up = [h for h in hosts if not h.is_down()]
        if not up:
            if not self.config.spray:
                return None
            host = self.setup.world.choose(hosts, "all servers are down: which one is asked")
            self.setup.log(f"[WARNING] All hosts reported as down, spraying to target: {host.name}")
            return host
        policy = self.config.policy
        if policy in ("first", "sequential"):
            return up[0]
        if policy == "round_robin":
            self.robin = (self.robin + 1) % (1 << 32)
            at = self.robin % len(hosts)
            return next(h for h in (*hosts[at:], *hosts[:at]) if not h.is_down())
        if policy == "least_conn":
            least = min(h.connections for h in up)
            up = [h for h in up if h.connections == least]
        return self.setup.world.choose(up, "which server is asked")


__all__ = ["Host", "Pool"]
