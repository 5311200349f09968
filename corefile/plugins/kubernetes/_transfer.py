"""The records of a zone in the order of a transfer, and transfers by the plugin itself (xfr.go)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor
from typing import TYPE_CHECKING

from ...chain.scrub import record_length
from ...plugin import dns, fqdn, parse_ip
from ...world.cluster import Port
from .._services import below, host_type
from ._index import NO_PORT, Endpoints, Subset
from ._rules import KubernetesRules
from ._servers import ns_addresses

if TYPE_CHECKING:
    from ...releases import Release
    from ._view import View

CHUNK = 2000
"""Octets of records after which a transfer goes on in another message."""

CLUSTER_IP_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")


def records(view: View, zone: str) -> Iterator[dns.RR]:
    """All records of `zone` but the SOA and NS records and what belongs to them."""
    rules, ttl, services = view.rules, view.ttl, view.index.services
    if view.is_multicluster(zone):
        yield from _imports(view, zone)
        return
    if rules.transfer_is_sorted:
        services = sorted(services, key=lambda s: s.name)
    for service in services:
        if rules.transfer_hides_namespaces and not view.exposed(service.namespace):
            continue
        base = below(f"{service.key}.svc.", zone)
        if service.type in CLUSTER_IP_TYPES:
            if parse_ip(service.addresses[0][1]) is not None:
                left_out = rules.transfers_portless_once_asked and service.key not in view.portless_asked
                ports = () if left_out and service.ports == (NO_PORT,) else service.ports
                yield from _cluster_ip(service.addresses, ports, base, ttl, rules.transfer_address_once)
            else:
                yield from _endpoints(view, view.endpoints(service.key), base)
        elif service.type == "ExternalName" and parse_ip(service.external_name) is None:
            yield dns.RR(base, dns.CNAME, dns.IN, ttl, (fqdn(service.external_name),))


def name_servers(view: View, zone: str) -> list[dns.RR]:
    """The NS records of `zone`, with the addresses of the servers."""
    addresses, once = ns_addresses(view, zone), view.rules.transfer_name_servers_once
    out: list[dns.RR] = []
    seen = set()
    for rr in addresses:
        if rr.name not in seen:
            seen.add(rr.name)
            out.append(dns.RR(zone, dns.NS, dns.IN, view.ttl, (rr.name,)))
        if not once:
            out += addresses
    return out + addresses if once else out


def _port_name(port: Port, base: str) -> str:
    return f"_{port.name}._{port.protocol}.".lower() + base


def _cluster_ip(
    addresses: Iterable[tuple[int, str]], ports: tuple[Port, ...], base: str, ttl: int, once: bool
) -> Iterator[dns.RR]:
    own = [dns.RR(base, type, dns.IN, ttl, (address,)) for type, address in addresses if type != dns.CNAME]
    if once:
        yield from own
    for p in ports:
        if not once:
            yield from own[:1]
        for name in (base, _port_name(p, base)) if p.name else (base,):
            yield dns.RR(name, dns.SRV, dns.IN, ttl, (0, 100, p.port & 0xFFFF, base))


def _endpoints(view: View, given: list[Endpoints], base: str) -> Iterator[dns.RR]:
    ttl = view.ttl
    for item in given:
        for subset in item.subsets:
            weight = _weight(subset, view.rules)
            for e in subset.endpoints:
                name = f"{e.hostname}.{base}"
                if e.type == dns.CNAME:  # what is no address, as in slices of type FQDN, has SRV records without a host
                    name = "."
                else:
                    yield dns.RR(base, e.type, dns.IN, ttl, (e.address,))
                    yield dns.RR(name, e.type, dns.IN, ttl, (e.address,))
                for p in subset.ports:
                    if p.name:
                        yield dns.RR(_port_name(p, base), dns.SRV, dns.IN, ttl, (0, weight, p.port & 0xFFFF, name))


def _weight(subset: Subset, rules: KubernetesRules) -> int:
    count = len(subset.endpoints)
    weight = floor(100.0 / (100 * count) * 100) if count else 0
    return 1 if weight == 0 and rules.transfer_least_weight_is_one else weight


def _imports(view: View, zone: str) -> Iterator[dns.RR]:
    everything = [x for items in view.index.imports.values() for x in items]
    for service in sorted(everything, key=lambda s: s.name):
        if not view.exposed(service.namespace):
            continue
        key = f"{service.name}.{service.namespace}"
        base = below(f"{key}.svc.", zone)
        addresses = [host_type(ip) for ip in service.ips]
        if addresses and addresses[0][0] != dns.CNAME:
            yield from _cluster_ip(addresses, service.ports, base, view.ttl, True)
        else:
            yield from _endpoints(view, view.index.imported_endpoints.get(key, []), base)


def messages(asked: dns.Msg, records: list[dns.RR], release: Release) -> list[dns.Msg]:
    """The replies to `asked` that carry the records of a transfer."""
    parts = []
    begin = size = 0
    for i, rr in enumerate(records):
        size += record_length(rr, release)
        if size > CHUNK:
            parts.append(records[begin:i])
            size, begin = 0, i
    parts.append(records[begin:])
    out = []
    for part in parts:
        reply = asked.reply()
        reply.aa = True
        reply.answer = part
        out.append(reply)
    return out


__all__ = ["messages", "name_servers", "records"]
