"""The API server that a real CoreDNS is given."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from corefile.testing.real.kubernetes import ApiServer, has_fields, has_labels, objects_of
from corefile.world.cluster import Cluster

SERVICE = {"kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"clusterIP": "10.96.0.10"}}
ENDPOINTS = {
    "kind": "Endpoints",
    "metadata": {"name": "web", "namespace": "shop"},
    "subsets": [
        {
            "addresses": [{"ip": "10.1.0.1", "hostname": "a"}, {"ip": "fd00::1"}],
            "notReadyAddresses": [{"ip": "10.1.0.2"}],
            "ports": [{"port": 80}],
        }
    ],
}


@pytest.mark.parametrize(
    ("selector", "taken"),
    [
        ("", True),
        ("app=web", True),
        ("app==web", True),
        ("app=db", False),
        ("app!=db", True),
        ("tier!=x", True),
        ("app in (web, db)", True),
        ("app in (db)", False),
        ("app notin (db,x)", True),
        ("app notin (web)", False),
        ("app", True),
        ("!app", False),
        ("!tier", True),
        ("app=web,!tier", True),
        ("app=web,tier", False),
    ],
)
def test_label_selectors(selector: str, taken: bool) -> None:
    assert has_labels({"app": "web"}, selector) is taken


def test_field_selectors() -> None:
    pod = {"status": {"phase": "Failed"}, "metadata": {"name": "a"}}
    assert has_fields(pod, "metadata.name=a,status.phase!=Running")
    assert not has_fields(pod, "status.phase!=Failed")
    assert has_fields(pod, "spec.nodeName=")


def test_what_follows_from_objects_is_there_too() -> None:
    found = objects_of(Cluster.load([SERVICE, ENDPOINTS]))
    slices = [o for o in found if o["kind"] == "EndpointSlice"]
    assert [(s["addressType"], [e["addresses"] for e in s["endpoints"]]) for s in slices] == [
        ("IPv4", [["10.1.0.2"], ["10.1.0.1"]]),
        ("IPv6", [["fd00::1"]]),
    ]
    assert "shop" in [o["metadata"]["name"] for o in found if o["kind"] == "Namespace"]
    assert not [o for o in objects_of(Cluster.load([SERVICE, *slices])) if o["kind"] == "Endpoints"]
    for item in slices:  # those that a controller has made
        item["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
    again = objects_of(Cluster.load([SERVICE, *slices]))
    (endpoints,) = [o for o in again if o["kind"] == "Endpoints"]
    assert sorted(a["ip"] for s in endpoints["subsets"] for a in s["addresses"]) == ["10.1.0.1", "fd00::1"]
    assert sorted(a["ip"] for s in endpoints["subsets"] for a in s["notReadyAddresses"]) == ["10.1.0.2"]


def test_what_an_api_server_puts_where_an_object_leaves_it_open() -> None:
    # A service without a type is left out of transfers, and a port without a name ended CoreDNS up to 1.9.
    ports = {"kind": "EndpointSlice", "metadata": {"name": "web-x", "namespace": "shop"}, "ports": [{"port": 80}]}
    service = {**SERVICE, "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 80}]}}
    found = {o["kind"]: o for o in objects_of(Cluster.load([service, ports]))}
    assert found["Service"]["spec"]["type"] == "ClusterIP"
    assert found["Service"]["spec"]["ports"] == [{"protocol": "TCP", "port": 80}]
    assert found["EndpointSlice"]["ports"] == [{"name": "", "protocol": "TCP", "port": 80}]


@pytest.fixture
def server() -> Iterator[ApiServer]:
    running = ApiServer([dict(SERVICE)], tls=True)
    yield running
    running.close()


def asked(server: ApiServer, path: str) -> Any:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return urllib.request.urlopen(f"https://127.0.0.1:{server.port}{path}", context=context, timeout=10)


def test_lists_and_single_objects(server: ApiServer) -> None:
    listed = json.load(asked(server, "/api/v1/services"))
    assert (listed["kind"], [o["metadata"]["name"] for o in listed["items"]]) == ("ServiceList", ["web"])
    assert json.load(asked(server, "/api/v1/namespaces/other/services"))["items"] == []
    assert json.load(asked(server, "/api/v1/namespaces/shop/services/web"))["kind"] == "Service"
    assert json.load(asked(server, "/apis/discovery.k8s.io/v1"))["resources"][0]["name"] == "endpointslices"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        asked(server, "/api/v1/namespaces/shop/services/gone")
    gone = ("/api/v1/configmaps", "/apis/discovery.k8s.io/v1beta1", "/apis/discovery.k8s.io/v1beta1/endpointslices")
    for path in (*gone, "/apis/v1/services", "/healthz"):  # as of Kubernetes 1.25
        with pytest.raises(urllib.error.HTTPError, match="404"):
            asked(server, path)


def test_a_watch_says_what_changes(server: ApiServer) -> None:
    stream = asked(server, f"/api/v1/services?watch=true&labelSelector=app%3Dweb&resourceVersion={server.version}")
    events: list[tuple[str, str]] = []
    done = threading.Event()

    def read() -> None:
        for line in stream:
            event = json.loads(line)
            events.append((event["type"], event["object"]["metadata"]["name"]))
            if len(events) == 3:
                done.set()

    threading.Thread(target=read, daemon=True).start()
    labelled: dict[str, Any] = {"kind": "Service", "metadata": {"name": "a", "labels": {"app": "web"}}, "spec": {}}
    server.apply(labelled)
    server.apply({**labelled, "spec": {"type": "ExternalName"}})
    server.apply({**labelled, "metadata": {"name": "a"}})  # the selector takes it no longer
    server.delete("Service/shop/web")  # which the selector never took
    assert done.wait(10)
    assert events == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
