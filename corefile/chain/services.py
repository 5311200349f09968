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
        (pod["metadata"].get("namespace") or "default", pod["metadata"].get("name"))
        for pod in cluster.objects.get("Pod", ())
        if not namespace or (pod["metadata"].get("namespace") or "default") == namespace
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
    at = (service.namespace, service.name)
    for item in cluster.objects.get("Service", ()):
        meta = item["metadata"]
        spec = item.get("spec")
        if (meta.get("namespace") or "default", meta.get("name")) == at and isinstance(spec, Mapping):
            for given in spec.get("ports") or ():
                if given.get("port") == port.port and (given.get("protocol") or "TCP") == port.protocol:
                    target = given.get("targetPort")
                    named = _named(cluster, service.namespace, target) if isinstance(target, str) else target
                    return named if isinstance(named, int) else port.port
    return port.port


def _named(cluster: Cluster, namespace: str, name: str) -> int | None:
    """The number of a container's port of that name in a pod of the namespace."""
    if name.isdecimal():
        return int(name)
    for pod in cluster.objects.get("Pod", ()):
        spec = pod.get("spec")
        if (pod["metadata"].get("namespace") or "default") == namespace and isinstance(spec, Mapping):
            for container in spec.get("containers") or ():
                for port in container.get("ports") or () if isinstance(container, Mapping) else ():
                    if port.get("name") == name:
                        number = port.get("containerPort")
                        return number if isinstance(number, int) else None
    return None


def _mounted(pod: Mapping[str, Any]) -> list[str]:
    """The names of the ConfigMaps that a pod mounts."""
    spec = pod.get("spec")
    volumes = spec.get("volumes") if isinstance(spec, Mapping) else None
    maps = [volume.get("configMap") for volume in volumes or () if isinstance(volume, Mapping)]
    return [str(one.get("name")) for one in maps if isinstance(one, Mapping)]


__all__ = ["behind", "own_services"]
