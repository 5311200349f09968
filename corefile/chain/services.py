"""Services of the cluster behind which the server itself stands, so that what it sends to them comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..findings import Source
from ..golang.addresses import join_port
from ..language.configmap import config_map_of

if TYPE_CHECKING:
    from ..world import World
    from ..world.cluster import Cluster, Port, Service

HEADLESS = "None"


def own_services(source: Source, world: World) -> dict[str, str]:
    """The addresses (`ip:port`) of Services to whose endpoints a pod belongs that mounts the ConfigMap of the Corefile, each
    with the port at which such pods are asked. None without a cluster, and for a Corefile that is in no ConfigMap."""
    cluster, config_map = world.given_cluster, config_map_of(source)
    if cluster is None or config_map is None or not cluster.services:
        return {}
    namespace, name = config_map
    mounting = {
        _place(pod)
        for pod in cluster.objects.get("Pod", ())
        if not namespace or _place(pod)[0] == namespace
        if name in _mounted(pod)
    }
    leading = {
        (one.namespace, one.service)
        for one in ((*cluster.given_endpoints, *cluster.slices) if mounting else ())
        for subset in one.subsets
        if any((one.namespace, address.pod) in mounting for address in subset.addresses)
    }
    return {
        address: port
        for service in (cluster.services if leading else ())
        if (service.namespace, service.name) in leading
        for address, ports in behind(cluster, service).items()
        for port in ports[:1]
    }


def behind(cluster: Cluster, service: Service) -> dict[str, list[str]]:
    """The addresses (`ip:port`) of a Service, each with the ports of the pods behind it: those of its endpoints, or else its
    own."""
    targets = [
        port
        for one in (*cluster.given_endpoints, *cluster.slices)
        if (one.namespace, one.service) == (service.namespace, service.name)
        for subset in one.subsets
        for port in subset.ports
    ]
    found: dict[str, list[str]] = {}
    for port in service.ports:
        ports = [str(x.port) for x in targets if (x.name, x.protocol) == (port.name, port.protocol)]
        ports = ports or [str(_target(cluster, service, port))]
        for ip in service.cluster_ips:
            if ip != HEADLESS:
                at = found.setdefault(join_port(ip, port.port), [])
                at += [one for one in ports if one not in at]
    return found


def _target(cluster: Cluster, service: Service, port: Port) -> int:
    """The port of the pods that a port of a Service leads to, where no endpoints are given: its `targetPort`, which may be the
    name of a container's port."""
    for item in cluster.objects.get("Service", ()):
        if _place(item) == (service.namespace, service.name):
            spec = _map(item, "spec")
            for given in _maps(spec, "ports"):
                if given.get("port") == port.port and (given.get("protocol") or "TCP") == port.protocol:
                    target = given.get("targetPort")
                    if isinstance(target, str):
                        target = _named(cluster, service.namespace, _map(spec, "selector"), target, port.protocol)
                    return target if isinstance(target, int) else port.port
    return port.port


def _named(cluster: Cluster, namespace: str, selector: Mapping[str, Any], name: str, protocol: str) -> int | None:
    """The number of the port that containers have by that name, in a pod that the Service selects (FindPort of
    Kubernetes)."""
    if name.isdecimal():
        return int(name)
    for pod in cluster.objects.get("Pod", ()):
        labels = _map(pod["metadata"], "labels")
        if _place(pod)[0] == namespace and all(labels.get(key) == value for key, value in selector.items()):
            for container in _maps(_map(pod, "spec"), "containers"):
                for port in _maps(container, "ports"):
                    if port.get("name") == name and (port.get("protocol") or "TCP") == protocol:
                        number = port.get("containerPort")
                        return number if isinstance(number, int) else None
    return None


def _mounted(pod: Mapping[str, Any]) -> list[str]:
    """The names of the ConfigMaps that a pod mounts."""
    volumes = _maps(_map(pod, "spec"), "volumes")
    return [str(_map(volume, "configMap").get("name")) for volume in volumes if _map(volume, "configMap")]


def _place(item: Mapping[str, Any]) -> tuple[str, str]:
    """Namespace and name of an object."""
    meta = item["metadata"]
    return meta.get("namespace") or "default", meta.get("name") or ""


def _map(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping at a key; an empty one for anything else, as the cluster has not looked at it."""
    found = item.get(key)
    return found if isinstance(found, Mapping) else {}


def _maps(item: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings of the list at a key."""
    found = item.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


__all__ = ["behind", "own_services"]
