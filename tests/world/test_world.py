"""The world: its defaults, what it takes, and how choices are made."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from corefile import CorefileError, Fault, World, loads
from corefile.language.files import DictFiles
from corefile.world import Weighted
from corefile.world.clock import Clock
from corefile.world.cluster import Cluster
from corefile.world.manifests import ManifestError

SERVICE = "kind: Service\nmetadata: {name: web, namespace: default}\nspec: {clusterIP: 10.96.0.1}\n"
FORWARD = ". {\n forward . 10.0.0.53\n}\n"


def test_an_empty_world_is_empty_and_the_same_each_time() -> None:
    one, other = World(), World()
    assert (one.env, one.upstreams, one.addresses, one.cluster) == ({}, {}, (), None)
    assert one.clock.now == other.clock.now
    assert one.files.read("/etc/resolv.conf") is None
    assert one.choose(["first", "second"], "which") == "first"


def test_files_are_a_mapping_or_an_object() -> None:
    assert World(files={"a": "x"}).files.read("a") == b"x"
    files = DictFiles({"b": b"y"})
    assert World(files=files).files is files


def test_a_cluster_is_text_a_path_objects_or_a_cluster(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text(SERVICE, encoding="utf-8")
    objects = [
        {"kind": "Service", "metadata": {"name": "web", "namespace": "default"}, "spec": {"clusterIP": "10.96.0.1"}}
    ]
    for given in (SERVICE, path, objects, {"kind": "List", "items": objects}, Cluster.load(SERVICE)):
        cluster = World(cluster=given).cluster
        assert cluster is not None
        assert [s.name for s in cluster.services] == ["web"]


def test_what_is_no_cluster_is_refused_at_once() -> None:
    with pytest.raises(ManifestError, match="line 1, column 1: a Kubernetes object needs a `kind`"):
        World(cluster="a: b\nc: d\n")
    with pytest.raises(OSError, match=r"gone\.yaml"):
        World(cluster=Path("gone.yaml"))


def test_which_addresses_are_the_machines_own() -> None:
    world = World(addresses=["10.0.0.10", "fd00::10"])
    own = ["127.0.0.1", "127.9.9.9", "::1", "10.0.0.10", "fd00::10"]
    assert [world.is_own_address(a) for a in [*own, "10.0.0.11", "128.0.0.1", "::2"]] == [True] * 5 + [False] * 3


def test_choices_are_the_callers() -> None:
    asked: list[tuple[list[Any], str]] = []

    def last(options: Any, why: str) -> int:
        asked.append((list(options), why))
        return len(options) - 1

    world = World(choose=last)
    assert world.choose(["a", "b", "c"], "which upstream") == "c"
    assert world.choose(["only"], "no choice at all") == "only"
    assert asked == [(["a", "b", "c"], "which upstream")]


def test_a_seeded_world_repeats_itself() -> None:
    def drawn(seed: int) -> list[int]:
        random = Random(seed)
        world = World(choose=lambda options, why: random.randrange(len(options)))
        return [world.choose(range(100), "any") for _ in range(20)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_weights_stand_beside_the_options() -> None:
    options = Weighted(["likely", "rare"], [9, 1])
    assert (tuple(options), options.weights) == (("likely", "rare"), (9, 1))
    assert World().choose(options, "which") == "likely"


def test_a_world_beside_shares_time_and_choices_but_not_files() -> None:
    world = World(
        files={"a": "x"},
        env={"A": "1"},
        upstreams={"10.0.0.53": ". 1 IN A 10.0.0.1"},
        addresses=["10.0.0.1"],
        clock=Clock(7),
    )
    other = world.beside(files={"b": "y"})
    assert other.clock is world.clock
    assert (other.upstreams, other.addresses) == (world.upstreams, world.addresses)
    assert (other.env, other.cluster, other.files.read("a"), other.files.read("b")) == ({}, None, None, b"y")


@pytest.mark.parametrize(
    ("upstream", "answer"),
    [
        ("www.example.org. 60 IN A 192.0.2.1", "NOERROR 192.0.2.1"),
        ({"corefile": ". {\n hosts {\n  192.0.2.2 www.example.org\n }\n}\n"}, "NOERROR 192.0.2.2"),
        ({"corefile": ". {\n hosts names\n}\n", "files": {"names": "192.0.2.3 www.example.org"}}, "NOERROR 192.0.2.3"),
        ({"corefile": ". {\n proxy . 10.0.0.9\n}\n", "coredns": "1.4.0"}, "SERVFAIL"),
        (Fault("refused"), "SERVFAIL"),
        (Fault("rcode", "NXDOMAIN"), "NXDOMAIN"),
        ({"fault": "timeout"}, "SERVFAIL"),
        ({"rcode": "YXDOMAIN"}, "YXDOMAIN"),
        (lambda message: Fault("rcode", "REFUSED"), "REFUSED"),
        (lambda message: None, "SERVFAIL"),
    ],
)
def test_upstreams_of_every_kind(upstream: Any, answer: str) -> None:
    reply = loads(FORWARD, world=World(upstreams={"10.0.0.53": upstream})).query("www.example.org")
    assert " ".join([reply.rcode, *(str(rr.data[0]) for rr in reply.answer)]) == answer


def test_a_callable_gets_and_gives_dnslib_messages() -> None:
    import dnslib

    def answer(message: dnslib.DNSRecord) -> dnslib.DNSRecord:
        reply = message.reply()
        reply.add_answer(*dnslib.RR.fromZone(f"{message.q.qname} 60 IN A 192.0.2.9"))
        return reply

    reply = loads(FORWARD, world=World(upstreams={"10.0.0.53": answer})).query("www.example.org")
    assert [rr.data for rr in reply.answer] == [("192.0.2.9",)]


def test_an_upstream_that_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="one of corefile, fault, rcode or istio is needed"):
        loads(FORWARD, world=World(upstreams={"10.0.0.53": {"corfile": ""}})).query("www.example.org")
    with pytest.raises(ValueError, match="no such fault: 'slow'"):
        loads(FORWARD, world=World(upstreams={"10.0.0.53": Fault("slow")})).query("www.example.org")
    with pytest.raises(CorefileError, match="has no directive `whoam`"):
        loads(FORWARD, world=World(upstreams={"10.0.0.53": {"corefile": ". {\n whoam\n}"}})).query("www.example.org")
