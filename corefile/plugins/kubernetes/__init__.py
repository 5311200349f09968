"""kubernetes - answers with the services, endpoints and pods of a Kubernetes cluster.

Description: implements the cluster's DNS names: SERVICE.NAMESPACE.svc.ZONE with A, AAAA and SRV records, endpoints and
ports below them (ENDPOINT.SERVICE..., _PORT._PROTOCOL.SERVICE...), aliases for ExternalName services, pods as
10-0-0-7.NAMESPACE.pod.ZONE, and names for the addresses of services and endpoints in reverse zones. A name that exists
has an empty answer (NODATA) for types that it has no records of; any other name of the zones is NXDOMAIN, unless
`fallthrough` lets it pass. Until 1.9.0 `*` and `any` stand for any label. The objects are those of the world's cluster,
as the API server serves them when CoreDNS starts. From 1.12.2 to 1.14.4 a transfer of its zone never ends where this
server has no address, and CoreDNS panics and exits where it has several.

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

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING

from ...plugin import (
    ONCE,
    Endless,
    Flag,
    Given,
    Invalid,
    Landmark,
    Outcome,
    Panic,
    PanicAside,
    Query,
    Reads,
    Reason,
    Result,
    Setup,
    changed,
    dns,
    failed,
    is_subdomain,
    longest_match,
    since,
)
from .._resolvconf import search_list
from .._services import Answered, Answers, Ask, Directory, Missing, Records, ServiceRecord, host_type
from .._upstream import Upstream
from . import _client, _config
from ._notices import notices
from ._pod import NO_PODS
from ._rules import KubernetesRules

if TYPE_CHECKING:
    from ...chain.capabilities import SearchPath
    from ...world.cluster import Cluster
    from ...world.manifests import Ref
    from ._find import Finder
    from ._watch import Watches

REFUSED = Reason("transfer-refused", "`kubernetes` transfers nothing itself; that is what `transfer` is for")
TRANSFER = Reason("transfer", "a transfer of {} records of {}")
NO_TRANSFER = Reason("nothing-to-transfer", "nothing to transfer")
UNSYNCED = Reason("no-api-server", "there is no API server, so nothing is known about the cluster")
OUTSIDE_ZONES = Reason("outside-its-zones", "the name is in none of the zones of `kubernetes`")
UNVERIFIED = Reason("pods-not-verified", "`kubernetes` knows the clients' pods only with `pods verified`")
NO_CLIENT_POD = Reason("client-not-a-pod", "no pod has the client's address {}")


class Kubernetes(Directory):
    """Answers for the zones of a cluster."""

    Config = _config.Config
    Rules = KubernetesRules
    READS = Reads(
        several=changed("fields", {"1.0.6": "last"}),
        once=since("1.0.6"),
        twice=changed("only one kubernetes section allowed per server block", {"1.1.0": ONCE}),
    )
    SOURCE = "the cluster"
    FLAGS = tuple(flag for flag in Directory.FLAGS if flag != "type MX")  # no service of a cluster takes mail
    config: _config.Config
    rules: KubernetesRules

    # -- reading ------------------------------------------------------------------------------------------------------

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The zones, which CoreDNS looks at before the block."""
        if _config.primary_zone(setup.origins(given.values["zones"]), KubernetesRules.of(setup.release)) is None:
            raise Invalid(
                "`kubernetes` has only reverse zones",
                coredns="non-reverse zone name must be used",
                hint="add the cluster's own zone, such as `cluster.local`",
                expected="zone of a cluster",
                located=False,
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> _config.Config:
        """What the block says, after what CoreDNS checks at its end."""
        config: _config.Config = super().configure(given, setup)
        _config.check(given, config, setup)
        return config

    def prepare(self) -> None:
        """Look for the API server; its objects come at the start."""
        super().prepare()
        config, setup = self.config, self.setup
        self.is_reachable = _client.reaches(setup, config)
        self.minimum = config.ttl if self.rules.minimum_is_ttl else 30
        self.upstream = Upstream(setup, config.upstream)
        self.search = search_list(setup.world.files.read("/etc/resolv.conf"))
        self.cluster: Cluster | None = None
        self.watches: Watches | None = None
        if not self.is_reachable:
            setup.notice(
                "no-api-server",
                "nothing answers where `kubernetes` looks for the API server",
                self.span,
                hint="give the objects of the cluster, or correct `endpoint` or `kubeconfig`",
            )

    def start(self) -> None:
        """Read the cluster, as of now."""
        world = self.setup.world
        self.cluster = world.cluster if self.is_reachable else None
        self._reread()
        if self.cluster is None:
            self._start_alone()
            return
        from ._watch import Watches

        notices(self.cluster, self.config, self.rules, self.setup)
        self.watches = Watches(self.config, self.rules)
        self.watches.begin(self.cluster, int(world.clock.now))
        world.watch(self.changed)

    def stop(self) -> None:
        """Watch no more."""
        self.setup.world.unwatch(self.changed)

    def changed(self, before: Cluster, after: Cluster, refs: frozenset[Ref]) -> None:
        """See that objects of the cluster have changed."""
        if self.watches is not None:
            self.watches.see(before, after, refs, int(self.setup.world.clock.now))
        self.cluster = after
        asked = self.finder.portless_asked if "finder" in vars(self) else set()
        self._reread()
        if asked:
            gone = {f"{ref.name}.{ref.namespace}" for ref in refs if ref.kind == "Service"}
            self.finder.portless_asked = asked - gone

    def _reread(self) -> None:
        self.forget()
        for name in ("finder", "answers"):
            vars(self).pop(name, None)

    def _start_alone(self) -> None:
        """CoreDNS waits for the API server, and starts without it since 1.2.5."""
        rules, log = self.rules, self.setup.log
        if not rules.starts_alone:
            self.setup.dies(
                "no-api-server",
                "there is no API server, and CoreDNS waits for one forever",
                "CoreDNS does not start: there is no API server, and this release waits for one forever",
            )
            return
        if rules.waits_aloud:
            for _ in range(max(0, int(self.config.startup_timeout / 0.5) - 1)):
                log("[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server")
        if rules.warns_unsynced:
            log("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API")

    # What answers is imported where something is asked: a Corefile that is only read needs none of it.

    @cached_property
    def finder(self) -> Finder:
        """What looks things up; without a cluster, in an empty one."""
        from ...world.cluster import Cluster
        from ._find import Finder
        from ._index import Index, Watched

        config, rules, setup = self.config, self.rules, self.setup
        lingering = None if self.watches is None else self.watches.lingering
        index = Index(self.cluster or Cluster(), Watched.by(config), rules, lingering)
        bound = rules.ns_of_all_addresses and setup.site.listen_hosts[:1] not in ([""], [])
        own = sorted((host_type(ip)[1] for ip in setup.world.addresses), key=lambda ip: ":" in ip)
        primary_zone = _config.primary_zone(config.zones, rules) or "."
        return Finder(index, config, rules, setup.world, primary_zone, () if bound else tuple(own))

    @cached_property
    def answers(self) -> Answers:
        """What makes records."""
        return Answers(self.finder, self.upstream, self.setup.world, self.setup.release)

    # -- answering ----------------------------------------------------------------------------------------------------

    def look_up(self, query: Query, zone: str) -> Outcome:
        """The cluster's answer, NODATA or NXDOMAIN for a name of the zone, or up to 1.7 a transfer."""
        rules, type = self.rules, query.type
        if rules.keeps_case_of_zone:
            zone = query.qname[len(query.name) - len(zone) :]
        if type in (dns.AXFR, dns.IXFR):
            if rules.transfers:
                return self._transfer(query, zone)
            if rules.refuses_transfer:
                return failed(dns.REFUSED, None, REFUSED())
        if type == dns.NS and query.name != zone and rules.transfers_below_apex:
            return self._transfer(query, zone)
        return super().look_up(query, zone)

    def find(self, ask: Ask) -> Answered:
        """What a question is answered with."""
        if ask.type == dns.SOA and ask.qname != ask.zone and self.rules.soa_at_apex_only:
            return Records()
        served = ask.type in SERVED or (ask.type == dns.NS and ask.name == ask.zone)
        if self.rules.other_types_ask_for_a and not served:
            return self.answers.nothing(Ask(ask.query, ask.qname, ask.name, dns.A, ask.zone))
        return super().find(ask)

    def denial(self, query: Query, zone: str, found: Missing) -> Result:
        """NXDOMAIN, or SERVFAIL as long as there is no API server."""
        if self.cluster is None and self.rules.servfail_until_synced:
            return self.empty(query, zone, dns.SERVFAIL, UNSYNCED())
        return super().denial(query, zone, found)

    def serial(self, zone: str) -> int:
        """When an object last came or changed; only those of the cluster's own zones count."""
        if self.rules.serial_is_now:
            return int(self.setup.world.clock.now)
        if self.rules.serial_is_none:
            return 0
        return self._modified("imports" if self.finder.is_multicluster(zone) else "inside")

    def _modified(self, what: str) -> int:
        return 0 if self.watches is None else self.watches.modified[what]

    def landmarks(self) -> list[Landmark]:
        """All names that objects have, and the forms of names."""
        from ._landmarks import landmarks

        transfers = self.rules.transfers or self.rules.refuses_transfer
        return [
            *landmarks(self.finder, self.scope.zones),
            *((Flag("type AXFR"), Flag("type IXFR")) if transfers else ()),
        ]

    # -- what others ask for ------------------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Whether the objects of the cluster have been read."""
        return self.cluster is not None

    health = ready
    """What `health` asked for until 1.5.0."""

    def autopath_clients(self) -> Collection[str]:
        """See `capabilities.Autopath`."""
        return self.finder.index.pods

    def autopath_search(self, name: str, client: str) -> SearchPath:
        """See `capabilities.Autopath`."""
        from ...chain.capabilities import SearchPath

        zone, finder = longest_match(self.scope.zones, name), self.finder
        if zone is None:
            return SearchPath(why=OUTSIDE_ZONES())
        if self.config.pods != "verified" and self.rules.autopath_needs_verified:
            return SearchPath(why=UNVERIFIED())
        pod = finder.pod_at(client)
        if pod is None:
            return SearchPath(why=(NO_CLIENT_POD, client) if finder.index.has_pods else NO_PODS())
        tail = "" if zone == "." else zone
        return SearchPath((f"{pod.namespace}.svc.{tail}", f"svc.{tail}", zone, *self.search, ""))

    def metadata(self, query: Query) -> dict[str, Callable[[], str]] | None:
        """See `capabilities.Metadata`."""
        from . import _metadata

        return _metadata.metadata(self.finder, query, self.scope.zones) if self.rules.metadata else None

    def external(self, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
        """See `External`."""
        from . import _external

        return _external.external(self.finder, query, zone, headless)

    def external_addresses(self, query: Query | None, zone: str, headless: bool) -> list[dns.RR]:
        """See `External`."""
        from . import _external

        return _external.addresses(self.finder, query, zone, headless)

    def external_serial(self, zone: str) -> int:
        """See `External`. What services are added with, or deleted with, does not count."""
        return self._modified("outside")

    def external_landmarks(self, zone: str, headless: bool) -> list[Landmark]:
        """See `External`."""
        from . import _landmarks

        return _landmarks.external(self.finder, zone, headless)

    def external_services(
        self, zone: str, headless: bool
    ) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
        """See `External`."""
        from . import _external

        return _external.services(self.finder, zone, headless)

    def federation_target(self, query: Query, name: str, domain: str, zone: str) -> tuple[str, str]:
        """See `capabilities.Federation`."""
        from . import _federation

        cluster = self.setup.world.cluster
        return _federation.target(self.finder, cluster.nodes if cluster else {}, query, name, domain, zone)

    # -- transfers ----------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[dns.RR] | None:
        """See `capabilities.Transfer`."""
        rules, soa = self.rules, self.soa(zone)
        if rules.transfer_of_own_zones and not any(is_subdomain(z, zone.lower()) for z in self.scope.zones):
            return None
        if serial and soa.data[2] == serial:
            return [soa]
        times = 1
        if rules.transfer_for_each_address:
            from ._servers import ns_addresses

            times = len(ns_addresses(self.finder, zone, nil=True))
        if times == 0:
            raise Endless
        records = self._transferred(zone, servers=rules.transfer_knows_name_servers)
        if times > 1:
            raise PanicAside("send on closed channel")
        return [soa, *records, soa]

    def _transferred(self, zone: str, *, servers: bool = False) -> list[dns.RR]:
        """The records of a zone, behind those of its name servers. CoreDNS collects them in a goroutine. Raises PanicAside."""
        from . import _transfer

        try:
            own = _transfer.name_servers(self.finder, zone) if servers else []
            return [*own, *_transfer.records(self.finder, zone)]
        except Panic as panic:
            raise PanicAside(str(panic)) from None

    def _transfer(self, query: Query, zone: str) -> Result:
        """What releases up to 1.7 make of a transfer, and of an NS question below the apex: the records in messages of
        their own, and behind them NODATA, which is all where there is nothing to transfer."""
        from . import _transfer

        rules, client = self.rules, query.ctx.client
        last = self.empty(query, zone, dns.NOERROR, NO_TRANSFER())
        to = _config.transfer_to(self.config.transfer)
        records = [] if rules.transfer_acl and not {"*", client} & {*to} else self._transferred(zone)
        if not records:
            return last
        soa = self.soa(zone)
        records = [soa, *records, soa]
        prefix = "plugin/kubernetes: " if rules.transfer_names_plugin else ""
        self.setup.log(f"[INFO] {prefix}Outgoing transfer of {len(records)} records of zone {zone} to {client} started")
        first, *more = _transfer.messages(query.msg, records, self.setup.release)
        result = self.write(query, first, (TRANSFER, len(records), zone), sizes=False, scrubs=False)
        assert last.reply is not None
        result.later = (*more, last.reply)
        return result


SERVED = frozenset((dns.A, dns.AAAA, dns.SRV, dns.PTR, dns.TXT, dns.CNAME, dns.MX, dns.SOA))
"""The types that services are looked up for; beside them NS, of the zone itself."""


__all__ = ["Kubernetes"]
