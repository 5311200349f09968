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

from ..chain.metrics import SLIM_TIME_BUCKETS, report, time_buckets
from ..chain.scrub import message_length
from ..dns.codes import rcode_name
from ..plugin import (
    SERVER_WRITES,
    Arg,
    Declaration,
    Filter,
    Instance,
    Line,
    Listen,
    Opt,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Result,
    Site,
    between,
    changed,
    dns,
    join_port,
    longest_match,
    since,
)
from ._listening import take
from ._observer import close, listen, set_up_for

PATH = "/metrics"
SERVERS = frozenset(("dns", "panic", "panics", "plugin"))
"""Whose metrics are the server's own, by the second word of their names."""

UNREGISTERED = frozenset(("coredns_forward_healthcheck_broken_count_total", "coredns_forward_healthcheck_broken_total"))
"""Counted, but exported only since one registry has all metrics."""

NONE: tuple[str, ...] = ()
PANICS = "coredns_panics_total"
WITHOUT_LABELS = (
    PANICS,
    "coredns_reload_failed_total",
    "coredns_forward_healthcheck_broken_total",
    "coredns_forward_max_concurrent_rejects_total",
    "coredns_hosts_reload_timestamp_seconds",
)
LOCAL = "coredns_local_localhost_requests_total"

COUNTS = Reason("counts", "counts it as {} in the zone {}")


class PrometheusRules(ReleaseRules):
    """What differs between releases."""

    registry = changed(
        "of the process",
        {
            "1.0.2": "of the first block",
            "1.2.3": "of the block",
            "1.2.6": "of the address",
            "1.7.1": "of the process",
        },
        "in which registry a plugin's metrics are: one of the whole process; that of the first block with the plugin; that of "
        "each block with it; or that of each address that a block with it names",
    )
    always = changed(
        NONE,
        {
            "1.1.3": ("coredns_panic_count_total",),
            "1.7.0": (PANICS,),
            "1.7.1": WITHOUT_LABELS,
            "1.8.1": (*WITHOUT_LABELS, LOCAL),
            "1.8.4": (*WITHOUT_LABELS, LOCAL, "coredns_health_request_failures_total"),
        },
        "metrics without labels, which are there (as 0) whether their plugin is used or not",
    )
    health = since("1.7.1", "so is the histogram of `health`")
    slim_buckets = since("1.8.4", "it has few buckets")
    enabled = since("1.5.0", "a gauge tells which plugins a server has")
    enabled_view = since("1.10.0", "it has the label `view`")
    goes_on = since("1.5.1", "it listens again when a reload has failed")
    rcode_of_status = since("1.8.5", "an rcode that the server writes counts")
    rcode_lost = between("1.8.7", "1.9.0", "that of a reply does not")
    plugin = changed(
        "",
        {"1.8.7": "writer", "1.14.0": "next"},
        "the label `plugin`: who wrote the reply, or the plugin behind this one, whoever wrote (plugin.go, NextOrFailure)",
    )
    size_on_arrival = since("1.12.2", "a request's size is taken before plugins change it")


class Registered:
    """By directive, the instance whose block registered its metrics first: a reload brings new registries. It belongs to the
    process."""

    def __init__(self) -> None:
        self.by_directive: dict[str, Instance] = {}


class Prometheus(Filter):
    """Counts on the way back."""

    class Config(Declaration):
        address: str = Opt(Listen(located=False), default="localhost:9153", doc="where to serve `/metrics`")
        runtime_metrics: bool = Line(since="1.14.3", doc="export the Go runtime's metrics, too")
        tls: str | None = Line(
            Arg("config"),
            since="1.14.3",
            repeat="once",
            twice="tls block already specified",
            doc="the file that configures HTTPS",
        )

    Rules = PrometheusRules
    READS = Reads(once=True, block=since("1.14.3"), unknown="unknown option: {}")
    SHOWS_WRITER = between("1.8.7", "1.14.0")
    PASSES = "counts"
    config: Config
    rules: PrometheusRules

    def prepare(self) -> None:
        """Which plugin is behind this one is known at the start."""
        self.metrics = self.setup.instance.metrics
        self.behind = ""

    def back(self, query: Query, result: Result) -> Result:
        """Count one exchange."""
        ctx, rules, reply = query.ctx, self.rules, result.reply
        zone = longest_match(self.setup.site.zones, query.name) or "."
        rcode = reply.rcode if reply is not None and not rules.rcode_lost else dns.NOERROR
        if rules.rcode_of_status and result.rcode in SERVER_WRITES:
            rcode = result.rcode
        plugin = ""
        if rules.plugin and reply is not None:
            plugin = result.plugin if rules.plugin == "writer" else self.behind
        if ctx.trace is not None and (
            len(self.setup.site.zones) > 1 or rcode != (result.rcode if reply is None else reply.rcode)
        ):
            ctx.trace.note((COUNTS, rcode_name(rcode), zone))
        release = self.setup.release
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
            request_size=message_length(query.msg, release) if rules.size_on_arrival else None,
            since=query.began,
        )
        return result

    # -- listening ----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Take the port; where that fails, CoreDNS goes on without a word."""
        take(self.setup, self.config.address)

    def start(self) -> None:
        """Listen, and tell of the plugins of the block."""
        acting = [h.name for h in self.setup.site.handlers if h.IN_CHAIN]
        self.behind = next(iter(acting[acting.index(self.name) + 1 :]), "")
        self.listen()
        for site in self.setup.instance.sites:
            for handler in site.handlers:
                self.registered().setdefault(handler.name, self.setup.instance)
        for name in self.rules.always:
            self.metrics.cell(name, ())
        if self.rules.health:
            bounds = SLIM_TIME_BUCKETS if self.rules.slim_buckets else time_buckets(self.setup.release)
            self.metrics.histogram("coredns_health_request_duration_seconds", (), bounds)

    def listen(self) -> None:
        """Listen, and set the gauge of each plugin in each server of the block."""
        if self.config.tls is None:
            listen(self.setup, self.config.address, PATH, self.page)
        site, rules = self.setup.site, self.rules
        view = (("view", site.view_name),) * rules.enabled_view
        for key in set_up_for(self.setup) if rules.enabled else ():
            for host in site.listen_hosts:
                server = (("server", f"{key.transport}://{join_port(host, key.port)}"), ("zone", key.zone))
                for handler in site.handlers:
                    if handler.IN_CHAIN:
                        self.metrics.set("coredns_plugin_enabled", (*server, *view, ("name", handler.name)), 1)

    def restarting(self) -> None:
        """A reload begins."""
        close(self.setup, self.config.address, PATH)
        self.metrics.drop("coredns_plugin_enabled")

    def restart_failed(self) -> None:
        """Go on."""
        if self.rules.goes_on:
            self.listen()

    # -- exporting ----------------------------------------------------------------------------------------------------

    def page(self) -> tuple[int, str]:
        """What a GET gets: the text format, without HELP, and without what differs from machine to machine."""
        for site in self.setup.instance.sites:
            for handler in site.find("scrape"):
                handler.scrape()
        return 200, "".join([line + "\n" for line in self.metrics.samples() if self.shows(line)])

    def shows(self, line: str) -> bool:
        """Whether the registry of this address has the metric."""
        registry = self.rules.registry
        if registry == "of the process":
            return True
        name = line.partition("{")[0].partition(" ")[0]
        owner = name.split("_")[1]
        if owner in SERVERS:
            return True
        if name in UNREGISTERED:
            return False
        sites = [s for s in self.setup.instance.sites if any(h.name == owner for h in s.handlers)]
        if owner == "reload":
            # It registers its metrics when its first block restarts for the first time.
            reloaded = any(name == "coredns_reload_version_info" for name, _ in self.metrics.values)
            return reloaded and bool(sites) and self.serves(sites[0])
        if registry == "of the first block":
            # Of all registries with this address, the first one is served.
            first = bool(sites) and sites[0] is self.setup.site and self.serves(sites[0])
            return first and self.registered().get(owner, self.setup.instance) is self.setup.instance
        if registry == "of the block":
            return self.setup.site in sites
        return any(self.serves(site) for site in sites)

    def registered(self) -> dict[str, Instance]:
        """By directive, the instance that had it first."""
        return self.setup.instance.process.get(Registered).by_directive

    def serves(self, site: Site) -> bool:
        """Whether a block has `prometheus` with this address."""
        other = site.handler(self.name)
        return other is not None and bool(other.config.address == self.config.address)


__all__ = ["Prometheus"]
