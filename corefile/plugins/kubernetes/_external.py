"""What a cluster looks like from outside: what `k8s_external` asks for (external.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.capabilities import ServiceRecord
from ...dns.codes import AAAA, CNAME, IN, NOERROR, NXDOMAIN, PTR, SERVFAIL, A
from ...dns.names import labels
from ...dns.rr import RR
from ...golang.addresses import from_reverse
from ._ask import Ask
from ._names import strip, trim_zone
from ._servers import name_servers, ns_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...chain.query import Query
    from ._index import Service
    from ._rules import Rules
    from ._view import View


def _name(key: str, zone: str) -> str:
    return f"{key}.{zone if zone != '.' else ''}"


def external(view: View, rules: Rules, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
    """See `capabilities.External.external`."""
    ttl = view.settings.ttl
    pointer = query.type == PTR and rules.external_knows_ptr
    if pointer:
        ip = from_reverse(query.name)
        if ip:
            found = _at(view, ip)
            return found, NOERROR if found else NXDOMAIN
    base = "" if query.name == zone else trim_zone(query.name, zone)
    parts = labels(base)
    if not parts:
        return [], SERVFAIL
    namespace = parts[-1]
    if not view.exposed(namespace) or namespace not in view.index.namespaces:
        return [], NXDOMAIN
    if len(parts) == 1:
        return [], NOERROR
    name, rest = parts[-2], parts[:-2]
    port = protocol = rules.any_port
    endpoint = ""
    if len(rest) == 2:
        port, protocol = strip(rest[0]), strip(rest[1])
    elif len(rest) == 1 and rules.external_knows_endpoints:
        endpoint = strip(rest[0])
    elif rest:
        return [], NXDOMAIN
    out: list[ServiceRecord] = []
    rcode = NXDOMAIN
    for service in view.index.by_key.get(f"{name}.{namespace}", ()):
        if service.name != name or service.namespace != namespace:
            continue
        own = _name(service.key, zone)
        if headless and not service.external_ips and (service.headless or endpoint):
            for item in view.endpoints(service.key):
                for endpoints, ports in item.subsets:
                    for e in endpoints:
                        if endpoint and not view.matches(endpoint, e.hostname):
                            continue
                        for p in ports:
                            if view.fits(port, protocol, p):
                                rcode = NOERROR
                                out.append(ServiceRecord(e.address, p.port, f"{e.hostname}.{own}", e.type, ttl))
            continue
        for type, address in service.external_ips:
            for p in service.ports:
                if view.fits(port, protocol, p):
                    rcode = NOERROR
                    out.append(ServiceRecord(address, p.port, own, type, ttl))
    return ([] if pointer else out), rcode


def _at(view: View, ip: str) -> list[ServiceRecord]:
    limited = bool(view.settings.namespaces)
    return [
        ServiceRecord(service.key, 0, "", CNAME, view.settings.ttl)
        for service in view.index.by_external_ip.get(ip, ())
        if not limited or view.exposed(service.namespace)
    ]


def services(
    view: View, zone: str, headless: bool
) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
    """See `capabilities.External.external_services`."""
    plain: list[ServiceRecord] = []
    grouped: dict[tuple[str, bool], list[ServiceRecord]] = {}
    ttl = view.settings.ttl
    for service in view.index.services:
        own = _name(service.key, zone)
        if headless and not service.external_ips and service.headless:
            for record, port in _headless(view, service, own):
                grouped.setdefault((own, False), []).append(record)
                if port:
                    name = port + own
                    pointer = ServiceRecord(record.name, record.port, name, CNAME, ttl)
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
                    record = ServiceRecord(e.address, p.port, f"{e.hostname}.{own}", e.type, view.settings.ttl)
                    yield record, f"_{p.name}._{p.protocol}.".lower() if p.name else ""


def addresses(view: View, query: Query | None, zone: str, headless: bool) -> list[RR]:
    """See `capabilities.External.external_addresses`."""
    if view.rules.name_servers:
        return ns_addresses(view, zone, external=True, headless=headless)
    found = name_servers(view, Ask(query, zone, zone, A, zone))  # type: ignore[arg-type]
    return [RR(s.name, s.type, IN, 0, (s.host,)) for s in found if s.type in (A, AAAA)]


__all__ = ["addresses", "external", "services"]
