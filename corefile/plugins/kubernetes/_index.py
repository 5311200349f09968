"""What one `kubernetes` has of the cluster: the objects that its options and its release let it see, by key."""

from __future__ import annotations

from collections.abc import Mapping

from ...findings.limits import without_collection
from ...light import NamedTuple
from ...world.cluster import HEADLESS, Cluster, Pod
from ...world.cluster import Endpoints as GivenEndpoints
from ...world.cluster import Port as GivenPort
from ...world.cluster import Service as GivenService
from ...world.cluster import ServiceImport as GivenImport
from ...world.manifests import Ref
from ...world.selectors import Selector
from .._services import host_type
from ._config import Config
from ._names import hostname
from ._rules import KubernetesRules

NO_PORT = GivenPort("", -1, "")
"""Stands for the ports of a service that declares none."""


class Service(NamedTuple):
    """A service. `addresses` are (type, address) pairs, A or AAAA, in order; CNAME with the text for what is no address."""

    name: str
    namespace: str
    type: str
    headless: bool
    addresses: tuple[tuple[int, str], ...]
    external_name: str
    external_ips: tuple[tuple[int, str], ...]
    ports: tuple[GivenPort, ...]

    @property
    def key(self) -> str:
        """What it is found by."""
        return f"{self.name}.{self.namespace}"


class Endpoint(NamedTuple):
    """One address of a service's endpoints, with the name that it has below the service."""

    ip: str
    type: int
    address: str
    hostname: str
    given_hostname: str
    node: str
    zone: str


class Subset(NamedTuple):
    """Endpoints that share their ports."""

    endpoints: tuple[Endpoint, ...]
    ports: tuple[GivenPort, ...]


class Endpoints(NamedTuple):
    """An Endpoints object or an EndpointSlice; `key` is that of its service, `cluster` the source of an import."""

    key: str
    namespace: str
    subsets: tuple[Subset, ...]
    cluster: str


class Watched(NamedTuple):
    """What decides which objects CoreDNS asks the API server for."""

    labels: Selector | None = None
    namespace_labels: Selector | None = None
    endpoints: bool = True
    pods: bool = False
    pod_names: bool = False
    imports: bool = False

    @classmethod
    def by(cls, config: Config) -> Watched:
        """What the options say."""
        return cls(
            config.labels,
            config.namespace_labels,
            not config.noendpoints,
            config.pods == "verified",
            config.endpoint_pod_names,
            bool(config.multicluster),
        )


class Index:
    """The objects by key. `has_pods` tells whether the cluster that was given has any Pod."""

    @without_collection()
    def __init__(
        self, cluster: Cluster, watched: Watched, rules: KubernetesRules, lingering: Mapping[Ref, Pod] | None = None
    ) -> None:
        self.watched = watched
        labels = watched.labels
        by_labels = watched.namespace_labels or (labels if rules.labels_select_namespaces else None)
        self.namespaces = {
            n for n, given in cluster.namespaces.items() if by_labels is None or by_labels.matches(given)
        }
        self.services: list[Service] = []
        self.by_key: dict[str, list[Service]] = {}
        self.by_ip: dict[str, list[Service]] = {}
        self.by_external_ip: dict[str, list[Service]] = {}
        self.unselected: set[str] = set()
        for given in cluster.services:
            if labels is None or labels.matches(given.labels):
                self._service(given, rules)
            else:
                self.unselected.add(f"{given.name}.{given.namespace}")
        self.endpoints: list[Endpoints] = []
        self.endpoints_by_key: dict[str, list[Endpoints]] = {}
        self.endpoints_by_ip: dict[str, list[Endpoints]] = {}
        self.imported_endpoints: dict[str, list[Endpoints]] = {}
        if watched.endpoints or watched.imports:
            for item in cluster.slices if rules.slices else cluster.endpoints:
                if labels is None or labels.matches(item.labels):
                    self._endpoints(item, rules)
        self.has_pods = bool(cluster.pods)
        self.pods: dict[str, list[Pod]] = {}
        if watched.pods:
            kept = lingering or {}
            here = (pod for pod in cluster.pods if Ref("Pod", pod.namespace, pod.name) not in kept)
            for pod in (*kept.values(), *here):
                if (labels is None or labels.matches(pod.labels)) and is_watched(pod, rules):
                    self.pods.setdefault(pod.ip, []).append(pod)
        self.imports: dict[str, list[GivenImport]] = {}
        if watched.imports:
            for imported in cluster.imports:
                if watched.namespace_labels is None or watched.namespace_labels.matches(imported.labels):
                    self.imports.setdefault(f"{imported.name}.{imported.namespace}", []).append(imported)

    def __deepcopy__(self, memo: object) -> Index:
        return self  # it never changes

    def _service(self, given: GivenService, rules: KubernetesRules) -> None:
        ips = given.cluster_ips or ("",)
        if not rules.dual_stack:
            ips = ips[:1]
        external = external_of(given, rules)
        service = Service(
            given.name,
            given.namespace,
            given.type,
            ips[0] == HEADLESS,
            tuple(map(host_type, ips)),
            given.external_name,
            tuple(map(host_type, external)),
            given.ports or ((NO_PORT,) if rules.portless else ()),
        )
        self.services.append(service)
        self.by_key.setdefault(service.key, []).append(service)
        for ip in (*ips, *external) if rules.reverse_knows_external_ips else ips:
            self.by_ip.setdefault(ip, []).append(service)
        for ip in external:
            self.by_external_ip.setdefault(ip, []).append(service)

    def _endpoints(self, given: GivenEndpoints, rules: KubernetesRules) -> None:
        subsets = []
        names = self.watched.pod_names
        for addresses, ports in given.subsets:
            endpoints = []
            for a in addresses:
                if a.ready is False and rules.unready_left_out:
                    continue
                type, address = host_type(a.ip)
                endpoints.append(
                    Endpoint(a.ip, type, address, hostname(a, names, rules), a.hostname, a.node, a.zone.lower())
                )
            subsets.append(Subset(tuple(endpoints), ports or ((NO_PORT,) if rules.portless else ())))
        whole = tuple(subsets)
        if self.watched.endpoints:
            item = Endpoints(f"{given.service}.{given.namespace}", given.namespace, whole, "")
            self.endpoints.append(item)
            self.endpoints_by_key.setdefault(item.key, []).append(item)
            had: set[str] = set()
            for subset in whole:
                for endpoint in subset.endpoints:
                    if endpoint.ip not in had:
                        had.add(endpoint.ip)
                        self.endpoints_by_ip.setdefault(endpoint.ip, []).append(item)
        if self.watched.imports and given.imported is not None:
            item = Endpoints(f"{given.imported}.{given.namespace}", given.namespace, whole, given.source)
            self.imported_endpoints.setdefault(item.key, []).append(item)


def external_of(given: GivenService, rules: KubernetesRules) -> tuple[str, ...]:
    """The addresses, and names of load balancers, that a service has outside of the cluster."""
    ingress = (ip or (host if rules.ingress_hostnames else "") for ip, host in given.ingress)
    return (*given.external_ips, *ingress)


def is_watched(pod: Pod, rules: KubernetesRules) -> bool:
    """Whether CoreDNS asks for the pod, and keeps it."""
    if pod.deleting and rules.deleted_pods_left_out:
        return False
    return not has_finished(pod, rules)


def has_finished(pod: Pod, rules: KubernetesRules) -> bool:
    """Whether the field selector of CoreDNS leaves the pod out."""
    return rules.finished_pods_left_out and pod.phase in ("Succeeded", "Failed", "Unknown")


__all__ = [
    "NO_PORT",
    "Endpoint",
    "Endpoints",
    "Index",
    "Service",
    "Subset",
    "Watched",
    "external_of",
    "has_finished",
    "is_watched",
]
