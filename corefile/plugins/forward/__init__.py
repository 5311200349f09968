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

from typing import Any

from ...dns import wire
from ...dns.codes import rcode_name
from ...golang.durations import duration_text
from ...plugin import (
    Given,
    Invalid,
    Msg,
    Next,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    Setup,
    Why,
    between,
    changed,
    dns,
    failed,
    since,
)
from .._backend import (
    FAILED,
    NOT_PACKED,
    TIME_IS_UP,
    WRONG_ANSWER,
    Attempts,
    BackendRules,
    Forwarding,
    Schedule,
    turned,
)
from .._observer import debugging, hexdump
from . import _to
from ._config import ForwardConfig
from ._peers import Peer
from ._rules import ForwardRules

INVALID = f"proxy: invalid request: {NOT_PACKED}"
UNPACKABLE = Reason("query-unsendable", "the query has no wire form, so no server is asked")

DEADLINE = 5.0
"""Seconds after which no further server is tried."""

PATIENCE = 20
"""Rounds without any time passing after which nothing will change but by time."""

RCODE_HANDED_ON = Reason("rcode-handed-on", "{} answered {}, which `next` hands on")
NODATA_HANDED_ON = Reason("nodata-handed-on", "{} has no records, so `next_on_nodata` hands it on")
NO_MORE_ATTEMPTS = Reason("no-more-attempts", "{}; `max_connect_attempts` is {}")
ALL_DOWN = Reason("all-down", "{}")
OUTSIDE = Reason("outside-its-zone", "{} is not within {}, which is forwarded")
EXCEPTED = Reason("excepted", "{} is within {}, which `except` keeps from being forwarded")
TOO_MANY = Reason("too-many-at-once", "{} questions are under way, and `max_concurrent` is {}")


def _unsigned(query: Query) -> Query:
    """The query without the signature that it has lost as it was written."""
    msg = query.msg
    if wire.signature(msg) is None:
        return query
    bare = msg.copy()
    bare.extra.pop()
    return query.asking(msg=bare)


class Earlier(list[Any]):
    """The servers that a server block has named so far, where all of its `forward` are one."""


class Forward(Forwarding):
    """Sends questions to other servers."""

    Config = ForwardConfig
    Rules = ForwardRules
    READS = Reads(several=changed("fields", {"1.1.0": "each"}), once=between("1.1.0", "1.9.4"))
    PREFIX = changed("plugin/foward: ", {"1.1.0": "plugin/{}: "})
    STATE = "which servers are down, and whose turn it is"
    ANY_CLASS = since("1.0.6")
    config: ForwardConfig
    rules: ForwardRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Up to 1.14.3, TO comes before the block. Raises Invalid."""
        rules = cls.Rules.of(setup.release)
        if rules.to_before_block:
            given.values["to"] = tuple(_to.read(given.words[1:], setup))
            if rules.merges:
                earlier = setup.get(Earlier)
                earlier += given.values["to"]
                given.values["to"] = tuple(earlier)
            if rules.checks_before_block:
                _to.checked(given.values["to"], None, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> ForwardConfig:
        """Connections cannot be too old before they are idle for too long. Raises Invalid."""
        age, expire = given.get("max_age", 0.0), given.get("expire", 10.0)
        if 0 < age < expire:
            raise Invalid(
                f"`max_age` is less than `expire`, which is {duration_text(expire)}",
                located=False,
                at=given.all("max_age")[-1].words[0],
                hint="raise `max_age` or lower `expire`",
                coredns=f"max_age ({duration_text(age)}) must not be less than expire ({duration_text(expire)})",
            )
        config: ForwardConfig = super().configure(given, setup)
        return config

    def prepare(self) -> None:
        """The servers, and what is not sent to them."""
        config, rules, metrics = self.config, self.rules, self.setup.instance.metrics
        self.sends(config.zone, config.ignored[-1:] if rules.last_except else config.ignored)
        self.schedule = Schedule(self.setup.world)
        self.peers = [Peer(address, config, self.setup, self.schedule) for address in config.to]
        self.policy = "sequential" if rules.one_list else config.policy
        attempts = config.max_connect_attempts
        self.most_failures = rules.tries_each * len(self.peers) if attempts is None else attempts
        self.turn = 0
        self.concurrent = 0
        self.loses_signature = BackendRules.of(self.setup.release).drops_signature
        self.followed = False
        self.taps: list[Any] = []
        # Counters without labels are there from the start.
        self.broken = metrics.cell(rules.broken, ()) if rules.broken else [0.0]
        self.rejects = metrics.cell(rules.rejects, ()) if rules.rejects else [0.0]

    def asks_at(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return tuple(address for peer in self.peers for address in peer.link.addresses)

    def start(self) -> None:
        """Look whether the next plugin is another `forward`."""
        self.followed = self.setup.site.last(self.name) is not self
        self.taps = self.setup.site.find("tap_asked") if self.rules.taps else []

    def renew(self) -> None:
        """No server has failed, and the first one's turn is next."""
        self.turn = 0
        self.schedule.forget()
        for peer in self.peers:
            peer.renew()

    # -- answering ----------------------------------------------------------------------------------------------------

    def outside(self, query: Query) -> Outcome:
        """Not for these servers."""
        other = self.excepted(query)
        return Next((OUTSIDE, query.name, self.config.zone) if other is None else (EXCEPTED, query.name, other))

    def answer(self, query: Query, zone: str) -> Outcome:
        """The answer of one of the servers."""
        most, written = self.config.max_concurrent
        if not most:
            return self.forward(query)
        self.concurrent += 1
        try:
            if self.concurrent > most:
                self.rejects[0] += 1
                error = f"concurrent queries exceeded maximum {written}"
                return failed(self.rules.limit_rcode, error, (TOO_MANY, self.concurrent, written))
            return self.forward(query)
        finally:
            self.concurrent -= 1

    def forward(self, query: Query) -> Outcome:
        """Ask one server after another until one answers, or time is up."""
        config, rules, ctx, peers = self.config, self.rules, query.ctx, self.peers
        count = len(peers)
        start = ctx.now()
        end = ctx.elapsed + DEADLINE
        if rules.heeds_deadline:
            end = min(end, ctx.deadline)
        rest = self.in_order()
        order: list[Peer] = [] if self.policy == "random" else rest
        at = fails = failovers = idle = 0
        error = ""
        attempts = Attempts()
        mark = ctx.elapsed
        while ctx.elapsed < end and (not self.most_failures or attempts.failures < self.most_failures):
            if at >= count:
                if rules.one_round:
                    break
                if not count:
                    raise Panic("runtime error: index out of range [0] with length 0")
                at = fails = 0
                idle = idle + 1 if ctx.elapsed == mark else 0
                if idle > PATIENCE:  # CoreDNS asks thousands of times until time brings something new
                    ctx.elapsed = min(end, max(self.schedule.next() - ctx.world.clock.now, ctx.elapsed))
                mark = ctx.elapsed
            if at == len(order):
                order.append(self.next_of(rest))
            peer = order[at]
            at += 1
            if config.max_fails and peer.is_down(config.max_fails, ctx.now()):
                attempts.down(peer.link.address)
                fails += 1
                if fails < count:
                    continue
                self.broken[0] += 1
                if config.failfast:
                    break
                peer = ctx.world.choose(peers, "all servers are down: which one is asked")
                attempts.all_down()
            if rules.names_upstream and ctx.metadata is not None:
                ctx.metadata["forward/upstream"] = peer.address
            began = ctx.elapsed
            packs = self.packs(peer, query)
            reply, error, proto = self.ask(peer, query) if packs else (None, INVALID, query.ctx.proto)
            if reply is None and query.msg.extra and self.loses_signature and not error.startswith("dial "):
                bare = _unsigned(query)
                if bare is not query:  # all plugins hold the one query
                    query.became = bare
                query = bare
            for tap in self.taps:
                tap.tap_asked(query, peer.link, proto, start, reply, error)
            if not packs:
                return failed(dns.FORMERR, error, UNPACKABLE())
            if reply is None:
                attempts.failed(peer.link.address, error, ctx.elapsed - began)
                if config.max_fails:
                    peer.probe.begin(ctx.now())
                if (self.most_failures and attempts.failures >= self.most_failures) or fails >= count:
                    break
                continue
            if rules.matches and not query.matches(reply, cls=rules.matches_class):
                self.debug(query, reply)
                formerr = query.msg.reply(dns.FORMERR)
                return self.write(query, formerr, (WRONG_ANSWER, peer.link.address), sizes=False, scrubs=False)
            if reply.rcode in config.failover:
                failovers += 1
                if (failovers if rules.counts_failover else fails) < count:
                    attempts.answered(peer.link.address, rcode_name(reply.rcode))
                    fails += not rules.counts_failover
                    continue
            if self.followed:
                if reply.rcode in config.next:
                    return Next((RCODE_HANDED_ON, peer.link.address, rcode_name(reply.rcode)))
                if config.next_on_nodata and reply.rcode == dns.NOERROR and not reply.answer:
                    return Next((NODATA_HANDED_ON, peer.link.address))
            return self.write(query, reply, attempts.then(peer.link.address), sizes=False)
        if rules.one_round:
            error = "no healthy proxies or upstream error"
        return failed(dns.SERVFAIL, error or "no healthy proxies", self.why_none(attempts, ctx.elapsed >= end))

    def packs(self, peer: Peer, query: Query) -> bool:
        """Whether the query can be sent, where CoreDNS looks at that beforehand: not if it is signed."""
        if peer.link.packs(query.msg):
            return True
        return not self.rules.refuses_unpackable or peer.https or wire.signature(query.msg) is not None

    def why_none(self, attempts: Attempts, late: bool) -> Why:
        """Why there is no answer. late: whether time is up."""
        if not attempts.failures:
            return (ALL_DOWN, "; ".join(filter(None, (str(attempts), "no server is up"))))
        why = str(attempts)
        if late:
            return (TIME_IS_UP, why, DEADLINE)
        if self.config.max_connect_attempts and attempts.failures >= self.most_failures:
            return (NO_MORE_ATTEMPTS, why, self.most_failures)
        return (FAILED, why)

    def ask(self, peer: Peer, query: Query) -> tuple[Msg | None, str, str]:
        """One server's answer, or the error, and whether it was asked over udp or tcp."""
        config = self.config
        proto = "tcp" if config.force_tcp else "udp" if config.prefer_udp else query.ctx.proto
        reply, error = peer.ask(query, proto)
        if (
            reply is not None
            and reply.tc
            and config.prefer_udp
            and not config.force_tcp
            and self.rules.retries_truncated
        ):
            proto = "tcp"
            reply, error = peer.ask(query, proto)
        return reply, error, proto

    def debug(self, query: Query, reply: Msg) -> None:
        """With `debug`, log an answer to another question."""
        setup, rules = self.setup, self.rules
        if not rules.logs_wrong_reply or not debugging(setup.instance):
            return
        packed = wire.pack(reply)
        text = f"{reply.id}, {query.qname} {query.type}\n{hexdump(packed)}"
        if rules.logs_without_id:
            dump = " ".join(map(str, hexdump(packed).encode()))
            text = f"%!d(string={query.qname}), %!s(uint16={query.type})/[{dump}]\n%!s(MISSING)"
        setup.log(f"[DEBUG] Wrong reply for id: {text}")

    def in_order(self) -> list[Peer]:
        """The servers in the order in which they are asked; with the policy `random`, `next_of` chooses among them."""
        peers = self.peers
        if self.policy == "round_robin" and peers:
            self.turn = (self.turn + 1) % (1 << 32)
            return turned(peers, self.turn)
        return peers[:]

    def next_of(self, rest: list[Peer]) -> Peer:
        """One of the servers, by chance; it is no longer among them."""
        peer: Peer = rest[0] if len(rest) == 1 else self.setup.world.choose(rest, "which server is asked")
        rest.remove(peer)
        return peer


__all__ = ["Forward"]
