"""kubernetes - answers with the services, endpoints and pods of a Kubernetes cluster.

Description: implements the cluster's DNS names: SERVICE.NAMESPACE.svc.ZONE with A, AAAA and SRV records, endpoints and
ports below them (ENDPOINT.SERVICE..., _PORT._PROTOCOL.SERVICE...), aliases for ExternalName services, pods as
10-0-0-7.NAMESPACE.pod.ZONE, and names for the addresses of services and endpoints in reverse zones. A name that exists
has an empty answer (NODATA) for types that it has no records of; any other name of the zones is NXDOMAIN, unless
`fallthrough` lets it pass. Until 1.9.0 `*` and `any` stand for any label. The objects are those of the world's cluster,
as the API server serves them when CoreDNS starts.

Syntax:

    kubernetes [ZONES...] {
        endpoint URL
        tls CERT KEY CACERT
        kubeconfig KUBECONFIG [CONTEXT]
        namespaces NAMESPACE...
        labels EXPRESSION
        namespace_labels EXPRESSION
        pods disabled|insecure|verified
        endpoint_pod_names
        ttl TTL
        noendpoints
        fallthrough [ZONES...]
        ignore empty_service
        multicluster [ZONES...]
        zonal
        startup_timeout DURATION
        apiserver_qps QPS
        apiserver_burst BURST
        apiserver_max_inflight MAX
    }

Examples: `kubernetes cluster.local in-addr.arpa ip6.arpa { pods insecure  fallthrough in-addr.arpa ip6.arpa }` is what
most clusters have; `kubernetes cluster.local { namespaces shop bank }` hides all other namespaces.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ...chain.declare import Given, Reads, Rest
from ...chain.fall import Fall
from ...chain.query import NEXT, Outcome, Query, Result, Why, failed, fallthrough
from ...chain.setup import Setup
from ...chain.shapes import Plugin
from ...chain.types import Invalid, Zone
from ...dns.codes import (
    AAAA,
    AXFR,
    CNAME,
    IN,
    IXFR,
    MX,
    NOERROR,
    NS,
    NXDOMAIN,
    PTR,
    REFUSED,
    SERVFAIL,
    SOA,
    SRV,
    TXT,
    A,
)
from ...dns.names import is_subdomain, longest_match
from ...dns.rr import RR
from .._upstream import Upstream
from . import _client, _reading
from ._ask import Ask, Failure, Missing, Records, Settings
from ._names import host_type, is_packable
from ._options import PROPERTIES, Options
from ._rules import Rules

if TYPE_CHECKING:
    from ...chain.capabilities import ServiceRecord
    from ...world.cluster import Cluster
    from ._answer import Answers
    from ._find import Finder

MEMORY = 65536
"""How many answers are kept ready."""

_TYPES = {A: "A", AAAA: "AAAA", CNAME: "CNAME", NS: "NS", SOA: "SOA", PTR: "PTR", MX: "MX", TXT: "TXT", SRV: "SRV"}


class Kubernetes(Plugin):
    """Answers for the zones of a cluster."""

    ARGUMENTS = (Rest("zones", Zone(), doc="the cluster's zone and reverse zones; default: the server block's zones"),)
    PROPERTIES = PROPERTIES
    READS = Reads(once=True)
    Config = Options
    PASSES = "the name is in none of its zones"

    # -- reading --------------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The zones, which CoreDNS looks at before the block."""
        if _reading.primary_zone(setup.origins(given.values["zones"]), setup) is None:
            raise Invalid(
                "`kubernetes` has only reverse zones",
                coredns="non-reverse zone name must be used",
                hint="add the cluster's own zone, such as `cluster.local`",
                located=False,
            )

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """What CoreDNS looks at as it reads the line."""
        _reading.accept(line, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Options:
        """The options, after what CoreDNS checks at the end of the block."""
        return _reading.read(given, setup)

    @classmethod
    def merge(cls, configs: list[Options], setup: Setup) -> Options:
        """There is but one; its client is made when everything has been read."""
        return configs[-1]._replace(reachable=_client.reaches(setup.world, *configs[-1].server))

    def __init__(self, config: Options, setup: Setup) -> None:
        super().__init__(config, setup)
        self.rules = rules = Rules(setup.release)
        self.fall = Fall(config.fall)
        self.zones = tuple((zone.lower(), zone) for zone in config.zones)
        self.lower_zones = tuple(lower for lower, _ in self.zones)
        self.upstream = Upstream(setup, config.upstream)
        self.memo: dict[tuple[str, int], tuple[list[RR], list[RR], Why, bool]] = {}
        self.cluster: Cluster | None = None
        self.read_at = 0
        self.search: tuple[str, ...] = _reading.search_path(setup)
        self.minimum = config.ttl if rules.minimum_is_ttl else 30
        self.soa_ttl = min(self.minimum, 300) if rules.soa_ttl_follows_minimum else 300
        if not config.reachable:
            setup.notice(
                "no-api-server",
                "nothing answers where `kubernetes` looks for the API server",
                self.span,
                hint="give the objects of the cluster, or correct `endpoint` or `kubeconfig`",
            )

    def start(self) -> None:
        """Read the cluster, as of now."""
        cluster = self.setup.world.cluster if self.config.reachable else None
        self.cluster = cluster
        self.read_at = int(self.setup.world.clock.now)
        self.memo.clear()
        self.__dict__.pop("finder", None)
        self.__dict__.pop("answers", None)
        if cluster is None:
            self._start_alone()
            return
        homeless = cluster.homeless()
        if homeless:
            self.setup.notice(
                "no-such-namespace",
                f"{_some(homeless)}: the namespace is not among those given, so it does not exist",
                self.span,
                hint="give its Namespace object, too, or no Namespace at all",
            )
        bare = cluster.without_address()
        if bare:
            self.setup.notice(
                "no-cluster-ip",
                f"{_some(bare)}: there is no `clusterIP`, so it has no address",
                self.span,
                hint="give the one that the cluster has assigned, as `kubectl get svc -o yaml` prints it, or `None`",
            )

        alone = [] if self.rules.slices else cluster.without_endpoints()
        if alone:
            self.setup.notice(
                "no-endpoints",
                f"{_some(alone)}: CoreDNS {self.setup.release} reads Endpoints objects, of which none stands beside it",
                self.span,
                hint="give the Endpoints object, if there is one; one that a controller keeps follows from the slice's "
                "label `endpointslice.kubernetes.io/managed-by`",
            )
        if self.config.pods == "verified" and cluster.objects and not cluster.pods:
            self.setup.notice(
                "no-pods",
                "`pods verified` looks for pods, and none is given: no pod has a name, and `autopath @kubernetes` no search "
                "path",
                self.span,
                hint="`kubectl get svc,endpointslices,ns,pods -A -o yaml` prints them, too",
            )

    # What answers is imported where something is asked: a Corefile that is only read needs none of it.

    @cached_property
    def finder(self) -> Finder:
        """What looks things up; without a cluster, in an empty one."""
        from ...world.cluster import Cluster
        from ._find import Finder
        from ._index import Index, Seen

        config, rules = self.config, self.rules
        seen = Seen(
            config.labels,
            config.namespace_labels,
            config.endpoints,
            config.pods == "verified",
            config.pod_names,
            bool(config.multicluster),
        )
        world = self.setup.world
        index = Index(self.cluster or Cluster(), seen, rules)
        settings = Settings(
            config.namespaces,
            config.pods,
            config.ttl,
            config.ignore_empty,
            config.zonal,
            config.multicluster,
            _reading.primary_zone(config.zones, self.setup) or ".",
        )
        bound = rules.ns_of_all_addresses and self.setup.site.listen_hosts[:1] not in ([""], [])
        local = () if bound else tuple(sorted((host_type(ip)[1] for ip in world.addresses), key=lambda ip: ":" in ip))
        return Finder(index, settings, rules, world, local)

    @cached_property
    def answers(self) -> Answers:
        """What makes records."""
        from ._answer import Answers

        return Answers(self.finder, self.upstream, self.rules)

    def _start_alone(self) -> None:
        """CoreDNS waits for the API server, and starts without it since 1.2.5."""
        release, log = self.setup.release, self.setup.log
        if release < "1.2.5":
            self.setup.dies(
                "no-api-server",
                "there is no API server, and CoreDNS waits for one forever",
                "CoreDNS does not start: there is no API server, and this release waits for one forever",
            )
            return
        if release >= "1.9.1":
            for _ in range(max(0, int(self.config.startup_timeout / 0.5) - 1)):
                log("[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server")
        if release >= "1.8.4":
            log("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API")

    # -- answering ------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The cluster's answer, NODATA or NXDOMAIN for a name of the zones."""
        type, qname = query.type, query.qname
        known = self.memo.get((qname, type))
        if known is not None:
            return self._reply(query, known[0], known[1], False, known[2], known[3])
        zone = self._zone(query)
        if zone is None:
            return NEXT
        if type in (AXFR, IXFR):
            if self.rules.transfers:
                return self._transfer(query, zone)
            if self.rules.refuses_transfer:
                return failed(REFUSED, None, "`kubernetes` transfers nothing itself; that is what `transfer` is for")
        name = query.name
        answers = self.answers
        answers.looked_up = answers.finder.chose = False
        ask = Ask(query, qname, name, type, zone)
        found: Records | Missing | Failure
        if type in (A, AAAA):
            found = answers.addresses(ask, type)
        elif type == SRV:
            found = answers.services(ask)
        elif type == PTR:
            found = answers.pointers(ask)
        elif type == TXT:
            found = answers.text(ask)
        elif type == CNAME:
            found = answers.alias(ask)
        elif type == MX:
            found = answers.nothing(ask)
        elif type == SOA:
            at_apex = qname == zone or not self.rules.soa_at_apex_only
            found = Records([self.soa(zone)] if at_apex else [])
        elif type == NS and name == zone:
            found = answers.name_servers(ask)
        elif type == NS and self.rules.transfers_below_apex:
            return self._transfer(query, zone)
        else:
            found = answers.addresses(Ask(query, qname, name, A, zone) if self.rules.other_types_ask_for_a else ask, A)
            if isinstance(found, Records):
                found = Records([])
        if isinstance(found, Missing):
            return self._missing(query, zone, found.why)
        if isinstance(found, Failure):
            return failed(SERVFAIL, found.error)
        if not found.answer:
            return self._empty(
                query, zone, NOERROR, ("the name exists, but has no {} record", _TYPES.get(type, "such"))
            )
        many = len(found.answer) != 1
        why = ("{} {} record{} from the cluster", len(found.answer), _TYPES.get(type, ""), "s" if many else "")
        broken = not all(map(is_packable, found.answer)) or not all(map(is_packable, found.extra))
        if not (answers.looked_up or answers.finder.chose or type == SOA):
            if len(self.memo) >= MEMORY:
                self.memo.clear()
            self.memo[qname, type] = (found.answer, found.extra, why, broken)
        return self._reply(query, found.answer, found.extra, found.truncated, why, broken)

    def _zone(self, query: Query) -> str | None:
        """The longest of the zones that the name lies in, since 1.3.1 in the spelling of the question."""
        name = query.name
        best = zone = None
        for lower, given in self.zones:
            if (best is None or len(lower) > len(best)) and is_subdomain(lower, name):
                best, zone = lower, given
        if best is None or not self.rules.keeps_case_of_zone:
            return zone
        return query.qname[len(name) - len(best) :]

    def _reply(
        self, query: Query, answer: list[RR], extra: list[RR], truncated: bool, why: Why, broken: bool
    ) -> Result:
        reply = query.msg.reply()
        reply.aa = True
        reply.ra = self.rules.recursion_available
        reply.tc = truncated
        reply.answer = answer[:]
        if extra:
            reply.extra = extra[:]
        result = self.write(query, reply, why)
        if broken:
            result.unsendable = True
            result.why = "a name in the answer has an empty label or one that is too long, so nothing can be sent"
        return result

    def _empty(self, query: Query, zone: str, rcode: int, why: Why) -> Result:
        reply = query.msg.reply(rcode)
        reply.aa = True
        reply.ra = self.rules.recursion_available
        reply.ns = [self.soa(zone)]
        return self.write(query, reply, why, scrubs=False)

    def _missing(self, query: Query, zone: str, why: Why) -> Outcome:
        fall = self.fall
        if fall.given and fall.through(query.name):
            return fallthrough(why)
        if self.cluster is None and self.rules.servfail_until_synced:
            return self._empty(query, zone, SERVFAIL, "there is no API server, so nothing is known about the cluster")
        if query.ctx.trace is not None:
            text = why if isinstance(why, str) else why[0].format(*why[1:])
            why = f"{text} -> NXDOMAIN; {fall.ends()}"
        return self._empty(query, zone, NXDOMAIN, why)

    def soa(self, zone: str) -> RR:
        """The SOA record of `zone`."""
        serial = int(self.setup.world.clock.now) if self.rules.serial_is_now else self.serial(zone)
        suffix = zone if zone != "." else ""
        data = (f"ns.dns.{suffix}", f"hostmaster.{suffix}", serial, 7200, 1800, 86400, self.minimum)
        return RR(zone, SOA, IN, self.soa_ttl, data)

    def serial(self, zone: str) -> int:
        """When an object last came or changed; only those of the cluster's own zones count."""
        return self.read_at if self.finder.index.changed and not self.finder.is_multicluster(zone) else 0

    # -- what others ask for --------------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Whether the objects of the cluster have been read."""
        return self.cluster is not None

    def health(self) -> bool:
        """What `health` asked for until 1.5.0."""
        return self.cluster is not None

    def autopath_search(self, query: Query) -> list[str] | None:
        """See `capabilities.Autopath`."""
        zone = longest_match(self.lower_zones, query.name)
        if zone is None or (self.config.pods != "verified" and self.rules.autopath_needs_verified):
            return None
        pod = self.finder.pod_at(query.ctx.client)
        if pod is None:
            return None
        if zone == ".":
            return [f"{pod.namespace}.svc.", "svc.", ".", *self.search, ""]
        return [f"{pod.namespace}.svc.{zone}", f"svc.{zone}", zone, *self.search, ""]

    def metadata(self, query: Query) -> dict[str, Callable[[], str]] | None:
        """See `capabilities.Metadata`."""
        from . import _metadata

        return _metadata.metadata(self.finder, query, self.lower_zones) if self.rules.metadata else None

    def external(self, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
        """See `capabilities.External`."""
        from . import _external

        return _external.external(self.finder, self.rules, query, zone, headless)

    def external_addresses(self, query: Query | None, zone: str, headless: bool) -> list[RR]:
        """See `capabilities.External`."""
        from . import _external

        return _external.addresses(self.finder, query, zone, headless)

    def external_serial(self, zone: str) -> int:
        """See `capabilities.External`. It counts changes alone, so it stays 0."""
        return 0

    def external_services(
        self, zone: str, headless: bool
    ) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
        """See `capabilities.External`."""
        from . import _external

        return _external.services(self.finder, zone, headless)

    def federation_target(self, query: Query, name: str, zone: str) -> str | None:
        """See `capabilities.Federation`."""
        from . import _federation

        cluster = self.setup.world.cluster
        return _federation.target(self.finder, cluster.nodes if cluster else {}, query, name, zone, self._zone(query))

    # -- transfers ------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[RR] | None:
        """See `capabilities.Transfer`."""
        from . import _transfer

        if self.rules.transfer_of_own_zones and not any(is_subdomain(z, zone.lower()) for z, _ in self.zones):
            return None
        soa = self.soa(zone)
        if serial and soa.data[2] == serial:
            return [soa]
        servers = (
            _transfer.name_servers(self.finder, self.rules, zone) if self.rules.transfer_knows_name_servers else []
        )
        return [soa, *servers, *_transfer.records(self.finder, self.rules, zone), soa]

    def _transfer(self, query: Query, zone: str) -> Result:
        """What releases up to 1.7 make of a transfer, and of an NS question below the apex: the records in messages of
        their own, and behind them NODATA, which is all where there is nothing to transfer."""
        from . import _transfer

        last = self._empty(query, zone, NOERROR, "nothing to transfer")
        if self.rules.transfer_acl and not self._may_transfer(query):
            return last
        records = list(_transfer.records(self.finder, self.rules, zone))
        if not records:
            return last
        soa = self.soa(zone)
        records = [soa, *records, soa]
        prefix = "plugin/kubernetes: " if self.rules.transfer_names_plugin else ""
        self.setup.log(
            f"[INFO] {prefix}Outgoing transfer of {len(records)} records of zone {zone} to {query.ctx.client} started"
        )
        first, *more = _transfer.messages(query.msg, records)
        why = ("a transfer of {} records of {}", len(records), zone)
        result = self.write(query, first, why, sizes=False, scrubs=False)
        assert last.reply is not None
        result.later = (*more, last.reply)
        result.unsendable = not all(map(is_packable, first.answer))
        return result

    def _may_transfer(self, query: Query) -> bool:
        return any(to == "*" or to == query.ctx.client for to in self.config.transfer_to)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


__all__ = ["Kubernetes", "Options"]
