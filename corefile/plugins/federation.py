"""federation - answers for services of a federation of Kubernetes clusters.

Description: the second last label of a name below the zone may be that of a federation, as in
SERVICE.NAMESPACE.FEDERATION.svc.ZONE. Then the plugins behind are asked for the name without it, and what they answer is the
answer, under the name that was asked for. Where that name does not exist here, the answer is an alias into the federation's
own zone: SERVICE.NAMESPACE.FEDERATION.svc.ZONE.REGION.DOMAIN with the zone and region of the node that CoreDNS runs on, which
`kubernetes` knows. Without `kubernetes` in the same server block nothing happens.

Syntax:

    federation [ZONES...] {
        NAME DOMAIN
        upstream [ADDRESS...]
    }

Examples: `federation cluster.local { prod prod.example.org }` answers for web.shop.prod.svc.cluster.local.
"""

from __future__ import annotations

from collections.abc import Callable
from re import escape

from ..plugin import (
    Answerer,
    Arg,
    Declaration,
    Free,
    Given,
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
    ReleaseRules,
    Rest,
    Result,
    Setup,
    Why,
    Zones,
    dns,
    failed,
    fqdn,
    labels,
    since,
    until,
)
from ._upstream import PANIC, Failed, Upstream
from ._zone_lines import upstream_of

ALONE = Reason("no-kubernetes", "there is no `kubernetes` in this server block, which knows the node that this is")
NO_FEDERATION = Reason("no-federation", "{} names no federation")
LOCAL = Reason("local", "{} is a name of this cluster")
ELSEWHERE = Reason("elsewhere", "{} does not exist here: an alias into the federation {}")
NO_NODE = Reason("no-target", "{} does not exist here, and the name in the federation is not known: {}")


def _federation(line: Given, setup: Setup) -> tuple[str, str]:
    """A federation, which has one domain. Raises Invalid."""
    name, domains = line.value
    if len(domains) == 1:
        return name, fqdn(domains[0])
    raise Invalid(
        f"a federation has one domain, not {len(domains)}: {name}",
        hint="write NAME DOMAIN, such as `prod prod.example.org`",
        coredns=f"need two arguments for federation, got {len(domains)}",
        located=False,
    )


def _upstream(line: Given, setup: Setup) -> tuple[str, ...]:
    return upstream_of(line, setup) or ()


class Federation(Answerer):
    """Answers for names with a federation's label."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones()
        upstream: tuple[str, ...] | None = Line(
            Rest("addresses"),
            since="1.2.3",
            default=None,
            read=_upstream,
            doc="where the alias is looked up; alone: by the server itself. Since 1.5.2 always that",
        )
        domains: dict[str, str] = Free(
            Arg("name"),
            Rest("domain"),
            read=_federation,
            build=dict,
            required="at least one name to zone federation expected",
            located=False,
            hint="write NAME DOMAIN into its block, such as `prod prod.example.org`",
            doc="a federation, and its domain",
        )

    class Rules(ReleaseRules):
        recursion_available = until("1.3.1", "aliases have RA set")
        looks_up = since("1.5.2", "aliases are looked up without `upstream`, too")

    READS = Reads(far="block")
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """`kubernetes` is there at the start."""
        self.domains = self.config.domains
        self.target: Callable[[Query, str, str, str], tuple[str, str]] | None = None
        asks = self.config.upstream is not None or self.rules.looks_up
        self.upstream = Upstream(self.setup, self.config.upstream or ()) if asks else None

    def check(self) -> None:
        """Warn where there is no `kubernetes`; CoreDNS says nothing."""
        if not self.setup.site.find("federation_target"):
            self.setup.misses("kubernetes")

    def start(self) -> None:
        """Find out who knows this server's node."""
        self.target = next((h.federation_target for h in self.setup.site.find("federation_target")), None)

    def outside(self, query: Query) -> Outcome:
        """Without `kubernetes`, all names are outside."""
        return Next(ALONE()) if self.target is None else super().outside(query)

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the plugins behind say of the name without its federation, or an alias where they deny it."""
        if self.target is None:
            return Next(ALONE())
        parts = labels(query.name[:-1] if zone == "." else query.name[: -len(zone) - 1])
        if len(parts) < 2 or parts[-2] not in self.domains:
            return Next((NO_FEDERATION, query.name))
        if len(parts) == 2:
            raise Panic("runtime error: index out of range [-1]")
        label = parts[-2]
        asked = query.asking(f"{'.'.join((*parts[:-2], parts[-1]))}.{zone}")
        query.became = asked  # which it still is for a reply that is passed on, and where a plugin panics
        result: Result = self.rest(asked).last_message()
        if result.server_writes:
            query.became = None
            return result.withdrawn()
        if result.reply is None:
            raise Panic(PANIC)
        if result.reply.rcode != dns.NXDOMAIN:
            return self._written(query, _renamed(result.reply, query.qname), (LOCAL, asked.name))
        target, error = self.target(asked, label, self.domains[label], zone)
        query.became = None
        if error:
            return failed(dns.SERVFAIL, error, (NO_NODE, asked.name, error))
        reply = query.msg.reply()
        reply.aa, reply.ra = True, self.rules.recursion_available
        reply.answer = [dns.RR(query.qname, dns.CNAME, dns.IN, 0, (fqdn(target),)), *self._behind(query, target)]
        return self._written(query, reply, (ELSEWHERE, asked.name, label))

    def _behind(self, query: Query, target: str) -> list[dns.RR]:
        """The records that the alias leads to."""
        if self.upstream is None:
            return []
        try:
            found = self.upstream.lookup(query, target, query.type)
        except Failed:
            return []
        return found.answer if found is not None else []

    def _written(self, query: Query, reply: dns.Msg, why: Why) -> Result:
        result = self.write(query, reply, why)
        result.plugin = self.name
        return result

    def landmarks(self) -> list[Landmark]:
        """Names whose second last label below the zone is a federation's."""
        tails = ((zone, "" if zone == "." else escape(zone)) for zone in self.scope.zones)
        return [
            Pattern(zone, rf"(^|\.){escape(name)}\.[^.]+\.{tail}$") for zone, tail in tails for name in self.domains
        ]


def _renamed(reply: dns.Msg, qname: str) -> dns.Msg:
    """The reply as one to the question for `qname`, which all its answers are named for."""
    other = reply.copy()
    if other.question is not None:
        other.question = other.question._replace(name=qname)
    other.answer = [rr._replace(name=qname) for rr in reply.answer]
    return other
