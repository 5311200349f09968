"""What `kubernetes` tells `metadata` about a query (metadata.go)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...dns.names import labels, longest_match
from ._ask import INVALID
from ._names import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...chain.query import Query
    from ._view import View

Values = dict[str, "Callable[[], str]"]


def metadata(view: View, query: Query, zones: tuple[str, ...]) -> Values:
    """See `capabilities.Metadata`. Values that the request does not have are empty, or `*` before 1.9.0."""
    rules = view.rules
    values: Values = {}
    if rules.metadata_of_client_always:
        _client(view, query, values)
    zone = longest_match(zones, query.name) if rules.metadata_knows_zone else None
    if zone is None:
        if rules.metadata_of_client_always:
            return values
        zone = _last_label(query.name)
    r = parse(query.name, zone, rules, zonal=view.settings.zonal)
    if r is None:
        values["kubernetes/parse-error"] = lambda: INVALID
        return values
    values["kubernetes/port-name"] = lambda: r.port
    values["kubernetes/protocol"] = lambda: r.protocol
    values["kubernetes/endpoint"] = lambda: r.endpoint
    if view.settings.zonal:
        values["kubernetes/zone"] = lambda: r.topology
    values["kubernetes/service"] = lambda: r.service
    values["kubernetes/namespace"] = lambda: r.namespace
    values["kubernetes/kind"] = lambda: r.kind
    if not rules.metadata_of_client_always:
        _client(view, query, values)
    return values


def _client(view: View, query: Query, values: Values) -> None:
    pod = view.pod_at(query.ctx.client)
    if pod is None:
        return
    values["kubernetes/client-namespace"] = lambda: pod.namespace
    values["kubernetes/client-pod-name"] = lambda: pod.name
    if view.rules.metadata_labels:
        for key, value in pod.labels.items():
            values[f"kubernetes/client-label/{key}"] = partial(str, value)


def _last_label(name: str) -> str:
    """What CoreDNS takes for the zone where there is none: miekg/dns counts one label in an empty name."""
    parts = labels(name)
    return f"{parts[-1]}." if parts else "."


__all__ = ["metadata"]
