"""The `kubernetes` plugin; the answers are those of the binaries of each release."""

from __future__ import annotations

from typing import Any

import pytest

import corefile
from corefile import World
from corefile.dns.names import is_sendable
from corefile.plugins.kubernetes._names import Request, parse
from corefile.plugins.kubernetes._rules import KubernetesRules
from corefile.releases import find
from corefile.world.selectors import Selector
from tests.classes import told_apart

CLUSTER = """
{kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{kind: Namespace, metadata: {name: bank, labels: {team: b}}}
---
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  clusterIPs: [10.96.0.10, 'fd00::10']
  ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]
---
kind: EndpointSlice
metadata: {name: web-x, namespace: shop, labels: {app: web, kubernetes.io/service-name: web,
  endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.0.0.7], targetRef: {name: web-1}}, {addresses: [10.0.0.8], conditions: {ready: false}}]
---
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, ports: [{name: pg, port: 5432}]}
---
kind: EndpointSlice
metadata: {name: db-x, namespace: shop, labels: {kubernetes.io/service-name: db,
  endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}
ports: [{name: pg, port: 5432}]
endpoints: [{addresses: [10.0.1.5], hostname: db-0, zone: A}, {addresses: ['fd00:1::'], zone: b}]
---
{kind: Service, metadata: {name: idle, namespace: bank}, spec: {clusterIP: 10.96.0.40, ports: []}}
---
kind: Service
metadata: {name: ext, namespace: bank}
spec: {type: ExternalName, externalName: WEB.shop.svc.cluster.local}
---
kind: Service
metadata: {name: loop, namespace: bank}
spec: {type: ExternalName, externalName: loop.bank.svc.cluster.local}
---
{kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}}, status: {podIP: 10.0.0.7}}
---
kind: Pod
metadata: {name: old, namespace: shop, deletionTimestamp: '2024-01-01T00:00:00Z'}
status: {podIP: 10.0.0.70}
"""


def server(
    block: str = "",
    *,
    release: str = "1.14.7",
    zones: str = "cluster.local in-addr.arpa",
    cluster: Any = CLUSTER,
    **world: Any,
) -> Any:
    text = f".:53 {{\n errors\n kubernetes {zones} {{\n{block}\n }}\n}}\n"
    return corefile.loads(text, release=release, world=World(cluster=cluster, **world))


def ask(srv: Any, name: str, type: str = "A", **more: Any) -> list[str]:
    """`RCODE` and the records of all sections but SOA, without TTL."""
    reply = srv.query(name, type, **more)
    records = [*reply.answer, *reply.authority, *reply.additional]
    texts = [str(rr).split(" ", 1) for rr in records]
    return [reply.rcode, *(f"{n} {t.split(' ', 2)[2]}" for n, t in texts if " SOA " not in t)]


@pytest.mark.parametrize(
    ("name", "type", "want"),
    [
        ("web.shop.svc.cluster.local", "A", ["NOERROR", "web.shop.svc.cluster.local. A 10.96.0.10"]),
        ("WEB.Shop.svc.cluster.local", "AAAA", ["NOERROR", "WEB.Shop.svc.cluster.local. AAAA fd00::10"]),
        ("web.shop.svc.cluster.local", "MX", ["NOERROR"]),
        (
            "_dns._udp.web.shop.svc.cluster.local",
            "SRV",
            [
                "NOERROR",
                "_dns._udp.web.shop.svc.cluster.local. SRV 0 50 53 web.shop.svc.cluster.local.",
                "web.shop.svc.cluster.local. A 10.96.0.10",
                "web.shop.svc.cluster.local. AAAA fd00::10",
            ],
        ),
        ("dns.udp.web.shop.svc.cluster.local", "A", ["NOERROR", "dns.udp.web.shop.svc.cluster.local. A 10.96.0.10"]),
        ("_dns._tcp.web.shop.svc.cluster.local", "SRV", ["NXDOMAIN"]),
        ("10-0-0-7.web.shop.svc.cluster.local", "A", ["NOERROR", "10-0-0-7.web.shop.svc.cluster.local. A 10.0.0.7"]),
        ("10-0-0-8.web.shop.svc.cluster.local", "A", ["NXDOMAIN"]),
        ("db.shop.svc.cluster.local", "A", ["NOERROR", "db.shop.svc.cluster.local. A 10.0.1.5"]),
        (
            "fd00-1--0.db.shop.svc.cluster.local",
            "AAAA",
            ["NOERROR", "fd00-1--0.db.shop.svc.cluster.local. AAAA fd00:1::"],
        ),
        ("idle.bank.svc.cluster.local", "SRV", ["NOERROR"]),
        (
            "ext.bank.svc.cluster.local",
            "A",
            [
                "NOERROR",
                "ext.bank.svc.cluster.local. CNAME WEB.shop.svc.cluster.local.",
                "WEB.shop.svc.cluster.local. A 10.96.0.10",
            ],
        ),
        ("x.ext.bank.svc.cluster.local", "A", ["NXDOMAIN"]),
        ("loop.bank.svc.cluster.local", "A", ["NOERROR"]),
        ("shop.svc.cluster.local", "A", ["NOERROR"]),
        ("nope.svc.cluster.local", "A", ["NXDOMAIN"]),
        ("*.shop.svc.cluster.local", "A", ["NXDOMAIN"]),
        ("10-0-0-7.shop.pod.cluster.local", "A", ["NXDOMAIN"]),
        ("dns-version.cluster.local", "TXT", ["NOERROR", 'dns-version.cluster.local. TXT "1.1.0"']),
        ("web.shop.svc.cluster.local", "TXT", ["NOERROR"]),
        ("foo.cluster.local", "TXT", ["NXDOMAIN"]),
        ("foo.cluster.local", "SOA", ["NOERROR"]),
        ("10.0.96.10.in-addr.arpa", "PTR", ["NOERROR", "10.0.96.10.in-addr.arpa. PTR web.shop.svc.cluster.local."]),
        ("5.1.0.10.in-addr.arpa", "PTR", ["NOERROR", "5.1.0.10.in-addr.arpa. PTR db-0.db.shop.svc.cluster.local."]),
        ("9.9.9.9.in-addr.arpa", "PTR", ["NXDOMAIN"]),
        ("cluster.local", "AXFR", ["REFUSED"]),
    ],
)
def test_today(name: str, type: str, want: list[str]) -> None:
    assert ask(server(), name, type) == want


@pytest.mark.parametrize(
    ("release", "name", "type", "want"),
    [
        (
            "1.2.2",
            "*.shop.svc.cluster.local",
            "A",
            ["NOERROR", "*.shop.svc.cluster.local. A 10.0.1.5", "*.shop.svc.cluster.local. A 10.96.0.10"],
        ),
        ("1.2.2", "foo.bar.cluster.local", "TXT", ["SERVFAIL"]),
        ("1.2.2", "foo.cluster.local", "TXT", ["NOERROR"]),
        ("1.9.3", "foo.bar.cluster.local", "TXT", ["NOERROR"]),
        (
            "1.9.3",
            "x.ext.bank.svc.cluster.local",
            "CNAME",
            ["NOERROR", "x.ext.bank.svc.cluster.local. CNAME WEB.shop.svc.cluster.local."],
        ),
        ("1.8.6", "web.any.svc.cluster.local", "A", ["NOERROR", "web.any.svc.cluster.local. A 10.96.0.10"]),
        ("1.6.5", "web.shop.svc.cluster.local", "AAAA", ["NOERROR"]),
        (
            "1.12.1",
            "fd00-1--.db.shop.svc.cluster.local",
            "AAAA",
            ["NOERROR", "fd00-1--.db.shop.svc.cluster.local. AAAA fd00:1::"],
        ),
        ("1.6.5", "foo.cluster.local", "SOA", ["NOERROR"]),
        ("1.11.4", "7.0.0.10.in-addr.arpa", "PTR", ["NXDOMAIN"]),
        ("1.1.1", "svc.cluster.local", "CNAME", ["NOERROR"]),
        # The zone itself stood for all its services, whatever their ports are called.
        ("1.1.1", "cluster.local", "CAA", ["NOERROR"]),
        ("1.1.1", "cluster.local", "AAAA", ["NOERROR", "cluster.local. AAAA fd00:1::"]),
        ("1.1.2", "cluster.local", "SRV", ["NOERROR"]),
        ("1.6.5", "_._.web.shop.svc.cluster.local", "SRV", ["NXDOMAIN"]),
        ("1.2.2", "_._.web.shop.svc.cluster.local", "SRV", ["NXDOMAIN"]),
        (
            "1.14.7",
            "_._.web.shop.svc.cluster.local",
            "A",
            ["NOERROR", "_._.web.shop.svc.cluster.local. A 10.96.0.10"],
        ),
        ("1.2.2", "a\\.b.cluster.local", "TXT", ["NOERROR"]),
        ("1.2.2", "a\\.b.c.cluster.local", "TXT", ["SERVFAIL"]),
    ],
)
def test_releases(release: str, name: str, type: str, want: list[str]) -> None:
    found = ask(server(release=release), name, type)
    assert [found[0], *sorted(found[1:])] == [want[0], *sorted(want[1:])]


# An alias whose target in the zone is not there: for AAAA, from 1.1.4 to 1.2.0, the server was asked, too.
@pytest.mark.parametrize(
    ("release", "type", "rcode"),
    [
        ("1.1.3", "AAAA", "NOERROR"),
        ("1.1.4", "AAAA", "SERVFAIL"),
        ("1.1.4", "A", "NOERROR"),
        ("1.2.0", "AAAA", "SERVFAIL"),
        ("1.2.1", "AAAA", "NOERROR"),
    ],
)
def test_an_alias_to_nothing_in_the_zone(release: str, type: str, rcode: str) -> None:
    alias = """
{kind: Namespace, metadata: {name: bank}}
---
kind: Service
metadata: {name: x, namespace: bank}
spec: {type: ExternalName, externalName: none.a.cluster.local}
"""
    assert ask(server(release=release, cluster=alias), "x.bank.svc.cluster.local", type)[0] == rcode


def test_pods() -> None:
    verified = server("pods verified")
    assert ask(verified, "10-0-0-7.shop.pod.cluster.local") == [
        "NOERROR",
        "10-0-0-7.shop.pod.cluster.local. A 10.0.0.7",
    ]
    assert ask(verified, "10-0-0-70.shop.pod.cluster.local") == ["NXDOMAIN"]
    assert ask(verified, "10-0-0-7.bank.pod.cluster.local") == ["NXDOMAIN"]
    insecure = server("pods insecure")
    assert ask(insecure, "1-2-3-4.bank.pod.cluster.local") == ["NOERROR", "1-2-3-4.bank.pod.cluster.local. A 1.2.3.4"]
    assert ask(insecure, "web.bank.pod.cluster.local") == ["NXDOMAIN"]
    assert ask(insecure, "1-2-3-4.nope.pod.cluster.local") == ["NXDOMAIN"]


def test_options_hide() -> None:
    assert ask(server("namespaces bank"), "web.shop.svc.cluster.local") == ["NXDOMAIN"]
    assert ask(server("namespace_labels team in (b)"), "web.shop.svc.cluster.local") == ["NXDOMAIN"]
    assert ask(server("labels app=web"), "db.shop.svc.cluster.local") == ["NXDOMAIN"]
    assert ask(server("noendpoints"), "db.shop.svc.cluster.local") == ["NXDOMAIN"]
    assert ask(server("ignore empty_service"), "idle.bank.svc.cluster.local") == ["NXDOMAIN"]


def test_zonal_names() -> None:
    srv = server("zonal")
    assert ask(srv, "a.pin._zone.db.shop.svc.cluster.local") == [
        "NOERROR",
        "a.pin._zone.db.shop.svc.cluster.local. A 10.0.1.5",
    ]
    assert ask(srv, "c.pin._zone.db.shop.svc.cluster.local") == ["NOERROR"]
    assert ask(srv, "c.prefer._zone.db.shop.svc.cluster.local")[1:] == [
        "c.prefer._zone.db.shop.svc.cluster.local. A 10.0.1.5"
    ]
    assert ask(srv, "a.pin._zone.web.shop.svc.cluster.local") == ["NXDOMAIN"]


def test_soa_counts_the_time_at_which_the_cluster_was_read() -> None:
    srv = server("ttl 30")
    srv.query("cluster.local", "SOA")
    srv.advance(100)
    (soa,) = srv.query("cluster.local", "SOA").answer
    assert (soa.ttl, soa.data[2], soa.data[6]) == (30, 1767225600, 30)
    (old,) = server(release="1.2.2").query("cluster.local", "SOA").answer
    assert (old.ttl, old.data[6]) == (300, 30)


@pytest.mark.parametrize(("release", "serial"), [("1.3.1", 1767225600), ("1.4.0", 0), ("1.5.0", 1767225600)])
def test_in_1_4_0_the_serial_is_nought(release: str, serial: int) -> None:
    """Nothing takes notice of a change there (plugin/kubernetes/controller.go)."""
    (soa,) = server(release=release).query("cluster.local", "SOA").answer
    assert soa.data[2] == serial


def test_name_servers_are_the_services_of_this_server() -> None:
    found = ask(server(addresses=["10.0.1.5"]), "cluster.local", "NS")
    assert found == [
        "NOERROR",
        "cluster.local. NS db-0.db.shop.svc.cluster.local.",
        "cluster.local. NS fd00-1--0.db.shop.svc.cluster.local.",
        "db-0.db.shop.svc.cluster.local. A 10.0.1.5",
        "fd00-1--0.db.shop.svc.cluster.local. AAAA fd00:1::",
    ]
    assert ask(server(addresses=["192.0.2.1"]), "ns.dns.cluster.local") == [
        "NOERROR",
        "ns.dns.cluster.local. A 192.0.2.1",
    ]
    assert ask(server(), "cluster.local", "NS") == ["NOERROR"]


def test_answers_are_in_the_zones_spelling() -> None:
    assert ask(server(), "db.shop.svc.Cluster.Local", "SRV")[1].endswith(" db-0.db.shop.svc.Cluster.Local.")
    # The apex in another spelling than the zone's is no apex.
    assert ask(server(addresses=["192.0.2.1"]), "Cluster.Local", "NS") == ["NOERROR"]


def test_external_name_is_resolved_by_the_server_itself() -> None:
    outside = (
        CLUSTER + "---\n{kind: Service, metadata: {name: out, namespace: bank}, "
        "spec: {type: ExternalName, externalName: a.test}}\n"
    )
    today = server(cluster=outside)
    assert ask(today, "out.bank.svc.cluster.local") == ["NOERROR", "out.bank.svc.cluster.local. CNAME a.test."]
    assert ask(server(cluster=outside, release="1.2.2"), "out.bank.svc.cluster.local") == ["SERVFAIL"]
    old = server("upstream 10.0.0.53", cluster=outside, release="1.2.2")
    assert ask(old, "out.bank.svc.cluster.local") == ["NOERROR"]


def test_reply_with_a_broken_name_never_comes() -> None:
    nobody = (
        CLUSTER + "---\n{kind: EndpointSlice, metadata: {name: x, namespace: shop}, "
        "endpoints: [{addresses: [10.0.9.9], hostname: p}]}\n"
    )
    assert not server(cluster=nobody).query("9.9.0.10.in-addr.arpa", "PTR").received


def test_unreachable_api_server() -> None:
    srv = server("endpoint http://127.0.0.1:1", cluster="")
    assert ask(srv, "web.shop.svc.cluster.local") == ["SERVFAIL"]
    assert [f.code for f in srv.findings] == ["no-api-server"]


def test_transfers_of_old_releases() -> None:
    srv = server(release="1.2.2")
    reply = srv.query("cluster.local", "AXFR", transport="tcp")
    assert [str(rr) for rr in reply.answer[1:4]] == [
        "web.shop.svc.cluster.local. 5 IN A 10.96.0.10",
        "web.shop.svc.cluster.local. 5 IN SRV 0 100 80 web.shop.svc.cluster.local.",
        "_http._tcp.web.shop.svc.cluster.local. 5 IN SRV 0 100 80 web.shop.svc.cluster.local.",
    ]
    assert reply.log[-1].startswith("[INFO] plugin/kubernetes: Outgoing transfer of ")


@pytest.mark.parametrize(("release", "times"), [("1.6.3", 2), ("1.6.5", 1)])
def test_a_transfer_has_the_address_once_for_each_port_until_1_6_4(release: str, times: int) -> None:
    reply = server("transfer to *", release=release).query("cluster.local", "AXFR", transport="tcp")
    texts = [str(rr) for rr in reply.answer]
    assert texts.count("web.shop.svc.cluster.local. 5 IN A 10.96.0.10") == times
    assert texts.count("web.shop.svc.cluster.local. 5 IN SRV 0 100 53 web.shop.svc.cluster.local.") == 1


def test_the_servers_own_service_without_an_address() -> None:
    mine = (
        CLUSTER + "---\n{kind: Service, metadata: {name: me, namespace: shop}, spec: {clusterIP: ''}}\n"
        "---\n{kind: EndpointSlice, metadata: {name: me-x, namespace: shop, labels: {kubernetes.io/service-name: me}}, "
        "endpoints: [{addresses: [10.3.3.3]}]}\n"
    )
    srv = server(cluster=mine, addresses=["10.3.3.3"])
    reply = srv.query("cluster.local", "NS")
    assert reply.rcode == "SERVFAIL"
    assert reply.log == ["[ERROR] plugin/errors: 2 cluster.local. NS: NS record must be an IP address: <nil>"]
    assert ask(srv, "ns.dns.cluster.local") == ["NOERROR"]
    assert ask(srv, "ns.dns.cluster.local", "AAAA") == ["NOERROR", "ns.dns.cluster.local. CNAME <nil>."]


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("a.b.svc.test.", {"kind": "svc", "namespace": "b", "service": "a", "port-name": "*"}),
        ("web.shop.svc.cluster.local.", {"parse-error": "invalid query name"}),
        ("local.", {"kind": "", "namespace": "", "port-name": ""}),
    ],
)
def test_metadata_knew_no_zone_before_1_6_8(name: str, want: dict[str, str]) -> None:
    plugin = server("pods verified", release="1.6.5").process.instance.sites[0].handler("kubernetes")
    plugin.setup.instance.start()
    query = type("Q", (), {"name": name, "ctx": type("C", (), {"client": "10.9.9.9"})})
    values = {key.partition("/")[2]: value() for key, value in plugin.metadata(query).items()}
    assert {key: values.get(key) for key in want} == want


@pytest.mark.parametrize(
    ("block", "error"),
    [
        ("pods all", "plugin/kubernetes: wrong value for pods: all,  must be one of: disabled, verified, insecure"),
        ("ttl 3601", "plugin/kubernetes: Corefile:4 - Error during parsing: ttl must be in range [0, 3600]: 3601"),
        ("ttl x", 'plugin/kubernetes: strconv.Atoi: parsing "x": invalid syntax'),
        (
            "labels a in (",
            (
                "plugin/kubernetes: unable to parse label selector value: 'a in (': couldn't parse the selector string "
                "\"a in (\": unable to parse requirement: found '', expected: ',', ')' or identifier"
            ),
        ),
        (
            "namespaces a\nnamespace_labels b",
            "plugin/kubernetes: Corefile:6 - Error during parsing: namespaces and namespace_labels cannot both be set",
        ),
        ("kubeconfig nowhere", "plugin/kubernetes: stat nowhere: no such file or directory"),
        ("apiserver_qps -1", "plugin/kubernetes: Corefile:4 - Error during parsing: apiserver_qps must be >= 0"),
    ],
)
def test_refused(block: str, error: str) -> None:
    with pytest.raises(corefile.CorefileError) as caught:
        server(block, assume=False)
    assert caught.value.findings[0].coredns == error


def test_refused_without_a_cluster() -> None:
    with pytest.raises(corefile.CorefileError) as caught:
        server(cluster=None)
    assert "KUBERNETES_SERVICE_HOST" in caught.value.findings[0].coredns


def test_notices_objects_without_their_namespace() -> None:
    srv = server(
        cluster=CLUSTER + "---\n{kind: Service, metadata: {name: a, namespace: c}, spec: {clusterIP: 10.96.0.9}}"
    )
    srv.query("a.c.svc.cluster.local")
    assert [f.code for f in srv.findings] == ["no-such-namespace"]


def test_an_address_of_several_services_had_one_name_before_1_6_8() -> None:
    # Which one is the order of a map in Go.
    twice = (
        CLUSTER + "---\n{kind: EndpointSlice, metadata: {name: y, namespace: bank, labels: "
        "{kubernetes.io/service-name: idle, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}, "
        "endpoints: [{addresses: [10.0.1.5]}]}\n"
    )
    both = ["db-0.db.shop.svc.cluster.local.", "10-0-1-5.idle.bank.svc.cluster.local."]
    found = [
        server(cluster=twice, release="1.6.5", choose=lambda options, why, n=n: n)
        .query("5.1.0.10.in-addr.arpa", "PTR")
        .answer
        for n in (0, 1)
    ]
    assert [[rr.data[0] for rr in answer] for answer in found] == [[name] for name in both]
    today = server(cluster=twice).query("5.1.0.10.in-addr.arpa", "PTR").answer
    assert [rr.data[0] for rr in today] == both


def test_the_servers_addresses_are_compared_as_go_prints_them() -> None:
    spelt = CLUSTER.replace("fd00:1::", "fd00:1:0::0:1")
    assert ask(server(cluster=spelt, addresses=["fd00:1:0::0:1"]), "ns.dns.cluster.local", "AAAA") == [
        "NOERROR",
        "ns.dns.cluster.local. AAAA fd00:1::1",
    ]
    assert ask(server(cluster=spelt, addresses=["fd00:1:0::0:1"]), "cluster.local", "NS")[1] == (
        "cluster.local. NS ns.dns.cluster.local."
    )


def test_notices_services_without_an_address() -> None:
    bare = "".join(f"---\n{{kind: Service, metadata: {{name: s{i}, namespace: bank}}}}\n" for i in range(5))
    srv = server(cluster=CLUSTER + bare)
    srv.query("s1.bank.svc.cluster.local")
    (found,) = srv.findings
    assert found.code == "no-cluster-ip"
    assert found.message.startswith("Service bank/s0, Service bank/s1, Service bank/s2 and 2 more: ")


def test_metadata_and_search_path_of_the_client() -> None:
    srv = server("pods verified")
    srv.query("web.shop.svc.cluster.local", client="10.0.0.7")
    plugin = srv.process.instance.sites[0].handler("kubernetes")
    query = type(
        "Q", (), {"name": "_http._tcp.web.shop.svc.cluster.local.", "ctx": type("C", (), {"client": "10.0.0.7"})}
    )
    values = {key: value() for key, value in plugin.metadata(query).items()}
    assert values == {
        "kubernetes/client-namespace": "shop",
        "kubernetes/client-pod-name": "web-1",
        "kubernetes/client-label/app": "web",
        "kubernetes/port-name": "http",
        "kubernetes/protocol": "tcp",
        "kubernetes/endpoint": "",
        "kubernetes/service": "web",
        "kubernetes/namespace": "shop",
        "kubernetes/kind": "svc",
    }
    assert plugin.autopath_search(query.name, query.ctx.client).elements == (
        "shop.svc.cluster.local.",
        "svc.cluster.local.",
        "cluster.local.",
        "",
    )


def test_names() -> None:
    rules = KubernetesRules.of(find("1.14.7"))
    assert parse("a.b.svc.z.", "z.", rules) == Request("svc", "b", "a")
    assert parse("x.a.b.svc.z.", "z.", rules) == Request("svc", "b", "a", "x")
    assert parse("_p._tcp.a.b.svc.z.", "z.", rules) == Request("svc", "b", "a", "", "p", "tcp")
    assert parse("e.c.a.b.svc.z.", "z.", rules, multicluster=True) == Request("svc", "b", "a", "e", cluster="c")
    assert parse("a.b.nope.z.", "z.", rules) is None
    assert [is_sendable(x) for x in ("a.b.", "a..b.", ".", "x" * 64 + ".")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "labels", "fits"),
    [
        ("a=b", {"a": "b"}, True),
        ("a=b,c", {"a": "b"}, False),
        ("a==b, !c", {"a": "b"}, True),
        ("a in (b, c)", {"a": "c"}, True),
        ("a notin (b)", {}, True),
        ("a=b,a=c", {"a": "c"}, True),
        ("a=", {"a": ""}, True),
    ],
)
def test_selectors(text: str, labels: dict[str, str], fits: bool) -> None:
    assert Selector.parse(text).matches(labels) is fits


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a!=b", '"!=" is not a valid label selector operator'),
        ("a>1", '"gt" isn\'t supported in label selectors'),
        ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        (",", "found ',', expected: !, identifier, or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
    ],
)
def test_bad_selectors(text: str, error: str) -> None:
    with pytest.raises(ValueError) as caught:
        Selector.parse(text)
    assert error in str(caught.value)


def test_an_endpoint_slice_alone_is_nothing_to_releases_that_read_endpoints() -> None:
    """What the binaries answer is recorded (slice-without-endpoints); this says what a reader is told."""
    own = CLUSTER.replace("endpointslice-controller.k8s.io", "mine.example")
    srv = server(cluster=own, release="1.8.0")
    assert srv.query("db-0.db.shop.svc.cluster.local").rcode == "NXDOMAIN"
    (finding,) = srv.findings
    assert (finding.code, finding.severity) == ("no-endpoints", "notice")
    assert finding.message == (
        "EndpointSlice shop/web-x, EndpointSlice shop/db-x: CoreDNS 1.8.0 reads Endpoints objects, of which none stands "
        "beside it"
    )
    for cluster, release in ((own, "1.8.1"), (CLUSTER, "1.8.0")):
        srv = server(cluster=cluster, release=release)
        assert srv.query("db-0.db.shop.svc.cluster.local").rcode == "NOERROR"
        assert srv.findings == []


TWO = """\
{kind: Namespace, metadata: {name: shop, labels: {team: data}}}
---
{kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {clusterIP: 10.96.0.1}}
---
{kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: 10.96.0.2}}
"""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("labels app=web", ""),
        ("labels app=wbe", "`labels` selects none of the Services that are given, so that no name exists"),
        ("namespace_labels team=data", ""),
        ("namespace_labels kubernetes.io/metadata.name=shop", ""),
        (
            "namespace_labels team=x",
            "`namespace_labels` selects none of the Namespaces that are given, so that no name exists",
        ),
        ("namespaces shop", ""),
        ("namespaces shop prod", "`namespaces`: the cluster has no namespace `prod`"),
    ],
)
def test_what_selects_nothing_is_said(line: str, message: str) -> None:
    said = [f.message for f in server(f"{line}\n", cluster=TWO).findings]
    assert said == ([message] if message else [])
    assert server(f"{line}\n", cluster=[]).findings == []


def test_a_service_that_is_not_selected_is_there() -> None:
    reply = server("labels app=web\n", cluster=TWO).query("db.shop.svc.cluster.local")
    assert '`labels` leaves out the service of namespace shop that is called "db"' in str(reply.trace)
    reply = server("labels app=web\n", cluster=TWO, release="1.4.0").query("shop.svc.cluster.local")
    assert "there is no namespace shop that `labels` selects" in str(reply.trace)


def test_the_api_server_labels_namespaces_with_their_names() -> None:
    reply = server("namespace_labels kubernetes.io/metadata.name=shop\n", cluster=TWO).query(
        "db.shop.svc.cluster.local"
    )
    assert [rr.rdata for rr in reply.answer] == ["10.96.0.2"]


def test_multicluster_without_imports_is_said() -> None:
    zones, line = "cluster.local clusterset.local", "multicluster clusterset.local\n"
    imported = (
        "{kind: ServiceImport, metadata: {name: web, namespace: shop}, spec: {type: ClusterSetIP, ips: [10.0.0.9]}}"
    )
    assert [f.code for f in server(line, zones=zones, cluster=TWO).findings] == ["no-service-imports"]
    assert server(line, zones=zones, cluster=f"{TWO}---\n{imported}").findings == []
    assert server(line, zones=zones, cluster=[]).findings == []


def test_pods_verified_without_pods_is_said() -> None:
    lines = "pods verified\n"
    service = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.1}}\n"
    for cluster, codes in (
        (service, ["no-pods"]),
        ([], []),
        (f"{service}---\n{{kind: Pod, metadata: {{name: a}}}}", []),
    ):
        assert [f.code for f in server(lines, cluster=cluster).findings] == codes


# -- what was looked up is not kept -----------------------------------------------------------------------------------

ALIASES = """
{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}
---
kind: Service
metadata: {name: there, namespace: shop}
spec: {type: ExternalName, externalName: web.shop.svc.b.local}
---
kind: Service
metadata: {name: chain, namespace: shop}
spec: {type: ExternalName, externalName: there.shop.svc.a.local}
---
kind: Service
metadata: {name: dead, namespace: shop}
spec: {type: ExternalName, externalName: nope.shop.svc.a.local}
---
kind: Service
metadata: {name: out, namespace: shop}
spec: {type: ExternalName, externalName: www.example.com}
---
kind: Service
metadata: {name: number, namespace: shop}
spec: {type: ExternalName, externalName: 10.0.0.1}
---
{kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, ports: [{name: pg, port: 5432}]}}
---
kind: EndpointSlice
metadata: {name: db-x, namespace: shop, labels: {kubernetes.io/service-name: db}}
ports: [{name: '', port: 5432}]
endpoints: [{addresses: [10.0.0.7]}]
"""


def aliases(block: str = "", release: str = "1.14.7", plugins: str = "", zones: str = "a.local b.local") -> Any:
    text = f".:53 {{\n{plugins}\nkubernetes {zones} {{\n{block}\n}}\nforward . 192.0.2.53\n}}\n"
    upstreams = {"192.0.2.53": "www.example.com. 300 IN A 192.0.2.80"}
    return corefile.loads(text, release=release, world=World(cluster=ALIASES, upstreams=upstreams))


@pytest.mark.parametrize("name", ["there.shop.svc.a.local", "chain.shop.svc.a.local"])
def test_an_alias_into_another_zone_of_its_own_shows_what_the_cache_has(name: str) -> None:
    """The look-up goes through the server, comes to the same plugin again, and may not tell it that the answer lasts."""
    srv = aliases("ttl 30", plugins="cache 30")
    srv.query("web.shop.svc.b.local")
    srv.advance(10)
    for seconds, want in ((0, 20), (5, 15)):
        srv.advance(seconds)
        assert srv.query(name).answer[-1].ttl == want
    plugin = srv.process.instance.sites[0].handler("kubernetes")
    assert set(plugin.kept) == {("web.shop.svc.b.local.", 1)}


def test_a_name_that_is_chosen_anew_is_not_kept() -> None:
    twice = CLUSTER + "\n---\n{kind: Service, metadata: {name: two, namespace: shop}, spec: {clusterIP: 10.96.0.10}}\n"
    chosen = iter((1, 0, 1))
    srv = server(cluster=twice, choose=lambda options, why: next(chosen))
    found = [srv.query("10.0.96.10.in-addr.arpa", "PTR").answer[0].data[0] for _ in range(3)]
    assert [name.split(".")[0] for name in found] == ["two", "web", "two"]


def test_another_cluster_may_take_the_place_of_one() -> None:
    """The watches see what differs, at once."""
    srv = aliases()
    assert srv.query("new.shop.svc.a.local").rcode == "NXDOMAIN"
    assert srv.query("web.shop.svc.a.local").answer
    srv.advance(60)
    srv.world.cluster = ALIASES.replace("name: web,", "name: new,")
    srv.advance(1)
    assert srv.query("new.shop.svc.a.local").answer[0].data == ("10.96.0.1",)
    assert srv.query("web.shop.svc.a.local").rcode == "NXDOMAIN"
    assert srv.query("a.local", "SOA").answer[0].data[2] == int(srv.world.clock.now) - 1


CHANGING = """
{kind: Namespace, metadata: {name: shop}}
---
{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}
---
{kind: EndpointSlice, metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}},
 endpoints: [{addresses: [10.0.0.1], hostname: a, zone: x}]}
---
{kind: Pod, metadata: {name: one, namespace: shop}, status: {podIP: 10.7.0.1, phase: Running}}
"""
SERVICE = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {%s}}"
SLICE = (
    "{kind: EndpointSlice, metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}, "
    "endpoints: [%s]}"
)
POD = "{kind: Pod, metadata: {name: one, namespace: shop%s}, status: {podIP: %s, phase: %s}}"


@pytest.mark.parametrize(
    ("change", "newest", "older"),
    [
        (SERVICE % "clusterIP: 10.96.0.1, ports: [{port: 80}]", "", "inside"),
        (SERVICE % "clusterIP: 10.96.0.2, ports: [{port: 80}]", "", "inside"),
        (SERVICE % "clusterIP: 10.96.0.1, ports: [{port: 81}]", "inside outside", "inside"),
        (SERVICE % "clusterIP: 10.96.0.1, externalIPs: [192.0.2.1], ports: [{port: 80}]", "outside", "inside"),
        (SERVICE % "externalName: a.example, ports: [{port: 80}]", "inside", "inside"),
        (SLICE % "{addresses: [10.0.0.1], hostname: a, zone: x, targetRef: {name: p}}", "", ""),
        (SLICE % "{addresses: [10.0.0.1], hostname: b, zone: x}", "inside", "inside"),
        (SLICE % "{addresses: [10.0.0.1], hostname: a, zone: y}", "inside", ""),
        (SLICE % "", "inside", "inside"),
        (POD % ("", "10.7.0.1", "Pending"), "", "inside"),
        (POD % ("", "10.7.0.2", "Running"), "inside", "inside"),
        (POD % ("", "10.7.0.1", "Failed"), "inside", "inside"),
        (POD % (", deletionTimestamp: '2026-01-01T00:00:00Z'", "10.7.0.1", "Running"), "", ""),
        ("{kind: Namespace, metadata: {name: bank}}", "", ""),
        ("{kind: Node, metadata: {name: n}}", "", ""),
        (
            "{kind: Service, metadata: {name: more, namespace: shop}, spec: {externalIPs: [192.0.2.1]}}",
            "inside",
            "inside",
        ),
    ],
)
def test_what_changes_a_serial(change: str, newest: str, older: str) -> None:
    """In the newest release, and in 1.9.0: of what is written, only what DNS shows counts (by the source, controller.go)."""
    for release, changed in (("1.14.7", newest), ("1.9.0", older)):
        properties = "pods verified" + "\nzonal" * (release == "1.14.7")
        world = World(cluster=CHANGING)
        text = f".:53 {{\n kubernetes cluster.local {{\n{properties}\n }}\n}}\n"
        srv = corefile.loads(text, release=release, world=world)
        srv.advance(5)
        world.apply(change)
        plugin: Any = srv.process.instance.sites[0].handler("kubernetes")
        now = int(world.clock.now)
        assert {what for what, at in plugin.watches.modified.items() if at == now} == set(changed.split())


def test_a_server_that_has_stopped_watches_no_more() -> None:
    """After a reload the new instance does, alone."""
    world = World(cluster=CHANGING)
    text = ".:53 {\n reload 2s 0\n kubernetes cluster.local\n}\n"
    srv = corefile.loads(text, world=world)
    old = srv.process.instance
    world.write("Corefile", text.replace("cluster.local", "a.local"))
    srv.advance(4)
    assert srv.process.instance is not old
    world.delete("Service/shop/web")
    assert srv.query("web.shop.svc.a.local").rcode == "NXDOMAIN"
    gone: Any = old.sites[0].handler("kubernetes")
    assert gone.cluster is not world.cluster


def test_a_copy_of_a_server_has_a_cluster_of_its_own() -> None:
    srv = corefile.loads(".:53 {\n kubernetes cluster.local\n}\n", world=World(cluster=CHANGING))
    other = srv.copy()
    other.world.delete("Service/shop/web")
    srv.world.apply(SERVICE % "clusterIP: 10.96.0.9")
    assert other.query("web.shop.svc.cluster.local").rcode == "NXDOMAIN"
    assert srv.query("web.shop.svc.cluster.local").answer[0].data == ("10.96.0.9",)


def test_an_upstream_in_the_same_cluster_sees_it_change() -> None:
    upstream = {"corefile": ".:53 {\n bind 10.0.0.53\n kubernetes cluster.local\n}\n"}
    world = World(cluster=CHANGING, upstreams={"10.0.0.53": upstream})
    srv = corefile.loads(".:53 {\n forward . 10.0.0.53\n}\n", world=world)
    assert srv.query("web.shop.svc.cluster.local").rcode == "NOERROR"
    world.delete("Namespace/shop")
    assert srv.query("web.shop.svc.cluster.local").rcode == "NXDOMAIN"


@pytest.mark.parametrize("release", ["1.2.0", "1.2.1"])
def test_up_to_1_2_0_the_zone_of_an_alias_target_is_lost(release: str) -> None:
    """The last label of the target is taken for its zone, so that a name of no zone may be a service, and one of the zone
    is none. (By the source: no binary of these releases was asked.)"""
    cluster = ALIASES.replace("www.example.com", "web.shop.svc.elsewhere")
    srv = server("upstream", release=release, zones="a.local", cluster=cluster)
    lost = release == "1.2.0"
    assert (ask(srv, "chain.shop.svc.a.local") == ["NOERROR"]) is lost
    assert (ask(srv, "out.shop.svc.a.local")[2:] == ["web.shop.svc.elsewhere. A 10.96.0.1"]) is lost


# -- what traces say --------------------------------------------------------------------------------------------------


def why_of(srv: Any, name: str, type: str = "A", **more: Any) -> str:
    hops = srv.query(name, type, **more).trace.hops
    why: str = next(hop for hop in hops if hop.plugin == "kubernetes").why
    return why


ENDS = "; `fallthrough` is not given, so the chain ends here"


@pytest.mark.parametrize(
    ("name", "type", "why"),
    [
        ("web", "A", "1 A record from the cluster"),
        ("out", "A", "an alias for www.example.com., which the server asked itself for: NOERROR, 1 record"),
        ("out", "AAAA", "an alias for www.example.com., which the server asked itself for: NOERROR, 0 records"),
        ("out", "CNAME", "1 CNAME record from the cluster"),
        (
            "dead",
            "A",
            'an alias for nope.shop.svc.a.local. in the same zone, which does not exist: namespace shop has no service "nope"',
        ),
        (
            "number",
            "A",
            "the ExternalName of service number in namespace shop is an address, 10.0.0.1, and no name -> NXDOMAIN"
            + ENDS,
        ),
        ("x.out", "A", "service out in namespace shop is an ExternalName, which has no endpoints -> NXDOMAIN" + ENDS),
        (
            "_a._tcp.out",
            "SRV",
            "service out in namespace shop is an ExternalName, which has no ports -> NXDOMAIN" + ENDS,
        ),
        (
            "_pg._tcp.db",
            "SRV",
            "service db in namespace shop has a port pg over tcp, but its endpoints have none of that name -> NXDOMAIN"
            + ENDS,
        ),
        ("_x._tcp.db", "SRV", "service db in namespace shop has no port x over tcp -> NXDOMAIN" + ENDS),
        ("x.db", "A", 'service db in namespace shop has no endpoint "x" -> NXDOMAIN' + ENDS),
        ("web", "MX", "the name exists, but has no MX record"),
    ],
)
def test_a_trace_says_what_became_of_a_service(name: str, type: str, why: str) -> None:
    assert why_of(aliases(), f"{name}.shop.svc.a.local", type) == why


def test_a_trace_says_where_fallthrough_does_not_apply() -> None:
    srv = aliases("fallthrough")
    for name, type in (("web", "AAAA"), ("dead", "A")):
        assert why_of(srv, f"{name}.shop.svc.a.local", type).endswith("; `fallthrough` is for names that do not exist")
    assert why_of(srv, "web.shop.svc.a.local") == "1 A record from the cluster"
    assert not srv.query("nope.shop.svc.a.local").trace.hops[0].why.endswith("do not exist")


def test_a_trace_of_an_old_release_has_no_port_where_none_was_asked_for() -> None:
    text = CLUSTER.replace("type: ExternalName, externalName: loop.bank.svc.cluster.local", "clusterIP: None")
    why = why_of(server(release="1.6.5", cluster=text), "loop.bank.svc.cluster.local")
    assert why.startswith("service loop in namespace bank is headless and has no ready endpoint -> ")


def test_a_trace_says_why_a_pod_has_no_name() -> None:
    name = "web-748c667d99-c6c29.shop.pod.cluster.local"
    assert why_of(server("pods verified"), name).startswith(
        "web-748c667d99-c6c29 is not an address with dashes, and a pod is named by its address, such as 10-0-0-7 -> "
    )
    name = "10-0-0-9.shop.pod.cluster.local"
    assert why_of(server("pods verified"), name).startswith("namespace shop has no pod with the address 10.0.0.9 -> ")
    alone = server("pods verified", cluster=ALIASES)
    assert why_of(alone, name).startswith("the cluster that was given has no Pods -> ")


@pytest.mark.parametrize(
    ("block", "cluster", "client", "why"),
    [
        ("", CLUSTER, "10.0.0.7", "`kubernetes` knows the clients' pods only with `pods verified`"),
        ("pods insecure", CLUSTER, "10.0.0.7", "`kubernetes` knows the clients' pods only with `pods verified`"),
        ("pods verified", ALIASES, "10.0.0.7", "the cluster that was given has no Pods"),
        ("pods verified", CLUSTER, "10.0.0.99", "no pod has the client's address 10.0.0.99"),
    ],
)
def test_autopath_says_why_no_search_path_is_known(block: str, cluster: str, client: str, why: str) -> None:
    text = f".:53 {{\nautopath @kubernetes\nkubernetes cluster.local {{\n{block}\n}}\n}}\n"
    srv = corefile.loads(text, world=World(cluster=cluster))
    hop = srv.query("www.example.com.shop.svc.cluster.local", client=client).trace.hops[0]
    assert hop.why == f"no search path is known for {client}: {why}"


# -- what it tells apart ----------------------------------------------------------------------------------------------

IMPORTS = """
{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.0.0.1, ports: [{name: a, port: 1}]}}
---
kind: ServiceImport
metadata: {name: web, namespace: shop}
spec: {type: ClusterSetIP, ips: [10.9.0.1], ports: [{name: http, port: 80}]}
---
{kind: ServiceImport, metadata: {name: head, namespace: shop}, spec: {type: Headless, ports: [{name: http, port: 80}]}}
---
kind: EndpointSlice
metadata:
  name: head-x
  namespace: shop
  labels: {multicluster.kubernetes.io/service-name: head, multicluster.kubernetes.io/source-cluster: c1}
ports: [{name: http, port: 80}]
endpoints: [{addresses: [10.0.1.5], hostname: db-0}]
"""
NEAR_MISSES = [
    "_http",
    "_tcp",
    "tcp",
    "_",
    "1-2-3-4",
    "256-1-1-1",
    "fd00--1",
    "--",
    "a--b--c",
    "_zone",
    "a.pin._zone",
    "b.prefer._zone",
    "any",
    "*",
    "c1",
    "db-0.c1",
    "_http._tcp",
    "http.tcp",
    "_http._udp",
    "_._",
    "_http._",
    "_dns._udp",
    "_pg._tcp",
    "db-0",
    "x.y",
    "x.y.z",
]


@pytest.mark.parametrize(
    ("release", "block", "zones", "cluster"),
    [
        ("1.14.7", "", "cluster.local in-addr.arpa", CLUSTER),
        ("1.14.7", "pods insecure\nzonal", "cluster.local in-addr.arpa ip6.arpa", CLUSTER),
        ("1.14.7", "pods verified", "cluster.local", CLUSTER),
        ("1.14.7", "multicluster set.local", "cluster.local set.local", IMPORTS),
        ("1.12.1", "ignore empty_service\nendpoint_pod_names\npods insecure", "cluster.local", CLUSTER),
        ("1.8.6", "pods insecure", "cluster.local in-addr.arpa", CLUSTER),
        ("1.6.5", "namespaces shop", ". in-addr.arpa", CLUSTER),
        ("1.2.2", "pods verified", "cluster.local in-addr.arpa", CLUSTER),
        ("1.0.0", "pods insecure", "cluster.local", CLUSTER),
    ],
)
def test_names_that_no_landmark_tells_apart_are_answered_alike(
    release: str, block: str, zones: str, cluster: str
) -> None:
    srv = server(block, release=release, zones=zones, cluster=cluster)
    assert not told_apart(srv, "kubernetes", ("A", "SRV", "PTR", "TXT"), NEAR_MISSES)


def test_pods_are_told_to_autopath() -> None:
    plugin = server("pods verified").process.instance.sites[0].handler("kubernetes")
    assert "10.0.0.7" in plugin.autopath_clients()


HEADLESS = """
{kind: Namespace, apiVersion: v1, metadata: {name: shop}}
---
{kind: Service, apiVersion: v1, metadata: {name: db, namespace: shop}, spec: {type: ClusterIP, clusterIP: None, ports: []}}
"""


@pytest.mark.parametrize(
    ("release", "old", "ends"),
    [("1.6.8", True, True), ("1.9.3", False, True), ("1.10.1", False, True), ("1.11.3", False, False)],
)
def test_a_transfer_without_endpoints_ends_the_process(release: str, old: bool, ends: bool) -> None:
    """A headless service is looked up in a goroutine, whose panic nothing catches: what 1.6.8, 1.9.3, 1.10.1 and 1.11.3 did."""
    # old: `kubernetes` transfers its zones itself
    own, other = ("transfer to *", "") if old else ("", "transfer {\n to *\n }")
    text = f".:53 {{\n {other}\n kubernetes cluster.local {{\n  noendpoints\n  {own}\n }}\n}}\n"
    server = corefile.loads(text, release=release, world=World(cluster=HEADLESS))
    assert server.query("cluster.local", "AXFR", transport="tcp").received != ends
    assert server.query("cluster.local", "SOA").received != ends


@pytest.mark.parametrize(
    ("release", "address", "found"),
    [
        ("1.5.0", "10.99.0.1", {"A": "NOERROR", "AAAA": "NXDOMAIN", "NAPTR": "NXDOMAIN", "MX": "NXDOMAIN"}),
        ("1.5.2", "10.99.0.1", {"A": "NOERROR", "AAAA": "NOERROR", "NAPTR": "NOERROR", "MX": "NOERROR"}),
        ("1.6.5", "10.99.0.1", {"A": "NOERROR", "AAAA": "NOERROR", "NAPTR": "NOERROR", "MX": "NOERROR"}),
    ],
)
def test_the_name_of_this_server_exists_for_all_types(release: str, address: str, found: dict[str, str]) -> None:
    """Since 1.5.1, as 1.5.2 and 1.6.5 said; before for A alone (kubernetes.go of 1.5.0)."""
    world = World(cluster="", addresses=[address])
    server = corefile.loads(".:53 {\n kubernetes cluster.local\n}\n", release=release, world=world)
    assert {type: server.query("ns.dns.cluster.local", type).rcode for type in found} == found
    assert len(server.query("ns.dns.cluster.local", "A").answer) == 1
    assert not server.query("ns.dns.cluster.local", "AAAA").answer


@pytest.mark.parametrize("release", ["1.8.1", "1.11.3", "1.14.7"])
def test_in_a_transfer_what_is_no_address_has_srv_records_without_a_host(release: str) -> None:
    cluster = CLUSTER.replace(
        "endpoints: [{addresses: [10.0.1.5], hostname: db-0, zone: A}, {addresses: ['fd00:1::'], zone: b}]",
        "addressType: FQDN\nendpoints: [{addresses: [db.example.com]}]",
    )
    text = ".:53 {\n transfer {\n to *\n }\n kubernetes cluster.local\n}\n"
    reply = corefile.loads(text, release=release, world=World(cluster=cluster)).query(
        "cluster.local", "AXFR", transport="tcp"
    )
    found = [str(record) for record in reply.answer if "db.shop" in record.name]
    assert found == ["_pg._tcp.db.shop.svc.cluster.local. 5 IN SRV 0 100 5432 ."]


@pytest.mark.parametrize(
    ("release", "addresses", "received", "lives"),
    [
        ("1.12.1", 0, True, True),
        ("1.12.1", 2, True, True),
        ("1.12.2", 0, False, True),
        ("1.13.1", 1, True, True),
        ("1.14.4", 2, False, False),
        ("1.14.5", 0, True, True),
        ("1.14.5", 2, True, True),
    ],
)
def test_a_transfer_for_each_address_of_a_name_server(
    release: str, addresses: int, received: bool, lives: bool
) -> None:
    """Go's loop over them had the whole transfer in it: without an address the channel is never closed, and it is used
    after that with a second one, in a goroutine. What waits has no result, which `log` would see."""
    text = ".:53 {\n log\n transfer {\n to *\n }\n kubernetes cluster.local\n}\n"
    world = World(cluster="", addresses=["10.0.0.10", "fd00::10"][:addresses])
    server = corefile.loads(text, release=release, world=world)
    reply = server.query("cluster.local", "AXFR", transport="tcp")
    assert (reply.received, bool(reply.log)) == (received, received)
    assert server.query("cluster.local", "SOA").received == lives
    assert lives or server.process.instance.fatal == "panic: send on closed channel"
