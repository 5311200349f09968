"""k8s_external - shows services with external addresses to the outside, in a zone of their own.

Description: answers `SERVICE.NAMESPACE.ZONE` with the addresses that a service of the cluster has outside it: its
`externalIPs` and those of its load balancer, which may also be a name. `PORT.PROTOCOL.SERVICE.NAMESPACE.ZONE` gives SRV
records; an address asked backwards (since 1.9.4) gives the service. The zone has its name server at `ns1.APEX.ZONE`.
The services come from the `kubernetes` plugin of the same server block, which has to be there (up to 1.10.1, without it
nothing happened).

Syntax:
    k8s_external [ZONES...] {
        ttl SECONDS
        apex LABEL
        headless
        fallthrough [ZONES...]
    }

`ttl` is that of addresses and of the zone's own records (5); `apex` is the label below which the name server lives
(`dns`); `headless` shows headless services without external addresses, and their endpoints, too. The zone can be
transferred since 1.9.1.

Examples: `k8s_external example.org` beside `kubernetes cluster.local`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ...plugin import (
    Arg,
    Below,
    Declaration,
    Exact,
    Fall,
    Fallthrough,
    Int,
    Landmark,
    Line,
    Next,
    Outcome,
    Panic,
    Query,
    Reason,
    Result,
    Setup,
    Zones,
    count_labels,
    dns,
    is_subdomain,
    labels,
)
from .._services import Answered, Ask, Directory, Failure, Missing, Records, ServiceRecord
from .._upstream import PANIC, Failed, Upstream
from ._records import Outside, join, unknown
from ._rules import ExternalRules

NO_KUBERNETES = Reason("no-kubernetes", "there is no kubernetes plugin in this server block")
NO_SERVICE = Reason("no-such-service", "no service with external addresses has this name")
NO_LABELS = Reason("no-labels", "the name has no labels of its own, for which CoreDNS fails")
ONLY_SERVER = Reason("only-name-server", "only ns1.{} exists in the name server's subtree")


TTL = Int(
    "seconds", min=0, max=3600, located=False, range_error="ttl must be in range [0, 3600]: {}", range_located=True
)


class K8sExternal(Directory):
    """Serves the external addresses that `kubernetes` knows."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="to serve; default: the server block's zones")
        ttl: int | None = Line(
            Arg("seconds", TTL),
            extra="ignore",
            doc="TTL of addresses and of the zone's own records; 5 by default",
        )
        apex: str | None = Line(Arg("label"), extra="ignore", doc="where the name server lives; `dns` by default")
        headless: bool = Line(since="1.9.4", extra="lines", doc="show headless services, too")
        fallthrough: Fall = Fallthrough(since="1.11.0", doc="pass on names that do not exist, in these zones or in all")

    Rules = ExternalRules
    SOURCE = "the cluster, as it is seen from outside"
    FLAGS = tuple(f"type {kind}" for kind in ("A", "AAAA", "SRV", "PTR", "NS", "SOA"))
    config: Config
    rules: ExternalRules

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """The zones of the last one; of each property the last that is given anywhere."""
        out = configs[0]
        for c in configs[1:]:
            out = c.replace(
                ttl=out.ttl if c.ttl is None else c.ttl,
                apex=c.apex or out.apex,
                headless=c.headless or out.headless,
                fallthrough=Fall.last((out.fallthrough, c.fallthrough)),
            )
        return out

    def prepare(self) -> None:
        """The plugin that knows the services is there at the start."""
        super().prepare()
        config = self.config
        self.minimum = 5 if config.ttl is None else config.ttl
        self.apex = "dns" if config.apex is None else config.apex
        self.subtrees = tuple((zone, f"{self.apex.lower()}.{zone}") for zone in config.zones)
        self.authoritative, self.recursion_available = self.rules.authoritative, False
        self.makes = Outside(self.rules, self.lookups, self.minimum)
        self.upstream = Upstream(self.setup)
        self.services: Any = None

    def check(self) -> None:
        """Complain where there is no `kubernetes`."""
        site = self.setup.site
        deaf = not site.listen_hosts  # CoreDNS has no server then, which would know its plugins
        if deaf or (self._provider() is None and not site.may_have("kubernetes")):
            message, hint = "`k8s_external` needs `kubernetes` in its server block", "add `kubernetes cluster.local`"
            if deaf:
                message, hint = "the server block of `k8s_external` listens nowhere", "leave an address to `bind`"
            if self.rules.needs_kubernetes:
                self.setup.error(
                    "missing-plugin", message, None, hint=hint, coredns="kubernetes plugin not loaded", located=False
                )
            else:
                self.setup.warn("missing-plugin", message, hint=hint)

    def start(self) -> None:
        """Find the plugin that knows the services."""
        self.services = self._provider()

    def _provider(self) -> Any:
        return next(iter(self.setup.site.find("external_services")), None)

    # -- answers ------------------------------------------------------------------------------------------------------

    def look_up(self, query: Query, zone: str) -> Outcome:
        """The answer for a name in one of the zones."""
        if self.services is None:
            return Next(NO_KUBERNETES())
        for own, subtree in self.subtrees:
            if query.name == own:
                break
            if is_subdomain(subtree, query.name):
                return self._below_apex(query, zone)
        return super().look_up(query, zone)

    def find(self, ask: Ask) -> Answered:
        """The records of the zone itself, or of a service."""
        if ask.name in self.config.zones:
            return self._at_apex(ask)
        found, rcode = self.services.external(ask.query, ask.zone, self.config.headless)
        if not found:
            return Missing(NO_SERVICE()) if rcode == dns.NXDOMAIN else Failure("") if rcode else Records()
        if ask.type in (dns.A, dns.AAAA):
            return self.makes.addresses(found, ask.qname, ask.type, partial(self._lookup, ask.query))
        if ask.type == dns.SRV:
            return self.makes.ports(found, ask.qname, partial(self._lookup, ask.query))
        if ask.type == dns.PTR and self.rules.points_back:
            return self.makes.pointers(found, ask.qname, self.config.zones[0])
        return Records()

    def _lookup(self, query: Query, name: str, kind: int) -> dns.Msg | None:
        try:
            found = self.upstream.lookup(query, name, kind)
        except Failed:
            return None
        if found is None:
            raise Panic(PANIC)
        return found

    def _at_apex(self, ask: Ask) -> Records:
        out = Records(varies=True)
        if ask.type == dns.SOA:
            out.answer = [self.soa(ask.zone)]
        elif ask.type == dns.NS:
            server = join("ns1", self.apex, ask.zone)
            out.answer = [dns.RR(ask.zone, dns.NS, dns.IN, self.minimum, (server,))]
            name = ask.qname if self.rules.server_name_asked else join("ns1", self.apex, ask.qname)
            out.extra = self._server(ask.query, ask.zone, name)
        return out

    def _below_apex(self, query: Query, zone: str) -> Result:
        """The subtree of the name server: `dns.ZONE` is empty, and `ns1.dns.ZONE` is all that is below it."""
        depth = count_labels(query.name) - count_labels(zone)
        if depth == 1:
            return self.empty(query, zone, dns.NOERROR, (ONLY_SERVER, self.apex))
        if depth != 2 or labels(query.name)[0] != "ns1":
            result = self.empty(query, zone, dns.NXDOMAIN, (ONLY_SERVER, self.apex))
            if self.rules.blanks_question and result.reply is not None:
                result.reply.question = dns.Question("", 0, 0)
            return result
        # The addresses are looked up whatever the type: with `noendpoints` that fails before 1.11.0.
        out = Records([rr for rr in self._server(query, zone, query.qname) if rr[1] == query.type], varies=True)
        return self.told(query, zone, out)

    def failure(self, query: Query, zone: str, found: Failure) -> Outcome:
        """A name without labels of its own is answered with SERVFAIL."""
        return self.empty(query, zone, dns.SERVFAIL, NO_LABELS())

    def serial(self, zone: str) -> int:
        """The serial of the zone's SOA record."""
        return 12345 if self.rules.fixed_serial else self.services.external_serial(zone)

    def soa(self, zone: str) -> dns.RR:
        """The SOA record of `zone`."""
        names, ttl = (join("ns1", self.apex, zone), join("hostmaster", self.apex, zone)), self.minimum
        return dns.RR(zone, dns.SOA, dns.IN, ttl, (*names, self.serial(zone), 7200, 1800, 86400, ttl))

    def _server(self, query: Query | None, zone: str, name: str) -> list[dns.RR]:
        """The addresses of the DNS server itself, seen from outside."""
        found = self.services.external_addresses(query, zone, self.config.headless)
        return [dns.RR(name, rr[1], rr[2], self.minimum, rr[4]) for rr in found]

    def landmarks(self) -> list[Landmark]:
        """The name server and its subtree, and what `kubernetes` tells apart."""
        out: list[Landmark] = []
        for zone, subtree in self.subtrees:
            out += (Exact(subtree), Below(subtree), Exact(f"ns1.{subtree}"))
            if self.services is not None:
                out += self.services.external_landmarks(zone, self.config.headless)
        return out

    # -- transfers ----------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[dns.RR] | None:
        """See `capabilities.Transfer`. Names of other zones are not resolved here."""
        if zone not in self.config.zones or self.rules.fixed_serial or self.services is None:
            return None
        soa = self.soa(zone)
        if serial and serial >= soa[4][2]:
            return [soa]
        server = join("ns1", self.apex, zone)
        out = [soa, dns.RR(zone, dns.NS, dns.IN, self.minimum, (server,)), *self._server(None, zone, server)]
        services, headless = self.services.external_services(zone, self.config.headless)
        seen: set[str] = set()
        for s in services:
            if not s.strip:
                out += self._both([s], s.name)
            if s.name not in seen:
                ports = self._ports([s], s.name)
                seen.update(rr[0] for rr in ports)
                out += ports
        for (name, is_port), members in headless.items():
            if is_port:
                out += self._ports(members, name)
                continue
            # The SRV records are sent twice: all together, and then one by one.
            out += self._both(members, name) + self._ports(members, name) * 2
            for s in members:
                ports = self._ports([s], s.name)
                if not ports and self.rules.portless_panics:
                    raise Panic("runtime error: index out of range [0] with length 0")
                out += self._both([s], s.name) + ports * 2
        return [*out, soa]

    def _both(self, services: list[ServiceRecord], name: str) -> list[dns.RR]:
        return [rr for kind in (dns.A, dns.AAAA) for rr in self.makes.addresses(services, name, kind, unknown).answer]

    def _ports(self, services: list[ServiceRecord], name: str) -> list[dns.RR]:
        return self.makes.ports(services, name, unknown).answer


__all__ = ["K8sExternal"]
