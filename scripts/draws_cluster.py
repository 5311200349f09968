"""What the differential draws of clusters: objects of Kubernetes, and the directives that answer with them.

Services are of all kinds, and few names are drawn, so that services, endpoints, pods and namespaces meet. Releases that read
Endpoints are given Endpoints, later ones EndpointSlices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from draws import Draw, Piece, drawer

from corefile.golang.addresses import to_reverse

Object = dict[str, Any]

ZONE = "cluster.local"
SERVICES = ("web", "api", "db", "ext", "x-a", "any", "edge", "svc")
NAMESPACES = ("shop", "bank", "shop", "pod", "int")
PORTS = (("http", 80, "TCP"), ("https", 443, "TCP"), ("dns", 53, "UDP"), ("", 8080, "TCP"), ("_odd", 9, "SCTP"))
LABELS: tuple[dict[str, str], ...] = ({"app": "web"}, {"app": "db", "tier": "back"}, {}, {})


class Population(NamedTuple):
    """Objects of a cluster, and names near which questions about them are worth asking. changes: steps that change them."""

    objects: Sequence[Object]
    names: Sequence[str]
    changes: Sequence[Mapping[str, Any]]


def named(kind: str, name: str, namespace: str = "", labels: Mapping[str, str] | None = None, **rest: Any) -> Object:
    """An object with its metadata."""
    meta: Object = {"name": name, **({"namespace": namespace} if namespace else {})}
    if labels:
        meta["labels"] = dict(labels)
    return {"kind": kind, "metadata": meta, **rest}


def ports_of(draw: Draw, most: int = 2) -> list[Object]:
    """Some ports; only one may be without a name."""
    found = draw.sample(PORTS, draw.randint(0 if draw.often(0.15) else 1, most))
    return [{"name": name, "port": port, "protocol": kind} for name, port, kind in found]


def service(draw: Draw, name: str, namespace: str, number: int) -> tuple[Object, list[str]]:
    """A service, and addresses that it has."""
    spec: Object = {"type": "ClusterIP", "ports": ports_of(draw)}
    four, six = f"10.96.{number}.10", f"fd00:96::{number}:10"
    status: Object = {}
    kind = draw.choice(["plain", "plain", "plain", "dual", "six", "headless", "headless", "alias", "balancer", "none"])
    addresses = {"dual": [four, six], "six": [six], "headless": ["None"], "alias": [], "none": []}.get(kind, [four])
    if addresses:
        spec |= {"clusterIP": addresses[0], "clusterIPs": addresses}
    if kind == "headless" and draw.often(0.2):
        spec["ipFamilies"] = draw.choice([["IPv4"], ["IPv6"], ["IPv4", "IPv6"]])
    if kind == "alias":
        targets = ["a.up.example", "al.up.example", "gone.up.example", "a.int.example", "WEB.shop.svc.cluster.local"]
        spec |= {"type": "ExternalName", "externalName": draw.choice([*targets, "db.bank.svc.cluster.local"])}
    if kind == "balancer":
        spec["type"] = "LoadBalancer"
        ingress = [{"ip": f"203.0.113.{number}"}, {"ip": f"2001:db8:113::{number}"}]
        ingress += [{"hostname": "b.up.example"}] * (draw.release >= "1.7.0" and draw.often(0.3))
        status = {"loadBalancer": {"ingress": draw.sample(ingress, draw.randint(1, 2))}}
    if kind in ("plain", "balancer", "headless") and draw.often(0.3):
        spec["externalIPs"] = [f"198.51.100.{number}"]
    labels = draw.choice(LABELS)
    out = named("Service", name, namespace, labels, spec=spec, **({"status": status} if status else {}))
    found = [x for x in (*addresses, *spec.get("externalIPs", ())) if x != "None"]
    return out, [*found, *(x["ip"] for x in status.get("loadBalancer", {}).get("ingress", []) if "ip" in x)]


def endpoint(draw: Draw, service: str, address: str, number: int) -> Object:
    """An endpoint of a slice."""
    out: Object = {"addresses": [address]}
    if draw.often(0.4):
        out["hostname"] = draw.choice([f"{service}-{number}", f"{service}-0", "Web"] if number else [f"{service}-0"])
    if draw.often(0.5):
        out["targetRef"] = {"kind": "Pod", "name": draw.choice([f"{service}-pod-{number}", f"{service}.pod.{number}"])}
    if draw.often(0.4):
        out["nodeName"] = "node-1"
    if draw.often(0.3):
        out["zone"] = draw.choice(["a", "zone-b"])
    if draw.often(0.7):
        out["conditions"] = {"ready": draw.often(0.8)}
    return out


def slices(draw: Draw, of: Object, number: int) -> tuple[list[Object], list[str]]:
    """Slices of a service, or its Endpoints in releases that read these; and names below the service's own."""
    name, namespace = of["metadata"]["name"], of["metadata"]["namespace"]
    ports = of["spec"]["ports"] if draw.often(0.8) else ports_of(draw)
    out: list[Object] = []
    names: list[str] = []
    families = draw.choice([["IPv4"], ["IPv4"], ["IPv6"], ["IPv4", "IPv6"], ["IPv4", "IPv4"]])
    for at, family in enumerate(families[: draw.randint(0 if draw.often(0.3) else 1, 2)]):
        found = []
        for each in range(draw.randint(0 if draw.often(0.1) else 1, 3)):
            address = f"10.0.{number}.{at * 10 + each}" if family == "IPv4" else f"fd00:0:{number}::{at}{each}"
            found.append(endpoint(draw, name, address, each))
            dashed = address.replace(".", "-").replace(":", "-")
            names += [dashed, found[-1].get("hostname") or found[-1].get("targetRef", {}).get("name") or dashed]
        labels = {"kubernetes.io/service-name": name, **draw.choice(LABELS)}
        out.append(
            named("EndpointSlice", f"{name}-{at}", namespace, labels, addressType=family, ports=ports, endpoints=found)
        )
    if draw.release >= "1.8.1":
        return out, names
    return ([listed(name, namespace, out)] if out else []), names


def listed(name: str, namespace: str, found: Sequence[Object]) -> Object:
    """The Endpoints of a service with these slices."""
    subsets = []
    for one in found:
        subset: Object = {"addresses": [], "notReadyAddresses": [], "ports": one["ports"]}
        for each in one["endpoints"]:
            ready = each.get("conditions", {}).get("ready") is not False
            more = {key: each[key] for key in ("hostname", "nodeName", "targetRef") if key in each}
            subset["addresses" if ready else "notReadyAddresses"].append({"ip": each["addresses"][0], **more})
        subsets.append({key: value for key, value in subset.items() if value})
    return named("Endpoints", name, namespace, found[0]["metadata"]["labels"], subsets=subsets)


def pods(draw: Draw) -> tuple[list[Object], list[str]]:
    """Pods, among them those that ask; and names for them."""
    out, names = [], []
    for number, address in enumerate(draw.sample(["10.0.1.0", "10.0.9.9", "127.0.0.1", "127.0.0.2", "fd00::9:9"], 3)):
        namespace = draw.choice(NAMESPACES)
        status: Object = {"podIP": address, "podIPs": [{"ip": address}]}
        if draw.often(0.7):
            status["phase"] = draw.choice(["Running", "Running", "Pending", "Succeeded", "Failed"])
        out.append(named("Pod", f"p{number}", namespace, draw.choice(LABELS), status=status))
        names.append(f"{address.replace('.', '-').replace(':', '-')}.{namespace}.pod.{ZONE}")
    return out, names


def population(draw: Draw) -> Population:
    """Namespaces, services, what is behind them, and pods."""
    objects: list[Object] = []
    names = [ZONE, f"svc.{ZONE}", f"pod.{ZONE}", f"dns-version.{ZONE} TXT", f"ns.dns.{ZONE}", f"shop.svc.{ZONE}"]
    names += [f"1-2-3-4.shop.pod.{ZONE}", f"*.shop.svc.{ZONE}", f"any.*.svc.{ZONE}", f"empty.svc.{ZONE}"]
    chosen = dict.fromkeys((draw.choice(SERVICES), draw.choice(NAMESPACES)) for _ in range(draw.randint(2, 6)))
    hidden = {"int"} if draw.often(0.3) else set()
    spaces = sorted({namespace for _, namespace in chosen} | {"empty", "shop"} - hidden)
    objects += [named("Namespace", name, "", draw.choice(LABELS)) for name in spaces if name not in hidden]
    more: list[Object] = []
    for number, (name, namespace) in enumerate(chosen):
        own, addresses = service(draw, name, namespace, number)
        behind, below = slices(draw, own, number)
        whole = f"{name}.{namespace}.svc.{ZONE}"
        names += [f"{whole} {draw.choice(['A', 'AAAA', 'SRV'])}"] * 3
        names += [f"{label}.{whole}" for label in draw.sample(below, min(2, len(below)))]
        ports = [*own["spec"]["ports"], {"name": draw.choice(["http", "*", "any"]), "protocol": "TCP"}]
        port = draw.choice(ports)
        names.append(f"_{port.get('name', '')}._{str(port['protocol']).lower()}.{whole} SRV")
        names += [to_reverse(address).rstrip(".") for address in draw.sample(addresses, min(1, len(addresses)))]
        ends = [e["addresses"][0] for o in behind for e in o.get("endpoints", ())]
        ends += [a["ip"] for o in behind for s in o.get("subsets", ()) for a in s.get("addresses", ())]
        names += [to_reverse(address).rstrip(".") for address in draw.sample(ends, min(1, len(ends)))]
        (more if draw.often(0.15) else objects).extend([own, *behind])
    found, below = pods(draw)
    objects += [*found, named("Node", "node-1", "", {"topology.kubernetes.io/zone": "a"})]
    return Population(objects, [*names, *below], changed(draw, objects, more))


def changed(draw: Draw, objects: Sequence[Object], more: Sequence[Object]) -> list[Mapping[str, Any]]:
    """Steps that add objects and delete some. Before 1.7.0 CoreDNS reads changes in protobuf alone, and is sent none."""
    if draw.release < "1.7.0":
        return []
    out: list[Mapping[str, Any]] = [{"apply": more}] if more else []
    there = [o for o in objects if o["kind"] in ("Service", "EndpointSlice", "Endpoints", "Pod")]
    if there and draw.often(0.3):
        gone = draw.choice(there)
        out.append({"delete": ["/".join([gone["kind"], gone["metadata"]["namespace"], gone["metadata"]["name"]])]})
    return out


@drawer
def kubernetes(draw: Draw) -> Piece:
    """The zones of a cluster, with most properties."""
    release, found = draw.release, population(draw)
    zones = draw.choice(
        [ZONE, f"{ZONE} in-addr.arpa ip6.arpa", f"{ZONE} in-addr.arpa ip6.arpa", f"{ZONE} 10.in-addr.arpa"]
    )
    block = [f"endpoint http://{draw.ports.api}:8080"]
    if draw.often(0.6):
        block.append(f"pods {draw.choice(['insecure', 'verified', 'disabled'])}")
    options = {
        "endpoint_pod_names": 0.3,
        f"ttl {draw.choice([0, 30])}": 0.2,
        f"fallthrough{draw.choice(['', '', ' in-addr.arpa', f' shop.svc.{ZONE}'])}": 0.4,
        f"labels {draw.choice(['app=web', 'app!=web', 'app in (web, db)', 'tier'])}": 0.1,
        "ignore empty_service": 0.15,
        "noendpoints": 0.05,
    }
    options |= {draw.choice(["namespaces shop", "namespaces shop bank int", "namespace_labels app=web"]): 0.2}
    options |= {"transfer to *": 0.4} if release < "1.8.0" else {}
    options |= {"zonal": 0.3} if release >= "1.14.7" else {}
    block += [line for line, chance in options.items() if draw.often(chance)]
    lines = [f"kubernetes {zones} {{", *(f"    {line}" for line in block), "}"]
    return Piece(
        lines, {}, found.names, ("SRV", "AAAA", "PTR", "AXFR"), cluster=found.objects, cluster_changes=found.changes
    )


OWN = "10.99.0.1"
"""The address of the machine, by which a cluster knows on which node it is."""


@drawer
def federation(draw: Draw) -> Piece:
    """A federation of clusters; it is nothing without `kubernetes`."""
    lines = ["federation " + draw.choice([ZONE, f"{ZONE} up.example", "."]) + " {", "    prod up.example"]
    lines += ["    staging staging.test"] * draw.often(0.3) + ["    upstream"] * draw.often(0.4) + ["}"]
    topology = {"failure-domain.beta.kubernetes.io/zone": "a", "failure-domain.beta.kubernetes.io/region": "b"}
    if draw.often(0.15):
        del topology[draw.choice(sorted(topology))]
    node = draw.choice(["node-1", "node-1", "node-1", "node-1", "node-2"])
    address: Object = {"ip": draw.choice([OWN, OWN, OWN, OWN, "10.99.0.2"])} | (
        {"nodeName": node} if draw.often(0.9) else {}
    )
    objects = [
        named("Node", "node-1", "", topology),
        named("Namespace", "kube-system"),
        named("Endpoints", "kube-dns", "kube-system", subsets=[{"addresses": [address], "ports": []}]),
    ]
    names = [f"svc.prod.svc.{ZONE}", f"prod.svc.{ZONE}", f"1-2-3-4.shop.prod.pod.{ZONE}", f"*.shop.prod.svc.{ZONE}"]
    for label in ("prod", "prod", "staging", "none"):
        names += [f"{name}.{space}.{label}.svc.{ZONE}" for name in SERVICES[:5] for space in ("shop", "bank", "gone")]
    names += [f"_http._tcp.{SERVICES[0]}.shop.prod.svc.{ZONE} SRV", f"x.web.shop.prod.svc.{ZONE}"]
    return Piece(lines, {}, names, ("SRV", "AAAA"), cluster=objects, addresses=[OWN] if draw.often(0.9) else [])


@drawer
def k8s_external(draw: Draw) -> Piece:
    """A zone for services with external addresses; it is nothing without `kubernetes`."""
    block = [f"ttl {draw.choice([0, 30])}"] * draw.often(0.3) + ["apex here"] * draw.often(0.2)
    block += ["headless"] * (draw.release >= "1.10.0" and draw.often(0.5))
    block += ["fallthrough"] * (draw.release >= "1.11.0" and draw.often(0.3))
    names = [f"{service}.{namespace}.ext.example" for service in SERVICES[:5] for namespace in ("shop", "bank")]
    names += [
        "ext.example",
        "dns.ext.example",
        "ns1.dns.ext.example",
        "shop.ext.example",
        "_http._tcp.web.shop.ext.example SRV",
    ]
    names += [to_reverse(f"203.0.113.{number}").rstrip(".") for number in range(3)]
    zones = draw.choice(["ext.example", "ext.example", "ext.example in-addr.arpa"])
    lines = (
        [f"k8s_external {zones} {{", *(f"    {line}" for line in block), "}"] if block else [f"k8s_external {zones}"]
    )
    return Piece(lines, {}, names, ("SRV", "AAAA", "PTR", "AXFR"))
