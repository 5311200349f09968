"""Kubernetes objects as DNS sees them, from YAML and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from corefile.world.cluster import Address, Cluster, ManifestError, Port
from corefile.world.manifests import read

SERVICES = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"v1","kind":"Service"}
    labels: {}
    name: web
    namespace: shop
  spec:
    clusterIP: 10.96.0.10
    clusterIPs:
    - 10.96.0.10
    - fd00::10
    ipFamilies:
    - IPv4
    - IPv6
    ports:
    - name: http
      port: 80
      protocol: TCP
      targetPort: 8080
    - port: 53
      protocol: UDP
    type: ClusterIP
  status:
    loadBalancer: {}
- apiVersion: discovery.k8s.io/v1
  kind: EndpointSlice
  addressType: IPv4
  metadata:
    labels:
      kubernetes.io/service-name: web
    name: web-x
    namespace: shop
  endpoints:
  - addresses:
    - 10.0.0.7
    conditions:
      ready: true
    nodeName: n1
    targetRef: {kind: Pod, name: web-1}
    zone: "a"
  - addresses:
    - 10.0.0.8
    conditions:
      ready: false
  ports:
  - name: http
    port: 8080
    protocol: TCP
kind: List
metadata:
  resourceVersion: ""
"""


def test_reads_what_kubectl_prints() -> None:
    cluster = Cluster.load(SERVICES)
    (web,) = cluster.services
    assert (web.name, web.namespace, web.type) == ("web", "shop", "ClusterIP")
    assert web.cluster_ips == ("10.96.0.10", "fd00::10")
    assert web.ports == (Port("http", 80, "TCP"), Port("", 53, "UDP"))
    (slice_,) = cluster.slices
    assert slice_.service == "web"
    assert slice_.subsets[0].addresses == (
        Address("10.0.0.7", pod="web-1", node="n1", zone="a", ready=True),
        Address("10.0.0.8", ready=False),
    )


def test_plain_reader_and_yaml_library_agree() -> None:
    want = yaml.safe_load(SERVICES)["items"]
    assert read(SERVICES) == want
    assert read(json.dumps({"kind": "List", "items": want})) == want
    assert read(yaml.safe_dump_all(want)) == want
    assert read(yaml.safe_dump_all(want, default_flow_style=True)) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("metadata:\n  name: >-\n    a\n    b\n", {"metadata": {"name": "a b"}}),
        ("metadata: {name: a, labels: {b: 'c'}} # why\n", {"metadata": {"name": "a", "labels": {"b": "c"}}}),
        ("metadata: &m\n  name: a\nother: *m\n", {"metadata": {"name": "a"}, "other": {"name": "a"}}),
        ("name: \"a\\u0062\"\nother: 'it''s'\n", {"name": "ab", "other": "it's"}),
        ("lines:\n- - a\n  - b\n-\n  - c\n", {"lines": [["a", "b"], ["c"]]}),
        ("lines:\n  - a\n  - b: 1\n    c: 2\nx: y\n", {"lines": ["a", {"b": 1, "c": 2}], "x": "y"}),
        ("text: |\n\n  a\n    b\n\nname: x\n", {"text": "\na\n  b\n", "name": "x"}),
        ("text: |-\n  a\nnone: ~\nempty: {}\nno: off\n", {"text": "a", "none": None, "empty": {}, "no": False}),
        ("long: a\n  b\n", {"long": "a b"}),
    ],
)
def test_other_yaml_is_read_too(text: str, want: dict[str, object]) -> None:
    assert read("kind: Pod\n" + text) == [{"kind": "Pod", **want}]


def test_documents_are_apart() -> None:
    assert [
        o["metadata"]["name"]
        for o in read("---\nkind: Pod\nmetadata: {name: a}\n--- # next\nkind: Pod\nmetadata:\n  name: b\n---\n")
    ] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("kind: ]", 1), ("a: 1", 1), ("kind: Pod\nmetadata: {}\n---\n- 3\n", 4), ("kind: Pod\nx: a: b\n", 2)],
)
def test_says_what_is_no_manifest(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as error:
        read(text)
    assert error.value.line == line


def test_malformed_object_is_named() -> None:
    with pytest.raises(ManifestError, match="Service web is malformed"):
        Cluster.load("{kind: Service, metadata: {name: web}, spec: {ports: [{port: http}]}}")


def test_namespaces_are_implied_unless_some_are_given() -> None:
    service = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}"
    implied = Cluster.load(service)
    assert sorted(implied.namespaces) == ["default", "kube-node-lease", "kube-public", "kube-system", "shop"]
    assert implied.homeless() == []
    given = Cluster.load(f"{service}\n---\n{{kind: Namespace, metadata: {{name: bank}}}}")
    assert sorted(given.namespaces) == ["bank"]
    assert given.homeless() == ["Service shop/web"]


def test_endpoints_follow_from_slices_and_slices_from_endpoints() -> None:
    (endpoints,) = Cluster.load(SERVICES).endpoints
    assert endpoints.name == "web"
    assert [a.ip for s in endpoints.subsets for a in s.addresses] == ["10.0.0.7"]
    old = Cluster.load(
        "{kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.9}], ports: [{port: 1}]}]}"
    )
    (slice_,) = old.slices
    assert (slice_.service, slice_.namespace) == ("web", "default")
    assert slice_.subsets[0].ports == (Port("", 1, "TCP"),)


def test_loads_paths_lists_and_clusters(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(SERVICES, encoding="utf-8")
    for given in (path, str(path), read(SERVICES), {"kind": "List", "items": read(SERVICES)}):
        assert [s.name for s in Cluster.load(given).services] == ["web"]
    cluster = Cluster.load([])
    assert Cluster.load(cluster) is cluster
    assert Cluster.load("").services == []
    assert repr(cluster) == "<Cluster empty>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{kind: Service}", "Service (without a name) is malformed: `name` is missing"),
        ("{kind: Service, metadata: 3}", "Service (without a name) is malformed: `metadata` is not a mapping"),
        ("{kind: Pod, metadata: {name: a, labels: x}}", "Pod a is malformed: `labels` is not a mapping"),
        (
            "{kind: Service, metadata: {name: a}, spec: {clusterIPs: 10.0.0.1}}",
            "Service a is malformed: `clusterIPs` is not a list",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [{port: http}]}}",
            "Service a is malformed: the port 'http' is not a number",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [80]}}",
            "Service a is malformed: something in it is not of the kind that Kubernetes has there",
        ),
        (
            "{kind: Endpoints, metadata: {name: a}, subsets: [{addresses: [{}]}]}",
            "Endpoints a is malformed: `ip` is missing",
        ),
    ],
)
def test_what_is_malformed(text: str, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        Cluster.load([yaml.safe_load(text)])
    assert str(caught.value) == message


def test_numbers_for_names_are_text() -> None:
    cluster = Cluster.load("""
kind: EndpointSlice
metadata: {name: 1, labels: {kubernetes.io/service-name: 5}}
endpoints: [{addresses: [1.2.3.4], hostname: 3, zone: 7, nodeName: 8, targetRef: {name: 9}}]
""")
    (given,) = cluster.slices
    assert (given.name, given.service) == ("1", "5")
    assert given.subsets[0].addresses == (Address("1.2.3.4", "3", "9", "8", "7", None),)
