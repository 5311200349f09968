"""The Kubernetes objects of a world, as far as DNS is concerned with them.

    cluster = Cluster.load(Path("cluster.yaml"))      # or YAML/JSON text, or a list of objects
    cluster.services[0].cluster_ips

An object that the API server would not take is an error where it is given, with its place (see `shapes`).

What a controller would add may be left out, since every cluster has it:

* Namespaces: where no Namespace is given at all, all those that objects lie in exist, and the four that every cluster
  has. Where some are given, only these exist.
* `clusterIP` follows from `clusterIPs` and the other way round; `type` is ClusterIP and a `protocol` TCP by default.
* EndpointSlices (read by CoreDNS since 1.8.1) follow from Endpoints (read before) of services that have none: the control
  plane mirrors them, unless they are labelled `skip-mirror`.
* Endpoints follow from the EndpointSlices of services that have none, if a controller of Kubernetes has made these, as
  their label `managed-by` says: it keeps both. Those made by hand stand alone.

A `Cluster` never changes; `applied` and `without` give another one, as `World.apply` and `World.delete` do while a server
runs. Which objects and namespaces a controller adds was settled when the cluster was given: what follows goes on to
follow, and what is applied later to a service of which nothing followed stands alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Union

from ..findings import LIMITS, Limits
from ..findings.limits import without_collection
from ..language.files import read_file
from ..light import NamedTuple
from .corefiles import text_of
from .manifests import Manifest, ManifestError, Ref, found_in, objects
from .shapes import SHAPES, mistake_in

SERVICE_LABEL = "kubernetes.io/service-name"
IMPORT_LABEL = "multicluster.kubernetes.io/service-name"
SOURCE_LABEL = "multicluster.kubernetes.io/source-cluster"
NAMESPACE_LABEL = "kubernetes.io/metadata.name"
BORN_WITH = ("default", "kube-node-lease", "kube-public", "kube-system")
MANAGED_LABEL = "endpointslice.kubernetes.io/managed-by"
CONTROLLERS = ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io")
SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror"
HEADLESS = "None"

Labels = Mapping[str, str]
ClusterSource = Union[
    "Cluster", str, "os.PathLike[str]", Mapping[str, Any], Iterable["Mapping[str, Any] | Manifest | os.PathLike[str]"]
]
"""What a cluster is made of; see `Cluster.load`."""


class Port(NamedTuple):
    """A port of a service or an endpoint. `name` is '' where it has none."""

    name: str
    port: int
    protocol: str


class Address(NamedTuple):
    """One address of an endpoint. `hostname`, `pod` (its targetRef's name), `node` and `zone` are '' where unknown.
    `ready` is None where nothing is said."""

    ip: str
    hostname: str = ""
    pod: str = ""
    node: str = ""
    zone: str = ""
    ready: bool | None = None


class Subset(NamedTuple):
    """Addresses that share their ports."""

    addresses: tuple[Address, ...]
    ports: tuple[Port, ...]


class Service(NamedTuple):
    """A Service. `cluster_ips` is ('None',) for a headless one and () where none is assigned; `external_ips` are those
    of its spec, `ingress` the (IP, hostname) pairs of its load balancer."""

    name: str
    namespace: str
    labels: Labels
    type: str
    cluster_ips: tuple[str, ...]
    external_name: str
    external_ips: tuple[str, ...]
    ingress: tuple[tuple[str, str], ...]
    ports: tuple[Port, ...]
    families: tuple[str, ...]


class Endpoints(NamedTuple):
    """An Endpoints object or an EndpointSlice. `service` is the name of the service that it belongs to ('' for a slice
    without the label); `imported` and `source` are those of a slice of another cluster; `family` is IPv4, IPv6, FQDN
    or ''."""

    name: str
    namespace: str
    labels: Labels
    service: str
    subsets: tuple[Subset, ...]
    imported: str | None = None
    source: str = ""
    family: str = ""


class Pod(NamedTuple):
    """A Pod; `deleting` while it is being terminated."""

    name: str
    namespace: str
    labels: Labels
    ip: str
    phase: str
    deleting: bool


class ServiceImport(NamedTuple):
    """A ServiceImport of the multi-cluster services API. `type` is ClusterSetIP or Headless."""

    name: str
    namespace: str
    labels: Labels
    type: str
    ips: tuple[str, ...]
    ports: tuple[Port, ...]


class Following(NamedTuple):
    """The services, by namespace and name, whose Endpoints follow from their EndpointSlices, and the other way round."""

    endpoints: frozenset[tuple[str, str]]
    slices: frozenset[tuple[str, str]]


class Cluster:
    """The Kubernetes objects of a cluster, which never change. `Cluster.load` reads them from YAML, JSON and files.

    A `World` takes one in place of the text, which is read once that way for many worlds. What the control plane would
    add (namespaces, EndpointSlices, Endpoints) need not be given; the module's docstring says what follows from what.

    given: the objects, each as a mapping. namespaces, nodes: their labels, by name. entries: Istio's ServiceEntries.
    objects: all objects as given, by kind.

    Raises ManifestError for an object that no API server would take.

    >>> cluster = Cluster.load("{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}")
    >>> [(service.namespace, service.name) for service in cluster.services]
    [('shop', 'web')]
    """

    def __init__(self, given: Iterable[Mapping[str, Any] | Manifest] = ()) -> None:
        self.objects: dict[str, list[Mapping[str, Any]]] = {}
        self.services: list[Service] = []
        self.given_endpoints: list[Endpoints] = []
        self.given_slices: list[Endpoints] = []
        self.pods: list[Pod] = []
        self.imports: list[ServiceImport] = []
        self.nodes: dict[str, Labels] = {}
        self.namespaces: dict[str, Labels] = {}
        for item in given:
            for manifest in _of_item(item, LIMITS):
                self._add(manifest)
        self.implies_namespaces = bool(self.objects) and not self.objects.get("Namespace")
        if self.implies_namespaces:
            self._imply_namespaces()
        self._endpoints: list[Endpoints] | None = None
        self._slices: list[Endpoints] | None = None
        self._following: Following | None = None

    def _add(self, manifest: Manifest) -> None:
        item = manifest.object
        kind = str(item["kind"])
        convert = _KINDS.get(kind)
        if convert is not None:
            mistake = mistake_in(item, SHAPES[kind])
            if mistake is not None:
                raise manifest.error(f"{_title(item)}: {mistake}", mistake.keys)
            convert(self, item)
        self.objects.setdefault(kind, []).append(item)

    @classmethod
    def load(cls, given: ClusterSource, limits: Limits = LIMITS) -> Cluster:
        """The cluster of `given`: YAML or JSON text, a path (`os.PathLike`) or several, one object, a list of objects,
        or a cluster itself. Raises ManifestError for what is no manifest, OSError for a file that cannot be read."""
        if isinstance(given, Cluster):
            return given
        with without_collection():
            return cls(_manifests(given, limits))

    def __deepcopy__(self, memo: object) -> Cluster:
        return self  # it never changes

    # -- what changes -------------------------------------------------------------------------------------------------

    def applied(self, given: ClusterSource, limits: Limits = LIMITS) -> tuple[Cluster, frozenset[Ref]]:
        """The cluster with these objects, each in the place of the one of its kind, namespace and name, if there is one;
        and what they are known by. Raises ManifestError."""
        other = self._copy()
        positions: dict[str, dict[Ref, int]] = {}
        written: set[Ref] = set()
        if isinstance(given, Cluster):
            given = [item for items in given.objects.values() for item in items]
        with without_collection():
            for manifest in _manifests(given, limits):
                ref = _ref_of(manifest.object)
                if not ref.name:
                    raise manifest.error(f"{ref.kind} has no name, which `metadata` gives", ("metadata",))
                items = other.objects.setdefault(ref.kind, [])
                if ref.kind not in positions:
                    positions[ref.kind] = {_ref_of(item): at for at, item in enumerate(items)}
                other._add(manifest)
                at = positions[ref.kind].setdefault(ref, len(items) - 1)
                if at < len(items) - 1:
                    for of in filter(None, (items, other._typed(ref.kind))):
                        of[at] = of.pop()
                if self.implies_namespaces and ref.kind in _SETTLED:
                    other.namespaces.setdefault(ref.namespace, {NAMESPACE_LABEL: ref.namespace})
                written.add(ref)
        return other, frozenset(written)

    def without(self, *names: str) -> tuple[Cluster, frozenset[Ref]]:
        """The cluster without these objects, given as KIND/NAMESPACE/NAME or KIND/NAME, and what they are known by.
        Raises ValueError."""
        other = self._copy()
        refs = [self.find(name) for name in names]
        for ref in refs:
            items = other.objects.get(ref.kind, [])
            for at in reversed([i for i, item in enumerate(items) if _ref_of(item) == ref]):
                for of in filter(None, (items, other._typed(ref.kind))):
                    del of[at]
            for gone, labels in (("Namespace", other.namespaces), ("Node", other.nodes)):
                if ref.kind == gone:
                    labels.pop(ref.name, None)
        return other, frozenset(refs)

    def find(self, name: str) -> Ref:
        """The object that is given as KIND/NAMESPACE/NAME, or KIND/NAME. Raises ValueError where there is none."""
        kind, *rest = name.split("/") if isinstance(name, str) else ("",)
        if not 1 <= len(rest) <= 2 or not all((kind, *rest)):
            raise ValueError(f"{name!r} is no object: KIND/NAMESPACE/NAME is needed, such as Service/shop/web")
        have = [_ref_of(item) for item in self.objects.get(kind, ())]
        if kind == "Namespace":
            have += [Ref(kind, "", n) for n in self.namespaces]
        ref = Ref(kind, rest[0] if len(rest) == 2 else "", rest[-1])
        if ref in have:
            return ref
        near = next((str(r) for r in have if r.name == ref.name), None) or _nearest(name, self, have)
        raise ValueError(f"the cluster has no {name}" + (f": did you mean {near}?" if near else ""))

    def differs_from(self, before: Cluster) -> frozenset[Ref]:
        """The objects that are not in both clusters, or not the same in both."""
        one, other = ({_ref_of(item): item for items in c.objects.values() for item in items} for c in (before, self))
        namespaces = {
            n for n in (*before.namespaces, *self.namespaces) if before.namespaces.get(n) != self.namespaces.get(n)
        }
        differ = {ref for ref in (*one, *other) if one.get(ref) != other.get(ref)}
        return frozenset(differ | {Ref("Namespace", "", n) for n in namespaces})

    def _copy(self) -> Cluster:
        from copy import copy

        other = Cluster.__new__(Cluster)
        vars(other).update({key: copy(value) for key, value in vars(self).items()})
        other.objects = {kind: [*items] for kind, items in self.objects.items()}
        other._endpoints = other._slices = None
        if self._following is None:
            given = {id(e) for e in (*self.given_endpoints, *self.given_slices)}
            other._following = Following(
                *(
                    frozenset((e.namespace, e.service) for e in of if id(e) not in given)
                    for of in (self.endpoints, self.slices)
                )
            )
        return other

    def _typed(self, kind: str) -> list[Any] | None:
        """The objects of the kind as DNS sees them, in the same order."""
        typed: dict[str, list[Any]] = {
            "Service": self.services,
            "Endpoints": self.given_endpoints,
            "EndpointSlice": self.given_slices,
            "Pod": self.pods,
            "ServiceImport": self.imports,
        }
        return typed.get(kind)

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        """The ServiceEntry objects."""
        return self.objects.get("ServiceEntry", [])

    @property
    def endpoints(self) -> list[Endpoints]:
        """The Endpoints objects, with those that follow from EndpointSlices."""
        if self._endpoints is None:
            have = {(e.namespace, e.service) for e in self.given_endpoints}
            found = _endpoints_of(self.given_slices, have, self.services)
            if self._following is not None:
                found = [e for e in found if (e.namespace, e.service) in self._following.endpoints]
            self._endpoints = self.given_endpoints + found
        return self._endpoints

    @property
    def slices(self) -> list[Endpoints]:
        """The EndpointSlices, with those that follow from Endpoints objects."""
        if self._slices is None:
            have = {(e.namespace, e.service) for e in self.given_slices if e.service}
            following = self._following
            self._slices = self.given_slices + [
                e._replace(subsets=(subset,), name=f"{e.name}-{i}")
                for e in self.given_endpoints
                if (e.namespace, e.service) not in have and e.labels.get(SKIP_LABEL) != "true"
                if following is None or (e.namespace, e.service) in following.slices
                for i, subset in enumerate(e.subsets)
            ]
        return self._slices

    def without_namespace(self) -> list[str]:
        """Objects that lie in a namespace that does not exist, such as `Service shop/web`."""
        names = [("Service", s.namespace, s.name) for s in self.services]
        names += [("ServiceImport", i.namespace, i.name) for i in self.imports]
        return [f"{kind} {namespace}/{name}" for kind, namespace, name in names if namespace not in self.namespaces]

    def without_endpoints(self) -> list[str]:
        """EndpointSlices beside which no Endpoints object stands, such as `EndpointSlice shop/web-own`."""
        have = {(e.namespace, e.service) for e in self.endpoints}
        return [
            f"EndpointSlice {s.namespace}/{s.name}"
            for s in self.given_slices
            if s.service and (s.namespace, s.service) not in have
        ]

    def without_address(self) -> list[str]:
        """Services to which the API server would have given a clusterIP, such as `Service shop/web`."""
        return [
            f"Service {s.namespace}/{s.name}" for s in self.services if not s.cluster_ips and s.type != "ExternalName"
        ]

    def _imply_namespaces(self) -> None:
        names = set(BORN_WITH)
        for items in (self.services, self.given_endpoints, self.given_slices, self.pods, self.imports):
            names.update(x.namespace for x in items)
        names.update(_meta(x)[1] for x in self.entries)
        self.namespaces = {name: {NAMESPACE_LABEL: name} for name in sorted(names)}

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(items)} {kind}" for kind, items in self.objects.items())
        return f"<Cluster {counts or 'empty'}>"


def _manifests(given: ClusterSource, limits: Limits) -> Iterable[Manifest]:
    if isinstance(given, str):
        if given.strip() and not re.search(r"[\n{\[]|:\s|:$|^---", given):
            raise ManifestError(f"{given!r} is no Kubernetes object; a path is given as pathlib.Path({given!r})")
        return objects(given, limits=limits)
    if isinstance(given, os.PathLike):
        return _in_file(given, limits)
    if isinstance(given, Mapping):
        return found_in(given)
    if not isinstance(given, Iterable) or isinstance(given, bytes | bytearray):
        raise TypeError(
            "a cluster is given as YAML or JSON text, a pathlib.Path, objects or a Cluster, "
            f"not as {type(given).__name__}"
        )
    return (manifest for item in given for manifest in _of_item(item, limits))


def _of_item(item: Mapping[str, Any] | Manifest | os.PathLike[str], limits: Limits) -> Iterable[Manifest]:
    if isinstance(item, Manifest):
        return (item,)
    return _in_file(item, limits) if isinstance(item, os.PathLike) else found_in(item)


def _in_file(path: os.PathLike[str], limits: Limits) -> Iterable[Manifest]:
    return objects(text_of(read_file(path, pipes=True, most=limits.cluster.named_size)), os.fspath(path), limits)


# -- objects to tuples ------------------------------------------------------------------------------------------------
#
# These are handed objects of the right shape.

_NO_LABELS: Labels = {}


def _title(item: Mapping[str, Any]) -> str:
    meta = item.get("metadata")
    name = meta.get("name") if isinstance(meta, Mapping) else None
    return f"{item['kind']} {name if isinstance(name, str) and name else '(without a name)'}"


def _map(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return item.get(key) or _NO_LABELS


def _list(item: Mapping[str, Any], key: str) -> list[Any] | tuple[Any, ...]:
    return item.get(key) or ()


def _meta(item: Mapping[str, Any]) -> tuple[str, str, Labels]:
    meta = item["metadata"]
    labels: Labels = meta.get("labels") or _NO_LABELS
    if any(text.__class__ is not str for text in labels.values()):
        labels = {key: "" if text is None else str(text) for key, text in labels.items()}
    return str(meta["name"]), str(meta.get("namespace") or "default"), labels


def _ports(item: Mapping[str, Any]) -> tuple[Port, ...]:
    return tuple(
        Port(str(p.get("name") or ""), -1 if p.get("port") is None else int(p["port"]), str(p.get("protocol") or "TCP"))
        for p in _list(item, "ports")
    )


def _service(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, namespace, labels = _meta(item)
    spec = _map(item, "spec")
    ips = _list(spec, "clusterIPs")
    cluster_ips = tuple(map(str, ips)) if ips else ((str(spec["clusterIP"]),) if spec.get("clusterIP") else ())
    balancer = _map(_map(item, "status"), "loadBalancer")
    cluster.services.append(
        Service(
            name,
            namespace,
            labels,
            str(spec.get("type") or "ClusterIP"),
            cluster_ips,
            str(spec.get("externalName") or ""),
            tuple(map(str, _list(spec, "externalIPs"))),
            tuple((str(x.get("ip") or ""), str(x.get("hostname") or "")) for x in _list(balancer, "ingress")),
            _ports(spec),
            tuple(map(str, _list(spec, "ipFamilies"))),
        )
    )


def _endpoints(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, namespace, labels = _meta(item)
    subsets = []
    for subset in _list(item, "subsets"):
        addresses = tuple(
            Address(
                str(a["ip"]),
                str(a.get("hostname") or ""),
                str(_map(a, "targetRef").get("name") or ""),
                str(a.get("nodeName") or ""),
                "",
                True,
            )
            for a in _list(subset, "addresses")
        )
        subsets.append(Subset(addresses, _ports(subset)))
    cluster.given_endpoints.append(Endpoints(name, namespace, labels, name, tuple(subsets)))


def _slice(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, namespace, labels = _meta(item)
    addresses = []
    for endpoint in _list(item, "endpoints"):
        ready = _map(endpoint, "conditions").get("ready")
        pod = _map(endpoint, "targetRef").get("name")
        for ip in _list(endpoint, "addresses"):
            addresses.append(
                Address(
                    str(ip),
                    str(endpoint.get("hostname") or ""),
                    str(pod or ""),
                    str(endpoint.get("nodeName") or ""),
                    str(endpoint.get("zone") or ""),
                    None if ready is None else bool(ready),
                )
            )
    cluster.given_slices.append(
        Endpoints(
            name,
            namespace,
            labels,
            str(labels.get(SERVICE_LABEL) or ""),
            (Subset(tuple(addresses), _ports(item)),),
            None if labels.get(IMPORT_LABEL) is None else str(labels[IMPORT_LABEL]),
            str(labels.get(SOURCE_LABEL) or ""),
            str(item.get("addressType") or ""),
        )
    )


def _pod(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, namespace, labels = _meta(item)
    status = _map(item, "status")
    cluster.pods.append(
        Pod(
            name,
            namespace,
            labels,
            str(status.get("podIP") or ""),
            str(status.get("phase") or ""),
            bool(item["metadata"].get("deletionTimestamp")),
        )
    )


def _import(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, namespace, labels = _meta(item)
    spec = _map(item, "spec")
    cluster.imports.append(
        ServiceImport(
            name,
            namespace,
            labels,
            str(spec.get("type") or ""),
            tuple(map(str, _list(spec, "ips"))),
            _ports(spec),
        )
    )


def _namespace(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, _, labels = _meta(item)
    cluster.namespaces[name] = {NAMESPACE_LABEL: name, **labels}  # which every API server has set since Kubernetes 1.21


def _node(cluster: Cluster, item: Mapping[str, Any]) -> None:
    name, _, labels = _meta(item)
    cluster.nodes[name] = labels


def _entry(cluster: Cluster, item: Mapping[str, Any]) -> None:
    _meta(item)


_KINDS = {
    "Service": _service,
    "Endpoints": _endpoints,
    "EndpointSlice": _slice,
    "Pod": _pod,
    "Namespace": _namespace,
    "Node": _node,
    "ServiceImport": _import,
    "ServiceEntry": _entry,
}


_SETTLED = frozenset(("Service", "Endpoints", "EndpointSlice", "Pod", "ServiceImport", "ServiceEntry"))
"""Kinds that lie in a namespace."""


def _ref_of(item: Mapping[str, Any]) -> Ref:
    """What an object is known by; its name is '' where it has none."""
    kind, meta = str(item["kind"]), item.get("metadata")
    if not isinstance(meta, Mapping):
        return Ref(kind, "", "")
    name, namespace = meta.get("name"), meta.get("namespace") or ("default" if kind in _SETTLED else "")
    return Ref(kind, "" if kind in ("Namespace", "Node") else str(namespace), str(name or ""))


def _nearest(name: str, cluster: Cluster, have: list[Ref]) -> str | None:
    from difflib import get_close_matches

    known = map(str, have or (_ref_of(item) for items in cluster.objects.values() for item in items))
    return next(iter(get_close_matches(name, known, 1)), None)


def _endpoints_of(slices: list[Endpoints], have: set[tuple[str, str]], services: list[Service]) -> list[Endpoints]:
    """The Endpoints objects that stand beside those of `slices` that a controller has made: ready addresses of the
    service's first address family."""
    first = {(s.namespace, s.name): _family(s) for s in services}
    found: dict[tuple[str, str], list[Subset]] = {}
    labels: dict[tuple[str, str], Labels] = {}
    for slice_ in slices:
        key = (slice_.namespace, slice_.service)
        if not slice_.service or key in have or slice_.labels.get(MANAGED_LABEL) not in CONTROLLERS:
            continue
        subsets = found.setdefault(key, [])
        labels.setdefault(key, slice_.labels)
        family = first.get(key, "")
        if family and slice_.family and slice_.family != family:
            continue
        for subset in slice_.subsets:
            ready = tuple(a for a in subset.addresses if a.ready is not False)
            if ready:
                subsets.append(Subset(ready, subset.ports))
    return [
        Endpoints(service, namespace, labels[namespace, service], service, tuple(subsets))
        for (namespace, service), subsets in found.items()
    ]


def _family(service: Service) -> str:
    if service.families:
        return service.families[0]
    if service.cluster_ips and service.cluster_ips[0] != HEADLESS:
        return "IPv6" if ":" in service.cluster_ips[0] else "IPv4"
    return ""


__all__ = [
    "Address",
    "Cluster",
    "ClusterSource",
    "Endpoints",
    "ManifestError",
    "Pod",
    "Port",
    "Service",
    "ServiceImport",
    "Subset",
]
