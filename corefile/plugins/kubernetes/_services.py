"""The services of a name, and the imported ones (kubernetes.go, findServices and findMultiClusterServices)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.capabilities import CNAME, ServiceRecord
from ...golang.addresses import parse_ip
from ._ask import Found, Missing
from ._index import NO_PORT
from ._names import Request, host_type

if TYPE_CHECKING:
    from ...chain.query import Why
    from ...world.cluster import ServiceImport
    from ._index import Endpoints
    from ._view import View


def find_services(view: View, r: Request, zone: str) -> Found:
    """The services of a name."""
    rules = view.rules
    namespace, name = r.namespace, r.service
    if not name:
        return view.empty(namespace)
    any_namespace, any_name = view.wildcard(namespace), view.wildcard(name)
    missing = not (any_name and not any_namespace and rules.wildcard_service_knows_namespace and view.exists(namespace))
    everything = any_namespace or any_name
    key = f"{name}.{namespace}"
    services = view.index.services if everything else view.index.by_key.get(key, ())
    suffix = f".svc.{zone}" if zone != "." else ".svc."
    ttl = view.settings.ttl
    port, protocol = r.port, r.protocol
    plain = port == protocol == rules.any_port
    out: list[ServiceRecord] = []
    for service in services:
        if not view.matches(namespace, service.namespace) or not view.matches(name, service.name):
            continue
        if any_namespace and not view.exposed(service.namespace):
            continue
        external = service.type == "ExternalName"
        if view.settings.ignore_empty and not service.headless and (not external or rules.ignores_empty_external):
            given = view.all_endpoints() if everything else view.endpoints(key)
            if not any(subset.endpoints for item in given for subset in item.subsets):
                continue
        if r.topology and not service.headless:
            continue
        if external and (rules.external_first or not (service.headless or r.endpoint)):
            if r.endpoint and rules.external_has_no_endpoints:
                continue
            if not plain and rules.external_has_no_ports:
                continue
            if parse_ip(service.external_name) is None:
                missing = False
                out.append(ServiceRecord(service.external_name, 0, service.key + suffix, CNAME, ttl))
            continue
        base = service.key + suffix
        if service.headless or r.endpoint:
            if r.topology:
                missing = False
            given = view.endpoints(service.key)
            count = len(out)
            _add_endpoints(view, r, given, base, out, r.topology)
            if len(out) == count and r.prefers:
                _add_endpoints(view, r, given, base, out, "")
            missing = missing and len(out) == count
            continue
        if service.ports[:1] == (NO_PORT,):
            view.portless_asked.add(service.key)
        for p in service.ports:
            if not plain and not view.fits(port, protocol, p):
                continue
            missing = False
            for type, address in service.addresses:
                out.append(ServiceRecord(address, p.port, base, type, ttl))
    return Missing(_no_service(r, bool(services))) if missing else out


def _add_endpoints(
    view: View, r: Request, given: list[Endpoints], base: str, out: list[ServiceRecord], topology: str
) -> None:
    ttl = view.settings.ttl
    plain = r.port == r.protocol == view.rules.any_port
    for item in given:
        for endpoints, ports in item.subsets:
            for e in endpoints:
                if topology and e.zone != topology:
                    continue
                if r.endpoint and not view.matches(r.endpoint, e.hostname):
                    continue
                for p in ports:
                    if plain or view.fits(r.port, r.protocol, p):
                        out.append(ServiceRecord(e.address, p.port, f"{e.hostname}.{base}", e.type, ttl))


def _no_service(r: Request, known: bool) -> Why:
    if not known:
        return ('namespace {} has no service "{}"', r.namespace, r.service)
    what = f"{r.service} in namespace {r.namespace}"
    if r.endpoint:
        return ('service {} has no endpoint "{}"', what, r.endpoint)
    if r.port or r.protocol:
        return ("service {} has no port {} over {}", what, r.port, r.protocol)
    return ("service {} has nothing to answer with (no ready endpoint, or no name)", what)


def find_imports(view: View, r: Request, zone: str) -> Found:
    """The imported services of a name in a multi-cluster zone."""
    namespace, name = r.namespace, r.service
    if not name:
        return view.empty(namespace)
    key = f"{name}.{namespace}"
    imports: list[ServiceImport] = view.index.imports.get(key, [])
    given = view.index.imported_endpoints.get(key, [])
    base = f"{key}.svc.{zone if zone != '.' else ''}"
    ttl = view.settings.ttl
    out: list[ServiceRecord] = []
    missing = True
    for service in imports:
        headless = service.type == "Headless"
        if view.settings.ignore_empty and not headless and not any(s.endpoints for e in given for s in e.subsets):
            continue
        if headless or r.endpoint:
            for item in given:
                if r.endpoint and not view.matches(r.cluster, item.cluster):
                    continue
                _add_endpoints(view, r, [item], f"{item.cluster}.{base}", out, "")
            continue
        for p in service.ports:
            if view.fits(r.port, r.protocol, p):
                missing = False
                for ip in service.ips:
                    type, address = host_type(ip)
                    out.append(ServiceRecord(address, p.port, base, type, ttl))
    if out or not missing:
        return out
    return Missing(('namespace {} imports no service "{}" that fits', namespace, name))


__all__ = ["find_imports", "find_services"]
