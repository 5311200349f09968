"""nomad: what is no zone, several addresses, what is out of reach. What CoreDNS answered beside a Nomad is in
tests/recorded/stores.yaml."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import Fault, Server, World, loads
from corefile.api import build
from corefile.findings import Source
from corefile.releases import find
from tests.classes import class_of, names_around

REDIS = {"ServiceName": "redis", "Namespace": "default", "Address": "10.0.0.1", "Port": 6379}
SIX = {**REDIS, "Address": "2001:db8::1", "Port": 70000}
PROD = {**REDIS, "Namespace": "prod", "Address": "10.0.1.1"}
ONE, TWO = "http://127.0.0.1:4646", "http://127.0.0.2:4646"


def serving(stores: Any, block: str = "", release: str = "1.14.7", **more: Any) -> Server:
    text = f". {{\nerrors\nprometheus\nnomad service.nomad {{\n{block}\n}}\n}}\n"
    return loads(text, release=release, world=World(stores=stores, **more))


def test_labels_of_the_zone_are_counted_but_not_looked_at() -> None:
    server = serving({"nomad": [REDIS, SIX, PROD]}, "ttl 7")
    assert list(map(str, server.query("Redis.default.service.nomad").answer)) == [
        "Redis.default.service.nomad. 7 IN A 10.0.0.1"
    ]
    assert list(map(str, server.query("redis.prod.any.thing").answer)) == ["redis.prod.any.thing. 7 IN A 10.0.1.1"]
    for name in ("prod.service.nomad", "nomad", "."):
        assert server.query(name).log == [
            f"[ERROR] plugin/errors: 2 {name.rstrip('.')}. A: plugin/nomad: no next plugin found"
        ]
    reply = server.query("Redis.default.service.nomad", "SRV")
    assert [rr.data for rr in reply.answer] == [
        (10, 10, 6379, "redis.default.service.nomad."),
        (10, 10, 4464, "redis.default.service.nomad."),
    ]
    assert [str(rr.type) for rr in reply.additional] == ["A", "AAAA"]


def test_what_is_not_registered_has_an_soa_record_for_an_answer() -> None:
    server = serving({"nomad": [REDIS, {**REDIS, "ServiceName": "bad", "Address": "x.example"}]})
    soa = "30 IN SOA ns1.{0} hostmaster.service.nomad. 0 3600 600 86400 30"
    for name, type, words in (
        ("none.default.service.nomad.", "A", []),
        ("redis.default.service.nomad.", "MX", ["query type not implemented"]),
        ("bad.default.service.nomad.", "A", ["error parsing IP address"]),
    ):
        reply = server.query(name, type)
        assert (reply.rcode, list(map(str, reply.answer))) == ("NXDOMAIN", [f"{name} {soa.format(name)}"])
        assert reply.log == [f"[ERROR] plugin/errors: 0 {name} {type}: {text}" for text in words]
    assert server.samples(["coredns_nomad_failed_requests_total"]) == [
        'coredns_nomad_failed_requests_total{namespace="default",server="dns://:53"} 3'
    ]


@pytest.mark.parametrize(
    ("store", "elapsed", "words"),
    [
        (None, 0, "connect: connection refused"),
        (Fault.unreachable(), 0, "connect: network is unreachable"),
        (Fault.timeout(), 30, "i/o timeout"),
    ],
)
def test_where_nomad_is_out_of_reach_the_answer_is_empty(store: Any, elapsed: int, words: str) -> None:
    server = serving({"nomad": store}, "filter a==1", env={"NOMAD_REGION": "eu", "NOMAD_ADDR": "http://10.0.0.9:4646/"})
    reply = server.query("a/b.default.service.nomad", timeout=60)
    assert (reply.rcode, reply.flags, reply.elapsed) == ("NOERROR", ("qr", "aa", "rd"), elapsed)
    asked = "http://10.0.0.9:4646/v1/service/a%2Fb?filter=a%3D%3D1&namespace=default&region=eu"
    assert reply.log == [f'[WARNING] plugin/nomad: Get "{asked}": dial tcp 10.0.0.9:4646: {words}']


def test_of_several_addresses_the_first_that_answers_is_asked() -> None:
    block = f"address {ONE} {TWO}"
    server = serving({f"nomad@{ONE}": None, f"nomad@{TWO}": [REDIS]}, block)
    assert server.query("redis.default.service.nomad").answer
    server.world.stores.update({f"nomad@{ONE}": [PROD], f"nomad@{TWO}": None})
    assert server.query("redis.prod.service.nomad").answer
    server.world.stores[f"nomad@{ONE}"] = None
    assert server.query("redis.prod.service.nomad").log == ["[WARNING] plugin/nomad: no Nomad client available"]


def test_where_none_of_several_answered_at_the_start_each_question_is_a_panic() -> None:
    server = serving({}, f"address {ONE} {TWO}")
    assert [f.code for f in server.findings if f.severity == "notice"] == ["store-not-given"]
    server.world.stores["nomad"] = [REDIS]
    reply = server.query("redis.default.service.nomad")
    assert reply.rcode == "SERVFAIL"
    assert "index out of range [-1]" in reply.log[0]


def refusals(block: str, release: str = "1.14.7") -> list[str]:
    text = f". {{\nnomad {{\n{block}\n}}\n}}\n"
    return [f.coredns for f in build(Source("Corefile", text), find(release), World()).errors]


def test_refusals() -> None:
    """More are in tests/recorded/stores.yaml."""
    where = "plugin/nomad: Corefile:3 - Error during parsing: "
    assert refusals("TTL 3601") == [f"{where}ttl must be in range [0, 3600]: 3601"]
    assert refusals("filter a", "1.13.1") == [f"{where}unknown property 'filter'"]
    assert refusals("Other") == [f"{where}unknown property 'other'"]
    assert refusals("address 10.0.0.1:4646") == [
        (
            "plugin/nomad: plugin/nomad: invalid address '10.0.0.1:4646': parse \"10.0.0.1:4646\": first path segment in URL "
            "cannot contain colon"
        )
    ]


def test_what_it_tells_apart() -> None:
    server = serving({"nomad": [REDIS, PROD, {**SIX, "ServiceName": "web"}]})
    starts = (
        "redis.default.service",
        "web.default.a",
        "redis.prod",
        "default.service",
        "x.redis.default.service",
        "redis.web.a",
    )
    marks = server.process.instance.sites[0].handler("nomad").all_landmarks()
    first: dict[Any, Any] = {}
    for name in names_around(marks, 600, starts):
        for type in ("A", "AAAA", "MX"):
            reply = server.query(name, type, trace=False)
            found = reply.rcode, len(reply.log), [rr.data for rr in reply.answer if str(rr.type) != "SOA"]
            assert first.setdefault((type, class_of(marks, name)), found) == found, (name, type)
    assert len(first) > 8
