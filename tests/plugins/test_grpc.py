"""grpc: which server is asked, when a connection is tried again, what its errors say."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.api import Server, build, loads
from corefile.dns.codes import NXDOMAIN, A
from corefile.dns.message import Msg, Question
from corefile.dns.rr import RR
from corefile.findings import Source
from corefile.releases import find
from corefile.world import Fault, World


class Upstream:
    """Answers with one address, or not at all without one."""

    speaks_msg = True

    def __init__(self, address: str = "") -> None:
        self.address = address
        self.question: Question | None = None

    def __call__(self, msg: Msg) -> Msg | None:
        if not self.address:
            return None
        reply = msg.reply()
        assert msg.question is not None
        reply.answer = [RR(msg.question.name, A, 1, 60, (self.address,))]
        reply.question = self.question or reply.question
        return reply


def serving(grpc: str, upstreams: dict[str, Any] | None = None, release: str = "1.14.7", behind: str = "") -> Server:
    text = f".:53 {{\nerrors\n{behind}\ngrpc {grpc}\n}}\n"
    return loads(text, release=release, world=World(upstreams=upstreams or {}))


def refusals(grpc: str, release: str = "1.14.7", files: dict[str, str] | None = None) -> list[str]:
    source = Source("Corefile", f".:53 {{\n grpc {grpc}\n}}\n")
    return [f.coredns for f in build(source, find(release), World(files=files or {}, assume=False)).errors]


def answers(server: Server, count: int) -> list[str]:
    replies = [server.query("a.example") for _ in range(count)]
    return [str(r.answer[0].data[0]) if r.answer else r.rcode for r in replies]


def three() -> dict[str, Upstream]:
    return {f"10.0.0.{i}": Upstream(f"192.0.2.{i}") for i in (1, 2, 3)}


AT_2 = "plugin/grpc: Corefile:2 - Error during parsing: "
AT_3 = "plugin/grpc: Corefile:3 - Error during parsing: "
TO = "10.0.0.1 10.0.0.2 10.0.0.3"
LEAD = "[ERROR] plugin/errors: 2 a.example. A: rpc error: code = "


def test_round_robin_begins_with_the_second_server() -> None:
    server = serving(f". {TO} {{\n policy round_robin\n}}", three())
    assert answers(server, 4) == ["192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.2"]


def test_the_order_is_fixed_where_a_policy_is_handed_one_list() -> None:
    server = serving(f". {TO} {{\n policy round_robin\n}}", three(), release="1.6.7")
    assert answers(server, 2) == ["192.0.2.1", "192.0.2.1"]


def test_each_server_is_asked_once_and_the_last_error_counts() -> None:
    down: dict[str, Any] = {"10.0.0.1": Fault.refused(), "10.0.0.2": Fault.unreachable()}
    server = serving(". 10.0.0.1 10.0.0.2 {\n policy sequential\n}", down)
    reply = server.query("a.example")
    assert (reply.rcode, reply.elapsed) == ("SERVFAIL", 0.0)
    dialing = 'connection error: desc = "transport: Error while dialing: dial tcp'
    assert reply.log == [f'{LEAD}Unavailable desc = {dialing} 10.0.0.2:53: connect: network is unreachable"']


@pytest.mark.parametrize(
    ("release", "rcode", "log"),
    [
        ("1.9.1", "SERVFAIL", "connect: connection refused"),
        ("1.9.0", "SERVFAIL", "no healthy gRPC proxies"),
        ("1.7.0", "none", ""),
    ],
)
def test_without_an_answer(release: str, rcode: str, log: str) -> None:
    reply = serving(". 10.0.0.1", {"10.0.0.1": Fault.refused()}, release).query("a.example")
    assert (reply.rcode if reply.msg else "none") == rcode
    assert log in "".join(reply.log)
    assert bool(log) == bool(reply.log)


def test_a_server_that_is_back_is_connected_to_after_a_pause() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Fault.refused()})
    assert answers(server, 1) == ["SERVFAIL"]
    server.world.upstreams["10.0.0.1"] = Upstream("192.0.2.1")
    server.world.clock.advance(0.9)
    assert answers(server, 1) == ["SERVFAIL"]
    server.world.clock.advance(0.1)
    assert answers(server, 1) == ["192.0.2.1"]


def test_the_pause_grows() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Fault.refused()})
    assert answers(server, 1) == ["SERVFAIL"]
    server.world.clock.advance(1.5)
    server.world.upstreams["10.0.0.1"] = Upstream("192.0.2.1")
    server.world.clock.advance(1.0)
    assert answers(server, 1) == ["SERVFAIL"]
    server.world.clock.advance(0.2)
    assert answers(server, 1) == ["192.0.2.1"]


def test_a_connection_that_is_lost_is_made_anew() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Upstream("192.0.2.1")})
    assert answers(server, 1) == ["192.0.2.1"]
    server.world.upstreams["10.0.0.1"] = Upstream("192.0.2.9")
    assert answers(server, 1) == ["192.0.2.9"]


def test_up_to_1_8_5_it_is_tried_too_early() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Upstream("192.0.2.1")}, "1.8.4")
    assert answers(server, 1) == ["192.0.2.1"]
    server.world.upstreams["10.0.0.1"] = Upstream("192.0.2.9")
    assert answers(server, 1) == ["SERVFAIL"]
    server.world.clock.advance(1)
    assert answers(server, 1) == ["192.0.2.9"]


def test_a_silent_server_takes_all_the_time_there_is() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Fault.timeout()})
    reply = server.query("a.example", timeout=30)
    waiting = "context deadline exceeded while waiting for connections to become ready"
    assert (reply.elapsed, reply.log) == (5.0, [f"{LEAD}DeadlineExceeded desc = {waiting}"])
    late = serving(". 10.0.0.1", {"10.0.0.1": Fault.timeout()}, "1.12.3").query("a.example", timeout=30)
    assert late.elapsed == 20.0
    assert "use of closed network connection" in late.log[0]


def test_cancel_ends_a_call() -> None:
    server = serving(". 10.0.0.1", {"10.0.0.1": Upstream()}, behind="cancel 300ms")
    reply = server.query("a.example")
    assert (reply.elapsed, reply.log) == (0.3, [f"{LEAD}DeadlineExceeded desc = context deadline exceeded"])


def test_an_answer_to_another_question_is_formerr() -> None:
    upstream = Upstream("192.0.2.1")
    upstream.question = Question("b.example.", A, 1)
    reply = serving(". 10.0.0.1", {"10.0.0.1": upstream}, behind="debug").query("a.example")
    assert reply.rcode == "FORMERR"
    assert reply.log[0].startswith("[DEBUG] Wrong reply for id: ")


@pytest.mark.parametrize(
    ("grpc", "release", "words"),
    [
        ("", "1.14.7", AT_2 + "Wrong argument count or unexpected line ending after 'grpc'"),
        (". tls://", "1.14.7", 'plugin/grpc: invalid address: "tls://"'),
        (". " + "10.0.0.1 " * 16, "1.14.7", "plugin/grpc: more than 15 TOs configured: 16"),
        (". [fe80::1%lo]:5", "1.14.7", 'plugin/grpc: parse "dns:///[fe80::1%lo]:5": invalid URL escape "%lo"'),
        (". [fe80::1%lo]:5", "1.8.6", ""),
        (". [fe80::1%ab]:5", "1.14.7", ""),
        (". dns://10.0.0.1:53", "1.10.1", "plugin/grpc: failed to build resolver: dns resolver: missing address"),
        (". dns://10.0.0.1:53", "1.14.7", ""),
        (". 10.0.0.1 {\n policy least\n}", "1.14.7", AT_3 + "unknown policy 'least'"),
        (". 10.0.0.1 {\n fallthrough\n}", "1.12.2", AT_3 + "unknown property 'fallthrough'"),
        (
            ". 10.0.0.1 {\n tls no.pem\n}",
            "1.14.7",
            "plugin/grpc: error reading no.pem: open no.pem: no such file or directory",
        ),
        (". 10.0.0.1\ngrpc a 10.0.0.1", "1.14.7", "plugin/grpc: this plugin can only be used once per Server Block"),
    ],
)
def test_refusals(grpc: str, release: str, words: str) -> None:
    assert refusals(grpc, release) == ([words] if words else [])


@pytest.mark.parametrize("behind", ["", "on startup true"])
def test_without_a_plugin_behind_it_nothing_is_passed_on(behind: str) -> None:
    """A directive that answers no query, such as `on`, is none: `g.Next` is nil (plugin/grpc/grpc.go of 1.14.7)."""

    def denies(msg: Msg) -> Msg:
        return msg.reply(NXDOMAIN)

    denies.speaks_msg = True  # type: ignore[attr-defined]
    options = ". 10.0.0.1 {\n fallthrough\n}"
    assert serving(options, {"10.0.0.1": denies}, behind=behind).query("a.example").rcode == "NXDOMAIN"
    (line,) = serving(options, behind=behind).query("a.example").log
    assert "no next plugin" not in line


def test_round_robin_without_servers() -> None:
    source = Source("Corefile", ".:53 {\n grpc . conf {\n policy round_robin\n}\n}\n")
    server = loads(source.text, release="1.6.6", world=World(files={"conf": "#\n"}))
    assert server.query("a.example").rcode == "SERVFAIL"
