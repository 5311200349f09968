"""What one `kubernetes` lets be seen of the cluster, and how labels of a question fit names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plugin import Panic, Reason, Why, World, is_subdomain
from ...world.cluster import Pod, Port
from .._services import Found, Missing
from .._upstream import PANIC
from ._config import Config
from ._rules import KubernetesRules

if TYPE_CHECKING:
    from ._index import Endpoints, Index

LEFT_OUT = Reason("namespace-left-out", "`namespaces` leaves out the namespace {}")
NOT_LABELLED = Reason("namespace-not-labelled", "there is no namespace {} that `labels` selects")
NOT_SELECTED = Reason("namespace-not-selected", "there is no namespace {} that `namespace_labels` selects")
NO_NAMESPACE = Reason("no-such-namespace", "there is no namespace {}")


class View:
    """The objects by the options and the release. All look-ups by key or address take constant time.

    primary_zone: that names of addresses lie in. local_ips: the machine's own addresses.
    """

    def __init__(
        self,
        index: Index,
        config: Config,
        rules: KubernetesRules,
        world: World,
        primary_zone: str,
        local_ips: tuple[str, ...],
    ) -> None:
        self.index = index
        self.config = config
        self.rules = rules
        self.world = world
        self.primary_zone = primary_zone
        self.local_ips = local_ips
        self.ttl = config.ttl
        self.portless_asked: set[str] = set()
        """Services without ports that have been asked for."""

    # -- what exists --------------------------------------------------------------------------------------------------

    def wildcard(self, label: str) -> bool:
        """Whether the label stands for any (until 1.9.0)."""
        return label in ("*", "any") and self.rules.wildcards

    def matches(self, asked: str, given: str) -> bool:
        """Whether a label of the question fits a name."""
        if asked == given or asked.lower() == given.lower():
            return True
        return self.rules.wildcards and (asked in ("*", "any") or given in ("*", "any"))

    def exposed(self, namespace: str) -> bool:
        """Whether the options let the namespace be seen; since 1.5.0 it has to exist, too."""
        namespaces = self.config.namespaces
        if namespaces and namespace not in namespaces:
            return False
        return not self.rules.namespace_must_exist or namespace in self.index.namespaces

    def exists(self, namespace: str) -> bool:
        """Whether the namespace exists; since 1.5.0 also whether it is exposed."""
        return self.exposed(namespace) if self.rules.namespace_must_exist else namespace in self.index.namespaces

    def is_multicluster(self, zone: str) -> bool:
        """Whether the names of the zone are those of imports."""
        zones = self.config.multicluster
        return bool(zones) and any(is_subdomain(z, zone.lower()) for z in zones)

    def endpoints(self, key: str) -> list[Endpoints]:
        """The endpoints of a service."""
        self._need_endpoints(self.rules.endpoints_are_needed and not self.rules.empty_endpoints_suffice)
        return self.index.endpoints_by_key.get(key, [])

    def all_endpoints(self) -> list[Endpoints]:
        """The endpoints of all services."""
        self._need_endpoints(self.rules.endpoints_are_needed and not self.rules.empty_endpoints_suffice)
        return self.index.endpoints

    def endpoints_at(self, ip: str) -> list[Endpoints]:
        """The endpoints that have the address."""
        self._need_endpoints(self.rules.endpoints_are_needed)
        return self.index.endpoints_by_ip.get(ip, [])

    def _need_endpoints(self, needed: bool) -> None:
        if needed and not self.index.watched.endpoints:
            raise Panic(PANIC)

    def pod_at(self, ip: str) -> Pod | None:
        """The pod with that address."""
        if not self.index.watched.pods:
            if self.rules.pods_are_needed:
                raise Panic(PANIC)
            return None
        pods = self.index.pods.get(ip)
        return self.world.choose(pods, f"which of the pods at {ip} is meant") if pods else None

    def fits(self, port: str, protocol: str, given: Port) -> bool:
        """Whether a port fits the question's. What is empty fits any; before 1.9.0 only what has no name."""
        empty_fits = not self.rules.wildcards
        return ((empty_fits and not port) or self.matches(port, given.name)) and (
            (empty_fits and not protocol) or self.matches(protocol, given.protocol)
        )

    def hidden(self, namespace: str) -> Why:
        """Why a namespace is not seen."""
        namespaces = self.config.namespaces
        if namespaces and namespace not in namespaces:
            return (LEFT_OUT, namespace)
        watched = self.index.watched
        if watched.namespace_labels is not None:
            return (NOT_SELECTED, namespace)
        return (NOT_LABELLED if watched.labels and self.rules.labels_select_namespaces else NO_NAMESPACE, namespace)

    def empty(self, namespace: str) -> Found:
        """What the name of the namespace itself has."""
        return [] if self.exists(namespace) or self.wildcard(namespace) else Missing(self.hidden(namespace))


__all__ = ["View"]
