"""grpc - has other servers answer, over gRPC.

Description: sends a question whose name lies in FROM to one of the servers TO, and the answer back as it is. A server
that fails is left for the next one; each is asked once, and all together have 5 s. Questions outside FROM, or within an
EXCEPT zone, go on to the next plugin. A server that cannot be connected to is tried again after a second, and ever less
often.

Syntax:

    grpc FROM TO... {
        except ZONES...
        tls [CERT KEY] [CA]
        tls_servername NAME
        policy random|round_robin|sequential
        fallthrough [ZONES...]
    }

TO is an address, perhaps with a port (443 for `grpc://ADDRESS`, 53 without), or a file like resolv.conf. `fallthrough`
passes on what does not exist, and what no server answers.

Examples: `grpc . 10.0.0.53:443 { tls ca.pem }`.
"""

from __future__ import annotations

from ...chain.metrics import time_buckets
from ...dns import wire
from ...plugin import (
    Given,
    Msg,
    Next,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    Setup,
    dns,
    failed,
    fallthrough,
)
from .._backend import FAILED, WRONG_ANSWER, Attempts, Forwarding, Schedule, TlsFiles, rcode_label, turned
from .._observer import debugging, hexdump
from ._channel import Channel
from ._config import GrpcConfig, read
from ._rules import GrpcRules

TIME = 5.0
"""Seconds after which no further server is asked."""

NAME_HANDED_ON = Reason("name-error-handed-on", "{} has no such name, and `fallthrough` covers it")
FAILURE_HANDED_ON = Reason("failure-handed-on", "{}, and `fallthrough` covers the name")
SILENT = Reason("no-reply", "{}, and CoreDNS writes no reply")
OUTSIDE = Reason("outside-its-zone", "{} is not within {}, which is asked over gRPC")
EXCEPTED = Reason("excepted", "{} is within {}, which `except` keeps from being sent")


class Grpc(Forwarding):
    """Asks other servers over gRPC."""

    Config = GrpcConfig
    Rules = GrpcRules
    READS = Reads(several="each", once=True)
    STATE = "which servers are connected to, and whose turn it is"
    config: GrpcConfig
    rules: GrpcRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """TO comes before the block. Raises Invalid."""
        given.values["to"] = read(given, setup)

    def prepare(self) -> None:
        """The servers, and what is not sent to them."""
        config = self.config
        files = config.files or (TlsFiles() if config.tls_servername else None)
        self.sends(config.zone, config.ignored[-1:] if self.rules.last_except else config.ignored)
        self.schedule = Schedule(self.setup.world)
        self.channels = [
            Channel(address, self.setup, self.schedule, files, config.tls_servername) for address in config.to
        ]
        self.policy = "sequential" if self.rules.one_list else config.policy
        self.turn = 0

    def asks_at(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return tuple(address for channel in self.channels for address in channel.link.addresses)

    def start(self) -> None:
        """Connect, where the release does so at once."""
        for channel in self.channels:
            channel.start(self.setup.world.clock.now)

    # -- answering ----------------------------------------------------------------------------------------------------

    def outside(self, query: Query) -> Outcome:
        """Not for these servers."""
        other = self.excepted(query)
        why = OUTSIDE(query.name, self.config.zone) if other is None else EXCEPTED(query.name, other)
        if self.rules.alone_fails and self.is_last:
            return failed(dns.SERVFAIL, None, why)
        return Next(why)

    def answer(self, query: Query, zone: str) -> Outcome:
        """The answer of the first server that has one."""
        ctx = query.ctx
        end = ctx.elapsed + TIME
        deadline = min(end, ctx.deadline) if self.rules.limits else ctx.deadline
        attempts = Attempts()
        error = ""
        order = self.in_order()
        while order and ctx.elapsed < end:
            channel = order.pop(0)
            if self.policy == "random" and order:
                order.append(channel)
                channel = self.setup.world.choose(order, "which server is asked")
                order.remove(channel)
            address, began = channel.address, ctx.elapsed
            reply, error = channel.ask(query, deadline)
            if reply is None:
                attempts.failed(address, error, ctx.elapsed - began)
                continue
            self.count(channel, reply, ctx.elapsed - began)
            if not query.matches(reply):
                self.debug(query, reply)
                return self.write(query, query.msg.reply(dns.FORMERR), WRONG_ANSWER(address), sizes=False, scrubs=False)
            if reply.rcode == dns.NXDOMAIN and self.fall.through(query.name) and not self.is_last:
                return fallthrough(NAME_HANDED_ON(address))
            return self.write(query, reply, attempts.then(address), sizes=False)
        if self.fall.through(query.name) and not self.is_last:
            return fallthrough(FAILURE_HANDED_ON(str(attempts)))
        if self.rules.silent:
            return failed(dns.NOERROR, None, SILENT(str(attempts)))
        none_left = "no healthy gRPC proxies"
        return failed(dns.SERVFAIL, (error if self.rules.tells_error else "") or none_left, FAILED(str(attempts)))

    def in_order(self) -> list[Channel]:
        """The servers in the order in which they are asked; with `random`, one is yet to be chosen from them."""
        channels = self.channels
        if self.policy != "round_robin":
            return channels[:]
        if not channels:
            if self.rules.empty_panics:
                raise Panic("runtime error: integer divide by zero")
            return []
        self.turn = (self.turn + 1) % (1 << 32)
        return turned(channels, self.turn)

    def count(self, channel: Channel, reply: Msg, took: float) -> None:
        """Count an answer."""
        metrics, to, release = self.setup.instance.metrics, ("to", channel.address), self.setup.release
        metrics.inc(self.rules.requests, (to,))
        metrics.inc(self.rules.responses, (("rcode", rcode_label(reply.rcode, release)), to))
        metrics.histogram("coredns_grpc_request_duration_seconds", (to,), time_buckets(release)).observe(took)

    def debug(self, query: Query, reply: Msg) -> None:
        """With `debug`, log an answer to another question."""
        if debugging(self.setup.instance):
            text = f"{reply.id}, {query.qname} {query.type}\n{hexdump(wire.pack(reply))}"
            self.setup.log(f"[DEBUG] Wrong reply for id: {text}")


__all__ = ["Grpc"]
