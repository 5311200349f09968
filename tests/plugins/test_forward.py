"""forward: who is asked, what a failure costs, what passes, what is counted, what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from corefile import plugins
from corefile.api import Server, loads
from corefile.chain.network import Fault
from corefile.dns.codes import A
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR
from corefile.findings import CorefileError
from corefile.plugins.forward import Forward
from corefile.world import World


class Upstream:
    """Answers every question with one address, and remembers what it was asked."""

    speaks_msg = True

    def __init__(self, address: str = "192.0.2.1", rcode: int = 0, **flags: Any) -> None:
        self.address = address
        self.rcode = rcode
        self.flags = flags
        self.asked: list[Msg] = []

    def __call__(self, msg: Msg) -> Msg | None:
        self.asked.append(msg.copy())
        reply = msg.reply(self.rcode)
        assert msg.question is not None
        if not self.rcode:
            reply.answer = [RR(msg.question.name, A, 1, 60, (self.address,))]
        for name, value in self.flags.items():
            setattr(reply, name, value)
        return reply


class Silent:
    """Answers nothing but every `n`th question."""

    speaks_msg = True

    def __init__(self, every: int = 0) -> None:
        self.every = every
        self.count = 0

    def __call__(self, msg: Msg) -> Msg | None:
        self.count += 1
        return msg.reply() if self.every and self.count % self.every == 0 else None


RESOLV_CONF = {"/etc/resolv.conf": "nameserver 10.0.0.53\nnameserver 10.0.0.54\n"}


def serving(
    forward: str,
    upstreams: dict[str, Any] | None = None,
    release: str = "1.14.7",
    behind: str = "",
    *,
    assume: bool = True,
) -> Server:
    world = World(upstreams=upstreams or {}, files=RESOLV_CONF, assume=assume)
    return loads(f".:53 {{\nerrors\n{forward}\n{behind}\n}}\n", release=release, world=world)


def addresses(server: Server, count: int = 1) -> list[str]:
    return [server.query("a.example").answer[0].data[0] for _ in range(count)]


def samples(server: Server, *names: str) -> list[str]:
    return server.process.metrics.samples(names)


# -- who is asked -----------------------------------------------------------------------------------------------------


def test_several_of_a_block_were_one_in_1_0_6() -> None:
    """With the servers of all, and of everything else what was said last."""
    forward = "forward b.example 10.0.0.1 {\npolicy round_robin\nmax_fails 7\n}\n"
    server = serving(forward + "forward . 10.0.0.2 {\nmax_fails 3\n}", release="1.0.6")
    (handler,) = (one for one in server.process.instance.handlers() if isinstance(one, Forward))
    assert (handler.config.to, handler.config.zone) == (("10.0.0.1:53", "10.0.0.2:53"), ".")
    assert (handler.config.policy, handler.config.max_fails) == ("round_robin", 3)


def test_the_answer_passes_as_it_is() -> None:
    up = Upstream(aa=True, ra=True, ad=True)
    reply = serving("forward . 10.0.0.53", {"10.0.0.53": up}).query("A.Example")
    assert reply.rcode == "NOERROR"
    assert reply.flags == ("qr", "aa", "rd", "ra", "ad")
    assert [str(rr.data[0]) for rr in reply.answer] == ["192.0.2.1"]
    assert up.asked[0].question == Question("A.Example.", 1, 1)


@pytest.mark.parametrize("rcode", [2, 3, 4, 5, 9])
def test_every_code_is_an_answer(rcode: int) -> None:
    server = serving("forward . 10.0.0.53 10.0.0.54", {"10.0.0.53": Upstream(rcode=rcode), "10.0.0.54": Upstream()})
    reply = server.query("a.example")
    assert reply.msg is not None
    assert reply.msg.rcode == rcode
    assert reply.log == []


def test_a_file_stands_for_its_nameservers() -> None:
    server = serving("forward . /etc/resolv.conf {\npolicy sequential\n}", {"10.0.0.53": Upstream("192.0.2.3")})
    assert addresses(server) == ["192.0.2.3"]


def test_round_robin_begins_with_the_second() -> None:
    ups = {f"10.0.0.{i}": Upstream(f"192.0.2.{i}") for i in (1, 2, 3)}
    server = serving("forward . 10.0.0.1 10.0.0.2 10.0.0.3 {\npolicy round_robin\n}", ups)
    assert addresses(server, 4) == ["192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.2"]


def test_releases_with_mixed_up_policies_ask_in_order() -> None:
    ups = {f"10.0.0.{i}": Upstream(f"192.0.2.{i}") for i in (1, 2)}
    server = serving("forward . 10.0.0.1 10.0.0.2 {\npolicy round_robin\n}", ups, "1.6.9")
    assert addresses(server, 3) == ["192.0.2.1"] * 3


def test_random_is_the_worlds_choice() -> None:
    ups = {f"10.0.0.{i}": Upstream(f"192.0.2.{i}") for i in (1, 2, 3)}
    server = serving("forward . 10.0.0.1 10.0.0.2 10.0.0.3", ups)
    server.world.choose_index = lambda options, why: len(options) - 1
    assert addresses(server) == ["192.0.2.3"]


def test_names_outside_from_go_on() -> None:
    server = serving(
        "forward corp.example 10.0.0.53 {\nexcept open.corp.example corp.example\n}",
        {"10.0.0.53": Upstream()},
        behind="whoami",
    )
    assert server.query("corp.example").answer
    assert server.query("a.corp.example").answer == []
    assert server.query("notcorp.example").answer == []


def test_a_network_that_is_several_zones() -> None:
    server = serving("forward 10.2.2.0/23 10.0.0.53", {"10.0.0.53": Upstream()}, behind="whoami")
    assert server.query("1.2.2.10.in-addr.arpa", "PTR").answer
    assert server.query("1.3.2.10.in-addr.arpa", "PTR").answer == []
    assert [f.code for f in server.findings] == ["only-first-zone"]


def test_another_transport_than_the_clients() -> None:
    server = serving(
        "forward . 127.0.0.9 {\nforce_tcp\nprefer_udp\n}", {"127.0.0.9": {"corefile": ".:53 {\nwhoami\n}"}}
    )
    extra = server.query("a.example").msg.extra  # type: ignore[union-attr]
    assert extra[1].name == "_tcp.a.example."


def test_names_are_resolved_once() -> None:
    up = Upstream("10.0.0.7")
    server = serving(
        "forward . dns.example {\nresolver 10.0.0.53\n}", {"10.0.0.53": up, "10.0.0.7": Upstream("192.0.2.7")}
    )
    assert addresses(server) == ["192.0.2.7"]


def test_tls_to_a_server_at_its_port() -> None:
    server = serving("forward . tls://10.0.0.53", {"10.0.0.53:853": Upstream()})
    assert addresses(server) == ["192.0.2.1"]


def test_metadata() -> None:
    server = serving('metadata\nlog . "{/forward/upstream}"\nforward . 10.0.0.53', {"10.0.0.53": Upstream()})
    assert server.query("a.example").log == ["[INFO] 10.0.0.53:53"]


HTTPS_REFUSED = "dial tcp 127.0.0.99:443: connect: connection refused"
PARSING = "Corefile:{} - Error during parsing: "
TIMEOUT = "read udp 198.51.100.1:40000->10.0.0.1:53: i/o timeout"
ARITY = "Wrong argument count or unexpected line ending after "


# -- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "transport", "error"),
    [
        ("127.0.0.99:5399", "udp", "read udp 127.0.0.1:40000->127.0.0.99:5399: read: connection refused"),
        ("127.0.0.99:5399", "tcp", "dial tcp 127.0.0.99:5399: connect: connection refused"),
        ("192.0.2.53", "udp", "dial udp 192.0.2.53:53: connect: network is unreachable"),
        ("2001:db8::1", "tcp", "dial tcp [2001:db8::1]:53: connect: network is unreachable"),
        ("127.0.0.99:99999", "udp", "dial udp: address 99999: invalid port"),
        ("127.0.0.99:abc", "tcp", "dial tcp: lookup tcp/abc: unknown port"),
        ("10.0.0.1", "udp", "read udp 198.51.100.1:40000->10.0.0.1:53: i/o timeout"),
        ("https://127.0.0.99", "udp", f'Post "https://127.0.0.99:443/dns-query": {HTTPS_REFUSED}'),
        ("tls://127.0.0.99", "udp", "dial tcp 127.0.0.99:853: connect: connection refused"),
    ],
)
def test_errors(to: str, transport: str, error: str) -> None:
    reply = serving(f"forward . {to}", {"10.0.0.1": Silent()}).query("a.example", transport=transport)
    assert reply.rcode == "SERVFAIL"
    assert reply.log == [f"[ERROR] plugin/errors: 2 a.example. A: {error}"]


def test_errors_with_a_source_address() -> None:
    ours = World(addresses=["10.1.2.3"])
    text = ".:53 {\nerrors\nforward . %s {\nsource_address %s\n}\n}\n"
    for to, source, error in (
        ("127.0.0.99:99", "10.1.2.3", "dial tcp 10.1.2.3:0->127.0.0.99:99: connect: connection refused"),
        ("127.0.0.99:99", "10.7.7.7", "dial tcp 10.7.7.7:0->127.0.0.99:99: bind: cannot assign requested address"),
    ):
        log = loads(text % (to, source), world=ours).query("a.example", transport="tcp").log
        assert log == [f"[ERROR] plugin/errors: 2 a.example. A: {error}"]


@pytest.mark.parametrize(
    ("release", "options", "elapsed"),
    [
        ("1.14.7", "", 4.0),
        ("1.14.7", "max_connect_attempts 1", 2.0),
        ("1.14.7", "read_timeout 100ms", 0.2),
        ("1.14.7", "max_connect_attempts 0\nmax_fails 0", 6.0),
        ("1.12.1", "max_fails 0", 6.0),
        ("1.2.2", "max_fails 0", 6.0),
    ],
)
def test_what_silence_costs(release: str, options: str, elapsed: float) -> None:
    reply = serving(f"forward . 10.0.0.1 {{\n{options}\n}}", {"10.0.0.1": Silent()}, release).query("a.example")
    assert (reply.rcode, round(reply.elapsed, 6)) == ("SERVFAIL", elapsed)


@pytest.mark.parametrize(("release", "elapsed"), [("1.14.7", 0.0), ("1.12.1", 1.0), ("1.2.2", 1.0)])
def test_refused_until_the_checks_have_failed(release: str, elapsed: float) -> None:
    server = serving("forward . 127.0.0.99:5399", release=release)
    assert server.query("a.example").elapsed == elapsed


def test_the_time_to_wait_once_followed_the_answers() -> None:
    up = Silent(1)
    server = serving("forward . 10.0.0.1 {\nmax_fails 0\n}", {"10.0.0.1": up}, "1.2.2")
    for _ in range(8):
        server.query("a.example")
    up.every = 0
    # 1 s * 0.75 ** 8 is 100 ms, for which the least of 200 ms is waited; then twice each average.
    assert round(server.query("a.example").elapsed, 3) == 5.213


def test_the_next_server_answers() -> None:
    ups = {"127.0.0.2": Upstream()}
    server = serving("forward . 127.0.0.99:5399 127.0.0.2 {\npolicy sequential\n}", ups)
    reply = server.query("a.example")
    assert reply.rcode == "NOERROR"
    assert "connection refused; 127.0.0.2:53 answered -> NOERROR" in " ".join(str(reply.trace).split())
    server.advance(0.9)
    assert samples(server, "coredns_proxy_healthcheck_failures_total") == [
        'coredns_proxy_healthcheck_failures_total{proxy_name="forward",to="127.0.0.99:5399"} 2'
    ]


def test_a_server_that_is_back_is_asked_again() -> None:
    up = Silent()
    ups = {"10.0.0.1": up, "10.0.0.2": Upstream()}
    server = serving("forward . 10.0.0.1 10.0.0.2 {\npolicy sequential\nmax_fails 1\nhealth_check 1s\n}", ups)
    assert server.query("a.example").elapsed == 2.0
    server.advance(10)
    asked = up.count
    assert asked == 7  # the question, and checks that take 1 s each with pauses of 1 s: at 2, 4, 6, 8, 10 and 12 s
    assert server.query("a.example").elapsed == 0.0
    assert up.count == asked
    up.every = 1
    server.advance(4)
    assert server.query("a.example").rcode == "NOERROR"
    assert up.count == asked + 2  # one check, one question


def test_failfast() -> None:
    options = "failfast_all_unhealthy_upstreams\nmax_fails 1\nhealth_check 100ms"
    server = serving(f"forward . 127.0.0.98:5399 127.0.0.99:5399 {{\n{options}\n}}")
    server.query("a.example")
    server.advance(1)
    assert server.query("a.example").log == ["[ERROR] plugin/errors: 2 a.example. A: no healthy proxies"]
    assert samples(server, "coredns_forward_healthcheck_broken_total") == ["coredns_forward_healthcheck_broken_total 1"]


def test_failover() -> None:
    ups = {"10.0.0.1": Upstream(rcode=2), "10.0.0.2": Upstream(rcode=5), "10.0.0.3": Upstream()}
    options = "policy sequential\nfailover servfail REFUSED"
    assert addresses(serving(f"forward . 10.0.0.1 10.0.0.2 10.0.0.3 {{\n{options}\n}}", ups)) == ["192.0.2.1"]
    assert serving(f"forward . 10.0.0.1 10.0.0.2 {{\n{options}\n}}", ups).query("a.example").rcode == "REFUSED"


def test_next_goes_to_the_next_forward_only() -> None:
    ups = {"10.0.0.1": Upstream(rcode=3), "10.0.0.2": Upstream()}
    first = "forward . 10.0.0.1 {\nnext NXDOMAIN\n}"
    assert serving(f"{first}\nforward . 10.0.0.2", ups).query("a.example").rcode == "NOERROR"
    assert serving(first, ups, behind="whoami").query("a.example").rcode == "NXDOMAIN"


def test_next_on_nodata() -> None:
    ups = {"10.0.0.1": Silent(1), "10.0.0.2": Upstream()}
    assert addresses(serving("forward . 10.0.0.1 {\nnext_on_nodata\n}\nforward . 10.0.0.2", ups)) == ["192.0.2.1"]


def test_another_question_is_no_answer() -> None:
    up = Upstream(question=Question("other.example.", 1, 1))
    reply = serving("forward . 10.0.0.1", {"10.0.0.1": up}).query("a.example")
    assert (reply.rcode, reply.answer, reply.log) == ("FORMERR", [], [])


@pytest.mark.parametrize(("release", "tries"), [("1.14.7", 2), ("1.3.0", 1), ("1.2.2", 2)])
def test_truncated_answers_and_prefer_udp(release: str, tries: int) -> None:
    up = Upstream(tc=True)
    reply = serving("forward . 10.0.0.1 {\nprefer_udp\n}", {"10.0.0.1": up}, release).query("a.example")
    assert "tc" in reply.flags
    assert len(up.asked) == tries


def test_a_datagram_too_long() -> None:
    answer = [RR("a.example.", A, 1, 60, (f"192.0.2.{i}",)) for i in range(60)]
    reply = serving("forward . 10.0.0.1", {"10.0.0.1": Upstream(answer=answer)}).query("a.example")
    assert (reply.flags, reply.answer) == (("qr", "tc", "rd"), [])


def test_a_truncating_fault() -> None:
    reply = serving("forward . 10.0.0.1", {"10.0.0.1": Fault("truncated")}).query("a.example")
    assert reply.flags == ("qr", "tc", "rd")


def test_a_wrong_id_is_waited_out() -> None:
    reply = serving("forward . 10.0.0.1", {"10.0.0.1": Upstream(id=7)}).query("a.example")
    assert reply.log == ["[ERROR] plugin/errors: 2 a.example. A: read udp 198.51.100.1:40000->10.0.0.1:53: i/o timeout"]


@pytest.mark.skipif("template" not in plugins.names(), reason="waits for template")
@pytest.mark.parametrize(("release", "rcodes"), [("1.8.6", ["NOTIMP", "FORMERR"]), ("1.14.7", ["NOTIMP", "NOERROR"])])
def test_second_replies_are_read_before_the_next_answer(release: str, rcodes: list[str]) -> None:
    """`template` writes NOTIMP, and so does the server behind it: two datagrams for one question."""
    up = ".:53 {\nbind 10.0.0.1\ntemplate IN A bad.example {\nrcode NOTIMP\n}\nwhoami\n}"
    server = serving("forward . 10.0.0.1", {"10.0.0.1": {"corefile": up}}, release)
    assert [server.query(name).rcode for name in ("bad.example", "good.example")] == rcodes


def test_max_concurrent() -> None:
    server = serving("forward . 127.0.0.1 {\nmax_concurrent 1\n}")
    assert server.query("a.example").rcode == "REFUSED"
    assert samples(server, "coredns_forward_max_concurrent_rejects_total") == [
        "coredns_forward_max_concurrent_rejects_total 1"
    ]


@pytest.mark.parametrize(("release", "elapsed"), [("1.14.7", 4.0), ("1.12.1", 6.0), ("1.2.2", 6.0)])
def test_a_server_that_asks_itself_fails(release: str, elapsed: float) -> None:
    reply = serving("forward . 127.0.0.1", release=release).query("a.example")
    assert (reply.rcode, round(reply.elapsed, 6)) == ("SERVFAIL", elapsed)


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_kept_connections() -> None:
    server = serving("forward . 10.0.0.1", {"10.0.0.1": Upstream()})
    for transport in ("udp", "udp", "tcp", "udp"):
        server.query("a.example", transport=transport)
    server.advance(10.5)
    server.query("a.example")
    labels = 'proxy_name="forward",to="10.0.0.1:53"'
    assert samples(
        server,
        "coredns_proxy_conn_cache_hits_total",
        "coredns_proxy_conn_cache_misses_total",
        "coredns_proxy_request_duration_seconds_count",
    ) == [
        f'coredns_proxy_conn_cache_hits_total{{proto="udp",{labels}}} 2',
        f'coredns_proxy_conn_cache_misses_total{{proto="tcp",{labels}}} 1',
        f'coredns_proxy_conn_cache_misses_total{{proto="udp",{labels}}} 2',
        'coredns_proxy_request_duration_seconds_count{proxy_name="forward",rcode="NOERROR",to="10.0.0.1:53"} 5',
    ]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (
            "1.2.2",
            [
                'coredns_forward_request_count_total{to="10.0.0.1:53"} 1',
                'coredns_forward_response_rcode_count_total{rcode="NOTIMPL",to="10.0.0.1:53"} 1',
                'coredns_forward_sockets_open{to="10.0.0.1:53"} 1',
            ],
        ),
        (
            "1.9.3",
            [
                'coredns_forward_requests_total{to="10.0.0.1:53"} 1',
                'coredns_forward_responses_total{rcode="NOTIMP",to="10.0.0.1:53"} 1',
            ],
        ),
        ("1.14.7", []),
    ],
)
def test_series_of_the_releases(release: str, expected: list[str]) -> None:
    server = serving("forward . 10.0.0.1", {"10.0.0.1": Upstream(rcode=4)}, release)
    server.query("a.example")
    names = ("request_count_total", "requests_total", "response_rcode_count_total", "responses_total", "sockets_open")
    assert samples(server, *(f"coredns_forward_{name}" for name in names)) == expected


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "forward", "error"),
    [
        ("1.14.7", "forward .", f"{PARSING.format(3)}{ARITY}'.'"),
        ("1.14.7", "forward a..b 10.0.0.1", "unable to normalize 'a..b'"),
        ("1.14.7", "forward . 10.0.0.1 {\nhealth_check -1s\n}", "health_check can't be negative: -1000000000"),
        ("1.14.7", "forward . 10.0.0.1 {\nexpire -1h30m\n}", "expire can't be negative: -1h30m0s"),
        ("1.14.7", "forward . 10.0.0.1 {\nmax_fails 3 4\n}", f"{PARSING.format(4)}unknown property '4'"),
        ("1.14.7", "forward . 10.0.0.1 {\nmax_fails -1\n}", 'strconv.ParseUint: parsing "-1": invalid syntax'),
        ("1.2.2", "forward . 10.0.0.1 {\nmax_fails -1\n}", "max_fails can't be negative: -1"),
        (
            "1.14.7",
            "forward . 10.0.0.1 {\nforce_tcp a b\n}",
            "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'a'",
        ),
        ("1.2.2", "forward . 10.0.0.1 {\nhealth_check 1s no_rec\n}", f"{PARSING.format(4)}unknown property 'no_rec'"),
        ("1.14.7", "forward . 10.0.0.1 {\nmax_age 5s\n}", "max_age (5s) must not be less than expire (10s)"),
        ("1.14.7", "forward . 10.0.0.1 {\npolicy lucky\n}", f"{PARSING.format(4)}unknown policy 'lucky'"),
        (
            "1.14.7",
            "forward . grpc://10.0.0.1",
            "'grpc' is not supported as a destination protocol in forward: grpc://10.0.0.1:443",
        ),
        ("1.13.0", "forward . 10.0.0.1 {\nfailover foo\n}", "NoError cannot be used in failover"),
        ("1.14.7", "forward . 10.0.0.1 {\nfailover foo\n}", "foo is not a valid rcode"),
        ("1.12.1", "forward . dns.example", 'not an IP address or file: "dns.example"'),
        ("1.14.7", "forward . " + " ".join(f"10.0.0.{i}" for i in range(16)), "more than 15 TOs configured: 16"),
        ("1.9.3", "forward . 10.0.0.1\nforward . 10.0.0.1", "this plugin can only be used once per Server Block"),
        ("1.9.3", "forward . nofile {\nexpire x\n}", 'not an IP address or file: "nofile"'),
        ("1.14.7", "forward . 10.0.0.1 {\ntls ca\n}", "error reading ca: open ca: no such file or directory"),
    ],
)
def test_refused(release: str, forward: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(forward, release=release, assume=False)
    assert caught.value.findings[0].coredns.replace("<text>", "Corefile") == f"plugin/forward: {error}"


def test_a_surplus_word_may_be_a_property() -> None:
    assert serving("forward . 10.0.0.1 {\nmax_fails 3 force_tcp\n}", {"10.0.0.1": Upstream()}).query("a.example").answer


# -- what debug has logged --------------------------------------------------------------------------------------------

DUMP = (
    "debug: 000000 10 92 81 80 00 01 00 00 00 00 00 00 05 6f 74 68\n"
    "debug: 000010 65 72 07 65 78 61 6d 70 6c 65 03 6f 72 67 00 00\n"
    "debug: 000020 01 00 01\n"
    "debug: 000023"
)


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.14.7", f"[DEBUG] Wrong reply for id: 4242, Wrong.example.org. 1\n{DUMP}"),
        # The ID was missing among what the format was given, so the octets of the dump stand where the type should.
        (
            "1.2.2",
            "[DEBUG] Wrong reply for id: %!d(string=Wrong.example.org.), %!s(uint16=1)/["
            + " ".join(str(octet) for octet in DUMP.encode())
            + "]\n%!s(MISSING)",
        ),
    ],
)
def test_a_reply_to_another_question_is_dumped(release: str, line: str) -> None:
    def wrong(msg: Msg) -> Msg:
        reply = msg.reply()
        reply.ra, reply.question = True, Question("other.example.org.", A, 1)
        return reply

    wrong.speaks_msg = True  # type: ignore[attr-defined]
    upstreams = {"10.0.0.53": wrong}
    reply = serving("debug\nforward . 10.0.0.53", upstreams, release).query("Wrong.example.org")
    assert (reply.rcode, reply.log) == ("FORMERR", [line])
    assert serving("forward . 10.0.0.53", upstreams, release).query("Wrong.example.org").log == []


@pytest.mark.parametrize(
    ("option", "release", "rcode", "back"),
    [
        ((11, b"\0\0"), "1.14.7", "NOERROR", (11, b"")),
        ((9, b"\0\0\0\1\0"), "1.14.7", "NOERROR", (9, b"\0\0\0\1")),
        ((8, bytes.fromhex("00011400c00002")), "1.14.7", "NOERROR", (8, bytes.fromhex("00011400c00000"))),
        ((65001, b"ab"), "1.14.7", "NOERROR", (65001, b"ab")),
        ((11, b"\0\0\0"), "1.14.7", "SERVFAIL", None),
        ((15, b"\1"), "1.14.7", "SERVFAIL", None),
        ((15, b"\1"), "1.8.6", "SERVFAIL", None),
    ],
)
def test_options_of_a_reply_are_read_as_the_library_knows_them(
    option: tuple[int, bytes], release: str, rcode: str, back: tuple[int, bytes] | None
) -> None:
    upstreams = {"10.0.0.53": Upstream(edns=Edns(1232, options=(option,)))}
    reply = serving("forward . 10.0.0.53", upstreams, release).query("a.example", edns=Edns(1232))
    assert reply.rcode == rcode
    assert reply.edns is not None
    assert reply.edns.options == (() if back is None else (back,))


@pytest.mark.parametrize(("release", "cut"), [("1.9.3", False), ("1.11.3", True), ("1.12.1", True), ("1.12.3", False)])
def test_an_option_that_is_too_short_counted_as_a_reply_that_is_too_long(release: str, cut: bool) -> None:
    # The library's error is that of a buffer that is too small, until it says where in the message that was.
    upstreams = {"10.0.0.53": Upstream(edns=Edns(1232, options=((15, b"\1"),)))}
    reply = serving("forward . 10.0.0.53", upstreams, release).query("a.example", edns=Edns(1232))
    assert (reply.rcode, "tc" in reply.flags, reply.answer) == ("NOERROR" if cut else "SERVFAIL", cut, [])


def test_a_datagram_that_is_cut_behind_a_record_is_read_so_far() -> None:
    # A header of 12 octets, a name of 16 and 4 of its question, and 30 records of 16 make 512.
    class Large(Upstream):
        def __call__(self, msg: Msg) -> Msg | None:
            reply = super().__call__(msg)
            assert reply is not None
            reply.answer = reply.answer * 40
            return reply

    def asked(name: str, release: str) -> tuple[str, bool, int, str]:
        reply = serving("forward . 10.0.0.53", {"10.0.0.53": Large()}, release).query(name)
        return reply.rcode, "tc" in reply.flags, len(reply.answer), "".join(reply.log).rpartition("A: ")[2]

    whole, broken = "a" * 14 + ".", "a" * 9 + "."
    for release in ("1.9.3", "1.14.7"):
        assert asked(whole, release) == ("NOERROR", False, 30, "")
    assert asked(broken, "1.14.7") == ("NOERROR", True, 0, "")
    assert asked(broken, "1.9.3") == ("SERVFAIL", False, 0, "dns: overflow unpacking uint16")


@pytest.mark.parametrize(
    ("release", "said"),
    [("1.14.7", "1 a..b. A: proxy: invalid request: dns: bad rdata"), ("1.14.6", "2 a..b. A: dns: bad rdata")],
)
def test_a_query_that_cannot_be_sent_is_no_failure_of_a_server_since_1_14_7(release: str, said: str) -> None:
    cluster = "{kind: Service, metadata: {name: x, namespace: n}, spec: {type: ExternalName, externalName: a..b}}"
    world = World(cluster=cluster, upstreams={"10.0.0.53": Upstream()})
    text = ".:53 {\nerrors\nkubernetes cluster.local\nforward . 10.0.0.53\n}\n"
    reply = loads(text, release=release, world=world).query("x.n.svc.cluster.local")
    assert reply.log == [f"[ERROR] plugin/errors: {said}"]


def test_a_trace_names_those_that_are_not_asked() -> None:
    text = "forward example.org 10.0.0.53\nforward . 10.0.0.53\nforward net 10.0.0.53"
    trace = str(serving(text, {"10.0.0.53": Upstream()}).query("a.example").trace)
    assert "forward (5) is not asked" in trace
    assert "forward (4)" not in trace


# A trace says of each server that was asked in vain how it failed, and why no further one was.
@pytest.mark.parametrize(
    ("forward", "why"),
    [
        (
            "10.0.0.1",
            "10.0.0.1:53 failed 2 times, after 2 s each: read udp 198.51.100.1:40000->10.0.0.1:53: i/o timeout",
        ),
        (
            "10.0.0.2 10.0.0.3",
            "10.0.0.2:53 failed: read udp 198.51.100.1:40000->10.0.0.2:53: read: connection refused; 10.0.0.3:53 answered",
        ),
        (
            "10.0.0.1 10.0.0.2 {\nmax_connect_attempts 1\n}",
            f"10.0.0.1:53 failed after 2 s: {TIMEOUT}; `max_connect_attempts` is 1",
        ),
        (
            "10.0.0.1 {\nmax_connect_attempts 0\nmax_fails 0\n}",
            f"10.0.0.1:53 failed 3 times, after 2 s each: {TIMEOUT}; no further server is tried after 5 s",
        ),
        (
            "10.0.0.4 10.0.0.3 {\nfailover SERVFAIL\n}",
            "10.0.0.4:53 answered SERVFAIL, which `failover` names; 10.0.0.3:53 answered",
        ),
        (
            "127.0.0.99:5 {\nexcept example\n}",
            "a.example. is within example., which `except` keeps from being forwarded",
        ),
    ],
)
def test_a_trace_says_how_servers_failed(forward: str, why: str) -> None:
    upstreams = {
        "10.0.0.1": Fault("timeout"),
        "10.0.0.2": Fault("refused"),
        "10.0.0.3": Upstream(),
        "10.0.0.4": Upstream(rcode=2),
    }
    trace = serving(f"forward . {forward}", upstreams).query("a.example").trace
    assert trace is not None
    assert [hop.why for hop in trace.hops if hop.plugin == "forward"] == [why]


def test_a_trace_says_which_servers_are_down() -> None:
    server = serving(
        "forward . 10.0.0.1 10.0.0.3 {\npolicy sequential\n}", {"10.0.0.1": Silent(), "10.0.0.3": Upstream()}
    )
    server.query("a.example")
    server.advance(10)
    trace = server.query("a.example").trace
    assert trace is not None
    assert trace.hops[-1].why == "10.0.0.1:53 is down; 10.0.0.3:53 answered"
    alone = serving("forward . 10.0.0.1", {"10.0.0.1": Silent()})
    alone.query("a.example")
    alone.advance(10)
    trace = alone.query("a.example").trace
    assert trace is not None
    assert trace.hops[-1].why.startswith(
        "10.0.0.1:53 is down; all are down, so one of them is asked all the same; 10.0.0.1:53 failed after 2 s: "
    )


# CoreDNS looks at FROM before it counts the words behind it.
@pytest.mark.parametrize(
    ("line", "release", "coredns"),
    [
        ("forward ./etc/resolv.conf", "1.14.7", "plugin/forward: unable to normalize './etc/resolv.conf'"),
        ("forward a..b", "1.8.4", "plugin/forward: runtime error: index out of range [0] with length 0"),
        ("forward example.org", "1.14.7", f"plugin/forward: Corefile:3 - Error during parsing: {ARITY}'example.org'"),
    ],
)
def test_from_is_looked_at_first(line: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(line, release=release)
    finding = caught.value.findings[0]
    assert finding.coredns == coredns
    assert finding.span is not None
    assert finding.span.text == line.split()[1]
    if line.startswith("forward ./etc"):
        assert finding.hint == "write a blank behind the `.`"


# What is wrong with one of the words is said at that word.
@pytest.mark.parametrize(
    ("to", "release", "word"),
    [
        ("10.0.0.1 nope", "1.14.3", "nope"),
        ("10.0.0.1 no_pe..x 10.0.0.2", "1.14.7", "no_pe..x"),
        ("10.0.0.1 https://10.0.0.2/path", "1.14.7", "https://10.0.0.2/path"),
        ("10.0.0.1 dns.example", "1.14.7", "dns.example"),
    ],
)
def test_a_bad_server_is_named_where_it_stands(to: str, release: str, word: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(f"forward . {to}", release=release)
    finding = caught.value.findings[0]
    assert finding.span is not None
    assert finding.span.text == word


def test_no_series_without_a_name() -> None:
    # A gauge that the release does not have any more is not set under an empty name.
    for release in ("1.6.4", "1.6.5", "1.14.7"):
        server = serving("forward . 10.0.0.53", {"10.0.0.53": Upstream()}, release)
        server.query("a.example")
        names = {sample.partition("{")[0] for sample in server.process.metrics.samples()}
        assert not [name for name in names if name.endswith("_")]
        assert ("coredns_forward_sockets_open" in names) is (release == "1.6.4")


# A copy of a server checks its own servers, and goes on by itself.
def test_a_copy_is_independent() -> None:
    server = serving(
        "forward . 10.0.0.1 10.0.0.2 {\npolicy sequential\n}", {"10.0.0.1": Silent(), "10.0.0.2": Upstream()}
    )
    assert server.query("a.example").elapsed == 2
    server.advance(0.25)  # a check is under way
    other = copy.deepcopy(server)
    server.advance(10)
    assert server.query("a.example").elapsed == 0
    assert other.query("a.example").elapsed == 2
    other.advance(10)
    assert other.query("a.example").elapsed == 0
