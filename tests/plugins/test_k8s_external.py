"""k8s_external: answers, denials, transfers and what changed between the releases. Expectations are CoreDNS's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from corefile.api import Server, loads
from corefile.dns.message import Msg
from corefile.dns.rdata import rr_from_text
from corefile.dns.record import Record
from corefile.findings import CorefileError
from corefile.world import World
from tests.classes import told_apart

CLUSTER = """
kind: Service
metadata: {name: web, namespace: edge}
spec:
  type: LoadBalancer
  clusterIP: 10.122.0.1
  ports: [{name: http, port: 80, protocol: TCP}, {name: https, port: 443, protocol: TCP}]
status: {loadBalancer: {ingress: [{ip: 203.0.113.1}, {ip: 203.0.113.2}]}}
---
kind: Service
metadata: {name: cdn, namespace: edge}
spec: {type: LoadBalancer, clusterIP: 10.122.0.4, ports: [{name: https, port: 443, protocol: TCP}]}
status: {loadBalancer: {ingress: [{hostname: cdn.provider.example}]}}
---
kind: Service
metadata: {name: six, namespace: edge}
spec: {clusterIP: 10.122.0.5, externalIPs: ['2001:db8::2'], ports: [{name: dns, port: 53, protocol: UDP}]}
---
kind: Service
metadata: {name: db, namespace: edge}
spec: {clusterIP: None, ports: [{name: pg, port: 5432, protocol: TCP}]}
---
kind: EndpointSlice
metadata: {name: db-1, namespace: edge, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
ports: [{name: pg, port: 5432, protocol: TCP}]
endpoints: [{addresses: [10.80.0.1], conditions: {ready: true}, hostname: db-0}]
"""

KUBERNETES = "kubernetes cluster.local {\nttl 11\n}\n"
SOA = "ext.example. 5 IN SOA ns1.dns.ext.example. hostmaster.dns.ext.example. 0 7200 1800 86400 5"


def provider(msg: Msg) -> Msg:
    reply = msg.reply()
    assert msg.question is not None
    if msg.question.type == 1:
        reply.answer = [rr_from_text("cdn.provider.example. 300 IN A 192.0.2.80")]
    return reply


provider.speaks_msg = True  # type: ignore[attr-defined]


def serving(body: str, release: str = "1.14.7", kubernetes: str = KUBERNETES) -> Server:
    world = World(cluster=CLUSTER, upstreams={"127.0.0.53": provider}, addresses=["10.83.0.2"])
    return loads(f".:53 {{\n{kubernetes}k8s_external {body}\nforward . 127.0.0.53\n}}\n", release=release, world=world)


def texts(rrs: Iterable[Any]) -> list[str]:
    return [str(rr) for rr in rrs]


@pytest.mark.parametrize(
    ("name", "type", "answer", "extra"),
    [
        ("web.edge", "A", ["5 IN A 203.0.113.1", "5 IN A 203.0.113.2"], []),
        ("WEB.edge", "A", ["5 IN A 203.0.113.1", "5 IN A 203.0.113.2"], []),
        ("_http._tcp.web.edge", "A", ["5 IN A 203.0.113.1", "5 IN A 203.0.113.2"], []),
        ("six.edge", "AAAA", ["5 IN AAAA 2001:db8::2"], []),
        (
            "_https._tcp.web.edge",
            "SRV",
            ["11 IN SRV 0 50 443 web.edge.ext.example."],
            ["web.edge.ext.example. 5 IN A 203.0.113.1", "web.edge.ext.example. 5 IN A 203.0.113.2"],
        ),
        ("cdn.edge", "A", ["11 IN CNAME cdn.provider.example.", "cdn.provider.example. 300 IN A 192.0.2.80"], []),
        ("cdn.edge", "AAAA", ["11 IN CNAME cdn.provider.example."], []),
        (
            "cdn.edge",
            "SRV",
            ["11 IN SRV 0 100 443 cdn.provider.example."],
            ["cdn.provider.example. 300 IN A 192.0.2.80"],
        ),
    ],
)
def test_answers(name: str, type: str, answer: list[str], extra: list[str]) -> None:
    reply = serving("ext.example").query(f"{name}.ext.example", type)
    assert (reply.rcode, reply.flags) == ("NOERROR", ("qr", "aa", "rd"))
    assert texts(reply.answer) == [x if x.startswith("cdn.p") else f"{name}.ext.example. {x}" for x in answer]
    assert (texts(reply.authority), texts(reply.additional)) == ([], extra)


@pytest.mark.parametrize(
    ("name", "type", "rcode"),
    [
        ("web.edge.", "AAAA", "NOERROR"),
        ("web.edge.", "TXT", "NOERROR"),
        ("edge.", "A", "NOERROR"),
        ("nowhere.", "A", "NXDOMAIN"),
        ("nope.edge.", "A", "NXDOMAIN"),
        ("db.edge.", "A", "NXDOMAIN"),
        ("_https._udp.web.edge.", "SRV", "NXDOMAIN"),
        ("a.b.c.web.edge.", "A", "NXDOMAIN"),
        ("", "A", "NOERROR"),
        ("dns.", "A", "NOERROR"),
        ("ns1.dns.", "AAAA", "NOERROR"),
        ("ns2.dns.", "A", "NXDOMAIN"),
        ("a.ns1.dns.", "A", "NXDOMAIN"),
    ],
)
def test_denials(name: str, type: str, rcode: str) -> None:
    reply = serving("ext.example").query(f"{name}ext.example", type)
    assert (reply.rcode, texts(reply.answer), texts(reply.authority)) == (rcode, [], [SOA])


def test_the_name_server_of_the_zone() -> None:
    server = serving("ext.example {\napex front\nttl 60\n}")
    reply = server.query("EXT.example", "NS")
    assert texts(reply.answer) == ["ext.example. 60 IN NS ns1.front.ext.example."]
    assert texts(reply.additional) == ["ns1.front.EXT.example. 60 IN A 10.83.0.2"]
    assert texts(server.query("ns1.front.ext.example").answer) == ["ns1.front.ext.example. 60 IN A 10.83.0.2"]
    assert texts(server.query("ext.example", "SOA").answer) == [
        "ext.example. 60 IN SOA ns1.front.ext.example. hostmaster.front.ext.example. 0 7200 1800 86400 60"
    ]


def test_addresses_backwards_lead_into_the_first_zone() -> None:
    reply = serving("ext.example in-addr.arpa").query("1.113.0.203.in-addr.arpa", "PTR")
    assert texts(reply.answer) == ["1.113.0.203.in-addr.arpa. 5 IN PTR web.edge.ext.example."]


def test_headless_shows_headless_services_and_their_endpoints() -> None:
    server = serving("ext.example {\nheadless ttl 44\n}")
    assert texts(server.query("db.edge.ext.example").answer) == ["db.edge.ext.example. 44 IN A 10.80.0.1"]
    assert texts(server.query("db-0.db.edge.ext.example").answer) == ["db-0.db.edge.ext.example. 44 IN A 10.80.0.1"]
    reply = server.query("_pg._tcp.db.edge.ext.example", "SRV")
    assert texts(reply.answer) == ["_pg._tcp.db.edge.ext.example. 11 IN SRV 0 100 5432 db-0.db.edge.ext.example."]
    assert texts(reply.additional) == ["db-0.db.edge.ext.example. 44 IN A 10.80.0.1"]


def test_fallthrough_is_for_names_that_do_not_exist() -> None:
    server = serving("ext.example {\nfallthrough ext.example\n}")
    assert texts(server.query("nope.edge.ext.example").answer) == ["cdn.provider.example. 300 IN A 192.0.2.80"]
    assert texts(server.query("web.edge.ext.example", "AAAA").authority) == [SOA]
    assert texts(server.query("ns2.dns.ext.example").authority) == [SOA]


def test_of_two_lines_the_last_zones_count_and_all_properties() -> None:
    server = serving("other.example {\napex front\n}\nk8s_external ext.example {\nttl 9\n}")
    assert texts(server.query("ext.example", "NS").answer) == ["ext.example. 9 IN NS ns1.front.ext.example."]
    assert server.query("web.edge.other.example").authority == []


def test_a_transfer() -> None:
    handler = serving("ext.example {\nheadless\n}").process.instance.sites[0].handler("k8s_external")
    assert handler.transfer_records("other.example.", 0) is None
    records = texts(map(Record, handler.transfer_records("ext.example.", 0)))
    assert records[:3] + records[-1:] == [
        SOA,
        "ext.example. 5 IN NS ns1.dns.ext.example.",
        "ns1.dns.ext.example. 5 IN A 10.83.0.2",
        SOA,
    ]
    assert records[3:7] == [
        "web.edge.ext.example. 5 IN A 203.0.113.1",
        "web.edge.ext.example. 11 IN SRV 0 100 80 web.edge.ext.example.",
        "_http._tcp.web.edge.ext.example. 11 IN SRV 0 100 80 web.edge.ext.example.",
        "web.edge.ext.example. 5 IN A 203.0.113.1",
    ]
    assert records.count("cdn.edge.ext.example. 11 IN CNAME cdn.provider.example.") == 2
    assert records.count("_https._tcp.cdn.edge.ext.example. 11 IN SRV 0 100 443 example.") == 1
    assert records.count("db.edge.ext.example. 11 IN SRV 0 100 5432 db-0.db.edge.ext.example.") == 2
    assert records.count("_pg._tcp.db.edge.ext.example. 11 IN SRV 0 100 5432 db-0.db.edge.ext.example.") == 1


@pytest.mark.parametrize(("release", "sent"), [("1.9.4", False), ("1.14.4", False), ("1.14.5", True)])
def test_an_endpoint_without_ports_ends_a_transfer_up_to_1_14_4(release: str, sent: bool) -> None:
    # Its SRV records are none, and `transfer` looked at the first of them.
    cluster = CLUSTER.replace("ports: [{name: pg, port: 5432, protocol: TCP}]\nendpoints", "endpoints")
    text = f".:53 {{\ntransfer {{\nto *\n}}\n{KUBERNETES}k8s_external ext.example {{\nheadless\n}}\n}}\n"
    server = loads(text, release=release, world=World(cluster=cluster))
    reply = server.query("ext.example", "AXFR", transport="tcp")
    assert (reply.rcode, any("index out of range" in line for line in reply.log)) == (
        ("NOERROR", False) if sent else ("SERVFAIL", True)
    )


def test_in_1_8_6() -> None:
    server = serving("ext.example", "1.8.6")
    reply = server.query("web.edge.ext.example")
    assert (reply.flags, len(reply.answer)) == (("qr", "rd"), 2)
    assert texts(server.query("cdn.edge.ext.example").answer)[0].endswith("CNAME cdn.provider.example.")
    assert texts(server.query("cdn.edge.ext.example", "SRV").answer) == []
    soa = texts(server.query("nope.edge.ext.example").authority)[0]
    assert soa == "ext.example. 5 IN SOA ns1.dns.ext.example. hostmaster.dns.ext.example. 12345 7200 1800 86400 5"
    assert server.process.instance.sites[0].handler("k8s_external").transfer_records("ext.example.", 0) is None
    lost = server.query("ns2.dns.ext.example").msg
    assert lost is not None
    assert (lost.rcode, lost.question) == (3, ("", 0, 0))


def test_in_1_6_5() -> None:
    server = serving("ext.example", "1.6.5")
    assert server.query("cdn.edge.ext.example").answer == []
    assert texts(server.query("web.edge.ext.example").answer)[0] == "web.edge.ext.example. 5 IN A 203.0.113.1"


AT = "plugin/k8s_external: Corefile:6 - Error during parsing: "


@pytest.mark.parametrize(
    ("body", "release", "error"),
    [
        ("x {\nttl -7\n}", "1.14.7", AT + "ttl must be in range [0, 3600]: -7"),
        ("x {\nttl 5m\n}", "1.14.7", 'plugin/k8s_external: strconv.Atoi: parsing "5m": invalid syntax'),
        ("x {\nttl\n}", "1.6.5", AT + "Wrong argument count or unexpected line ending after 'ttl'"),
        ("x {\nheadless foo\n}", "1.14.7", AT + "unknown property 'foo'"),
        ("x {\nheadless\n}", "1.9.3", AT + "unknown property 'headless'"),
        ("x {\nfallthrough\n}", "1.9.3", AT + "unknown property 'fallthrough'"),
    ],
)
def test_rejected(body: str, release: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(body, release)
    assert caught.value.findings[0].coredns == error


def test_in_a_block_that_listens_nowhere() -> None:
    """CoreDNS finds a plugin by the server, of which there is none."""
    bind = "bind 127.0.0.1 {\n except 127.0.0.1\n}\n"
    with pytest.raises(CorefileError) as caught:
        loads(f". {{\n{bind}kubernetes cluster.local\nk8s_external ext.example\n}}\n")
    assert caught.value.findings[0].coredns == "plugin/k8s_external: kubernetes plugin not loaded"
    assert caught.value.findings[0].message == "the server block of `k8s_external` listens nowhere"


def test_without_kubernetes() -> None:
    with pytest.raises(CorefileError) as caught:
        serving("ext.example", kubernetes="")
    assert caught.value.findings[0].coredns == "plugin/k8s_external: kubernetes plugin not loaded"
    server = serving("ext.example", "1.9.3", kubernetes="")
    assert [f.code for f in server.findings] == ["missing-plugin"]
    assert texts(server.query("web.edge.ext.example").answer) == ["cdn.provider.example. 300 IN A 192.0.2.80"]


@pytest.mark.parametrize(("release", "rcode"), [("1.8.6", "SERVFAIL"), ("1.14.7", "NOERROR")])
def test_the_name_server_without_endpoints(release: str, rcode: str) -> None:
    block = "kubernetes cluster.local {\n noendpoints\n }\n k8s_external example.org"
    world = World(cluster="{kind: Namespace, metadata: {name: default}}", addresses=["10.3.0.3"])
    srv = loads(f".:53 {{\n errors\n {block}\n}}\n", release=release, world=world)
    assert srv.query("ns1.dns.example.org", "SRV").rcode == rcode


@pytest.mark.parametrize(
    ("release", "block"),
    [("1.14.7", ""), ("1.14.7", "headless"), ("1.9.3", ""), ("1.8.6", ""), ("1.7.0", "apex d")],
)
def test_names_that_no_landmark_tells_apart_are_answered_alike(release: str, block: str) -> None:
    text = f".:53 {{\nk8s_external ext.example in-addr.arpa {{\n{block}\n}}\n{KUBERNETES}}}\n"
    server = loads(text, release=release, world=World(cluster=CLUSTER))
    labels = [
        "_http._tcp",
        "http.tcp",
        "_._",
        "_",
        "dns",
        "ns1",
        "ns1.dns",
        "d",
        "edge",
        "web",
        "db",
        "db-0",
        "any",
        "*",
        "_db-0",
        "_pg._tcp.db",
        "x.y",
        "x.y.z",
    ]
    assert not told_apart(server, "k8s_external", ("A", "SRV", "PTR", "NS"), labels)


def test_a_trace_says_what_became_of_a_name() -> None:
    server = loads(f".:53 {{\nk8s_external ext.example\n{KUBERNETES}}}\n", world=World(cluster=CLUSTER))
    for name, type, why in (
        ("web.edge", "A", "2 A records from the cluster, as it is seen from outside"),
        ("web.edge", "AAAA", "the name exists, but has no AAAA record"),
        ("nope.edge", "A", "no service with external addresses has this name -> NXDOMAIN; `fallthrough` is not given"),
        ("dns", "A", "only ns1.dns exists in the name server's subtree"),
    ):
        trace = server.query(f"{name}.ext.example", type).trace
        assert trace is not None
        assert trace.hops[0].why.startswith(why)
