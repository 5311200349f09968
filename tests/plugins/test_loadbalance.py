"""loadbalance: the order of records, and what its setups of the years accept. The messages are CoreDNS's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from corefile.api import Server, build, loads
from corefile.chain.query import Panic, Result, name_of
from corefile.dns.codes import IN, NXDOMAIN, SERVFAIL, type_number
from corefile.dns.message import Msg, Question
from corefile.dns.rdata import rr_from_text, rr_to_text
from corefile.findings import CorefileError, Source
from corefile.releases import find
from corefile.world import Weighted, World
from corefile.world.files import PodFiles

ADDRESSES = [f"www.example.org. 60 IN A 192.0.2.{i}" for i in (1, 2, 3, 4)]


def block(directive: str) -> str:
    return f".:53 {{\n{directive}\nwhoami\n}}\n"


def serving(
    directive: str,
    *,
    release: str = "1.14.7",
    files: dict[str, str] | None = None,
    choose: Any = None,
    assume: bool = True,
) -> Server:
    return loads(block(directive), release=release, world=World(files=files, choose=choose, assume=assume))


def passed(server: Server, answer: list[str], *, type: str = "A", extra: Sequence[str] = (), rcode: int = 0) -> Msg:
    """What the client gets of a reply with these records."""
    msg = Msg(Question("www.example.org.", type_number(type), IN))
    msg.qr, msg.rcode = True, rcode
    msg.answer, msg.extra = [rr_from_text(x) for x in answer], [rr_from_text(x) for x in extra]
    result = server.process.instance.sites[0].handler("loadbalance").back(None, Result(msg))
    assert isinstance(result.reply, Msg)
    assert [rr_to_text(x) for x in msg.answer] == answer, "the message of the plugin behind was changed"
    return result.reply


def texts(msg: Msg) -> list[str]:
    return [rr_to_text(rr) for rr in msg.answer]


def last(options: Sequence[Any], why: str) -> int:
    return len(options) - 1


def test_the_order_stays_where_nothing_is_chosen_otherwise() -> None:
    assert texts(passed(serving("loadbalance"), ADDRESSES)) == ADDRESSES


def test_every_order_can_come() -> None:
    seen = set()
    for a in range(3):
        for b in range(2):
            picks = [a, b]
            server = serving("loadbalance", choose=lambda options, why, picks=picks: picks.pop(0))
            seen.add(tuple(texts(passed(server, ADDRESSES[:3]))))
    assert len(seen) == 6


def test_weighted_is_a_word_like_any_other_before_there_are_weights() -> None:
    """The first releases read nothing behind the directive, and shuffle (plugin/loadbalance/setup.go)."""
    given, bare = (
        serving(directive, release="1.1.4", choose=last) for directive in ("loadbalance weighted w", "loadbalance")
    )
    assert texts(passed(given, ADDRESSES)) == texts(passed(bare, ADDRESSES)) != ADDRESSES


def test_aliases_come_first_and_mx_records_last() -> None:
    mx, txt = "www.example.org. 60 IN MX 10 mx.example.org.", 'www.example.org. 60 IN TXT "x"'
    cname = "www.example.org. 60 IN CNAME web.example.org."
    assert texts(passed(serving("loadbalance"), [mx, ADDRESSES[0], txt, cname])) == [cname, txt, ADDRESSES[0], mx]


def test_nothing_is_chosen_for_one_record_or_equal_ones() -> None:
    asked: list[str] = []

    def choose(options: Sequence[Any], why: str) -> int:
        asked.append(why)
        return 0

    server = serving("loadbalance", choose=choose)
    passed(server, ADDRESSES[:1])
    passed(server, [ADDRESSES[0], ADDRESSES[0]])
    assert asked == []
    passed(server, ADDRESSES[:2])
    assert len(asked) == 1


@pytest.mark.parametrize(("type", "rcode"), [("A", NXDOMAIN), ("A", SERVFAIL), ("AXFR", 0)])
def test_errors_and_transfers_stay_as_they_are(type: str, rcode: int) -> None:
    assert texts(passed(serving("loadbalance", choose=last), ADDRESSES, type=type, rcode=rcode)) == ADDRESSES


def test_transfers_were_shuffled_before_1_3_0() -> None:
    server = serving("loadbalance", release="1.2.2", choose=last)
    assert texts(passed(server, ADDRESSES[:2], type="AXFR")) == [ADDRESSES[1], ADDRESSES[0]]


def test_prefer_brings_networks_forward_in_their_order() -> None:
    server = serving("loadbalance {\nprefer 192.0.2.4/32 ::ffff:192.0.2.2/127\n}")
    assert texts(passed(server, ADDRESSES)) == [ADDRESSES[i] for i in (3, 1, 2, 0)]


ZONE = "@ 60 SOA ns h 1 2 3 4 5\n" + "".join(f"@ 60 A 192.0.2.{i}\n" for i in (1, 2, 3))
WEIGHTS = "# who gets how much\nwww.example.org\n192.0.2.3 200\n192.0.2.2 50\n"


def test_the_heaviest_address_is_the_default_of_weighted() -> None:
    offered: list[Any] = []

    def choose(options: Sequence[Any], why: str) -> int:
        offered.append(options)
        return 0

    server = serving("loadbalance weighted weights", files={"weights": WEIGHTS}, choose=choose)
    assert texts(passed(server, ADDRESSES)) == [ADDRESSES[i] for i in (2, 1, 0, 3)]
    (options,) = offered
    assert isinstance(options, Weighted)
    assert options.weights == (200, 50, 1, 1)
    assert [rr.data[0] for rr in options] == ["192.0.2.3", "192.0.2.2", "192.0.2.1", "192.0.2.4"]


def test_weighted_touches_only_answers_about_addresses() -> None:
    server = serving("loadbalance weighted weights", files={"weights": WEIGHTS})
    assert texts(passed(server, ADDRESSES, type="TXT")) == ADDRESSES
    srv = "www.example.org. 60 IN SRV 0 0 80 www.example.org."
    reply = passed(server, [srv], type="SRV", extra=ADDRESSES)
    assert [rr.data[0] for rr in reply.extra] == ["192.0.2.3", "192.0.2.2", "192.0.2.1", "192.0.2.4"]


def test_weights_are_read_again_and_a_bad_file_changes_nothing() -> None:
    server = serving("loadbalance weighted weights {\nreload 10s\n}", files={"weights": WEIGHTS})
    files = server.world.files
    assert isinstance(files, PodFiles)
    files.write("weights", "www.example.org\n192.0.2.4 9\n")
    server.advance(9)
    assert server.process.instance.take_log() == []
    server.advance(1)
    assert server.process.instance.take_log() == [
        "[INFO] plugin/loadbalance: Successfully reloaded weight file weights"
    ]
    assert texts(passed(server, ADDRESSES))[0] == ADDRESSES[3]
    files.write("weights", "www.example.org\n192.0.2.1 0\n")
    server.advance(20)
    assert server.process.instance.take_log() == [
        '[ERROR] plugin/loadbalance: wrong weight value:"0" in weight file weights'
    ]
    assert texts(passed(server, ADDRESSES))[0] == ADDRESSES[3]


def test_only_weights_of_zero_were_a_panic_in_1_10_1() -> None:
    files = {"weights": "www.example.org\n192.0.2.1 0\n"}
    server = serving("loadbalance weighted weights", release="1.10.1", files=files)
    with pytest.raises(Panic, match="invalid argument to Intn"):
        passed(server, ADDRESSES[:1])


@pytest.mark.parametrize("text", ["-5s", "500µs", "1m30s", "1h0m0s", "-1m0.5s"])
def test_a_duration_is_logged_as_go_prints_it(text: str) -> None:
    source = Source("Corefile", block(f"loadbalance weighted none {{\nreload {text}\n}}"))
    instance = build(source, find("1.14.7"), World())
    instance.start()
    assert instance.take_log() == [
        f"[WARNING] plugin/loadbalance: Failed to open weight file:weight file open error. Will try again in {text}"
    ]


def test_a_weight_file_below_root_is_refused_where_its_name_stands() -> None:
    source = Source("Corefile", block("loadbalance weighted none {\nreload 0s\n}\nroot dir"))
    (error,) = build(source, find("1.14.7"), World(assume=False)).errors
    assert error.span is not None
    assert error.span.text == "none"


def test_all_else_of_a_result_stays() -> None:
    reply = passed(serving("loadbalance"), ADDRESSES)
    for directive in ("loadbalance", "loadbalance weighted weights", "loadbalance {\nprefer 192.0.2.4/32\n}"):
        server = serving(directive, files=FILES, choose=last)
        before = Result(reply, 7, "an error", "why", "hosts", later=(reply,))
        after = server.process.instance.sites[0].handler("loadbalance").back(None, before)
        assert after.reply != reply
        assert after == before.replying(after.reply, after.why)
        assert name_of(after.why) in ("order-changed", "heaviest-first")


def test_the_trace_says_why_an_address_comes_first() -> None:
    files = {"weights": WEIGHTS.replace("www.example.org", "a.test"), "db": ZONE}
    server = serving("loadbalance weighted weights\nfile db a.test", files=files)
    said = str(server.query("a.test").trace)
    assert "of the addresses of a.test., 192.0.2.3 comes first (its weight is 200 of 251)" in said


AT = "plugin/loadbalance: Corefile:2 - Error during parsing: "
AT3 = "plugin/loadbalance: Corefile:3 - Error during parsing: "
ARITY = "Wrong argument count or unexpected line ending after "
BAD_NAME = 'rong domain name:"192.0.2.1" in weight file bad. (Maybe a missing weight value?)'
CIDR = 'invalid CIDR "10.0.0.0": invalid CIDR address: 10.0.0.0'
FILES = {"weights": WEIGHTS, "bad": "192.0.2.1\n"}


@pytest.mark.parametrize(
    ("directive", "release", "error"),
    [
        ("loadbalance round_robin x", "1.14.7", AT + "unknown property for round_robin"),
        ("loadbalance round_robin x", "1.9.3", AT + ARITY + "'x'"),
        ("loadbalance bogus", "1.14.7", "plugin/loadbalance: unknown policy: bogus"),
        ("loadbalance a b", "1.11.3", "plugin/loadbalance: unknown policy: a"),
        ("loadbalance weighted", "1.11.3", AT + "missing weight file argument"),
        ("loadbalance weighted", "1.9.3", "plugin/loadbalance: unknown policy: weighted"),
        ("loadbalance weighted weights", "1.6.5", AT + ARITY + "'weights'"),
        ("loadbalance weighted weights b", "1.14.7", AT + "unexpected argument(s)"),
        ("loadbalance weighted bad", "1.14.7", f"plugin/loadbalance: w{BAD_NAME}"),
        ("loadbalance weighted bad", "1.12.1", f"plugin/loadbalance: W{BAD_NAME}"),
        ("loadbalance weighted none {\nreload 0s\n}", "1.14.7", "plugin/loadbalance: weight file open error"),
        ("loadbalance weighted none {\nreload 0s\n}", "1.11.3", "plugin/loadbalance: Weight file open error"),
        ("loadbalance weighted weights {\nreload\n}", "1.14.7", AT3 + "reload duration value is missing"),
        ("loadbalance weighted weights {\nreload 1s 2s\n}", "1.12.1", AT3 + "unexpected argument"),
        ("loadbalance weighted weights {\nreload x\n}", "1.14.7", AT3 + "invalid reload duration 'x'"),
        ("loadbalance weighted weights {\nprefer 10.0.0.0/8\n}", "1.14.7", AT3 + "unknown property 'prefer'"),
        ("loadbalance {\nprefer 10.0.0.0\n}", "1.14.7", AT3 + CIDR),
        ("loadbalance {\nreload 5s\n}", "1.14.7", AT3 + "unknown property 'reload'"),
        ("loadbalance {\nfoo 5s\n}", "1.14.7", AT3 + "unknown property 'foo'"),
        ("loadbalance\nloadbalance weighted", "1.14.7", AT3 + "missing weight file argument"),
    ],
)
def test_rejected(directive: str, release: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(directive, release=release, files=FILES, assume=False)
    assert caught.value.findings[0].coredns == error


@pytest.mark.parametrize(
    ("line", "word", "why"),
    [
        ("192.0.2.1", "192.0.2.1", "`192.0.2.1` has no weight"),
        ("a.b 1", "a.b", "`a.b` is no IP address"),
        ("192.0.2.1 256", "256", "`256` is no weight"),
        ("10.0.0.1 0", "0", "`0` is no weight"),
        ("10.0.0.1 1 # x", "10.0.0.1 1 # x", "4 words are too many for a line"),
    ],
)
def test_a_bad_line_of_a_weight_file_is_shown(line: str, word: str, why: str) -> None:
    source = Source("Corefile", block("root dir\nloadbalance weighted w"))
    world = World(files={"dir/w": f"www.example.org\n# 256\n {line}\n"})
    (error,) = build(source, find("1.14.7"), world).errors
    ((place, _),) = error.related
    assert error.span is not None
    assert (error.span.text, error.message) == ("w", f"dir/w:3: {why}")
    assert (place.source.name, place.line, place.text) == ("dir/w", 3, word)
    assert place.column == 2 + line.rindex(word)


def test_a_weight_without_a_name_is_shown() -> None:
    world = World(files={"w": "10.0.0.1 1\nwww.example.org\n"})
    (error,) = build(Source("Corefile", block("loadbalance weighted w")), find("1.14.7"), world).errors
    assert error.message == "w:1: `10.0.0.1` stands below no name"


@pytest.mark.parametrize(
    ("directive", "release"),
    [
        ("loadbalance weighted none", "1.14.7"),
        ("loadbalance {\nprefer\n}", "1.14.7"),
        ("loadbalance {\nfoo 5s\n}", "1.12.1"),
        ("loadbalance\nloadbalance weighted", "1.12.1"),
        ("loadbalance a b {\nfoo\n}", "1.9.3"),
        ("loadbalance a b {\nfoo\n}", "1.6.5"),
        ("loadbalance a b c", "1.1.4"),
    ],
)
def test_accepted(directive: str, release: str) -> None:
    assert serving(directive, release=release).query("www.example.org").rcode == "NOERROR"


def test_a_line_with_weighted_forgets_what_stood_before_it() -> None:
    server = serving("loadbalance {\nprefer 192.0.2.4/32\n}\nloadbalance weighted weights", files=FILES)
    assert texts(passed(server, ADDRESSES))[0] == ADDRESSES[2]
    server = serving("loadbalance weighted weights\nloadbalance {\nprefer 192.0.2.4/32\n}", files=FILES)
    assert texts(passed(server, ADDRESSES))[0] == ADDRESSES[3]
