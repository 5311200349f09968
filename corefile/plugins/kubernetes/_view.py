"""What one `kubernetes` lets be seen of the cluster, and how labels of a question fit names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.query import Panic
from ...dns.names import is_subdomain
from .._upstream import PANIC
from ._ask import Found, Missing, Settings

if TYPE_CHECKING:
    from ...chain.query import Why
    from ...world import World
    from ...world.cluster import Pod, Port
    from ._index import Endpoints, Index
    from ._rules import Rules


class View:
    """The objects by the options and the release. All look-ups by key or address take constant time."""

    def __init__(
        self, index: Index, settings: Settings, rules: Rules, world: World, local_ips: tuple[str, ...]
    ) -> None:
        self.index = index
        self.settings = settings
        self.rules = rules
        self.world = world
        self.local_ips = local_ips
        self.portless_asked: set[str] = set()
        """Services without ports that somebody asked for."""
        self.chose = False
        """Whether an answer depended on a choice since this was last set to False."""

    # -- what exists ----------------------------------------------------------------------------------------------

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
        namespaces = self.settings.namespaces
        if namespaces and namespace not in namespaces:
            return False
        return not self.rules.namespace_must_exist or namespace in self.index.namespaces

    def exists(self, namespace: str) -> bool:
        """Whether the namespace exists; since 1.5.0 also whether it is exposed."""
        return self.exposed(namespace) if self.rules.namespace_must_exist else namespace in self.index.namespaces

    def is_multicluster(self, zone: str) -> bool:
        """Whether the names of the zone are those of imports."""
        zones = self.settings.multicluster
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
        if needed and not self.index.seen.endpoints:
            raise Panic(PANIC)

    def pod_at(self, ip: str) -> Pod | None:
        """The pod with that address."""
        if not self.index.seen.pods:
            if self.rules.pods_are_needed:
                raise Panic(PANIC)
            return None
        pods = self.index.pods.get(ip)
        if not pods:
            return None
        if len(pods) > 1:
            self.chose = True
        return self.world.choose(pods, f"which of the pods at {ip} is meant")

    def fits(self, port: str, protocol: str, given: Port) -> bool:
        """Whether a port fits the question's. What is empty fits any; before 1.9.0 only what has no name."""
        empty_fits = not self.rules.wildcards
        return ((empty_fits and not port) or self.matches(port, given.name)) and (
            (empty_fits and not protocol) or self.matches(protocol, given.protocol)
        )

    def hidden(self, namespace: str) -> Why:
        namespaces = self.settings.namespaces
        if namespaces and namespace not in namespaces:
            return ("`namespaces` leaves out the namespace {}", namespace)
        if self.index.seen.namespace_labels is not None:
            return ("there is no namespace {} that `namespace_labels` selects", namespace)
        return ("there is no namespace {}", namespace)

    def empty(self, namespace: str) -> Found:
        """What the name of the namespace itself has."""
        return [] if self.exists(namespace) or self.wildcard(namespace) else Missing(self.hidden(namespace))


__all__ = ["View"]
