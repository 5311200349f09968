"""What a cluster looks like from outside: what `k8s_external` asks for (external.go)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...plugin import Query, dns, from_reverse, labels
from .._services import Ask, ServiceRecord, below
from ._index import Service
from ._names import strip, trim_zone
from ._servers import name_servers, ns_addresses

if TYPE_CHECKING:
    from ._view import View


def external(view: View, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
    """See `External.external`."""
    rules, ttl = view.rules, view.ttl
    pointer = query.type == dns.PTR and rules.external_knows_ptr
    if pointer:
        ip = from_reverse(query.name)
        if ip:
            found = _at(view, ip)
            return found, dns.NOERROR if found else dns.NXDOMAIN
    base = "" if query.name == zone else trim_zone(query.name, zone)
    parts = labels(base)
    if not parts:
        return [], dns.SERVFAIL
    namespace = parts[-1]
    if not view.exposed(namespace) or namespace not in view.index.namespaces:
        return [], dns.NXDOMAIN
    if len(parts) == 1:
        return [], dns.NOERROR
    name, rest = parts[-2], parts[:-2]
    port = protocol = rules.any_port
    endpoint = ""
    if len(rest) == 2:
        port, protocol = strip(rest[0]), strip(rest[1])
    elif len(rest) == 1 and rules.external_knows_endpoints:
        endpoint = strip(rest[0])
    elif rest:
        return [], dns.NXDOMAIN
    out: list[ServiceRecord] = []
    rcode = dns.NXDOMAIN
    for service in view.index.by_key.get(f"{name}.{namespace}", ()):
        if service.name != name or service.namespace != namespace:
            continue
        own = below(f"{service.key}.", zone)
        if headless and not service.external_ips and (service.headless or endpoint):
            for item in view.endpoints(service.key):
                for endpoints, ports in item.subsets:
                    for e in endpoints:
                        if endpoint and not view.matches(endpoint, e.hostname):
                            continue
                        for p in ports:
                            if view.fits(port, protocol, p):
                                rcode = dns.NOERROR
                                out.append(ServiceRecord(e.address, p.port, f"{e.hostname}.{own}", e.type, ttl))
            continue
        for type, address in service.external_ips:
            for p in service.ports:
                if view.fits(port, protocol, p):
                    rcode = dns.NOERROR
                    out.append(ServiceRecord(address, p.port, own, type, ttl))
    return ([] if pointer else out), rcode


def _at(view: View, ip: str) -> list[ServiceRecord]:
    limited = bool(view.config.namespaces)
    return [
        ServiceRecord(service.key, 0, "", dns.CNAME, view.ttl)
        for service in view.index.by_external_ip.get(ip, ())
        if not limited or view.exposed(service.namespace)
    ]


def services(
    view: View, zone: str, headless: bool
) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
    """See `External.external_services`."""
    plain: list[ServiceRecord] = []
    grouped: dict[tuple[str, bool], list[ServiceRecord]] = {}
    ttl = view.ttl
    for service in view.index.services:
        own = below(f"{service.key}.", zone)
        if headless and not service.external_ips and service.headless:
            for record, port in _headless(view, service, own):
                grouped.setdefault((own, False), []).append(record)
                if port:
                    name = port + own
                    pointer = ServiceRecord(record.name, record.port, name, dns.CNAME, ttl)
                    grouped.setdefault((name, True), []).append(pointer)
            continue
        for type, address in service.external_ips:
            for p in service.ports:
                plain.append(ServiceRecord(address, p.port, own, type, ttl))
                name = f"_{p.name}._{p.protocol}.".lower() + own
                plain.append(ServiceRecord(address, p.port, name, type, ttl, 2))
    return plain, grouped


def _headless(view: View, service: Service, own: str) -> Iterator[tuple[ServiceRecord, str]]:
    for item in view.endpoints(service.key):
        for endpoints, ports in item.subsets:
            for e in endpoints:
                for p in ports:
                    record = ServiceRecord(e.address, p.port, f"{e.hostname}.{own}", e.type, view.ttl)
                    yield record, f"_{p.name}._{p.protocol}.".lower() if p.name else ""


def addresses(view: View, query: Query | None, zone: str, headless: bool) -> list[dns.RR]:
    """See `External.external_addresses`."""
    if view.rules.name_servers:
        return ns_addresses(view, zone, external=True, headless=headless)
    found = name_servers(view, Ask(query, zone, zone, dns.A, zone))  # type: ignore[arg-type]
    return [dns.RR(s.name, s.type, dns.IN, 0, (s.host,)) for s in found if s.type != dns.CNAME]


__all__ = ["addresses", "external", "services"]
