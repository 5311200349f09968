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

from typing import Any

from ...chain.metrics import SLIM_TIME_BUCKETS, report, time_buckets
from ...chain.scrub import as_answered, as_written, message_length
from ...dns.codes import rcode_name
from ...plugin import (
    ONCE,
    SERVER_WRITES,
    Arg,
    Declaration,
    Filter,
    Line,
    Listen,
    Opt,
    Query,
    Reads,
    Reason,
    Result,
    between,
    changed,
    dns,
    join_port,
    longest_match,
    since,
    until,
)
from .._keys import set_up_for
from .._listening import Endpoint
from ._registry import Registry
from ._rules import PrometheusRules

COUNTS = Reason("counts", "counts it as {} in the zone {}")


class Prometheus(Endpoint, Filter):
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
    READS = Reads(
        once=True,
        twice=changed("can only have one metrics module per server", {"1.1.0": ONCE}),
        twice_located=until("1.1.0"),
        block=since("1.14.3"),
        unknown="unknown option: {}",
    )
    SHOWS_WRITER = between("1.8.7", "1.14.0")
    PASSES = "counts"
    PATH = "/metrics"
    config: Config
    rules: PrometheusRules

    def prepare(self) -> None:
        """Which plugin is behind this one is known at the start."""
        self.metrics = self.setup.instance.metrics
        self.registry = Registry(self.config.address, self.setup)
        self.behind = ""
        self.growing: list[Any] = []
        self.adding: list[Any] = []

    def back(self, query: Query, result: Result) -> Result:
        """Count one exchange."""
        ctx, rules, reply = query.ctx, self.rules, result.later[-1] if result.later else result.reply
        zone = longest_match(self.setup.site.zones, query.name) or "."
        for handler in self.growing:
            found = handler.metric_zone(query.name)
            zone = found if len(found) > len(zone) else zone
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
        request = query.final.msg
        if not rules.size_on_arrival:
            if not any(handler.adds_opt(query) for handler in self.adding):
                request = as_answered(request, reply, release, self.setup.instance.options.codes)
            request = as_written(query, request, result, self.adding)
        written = (result.reply, *result.later) if result.later else ()
        report(
            self.metrics,
            release,
            ctx,
            request,
            ctx.server,
            zone,
            ctx.view,
            rcode,
            plugin,
            reply,
            size=sum([message_length(msg, release) for msg in written if msg is not None]) if written else None,
            arrived=query.msg if rules.size_on_arrival else None,
            since=query.began,
        )
        return result

    # -- listening ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen, and tell of the plugins of the block."""
        acting = [h.name for h in self.setup.site.handlers if h.IN_CHAIN]
        self.behind = next(iter(acting[acting.index(self.name) + 1 :]), "")
        self.growing = self.setup.site.find("metric_zone")
        self.adding = self.setup.site.find("adds_opt")
        if self.config.tls is None:
            super().start()
        self._tell_plugins()
        self.registry.take()
        for name in self.rules.always:
            self.metrics.cell(name, ())
        if self.rules.health:
            bounds = SLIM_TIME_BUCKETS if self.rules.slim_buckets else time_buckets(self.setup.release)
            self.metrics.histogram("coredns_health_request_duration_seconds", (), bounds)

    def _tell_plugins(self) -> None:
        """Set the gauge of each plugin in each server of the block."""
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
        super().restarting()
        self.metrics.drop("coredns_plugin_enabled")

    # -- exporting ----------------------------------------------------------------------------------------------------

    def page(self) -> tuple[int, str]:
        """What a GET gets: the text format, without HELP, and without what differs from machine to machine."""
        for handler in self.setup.instance.find("scrape"):
            handler.scrape()
        return 200, "".join([line + "\n" for line in self.metrics.samples() if self.registry.shows(line)])


__all__ = ["Prometheus"]
