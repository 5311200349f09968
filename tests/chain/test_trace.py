"""Why an answer came out, in words: expected texts are what a reader should see, read by a person."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.chain.trace import Trace
from corefile.findings.layout import plain

CLUSTER = """
kind: List
items:
- {kind: Namespace, metadata: {name: default}}
- {kind: Service, metadata: {name: web, namespace: default}, spec: {clusterIP: 10.96.0.10}}
"""
COREFILE = """.:53 {
    errors
    kubernetes cluster.local in-addr.arpa {
        fallthrough in-addr.arpa
    }
    forward . 10.0.0.53
    cache 30
}
corp.example:53 {
    forward . 10.0.0.54
}
"""
UPSTREAMS: dict[str, Any] = {"10.0.0.53": "www.example.org. 300 IN A 192.0.2.1", "10.0.0.54": {"rcode": "SERVFAIL"}}


@pytest.fixture
def world() -> World:
    return World(cluster=CLUSTER, upstreams=UPSTREAMS)


def test_an_answer_of_the_cluster(world: World) -> None:
    assert str(loads(COREFILE, world=world).query("web.default.svc.cluster.local").trace) == (
        '  :53   server "." (<text>:1); "corp.example." does not match\n'
        "  |- errors     2   passes on; errors would be logged\n"
        "  |- cache      7   nothing stored for this name and type\n"
        "  `- kubernetes 3   1 A record from the cluster -> NOERROR\n"
        "                    forward (6) is not asked\n"
        "     on the way back: cache stores this answer for 5 s"
    )


def test_a_chain_that_ends_says_why_and_who_is_not_asked(world: World) -> None:
    assert str(loads(COREFILE, world=world).query("nope.default.svc.cluster.local").trace) == (
        '  :53   server "." (<text>:1); "corp.example." does not match\n'
        "  |- errors     2   passes on; errors would be logged\n"
        "  |- cache      7   nothing stored for this name and type\n"
        '  `- kubernetes 3   namespace default has no service "nope" -> NXDOMAIN; `fallthrough` is given only for\n'
        "                    in-addr.arpa., so the chain ends here\n"
        "                    forward (6) is not asked\n"
        "     on the way back: cache stores this denial for 5 s"
    )


def test_fallthrough_and_the_way_on(world: World) -> None:
    trace = loads(COREFILE, world=world).query("1.2.3.10.in-addr.arpa", "PTR").trace
    assert [(h.plugin, h.outcome) for h in trace.hops] == [
        ("errors", "next"),
        ("cache", "next"),
        ("kubernetes", "fallthrough"),
        ("forward", "handled"),
    ]
    assert trace.not_asked() == []


def test_what_the_cache_had_is_said(world: World) -> None:
    server = loads(COREFILE, world=world)
    server.query("www.example.org")
    server.advance(10)
    trace = server.query("www.example.org").trace
    assert [h.plugin for h in trace.hops] == ["errors", "cache"]
    assert [h.name for h in trace.not_asked()] == ["kubernetes", "forward"]
    assert str(trace).endswith("\n                kubernetes (3), forward (6) are not asked")


def test_the_chosen_server_and_the_others(world: World) -> None:
    server = loads(COREFILE, world=world)
    assert server.query("www.corp.example").trace.chosen == (
        ':53   server "corp.example." (<text>:9); "." does not match, or less closely'
    )
    assert server.query("www.example.org").trace.chosen == ':53   server "." (<text>:1); "corp.example." does not match'


def test_many_servers_are_cut_short() -> None:
    server = loads("".join(f"{c}.example {{\n whoami\n}}\n" for c in "abcdefg"))
    assert server.query("a.example").trace.chosen == (
        ':53   server "a.example." (<text>:1); "b.example.", "c.example.", "d.example.", "e.example.", ... do not match, '
        "or less closely"
    )


def test_where_no_zone_matches() -> None:
    trace = loads("example.org {\n whoami\n}").query("example.com").trace
    assert str(trace) == '  :53   no zone here matches (it serves "example.org."): REFUSED'
    assert (trace.hops, trace.not_asked()) == ([], [])


def test_nothing_is_traced_unless_asked_for(world: World) -> None:
    trace = loads(COREFILE, world=world).query("www.example.org", trace=False).trace
    assert (trace.hops, str(trace)) == ([], "  no server was asked")
    assert str(Trace()) == "  no server was asked"


def test_a_failure_has_its_rcode_and_stands_in_colour(world: World) -> None:
    trace = loads(COREFILE, world=world).query("www.corp.example").trace
    (hop,) = trace.hops
    assert (hop.plugin, hop.outcome, hop.rcode, hop.line, hop.depth) == ("forward", "handled", "SERVFAIL", 10, 0)
    styles = {p.text.strip(): p.style for line in trace.lines() for p in (*line.head, *line.body)}
    assert (styles["SERVFAIL"], styles["forward"]) == ("error", "bold")


def test_a_narrow_reader(world: World) -> None:
    trace = loads(COREFILE, world=world).query("nope.default.svc.cluster.local").trace
    rows = plain(trace.lines(), 60).splitlines()
    assert max(map(len, rows)) <= 60
    assert rows[:2] == ['  :53   server "." (<text>:1); "corp.example." does not', "        match"]


def test_as_plain_data(world: World) -> None:
    data = loads(COREFILE, world=world).query("web.default.svc.cluster.local").trace.to_json()
    assert data["server"] == ':53   server "." (<text>:1); "corp.example." does not match'
    assert data["not_asked"] == ["forward"]
    assert [(h["plugin"], h["outcome"], h["line"], h["rcode"]) for h in data["hops"]] == [
        ("errors", "next", 2, ""),
        ("cache", "next", 7, ""),
        ("kubernetes", "handled", 3, "NOERROR"),
    ]
    assert data["hops"][1]["back"] == ["stores this answer for 5 s"]


def test_it_prints_short_in_a_repl(world: World) -> None:
    assert repr(loads(COREFILE, world=world).query("www.corp.example").trace) == "<Trace forward>"
