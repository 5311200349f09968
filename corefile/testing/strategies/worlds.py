"""What is around a Corefile: clusters, upstreams, files, choices, and worlds with all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ...dns.rdata import rr_to_text
from ...world import Fault, World
from ..certificates import KEY, NAMED
from ..mmdb import CITY, database
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

ACCOUNT = {"type": "service_account", "client_email": "dns@shop.example", "private_key": KEY}
"""Of Google's cloud; nothing knows it."""

SOA = "ns.example. hostmaster.example. 1 7200 3600 1209600 300"


def azure(name: str, address: str = "") -> dict[str, Any]:
    """A record set of Azure's: an address, or an SOA record."""
    if address:
        return {"fqdn": name, "TTL": 60, "ARecords": [{"ipv4Address": address}]}
    keys = ("host", "email", "serialNumber", "refreshTime", "retryTime", "expireTime", "minimumTTL")
    values = (int(word) if word.isdigit() else word for word in SOA.split())
    return {"fqdn": name, "TTL": 60, "SOARecord": dict(zip(keys, values, strict=True))}


def clouddns(name: str, address: str = "") -> dict[str, Any]:
    """A record set of Cloud DNS."""
    return {"name": name, "ttl": 60, "type": "A" if address else "SOA", "rrdatas": [address or SOA]}


def route53(name: str, address: str = "") -> dict[str, Any]:
    """A record set of Route 53."""
    values = [{"Value": address or SOA}]
    return {"Name": name, "Type": "A" if address else "SOA", "TTL": 60, "ResourceRecords": values}


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
        "city.mmdb": database({"10.0.0.0/9": CITY}),
        "account.json": json.dumps(ACCOUNT),
        "aws.conf": "[default]\nregion = eu-west-1\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s3cret\n",
        **NAMED,
    }
)
"""The files that drawn Corefiles name, by path; `worlds` has them."""

ENV: Mapping[str, str] = MappingProxyType({"AWS_REGION": "eu-west-1"})
"""The environment that drawn Corefiles run in, without which `route53` does not start."""

STORES: Mapping[str, Any] = MappingProxyType(
    {
        "azure@dns:example.org": [azure("example.org."), azure("www.example.org.", "192.0.2.80")],
        "azure@dns:corp.example": [azure("corp.example."), azure("a.b.corp.example.", "192.0.2.81")],
        "clouddns@shop:example-org": [clouddns("example.org."), clouddns("www.example.org.", "192.0.2.80")],
        "clouddns@shop:corp": [clouddns("corp.example."), clouddns("a.b.corp.example.", "192.0.2.81")],
        "etcd": {
            "/skydns/local/skydns/web": {"host": "10.0.0.1", "port": 80},
            "/skydns/local/skydns/many/a": {"host": "10.0.0.2", "port": 80, "priority": 5},
            "/skydns/local/skydns/many/b": {"host": "2001:db8::2", "port": 80, "ttl": 30},
            "/skydns/local/skydns/alias": {"host": "web.skydns.local"},
            "/skydns/org/example/www": {"host": "192.0.2.80"},
            "/skydns/org/example/text": {"text": "any"},
        },
        "nomad": [
            {"ServiceName": "web", "Namespace": "default", "Address": "10.0.0.1", "Port": 80},
            {"ServiceName": "web", "Namespace": "shop", "Address": "2001:db8::1", "Port": 80},
        ],
        "route53@Z1EXAMPLE": {
            "ResourceRecordSets": [route53("example.org."), route53("www.example.org.", "192.0.2.80")]
        },
        "route53@Z2CORP": {
            "ResourceRecordSets": [route53("corp.example."), route53("a.b.corp.example.", "192.0.2.81")]
        },
    }
)
"""What is in the stores that drawn Corefiles name; `worlds` has them."""


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
    for number, (name, at) in enumerate(draw(_some_services), 1):
        namespace = namespaces[at % len(namespaces)]
        if (name, namespace) not in used:
            used.add((name, namespace))
            out += _service(name, namespace, number, draw(_shape))
    spaces = dict.fromkeys([namespace for _, namespace in used])
    spaces |= dict.fromkeys(namespaces[at % len(namespaces)] for at in draw(_some_spaces))
    return [{"kind": "Namespace", "metadata": {"name": namespace}} for namespace in spaces] + out


class _Shape(NamedTuple):
    """What a Service is like: its kind, the target of an alias, which of PORTS it has, and its pods: whether each has a host
    name, and whether it is ready."""

    kind: str
    target: str
    ports: tuple[int, ...]
    pods: list[tuple[bool, bool]]


_place = st.integers(0, 11)
_some_services = st.lists(st.tuples(st.sampled_from(SERVICES), _place), max_size=4)
_some_spaces = st.lists(_place, max_size=2)
_shape = st.builds(
    _Shape,
    st.sampled_from(("ClusterIP", "headless", "ExternalName", "LoadBalancer")),
    st.sampled_from(("www.example.com", "web.shop.svc.cluster.local", "gone.example")),
    st.sampled_from(((0,), (1,), (2,), (0, 1), (1, 2))),
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=2),
)


def _service(name: str, namespace: str, number: int, shape: _Shape) -> list[dict[str, Any]]:
    meta, kind = {"name": name, "namespace": namespace}, shape.kind
    if kind == "ExternalName":
        return [{"kind": "Service", "metadata": meta, "spec": {"type": kind, "externalName": shape.target}}]
    ports = [PORTS[at] for at in shape.ports]
    spec: dict[str, Any] = {"clusterIP": "None" if kind == "headless" else f"10.96.0.{number}", "ports": ports}
    service: dict[str, Any] = {"kind": "Service", "metadata": meta, "spec": spec}
    if kind == "LoadBalancer":
        spec["type"] = kind
        service["status"] = {"loadBalancer": {"ingress": [{"ip": f"203.0.113.{number}"}]}}
    out = [service]
    endpoints = []
    for pod, (is_named, is_waiting) in enumerate(shape.pods):
        ip = f"10.1.{number}.{pod + 1}"
        endpoint: dict[str, Any] = {"addresses": [ip], "targetRef": {"kind": "Pod", "name": f"{name}-{pod}"}}
        if is_named:
            endpoint["hostname"] = f"{name}-{pod}"
        if is_waiting:
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
    """Worlds for a Corefile: a cluster, upstreams, the files that drawn Corefiles name (or `files`), their environment and
    stores, and every random choice drawn. cluster, upstreams: what these are drawn from; unless given, `clusters()` and
    `upstreams()`."""
    given = FILES if files is None else files
    return _worlds(clusters() if cluster is None else cluster, _upstreams() if upstreams is None else upstreams, given)


@st.composite
def _worlds(
    draw: st.DrawFn,
    cluster: st.SearchStrategy[Any],
    upstreams: st.SearchStrategy[dict[str, Any]],
    files: Mapping[str, Any],
) -> World:
    """Drawn so that Hypothesis shows it by its `repr`, and not by how it was made."""
    objects, answering, choose = draw(cluster), draw(upstreams), draw(choices())
    return World(cluster=objects, upstreams=answering, files=files, choose=choose, stores=STORES, env=ENV)


_upstreams = upstreams

__all__ = ["ENV", "FILES", "STORES", "UPSTREAMS", "choices", "clusters", "faults", "upstreams", "worlds"]
