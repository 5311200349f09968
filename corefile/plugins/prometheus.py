"""prometheus - counts queries and exports all metrics.

Description: counts what comes through its server block by zone, transport, address family, type and rcode, with the
sizes and the time it took, and serves these and all other plugins' metrics over HTTP at `/metrics`. Several blocks may
name the same address; up to 1.7.0 an address shows a plugin's own metrics only where a block with `prometheus` and
this address has that plugin, too. Queries that no server block takes are counted for the zone `dropped`. What tells of
the machine and the binary is not exported here: the Go runtime's series, the process's, and `coredns_build_info`.

Syntax:
    prometheus [ADDRESS] {
        runtime_metrics
        tls CONFIG
    }

ADDRESS is `localhost:9153` unless given: to be scraped from elsewhere it has to be given. `runtime_metrics` adds those
of the Go runtime. CONFIG is a file in the format of the Prometheus exporters, for HTTPS.

Examples: `prometheus :9153`; `prometheus localhost:9253`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..chain.declare import Arg, Given, Opt, Property, Reads
from ..chain.instance import Instance
from ..chain.metrics import SLIM_TIME_BUCKETS, Metrics, report, time_buckets
from ..chain.query import SERVER_WRITES, Next, Outcome, Query, Result
from ..chain.scrub import message_length
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import Listen
from ..dns.names import longest_match
from ..golang.addresses import join_port
from ..releases.rules import between, since
from ._listening import take
from ._observer import close, listen, set_up_for

PATH = "/metrics"

ALWAYS = {
    "coredns_panics_total": "1.7.1",
    "coredns_reload_failed_total": "1.7.1",
    "coredns_forward_healthcheck_broken_total": "1.7.1",
    "coredns_forward_max_concurrent_rejects_total": "1.7.1",
    "coredns_hosts_reload_timestamp_seconds": "1.7.1",
    "coredns_local_localhost_requests_total": "1.8.1",
    "coredns_health_request_failures_total": "1.8.4",
}
"""Metrics without labels, which are there (as 0) whether their plugin is used or not, and since when."""

UNREGISTERED = frozenset(("coredns_forward_healthcheck_broken_count_total", "coredns_forward_healthcheck_broken_total"))
"""Counted by `forward`, but exported only since 1.7.1."""


class Config(NamedTuple):
    """address: where to listen."""

    address: str = "localhost:9153"
    runtime_metrics: bool = False
    tls: str | None = None


class Registered:
    """By directive, the instance whose block registered its metrics first. It belongs to the process."""

    def __init__(self) -> None:
        self.by_directive: dict[str, Instance] = {}


class Prometheus(Plugin):
    """Counts on the way back."""

    ARGUMENTS = (Opt("address", Listen(located=False), default="localhost:9153", doc="where to serve `/metrics`"),)
    PROPERTIES = (
        Property("runtime_metrics", since="1.14.3", doc="export the Go runtime's metrics, too"),
        Property(
            "tls",
            Arg("config"),
            since="1.14.3",
            repeat="once",
            twice="tls block already specified",
            doc="the file that configures HTTPS",
        ),
    )
    READS = Reads(once=True, block=since("1.14.3"), unknown="unknown option: {}")
    SHOWS_WRITER = between("1.8.7", "1.14.0")
    PASSES = "counts"

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.metrics: Metrics = setup.instance.metrics
        self.rcode_of_status = release >= "1.8.5"
        self.rcode_is_lost = release.version == "1.8.7"
        self.first_size = release >= "1.12.2"
        self.writer = release >= "1.8.7"
        self.by_position = release >= "1.14.0"

        self.next_name = ""

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """One occurrence; there is no other."""
        return Config(**cls.fields(given, setup))

    def serve(self, query: Query) -> Outcome:
        """Pass on, and count on the way back."""
        zone = longest_match(self.setup.site.zones, query.name) or "."
        size = message_length(query.msg, self.setup.release) if self.first_size else None
        since = query.ctx.elapsed
        return Next(then=lambda result: self.count(query, zone, size, since, result))

    def count(self, query: Query, zone: str, request_size: int | None, since: float, result: Result) -> Result:
        """Count one exchange."""
        reply, release = result.reply, self.setup.release
        rcode = reply.rcode if reply is not None and not self.rcode_is_lost else 0
        if self.rcode_of_status and result.rcode in SERVER_WRITES:
            rcode = result.rcode
        plugin = ""
        if self.writer and reply is not None:
            # Since 1.14.0 this is whoever stands behind this plugin, whoever wrote (plugin.go, NextOrFailure).
            plugin = self.next_name if self.by_position else result.plugin
        ctx = query.ctx
        report(
            self.metrics,
            release,
            ctx,
            query.final.msg,
            ctx.server,
            zone,
            ctx.view,
            rcode,
            plugin,
            reply,
            request_size=request_size,
            since=since,
        )
        return result

    def check(self) -> None:
        """Take the port. Nobody hears of it where that fails."""
        take(self.setup, self.config.address)

    def start(self) -> None:
        """Listen, and tell of the plugins of the block."""
        site, release = self.setup.site, self.setup.release
        acting = [h.name for h in site.handlers if h.IN_CHAIN]
        behind = acting[acting.index(self.name) + 1 :]
        self.next_name = behind[0] if behind else ""
        if self.config.tls is None:
            listen(self.setup, self.config.address, PATH, self.answer)
        self.enabled()
        for other in self.setup.instance.sites:
            for handler in other.handlers:
                self.registered().setdefault(handler.name, self.setup.instance)
        if release >= "1.7.1":
            for name, since in ALWAYS.items():
                if release >= since:
                    self.metrics.cell(name, ())
            bounds = SLIM_TIME_BUCKETS if release >= "1.8.4" else time_buckets(release)
            self.metrics.histogram("coredns_health_request_duration_seconds", (), bounds)
        elif release >= "1.1.3":
            self.metrics.cell("coredns_panics_total" if release >= "1.7.0" else "coredns_panic_count_total", ())

    def enabled(self) -> None:
        """The gauge of each plugin in each server of the block."""
        site, release = self.setup.site, self.setup.release
        if release < "1.5.0":
            return
        view = (("view", site.view_name),) if release >= "1.10.0" else ()
        for key in set_up_for(self.setup):
            for host in site.listen_hosts:
                server = f"{key.transport}://{join_port(host, key.port)}"
                for handler in site.handlers:
                    if handler.IN_CHAIN:
                        labels = (("server", server), ("zone", key.zone), *view, ("name", handler.name))
                        self.metrics.set("coredns_plugin_enabled", labels, 1)

    def restarting(self) -> None:
        """A reload begins."""
        close(self.setup, self.config.address, PATH)
        self.metrics.drop("coredns_plugin_enabled")

    def restart_failed(self) -> None:
        """Listen again. Up to 1.5.0 nobody did."""
        if self.setup.release >= "1.5.1":
            listen(self.setup, self.config.address, PATH, self.answer)
            self.enabled()

    # -- exporting --------------------------------------------------------------------------------------------------

    def answer(self) -> tuple[int, str]:
        """What a GET gets: the text format, without HELP, and without what differs from machine to machine."""
        for site in self.setup.instance.sites:
            for handler in site.find("scrape"):
                handler.scrape()
        return 200, "".join([line + "\n" for line in self.metrics.samples() if self.shows(line)])

    def shows(self, line: str) -> bool:
        """Whether the registry of this address has the metric. One registry has all since 1.7.1."""
        release = self.setup.release
        if release >= "1.7.1" or release < "1.0.2":
            return True
        name = line.partition("{")[0].partition(" ")[0]
        owner = name.split("_")[1]
        if owner in ("dns", "panic", "panics", "plugin"):
            return True
        if name in UNREGISTERED:
            return False
        sites = [s for s in self.setup.instance.sites if any(h.name == owner for h in s.handlers)]
        if owner == "reload":
            # It registers its metrics when its first block restarts for the first time.
            reloaded = any(name == "coredns_reload_version_info" for name, _ in self.metrics.values)
            return reloaded and bool(sites) and self.serves(sites[0])
        if release < "1.2.3":
            # Each was registered once in the process, with the registry of its first block; and of all registries
            # with this address the first one is served.
            first = bool(sites) and sites[0] is self.setup.site and self.serves(sites[0])
            return first and self.registered().get(owner, self.setup.instance) is self.setup.instance
        if release < "1.2.6":
            return self.setup.site in sites
        return any(self.serves(site) for site in sites)

    def registered(self) -> dict[str, Any]:
        """By directive, the instance that had it first: a reload brings new registries."""
        return self.setup.instance.process.get(Registered).by_directive

    def serves(self, site: Any) -> bool:
        """Whether a block has `prometheus` with this address."""
        other = site.handler(self.name)
        return other is not None and bool(other.config.address == self.config.address)


__all__ = ["Config", "Prometheus"]
