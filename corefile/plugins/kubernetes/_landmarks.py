"""What `kubernetes` tells apart: the names of its objects, and the forms of names.

Since wildcards are gone (1.9.0), objects of one shape are of one kind: they are answered alike but for names and
addresses.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from re import escape
from typing import TYPE_CHECKING

from ...plugin import (
    Below,
    Computed,
    Exact,
    Flag,
    Landmark,
    Pattern,
    from_reverse,
    is_subdomain,
    parse_ip,
    to_reverse,
)
from .._services import below
from ._names import NS, is_reverse

if TYPE_CHECKING:
    from ...world.cluster import Port
    from ._index import Endpoints, Service
    from ._view import View

OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = rf"{OCTET}(-{OCTET}){{3}}"
GROUP = "[0-9a-f]{1,4}"
IPV6 = "|".join(
    (
        rf"({GROUP}-){{7}}{GROUP}",
        *(rf"({GROUP}-){{1,{7 - n}}}(-{GROUP}){{1,{n}}}" if n else rf"({GROUP}-){{1,7}}-" for n in range(7)),
        rf"-(-{GROUP}){{1,7}}",
        "--",
    )
)
"""Addresses with dashes in place of dots and colons."""


LABEL = r"([^.\\]|\\.)+"
DEEPER = rf"({LABEL}\.){{0,2}}"
"""What may stand before a pod's name, and is not looked at."""

REVERSED = ("in-addr.arpa.", "ip6.arpa.")

FEW = 3
"""So many records fit into a reply of 512 octets, however long the names are."""


def landmarks(view: View, zones: tuple[str, ...]) -> list[Landmark]:
    """All of them; names without end come as patterns, which match a whole name."""
    reverse = tuple(to_reverse(address) for address in ("192.0.2.1", "2001:db8::1"))
    out: list[Landmark] = [Below("in-addr.arpa."), Below("ip6.arpa."), Computed("arpa.", _is_address, reverse)]
    out += _addresses(view)
    for zone in zones:
        if view.rules.text_elsewhere_fails:
            out.append(_pattern(LABEL, zone))
        out += (Exact(below("dns-version.", zone)), Exact(below(NS, zone)))
        if view.rules.keeps_case_of_zone and zone != ".":  # ns.dns.ZONE is known in lower case alone
            out.append(Flag(f"case {zone}"))
        for kind in ("svc", "pod"):
            base = below(f"{kind}.", zone)
            out += [_pattern(rf"({LABEL}\.){{{depth - 1}}}{LABEL}", base) for depth in range(1, 5)]
        backwards = view.rules.no_reverse_records and any(is_subdomain(above, zone) for above in REVERSED)
        if not is_reverse(zone) and not backwards:
            out += _namespaces(view, zone)
            out += _services(view, zone)
    return list(dict.fromkeys(out))


def _is_address(name: str) -> bool:
    """Whether a reverse name is that of an address."""
    return from_reverse(name) != ""


def _addresses(view: View) -> Iterator[Landmark]:
    """The reverse names of services and endpoints."""
    index = view.index
    for ip in (*index.by_ip, *index.endpoints_by_ip):
        if not parse_ip(ip):
            continue
        name = to_reverse(ip)
        services = tuple(view.exposed(service.namespace) for service in index.by_ip.get(ip, ()))
        endpoints = tuple(
            (view.exposed(item.namespace), bool(e.given_hostname))
            for item in index.endpoints_by_ip.get(ip, ())
            for subset in item.subsets
            for e in subset.endpoints
            if e.ip == ip
        )
        few = len(services) + len(endpoints) <= FEW
        yield Exact(name, ("address", services, endpoints) if few else None)


def _pattern(labels: str, base: str, kind: Hashable = None) -> Pattern:
    end = "" if base == "." and labels.endswith(r"\.") else r"\." if base == "." else rf"\.{escape(base)}"
    return Pattern(base, f"^({labels}){end}$", kind)


def _fits(label: str, view: View) -> str:
    """The labels that a name's label answers to."""
    label = label.lower()
    if not view.rules.wildcards:
        return escape(label)
    return LABEL if label in ("*", "any") else rf"({escape(label)}|\*|any)"


def _namespaces(view: View, zone: str) -> Iterator[Landmark]:
    """The names of namespaces, and of the pods in them."""
    wild, insecure, named = view.rules.wildcards, view.config.pods == "insecure", view.config.pods != "disabled"
    for kind in ("svc", "pod"):
        for namespace in sorted({*view.index.namespaces, *view.config.namespaces}):
            base = below(f"{namespace}.{kind}.", zone)
            yield Below(base, None if wild else ("namespace", view.exists(namespace), view.exposed(namespace)))
            if wild:
                yield _pattern(rf"{DEEPER}(\*|any)", base)
            if kind == "pod" and named:
                yield from (_pattern(f"{DEEPER}({address})", base, address[:9]) for address in (IPV4, IPV6))
        if wild:
            yield from (_pattern(rf"{names}(\*|any)\.{kind}", zone) for names in ("", rf"{DEEPER}{LABEL}\."))
        if kind == "pod" and named:
            addresses_alone = view.rules.pod_must_be_an_address or not insecure
            if not addresses_alone:
                yield _pattern(rf"{DEEPER}{LABEL}\.{LABEL}\.pod", zone)
                yield _pattern(rf"{DEEPER}[^-.]*(-[^-.]+){{2}}-[^-.]*\.{LABEL}\.pod", zone)  # taken for four labels
            if wild or not addresses_alone:
                some = r"(\*|any)" if addresses_alone else LABEL
                yield from (_pattern(rf"{DEEPER}({address})\.{some}\.pod", zone) for address in (IPV4, IPV6))
    if view.config.pods == "verified":
        for ip, pods in view.index.pods.items():
            dashed = escape(ip.replace(".", "-").replace(":", "-"))
            for pod in pods:
                if wild:
                    yield _pattern(rf"{DEEPER}{dashed}\.{_fits(pod.namespace, view)}\.pod", zone)
                else:
                    yield _pattern(
                        f"{DEEPER}{dashed}", below(f"{pod.namespace}.pod.", zone), ("pod", ":" in ip, pod.deleting)
                    )


def _services(view: View, zone: str) -> Iterator[Landmark]:
    index = view.index
    if view.is_multicluster(zone):
        for key, imports in index.imports.items():
            ports = {port for imported in imports for port in imported.ports}
            yield from _service(view, key, zone, ports, index.imported_endpoints.get(key, []), None)
        return
    for key, services in index.by_key.items():
        ports = {port for service in services for port in service.ports}
        given = index.endpoints_by_key.get(key, [])
        yield from _service(view, key, zone, ports, given, _kind(view, key, services, given))
        if view.rules.wildcards:
            yield _pattern(rf"({LABEL}\.){{1,2}}{_own(key, view)}", zone)


def _kind(view: View, key: str, services: list[Service], given: list[Endpoints]) -> Hashable:
    """What services have in common that are answered alike; None for those that are like no other one."""
    if view.rules.wildcards or view.config.zonal or any(service.type == "ExternalName" for service in services):
        return None
    shapes = tuple(
        (s.type, s.headless, tuple(kind for kind, _ in s.addresses), s.ports, bool(s.external_ips)) for s in services
    )
    subsets = tuple(
        (tuple((e.type, bool(e.given_hostname)) for e in subset.endpoints), subset.ports)
        for item in given
        for subset in item.subsets
    )
    records = sum(len(kinds) * len(ports) for kinds, ports in subsets)
    records = max(records, sum(len(kinds) * len(ports) for _, _, kinds, ports, _ in shapes))
    return ("service", shapes, subsets, len(key) if records > FEW else 0)


def _own(key: str, view: View) -> str:
    """The names that a service answers to, below the zone."""
    return r"\.".join(_fits(label, view) for label in key.rsplit(".", 1)) + r"\.svc"


def _service(
    view: View, key: str, zone: str, ports: set[Port], given: list[Endpoints], kind: Hashable
) -> Iterator[Landmark]:
    """The names of a service: its own, and those of its ports and endpoints."""
    base, own = below(f"{key}.svc.", zone).lower(), _own(key, view)
    wild = view.rules.wildcards
    yield Below(base, kind)
    if wild:
        yield _pattern(own, zone)

    def forms(labels: str, kind: Hashable) -> Pattern:
        """Names below the service's own."""
        return _pattern(rf"{labels}\.{own}", zone) if wild else _pattern(labels, base, kind)

    free = "" if wild else "?"  # since 1.9.0 an empty port or protocol fits any
    for port in sorted(ports.union(*(subset.ports for item in given for subset in item.subsets))):
        name, protocol = _fits(port.name, view), _fits(port.protocol, view)
        if view.is_multicluster(zone):  # without any underscore it is an endpoint of a cluster
            yield forms(rf"(_({name}){free}\._?({protocol}){free}|({name}){free}\._({protocol}){free})", port)
        else:
            yield forms(rf"_?({name}){free}\._?({protocol}){free}", port)
    if view.config.zonal:
        yield from (forms(rf"({LABEL}\.)+{word}\._zone", word) for word in ("pin", "prefer"))
    for item in given:
        cluster = rf"\.{escape(item.cluster)}" if item.cluster else ""
        for subset in item.subsets:
            for e in subset.endpoints:
                like = ("endpoint", item.cluster, e.type, bool(e.given_hostname), subset.ports)
                yield forms(f"{_fits(e.hostname, view)}{cluster}", like)
                if view.config.zonal and e.zone:
                    yield forms(rf"{escape(e.zone)}\.(pin|prefer)\._zone", ("zone", e.zone))


def external(view: View, zone: str, headless: bool) -> list[Landmark]:
    """What is told apart in a zone that shows the cluster to the outside."""
    index, rules = view.index, view.rules
    out: list[Landmark] = [Exact(below(f"{name}.", zone)) for name in sorted(index.namespaces)]
    addresses = (to_reverse(ip) for ip in index.by_external_ip if parse_ip(ip))
    out += [Exact(name) for name in addresses if is_subdomain(zone, name)]
    for key, services in index.by_key.items():
        base = below(f"{key}.", zone)
        out.append(Exact(base.lower()))
        outside = any(service.external_ips for service in services)
        given = index.endpoints_by_key.get(key, []) if headless else []
        subsets = [subset for item in given for subset in item.subsets]
        ports = {p for s in services if s.external_ips or (headless and s.headless) for p in s.ports}
        if any(service.headless for service in services):
            ports |= {port for subset in subsets for port in subset.ports}
        free = "" if rules.wildcards else "?"
        for port in sorted(ports):
            out.append(_pattern(rf"_?({_fits(port.name, view)}){free}\._?({_fits(port.protocol, view)}){free}", base))
        if rules.external_knows_endpoints:
            if outside:
                out.append(_pattern(LABEL, base))
            elif subsets and any(service.headless for service in services):
                out.append(Exact(f"_.{base}".lower()))  # any endpoint
            hosts = [_fits(e.hostname, view) for subset in subsets for e in subset.endpoints]
            out += [_pattern(f"{before}{host}", base) for host in hosts for before in ("", "_")]
    return out


__all__ = ["external", "landmarks"]
