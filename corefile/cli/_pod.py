"""How a pod looks a name up: the search list that Kubernetes gives it, and the walk of its C library.

Sources: the Kubernetes DNS specification and pkg/kubelet/network/dns/dns.go for the list of a pod with the policy
ClusterFirst, and what `dnsConfig` adds; `res_search` of glibc 2.36 and `getaddrinfo` of musl 1.2.3 for the walk. Both
libraries ask again where a reply fails or does not come; here each name is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..dns.names import fqdn
from ..light import NamedTuple
from ._answer import Answer
from ._inputs import WrongUse

if TYPE_CHECKING:
    from ..api import Server
    from ..world.cluster import Cluster

NDOTS = 5
"""What the kubelet writes into a pod's /etc/resolv.conf."""
MOST_NDOTS = 15
ENDED = ("Succeeded", "Failed")
"""Phases of a pod whose containers run no more."""
ASSUMED_ZONE = "cluster.local"
BY_CLIENT = frozenset(("acl", "autopath", "geoip", "view", "whoami"))
"""Directives that tell clients apart by their addresses."""


class Resolver(NamedTuple):
    """What a client looks names up with. pod: `NAMESPACE/POD`, or the namespace alone; '' for none. address: of the pod,
    where it is known. search: without last dots. libc: `glibc` or `musl`. notes: what is assumed, or missing."""

    search: tuple[str, ...]
    ndots: int = 1
    libc: str = "glibc"
    pod: str = ""
    address: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Who looks names up with it; '' where that is not known."""
        if not self.pod:
            return ""
        who = f"pod {self.pod}" if "/" in self.pod else f"a pod in namespace {self.pod}"
        return f"{who} ({self.address})" if self.address else who

    @property
    def text(self) -> str:
        """The list and the options, as in a resolv.conf."""
        search = f"search {' '.join(self.search)}" if self.search else "no search list"
        return f"{search}; ndots {self.ndots}{'' if self.libc == 'glibc' else f'; {self.libc}'}"


class Step(NamedTuple):
    """A name that was asked for on the walk. then: what the resolver does next."""

    answer: Answer
    then: str


class Walk(NamedTuple):
    """All names that were asked for; the step that decides; what the client gets, in words."""

    steps: list[Step]
    decided: int
    gets: str


def cluster_zone(server: Server) -> str | None:
    """The zone that `kubernetes` serves, without its last dot: the usual one if it is among them, or else the first that is no
    reverse zone."""
    handlers = (h for site in server.process.instance.sites for h in site.handlers if h.name == "kubernetes")
    zones = [str(zone).rstrip(".") for handler in handlers for zone in handler.config.zones if zone != "."]
    names = [zone for zone in zones if not zone.endswith(".arpa")]
    return ASSUMED_ZONE if ASSUMED_ZONE in names else next(iter(names), None)


def _searched(zone: str | None) -> tuple[str, str]:
    """The zone in a pod's search list, which is the kubelet's `clusterDomain`, where the Corefile has this one; and what is
    assumed there."""
    from ..lint.rules.cluster_zone_misspelt import is_nearly

    if zone is None:
        return (
            ASSUMED_ZONE,
            f"no `kubernetes` in the Corefile serves a cluster's zone: {ASSUMED_ZONE} is assumed to be it",
        )
    if is_nearly(zone):
        words = f"`kubernetes` serves {zone}, but pods are assumed to search {ASSUMED_ZONE}, the kubelet's default"
        return ASSUMED_ZONE, f"{words}: is the zone misspelt?"
    if zone == ASSUMED_ZONE:
        return zone, ""
    words = f"the search list is made of {zone}, which is the Corefile's zone: a pod has the kubelet's `clusterDomain` in it"
    return zone, words


def resolver(
    server: Server, pod: str | None, extra: Sequence[str], ndots: int | None, libc: str, cluster: Cluster | None
) -> Resolver:
    """The resolver of a pod in the cluster (None: what is in it is not known). extra: domains behind the pod's own; without
    a pod, the whole list."""
    added = tuple(x.rstrip(".") for x in extra)
    if pod is None:
        return Resolver(tuple(dict.fromkeys(added)), 1 if ndots is None else ndots, libc)
    namespace, _, name = pod.partition("/")
    if not namespace or "." in namespace or "/" in name:
        raise WrongUse(f"--pod takes NAMESPACE or NAMESPACE/POD, not `{pod}`")
    zone, assumed = _searched(cluster_zone(server))
    notes = [assumed] if assumed else []
    if cluster is not None and namespace not in cluster.namespaces:
        near = get_close_matches(namespace, cluster.namespaces, 1)
        notes.append(f"the cluster has no namespace `{namespace}`" + (f": did you mean `{near[0]}`?" if near else ""))
    spec, address, label = _pod(cluster, namespace, name)
    if address is None and _tells_clients_apart(server):
        known = "no --cluster is given" if cluster is None else "it is not in the cluster that is given"
        notes.append(
            f"the pod's address is not known ({known}), and this Corefile tells clients apart: --from gives one"
        )
    phase = next((p.phase for p in cluster.pods if f"{p.namespace}/{p.name}" == label), "") if cluster else ""
    if phase in ENDED:
        notes.append(f"pod {label} has ended ({phase}) and asks nothing any more; shown is what it would see")
    search = [f"{namespace}.svc.{zone}", f"svc.{zone}", zone]
    config = spec.get("dnsConfig") or {}
    policy = spec.get("dnsPolicy") or "ClusterFirst"
    if policy == "Default" or (policy == "ClusterFirst" and spec.get("hostNetwork")):
        notes.append(
            f"pod {pod} has the node's resolv.conf and does not ask CoreDNS; shown is what a pod of its namespace sees"
        )
    elif policy == "None":
        search = []
        notes = [note for note in notes if note != assumed]
        servers = [str(x) for x in config.get("nameservers") or ()]
        if servers:
            asked = " and ".join(servers)
            notes.append(
                f"pod {pod} has `dnsPolicy: None` and asks {asked}; shown is what it would get from this CoreDNS"
            )
    search += [str(x).rstrip(".") for x in config.get("searches") or ()]
    options = {str(o.get("name")): o.get("value") for o in config.get("options") or () if isinstance(o, Mapping)}
    if ndots is None:
        given = str(options.get("ndots", NDOTS))
        ndots = min(int(given), MOST_NDOTS) if given.isdigit() else NDOTS
    return Resolver(tuple(dict.fromkeys((*search, *added))), ndots, libc, label, address, tuple(notes))


def _tells_clients_apart(server: Server) -> bool:
    sites = server.process.instance.sites
    there = {h.name for s in sites for h in s.handlers} | {name for s in sites for name, _ in s.left_out}
    return not BY_CLIENT.isdisjoint(there)


def _pod(cluster: Cluster | None, namespace: str, name: str) -> tuple[Mapping[str, Any], str | None, str]:
    """The `spec` of a pod, its address, and its name; of the first one in the namespace that has an address and can still
    ask, where no name is given."""
    there = [] if cluster is None else cluster.pods
    if not there:
        return {}, None, f"{namespace}/{name}" if name else namespace
    names = [p.name for p in there if p.namespace == namespace]
    if name and name not in names:
        near = get_close_matches(name, names, 1)
        hint = (
            f": did you mean `{namespace}/{near[0]}`?"
            if near
            else f" (it has {', '.join(sorted(names)[:5]) or 'none'})"
        )
        raise WrongUse(f"--pod: the cluster has no pod `{name}` in namespace `{namespace}`{hint}")
    if not name:
        asking = [p for p in there if p.namespace == namespace and p.ip and p.phase not in ENDED]
        found = min(asking, key=lambda p: (p.deleting, p.name), default=None)
        return {}, found.ip if found else None, namespace
    assert cluster is not None
    pod = next(p for p in there if (p.namespace, p.name) == (namespace, name))
    for item in cluster.objects.get("Pod", ()):
        meta = item["metadata"]
        if (meta.get("namespace") or "default", meta.get("name")) == (namespace, name):
            spec = item.get("spec")
            return spec if isinstance(spec, Mapping) else {}, pod.ip or None, f"{namespace}/{name}"
    return {}, pod.ip or None, f"{namespace}/{name}"


Ask = Callable[[str], Answer]
"""Asks for a name (with its last dot)."""


def walk(name: str, resolver: Resolver, ask: Ask) -> Walk:
    """Look a name up as `resolver` does."""
    return _musl(name, resolver, ask) if resolver.libc == "musl" else _glibc(name, resolver, ask)


def _came(answer: Answer) -> str:
    """What came: `found`, `nodata`, or an rcode's name, '' for nothing."""
    reply = answer.reply
    if reply.rcode != "NOERROR":
        return reply.rcode
    return "found" if reply.answer else "nodata"


FAILURES = {
    "nodata": "the name exists, but has no such record",
    "NXDOMAIN": "no such name",
    "SERVFAIL": "a temporary failure: it is to try again later",
    "": "a temporary failure: it is to try again later",
}
"""What a program is told of a look-up that found nothing."""


def _failure(came: str) -> str:
    return FAILURES.get(came, "a failure")


def _glibc(name: str, resolver: Resolver, ask: Ask) -> Walk:
    dots = name.count(".")
    final = name.endswith(".")
    steps: list[Step] = []
    as_is = ""
    tried = False
    if dots >= resolver.ndots or final:
        why = "ends in a dot" if final else f"has {dots} dot{'s' * (dots != 1)}, ndots is {resolver.ndots}"
        answer = ask(fqdn(name))
        came, tried = _came(answer), True
        if came == "found" or final:
            steps.append(Step(answer, f"asked as it stands: it {why}"))
            return Walk(steps, 0, "" if came == "found" else _failure(came))
        as_is = came
        steps.append(Step(answer, f"asked as it stands first: it {why}; goes on with the search list"))
    seen: list[str] = []
    for domain in resolver.search:
        answer = ask(f"{name}.{domain}." if domain else fqdn(name))
        came = _came(answer)
        seen.append(came)
        if came == "found":
            steps.append(Step(answer, "takes this answer"))
            return Walk(steps, len(steps) - 1, "")
        if came not in ("NXDOMAIN", "nodata", "SERVFAIL"):
            steps.append(Step(answer, "leaves the search list"))
            break
        steps.append(Step(answer, "goes on"))
    if not tried:
        answer = ask(fqdn(name))
        came = _came(answer)
        steps.append(Step(answer, "asked as it stands, last"))
        if came == "found":
            return Walk(steps, len(steps) - 1, "")
        seen.append(came)
    if tried:
        worst, decided = as_is, 0
    else:
        worst = "nodata" if "nodata" in seen else "SERVFAIL" if "SERVFAIL" in seen else seen[-1]
        decided = seen.index(worst)
    return Walk(steps, decided, _failure(worst))


def _musl(name: str, resolver: Resolver, ask: Ask) -> Walk:
    dots = name.count(".")
    steps: list[Step] = []
    search = () if name.endswith(".") or dots >= resolver.ndots else resolver.search
    for domain in search:
        answer = ask(f"{name}.{domain}." if domain else fqdn(name))
        came = _came(answer)
        if came == "NXDOMAIN":
            steps.append(Step(answer, "goes on"))
            continue
        steps.append(
            Step(answer, "takes this answer" if came == "found" else "stops here: musl goes on for NXDOMAIN alone")
        )
        return Walk(steps, len(steps) - 1, "" if came == "found" else _failure(came))
    answer = ask(fqdn(name))
    came = _came(answer)
    steps.append(Step(answer, "asked as it stands" + (", last" if search else "")))
    return Walk(steps, len(steps) - 1, "" if came == "found" else _failure(came))


__all__ = ["Resolver", "Step", "Walk", "cluster_zone", "resolver", "walk"]
