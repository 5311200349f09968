"""Resource records of what a cluster shows to the outside (k8s_external's half; `kubernetes` finds the services)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...chain.capabilities import ServiceRecord
from ...dns.codes import AAAA, CNAME, IN, PTR, SRV, A
from ...dns.names import fqdn, next_label
from ...dns.rr import RR

if TYPE_CHECKING:
    from ...dns.message import Msg
    from ...releases import Release

Lookup = Callable[[str, int], "Msg | None"]
"""Resolves a name of another zone; None where that comes to nothing."""


class Records:
    """How one release writes records. `ttl` is that of addresses; other records have the TTL of `kubernetes`."""

    def __init__(self, release: Release, ttl: int) -> None:
        self.ttl = ttl
        self.names = release >= "1.7.0"  # a load balancer known by a name
        self.names_as_srv = release >= "1.8.7"
        self.least_weight = 1 if release >= "1.7.0" else 0
        self.keeps_tc = release >= "1.9.2"

    def addresses(self, services: list[ServiceRecord], name: str, kind: int, lookup: Lookup) -> tuple[list[RR], bool]:
        """A or AAAA records, and whether an answer that is part of them was truncated. An address comes once, a name
        as often as its service has ports."""
        out: list[RR] = []
        seen: set[str] = set()
        truncated = False
        for s in services:
            if s.type == CNAME:
                if not self.names:
                    continue
                out.append(RR(name, CNAME, IN, s.ttl, (fqdn(s.host),)))
                found = lookup(fqdn(s.host), kind)
                if found is not None:
                    out += found.answer
                    truncated = truncated or found.tc
            elif s.type == kind and s.host not in seen:
                seen.add(s.host)
                out.append(RR(name, kind, IN, self.ttl, (s.host,)))
        return out, truncated and self.keeps_tc

    def pointers(self, services: list[ServiceRecord], name: str, zone: str) -> list[RR]:
        """PTR records; `zone` completes the services' names."""
        hosts = dict.fromkeys(s.host for s in services)
        return [RR(name, PTR, IN, self.ttl, (join(host, zone),)) for host in hosts]

    def ports(self, services: list[ServiceRecord], name: str, lookup: Lookup) -> tuple[list[RR], list[RR]]:
        """SRV records and the addresses of their targets. All services of an answer have the same weight."""
        out: list[RR] = []
        extra: list[RR] = []
        seen: set[tuple[str, int]] = set()
        known: set[tuple[str, str]] = set()
        share = 100.0 / (100 * len(services)) * 100 if services else 0.0
        weight = max(math.floor(share), self.least_weight)
        for s in services:
            if s.port == -1 or (s.type == CNAME and not self.names_as_srv):
                continue
            host = fqdn(s.host) if s.type == CNAME else s.name
            target = _stripped(host, s.strip)
            port = s.port & 0xFFFF
            if (target, port) not in seen:
                seen.add((target, port))
                out.append(RR(name, SRV, IN, s.ttl, (0, weight, port, target)))
            address = host if s.type == CNAME else s.host
            if (target, address) in known:
                continue
            known.add((target, address))
            if s.type != CNAME:
                extra.append(RR(target, s.type, IN, self.ttl, (s.host,)))
                continue
            for kind in (A, AAAA):
                found = lookup(host, kind)
                if found is not None:
                    extra += found.answer
        return out, extra


def join(*parts: str) -> str:
    """One name of its parts; a last part that is the root adds nothing."""
    if parts[-1] == ".":
        return ".".join(parts[:-1]) + "."
    return fqdn(".".join(parts))


def _stripped(name: str, count: int) -> str:
    """`name` without its first `count` labels, or as it is where it has no more."""
    offset = 0
    for _ in range(count):
        offset = next_label(name, offset)
        if offset < 0:
            return name
    return name[offset:]


__all__ = ["Lookup", "Records", "join"]
