"""forward - has other servers answer.

Description: sends a question whose name lies in FROM to one of the servers TO, and the answer back as it is. A server
that fails is left for the next one while there is time (5 s), and is asked every half second whether it is back; after
more than `max_fails` failed checks it is passed over. Questions outside FROM, or within an EXCEPT zone, go on to the
next plugin. `forward` may be given several times, since 1.9.4.

Syntax:

    forward FROM TO... {
        except ZONES...
        policy random|round_robin|sequential
        ...
    }

TO is an address, perhaps with a port and a transport (`tls://9.9.9.9`, since 1.14.5 also `https://`), a file like
resolv.conf, or since 1.14.4 a name. The properties are below.

Examples: `forward . /etc/resolv.conf` asks the servers of the machine; with `policy sequential`, `forward . 10.0.0.1
10.0.0.2` asks the second one only while the first fails; `forward . tls://9.9.9.9 { tls_servername dns.quad9.net }`
encrypts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...chain.declare import Given, Reads
from ...chain.query import Next, Outcome, Panic, Query, failed
from ...chain.shapes import Plugin
from ...dns import wire
from ...dns.codes import FORMERR, NOERROR, REFUSED, SERVFAIL, rcode_name
from ...dns.message import Msg
from ...dns.names import is_subdomain
from ...releases.rules import since, until
from .._backend import Schedule, excepted
from .._observer import debugging, hexdump
from . import _config
from ._config import Config
from ._peers import Peer

if TYPE_CHECKING:
    from ...chain.setup import Setup

DEADLINE = 5.0
"""Seconds after which no further server is tried."""

TRIES_EACH = 2
"""How often each server may fail for one question, since 1.14.7, unless `max_connect_attempts` is given."""

PATIENCE = 20
"""Rounds without any time passing after which nothing will change but by time."""


class Forward(Plugin):
    """Sends questions to other servers."""

    READS = Reads(several="each", once=until("1.9.4"))
    STATE = "which servers are down, and whose turn it is"
    ANY_CLASS = since("1.0.6")
    ARGUMENTS = _config.ARGUMENTS
    PROPERTIES = _config.PROPERTIES

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """FROM is a zone; up to 1.14.3, TO comes before the block."""
        _config.opening(given, setup)

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """Files and options."""
        _config.accept_line(line, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The rules across properties."""
        return _config.configure(given, cls.fields(given, setup), setup)

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.schedule = Schedule(setup.world)
        self.peers = [Peer(address, config, setup, self.schedule) for address in config.to]
        self.robin = 0
        self.concurrent = 0
        self.followed = False
        self.checks_match = release >= "1.1.1"
        self.checks_class = release >= "1.14.7"
        self.retries_tc = release < "1.3.0" or release >= "1.6.2"
        self.failfast = config.failfast
        self.counts_failover = release >= "1.14.7"
        self.once_round = release < "1.1.2"
        self.limit_rcode = REFUSED if release >= "1.8.1" else SERVFAIL
        self.tells_upstream = release >= "1.8.4"
        self.tries = config.max_connect_attempts
        if self.tries is None:
            self.tries = TRIES_EACH * len(self.peers) if release >= "1.14.7" else 0
        count = release >= "1.7.0"
        metrics = setup.instance.metrics
        # Counters without labels are there from the start; these two were not registered before.
        broken, rejects = "healthcheck_broken", "max_concurrent_reject"
        cell = metrics.cell if release >= "1.7.1" else metrics.lazy
        self.broken = cell(f"coredns_forward_{broken}{'_total' if count else '_count_total'}", ())
        if release < "1.7.1":
            self.broken = [0.0]
        self.rejects = [0.0]
        if release >= "1.6.8":
            self.rejects = metrics.cell(f"coredns_forward_{rejects}{'s_total' if count else '_count_total'}", ())

    def start(self) -> None:
        """Look whether the next plugin is another `forward`."""
        handlers = self.setup.site.handlers
        at = handlers.index(self)
        self.followed = at + 1 < len(handlers) and handlers[at + 1].name == self.name

    def stop(self) -> None:
        """Stop checking."""
        self.schedule.stop()

    def forwarded(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return (self.config.zone,)

    # -- answering ------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The answer of one of the servers."""
        config = self.config
        zone, name = config.zone, query.name
        if zone != "." and not is_subdomain(zone, name):
            return Next(("{} is not within {}, which is forwarded", name, zone))
        if config.ignored:
            other = excepted(name, zone, config.ignored)
            if other is not None:
                return Next(("{} is within {}, which `except` keeps from being forwarded", name, other))
        if not config.max_concurrent:
            return self._forward(query)
        self.concurrent += 1
        try:
            if self.concurrent > config.max_concurrent:
                self.rejects[0] += 1
                return failed(self.limit_rcode, f"concurrent queries exceeded maximum {config.limit}")
            return self._forward(query)
        finally:
            self.concurrent -= 1

    def _forward(self, query: Query) -> Outcome:
        config, ctx, peers = self.config, query.ctx, self.peers
        clock = self.setup.world.clock
        count = len(peers)
        end = ctx.elapsed + DEADLINE
        rest = self._start_of_list()
        order: list[Peer] = []
        at = fails = attempts = failovers = idle = 0
        error = ""
        failures: list[str] = []
        mark = ctx.elapsed
        while ctx.elapsed < end and (not self.tries or attempts < self.tries):
            if at >= count:
                if self.once_round:
                    break
                if not count:
                    raise Panic("runtime error: index out of range [0] with length 0")
                at = fails = 0
                idle = idle + 1 if ctx.elapsed == mark else 0
                if idle > PATIENCE:  # CoreDNS asks thousands of times until time brings something new
                    ctx.elapsed = min(end, max(self.schedule.next() - clock.now, ctx.elapsed))
                mark = ctx.elapsed
            if at == len(order):
                order.append(self._next_of(rest))
            peer = order[at]
            at += 1
            if config.max_fails and peer.is_down(config.max_fails, ctx.now()):
                fails += 1
                if fails < count:
                    continue
                self.broken[0] += 1
                if self.failfast:
                    break
                peer = self.setup.world.choose(peers, "all servers are down: which one is asked")
            if self.tells_upstream and ctx.metadata is not None:
                ctx.metadata["forward/upstream"] = peer.addr_text
            reply, error = self._connect(peer, query)
            if reply is None:
                failures.append(f"{peer.link.address} failed: {error}")
                if config.max_fails:
                    peer.healthcheck(ctx.now())
                attempts += 1
                if self.tries and attempts >= self.tries:
                    break
                if fails < count:
                    continue
                break
            if self.checks_match and not self._matches(query, reply):
                self._debug(query, reply)
                formerr = query.msg.reply(FORMERR)
                return self.write(
                    query, formerr, f"{peer.link.address} answered another question: FORMERR", sizes=False, scrubs=False
                )
            if config.failover and reply.rcode in config.failover:
                failovers += 1
                if (failovers if self.counts_failover else fails) < count:
                    failures.append(f"{peer.link.address} answered {rcode_name(reply.rcode)}, which `failover` names")
                    if not self.counts_failover:
                        fails += 1
                    continue
            if self.followed:
                if reply.rcode in config.next:
                    return Next(("{} answered {}, which `next` hands on", peer.link.address, rcode_name(reply.rcode)))
                if config.next_on_nodata and reply.rcode == NOERROR and not reply.answer:
                    return Next(("{} has no records, so `next_on_nodata` hands it on", peer.link.address))
            why: Any = ("{} answered", peer.link.address)
            if failures:
                why = f"{_tried(failures)}; {peer.link.address} answered"
            return self.write(query, reply, why, sizes=False)
        if self.once_round:
            error = "no healthy proxies or upstream error"
        return failed(SERVFAIL, error or "no healthy proxies", _tried(failures) or "all servers are down")

    def _connect(self, peer: Peer, query: Query) -> tuple[Msg | None, str]:
        config = self.config
        proto = "tcp" if config.force_tcp else "udp" if config.prefer_udp else query.ctx.proto
        reply, error = peer.connect(query, proto)
        if reply is not None and reply.tc and config.prefer_udp and not config.force_tcp and self.retries_tc:
            reply, error = peer.connect(query, "tcp")
        return reply, error

    def _matches(self, query: Query, reply: Msg) -> bool:
        question = reply.question
        return (
            question is not None
            and reply.qr
            and question[1] == query.type
            and question[0].lower() == query.name
            and (not self.checks_class or question[2] == query.cls)
        )

    def _debug(self, query: Query, reply: Msg) -> None:
        """With `debug`, log an answer to another question, since 1.2.0."""
        setup = self.setup
        if setup.release < "1.2.0" or not debugging(setup.instance):
            return
        packed = wire.pack(reply)
        text = f"{reply.id}, {query.qname} {query.type}\n{hexdump(packed)}"
        if setup.release < "1.4.0":  # the ID was missing among what the format was given
            dump = " ".join(map(str, hexdump(packed).encode()))
            text = f"%!d(string={query.qname}), %!s(uint16={query.type})/[{dump}]\n%!s(MISSING)"
        setup.log(f"[DEBUG] Wrong reply for id: {text}")

    def _start_of_list(self) -> list[Peer]:
        """The servers in the order in which they are asked; with the policy `random`, one is yet to be chosen from
        them each time."""
        peers = self.peers
        if self.config.policy == "round_robin" and peers:
            self.robin = (self.robin + 1) % (1 << 32)
            first = self.robin % len(peers)
            return [peers[first], *peers[:first], *peers[first + 1 :]]
        return peers[:]

    def _next_of(self, rest: list[Peer]) -> Peer:
        if self.config.policy == "random" and len(rest) > 1:
            peer = self.setup.world.choose(rest, "which server is asked")
            rest.remove(peer)
            return peer
        return rest.pop(0)


def _tried(failures: list[str]) -> str:
    """Who failed, for a trace: each once."""
    return "; ".join(dict.fromkeys(failures))
