"""The name of a service in a federation of clusters (federation.go)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...plugin import Query
from ...world.cluster import Labels
from ._names import parse
from ._servers import local_node

if TYPE_CHECKING:
    from ._view import View

ZONE = "failure-domain.beta.kubernetes.io/zone"
REGION = "failure-domain.beta.kubernetes.io/region"


def target(view: View, nodes: Mapping[str, Labels], query: Query, name: str, zone: str, own: str | None) -> str | None:
    """See `capabilities.Federation.federation_target`; `own` is the zone of the cluster that the question lies in."""
    labels = nodes.get(local_node(view))
    r = parse(query.name, own, view.rules) if own is not None else None
    if labels is None or r is None:
        return None
    topology = labels.get(ZONE, ""), labels.get(REGION, "")
    if view.rules.federation_needs_topology and not all(topology):
        return None
    return ".".join([*([r.endpoint] if r.endpoint else []), r.service, r.namespace, name, r.kind, *topology, zone])


__all__ = ["target"]
