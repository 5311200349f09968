"""federation: what is asked of the plugins behind, aliases, and what is refused. More is in tests/recorded/stores.yaml."""

from __future__ import annotations

import re

import pytest

from corefile import Server, World, loads
from corefile.api import build
from corefile.chain.landmarks import Below, Pattern
from corefile.findings import Source
from corefile.releases import find
from tests.classes import names_around

CLUSTER = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: kube-dns, namespace: kube-system}
subsets: [{addresses: [{ip: 10.0.0.10, nodeName: node-a}], ports: [{port: 53}]}]
---
apiVersion: v1
kind: Node
metadata:
  name: node-a
  labels: {failure-domain.beta.kubernetes.io/zone: z1, failure-domain.beta.kubernetes.io/region: r1}
"""
NONE = "none.default.prod.svc.cluster.local."
ALIAS = f"{NONE} 0 IN CNAME none.default.prod.svc.z1.r1.prod.example.org."


def serving(
    release: str, more: str = "", kubernetes: str = "kubernetes cluster.local", zone: str = "cluster.local"
) -> Server:
    world = World(
        cluster=CLUSTER, addresses=["10.0.0.10"], upstreams={"192.0.2.53": "*.example.org. 300 IN A 192.0.2.80"}
    )
    block = f"federation {zone} {{\nprod prod.example.org\n{more}\n}}"
    behind = "forward . 192.0.2.53" if release >= "1.0.5" else "proxy . 192.0.2.53"
    return loads(f". {{\nerrors\n{block}\n{kubernetes}\n{behind}\n}}\n", release=release, world=world)


def answers(server: Server, name: str, type: str = "A") -> list[str]:
    return list(map(str, server.query(name, type).answer))


def test_a_service_of_this_cluster_is_answered_under_the_name_that_was_asked_for() -> None:
    server = serving("1.6.9")
    assert answers(server, "Web.default.prod.svc.cluster.local") == [
        "Web.default.prod.svc.cluster.local. 5 IN A 10.96.0.10"
    ]
    assert server.query("web.default.other.svc.cluster.local").rcode == "NXDOMAIN"


@pytest.mark.parametrize(
    ("release", "more", "looks_up", "recursion"),
    [
        ("1.0.0", "", False, True),
        ("1.2.3", "", False, True),
        ("1.2.3", "upstream", True, True),
        ("1.3.0", "upstream 192.0.2.53", True, True),
        ("1.3.1", "upstream", True, False),
        ("1.5.0", "", False, False),
        ("1.5.2", "", True, False),
        ("1.6.9", "upstream 192.0.2.54 has no effect", True, False),
    ],
)
def test_a_service_elsewhere_is_an_alias(release: str, more: str, looks_up: bool, recursion: bool) -> None:
    reply = serving(release, more).query(NONE)
    behind = ["none.default.prod.svc.z1.r1.prod.example.org. 300 IN A 192.0.2.80"] if looks_up else []
    assert list(map(str, reply.answer)) == [ALIAS, *behind]
    assert ("ra" in reply.flags) is recursion


def test_without_kubernetes_in_the_block_nothing_happens() -> None:
    server = serving("1.6.9", kubernetes="")
    assert server.query(NONE).rcode == "NXDOMAIN", "of the upstream"
    assert [f.message for f in server.findings if f.code == "missing-plugin"] == [
        "`kubernetes` is not in this server block"
    ]
    trace = server.query(NONE).trace
    assert trace is not None
    assert "there is no `kubernetes` in this server block" in str(trace)


def test_a_failure_behind_is_passed_on() -> None:
    assert serving("1.6.9", zone=".").query("none.local.").rcode == "NXDOMAIN"
    assert serving("1.6.9").query("prod.svc.cluster.local").rcode == "SERVFAIL", "a panic"


@pytest.mark.parametrize(
    ("release", "block", "words"),
    [
        ("1.6.9", "federation", "at least one name to zone federation expected"),
        ("1.2.2", "federation {\nupstream\n}", "need two arguments for federation, got 0"),
        ("1.2.3", "federation {\nupstream\n}", "at least one name to zone federation expected"),
        ("1.2.3", "federation {\nupstream x\n}", 'not an IP address or file: "x"'),
        ("1.4.0", "federation {\nupstream x\n}", "at least one name to zone federation expected"),
        ("1.6.9", "federation {\nprod a b\n}", "need two arguments for federation, got 2"),
    ],
)
def test_refusals(release: str, block: str, words: str) -> None:
    errors = build(Source("Corefile", f". {{\n{block}\n}}\n"), find(release), World()).errors
    assert errors[0].coredns == f"plugin/federation: {words}"


def test_it_tells_apart_whose_second_last_label_is_a_federation() -> None:
    server = serving("1.6.9")
    plugin = next(h for h in server.process.instance.sites[0].handlers if h.name == "federation")
    marks = plugin.all_landmarks()  # type: ignore[attr-defined]
    assert Below("cluster.local.") in marks
    starts = ("default.prod.svc", "prod.svc", "web.prod.prod", "prod.other.svc", "x.prod", "prod", "xprod.svc")
    for name in names_around(marks, 300, starts):
        matched = any(isinstance(m, Pattern) and re.search(m.regexp, name) for m in marks)
        trace = server.query(name, "TXT").trace
        assert trace is not None
        whys = [hop.why for hop in trace.hops if hop.plugin == "federation"]
        assert matched is ("names no federation" not in str(whys)), (name, whys)


def test_the_request_stays_what_it_was_passed_on_as() -> None:
    """Where a name of this cluster is found, `{size}` of the log is that of the shorter question, as 1.5.2 and 1.6.5 logged;
    where it is not found, and a panic comes of looking for the node, so is the question of the reply."""
    kubernetes = "kubernetes cluster.local"
    server = serving("1.6.5", kubernetes=f'{kubernetes}\nlog . "{{name}} {{size}}"')
    reply = server.query("web.default.prod.svc.cluster.local", to="127.0.0.1:53")
    size = 12 + len("web.default.svc.cluster.local") + 2 + 4
    assert reply.log == [f"[INFO] web.default.prod.svc.cluster.local. {size}"]
    reply = serving("1.6.5", kubernetes=f"{kubernetes} {{\n noendpoints\n }}").query(
        "none.default.prod.svc.cluster.local", to="127.0.0.1:53"
    )
    assert reply.rcode == "SERVFAIL"
    assert reply.msg is not None
    assert reply.msg.question is not None
    assert reply.msg.question.name == "none.default.svc.cluster.local."
