"""The article's change, replayed: a block for `global` is added to the ConfigMap, and CoreDNS 1.2.2 takes it up."""

from __future__ import annotations

from pathlib import Path

import corefile
from corefile.world.istio import Istio

HERE = Path(__file__).parent


def main() -> None:
    """Print what Istio's DNS logs, what CoreDNS logs, and what two names resolve to, before and after."""
    istio = Istio(corefile.World(cluster=HERE / "cluster.yaml"))
    print("istiocoredns:", *istio.log, sep="\n  ")

    def world() -> corefile.World:
        return corefile.World(cluster=HERE / "cluster.yaml", upstreams={"172.19.10.196": istio})

    after = corefile.load(HERE / "configmap.yaml", release="1.2.2", world=world()).source.text
    server = corefile.loads(after.partition("global:53")[0], release="1.2.2", world=world())
    print("coredns, at its start:", *server.take_log(), sep="\n  ")
    print("service1.test.global:", server.query("service1.test.global").rcode)

    server.world.write("Corefile", after)
    server.advance(45)
    print("coredns, after the change of its ConfigMap:", *server.take_log(), sep="\n  ")
    for name in ("service1.test.global", "service2.test.global"):
        print(f"{name}:", *[record.rdata for record in server.query(name).answer])


if __name__ == "__main__":
    main()
