"""reverse - answers with names made of addresses, and with the addresses of such names (up to 1.1.3).

Description: a PTR question for an address of a network is answered with the name that `hostname` makes of it, and A and AAAA
questions for a name of that form with the address in it. `{ip}` stands for the address, an IPv6 one as 32 hexadecimal digits,
and `{zone[1]}` for the first zone of the server block. With `wildcard` anything may stand before such a name. The smallest
network counts. Whatever else is asked is SERVFAIL, unless `fallthrough` lets it pass. From 1.1.4 on CoreDNS refuses the
directive.

Syntax:

    reverse NETWORK... {
        hostname TEMPLATE
        ttl TTL
        wildcard
        fallthrough [ZONES...]
    }

Examples: `reverse 10.0.0.0/24 { hostname ip-{ip}.example.org  fallthrough }` answers for 7.0.0.10.in-addr.arpa.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from ..golang.addresses import Network, number_of
from ..golang.regexp import Regexp, compile, quote_meta
from ..light import NamedTuple
from ..plugin import (
    Answerer,
    Arg,
    Changing,
    Cidr,
    Computed,
    Declaration,
    Fall,
    Fallthrough,
    Given,
    Int,
    Invalid,
    Landmark,
    Line,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    Setup,
    Type,
    dns,
    failed,
    fallthrough,
    from_reverse,
    parse_ip,
    since,
    to_reverse,
    until,
    wrong_count,
)

IP = "{ip}"
OCTET = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
V4 = rf"((?:{OCTET}\.){{3}}{OCTET})"
V6 = "([0-9a-fA-F]{32})"
ADDRESS = Reason("address", "{} is the address in this name")
NAME = Reason("name", "{} is the name of this address")
NOTHING = Reason("nothing", "neither a name of that form, nor the name of an address in the networks{}")
NETWORK = Changing(
    Cidr(
        error="network needs to be CIDR formatted: {quoted}",
        hint="write an address and the length of its prefix, such as 10.0.0.0/24",
    ),
    {"1.1.4": Type("network")},  # the directive is refused before they are looked at
)


class Named(NamedTuple):
    """A network whose addresses have names. `prefix` is as it is written; an IPv4 network inside of IPv6 is one of IPv4."""

    network: Network
    prefix: int
    template: str
    names: Regexp
    ttl: int

    def address(self, name: str) -> str | None:
        """The address that is in the name, if it is of this form and the address in the network."""
        found = self.names.search(name)
        if found is None or self.names.groups != 1:
            return None
        digits = found.group(1)
        text = digits if self.network.bits == 32 else ":".join(digits[i : i + 4] for i in range(0, 32, 4))
        ip = parse_ip(text)
        return ip[1] if ip is not None and self.network.holds(number_of(ip[1])) else None

    def name(self, address: str) -> str:
        """The name of an address."""
        ip = ip_address(address)
        return self.template.replace(IP, f"{int(ip):032x}" if ip.version == 6 else str(ip), 1)


class ReverseRules(ReleaseRules):
    """What differs between releases."""

    refused = since("1.1.4", "CoreDNS refuses the directive")
    compresses = until("1.1.3", "names in replies are compressed, though no limit asks for it")
    warns = since("1.1.3", "it is said to be removed soon")
    fallthrough_zones = since("1.0.3", "`fallthrough` takes zones")


def _zones(line: Given, setup: Setup) -> object:
    """The first releases take no zones behind `fallthrough`. Raises Invalid."""
    if line.words and not ReverseRules.of(setup.release).fallthrough_zones:
        word = line.words[0]
        said = wrong_count(word.text)
        raise Invalid("`fallthrough` takes no zones before CoreDNS 1.0.3", at=word, coredns=said)
    return line.value


class Reverse(Answerer):
    """Makes names of addresses, and finds the addresses in such names."""

    class Config(Declaration):
        networks: tuple[Network, ...] = Rest(NETWORK, doc="networks such as 10.0.0.0/24")
        hostname: str = Line(
            Arg("template", brace=True), default=f"ip-{IP}.{{zone[1]}}", extra="lines", doc="what the names look like"
        )
        ttl: int = Line(Arg("seconds", Int(located=False), brace=True), default=60, extra="lines", doc="TTL of answers")
        wildcard: bool = Line(extra="lines", doc="anything may stand before the names")
        fallthrough: Fall = Fallthrough(read=_zones, doc="pass on what is not answered, in these zones or all")

    Rules = ReverseRules
    READS = Reads(several="all", unknown=None)
    FLAGS = ("type A", "type AAAA", "type PTR")
    config: tuple[Config, ...]
    rules: ReverseRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The networks, without which there is nothing to name."""
        if cls.Rules.of(setup.release).refused:
            raise Invalid(
                "CoreDNS refuses `reverse` since 1.1.4",
                hint="`template` does the same",
                coredns="this plugin has been deprecated",
                located=False,
            )
        if not given.words:
            raise Invalid(
                "`reverse` needs a network",
                hint="such as 10.0.0.0/24",
                coredns=wrong_count("reverse"),
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """With the server block's zones in the template, which has to name a domain."""
        config: Reverse.Config = super().configure(given, setup)
        template = config.hostname
        for number, zone in enumerate(setup.origins(()), 1):
            template = template.replace(f"{{zone[{number}]}}", zone, 1)
        template += "" if template.endswith(".") else "."
        if not template.partition(".")[2]:
            raise Invalid(
                f"`{template}` has no domain",
                at=next((line.words[0].span for line in given.all("hostname")), given.span),
                last=given.end,
                hint=f"such as ip-{IP}.example.org",
                coredns=f"cannot find domain in template '{template}'",
            )
        return config.replace(hostname=template)

    def prepare(self) -> None:
        """The networks, the smallest first. `wildcard` holds for all lines below it, too; so does `fallthrough`."""
        wildcard, found = "", []
        self.fall = Fall.last(config.fallthrough for config in self.config)
        for config in self.config:
            wildcard = ".*" if config.wildcard else wildcard
            for network in config.networks:
                prefix, network = network.prefix, network.unmapped()
                form = quote_meta(config.hostname).replace(quote_meta(IP), V4 if network.bits == 32 else V6, 1)
                names = compile(f"^{wildcard}{form}$")
                found.append(Named(network, prefix, config.hostname, names, config.ttl & 0xFFFFFFFF))
        self.networks = sorted(found, key=lambda n: -n.prefix)
        if self.rules.warns:
            self.setup.log("[WARNING] plugin/reverse: reverse will be deprecated in the next release")

    def answer(self, query: Query, zone: str) -> Outcome:
        """The record of the smallest network that there is one in."""
        address = from_reverse(query.name) if query.type == dns.PTR else ""
        for n in self.networks:
            if n.network.holds(number_of(address)):
                return self._record(query, n, n.name(address), NAME)
            if query.type == (dns.A if n.network.bits == 32 else dns.AAAA):
                found = n.address(query.name)
                if found is not None:
                    return self._record(query, n, found, ADDRESS)
        if self.fall.through(query.name):
            return fallthrough(NOTHING(""))
        return failed(dns.SERVFAIL, None, NOTHING(f"; {self.fall.ends()}"))

    def _record(self, query: Query, named: Named, data: str, why: Reason) -> Outcome:
        reply = query.msg.reply()
        reply.aa = reply.ra = True
        reply.compress = self.rules.compresses
        reply.answer = [dns.RR(query.qname, query.type, dns.IN, named.ttl, (data,))]
        return self.write(query, reply, why(data), scrubs=False)

    def landmarks(self) -> list[Landmark]:
        """The networks that names and addresses are in."""
        return [Computed(".", self.told, tuple(edge for n in self.networks for edge in self._edges(n)))]

    def told(self, name: str) -> tuple[int, int, int]:
        """Which networks have a reverse name, a name of an IPv4 address, and one of an IPv6 address: -1 for none."""
        address = from_reverse(name)
        reverse = (i for i, n in enumerate(self.networks) if n.network.holds(number_of(address)))
        found = [(i, n.network.bits) for i, n in enumerate(self.networks) if n.address(name) is not None]
        v4, v6 = (next((i for i, own in found if own == bits), -1) for bits in (32, 128))
        return next(reverse, -1), v4, v6

    @staticmethod
    def _edges(named: Named) -> list[str]:
        last = named.network.address + (1 << named.network.bits - named.network.prefix) - 1
        kind = IPv4Address if named.network.bits == 32 else IPv6Address
        addresses = [str(kind(number)) for number in (named.network.address, last)]
        return [*map(to_reverse, addresses), *map(named.name, addresses)]
