"""Kubernetes objects as DNS sees them, from YAML and JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import process_time

import pytest
import yaml

from corefile import World
from corefile.findings.limits import Limits, TooLarge
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
      endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io
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
    with pytest.raises(ManifestError, match=r"Service web: `spec.ports\[0\].port` is a port"):
        Cluster.load("{kind: Service, metadata: {name: web}, spec: {ports: [{port: http}]}}")


def test_namespaces_are_implied_unless_some_are_given() -> None:
    service = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.10}}"
    implied = Cluster.load(service)
    assert sorted(implied.namespaces) == ["default", "kube-node-lease", "kube-public", "kube-system", "shop"]
    assert implied.without_namespace() == []
    given = Cluster.load(f"{service}\n---\n{{kind: Namespace, metadata: {{name: bank}}}}")
    assert sorted(given.namespaces) == ["bank"]
    assert given.without_namespace() == ["Service shop/web"]


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


def test_what_no_controller_keeps_stands_alone() -> None:
    """A slice that somebody has made has no Endpoints object beside it, and an Endpoints object may refuse slices."""
    own = Cluster.load(SERVICES.replace("endpointslice-controller.k8s.io", "mine.example"))
    assert (own.endpoints, own.without_endpoints()) == ([], ["EndpointSlice shop/web-x"])
    assert Cluster.load(SERVICES).without_endpoints() == []
    old = "{kind: Endpoints, metadata: {name: web, labels: {LABEL: 'true'}}, subsets: [{addresses: [{ip: 10.0.0.9}]}]}"
    assert Cluster.load(old.replace("LABEL", "endpointslice.kubernetes.io/skip-mirror")).slices == []
    assert len(Cluster.load(old.replace("LABEL", "app")).slices) == 1


def test_loads_paths_lists_and_clusters(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(SERVICES, encoding="utf-8")
    for given in (path, [path], SERVICES, read(SERVICES), {"kind": "List", "items": read(SERVICES)}):
        assert [s.name for s in Cluster.load(given).services] == ["web"]
    cluster = Cluster.load([])
    assert Cluster.load(cluster) is cluster
    assert Cluster.load("").services == []
    assert repr(cluster) == "<Cluster empty>"


def test_limits_hold_for_every_form_that_a_cluster_is_given_in(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(SERVICES, encoding="utf-8")
    for given in (SERVICES, path, [path]):
        with pytest.raises(ManifestError, match="yaml-depth"):
            Cluster.load(given, Limits(yaml_depth=2))
        with pytest.raises(ManifestError, match="yaml-depth"):
            World(limits=Limits(yaml_depth=2)).apply(given)
    for files in (path, [path]):
        with pytest.raises(TooLarge, match="more than 160 octets"):
            Cluster.load(files, Limits(file_size=10))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{kind: Service}", "Service (without a name): `metadata.name` is missing"),
        ("{kind: Service, metadata: 3}", "Service (without a name): `metadata` is a mapping, not 3"),
        ("{kind: Service, metadata: {name: ''}}", "Service (without a name): `metadata.name` is empty"),
        ("{kind: Pod, metadata: {name: a, labels: x}}", "Pod a: `metadata.labels` is a mapping, not 'x'"),
        ("{kind: Pod, metadata: {name: a, labels: {b: [1]}}}", "Pod a: `metadata.labels.b` is text, not a list"),
        ("{kind: Service, metadata: {name: a}, spec: [1]}", "Service a: `spec` is a mapping, not a list"),
        (
            "{kind: Service, metadata: {name: a}, spec: {clusterIPs: 10.0.0.1}}",
            "Service a: `spec.clusterIPs` is a list, not '10.0.0.1'",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {clusterIPs: [10.0.0.1, ~]}}",
            "Service a: `spec.clusterIPs[1]` is empty",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [{port: http}]}}",
            "Service a: `spec.ports[0].port` is a port, a number from 0 to 65535, not 'http'",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [{port: 1}, {port: 99999999999}]}}",
            "Service a: `spec.ports[1].port` is a port, a number from 0 to 65535, not 99999999999",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [{port: .inf}]}}",
            "Service a: `spec.ports[0].port` is a port, a number from 0 to 65535, not inf",
        ),
        (
            "{kind: Service, metadata: {name: a}, spec: {ports: [80]}}",
            "Service a: `spec.ports[0]` is a mapping, not 80",
        ),
        (
            "{kind: Endpoints, metadata: {name: a}, subsets: [{addresses: [{}]}]}",
            "Endpoints a: `subsets[0].addresses[0].ip` is missing",
        ),
        (
            "{kind: EndpointSlice, metadata: {name: a}, endpoints: [{conditions: {ready: 'yes'}}]}",
            "EndpointSlice a: `endpoints[0].conditions.ready` is true or false, not 'yes'",
        ),
        (
            "{kind: Pod, metadata: {name: yes}}",
            "Pod (without a name): `metadata.name` is text, not true: put it in quotes",
        ),
        (
            "{kind: Pod, metadata: {name: 1.10}}",
            "Pod (without a name): `metadata.name` is text, not 1.1: put it in quotes",
        ),
        ("{kind: ServiceEntry, metadata: {name: a}, spec: x}", "ServiceEntry a: `spec` is a mapping, not 'x'"),
        (
            "{kind: ServiceEntry, metadata: {name: a}, spec: {hosts: x}}",
            "ServiceEntry a: `spec.hosts` is a list, not 'x'",
        ),
        ("{kind: 3}", "a Kubernetes object needs a `kind`"),
        ("{kind: List, items: [3]}", "a Kubernetes object is a mapping, not 3"),
    ],
)
def test_an_object_that_no_api_server_would_take_is_refused_where_it_is_given(text: str, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        Cluster.load([yaml.safe_load(text)])
    assert str(caught.value) == message
    with pytest.raises(ManifestError) as caught:
        Cluster.load(f"# one\n---\n{text}\n")
    assert (caught.value.message, caught.value.line) == (message, 3)


def test_a_mistake_has_its_place_in_its_file(tmp_path: Path) -> None:
    """In each form that a cluster comes in, and however far down."""
    services: list[dict[str, object]] = [
        {"kind": "Service", "metadata": {"name": f"s{i}"}, "spec": {"ports": [{"port": 80 if i != 7 else "http"}]}}
        for i in range(9)
    ]
    forms = {
        "documents.yaml": yaml.safe_dump_all(services),
        "list.yaml": yaml.safe_dump({"kind": "List", "items": services}),
        "list.json": json.dumps({"kind": "List", "items": services}, indent=1),
        "lines.json": "\n".join(map(json.dumps, services)),
    }
    for name, text in forms.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ManifestError) as caught:
            Cluster.load(path)
        error = caught.value
        assert str(error).startswith(f"{path}:{error.line}:{error.column}: Service s7: `spec.ports[0].port` is a port")
        assert text.splitlines()[error.line - 1][error.column - 1 :].startswith(("port: http", '"port": "http"'))


def test_a_cluster_is_no_path_by_guess() -> None:
    with pytest.raises(ManifestError, match=re.escape("a path is given as pathlib.Path('gone.yaml')")):
        Cluster.load("gone.yaml")
    with pytest.raises(OSError, match=r"gone\.yaml"):
        Cluster.load(Path("gone.yaml"))
    for wrong in (5, b"kind: Pod", 1.5):
        with pytest.raises(TypeError, match="a cluster is given as YAML or JSON text"):
            Cluster.load(wrong)  # type: ignore[arg-type]


def test_ten_thousand_services_load_in_linear_time() -> None:
    """20,000 objects in documents, in a list, in JSON: the time for four times as many is not sixteen times as long."""
    service = {"kind": "Service", "metadata": {"name": "a"}, "spec": {"clusterIP": "10.0.0.1", "ports": [{"port": 80}]}}
    for form in (
        lambda n: yaml.safe_dump_all([service] * 1) * 1 + ("---\n" + yaml.safe_dump(service)) * n,
        lambda n: json.dumps({"kind": "List", "items": [service] * n}),
    ):
        times = []
        for count in (2_000, 8_000):
            text = form(count)
            best = 60.0
            for _ in range(3):
                start = process_time()
                Cluster.load(text)
                best = min(best, process_time() - start)
            times.append(best)
        assert times[1] < 9 * times[0], times


def test_numbers_for_names_are_text() -> None:
    cluster = Cluster.load("""
kind: EndpointSlice
metadata: {name: 1, labels: {kubernetes.io/service-name: 5}}
endpoints: [{addresses: [1.2.3.4], hostname: 3, zone: 7, nodeName: 8, targetRef: {name: 9}}]
""")
    (given,) = cluster.slices
    assert (given.name, given.service) == ("1", "5")
    assert given.subsets[0].addresses == (Address("1.2.3.4", "3", "9", "8", "7", None),)


def test_a_cluster_may_be_larger_than_other_texts(tmp_path: Path) -> None:
    """What `kubectl get` prints of 10,000 services and 50,000 endpoints is 530,000 values: a few times the limit of YAML."""
    text = "".join(
        f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{n}, namespace: shop}}\nspec: {{clusterIP: 10.0.0.1}}\n"
        for n in range(40)
    )
    path = tmp_path / "cluster.yaml"
    path.write_text(text, encoding="utf-8")
    large = 40 * (10 + 7)  # what each object counts as
    for given in (text, path):
        assert len(Cluster.load(given, Limits(yaml_values=large // 4)).services) == 40
        with pytest.raises(ManifestError, match="the limit `yaml-values`"):
            Cluster.load(given, Limits(yaml_values=large // 10))
    assert len(Cluster.load(path, Limits(file_size=len(text) // 10)).services) == 40
    with pytest.raises(TooLarge):
        Cluster.load(path, Limits(file_size=len(text) // 20))
