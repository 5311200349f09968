"""network: who answers at which address."""

from __future__ import annotations

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


def test_an_upstream_that_changes_is_another_one_for_the_next_packet() -> None:
    """Of whatever kind it was, and is: text, a Corefile, a fault, nothing at all."""
    world = World(upstreams={"10.0.0.1": "a. 60 IN A 192.0.2.1"})
    server = loads(".:53 {\n forward . 10.0.0.1 {\n  max_fails 0\n }\n}\n", world=world)
    template = ".:53 {\n hosts {\n  192.0.2.3 a.\n }\n}\n"
    kinds: list[tuple[Any, list[str]]] = [
        ("a. 60 IN A 192.0.2.2", ["a. 60 IN A 192.0.2.2"]),
        ({"corefile": template}, ["a. 3600 IN A 192.0.2.3"]),
        (Fault.rcode("REFUSED"), []),
        ("a. 60 IN A 192.0.2.4", ["a. 60 IN A 192.0.2.4"]),
        (None, []),
    ]
    assert server.query("a.").answer == ["a. 60 IN A 192.0.2.1"]
    rcodes = []
    for upstream, answer in kinds:
        world.upstreams["10.0.0.1"] = upstream
        reply = server.query("a.")
        assert reply.answer == answer
        rcodes.append(reply.rcode)
    assert rcodes == ["NOERROR", "NOERROR", "REFUSED", "NOERROR", "SERVFAIL"]
    del world.upstreams["10.0.0.1"]
    assert server.query("a.").rcode == "SERVFAIL"
    assert server.process.network.unreachable == ["10.0.0.1:53"]


def test_an_upstream_that_stays_keeps_what_it_knows() -> None:
    """The others change around it; a copy of the server has the same, and its own changes."""
    cached = {"corefile": ".:53 {\n bind 10.0.0.1\n cache 30\n forward . 10.0.0.2\n}\n"}
    world = World(upstreams={"10.0.0.1": cached, "10.0.0.2": "a. 60 IN A 192.0.2.1"})
    server = loads(".:53 {\n forward . 10.0.0.1\n}\n", world=world)
    assert server.query("a.").answer == ["a. 30 IN A 192.0.2.1"]
    server.advance(2)
    other = server.copy()
    other.world.upstreams["10.0.0.1"] = "a. 9 IN A 192.0.2.9"
    world.upstreams["10.0.0.2"] = "a. 60 IN A 192.0.2.2"
    assert server.query("a.").answer == ["a. 28 IN A 192.0.2.1"]
    assert other.query("a.").answer == ["a. 9 IN A 192.0.2.9"]
    server.advance(30)
    assert server.query("a.").answer == ["a. 30 IN A 192.0.2.2"]


def test_an_upstream_that_stops_does_nothing_any_more() -> None:
    """Its health checks end, for example: the timers of its instance are cancelled."""
    world = World(upstreams={"10.0.0.1": {"corefile": ".:53 {\n bind 10.0.0.1\n forward . 10.0.0.2\n}\n"}})
    asked: list[object] = []
    world.upstreams["10.0.0.2"] = lambda request: asked.append(request)
    server = loads(".:53 {\n forward . 10.0.0.1\n}\n", world=world)
    server.query("a.")
    world.upstreams["10.0.0.1"] = None
    server.query("a.")
    asked.clear()
    server.advance(60)
    assert asked == []


def test_an_upstream_that_cannot_be_is_an_error_each_time_and_may_be_mended() -> None:
    world = World(upstreams={"10.0.0.1": {"corefile": ".:53 {\n nope\n}\n"}})
    server = loads(".:53 {\n forward . 10.0.0.1\n}\n", world=world)
    for _ in range(2):
        with pytest.raises(CorefileError):
            server.query("a.")
    world.upstreams["10.0.0.1"] = "a. 9 IN A 192.0.2.9"
    assert server.query("a.").answer == ["a. 9 IN A 192.0.2.9"]


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
        ("0.0.0.0", ("10.1.1.1",), "127.0.0.1"),
        ("::", ("fd00::7",), "::1"),
    ],
)
def test_sources(to: str, own: tuple[str, ...], source: str) -> None:
    upstreams = {f"[{to}]" if ":" in to else to: {"corefile": WHOAMI}}
    world = World(upstreams=upstreams, addresses=own)
    running = loads(f".:5300 {{\nforward . {to}\n}}", world=world)
    assert running.process.network.source_for(to) == source
    told = running.query("a.example.", to="127.0.0.1:5300").additional[0]
    assert told.data == (source,)


@pytest.mark.parametrize(("everywhere", "loopback"), [("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]")])
def test_the_address_of_all_is_loopback_to_those_who_connect(everywhere: str, loopback: str) -> None:
    """Both to the machine's own servers and to upstreams, over each transport, and to pages."""
    text = f".:53 {{\nbind {loopback.strip('[]')}\nwhoami\nhealth {loopback}:8080\n}}\n"
    own = loads(text, world=World(upstreams={f"{loopback}:5353": {"corefile": WHOAMI.replace(":53", ":5353")}}))
    network = own.process.network
    for port in (53, 5353):
        for how in ({}, {"proto": "tcp"}):
            assert ask(own, f"{everywhere}:{port}", **how).reply is not None
        assert network.reach(f"{everywhere}:{port}") == network.reach(f"{loopback}:{port}")
    assert ask(own, f"{everywhere}:54").fault == "refused"
    assert network.get(f"{everywhere}:8080", "/health") == (200, "")


def test_loop_comes_from_loopback_where_it_is_bound_to_all_addresses() -> None:
    text = ".:53 {\nloop\nbind 0.0.0.0\nforward . 0.0.0.0\n}\n"
    with pytest.raises(CorefileError, match=r"Loop \(127\.0\.0\.1:40000 -> 0\.0\.0\.0:53\) detected"):
        loads(text)


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


@pytest.mark.parametrize(("release", "plugin"), [("1.14.7", "forward"), ("1.3.0", "proxy")])
@pytest.mark.parametrize("last", [None, {"fault": "timeout"}], ids=["endless", "timeout"])
@pytest.mark.parametrize("length", [12, 60])
def test_a_row_of_servers_asks_no_power_of_its_length(release: str, plugin: str, last: Any, length: int) -> None:
    """Each of them tries again where the next one has no answer."""
    upstreams = {
        f"10.0.0.{i}": {"corefile": f". {{\n {plugin} . 10.0.0.{i + 1}\n}}\n", "coredns": release}
        for i in range(1, length)
    }
    if last is not None:
        upstreams[f"10.0.0.{length}"] = last
    of = loads(f". {{\n {plugin} . 10.0.0.1\n}}\n", release=release, world=World(upstreams=upstreams))
    asked = 0
    exchange = of.process.network._ask_server

    def counted(*args: Any) -> Answer:
        nonlocal asked
        asked += 1
        return exchange(*args)

    of.process.network._ask_server = counted  # type: ignore[method-assign]
    assert not of.query("a.example.org").answer
    assert asked < 10_000


def test_records_of_a_query_are_read_again_by_the_server_that_gets_them() -> None:
    """A record without data is sent with empty fields, which may be no record any more."""
    upstreams = {"10.0.0.1": {"corefile": ". {\n whoami\n}"}}
    of = loads(". {\n forward . 10.0.0.1\n}", world=World(upstreams=upstreams))
    question = "0161 00 0001 0001"
    without_data = "00 0006 00ff 00000000 0000"  # SOA
    assert of.send(bytes.fromhex(f"1092 0100 0001 0000 0001 0000 {question} {without_data}")).rcode == "FORMERR"
    without_data = "00 0001 00ff 00000000 0000"  # A
    assert of.send(bytes.fromhex(f"1092 0100 0001 0000 0001 0000 {question} {without_data}")).rcode == "NOERROR"


ZONE = "$ORIGIN Z.test.\n$TTL 60\n@ SOA ns h 7 7200 3600 86400 60\n@ NS ns\n" + "".join(
    f"w{i} A 10.0.0.{i}\n" for i in range(1, 251)
)


def test_zone_text_is_transferred_to_secondaries() -> None:
    """The whole zone, and its serial where a secondary asks for it; what is forwarded to it is answered as before."""
    world = World(upstreams={"10.0.0.53": ZONE})
    text = ".:53 {\nsecondary z.test {\ntransfer from 10.0.0.53\n}\nforward . 10.0.0.53\n}\n"
    running = loads(text, world=world)
    running.advance(1)
    assert running.query("w250.z.test").answer == ["w250.z.test. 60 IN A 10.0.0.250"]
    world.upstreams["10.0.0.53"] = ZONE.replace("h 7 ", "h 8 ") + "new A 10.0.1.1\n"
    assert running.query("new.z.test").rcode == "NXDOMAIN"
    running.advance(7300)
    assert running.query("new.z.test").rcode == "NOERROR"


def test_zone_text_is_no_other_zone() -> None:
    other = loads(
        ".:53 {\nsecondary w1.z.test {\ntransfer from 10.0.0.53\n}\n}\n", world=World(upstreams={"10.0.0.53": ZONE})
    )
    other.advance(1)
    assert other.query("w1.z.test").rcode == "SERVFAIL"
    plain = server(upstreams={"10.0.0.53": ZONE})
    asked = Msg(Question("z.test.", 252, 1), id=1)
    ctx = Context(plain.world, client="127.0.0.1", client_port=1, server="", server_ip="127.0.0.1", server_port=53)
    over_udp = plain.process.network.exchange("10.0.0.53:53", asked, ctx).reply
    assert over_udp is not None
    assert not over_udp.answer
    answer = plain.process.network.exchange("10.0.0.53:53", asked, ctx, proto="tcp")
    assert answer.reply is not None
    assert [len(m.answer) for m in (answer.reply, *answer.later)] == [100, 100, 53]


def test_the_address_of_an_upstream_is_that_of_another_machine() -> None:
    """What listens at all addresses of this machine is not asked there."""
    upstreams = {"10.0.0.54": "www.example.org. 60 IN A 192.0.2.1"}
    text = "example.org:5353 {\n forward . 10.0.0.54:5353\n loop\n}\n"
    reply = loads(text, world=World(upstreams=upstreams)).query("www.example.org")
    assert reply.rcode == "SERVFAIL"
    assert "connection refused" in str(reply.trace)
    text = text.replace("10.0.0.54:5353", "10.0.0.54")
    assert loads(text, world=World(upstreams=upstreams)).query("www.example.org").answer


def test_what_cannot_be_read_is_answered_only_where_something_listens() -> None:
    """The kind: a message that is judged before it has arrived anywhere."""
    text = ".:53 {\nrewrite edns0 nsid set\nrewrite stop name substring a. .\nforward . 127.0.0.9\n}"
    rewritten = text.replace("rewrite edns0", "rewrite continue edns0")
    whoami = {"127.0.0.9": {"corefile": ".:53 {\nbind 127.0.0.9\nwhoami\n}", "coredns": "1.7.0"}}
    for upstreams, rcode in (
        ({"127.0.0.9": None}, "SERVFAIL"),
        (whoami, "FORMERR"),
        ({"127.0.0.9": {"fault": "timeout"}}, "SERVFAIL"),
    ):
        asked = loads(rewritten, release="1.7.0", world=World(upstreams=upstreams))
        assert asked.query("a.up.example", "PTR").rcode == rcode
