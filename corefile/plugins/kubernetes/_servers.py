"""This server as the cluster sees it: its addresses, its names and its node (ns.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugin import dns, parse_ip
from .._services import Ask, ServiceRecord, below, host_type
from ._names import NS

if TYPE_CHECKING:
    from ._view import View

NIL = "<nil>"
"""How Go prints an address that is nil."""


def name_servers(view: View, ask: Ask, name: str | None = None) -> list[ServiceRecord]:
    """The addresses of this server as the cluster sees it, each named like its service or, where it has none, and
    for `name` given, like that. For a zone's NS records the names are ns.dns.ZONE until 1.6.3."""
    ttl = view.ttl if view.rules.ns_ttl else 0
    if view.rules.name_servers:
        found = ns_addresses(view, ask.zone, nil=True)
        if name is not None:
            found = [rr for rr in found if rr[1] == ask.type]
        return [ServiceRecord(rr[4][0], 0, name or rr[0], host_type(rr[4][0])[0], ttl) for rr in found]
    type, address = host_type(_ns_address(view))
    own = name or (ask.qname if ask.name.startswith(NS) else below(NS, ask.zone))
    return [ServiceRecord(address, 0, own, type, ttl)]


def _ns_address(view: View) -> str:
    """Until 1.6.2: the cluster IP of the service that this server's first IPv4 address is an endpoint of, or that
    address."""
    local = next((ip for ip in view.local_ips if ":" not in ip), NIL)
    found = view.endpoints_at(local)
    if not found:
        return local
    for service in view.index.by_key.get(found[0].key, ()):
        if service.headless:
            return local
        address = parse_ip(service.addresses[0][1])
        return address[1] if address else NIL
    return local


def ns_addresses(
    view: View, zone: str, *, external: bool = False, headless: bool = False, nil: bool = False
) -> list[dns.RR]:
    """A and AAAA records of the services that this server is an endpoint of, or of its own addresses where it is
    none (ns.go, nsAddrs). TTLs are 0. What is no address is left out, or with `nil` an AAAA record of that."""
    rules = view.rules
    out: list[tuple[str, tuple[int, str]]] = []
    found = False
    local_ips = view.local_ips if rules.ns_of_all_addresses else view.local_ips[:1]
    for ip in local_ips:
        for item in view.endpoints_at(ip):
            found = True
            for service in view.index.by_key.get(item.key, ()):
                name = below(f"{service.key}." if external else f"{service.key}.svc.", zone)
                if service.headless and (not external or headless):
                    for subset in item.subsets:
                        out += [(f"{e.hostname}.{name}", (e.type, e.address)) for e in subset.endpoints]
                else:
                    out += [(name, x) for x in (service.external_ips if external else service.addresses)]
    if not (out if rules.ns_of_all_addresses and not rules.ns_fallback_unless_found else found):
        out = [(below(NS, zone), host_type(ip)) for ip in local_ips]
    if nil:
        out = [(name, x if x[0] != dns.CNAME else (dns.AAAA, NIL)) for name, x in out]
    return [dns.RR(name, type, dns.IN, 0, (address,)) for name, (type, address) in out if type != dns.CNAME]


def local_node(view: View) -> str:
    """The node that this server runs on, by its endpoint; '' where that is not known."""
    for ip in view.local_ips:
        for item in view.endpoints_at(ip):
            for subset in item.subsets:
                for e in subset.endpoints:
                    if e.ip == ip:
                        return e.node
    return ""


__all__ = ["local_node", "name_servers", "ns_addresses"]
