"""How a step's query is built, and how log lines are made comparable."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import loads
from corefile.testing.observe import ask, clean, observe, recorded

# Octets of RFC 7871 §6: family, source prefix, scope prefix, address cut to the prefix with its last bits zero.
SUBNETS = [
    ("192.0.2.0/24", "0001 18 00 c00002"),
    ("192.0.2.77/20", "0001 14 00 c00000"),
    ("192.0.2.77", "0001 18 00 c00002"),
    ("192.0.2.77/32/8", "0001 20 08 c000024d"),
    ("2001:db8:1:2::/56", "0002 38 00 20010db8000100"),
    ("0.0.0.0/0", "0001 00 00"),
]


@pytest.mark.parametrize(("subnet", "octets"), SUBNETS)
def test_the_clients_subnet(subnet: str, octets: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = loads(". {\n whoami\n}\n")
    seen: dict[str, Any] = {}
    monkeypatch.setattr(server, "query", lambda *words, **how: seen.update(how))
    ask(server, {"query": "a.b. A", "edns": {"subnet": subnet, "nsid": True, "options": {"65001": "00ff"}}})
    assert [(code, data.hex()) for code, data in seen["edns"].options] == [
        (3, ""),
        (8, octets.replace(" ", "")),
        (65001, "00ff"),
    ]


@pytest.mark.parametrize(
    ("given", "edns"), [(None, None), (False, None), (True, 1232), ({}, 1232), ({"udp": 512}, 512)]
)
def test_edns_or_none(given: Any, edns: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    server = loads(". {\n whoami\n}\n")
    seen: dict[str, Any] = {}
    monkeypatch.setattr(server, "query", lambda *words, **how: seen.update(how))
    ask(server, {"query": "a.b. A", "edns": given})
    assert (seen["edns"] and seen["edns"].udp) == edns


def test_log_lines_are_made_uniform() -> None:
    assert clean("[INFO] 10.0.0.1:40212 - 4242 0.000123s") == "[INFO] 10.0.0.1:40212 - 4242 <duration>"
    assert clean("read udp 10.0.0.1:40000->10.0.0.53:53: i/o timeout") == (
        "read udp 10.0.0.1:<port>->10.0.0.53:53: i/o timeout"
    )
    assert recorded(["[ERROR] x\nmore", "no level", "[PANIC] y"]) == ["[ERROR] x", "[PANIC] y"]


def test_the_serial_of_a_transfer_that_is_the_time_is_made_uniform() -> None:
    line = '[INFO] plugin/transfer: Outgoing transfer of 3 records of zone "a." to 10.0.0.1 for %s SOA serial'
    assert clean(line % 1767225600, 1767225605.5) == line % "<now>"
    assert clean(line % 2026010101, 1767225605.5) == line % 2026010101
    assert clean(line % 7, 1767225605.5) == line % 7


def test_a_reply_that_cannot_be_read_is_shown_as_its_octets() -> None:
    server = loads(". {\n hosts {\n  10.0.0.1 a.b\n }\n}\n")
    actual, reply = observe(server, {"query": "a.b. A"})
    assert actual["answer"] == ["a.b. 3600 IN A 10.0.0.1"]
    assert reply is not None
    assert "wire" not in actual


def test_octets_that_a_test_expects_are_compared_as_octets() -> None:
    """A reader may give up on a reply that another one reads: an address without any octet."""
    server = loads(". {\n hosts {\n  10.0.0.1 a.b\n }\n}\n")
    actual, reply = observe(server, {"query": "a.b. A", "expect": {"wire": ""}})
    assert reply is not None
    assert reply.octets is not None
    assert actual == {"wire": reply.octets.hex()}


def test_time_passes_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    server = loads(". {\n whoami\n}\n")
    before = server.world.clock.now
    observe(server, {"query": "a.b. A", "after": "1m30s"})
    assert server.world.clock.now == before + 90
    observe(server, {"query": "a.b. A", "to": "127.0.0.1:99", "timeout": "2s"})
    assert server.world.clock.now == before + 92


def test_the_probes_of_loop_read_the_same_in_each_run() -> None:
    """The kind: numbers that CoreDNS takes at random for a question of its own, and what follows from them."""
    line = '[INFO] 127.0.0.1:{port} - {id} "HINFO IN {name} udp {size} false 512" SERVFAIL qr,rd {size} 0.1s'
    one = line.format(port=39361, id=4358, name="4419407862057800121.168578616507841545.corp.", size=56)
    other = line.format(port=40000, id=1, name="5577006791947779410.8674665223082153551.corp.", size=57)
    assert clean(one) == clean(other)
    assert clean(one).startswith('[INFO] 127.0.0.1:<port> - <id> "HINFO IN <probe>.corp. udp <size>')
    assert clean("[ERROR] plugin/errors: 2 4419407862057800121.168578616507841545. HINFO: no") == (
        "[ERROR] plugin/errors: 2 <probe>. HINFO: no"
    )
    www = line.format(port=40000, id=1, name="www.corp.", size=57)
    assert clean(www) == www.replace("0.1s", "<duration>")


@pytest.mark.parametrize(("added", "readable"), [("x", True), ("www.", False)])
def test_a_name_that_is_too_long_makes_a_reply_unreadable(added: str, readable: bool) -> None:
    """The kind: what readers of DNS messages refuse is compared as octets. CoreDNS sends names of more than 255."""
    text = f'template IN A {{\nanswer "{{{{ .Name }}}} 60 IN CNAME {added}{{{{ .Name }}}}"\nupstream\n}}'
    actual, _ = observe(loads(f".:53 {{\n{text}\n}}\n"), {"query": "a.test. A", "transport": "tcp"})
    assert ("answer" in actual, "wire" in actual) == (readable, not readable)
