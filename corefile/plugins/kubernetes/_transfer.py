"""The records of a zone in the order of a transfer (xfr.go)."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from ...chain.addresses import parse_ip
from ...chain.message import AAAA, CNAME, IN, NS, RR, SRV, A
from ...chain.names import fqdn
from ._index import NO_PORT
from ._names import host_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...chain.cluster import Port
    from ._find import Finder
    from ._index import Endpoints, Subset
    from ._rules import Rules

CLUSTER_IP_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")


def records(finder: Finder, rules: Rules, zone: str) -> Iterator[RR]:
    """All records of `zone` but the SOA and NS records and what belongs to them."""
    if finder.is_multicluster(zone):
        yield from _imports(finder, rules, zone)
        return
    ttl = finder.settings.ttl
    services = finder.index.services
    if rules.transfer_address_once:
        services = sorted(services, key=lambda s: s.name)
    for service in services:
        if rules.transfer_hides_namespaces and not finder.exposed(service.namespace):
            continue
        base = _base(service.key, zone)
        if service.type in CLUSTER_IP_TYPES:
            if parse_ip(service.addresses[0][1]) is not None:
                ports = service.ports
                if (
                    ports == (NO_PORT,)
                    and rules.transfers_portless_once_asked
                    and service.key not in finder.portless_asked
                ):
                    ports = ()
                yield from _cluster_ip(service.addresses, ports, base, ttl, rules.transfer_address_once)
            else:
                yield from _endpoints(finder.endpoints(service.key), base, ttl, rules)
        elif service.type == "ExternalName" and parse_ip(service.external_name) is None:
            yield RR(base, CNAME, IN, ttl, (fqdn(service.external_name),))


def name_servers(finder: Finder, rules: Rules, zone: str) -> list[RR]:
    """The NS records of `zone`, with the addresses of the servers."""
    addresses = finder.ns_addresses(zone)
    out: list[RR] = []
    seen = set()
    for rr in addresses:
        if rr.name not in seen:
            seen.add(rr.name)
            out.append(RR(zone, NS, IN, finder.settings.ttl, (rr.name,)))
        if not rules.transfer_name_servers_once:
            out += addresses
    return out + addresses if rules.transfer_name_servers_once else out


def _base(key: str, zone: str) -> str:
    return f"{key}.svc.{zone if zone != '.' else ''}"


def _cluster_ip(
    addresses: Iterable[tuple[int, str]], ports: tuple[Port, ...], base: str, ttl: int, once: bool
) -> Iterator[RR]:
    own = [RR(base, type, IN, ttl, (address,)) for type, address in addresses if type in (A, AAAA)]
    if once:
        yield from own
    for p in ports:
        if not once:
            yield from own[:1]
        yield RR(base, SRV, IN, ttl, (0, 100, p.port & 0xFFFF, base))
        if p.name:
            yield RR(f"_{p.name}._{p.protocol}.".lower() + base, SRV, IN, ttl, (0, 100, p.port & 0xFFFF, base))


def _endpoints(given: list[Endpoints], base: str, ttl: int, rules: Rules) -> Iterator[RR]:
    for item in given:
        for subset in item.subsets:
            weight = _weight(subset, rules)
            for e in subset.endpoints:
                if e.type not in (A, AAAA):
                    continue
                name = f"{e.hostname}.{base}"
                yield RR(base, e.type, IN, ttl, (e.address,))
                yield RR(name, e.type, IN, ttl, (e.address,))
                for p in subset.ports:
                    if p.name:
                        yield RR(
                            f"_{p.name}._{p.protocol}.".lower() + base, SRV, IN, ttl, (0, weight, p.port & 0xFFFF, name)
                        )


def _weight(subset: Subset, rules: Rules) -> int:
    count = len(subset.endpoints)
    weight = floor(100.0 / (100 * count) * 100) if count else 0
    return 1 if weight == 0 and rules.least_weight_is_one else weight


def _imports(finder: Finder, rules: Rules, zone: str) -> Iterator[RR]:
    everything = [x for items in finder.index.imports.values() for x in items]
    for service in sorted(everything, key=lambda s: s.name):
        if not finder.exposed(service.namespace):
            continue
        key = f"{service.name}.{service.namespace}"
        base, ttl = _base(key, zone), finder.settings.ttl
        addresses = [host_type(ip) for ip in service.ips]
        if addresses and addresses[0][0] in (A, AAAA):
            yield from _cluster_ip(addresses, service.ports, base, ttl, True)
        else:
            yield from _endpoints(finder.index.imported_endpoints.get(key, []), base, ttl, rules)


__all__ = ["name_servers", "records"]
