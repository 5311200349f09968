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

from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Given, Property, Rest
from ...chain.fall import Fall
from ...chain.query import Next, Outcome, Panic, Query, Result, Why, fallthrough
from ...chain.setup import Setup
from ...chain.shapes import Plugin
from ...chain.types import Int, Invalid, Zone
from ...dns.codes import AAAA, IN, NOERROR, NS, NXDOMAIN, PTR, SOA, SRV, A, rcode_name, type_name
from ...dns.message import Msg, Question
from ...dns.names import count_labels, is_subdomain, labels, longest_match
from ...dns.rr import RR
from .._upstream import PANIC, Failed, Upstream
from ._records import Lookup, Records, join

if TYPE_CHECKING:
    from ...chain.capabilities import ServiceRecord
    from ...releases import Release


class Ttl(Int):
    """Seconds up to an hour. What is no number at all is refused without naming the line."""

    label = "seconds"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            return super().convert(text, release)
        except Invalid as e:
            e.located = e.coredns.startswith("ttl")
            raise


class Config(NamedTuple):
    """zones: those to serve. ttl: of addresses, in seconds. apex: the label of the name server's subtree. headless:
    whether headless services are shown. fall: the value of `fallthrough`, None where it is absent."""

    zones: tuple[str, ...]
    ttl: int | None = None
    apex: str | None = None
    headless: bool = False
    fall: tuple[tuple[str, ...], ...] | None = None


class K8sExternal(Plugin):
    """Serves the external addresses that `kubernetes` knows."""

    ARGUMENTS = (Rest("zones", Zone(), doc="to serve; default: the server block's zones"),)
    PROPERTIES = (
        Property(
            "ttl",
            Arg("seconds", Ttl(min=0, max=3600, range_error="ttl must be in range [0, 3600]: {}")),
            extra="ignore",
            doc="TTL of addresses and of the zone's own records; 5 by default",
        ),
        Property("apex", Arg("label"), extra="ignore", doc="where the name server lives; `dns` by default"),
        Property("headless", since="1.9.4", extra="lines", doc="show headless services, too"),
        Property(
            "fallthrough",
            Rest("zones", Zone()),
            since="1.11.0",
            doc="pass on names that do not exist, in these zones or in all",
        ),
    )

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.config: Config = config
        self.ttl = 5 if config.ttl is None else config.ttl
        self.apex = "dns" if config.apex is None else config.apex
        self.subtrees = tuple((zone, f"{self.apex.lower()}.{zone}") for zone in config.zones)
        self.fall = Fall(config.fall)
        self.records = Records(release, self.ttl)
        self.upstream = Upstream(setup)
        self.services: Any = None
        self.needs_kubernetes = release >= "1.11.0"
        self.authoritative = release >= "1.9.2"
        self.points_back = release >= "1.9.4"
        self.server_name_asked = release < "1.6.3"
        self.fixed_serial = release < "1.9.1"
        # It answers its own reply, which loses the question with the miekg/dns of these releases (1.1.55 and before).
        self.blanks_question = release < "1.11.3"

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """One occurrence; what it leaves out stays None."""
        return Config(
            setup.origins(given.values["zones"]),
            given.get("ttl"),
            given.get("apex"),
            bool(given.get("headless")),
            given.get("fallthrough"),
        )

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """The zones of the last one; of each property the last that is given anywhere."""
        out = configs[0]
        for c in configs[1:]:
            out = Config(
                c.zones,
                out.ttl if c.ttl is None else c.ttl,
                c.apex or out.apex,
                c.headless or out.headless,
                out.fall if c.fall is None else c.fall,
            )
        return out

    def check(self) -> None:
        """Complain where there is no `kubernetes`."""
        if self._provider() is None:
            message, hint = "`k8s_external` needs `kubernetes` in its server block", "add `kubernetes cluster.local`"
            if self.needs_kubernetes:
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

    # -- answers --------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The answer for a name in one of the zones."""
        zone = longest_match(self.config.zones, query.name)
        if zone is None:
            return Next(("{} is outside {}", query.qname, " and ".join(self.config.zones)))
        if self.services is None:
            return Next("there is no kubernetes plugin in this server block")
        for own, subtree in self.subtrees:
            if query.name == own:
                return self._apex(query, zone)
            if is_subdomain(subtree, query.name):
                return self._below_apex(query, zone)
        services, rcode = self.services.external(query, zone, self.config.headless)
        if not services:
            what = "exists, but not with records of this type" if rcode == NOERROR else rcode_name(rcode)
            if rcode == NXDOMAIN:
                if self.fall.through(query.name):
                    return fallthrough(("{}: no service with external addresses has this name", zone))
                what = f"no service with external addresses has this name; {self.fall.ends()}"
            return self._denied(query, zone, rcode, ("{}: {}", zone, what))
        return self._answer(query, zone, services)

    def _answer(self, query: Query, zone: str, services: list[ServiceRecord]) -> Result:
        reply = self._reply(query)
        kind, records = query.type, self.records
        if kind in (A, AAAA):
            reply.answer, reply.tc = records.addresses(services, query.qname, kind, self._lookup(query))
        elif kind == SRV:
            reply.answer, reply.extra = records.ports(services, query.qname, self._lookup(query))
        elif kind == PTR and self.points_back:
            reply.answer = records.pointers(services, query.qname, self.config.zones[0])
        if not reply.answer:
            reply.ns = [self._soa(zone)]
            return self.write(query, reply, ("{}: the service has no {} records", zone, type_name(kind)))
        return self.write(query, reply, ("{}: {} of {}", zone, type_name(kind), services[0].name or services[0].host))

    def _lookup(self, query: Query) -> Lookup:
        def lookup(name: str, kind: int) -> Msg | None:
            try:
                found = self.upstream.lookup(query, name, kind)
            except Failed:
                return None
            if found is None:
                raise Panic(PANIC)
            return found

        return lookup

    def _apex(self, query: Query, zone: str) -> Result:
        reply = self._reply(query)
        if query.type == SOA:
            reply.answer = [self._soa(zone)]
        elif query.type == NS:
            reply.answer = [RR(zone, NS, IN, self.ttl, (join("ns1", self.apex, zone),))]
            name = query.qname if self.server_name_asked else join("ns1", self.apex, query.qname)
            reply.extra = self._server(query, zone, name)
        else:
            return self._denied(query, zone, NOERROR, ("{}: the zone itself has SOA and NS records only", zone))
        return self.write(query, reply, ("{}: {} of the zone itself", zone, type_name(query.type)))

    def _below_apex(self, query: Query, zone: str) -> Result:
        """The subtree of the name server: `dns.ZONE` is empty, and `ns1.dns.ZONE` is all that is below it."""
        depth = count_labels(query.name) - count_labels(zone)
        if depth == 1:
            return self._denied(query, zone, NOERROR, ("{}: only the name server is below this name", zone))
        if depth != 2 or labels(query.name)[0] != "ns1":
            why: Why = ("{}: only ns1.{} exists in the name server's subtree", zone, self.apex)
            return self._denied(query, zone, NXDOMAIN, why, blank=self.blanks_question)
        reply = self._reply(query)
        # The addresses are looked up whatever the type: with `noendpoints` that fails before 1.11.0.
        reply.answer = [rr for rr in self._server(query, zone, query.qname) if rr[1] == query.type]
        if not reply.answer:
            return self._denied(
                query, zone, NOERROR, ("{}: the name server has no {} records", zone, type_name(query.type))
            )
        return self.write(query, reply, ("{}: address of the name server", zone))

    def _reply(self, query: Query) -> Msg:
        reply = query.msg.reply()
        reply.aa = self.authoritative
        return reply

    def _denied(self, query: Query, zone: str, rcode: int, why: Why, *, blank: bool = False) -> Result:
        reply = self._reply(query)
        if blank:
            reply.question = Question("", 0, 0)
        reply.rcode = rcode
        reply.ns = [self._soa(zone)]
        return self.write(query, reply, why)

    def _soa(self, zone: str) -> RR:
        serial = 12345 if self.fixed_serial else self.services.external_serial(zone)
        data = (join("ns1", self.apex, zone), join("hostmaster", self.apex, zone), serial, 7200, 1800, 86400, self.ttl)
        return RR(zone, SOA, IN, self.ttl, data)

    def _server(self, query: Query | None, zone: str, name: str) -> list[RR]:
        """The addresses of the DNS server itself, seen from outside."""
        found = self.services.external_addresses(query, zone, self.config.headless)
        return [RR(name, rr[1], rr[2], self.ttl, rr[4]) for rr in found]

    # -- transfers ------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[RR] | None:
        """See `capabilities.Transfer`. Names of other zones are not resolved here."""
        if zone not in self.config.zones or self.fixed_serial or self.services is None:
            return None
        soa = self._soa(zone)
        if serial and serial >= soa[4][2]:
            return [soa]
        server = join("ns1", self.apex, zone)
        out = [soa, RR(zone, NS, IN, self.ttl, (server,)), *self._server(None, zone, server)]
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
                out += self._both([s], s.name) + self._ports([s], s.name) * 2
        return [*out, soa]

    def _both(self, services: list[ServiceRecord], name: str) -> list[RR]:
        return [rr for kind in (A, AAAA) for rr in self.records.addresses(services, name, kind, _unknown)[0]]

    def _ports(self, services: list[ServiceRecord], name: str) -> list[RR]:
        return self.records.ports(services, name, _unknown)[0]


def _unknown(name: str, kind: int) -> Msg | None:
    return None


__all__ = ["Config", "K8sExternal"]
