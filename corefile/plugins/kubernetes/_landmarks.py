"""What `kubernetes` tells apart: the names of its objects, and the forms of names."""

from __future__ import annotations

from collections.abc import Iterator
from re import escape
from typing import TYPE_CHECKING

from ...plugin import Below, Exact, Landmark, Pattern, to_reverse
from .._services import below
from ._names import NS, is_reverse

if TYPE_CHECKING:
    from ...world.cluster import Port
    from ._index import Endpoints
    from ._view import View

OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
POD = rf"({OCTET}(-{OCTET}){{3}}|[0-9a-fA-F]{{0,4}}(-[0-9a-fA-F]{{0,4}}){{2,7}})"
"""A label that may be an address with dashes."""
WILDCARD = r"([^.]+\.)*(\*|any)(\.[^.]+)*"


def landmarks(view: View, zones: tuple[str, ...]) -> list[Landmark]:
    """All of them; a set of names comes as a pattern where it has no end."""
    out: list[Landmark] = [
        Exact(to_reverse(ip)) for ip in (*view.index.by_ip, *view.index.endpoints_by_ip) if ":" in ip or "." in ip
    ]
    for zone in zones:
        if not is_reverse(zone):
            out += _zone(view, zone)
    return out


def _zone(view: View, zone: str) -> Iterator[Landmark]:
    index = view.index
    yield Exact(below("dns-version.", zone))
    yield Exact(below(NS, zone))
    for kind in ("svc", "pod"):
        yield Below(below(f"{kind}.", zone))
        for namespace in sorted(index.namespaces):
            yield Below(below(f"{namespace}.{kind}.", zone))
            if kind == "pod" and view.config.pods == "insecure":
                yield Pattern(below(f"{namespace}.pod.", zone), POD)
    for ip, pods in index.pods.items():
        dashed = ip.replace(".", "-").replace(":", "-")
        for pod in pods:
            yield Exact(below(f"{dashed}.{pod.namespace}.pod.", zone))
    if view.rules.wildcards:
        yield Pattern(zone, WILDCARD)
    for service in index.services:
        yield from _service(
            below(f"{service.key}.svc.", zone), service.ports, index.endpoints_by_key.get(service.key, []), view
        )
    for key, imports in index.imports.items():
        for imported in imports:
            given = index.imported_endpoints.get(key, [])
            yield from _service(below(f"{key}.svc.", zone), imported.ports, given, view)


def _service(base: str, ports: tuple[Port, ...], given: list[Endpoints], view: View) -> Iterator[Landmark]:
    yield Below(base)
    subsets = [subset for item in given for subset in item.subsets]
    free = "" if view.rules.wildcards else "?"  # since 1.9.0 an empty port or protocol fits any
    for port in {*ports, *(p for subset in subsets for p in subset.ports)}:
        yield Pattern(base, rf"_?({escape(port.name)}){free}\._?({escape(port.protocol.lower())}){free}")
    for item in given:
        for subset in item.subsets:
            for e in subset.endpoints:
                name = (
                    f"{e.hostname.lower()}.{base}"
                    if not item.cluster
                    else f"{e.hostname.lower()}.{item.cluster}.{base}"
                )
                yield Exact(name)
                if view.config.zonal and e.zone:
                    yield Pattern(base, rf"{escape(e.zone)}\.(pin|prefer)\._zone")


__all__ = ["landmarks"]
