"""forwards-to-itself: what CoreDNS forwards comes back to itself, and there is no `loop` that would end it for that.

Why: It asks itself ever more often, until it has no sockets left.

With `--cluster` it is also said, with `loop` and without, of a Corefile that serves the cluster's names where it forwards to the
address of the cluster's own DNS Service: that of a Service with the label `k8s-app: kube-dns`, or of the name `kube-dns` or
`coredns`. Where its pods are there, too, and mount the ConfigMap of the Corefile, that is sure: with `loop`, CoreDNS ends then
(`forwarding-loop`).

Fix: Name an upstream that is another machine, and add `loop` for the next time. Where /etc/resolv.conf names the Service, the
pods of CoreDNS lack `dnsPolicy: Default`.

Bad:
    . {
        forward . 127.0.0.1
    }

Good:
    . {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import is_subdomain
from ..asking import ask, unheard_of
from ..rule import Mistake

if TYPE_CHECKING:
    from ...api import Server
    from ...chain.site import Site
    from ...world.cluster import Cluster
    from ..subject import Subject

ENDED_BY_LOOP = "; `loop` would end CoreDNS instead of letting it ask itself ever more often"
DOCKER = "127.0.0.11:53"
"""The server that Docker gives each container of a network; on other machines the address is one of their own."""
LABEL, DNS = "k8s-app", "kube-dns"
"""The label of the cluster's DNS Service, which all installers give it, and its value."""


def look(subject: Subject) -> list[Mistake]:
    """One for each directive whose questions come back. Asks a question in each zone that is forwarded to a server here."""
    found = {mistake.span: mistake for mistake in _through_the_service(subject)}
    network = subject.process.network
    for site in subject.process.instance.sites:
        looks = site.zones[0].lower() if len(site.zones) == 1 and site.handler("loop") is not None else None
        for handler in site.find("forwarded"):
            here = [address for address in handler.asks_at() if network.reach(address).who is not None]
            if all(address == DOCKER for address in here):
                continue
            for zone in handler.forwarded():
                if looks is not None and is_subdomain(zone.lower(), looks):
                    continue  # `loop` has looked already: its probe is a name of the block's zone
                if handler.span not in found and any(_comes_back(subject.server, site, x) for x in _names(site, zone)):
                    found[handler.span] = Mistake(
                        f"what `{handler.name}` sends on comes back to this server",
                        handler.span,
                        hint=f"name an upstream that is another machine{'' if looks is not None else ENDED_BY_LOOP}",
                    )
    return list(found.values())


def _through_the_service(subject: Subject) -> Iterator[Mistake]:
    """One for each directive that asks the cluster's DNS Service, behind which this CoreDNS stands as it seems."""
    cluster = subject.process.world.given_cluster
    if cluster is None or not any(map(_serves_a_cluster, subject.process.instance.sites)):
        return
    services = dns_services(cluster)
    for site in subject.process.instance.sites if services else ():
        ports = {key.port for key in site.keys}
        for handler in site.find("forwarded"):
            meant = next((x for x in handler.asks_at() if x in services and services[x][1] & ports), None)
            if meant is not None:
                probed = site.handler("loop") is not None and handler.scope.everything  # its probe is forwarded, too
                ends = "which `loop` ends CoreDNS for" if probed else "without an end"
                sure = meant in subject.process.network.services
                yield Mistake(
                    f"`{handler.name}` asks {meant}, the cluster's own DNS Service {services[meant][0]}: "
                    f"{'behind it stands this server, and' if sure else 'where this server stands behind it,'} the questions "
                    f"come back, {ends}",
                    handler.span,
                    hint="name a server outside of the cluster; /etc/resolv.conf has one where the pod has "
                    "`dnsPolicy: Default`",
                )


def _serves_a_cluster(site: Site) -> bool:
    """Whether a server block has `kubernetes` for a zone of names."""
    handler = site.handler("kubernetes")
    return handler is not None and any(not zone.endswith(".arpa.") for zone in handler.scope.zones)


def dns_services(cluster: Cluster) -> dict[str, tuple[str, set[str]]]:
    """The addresses, with their ports, of the cluster's DNS Services: which one each is of, and the ports of the pods behind
    it."""
    from ...chain.services import behind

    found: dict[str, tuple[str, set[str]]] = {}
    for service in cluster.services:
        if service.labels.get(LABEL) != DNS and service.name not in (DNS, "coredns"):
            continue
        for address, ports in behind(cluster, service).items():
            found.setdefault(address, (f"{service.namespace}/{service.name}", set()))[1].update(ports)
    return found


def _names(site: Site, forwarded: str) -> list[str]:
    """A name in each zone that the server block has and the directive forwards."""
    both = [(zone.lower(), forwarded.lower()) for zone in site.zones]
    inner = [a if is_subdomain(b, a) else b for a, b in both if is_subdomain(b, a) or is_subdomain(a, b)]
    return [unheard_of(zone) for zone in inner]


def _comes_back(server: Server, site: Site, name: str) -> bool:
    network = server.process.network
    before = network.rounds
    reply = ask(server, site, name, "HINFO", trace=False)
    return reply is not None and network.rounds > before and network.lost  # else it is of a question before
