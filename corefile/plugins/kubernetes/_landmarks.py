"""What `kubernetes` tells apart: the names of its objects, and the forms of names."""

from __future__ import annotations

from collections.abc import Iterator
from re import escape
from typing import TYPE_CHECKING

from ...plugin import Below, Client, Exact, Landmark, Pattern, parse_ip, to_reverse
from .._services import below
from ._names import NS, is_reverse

if TYPE_CHECKING:
    from ...world.cluster import Port
    from ._index import Endpoints
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


LABEL = r"[^.]+"
DEEPER = rf"({LABEL}\.){{0,2}}"
"""What may stand before a pod's name, and is not looked at."""


def landmarks(view: View, zones: tuple[str, ...]) -> list[Landmark]:
    """All of them; names without end come as patterns, which match a whole name."""
    out: list[Landmark] = []
    for ip in (*view.index.by_ip, *view.index.endpoints_by_ip):
        if parse_ip(ip):
            name = to_reverse(ip)
            # Up to three labels before the last group of an IPv6 address are not looked at.
            out += (Exact(name), _pattern(rf"({LABEL}\.){{0,3}}{escape(name)}", ".")) if ":" in ip else (Exact(name),)
    out += [Client(f"{ip}/{128 if ':' in ip else 32}") for ip in view.index.pods if parse_ip(ip)]
    for zone in zones:
        if view.rules.text_elsewhere_fails:
            out.append(_pattern(LABEL, zone))
        if not is_reverse(zone):
            out += (Exact(below("dns-version.", zone)), Exact(below(NS, zone)))
            out += _namespaces(view, zone)
            out += _services(view, zone)
    return list(dict.fromkeys(out))


def _pattern(labels: str, base: str) -> Pattern:
    end = "" if base == "." and labels.endswith(r"\.") else r"\." if base == "." else rf"\.{escape(base)}"
    return Pattern(base, f"^({labels}){end}$")


def _fits(label: str, view: View) -> str:
    """The labels that a name's label answers to."""
    label = label.lower()
    if not view.rules.wildcards:
        return escape(label)
    return LABEL if label in ("*", "any") else rf"({escape(label)}|\*|any)"


def _namespaces(view: View, zone: str) -> Iterator[Landmark]:
    """The names of namespaces, and of the pods in them."""
    wild, insecure = view.rules.wildcards, view.config.pods == "insecure"
    for kind in ("svc", "pod"):
        yield Below(below(f"{kind}.", zone))
        for namespace in sorted(view.index.namespaces):
            base = below(f"{namespace}.{kind}.", zone)
            yield Below(base)
            if wild:
                yield _pattern(rf"{DEEPER}(\*|any)", base)
            if kind == "pod" and insecure:
                yield from (_pattern(f"{DEEPER}({address})", base) for address in (IPV4, IPV6))
        if wild:
            yield from (_pattern(rf"{names}(\*|any)\.{kind}", zone) for names in ("", rf"{DEEPER}{LABEL}\."))
        if kind == "pod" and insecure:
            addresses_alone = view.rules.pod_must_be_an_address
            if not addresses_alone:
                yield _pattern(rf"{DEEPER}{LABEL}\.{LABEL}\.pod", zone)
            if wild or not addresses_alone:
                some = r"(\*|any)" if addresses_alone else LABEL
                yield from (_pattern(rf"{DEEPER}({address})\.{some}\.pod", zone) for address in (IPV4, IPV6))
    if view.config.pods == "verified":
        for ip, pods in view.index.pods.items():
            dashed = ip.replace(".", "-").replace(":", "-")
            for pod in pods:
                yield _pattern(rf"{DEEPER}{escape(dashed)}\.{_fits(pod.namespace, view)}\.pod", zone)


def _services(view: View, zone: str) -> Iterator[Landmark]:
    index = view.index
    if view.is_multicluster(zone):
        for key, imports in index.imports.items():
            ports = {port for imported in imports for port in imported.ports}
            yield from _service(view, key, zone, ports, index.imported_endpoints.get(key, []))
        return
    for key, services in index.by_key.items():
        ports = {port for service in services for port in service.ports}
        yield from _service(view, key, zone, ports, index.endpoints_by_key.get(key, []))
        if any(service.type == "ExternalName" for service in services):
            own = _own(key, view)
            yield from (_pattern(rf"({LABEL}\.){{{depth}}}{own}", zone) for depth in (1, 2))


def _own(key: str, view: View) -> str:
    """The names that a service answers to, below the zone."""
    return r"\.".join(_fits(label, view) for label in key.rsplit(".", 1)) + r"\.svc"


def _service(view: View, key: str, zone: str, ports: set[Port], given: list[Endpoints]) -> Iterator[Landmark]:
    """The names of a service: its own, and those of its ports and endpoints."""
    base, own = below(f"{key}.svc.", zone).lower(), _own(key, view)
    yield Exact(base)
    yield Below(base)
    if view.rules.wildcards:
        yield _pattern(own, zone)
    free = "" if view.rules.wildcards else "?"  # since 1.9.0 an empty port or protocol fits any
    for port in ports.union(*(subset.ports for item in given for subset in item.subsets)):
        name, protocol = _fits(port.name, view), _fits(port.protocol, view)
        if view.is_multicluster(zone):  # without any underscore it is an endpoint of a cluster
            forms = rf"(_({name}){free}\._?({protocol}){free}|({name}){free}\._({protocol}){free})"
        else:
            forms = rf"_?({name}){free}\._?({protocol}){free}"
        yield _pattern(rf"{forms}\.{own}", zone)
    if view.config.zonal:
        yield from (_pattern(rf"({LABEL}\.)+{word}\._zone\.{own}", zone) for word in ("pin", "prefer"))
    for item in given:
        cluster = rf"{escape(item.cluster)}\." if item.cluster else ""
        for subset in item.subsets:
            for e in subset.endpoints:
                yield _pattern(rf"{_fits(e.hostname, view)}\.{cluster}{own}", zone)
                if view.config.zonal and e.zone:
                    yield _pattern(rf"{escape(e.zone)}\.(pin|prefer)\._zone\.{own}", zone)


def external(view: View, zone: str, headless: bool) -> list[Landmark]:
    """What is told apart in a zone that shows the cluster to the outside."""
    index, rules = view.index, view.rules
    out: list[Landmark] = [Exact(below(f"{name}.", zone)) for name in sorted(index.namespaces)]
    out += [Exact(to_reverse(ip)) for ip in index.by_external_ip if parse_ip(ip)]
    for key, services in index.by_key.items():
        base, shown = below(f"{key}.", zone), [s for s in services if s.external_ips or headless]
        out.append(Exact(base.lower()))
        given = index.endpoints_by_key.get(key, []) if headless else []
        subsets = [subset for item in given for subset in item.subsets]
        ports = {p for s in shown for p in s.ports} | {p for subset in subsets for p in subset.ports}
        free = "" if rules.wildcards else "?"
        for port in ports:
            out.append(_pattern(rf"_?({_fits(port.name, view)}){free}\._?({_fits(port.protocol, view)}){free}", base))
        if rules.external_knows_endpoints:
            out += (_pattern(LABEL, base), Exact(f"_.{base}".lower()))
            out += [_pattern(rf"_?{_fits(e.hostname, view)}", base) for subset in subsets for e in subset.endpoints]
    return out


__all__ = ["external", "landmarks"]
