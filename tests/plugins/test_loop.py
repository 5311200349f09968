"""loop: the probe at the start, and what ends CoreDNS."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.api import Server, loads
from corefile.dns.message import Msg
from corefile.findings import CorefileError
from corefile.world import World

HELP = "https://coredns.io/plugins/loop#troubleshooting"
PROBE = "5577006791947779410.8674665223082153551."


def death_of(to: str, **options: Any) -> str:
    """The last line of a CoreDNS that does not stay up."""
    with pytest.raises(CorefileError) as refused:
        serving(to, **options)
    return refused.value.findings[0].coredns


def serving(to: str, release: str = "1.14.7", upstreams: dict[str, Any] | None = None, zone: str = ".") -> Server:
    return loads(f"{zone}:53 {{\nloop\nforward . {to}\n}}\n", release=release, world=World(upstreams=upstreams or {}))


@pytest.mark.parametrize(
    ("release", "fatal"),
    [
        ("1.14.7", f'Loop (127.0.0.1:40000 -> :53) detected for zone ".", see {HELP}. Query: "HINFO {PROBE}"'),
        ("1.2.6", f'Forwarding loop detected in "." zone. Exiting. See {HELP}. Probe query: "HINFO {PROBE}".'),
        ("1.2.2", f'Seen "HINFO IN {PROBE}" more than twice, loop detected'),
    ],
)
def test_a_loop_is_fatal(release: str, fatal: str) -> None:
    assert death_of("127.0.0.1", release=release) == f"plugin/loop: {fatal}"


def test_a_loop_through_another_server() -> None:
    up = {"127.0.0.2": {"corefile": ".:53 {\nbind 127.0.0.2\nforward . 127.0.0.1\n}"}}
    assert "Loop (" in death_of("127.0.0.2", upstreams=up)


def test_the_zone_of_the_block() -> None:
    assert death_of("127.0.0.1", zone="corp.example").endswith(f'"HINFO {PROBE}corp.example."')


def test_each_block_has_a_probe_of_its_own() -> None:
    """The probes of three blocks that share a server come in there, each once: none of them comes in a third time."""
    views = "".join(f".:53 {{\nloop\nwhoami\nview v{n} {{\nexpr len(name()) > {n}\n}}\n}}\n" for n in range(3))
    server = loads(views)
    names = [
        handler.qname for site in server.process.instance.sites for handler in site.handlers if handler.name == "loop"
    ]
    assert len(set(names)) == 3


class Counting:
    speaks_msg = True

    def __init__(self, answers: bool) -> None:
        self.answers = answers
        self.asked: list[Msg] = []

    def __call__(self, msg: Msg) -> Msg | None:
        self.asked.append(msg)
        return msg.reply() if self.answers else None


def test_one_probe_where_it_is_answered() -> None:
    up = Counting(True)
    server = serving("10.0.0.1", upstreams={"10.0.0.1": up})
    server.advance(60)
    assert server.process.instance.fatal is None
    assert [m.question for m in up.asked] == [(PROBE, 13, 1)]


def test_silent_servers_were_taken_for_loops() -> None:
    """Up to 1.3.0 every probe counted, also those that were sent again."""
    for release, fatal in (("1.3.0", True), ("1.3.1", False)):
        server = serving("10.0.0.1", release, {"10.0.0.1": Counting(False)})
        server.advance(7)
        assert (server.process.instance.fatal is not None) is fatal


def test_all_addresses_may_be_left_out() -> None:
    """1.8.6, 1.9.3 and 1.14.7 start with it, and listen nowhere."""
    text = "a.example {\n bind 127.0.0.1 {\n  except 127.0.0.1\n }\n loop\n}\n. {\n whoami\n}\n"
    assert loads(text).query("b.example").rcode == "NOERROR"
