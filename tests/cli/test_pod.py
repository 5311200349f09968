"""How a pod looks a name up. The walks were recorded: glibc 2.36 (`res_search`) and musl 1.2.3 (`getaddrinfo`), each asking
CoreDNS 1.14.7 with the zones below.
"""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.api import Server
from corefile.cli._answer import Answer
from corefile.cli._inputs import WrongUse
from corefile.cli._pod import Resolver, Walk, cluster_zone, resolver, walk

ZONE = "found.org. 60 IN A 192.0.2.1\nv6.ns.c.l. 60 IN AAAA 2001:db8::1\nhere.svc.c.l. 60 IN A 192.0.2.2\n"
SEARCH = ("ns.c.l", "svc.c.l")


@pytest.fixture(scope="module")
def server() -> Server:
    """Answers from ZONE, fails below broken., refuses below bad.; nothing else exists."""
    text = """. {
    forward . 10.0.0.1
}
fails.ns.c.l fails.svc.c.l {
    forward . 10.0.0.2
}
bad.ns.c.l {
    forward . 10.0.0.3
}
"""
    upstreams: dict[str, Any] = {"10.0.0.1": ZONE, "10.0.0.2": {"rcode": "SERVFAIL"}, "10.0.0.3": {"rcode": "REFUSED"}}
    return loads(text, world=World(upstreams=upstreams))


def look_up(server: Server, name: str, **options: Any) -> Walk:
    def ask(full: str) -> Answer:
        return Answer(full, "A", "IN", "127.0.0.1:53", False, server.query(full))

    return walk(name, Resolver(SEARCH, **options), ask)


def names(found: Walk) -> list[str]:
    return [step.answer.name for step in found.steps]


@pytest.mark.parametrize(
    ("name", "options", "asked", "decided", "gets"),
    [
        ("here", {"ndots": 5}, ["here.ns.c.l.", "here.svc.c.l."], 1, ""),
        ("found.org", {"ndots": 5}, ["found.org.ns.c.l.", "found.org.svc.c.l.", "found.org."], 2, ""),
        ("found.org", {"ndots": 1}, ["found.org."], 0, ""),
        ("found.org.", {"ndots": 5}, ["found.org."], 0, ""),
        ("no.", {"ndots": 5}, ["no."], 0, "no such name"),
        ("no", {"ndots": 5}, ["no.ns.c.l.", "no.svc.c.l.", "no."], 0, "no such name"),
        # Asked as it stands first, its failure is the one that counts.
        ("no.x", {"ndots": 1}, ["no.x.", "no.x.ns.c.l.", "no.x.svc.c.l."], 0, "no such name"),
        ("here.", {"ndots": 0}, ["here."], 0, "no such name"),
        ("here", {"ndots": 0}, ["here.", "here.ns.c.l.", "here.svc.c.l."], 2, ""),
        # NODATA does not end the walk, and is what counts at its end.
        ("v6", {"ndots": 5}, ["v6.ns.c.l.", "v6.svc.c.l.", "v6."], 0, "the name exists, but has no such record"),
        # Nor does SERVFAIL, but any other failure ends the list.
        ("a.fails", {"ndots": 5}, ["a.fails.ns.c.l.", "a.fails.svc.c.l.", "a.fails."], 0, "a temporary failure"),
        ("a.bad", {"ndots": 5}, ["a.bad.ns.c.l.", "a.bad."], 1, "no such name"),
        # musl: no search list for enough dots, no going on but for NXDOMAIN.
        ("here", {"ndots": 5, "libc": "musl"}, ["here.ns.c.l.", "here.svc.c.l."], 1, ""),
        ("no.x", {"ndots": 1, "libc": "musl"}, ["no.x."], 0, "no such name"),
        ("no", {"ndots": 5, "libc": "musl"}, ["no.ns.c.l.", "no.svc.c.l.", "no."], 2, "no such name"),
        ("v6", {"ndots": 5, "libc": "musl"}, ["v6.ns.c.l."], 0, "the name exists, but has no such record"),
        ("a.fails", {"ndots": 5, "libc": "musl"}, ["a.fails.ns.c.l."], 0, "a temporary failure"),
        ("a.bad", {"ndots": 5, "libc": "musl"}, ["a.bad.ns.c.l."], 0, "a failure"),
        ("found.org.", {"ndots": 5, "libc": "musl"}, ["found.org."], 0, ""),
    ],
)
def test_the_walk(server: Server, name: str, options: Any, asked: list[str], decided: int, gets: str) -> None:
    found = look_up(server, name, **options)
    assert (names(found), found.decided) == (asked, decided)
    assert found.gets.startswith(gets)
    assert bool(found.gets) is bool(gets)
    assert all(step.then for step in found.steps)


# -- the search list ------------------------------------------------------------------------------------------------------

PODS = """
kind: List
items:
- {kind: Namespace, metadata: {name: shop}}
- {kind: Pod, metadata: {name: b, namespace: shop}, status: {podIP: 10.1.0.2}}
- {kind: Pod, metadata: {name: a, namespace: shop}, status: {podIP: 10.1.0.1}}
- kind: Pod
  metadata: {name: slim, namespace: shop}
  spec: {dnsConfig: {searches: [corp.example.], options: [{name: ndots, value: '2'}, {name: edns0}]}}
  status: {podIP: 10.1.0.3}
- {kind: Pod, metadata: {name: host, namespace: shop}, spec: {hostNetwork: true}, status: {podIP: 192.0.2.1}}
- {kind: Pod, metadata: {name: own, namespace: shop}, spec: {dnsPolicy: None, dnsConfig: {searches: [x.y], nameservers: [1.1.1.1]}}}
"""
COREFILE = ".:53 {\n kubernetes 10.0.0.0/8 Cluster.Test other.test\n}\n"
MADE_OF = "the search list is made of cluster.test, which is the Corefile's zone: a pod has the kubelet's `clusterDomain` in it"


@pytest.fixture(scope="module")
def cluster() -> Server:
    return loads(COREFILE, world=World(cluster=PODS))


def of(server: Server, pod: str | None, *extra: str, ndots: int | None = None, known: bool = True) -> Resolver:
    return resolver(server, pod, extra, ndots, "glibc", server.world.cluster if known else None)


def test_a_pod_of_a_namespace(cluster: Server) -> None:
    assert cluster_zone(cluster) == "cluster.test"
    found = of(cluster, "shop", "node.example.")
    assert found.search == ("shop.svc.cluster.test", "svc.cluster.test", "cluster.test", "node.example")
    assert (found.ndots, found.address, found.notes) == (5, "10.1.0.1", (MADE_OF,))
    assert found.who == "a pod in namespace shop (10.1.0.1)"
    assert found.text == "search shop.svc.cluster.test svc.cluster.test cluster.test node.example; ndots 5"
    assert of(cluster, "shop", ndots=1).ndots == 1


def test_a_pod_by_its_name_has_its_own_options(cluster: Server) -> None:
    found = of(cluster, "shop/slim")
    assert found.search[3:] == ("corp.example",)
    assert (found.ndots, found.address, found.who) == (2, "10.1.0.3", "pod shop/slim (10.1.0.3)")
    own = of(cluster, "shop/own")
    assert (own.search, own.address) == (("x.y",), None)
    assert own.notes == (
        "pod shop/own has `dnsPolicy: None` and asks 1.1.1.1; shown is what it would get from this CoreDNS",
    )
    assert "does not ask CoreDNS" in of(cluster, "shop/host").notes[1]


JOBS = """
- {kind: Pod, metadata: {name: a-job, namespace: db}, status: {podIP: 10.1.0.1, phase: Succeeded}}
- {kind: Pod, metadata: {name: b-job, namespace: db}, status: {podIP: 10.1.0.2, phase: Failed}}
- {kind: Pod, metadata: {name: c, namespace: db, deletionTimestamp: "2024-01-01T00:00:00Z"}, status: {podIP: 10.1.0.3, phase: Running}}
- {kind: Pod, metadata: {name: d, namespace: db}, status: {podIP: 10.1.0.4, phase: Running}}
- {kind: Pod, metadata: {name: job, namespace: done}, status: {podIP: 10.1.0.1, phase: Succeeded}}
"""


def test_a_pod_that_has_ended_does_not_stand_for_its_namespace() -> None:
    """The kind: who cannot ask. CoreDNS does not know ended pods, so that autopath and the like would not work for it."""
    server = loads(COREFILE, world=World(cluster=JOBS))
    assert (of(server, "db").address, of(server, "db").notes) == ("10.1.0.4", (MADE_OF,))
    assert of(server, "done").address is None
    assert of(server, "db/d").notes == (MADE_OF,)
    assert of(server, "db/a-job").notes == (
        MADE_OF,
        "pod db/a-job has ended (Succeeded) and asks nothing any more; shown is what it would see",
    )


@pytest.mark.parametrize(
    ("zones", "zone", "says"),
    [
        ("cluster.local", "cluster.local", ""),
        ("Cluster.Local.", "cluster.local", ""),
        ("corp.example cluster.local", "cluster.local", ""),
        ("prod.example", "prod.example", "the search list is made of prod.example, which is the Corefile's zone"),
        (
            "cluster.lcoal",
            "cluster.local",
            "`kubernetes` serves cluster.lcoal, but pods are assumed to search cluster.local",
        ),
        ("in-addr.arpa", "cluster.local", "no `kubernetes` in the Corefile serves a cluster's zone"),
    ],
)
def test_the_search_list_is_the_kubelets(zones: str, zone: str, says: str) -> None:
    """A Corefile does not say in which zone pods look names up: with a slip in it, they find nothing."""
    server = loads(f".:53 {{\n kubernetes {zones}\n}}\n", world=World(cluster=PODS))
    found = of(server, "shop")
    assert found.search == (f"shop.svc.{zone}", f"svc.{zone}", zone)
    assert len(found.notes) == bool(says)
    assert all(note.startswith(says) for note in found.notes)


def test_without_a_pod_the_list_is_the_given_one(cluster: Server) -> None:
    found = of(cluster, None, "a.b.", "c.d", "a.b")
    assert (found.search, found.ndots, found.who, found.notes) == (("a.b", "c.d"), 1, "", ())


def test_what_is_not_known_is_said(cluster: Server) -> None:
    assert of(cluster, "shp").notes == (
        MADE_OF,
        "the cluster has no namespace `shp`: did you mean `shop`?",
    )
    server = loads(". {\n whoami\n}\n", world=World(cluster="{kind: Namespace, metadata: {name: a}}"))
    found = of(server, "a")
    assert found.search[2] == "cluster.local"
    assumed, unknown = found.notes
    assert assumed == "no `kubernetes` in the Corefile serves a cluster's zone: cluster.local is assumed to be it"
    assert unknown == (
        "the pod's address is not known (it is not in the cluster that is given), and this Corefile tells clients apart: "
        "--from gives one"
    )
    assert "(no --cluster is given)" in of(server, "a", known=False).notes[1]


@pytest.mark.parametrize(
    ("pod", "says"),
    [
        ("shop/slm", "--pod: the cluster has no pod `slm` in namespace `shop`: did you mean `shop/slim`?"),
        ("shop/zzz", "--pod: the cluster has no pod `zzz` in namespace `shop` (it has a, b, host, own, slim)"),
        ("x/zzz", "--pod: the cluster has no pod `zzz` in namespace `x` (it has none)"),
        ("/x", "--pod takes NAMESPACE or NAMESPACE/POD, not `/x`"),
        ("shop/a/b", "--pod takes NAMESPACE or NAMESPACE/POD, not `shop/a/b`"),
        ("a.b", "--pod takes NAMESPACE or NAMESPACE/POD, not `a.b`"),
    ],
)
def test_a_pod_that_is_not_there(cluster: Server, pod: str, says: str) -> None:
    with pytest.raises(WrongUse) as raised:
        of(cluster, pod)
    assert str(raised.value) == says
