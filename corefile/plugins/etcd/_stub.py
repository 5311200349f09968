"""Zones that other servers are asked for, as etcd has them below stub.dns of the first zone (plugin/etcd/stub.go, up to
1.3.1)."""

from __future__ import annotations

from ...golang.errors import GoError
from ...golang.jsontext import into_struct
from ...plugin import Outcome, Plugin, Query, Reason, dns, failed, fqdn, is_subdomain, join_port, labels, parse_ip
from .._upstream import Failed, Upstream
from ._find import SERVICE, Finder

ASKED = Reason("stub-zone", "a stub zone: {} answered")
CYCLE = Reason("stub-cycle", "the question has been forwarded already")
UNREACHABLE = Reason("stub-unreachable", "a stub zone, and none of its servers answers")
OPTION = 65011
"""The EDNS option that questions which are forwarded have."""
EVERY = 15.0
"""Seconds after which CoreDNS looks again."""


class Stubs:
    """The servers of each stub zone."""

    def __init__(self, plugin: Plugin, zones: tuple[str, ...], finder: Finder) -> None:
        self.plugin = plugin
        self.zones = zones
        self.finder = finder
        self.rules = finder.rules
        self.setup = plugin.setup
        self.servers: dict[str, tuple[str, ...]] = {}

    def look(self) -> None:
        """Look what is registered. Where that is nothing, or cannot be read, it stays as it was."""
        found: dict[str, tuple[str, ...]] = {}
        for key, entry in self.finder.now(f"stub.dns.{self.zones[0]}").items():
            try:
                given = into_struct(entry.value, "Service", SERVICE, "msg")
            except GoError:
                return
            ip = parse_ip(given["host"])
            if ip is None:
                self._warn(f"Non IP address stub nameserver: {given['host']}")
                continue
            zone = self._zone(self.finder.domain(key))
            if zone:
                found[zone] = (*found.get(zone, ()), join_port(given["host"], given["port"] or 53))
        self.servers = found or self.servers

    def _zone(self, name: str) -> str:
        """The zone that a key stands for: its name without the first label and without all from stub.dns on."""
        parts, zone = labels(name), ""
        for own in self.zones:
            zone = fqdn(".".join(parts[1 : len(parts) - len(labels(own)) - 2]))
            if zone == own:
                self._warn(f"Skipping nameserver for domain we are authoritative for: {zone}")
                return ""
        return zone

    def _warn(self, text: str) -> None:
        self.setup.log(f"[WARNING] {'plugin/etcd: ' if self.rules.names_plugin else ''}{text}")

    def answer(self, query: Query) -> Outcome | None:
        """What the servers of a stub zone say; None where the name is in none."""
        zones = [zone for zone in self.servers if is_subdomain(zone, query.name)]
        if not zones:
            return None
        zone = self.setup.world.choose(zones, "which of the stub zones is taken")
        edns = query.msg.edns
        if edns is not None and (OPTION, b"\x01") in edns.options:
            self._warn(f"Forwarding cycle detected, refusing msg: {query.qname}")
            return failed(dns.REFUSED, "stub forward cycle", CYCLE())
        msg = query.msg.copy()
        own = (OPTION, b"\x01")
        msg.edns = dns.Edns(4096, options=(own,)) if edns is None else edns._replace(options=(*edns.options, own))
        query.became = asked = Query(msg, query.ctx, max(query.size, 4096) if edns is None else query.size)
        try:
            reply = Upstream(self.setup, self.servers[zone]).forward(asked, msg)
        except Failed:
            return failed(dns.SERVFAIL, "unreachable backend: no upstream host", UNREACHABLE())
        if self.rules.recursion_available:
            reply.ra = True
        return self.plugin.write(asked, reply, (ASKED, ", ".join(self.servers[zone])))


__all__ = ["EVERY", "Stubs"]
