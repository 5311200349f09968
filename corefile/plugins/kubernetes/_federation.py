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


def target(view: View, nodes: Mapping[str, Labels], query: Query, name: str, domain: str, zone: str) -> tuple[str, str]:
    """See `capabilities.Federation.federation_target`."""
    node = local_node(view)
    if not node:
        return "", "resource name may not be empty"
    labels = nodes.get(node)
    if labels is None:
        return "", f'nodes "{node}" not found'
    r = parse(query.name, zone, view.rules)
    if r is None:
        return "", "invalid query name"
    topology = labels.get(ZONE, ""), labels.get(REGION, "")
    if view.rules.federation_needs_topology and not all(topology):
        return "", "local node missing zone/region labels"
    own = [r.endpoint] if r.endpoint else []
    return ".".join([*own, r.service, r.namespace, name, r.kind, *topology, domain]), ""


__all__ = ["target"]
