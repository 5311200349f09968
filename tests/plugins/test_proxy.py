"""proxy: which server is asked, when one counts as down, what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from corefile.api import Server, loads
from corefile.dns.codes import A
from corefile.dns.message import Msg, Question
from corefile.dns.rr import RR
from corefile.findings import CorefileError
from corefile.world import World


class Upstream:
    """Answers with one address, or not at all without one."""

    speaks_msg = True

    def __init__(self, address: str = "") -> None:
        self.address = address
        self.count = 0
        self.question: Question | None = None

    def __call__(self, msg: Msg) -> Msg | None:
        self.count += 1
        if not self.address:
            return None
        reply = msg.reply()
        assert msg.question is not None
        reply.answer = [RR(msg.question.name, A, 1, 60, (self.address,))]
        reply.question = self.question or reply.question
        return reply


def serving(proxy: str, upstreams: dict[str, Any] | None = None, release: str = "1.2.2", behind: str = "") -> Server:
    text = f".:53 {{\nerrors\nproxy {proxy}\n{behind}\n}}\n"
    return loads(text, release=release, world=World(upstreams=upstreams or {}))


def answers(server: Server, count: int) -> list[str]:
    replies = [server.query("a.example") for _ in range(count)]
    return [str(r.answer[0].data[0]) if r.answer else r.rcode for r in replies]


def three() -> dict[str, Upstream]:
    return {f"10.0.0.{i}": Upstream(f"192.0.2.{i}") for i in (1, 2, 3)}


def counted(server: Server) -> list[str]:
    return [x.split(",to=")[1] for x in server.process.metrics.samples(["coredns_proxy_request_count_total"])]


NO_HOST = "[ERROR] 2 a.example. A: unreachable backend: no upstream host"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("first", ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"]),
        ("sequential", ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1"]),
        ("round_robin", ["192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.2"]),
    ],
)
def test_policies(policy: str, expected: list[str]) -> None:
    assert answers(serving(f". 10.0.0.1 10.0.0.2 10.0.0.3 {{\npolicy {policy}\n}}", three()), 4) == expected


@pytest.mark.parametrize("policy", ["random", "least_conn"])
def test_random_policies_are_the_worlds_choice(policy: str) -> None:
    server = serving(f". 10.0.0.1 10.0.0.2 10.0.0.3 {{\npolicy {policy}\n}}", three())
    server.world.choose_index = lambda options, why: 1
    assert answers(server, 2) == ["192.0.2.2", "192.0.2.2"]


def test_a_dead_server_is_tried_three_times() -> None:
    server = serving(". 127.0.0.66:5399")
    assert server.query("a.example").log == [NO_HOST]
    assert counted(server) == ['"127.0.0.66:5399"} 3']
    assert server.query("a.example").log == [NO_HOST]
    assert counted(server) == ['"127.0.0.66:5399"} 3']
    server.advance(5)
    server.query("a.example")
    assert counted(server) == ['"127.0.0.66:5399"} 6']


def test_the_next_one_answers_until_failures_are_forgotten() -> None:
    ups = {"10.0.0.1": Upstream("192.0.2.1")}
    server = serving(". 127.0.0.99:5399 10.0.0.1 {\npolicy sequential\n}", ups)
    assert answers(server, 4) == ["192.0.2.1"] * 4
    assert counted(server) == ['"10.0.0.1:53"} 4', '"127.0.0.99:5399"} 3']


def test_silence_is_no_failure() -> None:
    up = Upstream()
    reply = serving(". 10.0.0.1", {"10.0.0.1": up}).query("a.example", timeout=30)
    assert (reply.rcode, reply.elapsed, up.count) == ("SERVFAIL", 20.0, 4)
    assert reply.log == [
        "[ERROR] 2 a.example. A: unreachable backend: read udp 198.51.100.1:40000->10.0.0.1:53: i/o timeout"
    ]


def test_never_down_without_max_fails() -> None:
    reply = serving(". 127.0.0.99:5399 {\nmax_fails 0\n}").query("a.example", timeout=30)
    assert reply.elapsed == 16.0
    error = "read udp 127.0.0.1:40000->127.0.0.99:5399: read: connection refused"
    assert reply.log == [f"[ERROR] 2 a.example. A: unreachable backend: {error}"]


def test_spray() -> None:
    ups = three()
    options = "max_fails -1\nspray"
    server = serving(f". 10.0.0.1 10.0.0.2 {{\n{options}\n}}", ups)
    reply = server.query("a.example")
    assert [str(rr.data[0]) for rr in reply.answer] == ["192.0.2.1"]
    assert reply.log == ["[WARNING] All hosts reported as down, spraying to target: 10.0.0.1:53"]


def test_the_longest_zone_takes_the_question() -> None:
    text = "corp.example 10.0.0.1\nproxy . 10.0.0.2\nproxy lab.corp.example 10.0.0.3 {\nexcept open.lab.corp.example\n}"
    server = serving(text, three())
    names = ("example", "a.corp.example", "lab.corp.example", "x.open.lab.corp.example")
    assert [str(server.query(n).answer[0].data[0]) for n in names] == [
        "192.0.2.2",
        "192.0.2.1",
        "192.0.2.3",
        "192.0.2.1",
    ]


def test_pages_of_other_servers() -> None:
    health = {"corefile": ".:53 {\nbind 10.0.0.1\nhealth 10.0.0.1:8099\nwhoami\n}"}
    options = "policy sequential\nmax_fails 1\nhealth_check /%s:8099 1s"
    for page, rcode, log in (
        ("health", "NOERROR", []),
        ("nope", "SERVFAIL", ["[WARNING] Host 10.0.0.1:53 health check returned HTTP code 404", NO_HOST]),
    ):
        server = serving(f". 10.0.0.1 {{\n{options % page}\n}}", {"10.0.0.1": health})
        server.advance(1)
        reply = server.query("a.example")
        assert (reply.rcode, reply.log) == (rcode, log)


def test_another_question_is_no_answer() -> None:
    up = Upstream("192.0.2.1")
    up.question = Question("b.example.", 1, 1)
    assert serving(". 10.0.0.1", {"10.0.0.1": up}).query("a.example").rcode == "FORMERR"
    assert serving(". 10.0.0.1", {"10.0.0.1": up}, "1.1.0").query("a.example").rcode == "NOERROR"


def test_grpc() -> None:
    up = {"127.0.0.54:8053": {"corefile": "grpc://.:8053 {\nbind 127.0.0.54\nwhoami\n}"}}
    reply = serving(". 127.0.0.54:8053 {\nprotocol grpc insecure\n}", up).query("a.example")
    assert reply.msg is not None
    assert [rr.name for rr in reply.msg.extra] == ["a.example.", "_tcp.a.example."]


@pytest.mark.parametrize(
    ("proxy", "error"),
    [
        (".", "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '.'"),
        (". dns.example.com", 'not an IP address or file: "dns.example.com"'),
        (". dns://127.0.0.53", 'not an IP address or file: "dns://127.0.0.53"'),
        (
            ". 10.0.0.1 {\npolicy lucky\n}",
            "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'lucky'",
        ),
        (". 10.0.0.1 {\nhealth_check /health\n}", "address /health: missing port in address"),
        (". 10.0.0.1 {\nprotocol dns prefer_udp\n}", "only force_tcp allowed as parameter to dns"),
        (". 10.0.0.1 {\nprotocol https_google\n}", "invalid protocol: https_google"),
        (". 10.0.0.1 {\nforce_tcp\n}", "Corefile:4 - Error during parsing: unknown property 'force_tcp'"),
    ],
)
def test_refused(proxy: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(proxy)
    assert caught.value.findings[0].coredns.replace("<text>", "Corefile") == f"plugin/proxy: {error}"


# A ticker without a pause is a panic when CoreDNS starts, so whatever is wrong with the Corefile comes first.
def test_pages_without_a_pause() -> None:
    with pytest.raises(CorefileError) as caught:
        serving(". 10.0.0.1 {\nhealth_check /health:8080 0s\n}")
    assert [f.coredns for f in caught.value.findings] == ["panic: non-positive interval for NewTicker"]
    with pytest.raises(CorefileError) as caught:
        serving(". 10.0.0.1 {\nhealth_check /health:8080 0s\n}\nproxy . nope")
    assert caught.value.findings[0].coredns == 'plugin/proxy: not an IP address or file: "nope"'
    serving(". 10.0.0.1 {\nhealth_check :8080 0s\n}")


@pytest.mark.parametrize(
    ("release", "policy", "fits"),
    [
        ("1.0.5", "first", False),
        ("1.0.6", "first", True),
        ("1.1.1", "sequential", False),
        ("1.1.2", "sequential", True),
    ],
)
def test_policies_by_release(release: str, policy: str, fits: bool) -> None:
    text = f". 10.0.0.1 {{\npolicy {policy}\n}}"
    if fits:
        serving(text, release=release)
        return
    with pytest.raises(CorefileError) as caught:
        serving(text, release=release)
    assert f"CoreDNS {release} has no policy `{policy}` yet" in caught.value.findings[0].message


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        (
            ". 10.0.0.9",
            "10.0.0.9:53 failed 3 times: dial udp 10.0.0.9:53: connect: network is unreachable; no server for . is up",
        ),
        (
            ". 10.0.0.9 10.0.0.1 {\npolicy first\n}",
            "10.0.0.9:53 failed 3 times: dial udp 10.0.0.9:53: connect: network is unreachable; 10.0.0.1:53 answered",
        ),
        (". 10.0.0.1 {\nexcept example\n}", "`except` keeps a.example. from being sent"),
        ("other 10.0.0.1", "a.example. is in none of its zones"),
    ],
)
def test_a_trace_says_how_servers_failed(proxy: str, why: str) -> None:
    trace = serving(proxy, three()).query("a.example").trace
    assert [hop.why for hop in trace.hops if hop.plugin == "proxy"] == [why]


def test_a_copy_is_independent() -> None:
    server = serving(". 127.0.0.99:5399 10.0.0.1 {\npolicy first\n}", three())
    assert answers(server, 1) == ["192.0.2.1"]
    other = copy.deepcopy(server)
    server.advance(10)  # the failures are forgotten
    assert server.query("a.example").trace.hops[-1].why.startswith("127.0.0.99:5399 failed 3 times")
    assert other.query("a.example").trace.hops[-1].why == "10.0.0.1:53 answered"
    other.advance(10)
    assert other.query("a.example").trace.hops[-1].why.startswith("127.0.0.99:5399 failed 3 times")
