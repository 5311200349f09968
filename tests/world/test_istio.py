"""Istio's DNS of 2018: what its ServiceEntry objects answer."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.dns.codes import AAAA, IN, A
from corefile.dns.message import Msg, Question
from corefile.dns.rdata import rr_to_text
from corefile.world import World
from corefile.world.istio import Istio


def entry(*hosts: str, addresses: tuple[str, ...] = (), resolution: str | None = "DNS") -> dict[str, Any]:
    spec: dict[str, Any] = {"hosts": list(hosts), "addresses": list(addresses)}
    if resolution is not None:
        spec["resolution"] = resolution
    return {"kind": "ServiceEntry", "metadata": {"name": "x"}, "spec": spec}


CLUSTER = [
    entry("*.test.global", addresses=("127.255.0.2",)),
    entry("api.deep.test.global", addresses=("127.255.0.3", "127.255.0.4")),
    entry("*.deep.test.global", addresses=("127.255.0.5",), resolution="STATIC"),
    entry("none.example", addresses=("127.255.0.6",), resolution="NONE"),
    entry("unsaid.example", addresses=("127.255.0.6",), resolution=None),
    entry("net.example", addresses=("127.255.1.0/24",), resolution="STATIC"),
    entry("both.example", addresses=("127.255.1.0/24", "127.255.0.7"), resolution="STATIC"),
    entry("bare.example", "*.bare.example"),
    entry("*.short", addresses=("127.255.0.8",)),
]


def ask(istio: Istio, name: str, type: int = A) -> tuple[int, list[str]]:
    query = Msg(Question(name, type, IN), id=7, rd=True)
    reply = istio(query)
    assert (reply.id, reply.qr, reply.aa, reply.rd, reply.question) == (7, True, True, True, query.question)
    assert (reply.ns, reply.extra, reply.edns) == ([], [], None)
    return reply.rcode, [rr_to_text(rr) for rr in reply.answer]


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("service1.test.global.", ["127.255.0.2"]),
        ("a.b.c.test.global.", ["127.255.0.2"]),
        ("api.deep.test.global.", ["127.255.0.3", "127.255.0.4"]),
        ("other.deep.test.global.", ["127.255.0.5"]),
        ("deep.test.global.", ["127.255.0.2"]),
        ("test.global.", []),
        ("Service1.Test.Global.", []),
        ("SERVICE1.test.global.", ["127.255.0.2"]),
        ("none.example.", []),
        ("unsaid.example.", []),
        ("net.example.", []),
        ("both.example.", ["127.255.0.7"]),
        ("bare.example.", []),
        ("x.short.", []),
        (".", []),
    ],
)
def test_addresses(name: str, addresses: list[str]) -> None:
    rcode, answer = ask(Istio(World(cluster=CLUSTER)), name)
    assert answer == [f"{name} 3600 IN A {ip}" for ip in addresses]
    assert rcode == (0 if addresses else 3)


def test_only_addresses_of_version_4() -> None:
    assert ask(Istio(World(cluster=CLUSTER)), "service1.test.global.", AAAA) == (3, [])


def test_the_default_address_is_for_entries_without_any() -> None:
    istio = Istio(World(cluster=CLUSTER), default="127.255.9.9")
    assert ask(istio, "bare.example.")[1] == ["bare.example. 3600 IN A 127.255.9.9"]
    assert ask(istio, "x.bare.example.")[1] == ["x.bare.example. 3600 IN A 127.255.9.9"]
    assert ask(istio, "net.example.") == (3, [])


def test_each_mapping_is_logged() -> None:
    assert Istio(World(cluster=CLUSTER[:2])).log == [
        "adding DNS mapping: .test.global. ->[127.255.0.2]",
        "adding DNS mapping: api.deep.test.global. ->[127.255.0.3 127.255.0.4]",
    ]


def test_two_entries_for_a_host_are_a_choice() -> None:
    cluster = [entry("a.example", addresses=(ip,)) for ip in ("127.0.1.1", "127.0.1.2")]
    assert Istio(World(cluster=cluster)).addresses("a.example.") == ("127.0.1.1",)
    world = World(cluster=cluster, choose=lambda options, why: len(options) - 1)
    assert Istio(world).addresses("a.example.") == ("127.0.1.2",)


def test_no_cluster_no_names() -> None:
    assert ask(Istio(World()), "service1.test.global.") == (3, [])
