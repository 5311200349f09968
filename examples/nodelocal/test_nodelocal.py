"""Properties of the two hops, for all names: what stays inside, what the second hop adds, and how old an answer can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dnslib
from hypothesis import given, settings
from hypothesis import strategies as st

import corefile
from corefile.testing import strategies
from corefile.testing.properties import answers_match, machine, no_leaks, no_loops, ttls_never_grow

HERE = Path(__file__).parent
NODE = "169.254.20.10"
RESOLV_CONF = {"/etc/resolv.conf": "nameserver 10.0.0.53"}

asked: list[str] = []
"""The names that the provider's name server was asked for."""


def provider(query: dnslib.DNSRecord) -> dnslib.DNSRecord:
    """It has an address for every name."""
    asked.append(str(query.q.qname))
    reply = query.reply()
    if query.q.qtype == dnslib.QTYPE.A:
        reply.add_answer(dnslib.RR(query.q.qname, ttl=3600, rdata=dnslib.A("192.0.2.80")))
    return reply


def node() -> corefile.Server:
    """The node's cache, the cluster's DNS behind it, and the provider's name server behind both."""
    cluster = (HERE / "cluster.yaml").read_text()
    cluster_dns: corefile.Upstream = {"corefile": (HERE / "cluster-dns.Corefile").read_text(), "files": RESOLV_CONF}
    world = corefile.World(
        cluster=cluster,
        files=RESOLV_CONF,
        addresses=[NODE],
        upstreams={"10.96.0.10": cluster_dns, "10.0.0.53": provider},
    )
    return corefile.load(HERE / "Corefile", world=world)


SERVER = node()

TestWhateverHappens = machine(
    SERVER,
    no_loops(),
    answers_match(),
    no_leaks("cluster.local", allowed=["10.96.0.10"]),
    ttls_never_grow(),
    questions=strategies.questions("svc.cluster.local").map(lambda question: replace(question, to=f"{NODE}:53")),
).TestCase
TestWhateverHappens.settings = settings(max_examples=25, stateful_step_count=10, deadline=None)
types = st.sampled_from(["A", "AAAA", "SRV", "TXT", "PTR", "HTTPS"])


@settings(max_examples=25, deadline=None)
@given(strategies.names("cluster.local"), types)
def test_no_name_of_the_cluster_reaches_the_provider(name: str, type: str) -> None:
    asked.clear()
    reply = SERVER.copy().query(name, type)
    assert asked == [], f"{reply.trace}"


@settings(max_examples=25, deadline=None)
@given(strategies.names("cluster.local") | strategies.names(), types, st.integers(0, 40))
def test_a_cached_answer_is_the_fresh_one_but_for_its_ttl(name: str, type: str, seconds: int) -> None:
    server = SERVER.copy()
    first = server.query(name, type)
    server.advance(seconds)
    second = server.query(name, type)
    assert second.rcode == first.rcode, f"{second.trace}"
    assert [(r.name, r.rdata) for r in second.answer] == [(r.name, r.rdata) for r in first.answer], f"{second.trace}"
    assert all(record.ttl <= 30 for record in second.answer), f"{second.trace}"


@settings(max_examples=25, deadline=None)
@given(st.integers(60, 300))
def test_a_changed_service_is_seen_after_a_minute_and_a_half(seconds: int) -> None:
    server = SERVER.copy()
    assert [r.rdata for r in server.query("web.shop.svc.cluster.local").answer] == ["10.96.0.20"]
    server.world.apply(
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.99}}"
    )
    server.advance(30 + seconds)
    reply = server.query("web.shop.svc.cluster.local")
    assert [r.rdata for r in reply.answer] == ["10.96.0.99"], f"{reply.trace}"
