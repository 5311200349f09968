"""From services to records (plugin/backend_lookup.go)."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from ...chain.query import Panic
from ...dns.codes import AAAA, CNAME, IN, NS, PTR, SRV, TXT, A
from ...dns.names import fqdn, is_subdomain
from ...dns.rr import RR
from ...golang.addresses import parse_ip
from .._upstream import PANIC, Failed, Upstream
from ._ask import Ask, Failure, Missing, Records
from ._servers import name_servers

if TYPE_CHECKING:
    from ...chain.capabilities import ServiceRecord
    from ...dns.message import Msg
    from ._find import Finder
    from ._rules import Rules


class Answers:
    """Makes records of what the finder finds; names outside the zone are looked up through `upstream`."""

    def __init__(self, finder: Finder, upstream: Upstream, rules: Rules) -> None:
        self.finder = finder
        self.upstream = upstream
        self.rules = rules
        self.looked_up = False
        """Whether anything was looked up elsewhere since this was last set to False."""

    def addresses(self, ask: Ask, want: int, before: tuple[str, ...] = ()) -> Records | Missing | Failure:
        """A or AAAA records (`want`) for a name, with the aliases that lead there; `before` are the targets so far."""
        services = self.finder.services(ask)
        if services.__class__ is not list:
            return services  # type: ignore[return-value]
        qname = ask.qname
        answer: list[RR] = []
        out = Records(answer)
        seen = set()
        for s in services:
            type, host = s.type, s.host
            if type == want:
                if host not in seen:
                    seen.add(host)
                    answer.append(RR(qname, type, IN, s.ttl, (host,)))
            elif type == CNAME:
                self._follow(ask, want, before, s, out)
        return out

    def _follow(self, ask: Ask, want: int, before: tuple[str, ...], s: ServiceRecord, out: Records) -> None:
        target = fqdn(s.host)
        below = target.lower()
        if is_subdomain(ask.name, below) or len(before) > self.rules.chain_limit or target in before:
            return
        alias = RR(ask.qname, CNAME, IN, s.ttl, (target,))
        if is_subdomain(ask.zone.lower(), below):
            inner = self.addresses(
                Ask(ask.query, target, below, ask.type, ask.zone, own=False), want, (*before, target)
            )
            if isinstance(inner, Records):
                if inner.answer:
                    out.answer += (alias, *inner.answer)
                out.truncated = out.truncated or inner.truncated
            return
        try:
            msg = self._lookup(ask, target, ask.type)
        except Failed:
            return
        if msg is None:
            if self.rules.survives_no_lookup:
                return
            raise Panic(PANIC)
        out.truncated = out.truncated or (msg.tc and self.rules.passes_truncation_on)
        out.answer += (alias, *msg.answer)

    def _lookup(self, ask: Ask, target: str, type: int) -> Msg | None:
        self.looked_up = True
        if not ask.own and self.rules.lookup_loses_context and self.upstream.itself:
            raise Panic(PANIC)
        return self.upstream.lookup(ask.query, target, type)

    def services(self, ask: Ask) -> Records | Missing | Failure:
        """SRV records, and the addresses that they point to."""
        services = self.finder.services(ask)
        if services.__class__ is not list:
            return services  # type: ignore[return-value]
        out = Records([])
        if not services:
            return out
        weight = floor(100.0 / (100 * len(services)) * 100)
        if weight == 0 and self.rules.least_weight_is_one:
            weight = 1
        pointers: set[tuple[str, int]] = set()
        addresses: set[tuple[str, str]] = set()
        for host, port, name, type, ttl, _ in services:
            if port == -1:
                continue
            if (name, port) not in pointers:
                pointers.add((name, port))
                out.answer.append(RR(ask.qname, SRV, IN, ttl, (0, weight, port, name)))
            if (name, host) not in addresses:
                addresses.add((name, host))
                out.extra.append(RR(name, type, IN, ttl, (host,)))
        return out

    def alias(self, ask: Ask) -> Records | Missing | Failure:
        """The CNAME record of an ExternalName service."""
        services = self.finder.services(ask)
        if services.__class__ is not list:
            return services  # type: ignore[return-value]
        first = self._first(services)
        if first is None:
            return Records([])
        return Records([RR(ask.qname, CNAME, IN, first.ttl, (fqdn(first.host),))])

    def _first(self, services: list[ServiceRecord]) -> ServiceRecord | None:
        """The first of several services, which a wildcard finds in no particular order."""
        options = list(dict.fromkeys((s.type == CNAME, s if s.type == CNAME else None) for s in services))
        if not options:
            return None
        if len(options) > 1:
            self.finder.chose = True
        return self.finder.world.choose(options, "which of the services that a wildcard finds is the alias")[1]

    def text(self, ask: Ask) -> Records | Missing | Failure:
        """The TXT record of dns-version."""
        found = self.finder.text(ask)
        if not isinstance(found, list):
            return found
        return Records([RR(ask.qname, TXT, IN, s.ttl, (s.host.encode(),)) for s in found])

    def pointers(self, ask: Ask) -> Records | Missing | Failure:
        """The PTR records of an address."""
        found = self.finder.reverse(ask)
        if not isinstance(found, list):
            return found
        names = dict.fromkeys(fqdn(s.host) for s in found if parse_ip(s.host) is None)
        return Records([RR(ask.qname, PTR, IN, self.finder.settings.ttl, (name,)) for name in names])

    def nothing(self, ask: Ask) -> Records | Missing | Failure:
        """No records, but whether the name exists: for types that no service has."""
        found = self.finder.services(ask)
        return Records([]) if isinstance(found, list) else found

    def name_servers(self, ask: Ask) -> Records | Missing | Failure:
        """The zone's NS records, and their addresses."""
        out = Records([])
        seen = set()
        for s in name_servers(self.finder, ask):
            if s.type not in (A, AAAA):
                return Failure(f"NS record must be an IP address: {s.host}")
            out.extra.append(RR(s.name, s.type, IN, s.ttl, (s.host,)))
            if s.name not in seen or not self.rules.name_servers_once:
                seen.add(s.name)
                out.answer.append(RR(ask.qname, NS, IN, s.ttl, (s.name,)))
        return out


__all__ = ["Answers"]
