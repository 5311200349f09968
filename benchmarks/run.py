"""`make bench`: what it costs, as ratios against peers in the same run. Figures are the best of several runs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dnslib

import corefile
from corefile.chain import wire
from corefile.chain.cluster import Cluster
from corefile.chain.message import Msg, Question
from corefile.tree import parse

SERVICES, ENDPOINTS = 10_000, 50_000
CHAIN = """.:53 {
    errors
    log
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    hosts {
        10.0.0.1 a.example.org
        fallthrough
    }
    cache 30
    forward . 192.0.2.53
}
"""
BLOCK = """zone{n}.example.org:53 {{
    errors
    log . {{
        class denial error
    }}
    hosts {{
        10.0.0.1 a.zone{n}.example.org b.zone{n}.example.org
        fallthrough
    }}
    cache 30 {{
        success 5000
        denial 2500 60   # not for long
    }}
    forward . 192.0.2.53 192.0.2.54 {{
        max_concurrent 1000
    }}
}}

"""


def best(run: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of several runs."""
    out = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        out.append(time.perf_counter() - start)
    return min(out)


def parsing() -> None:
    """Parse speed, and how it grows."""
    small = "".join(BLOCK.format(n=n) for n in range(5_000))
    large = "".join(BLOCK.format(n=n) for n in range(50_000))
    a = best(lambda: parse(small), 3)
    b = best(lambda: parse(large), 1)
    print(f"parse        5,000 blocks: {len(small) / a / 1e6:.2f} MB/s; 50,000 blocks take {b / a:.1f} times as long "
          f"(10 is linear)")  # fmt: skip


def manifests() -> list[dict[str, object]]:
    """A cluster of 10,000 services and 50,000 endpoints, as `kubectl get -o json` has them."""
    out: list[dict[str, object]] = []
    per = ENDPOINTS // SERVICES
    for n in range(SERVICES):
        name, namespace = f"svc{n}", f"ns{n % 100}"
        meta = {"name": name, "namespace": namespace}
        ports = [{"name": "http", "port": 80, "protocol": "TCP"}]
        ip = f"10.{96 + n // 65536}.{n // 256 % 256}.{n % 256}"
        out.append({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"clusterIP": ip, "ports": ports}})
        out.append({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {**meta, "name": f"{name}-x", "labels": {"kubernetes.io/service-name": name}}, "ports": ports,
            "endpoints": [{"addresses": [f"10.{n % 50 + 1}.{n // 50 % 250}.{e + 1}"], "conditions": {"ready": True}}
                          for e in range(per)],
        })  # fmt: skip
    return out


def answering() -> None:
    """Answers per second in process, against dnslib's own work on the same messages."""
    objects = manifests()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cluster.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        start = time.perf_counter()
        cluster = Cluster.load(str(path))
        world = corefile.World(
            cluster=cluster,
            upstreams={"192.0.2.53": "*.example.com. 300 IN A 192.0.2.80\nexample.net. 300 IN A 192.0.2.81"},
        )
        server = corefile.load(CHAIN, world=world)
        server.query("svc1.ns1.svc.cluster.local", trace=False)
        ready = time.perf_counter() - start
    print(f"cluster      {SERVICES:,} services, {ENDPOINTS:,} endpoints ready in {ready:.1f} s (JSON)")

    def message(name: str) -> Msg:
        return Msg(Question(name, 1, 1), id=4242, rd=True)

    misses = [message(f"svc{n}.ns{n % 100}.svc.cluster.local.") for n in range(SERVICES)]
    hits = [message("example.net.")] * SERVICES
    server.ask(hits[0])

    def rate(messages: list[Msg]) -> float:
        ask = server.ask
        return len(messages) / best(lambda: [ask(m) for m in messages], 3)

    def dnslib_rate(messages: list[Msg]) -> float:
        packed = []
        for m in messages[:1000]:
            reply = server.ask(m).msg
            assert reply is not None
            packed.append((wire.pack(m), wire.pack(reply)))

        def work() -> None:
            for query, reply in packed:
                dnslib.DNSRecord.parse(query)
                dnslib.DNSRecord.parse(reply).pack()

        return len(packed) / best(work, 3)

    for title, messages in (("cached", hits), ("uncached", misses)):
        ours, theirs = rate(messages), dnslib_rate(messages)
        print(f"answers      {title}: {ours:,.0f}/s, {ours / theirs:.1f} times dnslib's parse and pack of the same "
              f"messages ({theirs:,.0f}/s)")  # fmt: skip
    few = [m for m in misses if m.question is not None and int(m.question.name[3:].split(".")[0]) < 100] * 100
    small = corefile.load(CHAIN, world=corefile.World(cluster=Cluster.load(objects[:200])))
    ask = small.ask
    one = len(few) / best(lambda: [ask(m) for m in few], 3)
    print(f"look-up      with 100 times fewer services: {one / rate(misses):.2f} times as fast (1 is constant time)")


def starting() -> None:
    """`corefile check` of a small Corefile against an empty Python."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Corefile"
        path.write_text(".:53 {\n    errors\n    cache 30\n    forward . 192.0.2.53\n}\n")

        def run(*argv: str) -> Callable[[], object]:
            return lambda: subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.DEVNULL)

        empty = best(run("-c", "pass"), 20)
        check = best(run("-m", "corefile", "check", str(path)), 20)
    print(f"start        check of a small Corefile: {check * 1000:.0f} ms, {check / empty:.1f} times an empty Python "
          f"({empty * 1000:.0f} ms)")  # fmt: skip


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, one core")
    for part in (parsing, answering, starting):
        part()
