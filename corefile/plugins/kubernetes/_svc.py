"""The services of a name, and the imported ones (kubernetes.go, findServices and findMultiClusterServices)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...plugin import Reason, Why, dns, parse_ip
from ...world.cluster import ServiceImport
from .._services import Found, Missing, ServiceRecord, host_type
from ._index import NO_PORT, Endpoints, Service
from ._names import Request

if TYPE_CHECKING:
    from ._view import View

UNSELECTED = Reason("service-not-selected", '`labels` leaves out the service of namespace {} that is called "{}"')
NO_SERVICE = Reason("no-such-service", 'namespace {} has no service "{}"')
IGNORED = Reason("empty-service", "service {} has no ready endpoint, and `ignore empty_service` hides it")
NO_ENDPOINT = Reason("no-such-endpoint", 'service {} has no endpoint "{}"')
NO_PORT_SO = Reason("no-such-port", "service {} has no port {}")
UNNAMED = Reason("port-not-named", "service {} has a port {}, but its endpoints have none of that name")
NOTHING = Reason("no-ready-endpoint", "service {} is headless and has no ready endpoint")
NO_ADDRESSES = Reason("no-address", "service {} has no port to answer with")
EXTERNAL_ADDRESS = Reason("external-address", "the ExternalName of service {} is an address, {}, and no name")
EXTERNAL_ENDPOINT = Reason("external-endpoint", "service {} is an ExternalName, which has no endpoints")
EXTERNAL_PORT = Reason("external-port", "service {} is an ExternalName, which has no ports")
NO_IMPORT = Reason("no-such-import", 'namespace {} imports no service "{}" that fits')


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
    ttl = view.ttl
    port, protocol = r.port, r.protocol
    plain = port == protocol == rules.any_port
    out: list[ServiceRecord] = []
    for service in services:
        if not view.matches(namespace, service.namespace) or not view.matches(name, service.name):
            continue
        if any_namespace and not view.exposed(service.namespace):
            continue
        external = service.type == "ExternalName"
        if _is_ignored(view, service):
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
                out.append(ServiceRecord(service.external_name, 0, service.key + suffix, dns.CNAME, ttl))
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
    if not missing:
        return out
    return Missing(_why(view, r, [s for s in services if view.matches(name, s.name)] if everything else services))


def _is_ignored(view: View, service: Service) -> bool:
    """Whether the service is hidden while it has no endpoint."""
    if not view.config.ignore or service.headless:
        return False
    return service.type != "ExternalName" or view.rules.ignores_empty_external


def _add_endpoints(
    view: View, r: Request, given: list[Endpoints], base: str, out: list[ServiceRecord], topology: str
) -> None:
    ttl = view.ttl
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


def _why(view: View, r: Request, services: Sequence[Service]) -> Why:
    """Why none of the services fits."""
    if not services:
        hidden = f"{r.service}.{r.namespace}" in view.index.unselected
        return (UNSELECTED if hidden else NO_SERVICE, r.namespace, r.service)
    what, service = f"{r.service} in namespace {r.namespace}", services[0]
    plain = r.port == r.protocol == view.rules.any_port
    if service.type == "ExternalName" and (view.rules.external_first or not r.endpoint):
        if r.endpoint:
            return (EXTERNAL_ENDPOINT, what)
        return (EXTERNAL_ADDRESS, what, service.external_name) if plain else (EXTERNAL_PORT, what)
    if _is_ignored(view, service) and not any(
        s.endpoints for item in view.index.endpoints_by_key.get(service.key, ()) for s in item.subsets
    ):
        return (IGNORED, what)
    if r.endpoint:
        return (NO_ENDPOINT, what, r.endpoint)
    if plain:
        return (NOTHING if service.headless else NO_ADDRESSES, what)
    port = " over ".join(x for x in (r.port, r.protocol) if x)
    named = service.headless and any(view.fits(r.port, r.protocol, p) for p in service.ports)
    return (UNNAMED if named else NO_PORT_SO, what, port)


def find_imports(view: View, r: Request, zone: str) -> Found:
    """The imported services of a name in a multi-cluster zone."""
    namespace, name = r.namespace, r.service
    if not name:
        return view.empty(namespace)
    key = f"{name}.{namespace}"
    imports: list[ServiceImport] = view.index.imports.get(key, [])
    given = view.index.imported_endpoints.get(key, [])
    base = f"{key}.svc.{zone if zone != '.' else ''}"
    out: list[ServiceRecord] = []
    missing = True
    for service in imports:
        headless = service.type == "Headless"
        if view.config.ignore and not headless and not any(s.endpoints for e in given for s in e.subsets):
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
                    out.append(ServiceRecord(address, p.port, base, type, view.ttl))
    return out if out or not missing else Missing((NO_IMPORT, namespace, name))


__all__ = ["find_imports", "find_services"]
