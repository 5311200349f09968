"""What the watches of `kubernetes` make of changes: serials, and pods that outlive their end.

Source: plugin/kubernetes (controller.go) and its object/informer.go of each release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...world.cluster import Cluster, Endpoints, Pod, Port, Service, ServiceImport
from ...world.manifests import Ref
from ...world.selectors import Selector
from ._config import Config
from ._index import Watched, external_of, has_finished, is_watched
from ._rules import KubernetesRules

INSIDE, OUTSIDE, IMPORTS = "inside", "outside", "imports"
"""What has a serial of its own: the cluster's zones, those of `k8s_external`, and those of `multicluster`."""

Event = tuple[Any, Any]
"""An object before and after: None before it was added to, and after it was deleted from, what is watched."""


class Watches:
    """What one `kubernetes` keeps of the changes that it has seen.

    modified: when each of INSIDE, OUTSIDE, IMPORTS last changed, in seconds since the epoch; 0 where never. lingering:
    pods that are being deleted, as they were before, by which they are still known.
    """

    def __init__(self, config: Config, rules: KubernetesRules) -> None:
        self.watched = Watched.by(config)
        self.rules = rules
        self.zonal = config.zonal
        self.modified = {INSIDE: 0, OUTSIDE: 0, IMPORTS: 0}
        self.lingering: dict[Ref, Pod] = {}

    def begin(self, cluster: Cluster, now: int) -> None:
        """Take notice of the objects that are there at the start."""
        watched, rules = self.watched, self.rules
        labels = watched.labels

        def some(objects: Iterable[Any], selector: Selector | None = labels) -> bool:
            return any(selector is None or selector.matches(x.labels) for x in objects)

        if (
            some(cluster.services)
            or (watched.pods and some(p for p in cluster.pods if is_watched(p, rules)))
            or (watched.imports and some(cluster.imports, watched.namespace_labels))
            or ((watched.endpoints or watched.imports) and some(self._endpoints(cluster)))
        ):
            self.modified[INSIDE] = now

    def _endpoints(self, cluster: Cluster) -> list[Endpoints]:
        found = cluster.slices if self.rules.slices else cluster.endpoints
        return found if self.watched.endpoints else [e for e in found if e.imported is not None]

    def see(self, before: Cluster, after: Cluster, changed: frozenset[Ref], now: int) -> None:
        """Take notice of a change."""
        watched, rules = self.watched, self.rules
        kinds = {ref.kind for ref in changed}
        touched = {(ref.namespace, ref.name) for ref in changed}
        if "Service" in kinds:
            for event in _events(before.services, after.services, touched, watched.labels):
                self._count(event, now, self._of_service)
        if {"Endpoints", "EndpointSlice"} & kinds:
            old, new = (c.slices if rules.slices else c.endpoints for c in (before, after))
            events = [*_events(old, new, touched, watched.labels)]
            if watched.endpoints:
                for event in events:
                    self._count(event, now, self._of_endpoints)
            if watched.imports:
                for one, other in (
                    [x if x is not None and x.imported is not None else None for x in e] for e in events
                ):
                    self._count((one, other), now, self._of_imported)
        if "ServiceImport" in kinds and watched.imports:
            for event in _events(before.imports, after.imports, touched, watched.namespace_labels):
                self._count(event, now, self._of_import)
        if "Pod" in kinds and watched.pods:
            was, now_there = ([p for p in c.pods if not has_finished(p, rules)] for c in (before, after))
            for event in _events(was, now_there, touched, watched.labels):
                self._count(event, now, self._of_pod)

    def _count(self, event: Event, now: int, compare: Callable[[Any, Any], Iterable[str]]) -> None:
        old, new = event
        if (old is not None and new is not None) or isinstance(old or new, Pod):
            counted = compare(old, new)
        else:
            counted = (INSIDE,) if old is not new else ()
        for what in counted:
            self.modified[what] = now

    def _of_service(self, old: Service, new: Service) -> Iterator[str]:
        rules = self.rules
        if not rules.serial_knows_services:
            yield INSIDE
            return
        external = external_of(old, rules) != external_of(new, rules)
        alias = old.external_name != new.external_name
        ports = not (alias and external) and old.ports != new.ports
        if alias or ports:
            yield INSIDE
        if external or ports:
            yield OUTSIDE

    def _of_endpoints(self, old: Endpoints, new: Endpoints) -> Iterator[str]:
        if self._shown(old) != self._shown(new):
            yield INSIDE

    def _of_imported(self, old: Endpoints, new: Endpoints) -> Iterator[str]:
        if (old.source, self._shown(old)) != (new.source, self._shown(new)):
            yield IMPORTS

    def _of_import(self, old: ServiceImport, new: ServiceImport) -> Iterator[str]:
        if (old.type, old.ports) != (new.type, new.ports):
            yield IMPORTS

    def _of_pod(self, old: Pod | None, new: Pod | None) -> Iterator[str]:
        rules = self.rules
        ref = Ref("Pod", *next((p.namespace, p.name) for p in (old, new) if p is not None))
        known = self.lingering.get(ref, old)
        if new is None:
            if old is None or not (old.deleting and rules.deleted_pods_stay):
                self.lingering.pop(ref, None)
                yield INSIDE
        elif new.deleting and rules.deleted_pods_left_out:
            if known is not None and not known.deleting:
                self.lingering[ref] = known
        else:
            self.lingering.pop(ref, None)
            if known is None or not rules.serial_knows_pods or known.ip != new.ip:
                yield INSIDE

    def _shown(self, endpoints: Endpoints) -> list[tuple[list[tuple[str, ...]], tuple[Port, ...]]]:
        """What of endpoints the serial follows."""
        left_out = self.rules.unready_left_out
        zones = self.zonal and self.rules.serial_knows_topology
        return [
            (
                [
                    (a.ip, a.hostname, a.zone.lower() if zones else "")
                    for a in subset.addresses
                    if not (a.ready is False and left_out)
                ],
                subset.ports,
            )
            for subset in endpoints.subsets
        ]


def _events(
    before: Iterable[Any], after: Iterable[Any], touched: set[tuple[str, str]], selector: Selector | None
) -> Iterator[Event]:
    """What a watch is told: of objects that were written, and of those that follow from them and differ."""
    old, new = (
        {(x.namespace, x.name): x for x in objects if selector is None or selector.matches(x.labels)}
        for objects in (before, after)
    )
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if one is not other and (key in touched or one != other):
            yield one, other


__all__ = ["IMPORTS", "INSIDE", "OUTSIDE", "Watches"]
