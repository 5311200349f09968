"""What `kubernetes` tells `metadata` about a query (metadata.go)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ...plugin import Query, longest_match
from ._names import last_label, parse

if TYPE_CHECKING:
    from ._view import View

INVALID = "invalid query name"
"""CoreDNS's word for a name that cannot be that of a service or pod."""


def metadata(view: View, query: Query, zones: tuple[str, ...]) -> dict[str, Callable[[], str]]:
    """See `capabilities.Metadata`. Values that the request does not have are empty, or `*` before 1.9.0."""
    rules = view.rules
    values: dict[str, str] = {}
    if rules.metadata_of_client_always:
        values.update(_client(view, query))
    zone = longest_match(zones, query.name) if rules.metadata_knows_zone else None
    if zone is not None or not rules.metadata_of_client_always:
        zone = zone or last_label(query.name)
        r = parse(query.name, zone, rules, zonal=view.config.zonal)
        if r is None:
            values["parse-error"] = INVALID
        else:
            values.update({"port-name": r.port, "protocol": r.protocol, "endpoint": r.endpoint})
            if view.config.zonal:
                values["zone"] = r.topology
            values.update(service=r.service, namespace=r.namespace, kind=r.kind)
            if not rules.metadata_of_client_always:
                values.update(_client(view, query))
    return {f"kubernetes/{name}": partial(str, value) for name, value in values.items()}


def _client(view: View, query: Query) -> dict[str, str]:
    pod = view.pod_at(query.ctx.client)
    if pod is None:
        return {}
    labels = pod.labels if view.rules.metadata_labels else {}
    return {
        "client-namespace": pod.namespace,
        "client-pod-name": pod.name,
        **{f"client-label/{key}": value for key, value in labels.items()},
    }


__all__ = ["metadata"]
