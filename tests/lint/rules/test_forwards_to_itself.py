"""forwards-to-itself: loops that no `loop` would end."""

from __future__ import annotations

from typing import Any

import pytest

import corefile
from corefile.language import configmap
from corefile.world import World

OTHER = {"127.0.0.2": {"corefile": ".:53 {\nbind 127.0.0.2\nforward . 127.0.0.1\n}"}}


def codes(text: str, release: str = "1.14.7", **world: Any) -> list[tuple[str, str, int]]:
    found = corefile.checks(text, release=release, world=World(**world))
    return [(f.code, f.severity, f.span.line if f.span else 0) for f in found]


@pytest.mark.parametrize(
    ("text", "release", "line"),
    [
        (".:53 {\nerrors\nforward . 127.0.0.1\n}\n", "1.14.7", 3),
        (".:53 {\nproxy . 127.0.0.1\n}\n", "1.2.2", 2),
        ("example.org:53 {\nwhoami\n}\n.:5353 {\nforward example.com 127.0.0.1:5353\n}\n", "1.14.7", 5),
        ("a.example:53 {\nbind 127.0.0.3\ncache\nforward . 127.0.0.3\n}\n", "1.14.7", 4),
    ],
)
def test_a_server_that_asks_itself(text: str, release: str, line: int) -> None:
    assert codes(text, release) == [("forwards-to-itself", "warning", line)]


def test_through_another_server() -> None:
    assert codes(".:53 {\nbind 127.0.0.1\nforward . 127.0.0.2\n}\n", upstreams=OTHER) == [
        ("forwards-to-itself", "warning", 3)
    ]


@pytest.mark.parametrize(
    "text",
    [
        ".:53 {\nforward . 192.0.2.53\n}\n",
        # Docker's server in each container of a network
        ".:53 {\nforward . 127.0.0.11\n}\n",
        ".:53 {\nforward . 192.0.2.53 127.0.0.11:53\n}\n",
        # The question goes to another server of this Corefile, which answers.
        ".:53 {\nforward . 127.0.0.1:5353\n}\n.:5353 {\nwhoami\n}\n",
        # Nobody listens there.
        ".:53 {\nforward . 127.0.0.1:5353\n}\n",
        # What is forwarded never reaches this server.
        "example.org:53 {\nforward . 127.0.0.1:5353\n}\nexample.com:5353 {\nwhoami\n}\n",
    ],
)
def test_no_loop(text: str) -> None:
    assert codes(text) == []


def test_with_loop_coredns_ends() -> None:
    assert codes(".:53 {\nloop\nforward . 127.0.0.1\n}\n") == [("forwarding-loop", "error", 2)]


def test_the_nodes_own_resolver() -> None:
    """The loop that Kubernetes meets most: systemd-resolved's address, inherited from the node."""
    files = {"/etc/resolv.conf": "nameserver 127.0.0.53\noptions edns0\n"}
    assert codes(".:53 {\nloop\nforward . /etc/resolv.conf\n}\n", files=files) == [("forwarding-loop", "error", 2)]
    assert codes(".:53 {\nforward . /etc/resolv.conf\n}\n", files=files) == [("forwards-to-itself", "warning", 2)]


SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "dns", "namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}},
    "spec": {
        "clusterIP": "10.96.0.10",
        "ports": [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "metrics", "port": 9153, "protocol": "TCP"}],
    },
}
SLICE = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "addressType": "IPv4",
    "metadata": {"name": "dns-1", "namespace": "kube-system", "labels": {"kubernetes.io/service-name": "dns"}},
    "endpoints": [{"addresses": ["10.244.0.2"]}],
    "ports": [{"name": "dns", "port": 5353, "protocol": "UDP"}],
}
TARGET = {
    **SERVICE,
    "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 53, "protocol": "UDP", "targetPort": 1053}]},
}
NAMED = {
    **SERVICE,
    "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 53, "protocol": "UDP", "targetPort": "dns"}]},
}
POD = {
    "kind": "Pod",
    "metadata": {"name": "dns-1", "namespace": "kube-system"},
    "spec": {"containers": [{"name": "dns", "ports": [{"name": "dns", "containerPort": 1053, "protocol": "UDP"}]}]},
}
OTHERS = [
    {**POD, "metadata": {"name": "a", "namespace": "kube-system", "labels": {"app": "other"}}},
    {**POD, "metadata": {"name": "b", "namespace": "default", "labels": {"app": "dns"}}},
    *(
        {"kind": "Pod", "metadata": {"name": f"c{number}", "namespace": "kube-system", "labels": {"app": "dns"}}} | more
        for number, more in enumerate(
            (
                {"spec": {"containers": [{"ports": [{"name": "dns", "containerPort": 1053}, 1053]}]}},
                {"spec": {"containers": [{"ports": 1053}, 5]}},
                {"spec": {"containers": 5, "volumes": 5}},
                {"spec": 5},
                {},
            )
        )
    ),
]
SELECTED = {**POD, "metadata": {"name": "dns-1", "namespace": "kube-system", "labels": {"app": "dns"}}}
SELECTS = {**NAMED, "spec": {**NAMED["spec"], "selector": {"app": "dns"}}}
BY_NAME = {**SERVICE, "metadata": {"name": "coredns", "namespace": "dns"}}
KUBERNETES = ".:53 {\nkubernetes cluster.local in-addr.arpa {\nfallthrough in-addr.arpa\n}\n"


@pytest.mark.parametrize(
    ("text", "cluster", "line"),
    [
        (KUBERNETES + "forward . 10.96.0.10\n}\n", [SERVICE], 5),
        (KUBERNETES + "loop\nforward . 192.0.2.53 10.96.0.10:53\n}\n", [SERVICE], 6),
        (KUBERNETES + "forward . /etc/resolv.conf\n}\n", [BY_NAME], 5),
        (KUBERNETES + "whoami\n}\ncorp.example {\nforward . 10.96.0.10\n}\n", [SERVICE], 8),
        # the pods listen at another port than the Service
        (KUBERNETES.replace(":53", ":5353") + "forward . 10.96.0.10\n}\n", [SERVICE, SLICE], 5),
        (KUBERNETES.replace(":53", ":1053") + "forward . 10.96.0.10\n}\n", [TARGET], 5),
        (KUBERNETES.replace(":53", ":1053") + "forward . 10.96.0.10\n}\n", [NAMED, POD], 5),
    ],
)
def test_the_clusters_own_dns_service(text: str, cluster: list[Any], line: int) -> None:
    world = {"cluster": cluster, "files": {"/etc/resolv.conf": "nameserver 10.96.0.10\n"}}
    found = codes(text, **world)
    assert found == [("forwards-to-itself", "warning", line)]
    (said,) = corefile.checks(text, world=World(**world))
    assert "10.96.0.10:53" in said.message
    assert ("`loop`" in said.message) is ("loop" in text)


@pytest.mark.parametrize("other", OTHERS)
def test_the_name_of_a_port_is_that_of_a_pod_that_the_service_selects(other: dict[str, Any]) -> None:
    """Kubernetes takes the port with the name and the protocol, of containers of selected pods alone."""
    text = KUBERNETES.replace(":53", ":1053") + "forward . 10.96.0.10\n}\n"
    assert codes(text, cluster=[SELECTS, other]) == []
    assert codes(text, cluster=[SELECTS, other, SELECTED]) == [("forwards-to-itself", "warning", 5)]


def test_the_probe_of_loop_is_for_its_own_zone() -> None:
    """What is forwarded for another zone goes round without its notice."""
    text = KUBERNETES + "loop\nforward corp.example 10.96.0.10\n}\n"
    (said,) = corefile.checks(text, world=World(cluster=[SERVICE]))
    assert said.message.endswith("the questions come back, without an end")


def test_a_service_that_leads_elsewhere() -> None:
    assert codes(KUBERNETES + "forward . 10.96.0.10\n}\n", cluster=[TARGET]) == []


@pytest.mark.parametrize(
    ("text", "cluster"),
    [
        # what asks the cluster's DNS is not it: a cache on a node, a server of another kind
        (".:53 {\nforward . 10.96.0.10\n}\n", [SERVICE]),
        (".:53 {\nkubernetes in-addr.arpa {\nfallthrough\n}\nforward . 10.96.0.10\n}\n", [SERVICE]),
        # another port, another Service, no cluster
        (KUBERNETES + "forward . 10.96.0.10:5353\n}\n", [SERVICE]),
        (KUBERNETES + "forward . 10.96.0.10\n}\n", [{**SERVICE, "metadata": {"name": "dns", "namespace": "corp"}}]),
        (KUBERNETES + "forward . 10.96.0.10\n}\n", []),
        # the pods of the Service listen elsewhere than this block
        (KUBERNETES + "forward . 10.96.0.10\n}\n", [SERVICE, SLICE]),
    ],
)
def test_another_server_of_the_cluster(text: str, cluster: list[Any]) -> None:
    assert codes(text, cluster=cluster) == []


POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "dns-x", "namespace": "kube-system"},
    "spec": {"volumes": [{"name": "config", "configMap": {"name": "coredns"}}]},
    "status": {"podIP": "10.244.0.2", "phase": "Running"},
}
OURS = {
    **SLICE,
    "endpoints": [
        {"addresses": ["10.244.0.2"], "targetRef": {"kind": "Pod", "name": "dns-x", "namespace": "kube-system"}}
    ],
}


def in_a_config_map(text: str, name: str = "coredns", namespace: str = "kube-system") -> corefile.Source:
    """The Corefile of a ConfigMap."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    head = f"kind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\ndata:\n  Corefile: |\n"
    (found,) = configmap.sources("cm.yaml", head + lines)
    return found


def findings(source: corefile.Source, *cluster: Any) -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in corefile.checks(source, world=World(cluster=[SERVICE, *cluster]))]


def test_pods_that_mount_the_config_map_stand_behind_the_service() -> None:
    """What 127.0.0.1 gets: CoreDNS with `loop` ends, and one without asks itself."""
    listening = KUBERNETES.replace(":53", ":5353")
    looping = in_a_config_map(listening + "loop\nforward . 10.96.0.10\n}\n")
    assert findings(looping, OURS, POD) == [("forwarding-loop", "error")]
    (said,) = corefile.checks(
        in_a_config_map(listening + "forward . 10.96.0.10\n}\n"), world=World(cluster=[SERVICE, OURS, POD])
    )
    assert said.code == "forwards-to-itself"
    assert "behind it stands this server, and the questions come back" in said.message
    for other in (
        in_a_config_map(looping.text, name="coredns-upstream"),
        in_a_config_map(looping.text, namespace="other"),
        corefile.Source("Corefile", looping.text),
    ):
        assert findings(other, OURS, POD) == [("forwards-to-itself", "warning")]
    assert findings(looping, OURS) == [("forwards-to-itself", "warning")]  # the pod is not there
    assert findings(looping, SLICE, POD) == [("forwards-to-itself", "warning")]  # it is no endpoint


def test_a_question_that_is_not_sent_on_comes_not_back() -> None:
    """What is lost on the way of one question says nothing of the next, which the server answers itself."""
    text = (
        ".:53 {\n    forward . 127.0.0.1\n}\n"
        "lab.example:53 {\n    forward . 127.0.0.1 {\n        except lab.example\n    }\n    whoami\n}\n"
    )
    assert [f.span.line for f in corefile.checks(text) if f.span is not None and f.code == "forwards-to-itself"] == [2]


def test_loop_looks_in_its_own_zone_alone() -> None:
    """Its probe is not forwarded with names of a smaller zone."""
    text = ".:53 {\nloop\nforward corp.example 127.0.0.1\n}\n"
    (said,) = corefile.checks(text)
    assert (said.code, said.hint) == ("forwards-to-itself", "name an upstream that is another machine")
