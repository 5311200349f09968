"""PROXY headers in front of datagrams: what is replied and logged, how long they count, and what plugins make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corefile.api import loads
from corefile.testing.observe import clean

RECORDED = json.loads((Path(__file__).parent.parent / "data" / "proxyproto.json").read_text(encoding="utf-8"))
SERVER = ".:1053 {{\n log\n errors\n proxyproto {{\n{}\n}}\n acl {{\n block net 192.0.2.8/32\n }}\n whoami\n}}\n"


@pytest.mark.parametrize("given", RECORDED, ids=lambda given: given["block"].replace("\n", "; ") or "nothing")
def test_datagrams_with_headers_are_those_of_coredns(given: dict[str, Any]) -> None:
    """What CoreDNS 1.14.7 replied to datagrams from 127.0.0.1:40212 with sound, cut, foreign and no headers, and logged."""
    server = loads(SERVER.format(given["block"]), release="1.14.7")
    for step in given["steps"]:
        octets = bytes.fromhex(step["sent"])
        reply = server.send(octets, client="127.0.0.1:40212", to="127.0.0.1:1053", wait=False)
        assert (reply.octets or b"").hex() == step["reply"], octets
        assert [clean(line) for line in reply.log] == step["log"], octets


def test_headers_are_forgotten_in_time_and_one_by_one() -> None:
    """Also those of messages that are no octets are remembered, by port of the sender."""
    server = loads(SERVER.format("udp_session_tracking 5s 2"), release="1.14.7")
    header = bytes.fromhex(RECORDED[0]["steps"][0]["sent"])[:28]

    def asks(port: int) -> str:
        line = server.query("a.example", client=f"10.0.0.1:{port}", to="127.0.0.1:1053").log[0]
        return line.split()[1]

    for port in (1001, 1002, 1003):
        server.send(header, client=f"10.0.0.1:{port}", to="127.0.0.1:1053", wait=False)
    assert [asks(port) for port in (1001, 1002, 1003)] == ["10.0.0.1:1001", "192.0.2.7:999", "192.0.2.7:999"]
    server.advance(4)
    assert asks(1003) == "192.0.2.7:999"
    server.advance(4)
    assert [asks(port) for port in (1002, 1003)] == ["10.0.0.1:1002", "192.0.2.7:999"], "each look-up renews it"


def test_a_reply_comes_from_the_address_that_the_system_takes() -> None:
    """Of a server that is open to all addresses, and looks for headers: a client of the machine gets none from another."""
    server = loads(SERVER.format(""), release="1.14.7")
    assert server.query("a.example", to="127.0.0.1:1053").received
    assert not server.query("a.example", to="127.0.0.3:1053").received
    assert server.query("a.example", to="127.0.0.3:1053", transport="tcp").received
    bound = loads(SERVER.format("").replace(" log", " bind 127.0.0.3\n log"), release="1.14.7")
    assert bound.query("a.example", to="127.0.0.3:1053").received


def test_what_plugins_make_of_an_address_that_a_header_names() -> None:
    """It counts as IPv6, and `dnstap` has no socket to tell of. CoreDNS 1.14.7 was asked."""
    lines = " dnstap a full\n proxyproto\n whoami\n"
    server = loads(f".:53 {{\n{lines}}}\n", release="1.14.7")
    reply = server.send(bytes.fromhex(RECORDED[0]["steps"][0]["sent"]))
    assert reply.additional[0].type == "AAAA"
    assert str(reply.additional[0]).endswith("::ffff:192.0.2.7")
    assert bytes((0x08, 5, 0x40)) in server.dnstap()[0], "the type, and at once the time of the query"
