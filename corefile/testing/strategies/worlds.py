"""What is around a Corefile: clusters, upstreams, files, choices, and worlds with all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from ...dns.rdata import rr_to_text
from ...world import Fault, World
from ..certificates import NAMED
from .names import names
from .records import records

NAMESPACES = ("default", "shop", "kube-system")
SERVICES = ("web", "api", "db", "kubernetes")
PORTS = ({"name": "http", "port": 80}, {"name": "dns", "port": 53, "protocol": "UDP"}, {"port": 443})

UPSTREAMS = ("10.0.0.53", "10.0.0.54", "127.0.0.53", "192.0.2.53")
"""Addresses that drawn Corefiles forward to."""

ZONE = """\
@ 3600 IN SOA ns hostmaster 1 7200 3600 1209600 300
@ 300 IN NS ns
ns 300 IN A 192.0.2.53
www 300 IN A 192.0.2.80
*.w 300 IN TXT "any"
alias 300 IN CNAME www
sub 300 IN NS ns.sub
ns.sub 300 IN A 192.0.2.54
"""

FILES: Mapping[str, Any] = MappingProxyType(
    {
        "db.example": ZONE,
        "zones/db.example.org": ZONE.replace("@", "example.org."),
        "hosts.txt": "192.0.2.1 a.example.org\n2001:db8::1 a.example.org\n",
        "resolv.conf": "search example.org\nnameserver 10.0.0.53\n",
        "Kexample.org.+013+45330.key": "example.org. IN DNSKEY 257 3 13 "
        "RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ==\n",
        "Kexample.org.+013+45330.private": "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\n"
        "PrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n",
        "tsig.keys": 'key "key.example.org." {\n secret "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=";\n};\n',
        **NAMED,
    }
)
"""The files that drawn Corefiles name, by path; `worlds` has them."""


@st.composite
def choices(draw: st.DrawFn) -> Callable[[Sequence[Any], str], int]:
    """A `choose` for a `World`: Hypothesis draws every random choice, and shrinks towards the first option."""
    data = draw(st.data())

    def choose(options: Sequence[Any], why: str) -> int:
        return data.draw(st.integers(0, len(options) - 1), label=why)

    return choose


@st.composite
def clusters(draw: st.DrawFn, namespaces: Sequence[str] = NAMESPACES) -> list[dict[str, Any]]:
    """Kubernetes objects for a `World`'s `cluster`: namespaces with Services of all kinds (with an address, headless,
    ExternalName, LoadBalancer), the EndpointSlices and Pods behind them. They shrink to none."""
    out: list[dict[str, Any]] = []
    used: set[tuple[str, str]] = set()
    for number in range(draw(st.integers(0, 4))):
        name, namespace = draw(st.sampled_from(SERVICES)), draw(st.sampled_from(tuple(namespaces)))
        if (name, namespace) in used:
            continue
        used.add((name, namespace))
        out += draw(_service(name, namespace, number + 1))
    spaces = dict.fromkeys(namespace for _, namespace in used) | dict.fromkeys(
        draw(st.lists(st.sampled_from(tuple(namespaces)), max_size=2))
    )
    return [{"kind": "Namespace", "metadata": {"name": namespace}} for namespace in spaces] + out


@st.composite
def _service(draw: st.DrawFn, name: str, namespace: str, number: int) -> list[dict[str, Any]]:
    meta = {"name": name, "namespace": namespace}
    kind = draw(st.sampled_from(("ClusterIP", "headless", "ExternalName", "LoadBalancer")))
    if kind == "ExternalName":
        target = draw(st.sampled_from(("www.example.com", "web.shop.svc.cluster.local", "gone.example")))
        return [{"kind": "Service", "metadata": meta, "spec": {"type": kind, "externalName": target}}]
    ports = draw(st.lists(st.sampled_from(PORTS), min_size=1, max_size=2, unique_by=str))
    spec: dict[str, Any] = {"clusterIP": "None" if kind == "headless" else f"10.96.0.{number}", "ports": ports}
    service: dict[str, Any] = {"kind": "Service", "metadata": meta, "spec": spec}
    if kind == "LoadBalancer":
        spec["type"] = kind
        service["status"] = {"loadBalancer": {"ingress": [{"ip": f"203.0.113.{number}"}]}}
    out = [service]
    endpoints = []
    for pod in range(draw(st.integers(0, 2))):
        ip = f"10.1.{number}.{pod + 1}"
        endpoint: dict[str, Any] = {"addresses": [ip], "targetRef": {"kind": "Pod", "name": f"{name}-{pod}"}}
        if draw(st.booleans()):
            endpoint["hostname"] = f"{name}-{pod}"
        if draw(st.booleans()):
            endpoint["conditions"] = {"ready": False}
        endpoints.append(endpoint)
        meta_of_pod = {"name": f"{name}-{pod}", "namespace": namespace}
        out.append({"kind": "Pod", "metadata": meta_of_pod, "status": {"podIP": ip}})
    if endpoints:
        labels = {"kubernetes.io/service-name": name}
        slice_meta = {"name": f"{name}-1", "namespace": namespace, "labels": labels}
        out.append({"kind": "EndpointSlice", "metadata": slice_meta, "ports": ports, "endpoints": endpoints})
    return out


def faults() -> st.SearchStrategy[Fault]:
    """What goes wrong with an upstream: it refuses, is silent, is out of reach, truncates, or has an error for an answer."""
    return st.sampled_from(
        (
            Fault.refused(),
            Fault.timeout(),
            Fault.unreachable(),
            Fault.truncated(),
            Fault.rcode("SERVFAIL"),
            Fault.rcode("REFUSED"),
        )
    )


def upstreams(addresses: Sequence[str] = UPSTREAMS, zone: str = "") -> st.SearchStrategy[dict[str, Any]]:
    """What answers at these addresses, for a `World`'s `upstreams`: records of names below `zone`, or a fault. An address
    that is left out is out of reach."""
    some = st.lists(records(names(zone)), max_size=3).map(lambda found: {rr.name: rr_to_text(rr) for rr in found})
    one = some.map(lambda found: "\n".join(found.values())) | faults()
    return st.dictionaries(st.sampled_from(tuple(addresses)), one, max_size=len(addresses))


def worlds(
    *,
    cluster: st.SearchStrategy[Any] | None = None,
    upstreams: st.SearchStrategy[dict[str, Any]] | None = None,
    files: Mapping[str, Any] | None = None,
) -> st.SearchStrategy[World]:
    """Worlds for a Corefile: a cluster, upstreams, the files that drawn Corefiles name (or `files`), and every random choice
    drawn. cluster, upstreams: what these are drawn from; unless given, `clusters()` and `upstreams()`."""
    given = FILES if files is None else files
    parts = st.tuples(
        clusters() if cluster is None else cluster, _upstreams() if upstreams is None else upstreams, choices()
    )
    return parts.map(lambda part: World(cluster=part[0], upstreams=part[1], files=given, choose=part[2]))


_upstreams = upstreams

__all__ = ["FILES", "UPSTREAMS", "choices", "clusters", "faults", "upstreams", "worlds"]
