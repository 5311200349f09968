"""dnstap: what is refused in which words, that answers are the same, and the frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from corefile import World
from corefile.api import loads
from corefile.chain.transports import Via
from corefile.dns.codes import IN, A
from corefile.dns.dnstap import CLIENT_QUERY, Message, Time
from corefile.dns.message import Edns, Msg, Question
from corefile.golang.addresses import join_port
from corefile.world import Fault
from corefile.world.clock import START

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "",
            "1.14.7",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'dnstap'",
        ),
        (
            "tcp://127.0.0.1:x full",
            "1.14.7",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'full'",
        ),
        (
            "tcp://127.0.0.1:x full",
            "1.9.3",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'tcp://127.0.0.1:x'",
        ),
        (
            "tcp://nofile",
            "1.8.0",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'tcp://nofile'",
        ),
        (
            "a full x",
            "1.14.7",
            'plugin/dnstap: Corefile:3 - Error during parsing: dnstap: invalid MultipleTcpWriteBuf "x": strconv.Atoi: parsing "x": invalid syntax',
        ),
        (
            "a full 1 4097",
            "1.13.0",
            "plugin/dnstap: Corefile:3 - Error during parsing: dnstap: MultipleQueue must be between 1 and 4096 (x10k messages): 4097",
        ),
        (
            "listen",
            "1.14.4",
            "plugin/dnstap: Corefile:3 - Error during parsing: dnstap listen requires an endpoint argument",
        ),
        ("a {\n foo\n}", "1.14.4", "plugin/dnstap: Corefile:4 - Error during parsing: unknown property 'foo'"),
        (
            "a {\n identity\n}",
            "1.9.4",
            "plugin/dnstap: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'identity'",
        ),
        (
            "a {\n tls\n}",
            "1.14.7",
            "plugin/dnstap: Corefile:4 - Error during parsing: tls directive only valid for listeners",
        ),
        (
            "listen a {\n tls b\n}",
            "1.14.7",
            "plugin/dnstap: Corefile:4 - Error during parsing: tls requires cert and key file paths",
        ),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"dnstap {text}", release)[0] == said


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("a", "1.0.0"),
        ("a full x", "1.12.1"),
        ("tcp://a/b", "1.14.7"),
        ("tcp://[::1]", "1.14.7"),
        ("tcp://nofile", "1.9.3"),
        ("a {\n foo\n}", "1.14.3"),
    ],
)
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"dnstap {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n dnstap {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")


RECORDED = json.loads((Path(__file__).parent.parent / "data" / "dnstap.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("capture", RECORDED["captures"], ids=lambda capture: str(capture["release"]))
def test_frames_are_those_of_coredns(capture: dict[str, Any]) -> None:
    """What a collector got from a real CoreDNS, its times set to those of the world's clock, and its sockets' ports to 40000."""
    upstreams: dict[str, Any] = {"127.0.0.53:1053": {"corefile": RECORDED["upstream"]}, "127.0.0.54:1": None}
    server = loads(capture["corefile"], release=capture["release"], world=World(upstreams=upstreams, hostname="oracle"))
    for step in capture["steps"]:
        host = "::1" if step["six"] else "127.0.0.1"
        transport: Literal["tcp", "udp"] = "tcp" if step["tcp"] else "udp"
        octets = bytes.fromhex(step["query"])
        server.send(octets, client=host, to=join_port(host, str(step["port"])), transport=transport, wait=False)
    for name, frames in capture["frames"].items():
        assert [one.hex() for one in server.dnstap(f"/run/{name}.sock")] == frames, name
    assert len(server.dnstap()) >= sum(map(len, capture["frames"].values()))


def test_times_are_those_of_the_clock() -> None:
    server = loads(".:53 {\n dnstap a\n erratic {\n  drop 0\n  delay 1 1500ms\n }\n}\n")
    server.advance(2.5)
    server.query("a.example")
    asked, answered = (Message(CLIENT_QUERY, query_time=Time.of(START + at)).pack()[3:] for at in (2.5, 4.0))
    query, reply = server.dnstap()
    assert asked in query
    assert asked in reply
    assert b"\x60" + answered[:5] + b"\x6d" + answered[6:] in reply


SUFFIX = "rewrite continue name suffix up.example b."
BOTH = "rewrite continue type A AAAA\n rewrite name m.up.example b.example"


@pytest.mark.parametrize(
    ("rewrites", "extra", "release", "query", "reply"),
    [
        (BOTH, '"{name} {type}"', "1.14.7", b"m.up.example. A", b"b.example. AAAA"),
        (SUFFIX, "{name}/{size}", "1.14.7", b"m.up.example./52", b"m.b./36"),
        (SUFFIX, "{name}/{size}", "1.12.1", b"m.up.example./52", b"m.b./36"),
    ],
)
def test_further_text_is_about_what_has_become_of_the_question(
    rewrites: str, extra: str, release: str, query: bytes, reply: bytes
) -> None:
    """A query's `extra` is about the request that came; its reply's about the one that plugins and server have left: changed by
    `rewrite`, and without the option that replies do not repeat. CoreDNS was asked."""
    server = loads(f".:53 {{\n dnstap a {{\n  extra {extra}\n }}\n {rewrites}\n whoami\n}}\n", release=release)
    edns = Edns(1232, options=((65001, b"abc"), (3, b"")))
    server.ask(Msg(Question("m.up.example.", A, IN), id=1, edns=edns))
    asked, answered = server.dnstap()
    assert query in asked
    assert reply in answered


def test_a_server_that_is_asked_over_tls() -> None:
    for release, protocol in (("1.14.7", 2), ("1.14.4", 1)):
        world = World(upstreams={"10.0.0.1:853": Fault.refused()})
        server = loads(".:53 {\n dnstap a\n forward . tls://10.0.0.1\n}\n", release=release, world=world)
        server.query("a.example")
        asked = server.dnstap("a")[1]
        assert bytes((0x08, 7, 0x10, 1, 0x18, protocol)) in asked


def test_the_last_frames_are_kept() -> None:
    server = loads(".:53 {\n dnstap a\n dnstap b full\n whoami\n}\n")
    for _ in range(3):
        server.query("a.example")
    assert (len(server.dnstap("a")), len(server.dnstap("b")), len(server.dnstap("c"))) == (6, 6, 0)
    server.reset()
    assert server.dnstap() == []


# A query that `rewrite` has given a name without a wire form cannot be packed: it is not told of, but an error.
@pytest.mark.parametrize(
    ("release", "error"), [("1.0.6", "[ERROR 0 a.example.. A] "), ("1.1.4", "[ERROR] 0 a.example.. A: ")]
)
def test_a_query_without_a_wire_form(release: str, error: str) -> None:
    lines = ["errors", "dnstap tcp://10.0.0.9:6000 full", "rewrite name substring x.example. example..", "whoami"]
    server = loads(".:53 {\n" + "\n".join(lines) + "\n}\n", release=release)
    reply = server.query("a.x.example.")
    assert (reply.received, server.dnstap()) == (False, [])
    assert reply.log[0].endswith(f"{error}plugin/dnstap: client query: dns: bad rdata")


@pytest.mark.parametrize(("transport", "mapped"), [("https", True), ("tls", False)])
def test_up_to_1_8_1_the_server_of_https_reads_addresses_from_texts(transport: str, mapped: bool) -> None:
    """They have 16 octets then, also at a socket that is open to one address of IPv4."""
    text = f"{transport}://.:1853 {{\n bind 127.0.0.1\n dnstap /tap\n whoami\n}}\n"
    server = loads(text, release="1.6.5")
    server.query("a.example", to="127.0.0.1:1853", transport=Via(transport, tls=False))
    assert (bytes((0xFF, 0xFF, 127, 0, 0, 1)) in server.dnstap()[0]) is mapped
