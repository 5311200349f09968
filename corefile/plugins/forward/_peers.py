"""One server that `forward` asks: its connections, its health, and what is counted about it.

Source: plugin/forward, since 1.11.0 plugin/pkg/proxy, and plugin/pkg/up. What changed when:

* 1.1.2 to 1.2.6: the time to wait for an answer follows the answers before.
* 1.3.0 to 1.6.7: the pause between checks doubles each time a server was away for more than one of them; 1.6.8 to
  1.8.0: it grows by half each time.
* 1.14.1: the connection that was used longest ago is taken first, no longer the last one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...chain.metrics import time_buckets
from ...dns.codes import IN, NS
from ...dns.message import Msg, Question
from .._backend import Link, Schedule, aside, rcode_label

if TYPE_CHECKING:
    from ...chain.query import Query
    from ...chain.setup import Setup
    from ._config import Config

CHECK_TIMEOUT = 1.0
HTTPS_TIMEOUT = 2.0
SERVER_IDLE = 10.0
"""Seconds after which a CoreDNS of 1.10.1 and later closes an unused TCP connection (before that, after 8)."""

SHORTEST_PAUSE = 0.01
"""Stands for a `health_check` of 0, which asks without pause."""


class Connection:
    """A connection that is kept for further questions. `waiting`: replies that nobody has read yet, because the server
    sent two to one question."""

    __slots__ = ("made", "used", "waiting")

    def __init__(self, made: float) -> None:
        self.made = self.used = made
        self.waiting: list[Msg] = []


class Peer:
    """One server."""

    def __init__(self, address: str, config: Config, setup: Setup, schedule: Schedule) -> None:
        release = setup.release
        transport, _, host = address.rpartition("://")
        if not transport or (transport != "tls" and release < "1.7.0"):
            transport = "dns"
        self.link = Link(transport, host, setup, config.source, config.doh_method)
        self.config = config
        self.setup = setup
        self.schedule = schedule
        self.fails = 0
        self.probe = Probe(self)
        self.idle: dict[str, list[Connection]] = {}
        # Which of the replies that wait in a connection are taken for the answer: any; since 1.4.0 those with the ID of
        # the question, which is the client's; since 1.8.7 it is a new one each time.
        self.reads_stale = release < "1.8.7"
        self.reads_any = release < "1.4.0"
        self.closes_truncated = release < "1.3.0"
        self.fifo = release >= "1.14.1"
        self.wait = HTTPS_TIMEOUT if transport == "https" else config.read_timeout
        self.average = 1.0 if "1.1.2" <= release < "1.3.0" else 0.0
        self.least = 0.2 if release >= "1.2.0" else 0.01
        self.counted = Counted(self, setup)

    def addr_text(self) -> str:
        """The address, as metadata has it."""
        return self.link.address

    def is_down(self, max_fails: int, now: float) -> bool:
        """Whether more than `max_fails` checks have failed in a row."""
        self.schedule.until(now)
        return self.fails > max_fails

    def healthcheck(self, now: float) -> None:
        """Begin to check until one check succeeds, unless that is under way."""
        self.probe.begin(now)

    def connect(self, query: Query, proto: str) -> tuple[Msg | None, str]:
        """Ask, and let the time pass that it takes. The reply, or the error."""
        ctx, link, counted = query.ctx, self.link, self.counted
        start = ctx.elapsed
        https = link.transport == "https"
        net = "tcp-tls" if link.transport == "tls" else proto
        connection = Connection(0.0) if https else self._dial(net, ctx.now())
        wait = self.wait
        if self.average:
            wait = self.least if self.average < self.least else min(2 * self.average, 2.0)
        reply, error, _, took, again = link.ask(query.msg, ctx, proto, wait, query.size)
        if connection.waiting or again is not None:
            at_once = bool(connection.waiting)
            connection.waiting += [m for m in (reply, again) if m is not None]
            reply = self._first_of(connection.waiting, query.msg.id)
            took = 0.0 if at_once and reply is not None else took
        ctx.elapsed = start + took
        lost = reply is None or (reply.tc and self.closes_truncated)
        if self.average:
            self.average += ((2.0 if lost else took) - self.average) / 4
        if reply is None:
            return None, error
        if not lost:
            if not https:
                self._keep(net, ctx.now(), connection)
            counted.reply(reply.rcode, took)
        return reply, ""

    def _first_of(self, waiting: list[Msg], id: int) -> Msg | None:
        """What is read first of the replies that wait in a connection; those before it are dropped."""
        while waiting:
            reply = waiting.pop(0)
            if not self.reads_stale or reply.id == id or self.reads_any:
                return reply
        return None

    # -- connections ----------------------------------------------------------------------------------------------

    def _dial(self, net: str, now: float) -> Connection:
        """The connection that is used: a kept one, or a new one."""
        pool = self.idle.get(net)
        config = self.config
        counted = self.counted
        while pool:
            kept = pool.pop(0 if self.fifo else -1)
            age = now - kept.used
            if age > config.expire or (age == config.expire and not self.fifo) or not config.expire:
                if not self.fifo:
                    pool.clear()
                continue
            if config.max_age and kept.made < now - config.max_age:
                continue
            counted.hit(net)
            if net == "udp" or age < SERVER_IDLE:
                return kept
        counted.miss(net, sum(map(len, self.idle.values())))
        return Connection(now)

    def _keep(self, net: str, now: float, connection: Connection) -> None:
        pool = self.idle.setdefault(net, [])
        limit = self.config.max_idle_conns
        if not limit or len(pool) < limit:
            connection.used = now
            if not self.reads_stale:
                connection.waiting.clear()
            pool.append(connection)
        if self.counted.sockets:
            self.counted.open(sum(map(len, self.idle.values())))


class Probe:
    """The checks of one server, which begin when it fails and end when it answers."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.active = False
        config, release = peer.config, peer.setup.release
        self.pause = self.first = max(config.interval, SHORTEST_PAUSE)
        self.doubles = "1.3.0" <= release < "1.6.8"
        self.grows = "1.6.8" <= release < "1.8.1"
        self.since: float | None = None
        self.proto = "tcp" if config.force_tcp and release >= "1.9.0" else "udp"
        question = Question(config.domain, NS, IN)
        self.ping = Msg(question, id=1, rd=config.recursion and release >= "1.1.2")

    def begin(self, now: float) -> None:
        """Check now, and go on until a check succeeds."""
        if self.active:
            return
        self.active = True
        pause = self.pause
        if self.grows:
            if self.since is None or now - self.since > 120:
                self.since, self.pause = now, self.first
            pause, self.pause = self.pause, min(self.pause * 1.5, 15.0)
        self._check(pause, 1, now)

    def _check(self, pause: float, times: int, now: float) -> None:
        peer = self.peer
        said = peer.link.ask(self.ping, aside(peer.setup.world, now), self.proto, CHECK_TIMEOUT)
        if said.took:
            peer.schedule.at(now + said.took, partial(self._ended, said.reply is not None, pause, times))
        else:
            self._ended(said.reply is not None, pause, times, now)

    def _ended(self, answered: bool, pause: float, times: int, now: float) -> None:
        peer = self.peer
        if answered:
            peer.fails = 0
            self.active = False
            return
        peer.fails += 1
        peer.counted.failed_check()
        if self.doubles and times == 2:
            self.pause = min(self.pause * 2, self.first * 4)
        peer.schedule.at(now + pause, partial(self._check, pause, times + 1))


class Counted:
    """The series about one server, as the release names them."""

    def __init__(self, peer: Peer, setup: Setup) -> None:
        release = setup.release
        self.release = release
        self.metrics = setup.instance.metrics
        self.to: tuple[tuple[str, str], ...] = (("to", peer.link.address),)
        self.shared = release >= "1.11.0"
        if self.shared:
            self.to = (("proxy_name", "forward"), *self.to)
        self.prefix = "coredns_proxy_" if self.shared else "coredns_forward_"
        self.connections = release >= "1.7.1"
        self.sockets = "" if release >= "1.6.5" else "sockets_open" if release >= "1.2.0" else "socket_count_total"
        plain = release >= "1.7.0"
        self.requests = "requests_total" if plain else "request_count_total"
        self.responses = "responses_total" if plain else "response_rcode_count_total"
        self.failures = "healthcheck_failures_total" if plain else "healthcheck_failure_count_total"
        self.by_rcode = release >= "1.8.2"
        self.by_type = "1.8.2" <= release < "1.8.4"
        self.buckets = time_buckets(release)
        self._hits: dict[str, list[float]] = {}
        self._replies: dict[int, Any] = {}

    def reply(self, rcode: int, took: float) -> None:
        """Count an answer."""
        series = self._replies.get(rcode)
        if series is None:
            series = self._replies[rcode] = self._series(rcode)
        for cell in series[0]:
            cell[0] += 1
        series[1].observe(took)

    def _series(self, rcode: int) -> tuple[list[list[float]], Any]:
        label = ("rcode", rcode_label(rcode, self.release))
        cells = []
        if not self.shared:
            cells = [
                self.metrics.cell(self.prefix + self.requests, self.to),
                self.metrics.cell(self.prefix + self.responses, (label, *self.to)),
            ]
        labels = (*self.to, label) if self.by_rcode else self.to
        return cells, self.metrics.histogram(self.prefix + "request_duration_seconds", labels, self.buckets)

    def hit(self, net: str) -> None:
        """Count a kept connection that is used again."""
        if self.connections:
            self._cell("conn_cache_hits_total", net)[0] += 1

    def miss(self, net: str, kept: int) -> None:
        """Count a new connection."""
        if self.connections:
            self._cell("conn_cache_misses_total", net)[0] += 1
        self.open(kept)

    def open(self, sockets: int) -> None:
        """Note how many connections are kept, where the release has `sockets`."""
        self.metrics.set(self.prefix + self.sockets, self.to, sockets)

    def failed_check(self) -> None:
        """Count a check that failed."""
        self.metrics.inc(self.prefix + self.failures, self.to)

    def _cell(self, name: str, net: str) -> list[float]:
        key = name + net
        cell = self._hits.get(key)
        if cell is None:
            cell = self._hits[key] = self.metrics.cell(self.prefix + name, (*self.to, ("proto", net)))
        return cell
