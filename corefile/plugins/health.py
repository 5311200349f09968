"""health - an HTTP endpoint that says that the process is alive.

Description: answers GET requests for `/health` with 200 and `OK`. For liveness probes: since 1.5.0 it never says
anything else as long as the process runs. Before that it asked the plugins of its server block every second whether
they were healthy, and answered 503 while one was not. `kubernetes` is not healthy in the first second, as it is asked
before it has read its objects. When the process ends, it first waits for `lameduck`, answering queries meanwhile. It is
not a plugin of the chain, and one per process is enough.

Syntax:
    health [ADDRESS] {
        lameduck DURATION
    }

ADDRESS is `:8080` unless given. From 1.1.0 to 1.6.5 two of them with the same address keep CoreDNS from starting, also
where they come from one server block with two zones; before, only the first one of a process listens.

Examples: `health`; `health :8091`; `health { lameduck 5s }`.
"""

from __future__ import annotations

from typing import Any

from ..chain.metrics import SLIM_TIME_BUCKETS, time_buckets
from ..golang.durations import duration_text
from ..golang.urls import parse_error
from ..plugin import (
    Declaration,
    Duration,
    Line,
    Listen,
    Opt,
    Reads,
    ReleaseRules,
    Setting,
    Site,
    between,
    changed,
    quote,
    since,
    until,
)
from ._keys import set_up_for
from ._listening import Endpoint, Only, refused, taken

LAMEDUCK = Duration(error="unable to parse lameduck duration value: '{}' : {go}", located=False)


class Health(Endpoint, Setting):
    """The endpoint, and its poll of itself, which is counted."""

    class Config(Declaration):
        address: str = Opt(Listen(located=False), default=":8080", doc="where to listen")
        lameduck: float | None = Line(LAMEDUCK, since="1.0.5", doc="how long to wait at the end")

    class Rules(ReleaseRules):
        first_only = until("1.1.0", "the first one of a process listens, and that it cannot is only logged")
        polls = since("1.0.3", "it asks itself once a second, and counts that")
        restarts = since("1.1.2", "it takes part in reloads")
        waits = between("1.1.2", "1.9.4", "a reload waits for `lameduck`")
        asks_plugins = until(
            "1.5.0", "the plugins of the block are asked once a second, and it is not well in a reload"
        )
        comes_back = since("1.5.1", "it listens again when a reload has failed")
        shares_port = since("1.6.6", "two may listen on one port")
        slim = since("1.8.4", "the histogram of its polls has few buckets")
        is_url = since("1.11.0", "its address has to make a URL")

    READS = Reads(several="fields", unknown=changed(None, {"1.14.4": "unknown property '{}'"}))
    PATH = "/health"
    config: Config
    rules: Rules

    def apply(self, site: Site) -> None:
        """Well, and not polled yet."""
        self.healthy = True
        self.asked: list[Any] = []
        self.counted = 0
        self.began: float | None = None

    def check(self) -> None:
        """Whether it can listen. Each zone of the block opens the port for itself."""
        address = self.config.address
        if self.rules.first_only:
            self._listen_once()
            return
        wrong = parse_error(f"http://{address}", self.setup.release) if self.rules.is_url else ""
        error = f"parse {quote(f'http://{address}')}: {wrong}" if wrong else refused(address, self.setup.world)
        if error is not None:
            self.refuse(error, "such as `:8080` or `127.0.0.1:8080`")
        elif not self.rules.shares_port:
            error = next(filter(None, (taken(self.setup, address) for _ in set_up_for(self.setup))), None)
            if error is not None:
                hint = "one `health` is enough; give it to a block with one zone"
                self.refuse(error, hint, code="address-in-use", message=f"`{address}` is already listened on")

    def _listen_once(self) -> None:
        """Whether it is the first one of the process, and can listen."""
        if self.setup.instance.process.get(Only).setdefault(self.name, self) is not self:
            self.listens = False
            return
        error = refused(self.config.address, self.setup.world) or taken(self.setup, self.config.address)
        if error is not None:
            self.setup.log(f"[ERROR] Failed to start health handler: {error}")
            self.listens = False

    def start(self) -> None:
        """Listen, and begin to poll."""
        super().start()
        clock = self.setup.world.clock
        if self.rules.polls and self.listens:
            self.began, self.counted = clock.now, 0
        if self.rules.asks_plugins:
            self.asked = self.setup.site.find("health")
            if self.asked and not self.timers:
                self.poll()
                self.every(1, self.poll)

    def poll(self) -> None:
        """Ask the plugins of the block."""
        self.healthy = all(handler.health() for handler in self.asked)

    def page(self) -> tuple[int, str]:
        """What a GET gets."""
        return (200, "OK") if self.healthy else (503, "")

    def scrape(self) -> None:
        """Count the requests that the endpoint has made to itself, one a second for each zone of the block."""
        if self.began is None:
            return
        seconds = int(self.setup.world.clock.now - self.began + 1e-9)
        bounds = SLIM_TIME_BUCKETS if self.rules.slim else time_buckets(self.setup.release)
        polls = self.setup.instance.metrics.histogram("coredns_health_request_duration_seconds", (), bounds)
        several = 1 if self.rules.first_only else len(set_up_for(self.setup))
        polls.observe(0, (seconds - self.counted) * several)
        self.counted = seconds

    def restart(self) -> float:
        """A reload begins; returns the seconds that it has to wait."""
        if not self.rules.restarts:
            return 0.0
        self.stop()
        wait = (self.config.lameduck or 0.0) if self.rules.waits else 0.0
        if wait:
            self.setup.log(f"[INFO] plugin/health: Going into lameduck mode for {duration_text(wait)}")
        if self.rules.asks_plugins:
            self.healthy = False
        return wait

    def restarting(self) -> None:
        """The wait is over: there is no endpoint until there is a new configuration."""
        if self.rules.restarts:
            self.close()

    def stop(self) -> None:
        """End the poll."""
        self.scrape()
        self.began = None
        super().stop()


__all__ = ["Health"]
