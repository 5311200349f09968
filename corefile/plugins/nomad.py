"""nomad - answers with the services that are registered in a Nomad.

Description: SERVICE.NAMESPACE.ZONE has the addresses of a service, and SRV records with its ports. A service that is
not registered is NXDOMAIN with an SOA record for an answer, and so is any type but A, AAAA and SRV. CoreDNS only counts
the labels of the zone: whatever has two labels more is taken for a service, in any zone. A name with fewer labels goes
on. Where Nomad is out of reach the answer is empty. What is registered is that of the world: `--store nomad=FILE`, with
what /v1/service/NAME prints.

Syntax:

    nomad [ZONE] {
        address URL...
        filter FILTER
        token TOKEN
        ttl TTL
    }

Examples: `nomad service.nomad { address http://10.0.0.1:4646  ttl 10 }`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote as percent
from urllib.parse import quote_plus

from ..golang.urls import parse_error
from ..plugin import (
    Answerer,
    Declaration,
    Int,
    Invalid,
    Landmark,
    Line,
    Next,
    Outcome,
    Panic,
    Pattern,
    Query,
    Reads,
    Reason,
    Rest,
    Result,
    Why,
    Word,
    dns,
    fqdn,
    is_sendable,
    labels,
    parse_ip,
    quote,
)
from ..world.upstreams import Fault
from ._observer import debugging
from ._stores import notice_without

OTHER = Reason("not-a-service", "{} has fewer than two labels in front of the {} that the zone has")
FOUND = Reason("found", "{} registration{} of {} in the namespace {}")
NONE = Reason("none", "no service {} is registered in the namespace {}")
TYPE = Reason("type-not-implemented", "nomad answers A, AAAA and SRV alone")
BAD = Reason("bad-address", "{} is registered with `{}`, which is no IP address")
OUT = Reason("out-of-reach", "Nomad is out of reach: {}")
DIAL = 30.0
"""Seconds after which Go gives up a connection that is not answered."""


TTL = Int(
    "seconds",
    min=0,
    max=3600,
    error="error parsing ttl: {go}",
    range_error="ttl must be in range [0, 3600]: {}",
    hint="seconds, such as 30",
)


class Nomad(Answerer):
    """Answers for what is registered."""

    class Config(Declaration):
        zone: tuple[str, ...] = Rest(doc="the zone (default: service.nomad), of which only the number of labels counts")
        address: tuple[str, ...] = Line(
            Rest("urls", required=True),
            repeat="join",
            arity="at least one address is required",
            doc="where Nomad listens; default: http://127.0.0.1:4646, or what NOMAD_ADDR says",
        )
        filter: str = Line(
            Word("expression"),
            since="1.13.2",
            default="",
            arity="exactly one filter is required",
            doc="which registrations count",
        )
        token: str = Line(
            Word("secret"), default="", arity="exactly one token is required", doc="what CoreDNS shows to Nomad"
        )
        ttl: int = Line(TTL, default=30, arity="exactly one ttl value is required", doc="TTL of all answers")

    READS = Reads(far="block", fold=True, unknown="unknown property '{lower}'")
    FLAGS = ("type A", "type AAAA", "type SRV")
    STATE = "what is registered, and which address was reached last"
    config: Config

    def prepare(self) -> None:
        """Nothing is reached before the start. Raises Invalid."""
        self.zone = (self.config.zone or ("service.nomad",))[0]
        self.depth = len(labels(fqdn(self.zone)))
        self.urls = self.config.address or (self.setup.world.env.get("NOMAD_ADDR") or "http://127.0.0.1:4646",)
        for address in self.urls:
            wrong = parse_error(address, self.setup.release)
            if wrong:
                raise Invalid(
                    f"`{address}` is no URL",
                    hint="such as http://10.0.0.1:4646",
                    coredns=f"plugin/nomad: invalid address '{address}': parse {quote(address)}: {wrong}",
                    located=False,
                    at=self.setup.place_of(address),
                )
        notice_without(self.setup, "nomad", *self.urls)
        self.current = -1
        if self.config.filter:
            self.setup.notice(
                "not-simulated",
                "`filter` of nomad is not simulated: all registrations count",
                hint="give those that Nomad gives with it: --store nomad=FILE",
            )

    def start(self) -> None:
        """CoreDNS looks which address it reaches."""
        self.current = next((i for i, url in enumerate(self.urls) if self._store(url) is not None), -1)

    def _store(self, url: str) -> Any:
        """What is registered; None where Nomad is out of reach."""
        stores = self.setup.world.stores
        found = stores.get(stores.at("nomad", url) or "")
        return None if isinstance(found, Fault) else found

    def _reached(self) -> int:
        """Which address is asked: the only one, or the first after the last one that is reached; -1 where none is."""
        urls = self.urls
        if len(urls) == 1:
            return 0
        if self.current < 0:
            raise Panic("runtime error: index out of range [-1]")
        places = [(self.current + i) % len(urls) for i in range(len(urls))]
        return next((i for i in places if self._store(urls[i]) is not None), -1)

    def ready(self) -> bool:
        """See `capabilities.Ready`. A panic breaks off the request."""
        try:
            return self._reached() >= 0
        except Panic:
            raise ConnectionRefusedError from None

    def answer(self, query: Query, zone: str) -> Outcome:
        """The service that the name stands for."""
        parts = labels(query.name)
        own = parts[: len(parts) - self.depth] if len(parts) > self.depth else []
        if len(own) < 2:
            return Next((OTHER, query.name, self.depth))
        name, namespace = own[:2]
        if debugging(self.setup.instance):
            self.setup.log(f"[DEBUG] plugin/nomad: Looking up record for svc: {name} namespace: {namespace}")
        at = self._reached()
        store = None if at < 0 else self._store(self.urls[at])
        reply = query.msg.reply()
        reply.aa = reply.compress = True
        if store is None:
            words = "no Nomad client available" if at < 0 else self._out_of_reach(query, at, name, namespace)
            self.setup.log(f"[WARNING] plugin/nomad: {words}")
            self._count(query, namespace, "failed")
            return self.write(query, reply, (OUT, words), rcode=dns.SERVFAIL)
        found = store.services.get((namespace, name), ())
        if not found:
            return self._denied(query, reply, namespace, (NONE, name, namespace))
        for registered in found:
            ip = parse_ip(str(registered.get("Address", "")))
            if ip is None:
                words = "error parsing IP address"
                return self._denied(query, reply, namespace, (BAD, name, registered.get("Address")), words)
            if query.type not in (dns.A, dns.AAAA, dns.SRV):
                return self._denied(query, reply, namespace, TYPE(), "query type not implemented")
            self._add(query, reply, registered, *ip)
        self._count(query, namespace, "success")
        ending = "s" if len(found) > 1 else ""
        return self.write(query, reply, (FOUND, len(found), ending, name, namespace))

    def _add(self, query: Query, reply: dns.Msg, registered: Any, family: int, address: str) -> None:
        """The records of a registration."""
        type, ttl = dns.A if family == 4 else dns.AAAA, self.config.ttl
        if query.type == dns.SRV:
            data = 10, 10, registered.get("Port", 0) & 0xFFFF, query.name
            reply.answer.append(dns.RR(query.qname, dns.SRV, dns.IN, ttl, data))
            reply.extra.append(dns.RR(query.name, type, dns.IN, ttl, (address,)))
        elif query.type == type:
            reply.answer.append(dns.RR(query.qname, type, dns.IN, ttl, (address,)))

    def _denied(self, query: Query, reply: dns.Msg, namespace: str, why: Why, error: str | None = None) -> Result:
        """NXDOMAIN, with an SOA record for an answer."""
        names = fqdn(f"ns1.{query.name}"), fqdn(f"hostmaster.{self.zone}")
        reply.rcode = dns.NXDOMAIN
        reply.answer.append(dns.RR(query.name, dns.SOA, dns.IN, self.config.ttl, (*names, 0, 3600, 600, 86400, 30)))
        if not all(map(is_sendable, names)):
            return self.write(query, reply, why, rcode=dns.SERVFAIL, error="write message error: dns: bad rdata")
        self._count(query, namespace, "failed")
        return self.write(query, reply, why, error=error)

    def _out_of_reach(self, query: Query, at: int, name: str, namespace: str) -> str:
        """Go's words for a Nomad that does not answer."""
        url, stores = self.urls[at], self.setup.world.stores
        fault = stores.get(stores.at("nomad", url) or "", Fault.refused())
        words = {"refused": "connect: connection refused", "unreachable": "connect: network is unreachable"}
        if fault.kind == "timeout":
            query.ctx.elapsed += DIAL
        region = self.setup.world.env.get("NOMAD_REGION", "")
        given = {"filter": self.config.filter, "namespace": namespace, "region": region}
        asked = "&".join(f"{key}={quote_plus(value)}" for key, value in given.items() if value)
        host = url.partition("://")[2].partition("/")[0] or url
        where = f"{url.rstrip('/')}/v1/service/{percent(name, safe='$&+=:@')}?{asked}"
        return f"Get {quote(where)}: dial tcp {host}: {words.get(fault.kind, 'i/o timeout')}"

    def _count(self, query: Query, namespace: str, what: str) -> None:
        name = f"coredns_nomad_{what}_requests_total"
        self.setup.instance.metrics.inc(name, (("namespace", namespace), ("server", query.ctx.server)))

    def landmarks(self) -> list[Landmark]:
        """Names with as many labels as a service has, the names of services, and the types that they have."""
        stores = {id(s): s for url in self.urls if (s := self._store(url)) is not None}
        tail = r"(?:[^.]+\.)" + f"{{{self.depth}}}$"
        known = [pair for store in stores.values() for pair in store.services]
        return [
            Pattern(".", rf"^(?:[^.]+\.){{2,}}{tail}"),
            *(Pattern(".", rf"^{name}\.{namespace}\.(?:[^.]+\.)*{tail}") for namespace, name in known),
        ]


__all__ = ["Nomad"]
