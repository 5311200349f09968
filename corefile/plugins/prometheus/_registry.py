"""Which metrics an address shows: CoreDNS has had one registry for all of them, one for each address, and some in between."""

from __future__ import annotations

from ...plugin import Instance, Setup, Site
from ._rules import PrometheusRules

SERVERS = frozenset(("dns", "panic", "panics", "plugin"))
"""Whose metrics are the server's own, by the second word of their names."""

UNREGISTERED = frozenset(("coredns_forward_healthcheck_broken_count_total", "coredns_forward_healthcheck_broken_total"))
"""Counted, but exported only since one registry has all metrics."""


COUNTED_BY_ACL = ("coredns_dns_request_block_count", "coredns_dns_request_allow_count")
"""Metrics of `acl` that up to 1.6.9 have names like those of the server."""
OF_ACL = "acl"


class Registered:
    """By directive, the instance whose block registered its metrics first: a reload brings new registries. It belongs to the
    process. last: the instance whose plugins were looked at last."""

    def __init__(self) -> None:
        self.by_directive: dict[str, Instance] = {}
        self.last: Instance | None = None


class Registry:
    """The metrics that the address of one `prometheus` shows."""

    def __init__(self, address: str, setup: Setup) -> None:
        self.address = address
        self.setup = setup
        self.metrics = setup.instance.metrics
        self.kind = PrometheusRules.of(setup.release).registry
        self.registered = setup.instance.process.get(Registered)

    def take(self) -> None:
        """The metrics of the instance's plugins are registered, where they are not yet."""
        instance, registered = self.setup.instance, self.registered
        if registered.last is instance:  # another block's `prometheus` has done it for all blocks
            return
        registered.last = instance
        for site in instance.sites:
            for handler in site.handlers:
                registered.by_directive.setdefault(handler.name, instance)

    def shows(self, line: str) -> bool:
        """Whether the registry has the metric of a line of the text format."""
        if self.kind == "of the process":
            return True
        name = line.partition("{")[0].partition(" ")[0]
        owner = OF_ACL if name.startswith(COUNTED_BY_ACL) else name.split("_")[1]
        if owner in SERVERS:
            return True
        if name in UNREGISTERED:
            return False
        sites = [s for s in self.setup.instance.sites if any(h.name == owner for h in s.handlers)]
        if owner == "reload":
            # It registers its metrics when its first block restarts for the first time.
            reloaded = any(name == "coredns_reload_version_info" for name, _ in self.metrics.values)
            return reloaded and bool(sites) and self.serves(sites[0])
        if self.kind == "of the first block":
            # Of all registries with this address, the first one is served.
            first = bool(sites) and sites[0] is self.setup.site and self.serves(sites[0])
            return first and self.registered.by_directive.get(owner, self.setup.instance) is self.setup.instance
        if self.kind == "of the block":
            return self.setup.site in sites
        return any(self.serves(site) for site in sites)

    def serves(self, site: Site) -> bool:
        """Whether a block has `prometheus` with this address."""
        other = site.handler(self.setup.name)
        return other is not None and bool(other.config.address == self.address)


__all__ = ["Registered", "Registry"]
