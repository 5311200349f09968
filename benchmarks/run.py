"""`make bench`: what it costs, as ratios against peers in the same run. Figures are the best of several runs."""

from __future__ import annotations

import compileall
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dnslib

import corefile
from corefile.dns import wire
from corefile.dns.message import Msg, Question
from corefile.language.tree import parse
from corefile.world.cluster import Cluster

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
    print(
        f"parse        5,000 blocks: {len(small) / a / 1e6:.2f} MB/s; 50,000 blocks take {b / a:.1f} times as long "
        f"(10 is linear)"
    )


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
        out.append(
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "addressType": "IPv4",
                "metadata": {**meta, "name": f"{name}-x", "labels": {"kubernetes.io/service-name": name}},
                "ports": ports,
                "endpoints": [
                    {"addresses": [f"10.{n % 50 + 1}.{n // 50 % 250}.{e + 1}"], "conditions": {"ready": True}}
                    for e in range(per)
                ],
            }
        )
    return out


def question(name: str) -> Msg:
    """The question for an A record, as a stub resolver asks it."""
    return Msg(Question(name, 1, 1), id=4242, rd=True)


def service(n: int) -> Msg:
    """The question for a service of `manifests`."""
    return question(f"svc{n}.ns{n % 100}.svc.cluster.local.")


def seconds_to_ask(server: corefile.Server, messages: list[Msg]) -> float:
    """Seconds for an answer to each message, without a trace."""
    ask = server.ask
    start = time.perf_counter()
    for message in messages:
        ask(message)
    return time.perf_counter() - start


def dnslib_rate(server: corefile.Server, messages: list[Msg]) -> float:
    """How many of the same exchanges dnslib parses and packs in a second: the query, and the reply both ways."""
    packed = []
    for message in messages[:1000]:
        reply = server.ask(message).msg
        assert reply is not None
        packed.append((wire.pack(message), wire.pack(reply)))

    def work() -> None:
        for query, reply in packed:
            dnslib.DNSRecord.parse(query)
            dnslib.DNSRecord.parse(reply).pack()

    return len(packed) / best(work, 5)


def answering() -> None:
    """A large cluster, and answers per second in process, against dnslib's own work on the same messages."""
    objects = manifests()
    upstreams = {"192.0.2.53": "*.example.com. 300 IN A 192.0.2.80\nexample.net. 300 IN A 192.0.2.81"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cluster.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        start = time.perf_counter()
        cluster = Cluster.load(path)
        corefile.loads(CHAIN, world=corefile.World(cluster=cluster)).ask(service(1))
        ready = time.perf_counter() - start
    print(f"cluster      {SERVICES:,} services, {ENDPOINTS:,} endpoints ready in {ready:.1f} s (JSON)")

    def fresh(of: Cluster, text: str = CHAIN) -> corefile.Server:
        server = corefile.loads(text, world=corefile.World(cluster=of, upstreams=upstreams))
        for name in ("svc0.ns0.svc.cluster.local.", "example.net.", "first.example.com."):
            server.ask(question(name))
        return server

    kinds = {
        "cached": [question("example.net.")] * 10_000,
        "uncached, kubernetes": [service(n) for n in range(1, 5_000)],
        "uncached, forward": [question(f"host{n}.example.com.") for n in range(5_000)],
    }
    for title, messages in kinds.items():
        ours = len(messages) / min(seconds_to_ask(fresh(cluster), messages) for _ in range(5))
        theirs = dnslib_rate(fresh(cluster), messages)
        print(
            f"answers      {title}: {ours:,.0f}/s, {ours / theirs:.1f} times dnslib's parse and pack of the same "
            f"messages ({theirs:,.0f}/s)"
        )
    for title, messages in list(kinds.items())[1:]:
        server, messages, times = fresh(cluster), messages[:1_000], []
        for _ in range(8):
            times.append(seconds_to_ask(server, messages))
            server.advance(31)
        print(f"answers      {title}, whose last answer has expired: {len(messages) / min(times[1:]):,.0f}/s")
    # The same hundred names, without the cache, among 100 and among 10,000 services.
    few, uncached = [service(n) for n in range(100)] * 30, CHAIN.replace("    cache 30\n", "")
    small, large = fresh(Cluster.load(objects[:200]), uncached), fresh(cluster, uncached)
    ratio = min(seconds_to_ask(large, few) for _ in range(5)) / min(seconds_to_ask(small, few) for _ in range(5))
    print(f"look-up      among 100 times as many services: {ratio:.2f} times as long (1 is constant time)")


def master_file(names: int) -> str:
    """A zone with about ten records for every four names, of common types, and cuts."""
    lines = ["$ORIGIN example.org.", "$TTL 60", "@ SOA ns host 7 7200 3600 86400 60", "@ NS ns", "ns A 192.0.2.53"]
    for n in range(0, names, 4):
        ip = f"10.{n // 65536}.{n // 256 % 256}.{n % 256}"
        lines += [
            f"w{n} A {ip}",
            f"w{n} 300 AAAA 2001:db8::{n:x}",
            f'w{n} TXT "v=spf1 ip4:{ip} -all"',
            f"w{n} MX 10 w{n + 1}",
            f"w{n + 1} A {ip}",
            f"al.w{n + 1} CNAME w{n}",
            f"_http._tcp.w{n + 1} SRV 0 5 80 w{n}",
            f"*.w{n + 2} A {ip}",
            f"w{n + 3} NS ns.w{n + 3}",
            f"ns.w{n + 3} A {ip}",
        ]
    return "\n".join(lines) + "\n"


def zones() -> None:
    """A zone of 100,000 records: to load against dnspython's reader, and to ask against a zone of a hundredth of it."""
    import dns.zone

    large, small = master_file(40_000), master_file(400)
    text = ".:53 {\n    file db example.org\n}\n"

    def serving(zone: str) -> corefile.Server:
        return corefile.loads(text, world=corefile.World(files={"db": zone}))

    ours = best(lambda: serving(large), 3)
    theirs = best(lambda: dns.zone.from_text(large, "example.org.", relativize=False), 1)
    count = large.count("\n") - 2
    print(
        f"zone         {count:,} records loaded in {ours:.1f} s, {ours / theirs:.2f} times what dnspython reads them in"
    )
    names = ["w0", "w5", "al.w9", "x.w10", "x.w11", "nope", "x.w12", "_http._tcp.w13"]
    messages = [question(f"{name}.example.org.") for name in names] * 300
    times = [min(seconds_to_ask(server, messages) for _ in range(4)) for server in (serving(large), serving(small))]
    print(f"look-up      among 100 times as many records: {times[0] / times[1]:.2f} times as long (1 is constant time)")


CLUSTER = """.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
        max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
"""
"""The Corefile that kubeadm writes."""
STUB = """corp{n}.example:53 {{
    errors
    cache 30
    forward . 10.1.{high}.{low}
}}
"""
CONFIG_MAPS = 1_000


def config_map(n: int) -> str:
    """A ConfigMap with a cluster's Corefile; every second one has been changed by its cluster's owners."""
    text = CLUSTER
    if n % 2:
        text = text.replace("cluster.local", f"c{n}.local").replace("cache 30", f"cache {30 + n % 100}")
        text += STUB.format(n=n, high=n // 250, low=n % 250)
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: coredns\n  namespace: ns{n}\ndata:\n  Corefile: |\n{body}"
    )


def processor_time(argv: list[str], env: dict[str, str]) -> float:
    """Seconds of processor time that a command takes; other work on the machine changes them less than the clock's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-P", *argv], check=True, stdout=subprocess.DEVNULL, env=env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def checking() -> None:
    """`corefile check` of a small Corefile, of one ConfigMap and of many on one core, in processes of their own that find
    their bytecode cached as pip leaves it, against an empty Python. Taken in turn; each is the best of its runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(corefile.__file__).parent, folder / "installed" / "corefile", ignore=ignored)
        compileall.compile_dir(folder / "installed", quiet=2)
        (folder / "Corefile").write_text(".:53 {\n    errors\n    cache 30\n    forward . 192.0.2.53\n}\n")
        (folder / "one.yaml").write_text(config_map(0))
        (folder / "many.yaml").write_text("---\n".join(map(config_map, range(CONFIG_MAPS))))
        (folder / "many").mkdir()
        for n in range(CONFIG_MAPS):
            (folder / "many" / f"{n:04}.yaml").write_text(config_map(n))
        env = {**os.environ, "PYTHONPATH": str(folder / "installed")}
        check = ["-c", "from corefile.cli import run; run()", "check", "--jobs", "1"]  # as the installed script has it
        times: dict[str, list[float]] = {}
        for turn in range(30):
            times.setdefault("empty", []).append(processor_time(["-c", "pass"], env))
            for what in ("Corefile", "one.yaml"):
                times.setdefault(what, []).append(processor_time([*check, str(folder / what)], env))
            if turn < 3:
                for what in ("many.yaml", "many"):
                    times.setdefault(what, []).append(processor_time([*check, str(folder / what)], env))
    empty, small, one, document, files = (min(seconds) for seconds in times.values())
    each = [(seconds - one) / (CONFIG_MAPS - 1) * 1000 for seconds in (files, document)]
    print(
        f"start        an empty Python: {empty * 1000:.0f} ms; check of a small Corefile: {small / empty:.1f} times that, "
        f"of a ConfigMap: {one / empty:.1f} times"
    )
    print(
        f"check        {CONFIG_MAPS:,} ConfigMaps on one core, after the start: {each[0]:.2f} ms each in files of their own, "
        f"{each[1]:.2f} ms in one file"
    )


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, one core")
    for part in (parsing, answering, zones, checking):
        part()
