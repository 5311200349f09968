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
    if config.pods == "verified" and cluster.objects and not cluster.pods:
        setup.notice(
            "no-pods",
            "`pods verified` looks for pods, and none is given: no pod has a name, and `autopath @kubernetes` no search "
            "path",
            setup.span,
            hint="`kubectl get svc,endpointslices,ns,pods -A -o yaml` prints them, too",
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


__all__ = ["notices"]
