"""The records of a zone in the order of a transfer (xfr.go)."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from ...dns import wire
from ...dns.codes import AAAA, CNAME, IN, NS, SRV, A
from ...dns.message import Msg
from ...dns.names import fqdn
from ...dns.rr import RR
from ...golang.addresses import parse_ip
from ._index import NO_PORT
from ._names import host_type
from ._servers import ns_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...world.cluster import Port
    from ._index import Endpoints, Subset
    from ._rules import Rules
    from ._view import View

CHUNK = 2000
"""Octets of records after which a transfer goes on in another message."""

CLUSTER_IP_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")


def records(view: View, rules: Rules, zone: str) -> Iterator[RR]:
    """All records of `zone` but the SOA and NS records and what belongs to them."""
    if view.is_multicluster(zone):
        yield from _imports(view, rules, zone)
        return
    ttl = view.settings.ttl
    services = view.index.services
    if rules.transfer_is_sorted:
        services = sorted(services, key=lambda s: s.name)
    for service in services:
        if rules.transfer_hides_namespaces and not view.exposed(service.namespace):
            continue
        base = _base(service.key, zone)
        if service.type in CLUSTER_IP_TYPES:
            if parse_ip(service.addresses[0][1]) is not None:
                ports = service.ports
                if (
                    ports == (NO_PORT,)
                    and rules.transfers_portless_once_asked
                    and service.key not in view.portless_asked
                ):
                    ports = ()
                yield from _cluster_ip(service.addresses, ports, base, ttl, rules.transfer_address_once)
            else:
                yield from _endpoints(view.endpoints(service.key), base, ttl, rules)
        elif service.type == "ExternalName" and parse_ip(service.external_name) is None:
            yield RR(base, CNAME, IN, ttl, (fqdn(service.external_name),))


def name_servers(view: View, rules: Rules, zone: str) -> list[RR]:
    """The NS records of `zone`, with the addresses of the servers."""
    addresses = ns_addresses(view, zone)
    out: list[RR] = []
    seen = set()
    for rr in addresses:
        if rr.name not in seen:
            seen.add(rr.name)
            out.append(RR(zone, NS, IN, view.settings.ttl, (rr.name,)))
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


def _imports(view: View, rules: Rules, zone: str) -> Iterator[RR]:
    everything = [x for items in view.index.imports.values() for x in items]
    for service in sorted(everything, key=lambda s: s.name):
        if not view.exposed(service.namespace):
            continue
        key = f"{service.name}.{service.namespace}"
        base, ttl = _base(key, zone), view.settings.ttl
        addresses = [host_type(ip) for ip in service.ips]
        if addresses and addresses[0][0] in (A, AAAA):
            yield from _cluster_ip(addresses, service.ports, base, ttl, True)
        else:
            yield from _endpoints(view.index.imported_endpoints.get(key, []), base, ttl, rules)


def messages(asked: Msg, records: list[RR]) -> list[Msg]:
    """The replies to `asked` that carry the records of a transfer."""
    parts = []
    begin = size = 0
    for i, rr in enumerate(records):
        size += _length(rr)
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


def _length(rr: RR) -> int:
    """Octets of a record, uncompressed."""
    msg = Msg()
    msg.answer = [rr]
    return wire.length(msg, False) - 12


__all__ = ["messages", "name_servers", "records"]
