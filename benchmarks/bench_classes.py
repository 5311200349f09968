"""Classes of a chain over a cluster of 1,000 services: how long it takes to make them, to find all, and to find one.

python benchmarks/bench_classes.py [SERVICES]
"""

from __future__ import annotations

import sys
import time

from corefile import Classes, Cluster, World, loads

PLAIN = """.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus
    forward . 10.0.0.53
    cache 30
    loop
    reload
    loadbalance
}
"""
AUTOPATH = """.:53 {
    errors
    autopath @kubernetes
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods verified
        fallthrough in-addr.arpa ip6.arpa
    }
    forward . 10.0.0.53
    cache 30
}
"""
UPSTREAM = "example.org. 60 IN SOA ns h 1 2 3 4 30\nwww.example.org. 60 IN A 192.0.2.1\nal.example.org. 60 IN CNAME www.example.org.\n"


def cluster(count: int, namespaces: int = 20) -> Cluster:
    """A cluster of so many services, one in five headless, each with two pods."""
    objects = [f"{{kind: Namespace, metadata: {{name: team-{n}}}}}" for n in range(namespaces)]
    for i in range(count):
        meta = f"namespace: team-{i % namespaces}"
        headless = i % 5 == 0
        ip, port = ("None", "pg") if headless else (f"10.96.{i // 250}.{i % 250 + 1}", "http")
        objects.append(
            f"{{kind: Service, metadata: {{name: s{i}, {meta}}}, spec: {{clusterIP: {ip}, ports: [{{name: {port}, port: 80}}]}}}}"
        )
        pods = [f"10.{n}.{i // 250}.{i % 250 + 1}" for n in (1, 2)]
        objects += [
            f"{{kind: Pod, metadata: {{name: p{i}-{n}, {meta}}}, status: {{podIP: {pod}}}}}"
            for n, pod in enumerate(pods)
        ]
        addresses = ", ".join(f"{{addresses: [{pod}]}}" for pod in pods)
        objects.append(
            f"{{kind: EndpointSlice, metadata: {{name: s{i}-x, {meta}, labels: {{kubernetes.io/service-name: s{i}}}}},"
            f" ports: [{{name: {port}, port: 8080}}], endpoints: [{addresses}]}}"
        )
    return Cluster.load("\n---\n".join(objects))


def main() -> None:
    """Print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    given = cluster(count)
    for name, text in (("plain", PLAIN), ("autopath", AUTOPATH)):
        server = loads(text, world=World(cluster=given, upstreams={"10.0.0.53": UPSTREAM}))
        began = time.process_time()
        classes = Classes(server)
        made = time.process_time()
        found = list(classes)
        done = time.process_time()
        names = [f"s{i}.team-{i % 20}.svc.cluster.local" for i in range(0, count, 10)]
        for asked in names:
            classes.of(asked)
        each = (time.process_time() - done) / len(names)
        print(
            f"{name}: {count} services, {len(classes.landscape.nodes)} names; made in {made - began:.2f} s, "
            f"{len(found)} classes in {done - made:.2f} s, one question in {each * 1e6:.0f} us"
        )


if __name__ == "__main__":
    main()
