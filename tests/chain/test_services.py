"""Services behind which the server stands."""

from __future__ import annotations

from copy import deepcopy

import pytest

from corefile import Source, World, loads
from corefile.chain.services import own_services
from corefile.language import configmap

CLUSTER = """
- {kind: Service, metadata: {name: dns, namespace: kube-system},
   spec: {clusterIP: 10.96.0.10, clusterIPs: [10.96.0.10, "fd00::a"], ports: [{name: dns, port: 53, protocol: UDP},
     {name: dns-tcp, port: 53, protocol: TCP}, {name: metrics, port: 9153, protocol: TCP}]}}
- {kind: Service, metadata: {name: other, namespace: kube-system}, spec: {clusterIP: 10.96.0.11, ports: [{port: 53, protocol: UDP}]}}
- {kind: EndpointSlice, addressType: IPv4, metadata: {name: dns-1, namespace: kube-system, labels: {kubernetes.io/service-name: dns}},
   endpoints: [{addresses: [10.244.0.2], targetRef: {kind: Pod, name: one, namespace: kube-system}}],
   ports: [{name: dns, port: 5353, protocol: UDP}, {name: dns-tcp, port: 5353, protocol: TCP}]}
- {kind: Pod, metadata: {name: one, namespace: kube-system}, status: {podIP: 10.244.0.2},
   spec: {volumes: [{name: token}, {name: config, configMap: {name: coredns}}]}}
- {kind: Pod, metadata: {name: two, namespace: default}, status: {podIP: 10.244.0.3}}
"""
FORWARDS = ".:5353 {\n errors\n forward corp.example 10.96.0.10\n whoami\n}\n"


def in_a_config_map(metadata: str, text: str = FORWARDS) -> Source:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    (found,) = configmap.sources("cm.yaml", f"kind: ConfigMap\nmetadata: {metadata}\ndata:\n  Corefile: |\n{lines}")
    return found


OWN = in_a_config_map("{name: coredns, namespace: kube-system}")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (OWN, True),
        (in_a_config_map("{name: coredns}"), True),
        (in_a_config_map("{name: coredns, namespace: default}"), False),
        (in_a_config_map("{name: node-local-dns, namespace: kube-system}"), False),
        (in_a_config_map("{}"), False),
        (Source("Corefile", FORWARDS), False),
    ],
)
def test_pods_that_mount_the_config_map_are_the_servers(source: Source, found: bool) -> None:
    own = own_services(source, World(cluster=CLUSTER))
    assert own == (
        {"10.96.0.10:53": "5353", "[fd00::a]:53": "5353", "10.96.0.10:9153": "9153", "[fd00::a]:9153": "9153"}
        if found
        else {}
    )
    assert own_services(source, World()) == {}


def test_what_is_sent_to_the_service_comes_to_the_server() -> None:
    server = loads(OWN, world=World(cluster=CLUSTER))
    for each in (server, deepcopy(server)):
        reply = each.query("a.corp.example", trace=True)
        assert reply.rcode == "SERVFAIL"
        assert "waits for an answer to its own question" in " ".join(str(reply.trace).split())
    elsewhere = loads(Source("Corefile", FORWARDS), world=World(cluster=CLUSTER))
    said = str(elsewhere.query("a.corp.example", trace=True).trace)
    assert "network is unreachable" in " ".join(said.split())


def test_an_upstream_that_is_given_stands_there() -> None:
    given = World(cluster=CLUSTER, upstreams={"10.96.0.10": "a.corp.example. 60 IN A 192.0.2.1\n"})
    assert loads(OWN, world=given).query("a.corp.example").rcode == "NOERROR"


@pytest.mark.parametrize("line", ["bind 127.0.0.1", "bind ::1"])
def test_a_server_that_listens_on_the_loopback_is_not_reached(line: str) -> None:
    source = in_a_config_map("{name: coredns}", FORWARDS.replace("errors", line))
    to = "[::1]:5353" if "::1" in line else "127.0.0.1:5353"
    reply = loads(source, world=World(cluster=CLUSTER)).query("a.corp.example", to=to, trace=True)
    assert "connection refused" in " ".join(str(reply.trace).split())
