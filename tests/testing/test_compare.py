"""Expected against actual."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.testing.compare import changes, differences

A = "a.example.org. 30 IN A 10.0.0.1"
B = "a.example.org. 30 IN A 10.0.0.2"
SOA = "example.org. 30 IN SOA ns.example.org. h.example.org. {} 7200 1800 86400 5"


@pytest.mark.parametrize(
    ("expect", "actual"),
    [
        ({"answer": [A, B]}, {"answer": [B, A]}),
        ({"answer": ["a.example.org.\t30  IN A 10.0.0.1 "]}, {"answer": [A]}),
        ({"answer": []}, {}),
        ({"flags": "rd qr"}, {"flags": "qr rd"}),
        ({"authority": [SOA.format("<now>")]}, {"authority": [SOA.format(1767225600)]}),
        ({"edns": {"udp": 1232, "do": False, "options": {}}}, {"edns": {"udp": 1232}}),
        ({"edns": {"options": {3: "00"}}}, {"edns": {"options": {"3": "00"}}}),
        ({"rcode": "NOERROR", "only": True}, {"rcode": "NOERROR", "flags": "qr", "answer": [A], "log": ["x"]}),
        ({"edns": {"udp": 512}, "only": True}, {"edns": {"udp": 512, "do": True}}),
        ({"http": {"status": 200}, "compare": "mentioned"}, {"http": {"status": 200, "cache-control": "max-age=0"}}),
        ({"answer": ["* <= 30 IN A *", B]}, {"answer": [B, A]}),
        ({"answer": {"contains": ["A 10.0.0.1"], "count": "<= 2"}}, {"answer": [B, A]}),
        ({"log": {"contains": ["timeout"]}, "body": {"contains": "O"}}, {"log": ["[ERROR] i/o timeout"], "body": "OK"}),
        ({"data": ["10.0.0.1"], "ttl": "5..30"}, {"answer": [A]}),
        ({}, {}),
    ],
)
def test_the_same(expect: dict[str, Any], actual: dict[str, Any]) -> None:
    assert differences(expect, actual) == []


@pytest.mark.parametrize(
    ("expect", "actual", "shown"),
    [
        ({"answer": [A]}, {"answer": [B]}, {"answer": [("-", A), ("+", B)]}),
        ({"answer": [A, B]}, {"answer": [A]}, {"answer": [("-", B)]}),
        ({"answer": [A]}, {"answer": [A, A]}, {"answer": [("+", A)]}),
        ({}, {"answer": [A]}, {"answer": [("+", A)]}),
        ({"rcode": "NOERROR"}, {"rcode": "NXDOMAIN"}, {"rcode": [("-", "NOERROR"), ("+", "NXDOMAIN")]}),
        ({"flags": ""}, {"flags": "qr"}, {"flags": [("-", '""'), ("+", "qr")]}),
        ({"reply": "none"}, {"rcode": "NOERROR"}, {"reply": [("-", "none")], "rcode": [("+", "NOERROR")]}),
        (
            {"edns": {"udp": 512}},
            {"edns": {"udp": 512, "do": True}},
            {"edns": [("-", "{udp: 512}"), ("+", "{udp: 512, do: true}")]},
        ),
        (
            {"edns": {"udp": 512, "do": False}, "only": True},
            {"edns": {"udp": 512, "do": True}},
            {"edns": [("-", "{udp: 512, do: false}"), ("+", "{udp: 512, do: true}")]},
        ),
        (
            {"http": {"status": 200}},
            {"http": {"status": 200, "cache-control": "max-age=0"}},
            {"http": [("-", "{status: 200}"), ("+", "{status: 200, cache-control: max-age=0}")]},
        ),
        ({"log": ["[INFO] x"]}, {}, {"log": [("-", "[INFO] x")]}),
        (
            {"ttl": "<= 30", "only": True},
            {"rcode": "NXDOMAIN"},
            {"ttl": [("-", "<= 30"), ("+", "no record, NXDOMAIN")]},
        ),
        ({"data": ["10.0.0.2"]}, {"rcode": "NOERROR"}, {"data": [("-", "10.0.0.2")], "rcode": [("+", "NOERROR")]}),
        (
            {"data": ["10.0.0.2"], "compare": "mentioned"},
            {"rcode": "NOERROR"},
            {"data": [("-", "10.0.0.2"), ("+", "no record, NOERROR")]},
        ),
        (
            {"data": ["10.0.0.2"], "compare": "mentioned"},
            {"reply": "none"},
            {"data": [("-", "10.0.0.2"), ("+", "no reply")]},
        ),
        ({"ttl": 20, "compare": "mentioned"}, {"answer": [A]}, {"ttl": [("-", "20"), ("+", "30")]}),
        (
            {"data": ["10.0.0.2"], "compare": "mentioned"},
            {"answer": [A]},
            {"data": [("-", "10.0.0.2"), ("+", "10.0.0.1")]},
        ),
        ({"answer": ["* <= 20 IN A *"]}, {"answer": [A]}, {"answer": [("-", "* <= 20 IN A *"), ("+", A)]}),
        ({"status": 200, "only": True}, {"status": 503, "body": "x"}, {"status": [("-", "200"), ("+", "503")]}),
        (
            {"authority": [SOA.format(5)]},
            {"authority": [SOA.format(6)]},
            {"authority": [("-", SOA.format(5)), ("+", SOA.format(6))]},
        ),
    ],
)
def test_what_differs_is_shown_and_nothing_else(
    expect: dict[str, Any], actual: dict[str, Any], shown: dict[str, list[tuple[str, str]]]
) -> None:
    assert {d["field"]: changes(d) for d in differences(expect, actual)} == shown
