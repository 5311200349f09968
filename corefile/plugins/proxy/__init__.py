"""proxy - has other servers answer (up to CoreDNS 1.4.0; `forward` took over).

Description: sends a question to one of the servers TO of the `proxy` whose FROM is the longest that the name lies in,
and the answer back as it is. A server that fails counts one failure for `fail_timeout`; with `max_fails` of them it is
down and passed over. When all are down the question fails at once, unless `spray` is given. A server that does not
answer in 5 s has not failed by this: another is asked, or the same again, for up to 16 s.

Syntax:

    proxy FROM TO... {
        policy random|least_conn|round_robin|first|sequential
        fail_timeout DURATION
        max_fails NUMBER
        health_check PATH:PORT [DURATION]
        except ZONES...
        spray
        protocol dns [force_tcp]|grpc [insecure|CA|CERT KEY [CA]]
    }

TO is an address, perhaps with a port, or a file like resolv.conf.

Examples: `proxy . /etc/resolv.conf` asks the servers of the machine; `proxy global 172.19.10.196` has one server answer
for a zone of its own.
"""

from __future__ import annotations

from typing import Any

from ...chain.metrics import time_buckets
from ...plugin import (
    Answerer,
    Below,
    Exact,
    Given,
    Landmark,
    Msg,
    Next,
    Outcome,
    Query,
    Reads,
    Reason,
    Scope,
    Setup,
    dns,
    failed,
    longest_match,
)
from .._backend import TIME_IS_UP, WRONG_ANSWER, Attempts, Response, check_count, destinations
from ._config import ProxyConfig
from ._pool import Host, Pool
from ._rules import ProxyRules

TRY_FOR = 16.0
"""Seconds for which servers are tried."""

WAIT = 5.0
FAIL_TIMEOUT = 2.0
"""What `fail_timeout 0` stands for."""

PATIENCE = 50
"""Failures without any time passing after which nothing will change but by time."""

ALL_DOWN = Reason("all-down", "{}no server for {} is up")
EXCEPTED = Reason("excepted", "`except` keeps {} from being sent")


class Proxy(Answerer):
    """Sends questions to other servers."""

    removed = "1.5.0"
    Config = ProxyConfig
    Rules = ProxyRules
    READS = Reads(several="all")
    STATE = "which hosts are down, and whose turn it is"
    ANY_CLASS = True
    config: tuple[ProxyConfig, ...]
    rules: ProxyRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """TO comes before the block. Raises Invalid."""
        given.values["to"] = tuple(destinations(given.values["to"], setup, given.words[1:]))
        if cls.Rules.of(setup.release).limits_servers:
            check_count(len(given.values["to"]))

    def prepare(self) -> None:
        """The servers for each zone."""
        self.pools = [Pool(config, self.setup) for config in self.config]
        self.scope = Scope(pool.zone for pool in self.pools)
        self.taps: list[Any] = []
        self.counted: dict[tuple[str, ...], list[float]] = {}

    def check(self) -> None:
        """Whether pages can be fetched now and then."""
        if any(pool.page[0] and pool.interval <= 0 for pool in self.pools):
            self.setup.error(
                "invalid-argument",
                "`health_check` needs a pause between two checks",
                self.span,
                hint="such as `health_check /health:8080 5s`",
                coredns="panic: non-positive interval for NewTicker",
                located=False,
                prefix=False,
            )

    def start(self) -> None:
        """Begin to fetch the servers' pages."""
        self.taps = self.setup.site.find("tap_asked")
        for pool in self.pools:
            pool.start()

    def stop(self) -> None:
        """Stop that."""
        for pool in self.pools:
            pool.stop()

    def forwarded(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return self.scope.zones

    def asks_at(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return tuple(address for pool in self.pools for host in pool.hosts for address in host.link.addresses)

    def renew(self) -> None:
        """No server was asked yet."""
        for pool in self.pools:
            pool.renew()

    def landmarks(self) -> list[Landmark]:
        """What `except` names, but not the zone's own name."""
        apart: list[Landmark] = []
        for pool in self.pools:
            if pool.scope.minus:
                apart += [Exact(pool.zone), *map(Below, pool.scope.minus)]
        return apart

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """The answer of one of the servers for the longest zone that takes the name."""
        pools = [pool for pool in self.pools if pool.scope.zone_of(query) is not None]
        if query.ctx.trace is not None:
            for number, pool in enumerate(self.pools):
                within = pool.scope.longest(query.name) is not None and pool not in pools
                kept = longest_match(pool.scope.minus, query.name) if within else None
                if kept is not None:
                    query.ctx.trace.used(self, number, f"except {kept}")
        if not pools:
            return Next((EXCEPTED, query.name))
        return self.forward(query, max(pools, key=lambda pool: len(pool.zone)))

    def forward(self, query: Query, pool: Pool) -> Outcome:
        """Ask one server after another until one answers, or time is up."""
        ctx = query.ctx
        began = ctx.now()
        end = ctx.elapsed + TRY_FOR
        error, idle = "", 0
        attempts = Attempts()
        while ctx.elapsed < end:
            host = pool.select(ctx.now())
            if host is None:
                lead = f"{attempts}; " if attempts else ""
                return failed(dns.SERVFAIL, "unreachable backend: no upstream host", (ALL_DOWN, lead, pool.zone))
            before = ctx.elapsed
            response = self.ask(pool, host, query, began)
            if response.reply is not None:
                return self.answered(query, host, response.reply, attempts)
            error = response.error
            attempts.failed(host.name, error, response.took)
            if not response.timeout:
                host.failed(ctx.now(), pool.config.fail_timeout or FAIL_TIMEOUT)
            idle = idle + 1 if ctx.elapsed == before else 0
            if idle > PATIENCE:  # CoreDNS asks thousands of times until time brings something new
                ctx.elapsed = min(end, max(pool.schedule.next() - ctx.world.clock.now, ctx.elapsed))
        return failed(dns.SERVFAIL, f"unreachable backend: {error}", (TIME_IS_UP, str(attempts), TRY_FOR))

    def ask(self, pool: Pool, host: Host, query: Query, began: float) -> Response:
        """One server's answer, or the error."""
        ctx = query.ctx
        self._requests(query, host)[0] += 1
        advertised = query.msg.edns.udp if query.msg.edns is not None else 0
        host.connections += 1
        response = host.link.ask(query.msg, ctx, "tcp" if pool.force_tcp else ctx.proto, WAIT, max(advertised, 512))
        host.connections -= 1
        ctx.elapsed += response.took
        proto = "tcp" if pool.force_tcp or host.protocol == "grpc" else ctx.proto
        for tap in self.taps:
            tap.tap_asked(query, host.link, proto, began, response.reply, response.error)
        host.took = response.took * 1000 // 1 if self.rules.milliseconds else response.took
        return response

    def answered(self, query: Query, host: Host, reply: Msg, attempts: Attempts) -> Outcome:
        """What becomes of a server's answer."""
        if self.rules.matches and not query.matches(reply):
            return self.write(query, query.msg.reply(dns.FORMERR), (WRONG_ANSWER, host.name), sizes=False, scrubs=False)
        labels, bounds = self._labels(query, host), time_buckets(self.setup.release)
        metrics = self.setup.instance.metrics
        metrics.histogram("coredns_proxy_request_duration_seconds", labels, bounds).observe(host.took)
        reply.id = query.msg.id
        return self.write(query, reply, attempts.then(host.name), sizes=False, scrubs=host.protocol == "dns")

    # -- counting -----------------------------------------------------------------------------------------------------

    def _requests(self, query: Query, host: Host) -> list[float]:
        """The counter of a server's questions."""
        ctx = query.ctx
        key = (ctx.server, ctx.proto, str(ctx.family), host.protocol, host.name)
        cell = self.counted.get(key)
        if cell is None:
            cell = self.counted[key] = self.setup.instance.metrics.cell(
                "coredns_proxy_request_count_total", self._labels(query, host)
            )
        return cell

    def _labels(self, query: Query, host: Host) -> tuple[tuple[str, str], ...]:
        ctx = query.ctx
        labels = (
            ("proto", ctx.proto),
            ("proxy_proto", host.protocol),
            ("family", str(ctx.family)),
            ("to", host.name),
        )
        return (("server", ctx.server), *labels) if self.rules.server_label else labels


__all__ = ["Proxy"]
