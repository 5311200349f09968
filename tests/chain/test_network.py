"""network: who answers at which address."""

from __future__ import annotations

import re
from typing import Any

import pytest

from corefile.api import Server, loads
from corefile.chain.network import Answer, Fault, split_address
from corefile.chain.query import Context
from corefile.dns.message import Msg, Question
from corefile.findings import CorefileError
from corefile.world import World

WHOAMI = ".:53 {\nwhoami\n}"


def server(corefile: str = ".:5300 {\nbind 127.0.0.8\nwhoami\n}", upstreams: dict[str, Any] | None = None) -> Server:
    return loads(corefile, world=World(upstreams=upstreams or {}, addresses=["10.1.1.1"]))


def ask(of: Server, address: str, **how: str) -> Answer:
    ctx = Context(of.world, client="127.0.0.1", client_port=1, server="", server_ip="127.0.0.1", server_port=53)
    return of.process.network.exchange(address, Msg(Question("a.example.", 1, 1), id=1), ctx, **how)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.1", ("10.0.0.1", 53)),
        ("10.0.0.1:5353", ("10.0.0.1", 5353)),
        ("[fd00::1]:5353", ("fd00::1", 5353)),
        ("fd00::1", ("fd00::1", 53)),
        (":8080", ("127.0.0.1", 8080)),
    ],
)
def test_split_address(text: str, expected: tuple[str, int]) -> None:
    assert split_address(text) == expected


@pytest.mark.parametrize(
    ("address", "how", "fault"),
    [
        ("192.0.2.1:53", {}, "unreachable"),
        ("127.0.0.9:53", {}, "refused"),
        ("10.1.1.1:53", {}, "refused"),
        ("127.0.0.8:5300", {}, ""),
        ("127.0.0.8:5300", {"proto": "tcp"}, ""),
        ("127.0.0.8:5300", {"transport": "tls"}, "mismatch"),
        ("127.0.0.8:53", {}, "refused"),
    ],
)
def test_addresses(address: str, how: dict[str, str], fault: str) -> None:
    assert ask(server(), address, **how).fault == fault


def test_a_port_may_have_one_server_for_udp_and_another_for_tcp() -> None:
    up = {"10.0.0.1:53": {"corefile": "grpc://.:53 {\nbind 10.0.0.1\nwhoami\n}"}}
    assert ask(server(upstreams=up), "10.0.0.1:53").fault == "refused"
    assert ask(server(upstreams=up), "10.0.0.1:53", proto="tcp").fault == "mismatch"
    assert ask(server(upstreams=up), "10.0.0.1:53", transport="grpc").fault == ""


@pytest.mark.parametrize(
    ("fault", "proto", "expected"),
    [
        (Fault("timeout"), "udp", "timeout"),
        (Fault("refused"), "udp", "refused"),
        (Fault("unreachable"), "tcp", "unreachable"),
        (Fault("truncated"), "tcp", "timeout"),
        (Fault("truncated"), "udp", "tc"),
        (Fault("rcode", "REFUSED"), "udp", 5),
        ({"fault": "timeout"}, "udp", "timeout"),
        ({"rcode": "NXDOMAIN"}, "udp", 3),
    ],
)
def test_faults(fault: Any, proto: str, expected: Any) -> None:
    answer = ask(server(upstreams={"10.0.0.1": fault}), "10.0.0.1:53", proto=proto)
    got: Any = answer.fault
    if answer.reply is not None:
        got = "tc" if answer.reply.tc else answer.reply.rcode
    assert got == expected


def test_the_server_itself_after_a_reload() -> None:
    from corefile.findings import Source

    one = server()
    assert ask(one, "127.0.0.8:5300").fault == ""
    one.process.replace(Source("<text>", ".:5301 {\nbind 127.0.0.8\nwhoami\n}"))
    assert ask(one, "127.0.0.8:5300").fault == "refused"
    assert ask(one, "127.0.0.8:5301").fault == ""


def test_pages() -> None:
    one = server(".:5300 {\nhealth 127.0.0.8:8099\nwhoami\n}")
    assert one.process.network.get("127.0.0.8:8099", "/health") == (200, "")
    assert one.process.network.get("127.0.0.8:8099", "/") == (404, "")
    assert one.process.network.get("127.0.0.8:8098", "/") == (None, "refused")
    assert one.process.network.get("192.0.2.1:80", "/") == (None, "unreachable")


@pytest.mark.parametrize(
    ("upstreams", "words"),
    [
        (
            {"nope": "a. 1 IN A 192.0.2.1"},
            "upstream nope: an IP address is needed, such as 10.0.0.53 or [fd00::1]:5353",
        ),
        ({"10.0.0.1": "a. 1 IN A 192.0.2"}, "upstream 10.0.0.1: line 1: bad A A: '192.0.2'"),
    ],
)
def test_what_is_wrong_with_an_upstream_is_said_of_the_upstream(upstreams: dict[str, str], words: str) -> None:
    """Of one that was put there later; `World` itself looks at those that it is given."""
    world = World()
    world.upstreams.update(upstreams)
    server = loads(".:53 {\nforward . 10.0.0.1\n}\n", world=world)
    with pytest.raises(ValueError, match=re.escape(words)):
        server.query("a.")


# What the machine sends from: to an address of its own, that one; to any other, an address of its own.
@pytest.mark.parametrize(
    ("to", "own", "source"),
    [
        ("127.0.0.53", (), "127.0.0.1"),
        ("::1", (), "::1"),
        ("10.1.1.1", ("10.1.1.1",), "10.1.1.1"),
        ("192.0.2.53", ("fd00::7", "10.1.1.1", "10.1.1.2"), "10.1.1.1"),
        ("2001:db8::53", ("10.1.1.1", "fd00::7"), "fd00::7"),
        ("192.0.2.53", (), "198.51.100.1"),
        ("2001:db8::53", (), "2001:db8::1"),
    ],
)
def test_sources(to: str, own: tuple[str, ...], source: str) -> None:
    upstreams = {f"[{to}]" if ":" in to else to: {"corefile": WHOAMI}}
    world = World(upstreams=upstreams, addresses=own)
    running = loads(f".:5300 {{\nforward . {to}\n}}", world=world)
    assert running.process.network.source_for(to) == source
    told = running.query("a.example.", to="127.0.0.1:5300").additional[0]
    assert told.data == (source,)


def test_a_source_that_is_set() -> None:
    reply = ask(server(upstreams={"10.0.0.1": {"corefile": WHOAMI}}), "10.0.0.1:53", client="10.1.1.1").reply
    assert reply is not None
    assert reply.extra[0].data == ("10.1.1.1",)


def test_an_address_that_the_server_binds_to_is_the_machines_own() -> None:
    """Without being told: a server that forwards to it asks itself, from that very address."""
    text = "in-addr.arpa:53 {\nloop\nbind 169.254.20.10\nforward . 169.254.20.10\n}\n"
    with pytest.raises(CorefileError, match=r"Loop \(169\.254\.20\.10:40000 -> 169\.254\.20\.10:53\) detected"):
        loads(text)
    upstreams = {"169.254.20.10": "1.in-addr.arpa. 60 IN PTR a."}
    server = loads(text, world=World(upstreams=upstreams))  # an upstream that is given comes first
    assert server.query("1.in-addr.arpa", "PTR", to="169.254.20.10:53").rcode == "NOERROR"
