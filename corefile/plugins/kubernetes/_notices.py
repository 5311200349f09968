"""What is said of a cluster that was given."""

from __future__ import annotations

from ...plugin import Setup
from ...world.cluster import Cluster
from ._config import Config
from ._rules import KubernetesRules


def notices(cluster: Cluster, config: Config, rules: KubernetesRules, setup: Setup) -> None:
    """Say what the objects lack that CoreDNS's answers depend on."""
    lost = cluster.without_namespace()
    if lost:
        setup.notice(
            "no-such-namespace",
            f"{_some(lost)}: the namespace is not among those given, so it does not exist",
            setup.span,
            hint="give its Namespace object, too, or no Namespace at all",
        )
    bare = cluster.without_address()
    if bare:
        setup.notice(
            "no-cluster-ip",
            f"{_some(bare)}: there is no `clusterIP`, so it has no address",
            setup.span,
            hint="give the one that the cluster has assigned, as `kubectl get svc -o yaml` prints it, or `None`",
        )
    alone = [] if rules.slices else cluster.without_endpoints()
    if alone:
        setup.notice(
            "no-endpoints",
            f"{_some(alone)}: CoreDNS {setup.release} reads Endpoints objects, of which none stands beside it",
            setup.span,
            hint="give the Endpoints object, if there is one; one that a controller keeps follows from the slice's "
            "label `endpointslice.kubernetes.io/managed-by`",
        )
    _selectors(cluster, config, rules, setup)
    if config.pods == "verified" and cluster.objects and not cluster.pods:
        setup.notice(
            "no-pods",
            "`pods verified` looks for pods, and none is given: no pod has a name, and `autopath @kubernetes` no search "
            "path",
            setup.span,
            hint="`kubectl get svc,endpointslices,ns,pods -A -o yaml` prints them, too",
        )
    if config.multicluster and cluster.objects and not cluster.imports:
        setup.notice(
            "no-service-imports",
            "`multicluster` answers for ServiceImports, and none is given: no imported service has a name",
            setup.span,
            hint="`kubectl get serviceimports -A -o yaml` prints them",
        )


def _selectors(cluster: Cluster, config: Config, rules: KubernetesRules, setup: Setup) -> None:
    """Warn of what selects none of the objects, so that no name exists."""
    labels, namespace_labels, services = config.labels, config.namespace_labels, cluster.services
    if labels is not None and services and not any(labels.matches(service.labels) for service in services):
        _selects_nothing("labels", "Services", "it looks at the labels of Services, not of their pods", setup)
    if (
        namespace_labels is not None
        and services
        and not any(map(namespace_labels.matches, cluster.namespaces.values()))
    ):
        _selects_nothing("namespace_labels", "Namespaces", "such as `kubernetes.io/metadata.name=shop`", setup)
    gone = [name for name in config.namespaces if services and name not in cluster.namespaces]
    if gone:
        setup.warn(
            "selects-nothing",
            f"`namespaces`: the cluster has no namespace `{gone[0]}`",
            setup.place_of(gone[0]),
            hint=f"there is {', '.join(sorted(cluster.namespaces)[:5])}",
        )


def _selects_nothing(name: str, kind: str, hint: str, setup: Setup) -> None:
    lines = [line for line in setup.given.lines if line.name == name]
    message = f"`{name}` selects none of the {kind} that are given, so that no name exists"
    setup.warn("selects-nothing", message, lines[-1].span if lines else None, hint=hint)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


__all__ = ["notices"]
