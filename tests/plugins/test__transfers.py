"""Transfers and notifies by the plugins that have zones: up to 1.7.1."""

from __future__ import annotations

import pytest

from corefile import Fault, World
from corefile.api import Server, loads
from corefile.plugin import Invalid, Msg
from corefile.plugins._transfers import Peer
from corefile.releases import LATEST

ZONE = "@ 60 SOA ns h 7 2 3 4 5\n@ 60 NS ns\n" + "".join(f"h{i} 60 A 192.0.2.{i}\n" for i in range(1, 41))


def serving(release: str, upstreams: dict[str, object] | None = None, options: str = "transfer to *") -> Server:
    world = World(files={"db": ZONE}, upstreams=upstreams or {})
    return loads(f"z.test {{\nfile db {{\n{options}\n}}\n}}\n", release=release, world=world)


@pytest.mark.parametrize(
    ("text", "peer"), [("*", "*"), ("10.0.0.1", "10.0.0.1:53"), ("[fd00::1]:5353", "[fd00::1]:5353")]
)
def test_peers(text: str, peer: str) -> None:
    assert Peer().convert(text, LATEST) == peer


def test_a_peer_is_an_address() -> None:
    with pytest.raises(Invalid) as caught:
        Peer().convert("dns.test", LATEST)
    assert caught.value.coredns == "must specify an IP address: `dns.test'"


@pytest.mark.parametrize(
    ("release", "first", "said"),
    [
        ("1.7.1", 2, " done with 7 SOA serial"),
        ("1.6.2", 37, " started with 7 SOA serial"),
        ("1.5.2", 37, " started"),
    ],
)
def test_how_a_transfer_is_cut_into_messages(release: str, first: int, said: str) -> None:
    reply = serving(release).query("z.test", "AXFR", transport="tcp", client="10.0.0.7")
    assert len(reply.message.rr) == first, "the first message"
    assert reply.log[-1].endswith(f"Outgoing transfer of 43 records of zone z.test. to 10.0.0.7{said}")


def notifies(release: str, answers: object) -> tuple[list[Msg], list[str]]:
    """The notifies that a server at 10.0.0.9 gets at the start, and the log."""
    seen: list[Msg] = []

    def answer(message: object) -> object:
        seen.append(message)  # type: ignore[arg-type]
        return message

    server = serving(release, {"10.0.0.9": answers or answer}, "transfer to 10.0.0.9")
    server.process.instance.sites[0].handler("file").start()
    return seen, server.process.instance.take_log()


def test_secondaries_are_told() -> None:
    lines = {
        "1.7.1": '[INFO] plugin/file: Sent notifies for zone "z.test." to [10.0.0.9:53]',
        "1.6.2": '[INFO] plugin/file: Sent notify for zone "z.test." to "10.0.0.9:53"',
    }
    for release, line in lines.items():
        seen, log = notifies(release, None)
        assert log == [line]
        assert len(seen) == 2  # the process's own start was the first


def test_secondaries_that_do_not_take_it_are_told_three_times() -> None:
    _, log = notifies("1.6.2", Fault("rcode", "REFUSED"))
    assert log == [
        '[ERROR] plugin/file: notify for zone "z.test." was not accepted by "10.0.0.9:53": rcode was "REFUSED"'
    ]
    _, log = notifies("1.6.2", Fault("timeout"))
    assert log == [
        '[ERROR] plugin/file: notify for zone "z.test." was not accepted by "10.0.0.9:53": rcode was "SERVFAIL"'
    ]
