"""dns64 - makes IPv6 addresses of IPv4 ones, for clients that reach these through NAT64 (RFC 6147).

Description: where a question of type AAAA over IPv6 has no such record for an answer, the same name is asked for its A
records, through the server itself, and each address comes behind the prefix (RFC 6052). A TTL is no longer than that of
the denial's SOA record, or than 600. What does not exist (NXDOMAIN) is left so.

Syntax:

    dns64 [PREFIX]

    dns64 {
        prefix PREFIX
        translate_all
        allow_ipv4
    }

PREFIX is `64:ff9b::/96` unless given; it has from 32 to 96 bits, in steps of 8. `translate_all` puts the made addresses
in place of real ones; `allow_ipv4` (since 1.8.7) is for clients over IPv4, too.

Examples: `dns64 { allow_ipv4 }`.
"""

from __future__ import annotations

from functools import partial
from ipaddress import IPv4Address, IPv6Address

from ..dns.response import NAME_ERROR, Kinds
from ..golang.addresses import Network
from ..plugin import (
    NEXT,
    Arg,
    Cidr,
    Declaration,
    Filter,
    Flag,
    Gate,
    Invalid,
    Landmark,
    Line,
    Next,
    Opt,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    Release,
    ReleaseRules,
    Result,
    dns,
    quote,
    since,
)
from ._upstream import PANIC, Upstream

USUAL = Network(int(IPv6Address("64:ff9b::")), 96, 128)
TTL = 600
"""The longest TTL where the denial has no SOA record (RFC 6147, 5.1.7)."""

MADE = Reason("made", "{} has no IPv6 address: {} of IPv4 are translated")
REPLACED = Reason("replaced", "the IPv6 addresses of {} are put aside: {} of IPv4 are translated")
HAS = Reason("has-addresses", "{} has an IPv6 address of its own, or does not exist")


class Prefix(Cidr):
    """A network of IPv6 with a length that addresses can be put behind."""

    label = "prefix"
    example = "64:ff9b::/96"
    expected = "network of IPv6"

    def convert(self, text: str, release: Release) -> Network:
        """The prefix. Raises Invalid."""
        network = super().convert(text, release)
        if network.bits == 32:
            said = f"invalid netmask 32 IPv6 address: {quote(str(network))}"
            raise Invalid(f"`{text}` is a network of IPv4", hint=self.hint, coredns=said)
        if network.prefix % 8 or not 32 <= network.prefix <= 96:
            said = f"invalid prefix length {quote(str(network))}"
            raise Invalid(f"`{text}` has not 32, 40, 48, 56, 64 ... or 96 bits", hint=self.hint, coredns=said)
        return network


PREFIX = Prefix(hint="such as 64:ff9b::/96", located=False)


class Dns64(Gate, Filter):
    """Translates addresses on the way back."""

    class Config(Declaration):
        network: Network | None = Opt(PREFIX, doc="where the IPv4 addresses are")
        prefix_line: Network | None = Line(Arg("prefix", PREFIX), name="prefix", extra="lines", doc="the same")
        translate_all: bool = Line(extra="lines", doc="put made addresses in place of real ones")
        allow_ipv4: bool = Line(since="1.8.7", extra="lines", doc="translate for clients over IPv4, too")

    class Rules(ReleaseRules):
        keeps_truncation = since("1.8.7", "the reply has TC where that to the second question has it")
        looks_behind = since("1.11.3", "it looks whether there is a plugin behind it before it passes on")

    READS = Reads(several="all", block=lambda words: not words)
    FLAGS = ("type AAAA", "class IN")
    WRITER = True
    config: tuple[Config, ...]
    rules: Rules

    def prepare(self) -> None:
        """What the last one says counts, and each flag."""
        given = [p for c in self.config for p in (c.network, c.prefix_line) if p is not None]
        self.prefix = given[-1] if given else USUAL
        self.all = any(c.translate_all for c in self.config)
        self.ipv4 = any(c.allow_ipv4 for c in self.config)
        self.kinds = Kinds(self.setup.release)
        self.upstream = Upstream(self.setup)

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on, and looks at answers to questions for IPv6 addresses."""
        concerned = query.type == dns.AAAA and query.cls == dns.IN and (self.ipv4 or query.ctx.family == 2)
        if (concerned or not self.rules.looks_behind) and self.is_last:
            raise Panic(PANIC)
        return Next(then=partial(self.back, query)) if concerned else NEXT

    def back(self, query: Query, result: Result) -> Result:
        """The answer, or one with made addresses."""
        result = result.last_message()
        denial = result.reply
        if denial is None:
            return result
        has = any(rr.type == dns.AAAA for rr in denial.answer)
        if self.kinds.of(denial, query.ctx.now()) == NAME_ERROR or (has and not self.all):
            if query.ctx.trace is not None:
                query.ctx.trace.note(HAS(query.qname))
            return result
        asked = query.final
        found = self.upstream.lookup(asked, asked.name, dns.A)
        if found is None:
            raise Panic(PANIC)
        self.setup.instance.metrics.inc("coredns_dns64_requests_translated_total", (("server", query.ctx.server),))
        reply = asked.msg.reply()
        reply.tc = found.tc and self.rules.keeps_truncation
        reply.ns, reply.extra, reply.edns = found.ns, found.extra, found.edns
        ttl = next((rr.ttl for rr in reversed(denial.ns) if rr.type == dns.SOA), TTL)
        reply.answer = [self._made(rr, ttl) if rr.type == dns.A else rr for rr in found.answer]
        count = sum(rr.type == dns.A for rr in found.answer)
        return self.write(asked, reply, (REPLACED if has else MADE)(query.qname, count))

    def _made(self, rr: dns.RR, ttl: int) -> dns.RR:
        """An AAAA record of an A record; octet 8 stays free (RFC 6052, 2.2)."""
        octets, size = self.prefix.address.to_bytes(16, "big"), self.prefix.prefix // 8
        old = IPv4Address(rr.data[0]).packed
        first = max(0, 8 - size)
        start = max(size, 9)
        made = bytearray(octets[:size].ljust(16, b"\0"))
        made[size : size + first] = old[:first]
        made[start : start + 4 - first] = old[first:]
        return dns.RR(rr.name, dns.AAAA, rr.cls, min(rr.ttl, ttl), (str(IPv6Address(bytes(made))),))

    def landmarks(self) -> list[Landmark]:
        """Whether the client asks over IPv6, where that matters."""
        return [] if self.ipv4 else [Flag("ipv6")]
