"""The differential without a binary: each question that it draws can be asked."""

from __future__ import annotations

import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import starts  # noqa: E402
from clients import message, signed  # noqa: E402
from collector import clients, on_one_port  # noqa: E402
from differential import FRAMES, SERVERS, Difference, even, ripening  # noqa: E402
from draws import DRAWERS, Draw, Ports, scene  # noqa: E402
from draws_servers import ENDPOINTS, ODDITIES, SINCE  # noqa: E402
from listening import free_port  # noqa: E402
from stores import EtcdServer  # noqa: E402

from corefile.dns import tsig, wire  # noqa: E402
from corefile.releases import find  # noqa: E402


@pytest.mark.parametrize("release", ["1.0.5", "1.14.7"])
@pytest.mark.parametrize("name", sorted(DRAWERS))
def test_each_step_is_a_message(name: str, release: str) -> None:
    at = iter(range(5300, 5400))
    stores, servers, pages = ({x: next(at) for x in names} for names in (SERVERS, ("dns", *SINCE), ENDPOINTS))
    draw = Draw(
        f"test/{name}", find(release), Ports(next(at), 1, 9153, next(at), next(at), stores, "127.1.1.1", servers, pages)
    )
    drawn = scene(draw, [name])
    for step in drawn.steps:
        if "query" in step and "octets" not in step:
            found = wire.unpack(wire.pack(message(step)))
            assert found.question is not None
            assert found.question.name.lower() == step["query"].split()[0].lower()
            assert (found.edns is not None) == ("edns" in step)
            assert str(step.get("port", "dns")) in drawn.servers
            assert step.get("transport", "udp") in ("udp", "tcp", *drawn.servers)


def test_a_signature_is_spoilt_as_the_step_says() -> None:
    step: dict[str, Any] = {"query": "a.example. A", "tsig": {"name": "key.", "secret": "c2VjcmV0"}}
    sound: dict[str, object] = {"mac": False, "seconds": 0, "fudge": 300, "behind": False}
    spoilt: list[dict[str, object]] = [
        {"mac": True},
        {"seconds": 1000},
        {"fudge": 5, "seconds": 30},
        {"cut": 16},
        {"cut": 0},
    ]

    def wrong(what: dict[str, object]) -> int:
        key = tsig.Key(**step["tsig"])
        return tsig.wrong(signed(step | {"spoilt": what}, key), "c2VjcmV0", time.time())

    assert wrong(sound) == 0
    assert list(map(wrong, spoilt)) == [tsig.BADSIG, tsig.BADTIME, tsig.BADTIME, tsig.BADSIG, tsig.BADSIG]


def test_odd_messages_are_octets() -> None:
    draw = Draw("odd", find("1.14.7"), Ports(1, 1, 1, 1, 1, {}, ""))
    octets = wire.pack(message({"query": "a.example. A"}))
    made = {odd(draw, octets) for odd in ODDITIES for _ in range(30)}
    assert len(made) > 100
    assert {octets, b""} <= made


def test_servers_are_set_up_in_the_order_that_the_binary_has_taken() -> None:
    text = "a {\n bind 127.0.0.1\n whoami\n}\nb {\n whoami\n}\n"
    said = [f"listen tcp {address}: bind: address already in use" for address in (":53", "127.0.0.1:53")]
    assert [starts.simulated(text, find("1.2.2"), one) for one in said] == said
    assert starts.simulated(text, find("1.2.2"), "panic: x") in said
    assert starts.named_in(said[0], ("dns://:5353", "dns://:53", 7), "") == 1


def test_another_api_server_is_waited_for_in_the_older_releases() -> None:
    assert starts.ELSEWHERE.search("a {\n kubernetes a {\n  ttl 5\n  endpoint x\n }\n}\n")
    assert not starts.ELSEWHERE.search("a {\n kubernetes a {\n  ttl 5\n }\n etcd {\n  endpoint x\n }\n}\n")


def test_starts_are_told_apart() -> None:
    at_2, other = "Corefile:2 - Error during parsing: Unknown directive 'x'", "Corefile:2 - Syntax error: x"
    told = {
        ("", ""): "both start",
        (at_2, at_2): "both refuse in the same words",
        ("panic: a", "panic: b"): "both refuse in the same words",
        ("", at_2): "the simulator alone refuses",
        (at_2, ""): "the binary alone refuses",
        (at_2, other): "both refuse, at the same line in other words",
        ("plugin/x: y", at_2): "both refuse, at another line in other words",
    }
    assert {said: starts.told(starts.Start("1", "", *said)) for said in told} == told


@pytest.mark.parametrize("kind", ["valid", "broken"])
def test_starts_are_what_is_simulated(kind: str) -> None:
    release = find("1.14.7")
    said = [starts.simulated(starts.examples(kind, release)[str(n)], release) for n in range(12)]
    assert any(said) == (kind == "broken")


def test_starts_know_their_machine() -> None:
    said = [starts.simulated(f". {{\n    bind {where}\n}}\n", find("1.14.7")) for where in ("lo", "10.0.0.9", "eth0")]
    assert said == ["", "", 'plugin/bind: not a valid IP address or interface name: "eth0"']


def test_what_needs_others_to_start_is_left_out() -> None:
    assert starts.ASKS_A_CLOUD.search(". {\n    route53 example.org.:Z1 {\n    }\n}\n")
    assert starts.LOGS_IN.search(". {\n    etcd {\n        path /a\n        credentials a b\n    }\n}\n")
    assert not starts.LOGS_IN.search(". {\n    etcd\n    clouddns {\n        credentials a\n    }\n}\n")
    waiting = ". {\n    kubernetes {\n        startup_timeout %s\n    }\n}\n"
    assert [bool(starts.WAITS.search(waiting % long)) for long in ("17s", "1m", "5s")] == [True, True, False]
    assert not starts.ASKS_A_CLOUD.search(". {\n    route53 {\n        refresh 1m:\n    }\n}\n")


def test_what_the_binary_counts_otherwise_each_time_is_no_difference() -> None:
    frames, metrics = Difference(FRAMES, [436, "a"], [38]), Difference("metrics", ["a 1", "b 2"], ["a 3", "c 4"])
    assert frames.steady([]) == frames.steady([frames]) == frames
    assert frames.steady([Difference(FRAMES, [1086, "a"], [38])]) is None
    assert metrics.steady([]) == metrics.steady([metrics]) == metrics
    assert metrics.steady([Difference("metrics", ["a 2", "b 2"], [])]) == Difference("metrics", ["b 2"], ["c 4"])
    assert Difference("metrics", ["a 1"], ["a 3"]).steady([Difference("metrics", ["a 2"], [])]) is None
    answer = Difference("a. A", {"rcode": "NOERROR"}, {})
    assert answer.steady([Difference("a. A", {"rcode": "SERVFAIL"}, {})]) == answer


def test_what_coredns_asks_itself_has_one_port_in_all_frames() -> None:
    """Its own questions come from any port, which an `extra` may tell, and the name of a probe of `loop` has any length."""
    client, own = {"type": "client query", "query port": 53001}, {"type": "client query", "query port": 42452}
    made = [client | {"extra": "127.0.0.153001"}, own | {"query port": 40000, "extra": "66 false IN"}]
    sent = [
        client | {"extra": "127.0.0.153001"},
        own | {"extra": "127.0.0.142452"},
        {"type": "forwarder query", "extra": "127.0.0.142452"},
        own | {"extra": "67 false IN"},
        own | {"extra": None},
    ]
    on_one_port(sent, made)
    assert [frame.get("query port") for frame in sent] == [53001, 40000, None, 40000, 40000]
    assert [frame["extra"] for frame in sent[:3]] == ["127.0.0.153001", "127.0.0.140000", "127.0.0.140000"]
    assert sent[3] == made[1]
    assert [clients(sent, loop) for loop in (False, True)] == [4, 1]


def test_a_start_is_waited_for_where_its_length_shows() -> None:
    loop, health = ". {\n    loop\n}\n", ". {\n    health 127.0.0.1:8091 {\n    }\n    kubernetes a\n}\n"
    notifies = ". {\n    transfer {\n        to 127.0.0.2\n    }\n}\n"
    assert 0 < ripening(notifies, find("1.14.7")) < 1
    waits = {text: [ripening(text, find(x)) > 1 for x in ("1.4.0", "1.5.0")] for text in (loop, health, ". {\n}\n")}
    assert list(waits.values()) == [[True, True], [True, False], [False, False]]


def test_lines_about_probes_are_not_compared() -> None:
    """How often `loop` asks is up to the time."""
    probe, other = (f"{name} 5577006791947779410.8674665223082153551. HINFO" for name in ("[ERROR] 2", "[INFO] 1s"))
    kept = "[ERROR] plugin/errors: 2 www.example. HINFO: read udp 127.0.0.1:<port>->127.0.0.2:53: i/o timeout"
    assert even([f"{probe}\n{kept.replace('<port>', '40000')}\n", other]) == [kept]


def test_a_key_of_etcd_goes_with_its_lease() -> None:
    kvs = [{"key": b64encode(key).decode(), "value": "e30=", "lease": lease} for key, lease in ((b"a", 1), (b"b", 2))]
    store = EtcdServer([{"kvs": kvs}, {"id": 1, "ttl": 20}, {"id": 2, "ttl": 90}], free_port())
    try:
        at = {}
        for passed in (0, 30):
            store.began = time.monotonic() - passed
            at[passed] = store.range({1: b"a", 2: b"z"})
    finally:
        store.close()
    assert [(b"a" in keys, b"b" in keys) for keys in at.values()] == [(True, True), (False, True)]
