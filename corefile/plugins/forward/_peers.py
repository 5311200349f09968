"""One server that `forward` asks, and the connections to it (plugin/forward, since 1.11.0 plugin/pkg/proxy)."""

from __future__ import annotations

from ...plugin import Msg, Query, Setup
from .._backend import Link, Schedule, Trust
from ._config import ForwardConfig
from ._counts import PeerCounts
from ._probe import Probe
from ._rules import ForwardRules

HTTPS_TIMEOUT = 2.0
LONGEST_WAIT = 2.0
SERVER_IDLE = 10.0
"""Seconds after which a CoreDNS of 1.10.1 and later closes an unused TCP connection (before that, after 8)."""


class Connection:
    """A connection that is kept for further questions. `waiting`: replies that are yet to be read, because the server sent
    two to one question."""

    __slots__ = ("made", "used", "waiting")

    def __init__(self, made: float) -> None:
        self.made = self.used = made
        self.waiting: list[Msg] = []


class Peer:
    """One server. `fails`: how many checks have failed in a row."""

    def __init__(self, address: str, config: ForwardConfig, setup: Setup, schedule: Schedule) -> None:
        self.rules = rules = ForwardRules.of(setup.release)
        transport, _, host = address.rpartition("://")
        if not transport or (transport != "tls" and rules.tls_alone):
            transport = "dns"
        self.https = transport == "https"
        self.link = Link(transport, host, setup, config.source, config.doh_method)
        name = getattr(address, "name", "") or config.tls_servername or ""
        self.link.trust = Trust(name, config.authorities)
        self.config = config
        self.schedule = schedule
        self.counts = PeerCounts(self.link.address, setup)
        self.fails = 0
        self.probe = Probe(self, config, setup, schedule)
        self.idle: dict[str, list[Connection]] = {}
        self.wait = HTTPS_TIMEOUT if self.https else config.read_timeout
        self.average = 1.0

    def address(self) -> str:
        """The address, as metadata has it."""
        return self.link.address

    def __repr__(self) -> str:
        return self.link.address

    def renew(self) -> None:
        """It was not asked yet."""
        self.fails, self.average = 0, 1.0
        self.idle.clear()
        self.probe.renew()

    def is_down(self, max_fails: int, now: float) -> bool:
        """Whether more than `max_fails` checks have failed in a row."""
        self.schedule.until(now)
        return self.fails > max_fails

    def check_failed(self) -> None:
        """Count a check that failed."""
        self.counts.failed_check()

    def ask(self, query: Query, proto: str) -> tuple[Msg | None, str]:
        """Ask, and let the time pass that it takes. The reply, or the error."""
        ctx, link, rules = query.ctx, self.link, self.rules
        start = ctx.elapsed
        net = "tcp-tls" if link.transport == "tls" else proto
        connection = Connection(0.0) if self.https else self._connect(net, ctx.now())
        wait = self._adapted() if rules.adapts_wait else self.wait
        reply, error, _, took, again, later = link.ask(query.msg, ctx, proto, wait, query.size)
        if connection.waiting or again is not None or later:
            at_once = bool(connection.waiting)
            connection.waiting += [m for m in (reply, *later, again) if m is not None]
            reply = self._first_of(connection.waiting, query.msg.id)
            took = 0.0 if at_once and reply is not None else took
        ctx.elapsed = start + took
        lost = reply is None or (reply.tc and rules.closes_truncated)
        if rules.adapts_wait:
            self.average += ((LONGEST_WAIT if lost else took) - self.average) / 4
        if reply is None:
            return None, error
        if not lost:
            if not self.https:
                self._keep(net, ctx.now(), connection)
            self.counts.reply(reply.rcode, took)
        return reply, ""

    def _adapted(self) -> float:
        """How long an answer is waited for, by how long those before took on the average."""
        least = self.rules.least_wait
        return least if self.average < least else min(2 * self.average, LONGEST_WAIT)

    def _first_of(self, waiting: list[Msg], id: int) -> Msg | None:
        """What is read first of the replies that wait in a connection; those before it are dropped."""
        while waiting:
            reply = waiting.pop(0)
            if not self.rules.reads_same_id or reply.id == id or self.rules.reads_any:
                return reply
        return None

    # -- connections ----------------------------------------------------------------------------------------------

    def _connect(self, net: str, now: float) -> Connection:
        """The connection that is used: a kept one, or a new one."""
        pool, config, fifo = self.idle.get(net), self.config, self.rules.oldest_first
        while pool:
            kept = pool.pop(0 if fifo else -1)
            age = now - kept.used
            if age > config.expire or (age == config.expire and not fifo) or not config.expire:
                if not fifo:
                    pool.clear()
                continue
            if config.max_age and kept.made < now - config.max_age:
                continue
            self.counts.hit(net)
            if net == "udp" or age < SERVER_IDLE:
                return kept
        self.counts.miss(net, self._kept())
        return Connection(now)

    def _keep(self, net: str, now: float, connection: Connection) -> None:
        pool = self.idle.setdefault(net, [])
        limit = self.config.max_idle_conns
        if not limit or len(pool) < limit:
            connection.used = now
            if not self.rules.reads_same_id:
                connection.waiting.clear()
            pool.append(connection)
        if self.rules.sockets:
            self.counts.open(self._kept())

    def _kept(self) -> int:
        return sum(map(len, self.idle.values()))


__all__ = ["Connection", "Peer"]
