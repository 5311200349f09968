"""Records of what a cluster shows to the outside (msg_to_dns.go)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...plugin import dns, fqdn
from .._services import LookupRules, Records, ServiceRecord, stripped, weights
from ._rules import ExternalRules

Lookup = Callable[[str, int], "dns.Msg | None"]
"""Resolves a name of another zone; None where that comes to nothing."""


class Outside:
    """How one release writes records. `ttl` is that of addresses; other records have the TTL of `kubernetes`."""

    def __init__(self, rules: ExternalRules, lookups: LookupRules, ttl: int) -> None:
        self.rules = rules
        self.lookups = lookups
        self.ttl = ttl

    def addresses(self, services: Iterable[ServiceRecord], name: str, kind: int, lookup: Lookup) -> Records:
        """A or AAAA records. An address comes once, a name as often as its service has ports."""
        out = Records(varies=True)
        seen: set[str] = set()
        for s in services:
            if s.type == dns.CNAME and self.rules.names:
                out.answer.append(dns.RR(name, dns.CNAME, dns.IN, s.ttl, (fqdn(s.host),)))
                found = lookup(fqdn(s.host), kind)
                if found is not None:
                    out.answer += found.answer
                    out.truncated = out.truncated or (found.tc and self.rules.passes_truncation_on)
            elif s.type == kind and s.host not in seen:
                seen.add(s.host)
                out.answer.append(dns.RR(name, kind, dns.IN, self.ttl, (s.host,)))
        return out

    def pointers(self, services: Iterable[ServiceRecord], name: str, zone: str) -> Records:
        """PTR records; `zone` completes the services' names."""
        hosts = dict.fromkeys(s.host for s in services)
        return Records([dns.RR(name, dns.PTR, dns.IN, self.ttl, (join(host, zone),)) for host in hosts], varies=True)

    def ports(self, services: list[ServiceRecord], name: str, lookup: Lookup) -> Records:
        """SRV records and the addresses of their targets."""
        out = Records(varies=True)
        seen: set[tuple[str, int]] = set()
        known: set[tuple[str, str]] = set()
        for s, weight in zip(services, weights(services, self.lookups), strict=True):
            is_name = s.type == dns.CNAME
            if s.port == -1 or (is_name and not self.rules.names_as_srv):
                continue
            host, port = fqdn(s.host) if is_name else s.name, s.port & 0xFFFF
            target = stripped(host, s.strip)
            if (target, port) not in seen:
                seen.add((target, port))
                out.answer.append(dns.RR(name, dns.SRV, dns.IN, s.ttl, (0, weight, port, target)))
            address = host if is_name else s.host
            if (target, address) in known:
                continue
            known.add((target, address))
            if not is_name:
                out.extra.append(dns.RR(target, s.type, dns.IN, self.ttl, (s.host,)))
                continue
            for kind in (dns.A, dns.AAAA):
                found = lookup(host, kind)
                if found is not None:
                    out.extra += found.answer
        return out


def join(*parts: str) -> str:
    """One name of its parts; a last part that is the root adds nothing."""
    return ".".join(parts[:-1]) + "." if parts[-1] == "." else fqdn(".".join(parts))


def unknown(name: str, kind: int) -> dns.Msg | None:
    """A look-up that comes to nothing."""
    return None


__all__ = ["Lookup", "Outside", "join", "unknown"]
