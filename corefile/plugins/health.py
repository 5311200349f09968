"""health - an HTTP endpoint that says that the process is alive.

Description: answers GET requests for `/health` with 200 and `OK`. For liveness probes: since 1.5.0 it never says
anything else as long as the process runs. Before that it asked the plugins of its server block every second whether
they were healthy, and answered 503 while one was not. When the process ends, it first waits for `lameduck`, answering
queries meanwhile. It is not a plugin of the chain, and one per process is enough.

Syntax:
    health [ADDRESS] {
        lameduck DURATION
    }

ADDRESS is `:8080` unless given. Two of them with the same address keep CoreDNS from starting before 1.6.6, also where
they come from one server block with two zones.

Examples: `health`; `health :8091`; `health { lameduck 5s }`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..chain.declare import Arg, Given, Opt, Property, Reads
from ..chain.metrics import SLIM_TIME_BUCKETS, time_buckets
from ..chain.rules import changed
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import Duration, Invalid, Listen
from ..golang.durations import duration_text
from ._listening import refused, refused_as_url, taken
from ._observer import close, listen, set_up_for

PATH = "/health"


NO_WORDS: str | None = None


class Lameduck(Duration):
    """A duration, with `health`'s own words for a bad one."""

    def __init__(self) -> None:
        super().__init__(located=False)

    def bad(self, text: str, message: str, *, hint: str = "", coredns: str | None = None) -> Invalid:
        """The error for `text`."""
        words = f"unable to parse lameduck duration value: '{text}' : {coredns}"
        return Invalid(message, hint=hint, coredns=words, located=False)


class Config(NamedTuple):
    """address: where to listen. lameduck: seconds to wait when the process ends."""

    address: str | None = None
    lameduck: float | None = None


class Health(Plugin):
    """The endpoint, and its poll of itself, which is counted."""

    ARGUMENTS = (Opt("address", Listen(located=False), doc="where to listen; default: `:8080`"),)
    PROPERTIES = (Property("lameduck", Arg("duration", Lameduck()), since="1.0.5", doc="how long to wait at the end"),)
    READS = Reads(unknown=changed(NO_WORDS, {"1.14.4": "unknown property '{}'"}))
    IN_CHAIN = False

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.address = config.address or ":8080"
        self.healthy = True
        self.polled: list[Any] = []
        self.timer: Any = None
        self.counted = 0
        self.began: float | None = None

    @classmethod
    def merge(cls, configs: list[Any], setup: Setup) -> Config:
        """Of several occurrences, the last word on each counts."""
        given: list[Config] = configs
        return Config(
            next((c.address for c in reversed(given) if c.address is not None), None),
            next((c.lameduck for c in reversed(given) if c.lameduck is not None), None),
        )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """One occurrence."""
        return Config(given.values["address"], given.get("lameduck"))

    def check(self) -> None:
        """Whether it can listen. Each zone of the block opens the port for itself, which fails up to 1.6.5; since 1.11.0
        the address has to make a URL."""
        own = refused_as_url(self.address) if self.setup.release >= "1.11.0" else None
        own = own or refused(self.address, self.setup.world)
        if own is not None:
            self.setup.error(
                "invalid-argument",
                f"`health` cannot listen on `{self.address}`",
                self.span,
                coredns=own,
                located=False,
                prefix=False,
                hint="such as `:8080` or `127.0.0.1:8080`",
            )
        if own is not None or self.setup.release >= "1.6.6":
            return
        for _ in set_up_for(self.setup):
            error = taken(self.setup, self.address)
            if error is not None:
                self.setup.error(
                    "address-in-use",
                    f"`{self.address}` is already listened on",
                    self.span,
                    coredns=error,
                    located=False,
                    prefix=False,
                    hint="one `health` is enough; give it to a block with one zone",
                )
                return

    def start(self) -> None:
        """Listen, and begin to poll."""
        listen(self.setup, self.address, PATH, self.answer)
        clock = self.setup.world.clock
        if self.setup.release >= "1.0.3":
            self.began, self.counted = clock.now, 0
        if self.setup.release < "1.5.0":
            self.polled = self.setup.site.find("health")
            if self.polled and self.timer is None:
                self.poll()
                self.timer = clock.every(1, self.poll)

    def poll(self) -> None:
        """Ask the plugins of the block."""
        self.healthy = all(handler.health() for handler in self.polled)

    def answer(self) -> tuple[int, str]:
        """What a GET gets."""
        return (200, "OK") if self.healthy else (503, "")

    def scrape(self) -> None:
        """Count the requests that the endpoint has made to itself, one a second for each zone of the block."""
        if self.began is None:
            return
        seconds = int(self.setup.world.clock.now - self.began + 1e-9)
        slim = self.setup.release >= "1.8.4"
        bounds = SLIM_TIME_BUCKETS if slim else time_buckets(self.setup.release)
        polls = self.setup.instance.metrics.histogram("coredns_health_request_duration_seconds", (), bounds)
        polls.observe(0, (seconds - self.counted) * len(set_up_for(self.setup)))
        self.counted = seconds

    def restart(self) -> float:
        """A reload begins; returns the seconds that it has to wait. 1.9.4 ended the wait at reloads."""
        release = self.setup.release
        if release < "1.1.2":
            return 0
        self.stop()
        wait = (self.config.lameduck or 0.0) if release < "1.9.4" else 0.0
        if wait:
            self.setup.log(f"[INFO] plugin/health: Going into lameduck mode for {duration_text(wait)}")
        if release < "1.5.0":
            self.healthy = False
        return wait

    def restarting(self) -> None:
        """The wait is over: nobody listens until there is a new configuration."""
        if self.setup.release >= "1.1.2":
            close(self.setup, self.address, PATH)

    def restart_failed(self) -> None:
        """Listen again. Up to 1.5.0 nobody did."""
        if self.setup.release >= "1.5.1":
            self.start()

    def stop(self) -> None:
        """End the poll."""
        self.scrape()
        self.began = None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


__all__ = ["Config", "Health"]
