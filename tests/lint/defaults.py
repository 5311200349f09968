"""The Corefiles that clusters come with, written down from what is in them, each with the release that it came with."""

from __future__ import annotations

from typing import NamedTuple

KUBEADM = {
    "1.11": "1.1.3",
    "1.12": "1.2.2",
    "1.13": "1.2.6",
    "1.14": "1.3.1",
    "1.15": "1.3.1",
    "1.16": "1.6.2",
    "1.17": "1.6.5",
    "1.18": "1.6.7",
    "1.19": "1.7.0",
    "1.20": "1.7.0",
    "1.21": "1.8.0",
    "1.22": "1.8.4",
    "1.23": "1.8.6",
    "1.24": "1.8.6",
    "1.25": "1.9.3",
    "1.26": "1.9.3",
    "1.27": "1.10.1",
    "1.28": "1.10.1",
    "1.29": "1.11.1",
    "1.30": "1.11.1",
    "1.31": "1.11.3",
    "1.32": "1.11.3",
    "1.33": "1.12.0",
    "1.34": "1.12.1",
    "1.35": "1.13.1",
}


class Default(NamedTuple):
    """A Corefile, its release, and what its ConfigMap has beside it."""

    text: str
    release: str
    beside: dict[str, str]


def block(keys: str, *lines: str) -> str:
    """A server block. A line that ends in `;` and words has these in braces: `health; lameduck 5s`."""
    out = [f"{keys} {{"]
    for line in lines:
        head, *properties = line.split("; ")
        out += [f"    {head} {{", *(f"       {p}" for p in properties), "    }"] if properties else [f"    {head}"]
    return "\n".join([*out, "}"]) + "\n"


CLUSTER = "kubernetes cluster.local in-addr.arpa ip6.arpa; pods insecure; fallthrough in-addr.arpa ip6.arpa"
LAST = ("cache 30", "loop", "reload", "loadbalance")


def kubeadm(kubernetes: str) -> str:
    """kubeadm's, of a version of Kubernetes."""
    minor = int(kubernetes.partition(".")[2])
    upstream = "; upstream" * (minor < 16)
    cluster = CLUSTER.replace("; fallthrough", f"{upstream}; fallthrough") + "; ttl 30" * (minor > 14)
    forward = "proxy" if minor < 14 else "forward"
    lines = ["errors", "health; lameduck 5s" if minor > 17 else "health"]
    lines += ["ready"] * (minor > 15)
    lines += [cluster, "prometheus :9153"]
    lines += [f"{forward} . /etc/resolv.conf" + "; max_concurrent 1000" * (minor > 18)]
    if minor > 32:
        lines += ["cache 30; disable success cluster.local; disable denial cluster.local"]
    else:
        lines += ["cache 30"]
    lines += ["loop"] * (minor > 11) + ["reload"] + ["loadbalance"] * (minor > 11)
    return block(".:53", *lines)


def node_local(own: str, cluster: str, others: str, zones: tuple[str, ...] = ("in-addr.arpa", "ip6.arpa")) -> str:
    """NodeLocal DNSCache's: it listens on `own`, and asks `cluster` and `others`."""
    first = own.partition(" ")[0]
    forward = f"forward . {cluster}; force_tcp"
    kept = "cache; success 9984 30; denial 9984 5"
    lines = ("reload", "loop", f"bind {own}")
    out = block("cluster.local:53", "errors", kept, *lines, forward, "prometheus :9253", f"health {first}:8080")
    for zone in zones:
        out += block(f"{zone}:53", "errors", "cache 30", *lines, forward, "prometheus :9253")
    return out + block(".:53", "errors", "cache 30", *lines, f"forward . {others}", "prometheus :9253")


def all_defaults() -> dict[str, Default]:
    """All of them, by name."""
    out = {f"kubeadm {version}": Default(kubeadm(version), release, {}) for version, release in KUBEADM.items()}
    ready = ("ready", CLUSTER, "prometheus :9153", "forward . /etc/resolv.conf")
    out["eks"] = Default(block(".:53", "errors", "health; lameduck 5s", *ready, *LAST), "1.11.4", {})
    nxdomain = "template ANY ANY {}; rcode NXDOMAIN"
    odd = r'template ANY ANY internal.cloudapp.net; match "^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$"; rcode NXDOMAIN'
    aks = block(
        ".:53",
        "errors",
        "ready",
        "health; lameduck 5s",
        f"{CLUSTER}; ttl 30",
        "prometheus :9153",
        "forward . /etc/resolv.conf",
        *LAST,
        "import custom/*.override",
        f"{odd}; fallthrough",
        nxdomain.format("reddog.microsoft.com"),
    )
    out["aks"] = Default(aks + "import custom/*.server\n", "1.11.3", {})
    out["gke"] = Default(node_local("169.254.20.10 10.8.0.10", "10.8.0.11", "169.254.169.254"), "1.11.3", {})
    hosts = "hosts /etc/coredns/NodeHosts; ttl 60; reload 15s; fallthrough"
    k3s = block(
        ".:53",
        "errors",
        "health",
        "ready",
        CLUSTER,
        hosts,
        "prometheus :9153",
        *LAST,
        "import /etc/coredns/custom/*.override",
        "forward . /etc/resolv.conf",
    )
    out["k3s"] = Default(k3s + "import /etc/coredns/custom/*.server\n", "1.12.1", {"NodeHosts": "192.0.2.7 node-1\n"})
    openshift = block(
        ".:5353",
        "bufsize 1232",
        "errors",
        "log .; class error",
        "health; lameduck 20s",
        "ready",
        CLUSTER,
        "prometheus 127.0.0.1:9153",
        "forward . /etc/resolv.conf; policy sequential",
        "cache 900; denial 9984 30",
        "reload",
    )
    out["openshift"] = Default(openshift + block("hostname.bind:5353", "chaos"), "1.11.3", {})
    spray = ("ready", CLUSTER, "prometheus :9153", "forward . /etc/resolv.conf; prefer_udp; max_concurrent 1000")
    out["kubespray"] = Default(block(".:53", "errors", "health; lameduck 5s", *spray, *LAST), "1.11.3", {})
    out["kubespray node-local"] = Default(
        node_local("169.254.25.10", "10.233.0.3", "/etc/resolv.conf").replace(":8080", ":9254"), "1.11.3", {}
    )
    out["node-local"] = Default(
        node_local("169.254.20.10 10.96.0.10", "__PILLAR__CLUSTER__DNS__", "__PILLAR__UPSTREAM__SERVERS__"),
        "1.11.3",
        {},
    )
    chart = ("ready", f"{CLUSTER}; ttl 30", "prometheus 0.0.0.0:9153", "forward . /etc/resolv.conf")
    out["helm chart"] = Default(block(".:53", "errors", "health; lameduck 10s", *chart, *LAST), "1.13.1", {})
    return out
