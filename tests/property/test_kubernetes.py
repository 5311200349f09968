"""No name in any cluster makes `kubernetes` fail, and the name of a service's address leads back to that address."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corefile import World, loads
from corefile.releases import find

RELAXED = settings(max_examples=80)
RELEASES = ("1.14.7", "1.12.1", "1.11.3", "1.9.3", "1.8.6", "1.6.5", "1.2.2")
NAMESPACES = ("default", "shop", "any")
NAMES = ("web", "db", "svc", "10-0-0-1")
TYPES = ("A", "AAAA", "SRV", "PTR", "TXT", "CNAME", "MX", "NS", "SOA", "ANY", "DS")
LABELS = st.sampled_from(
    (
        "_http",
        "_tcp",
        "_",
        "*",
        "any",
        "svc",
        "pod",
        "ns",
        "dns",
        "dns-version",
        "_zone",
        "pin",
        "prefer",
        "z1",
        "p-0",
        "1-2-3-4",
        "fd00--1",
        "--",
        "a\\.b",
        "\\000",
        "x" * 63,
        *NAMESPACES,
        *NAMES,
    )
)
IPV4 = st.integers(1, 40).map(lambda n: f"10.96.0.{n}")
IPV6 = st.sampled_from(("fd00::1", "fd00::", "FD00:0:0:1::A", "::ffff:10.96.0.7"))
PORTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(("http", "", "any")),
            "port": st.integers(0, 65535),
            "protocol": st.sampled_from(("TCP", "UDP")),
        }
    ),
    max_size=2,
)


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    """A service of any kind. Not every one is what the API server would let through."""
    kind = draw(st.sampled_from(("cluster", "dual", "headless", "external", "none")))
    spec: dict[str, Any] = {"ports": draw(PORTS), "type": "ClusterIP"}
    if kind == "cluster":
        spec["clusterIPs"] = [draw(IPV4 | IPV6)]
    elif kind == "dual":
        spec["clusterIPs"] = [draw(IPV4), draw(IPV6)]
    elif kind == "headless":
        spec["clusterIP"] = "None"
    elif kind == "external":
        names = ("a.test", "10.0.0.1", "", "web.shop.svc.cluster.local", "..", "x" * 64)
        spec |= {"type": "ExternalName", "externalName": draw(st.sampled_from(names))}
    if draw(st.booleans()):
        spec["externalIPs"] = draw(st.lists(IPV4, max_size=2))
    return {"kind": "Service", "metadata": _meta(draw, NAMES), "spec": spec}


@st.composite
def slices(draw: st.DrawFn) -> dict[str, Any]:
    """The endpoints of a service, which need not be there."""
    endpoint = st.fixed_dictionaries(
        {"addresses": st.lists(IPV4 | IPV6, min_size=1, max_size=2)},
        optional={
            "hostname": st.sampled_from(("p-0", "P-1")),
            "zone": st.sampled_from(("z1", "Z2")),
            "conditions": st.sampled_from(({}, {"ready": False}, {"ready": None})),
            "targetRef": st.just({"name": "x" * 64}),
        },
    )
    meta = _meta(draw, ("s-1", "s-2"))
    meta["labels"] = {"kubernetes.io/service-name": draw(st.sampled_from(NAMES))}
    given = draw(st.lists(endpoint, max_size=3))
    return {"kind": "EndpointSlice", "metadata": meta, "endpoints": given, "ports": draw(PORTS)}


@st.composite
def pods(draw: st.DrawFn) -> dict[str, Any]:
    """A pod."""
    status = {"podIP": draw(IPV4 | IPV6 | st.just("")), "phase": draw(st.sampled_from(("Running", "Failed")))}
    return {"kind": "Pod", "metadata": _meta(draw, ("p-0", "p-1")), "status": status}


def _meta(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    return {"name": draw(st.sampled_from(names)), "namespace": draw(st.sampled_from(NAMESPACES))}


def _key(item: dict[str, Any]) -> tuple[str, str, str]:
    return item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]


CLUSTERS = st.lists(services() | slices() | pods(), max_size=8, unique_by=_key)
BLOCKS = st.sampled_from(
    (
        "",
        "pods insecure",
        "pods verified\nttl 30",
        "endpoint_pod_names",
        "ignore empty_service",
        "namespaces shop any",
        "noendpoints",
    )
)
REVERSE = (IPV4 | IPV6).map(lambda ip: ip_address(ip).reverse_pointer)
QUESTIONS = st.lists(LABELS, max_size=7).map(lambda parts: ".".join([*parts, "cluster.local"])) | REVERSE


def corefile_of(block: str) -> str:
    """A server for the cluster's names, and what `kubernetes` offers to others."""
    return f".:53 {{\n errors\n kubernetes cluster.local in-addr.arpa ip6.arpa {{\n{block}\n }}\n}}\n"


@RELAXED
@given(
    CLUSTERS,
    BLOCKS,
    st.sampled_from(RELEASES),
    st.lists(st.tuples(QUESTIONS, st.sampled_from(TYPES)), min_size=1, max_size=8),
)
def test_every_question_has_an_outcome(
    cluster: list[dict[str, Any]], block: str, release: str, asked: list[tuple[str, str]]
) -> None:
    server = loads(corefile_of(block), release=release, world=World(cluster=cluster))
    for name, type in asked:
        reply = server.query(name, type)
        again = server.query(name, type)
        assert reply.rcode == again.rcode
        if reply.rcode == "NXDOMAIN":
            assert not reply.answer
        if reply.msg is not None and reply.rcode in ("NOERROR", "NXDOMAIN") and not reply.answer:
            assert len(reply.authority) == 1


@RELAXED
@given(CLUSTERS, st.sampled_from(RELEASES))
def test_the_name_of_an_address_has_that_address(cluster: list[dict[str, Any]], release: str) -> None:
    server = loads(corefile_of(""), release=release, world=World(cluster=cluster))
    taken = [ip for s in cluster if s["kind"] == "Service" for ip in s["spec"].get("externalIPs") or ()]
    for service in cluster:
        ips = service.get("spec", {}).get("clusterIPs", ())
        for ip in ips if find(release) >= "1.8.1" else ips[:1]:
            address = ip_address(ip)
            plain = str(getattr(address, "ipv4_mapped", None) or address)
            if plain != ip or ip in taken:
                continue  # CoreDNS compares the text of addresses, and before 1.9.4 knows external ones, too
            (pointer,) = server.query(address.reverse_pointer, "PTR").answer
            found = server.query(pointer.data[0], "A" if address.version == 4 else "AAAA").answer
            assert ("A" if address.version == 4 else "AAAA", ip) in [(rr.type, rr.data[0]) for rr in found]
