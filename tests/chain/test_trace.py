"""Why an answer came out, in words: expected texts are what a reader should see, read by a person."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.chain.query import Panic
from corefile.chain.trace import DEEPEST, Trace
from corefile.dns.message import Edns
from corefile.findings.layout import plain
from corefile.plugins import find

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
        "     on the way back: cache stores this answer for 5 s, its smallest TTL (30 s at most)"
    )


def test_a_chain_that_ends_says_why_and_who_is_not_asked(world: World) -> None:
    assert str(loads(COREFILE, world=world).query("nope.default.svc.cluster.local").trace) == (
        '  :53   server "." (<text>:1); "corp.example." does not match\n'
        "  |- errors     2   passes on; errors would be logged\n"
        "  |- cache      7   nothing stored for this name and type\n"
        '  `- kubernetes 3   namespace default has no service "nope" -> NXDOMAIN; `fallthrough` is given only for\n'
        "                    in-addr.arpa., so the chain ends here\n"
        "                    forward (6) is not asked\n"
        "     on the way back: cache stores this denial for 5 s, its smallest TTL (30 s at most)"
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
    text = ':53   server "." (<text>:1); "corp.example." does not match'
    assert data["server"] == {"zone": ".", "listen": ":53", "path": "<text>", "line": 1, "text": text}
    assert data["not_asked"] == ["forward"]
    assert [(h["plugin"], h["outcome"], h["line"], h["rcode"]) for h in data["hops"]] == [
        ("errors", "next", 2, ""),
        ("cache", "next", 7, ""),
        ("kubernetes", "handled", 3, "NOERROR"),
    ]
    assert [b["why"] for b in data["hops"][1]["back"]] == [
        "stores this answer for 5 s, its smallest TTL (30 s at most)"
    ]
    assert {h["name"] for h in data["hops"]} == {"web.default.svc.cluster.local."}
    assert (data["end"], data["not_simulated"], data["notes"]) == (None, [], [])


def test_it_prints_short_in_a_repl(world: World) -> None:
    assert (
        repr(loads(COREFILE, world=world).query("www.corp.example").trace)
        == '<Trace server "corp.example." at :53: forward>'
    )


# -- questions that plugins ask -------------------------------------------------------------------------------------------

ALIAS = "- {kind: Service, metadata: {name: ext, namespace: default}, spec: {type: ExternalName, externalName: %s}}\n"


def test_a_question_that_a_plugin_asks_stands_behind_it_and_names_what_is_asked() -> None:
    world = World(cluster=CLUSTER + ALIAS % "www.example.org", upstreams=UPSTREAMS)
    trace = loads(COREFILE, world=world).query("ext.default.svc.cluster.local").trace
    lines = [x.split() for x in str(trace).splitlines()]
    assert [(h.plugin, h.depth) for h in trace.hops] == [
        ("errors", 0),
        ("cache", 0),
        ("kubernetes", 0),
        ("errors", 1),
        ("cache", 1),
        ("kubernetes", 1),
        ("forward", 1),
    ]
    at = lines.index(["asks", "for", "www.example.org.", "A:", "NOERROR"])
    assert (lines[at - 1][:3], lines[at + 1][:3]) == (["`-", "kubernetes", "3"], ["|-", "errors", "2"])
    assert trace.last is trace.hops[2]
    (asked,) = trace.hops[2].asked
    assert (asked.name, asked.rcode, asked.last, asked.behind) == ("www.example.org.", "NOERROR", trace.hops[-1], False)
    assert trace.to_json()["hops"][2]["asked"][0]["hops"][3]["plugin"] == "forward"


def test_a_question_that_goes_to_another_block_names_it() -> None:
    world = World(cluster=CLUSTER + ALIAS % "www.corp.example", upstreams=UPSTREAMS)
    trace = loads(COREFILE, world=world).query("ext.default.svc.cluster.local").trace
    assert '\n     asks server "corp.example." (<text>:9) for www.corp.example. A: SERVFAIL\n' in str(trace)


def test_a_question_that_no_block_takes_is_refused() -> None:
    world = World(cluster=CLUSTER + ALIAS % "www.example.org")
    trace = (
        loads("cluster.local {\n kubernetes cluster.local\n}\n", world=world)
        .query("ext.default.svc.cluster.local")
        .trace
    )
    assert "\n     asks for www.example.org. A: REFUSED, no server block takes this question" in str(trace)


def test_questions_to_the_plugins_behind_and_what_their_answers_were_kept_for() -> None:
    pod = "- {kind: Pod, metadata: {name: p, namespace: default}, status: {podIP: 10.1.0.9, phase: Running}}\n"
    text = """. {
    autopath @kubernetes
    kubernetes cluster.local {
        pods verified
    }
    forward . 10.0.0.53
    cache 30
}
"""
    server = loads(text, world=World(cluster=CLUSTER + pod, upstreams=UPSTREAMS))
    trace = server.query("www.example.org.default.svc.cluster.local", client="10.1.0.9").trace
    assert [(a.name, a.rcode, a.behind) for a in trace.hops[0].asked] == [
        ("www.example.org.default.svc.cluster.local.", "NXDOMAIN", True),
        ("www.example.org.svc.cluster.local.", "NXDOMAIN", True),
        ("www.example.org.cluster.local.", "NXDOMAIN", True),
        ("www.example.org.", "NOERROR", True),
    ]
    assert str(trace).endswith(
        "     asks those behind it for www.example.org. A: NOERROR\n"
        "     |- cache      7   nothing stored for this name and type\n"
        "     |- kubernetes 3   www.example.org. is in none of its zones\n"
        "     `- forward    6   10.0.0.53:53 answered -> NOERROR\n"
        "        on the way back: cache stores this answer for 30 s; its TTL was 300, the most is 30"
    )


# -- where the chain ends -------------------------------------------------------------------------------------------------


def test_the_end_of_the_chain_is_explained() -> None:
    trace = loads(". {\n errors\n hosts {\n  10.0.0.1 a.example\n  fallthrough\n }\n}").query("b.example").trace
    assert str(trace) == (
        '  :53   server "." (<text>:1)\n'
        "  |- errors 2   passes on; errors would be logged\n"
        "  |- hosts  3   no entry for b.example.\n"
        "  `- (end)      hosts is the last plugin and passes on, so nothing answers -> SERVFAIL"
    )
    assert trace.to_json()["end"] == {"reason": "end-of-the-chain", "why": trace.end}


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ({"cls": "CH"}, "class is not IN, and none of chaos, forward and proxy is in this server -> REFUSED"),
        ({"opcode": "UPDATE"}, "the DNS library refuses such a message before any plugin is asked -> NOTIMP"),
        ({"flags": "qr"}, "a message with QR set is no query: it is dropped -> no reply"),
        ({"edns": Edns(1232, version=1)}, "EDNS version 1 is not known -> BADVERS"),
    ],
)
def test_what_no_plugin_gets_to_see_is_explained(ask: dict[str, Any], says: str) -> None:
    assert str(loads(". {\n whoami\n}").query("a.example", **ask).trace) == f"  no server was asked\n     {says}"


def test_a_block_without_plugins() -> None:
    assert str(loads(". {\n bind 127.0.0.1\n}").query("a.example").trace) == (
        '  127.0.0.1:53   server "." has no plugin that answers: REFUSED'
    )
    assert str(loads("a.example {\n bind 127.0.0.1\n}").query("a.example").trace) == (
        '  127.0.0.1:53   server "a.example." (<text>:1)\n     this server block has no plugin that answers -> REFUSED'
    )


def test_a_plugin_that_panics_is_where_the_chain_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> None:
        raise Panic("boom")

    monkeypatch.setattr(find("whoami"), "answer", panics)
    assert str(loads(". {\n errors\n whoami\n}").query("a.example").trace) == (
        '  :53   server "." (<text>:1)\n'
        "  |- errors 2   passes on; errors would be logged\n"
        "  |- whoami 3   panics\n"
        "  `- (end)      a plugin panics (boom), and the server answers in its place -> SERVFAIL"
    )
    reply = loads(". {\n debug\n whoami\n}").query("a.example")
    assert reply.trace.end == "a plugin panics (boom), and with `debug` CoreDNS ends"


def test_a_name_that_cannot_be_sent_gets_no_reply() -> None:
    reply = loads(". {\n hosts {\n  10.0.0.1 a..b\n }\n}").query("1.0.0.10.in-addr.arpa", "PTR")
    assert not reply.received
    assert reply.trace.end == "the reply has no wire form, so it is not sent: the name `a..b.` has an empty label"
    assert str(reply.trace).endswith(f"\n  `- (end)     {reply.trace.end} -> no reply")


def test_a_question_that_goes_round_in_a_loop() -> None:
    trace = loads(". {\n forward . 127.0.0.1\n}").query("a.example").trace
    said = "waits for an answer to its own question, which goes round in a loop"
    assert " ".join(str(trace).split()).count(said) == len(trace.hops[0].asked) > 0


def test_a_very_deep_trace_is_cut_in_print_and_whole_as_data() -> None:
    zones = range(10)
    soa = "@ 60 IN SOA a b 1 2 3 4 5"
    files = {f"z{i}": f"$ORIGIN z{i}.\n{soa}\nx 60 IN CNAME x.z{i + 1}.\n" for i in zones}
    trace = loads("".join(f"z{i} {{\n file z{i}\n}}\n" for i in zones), world=World(files=files)).query("x.z0").trace
    assert [h.depth for h in trace.hops] == list(zones)
    text = str(trace)
    assert text.count("asks server") == DEEPEST + 1
    assert text.endswith("... and so on, 3 more deep")
    data = trace.to_json()
    for _ in range(9):
        (hop,) = data["hops"]
        (data,) = hop["asked"]
    assert data["name"] == "x.z9."


# -- files, and what is not simulated -------------------------------------------------------------------------------------


def test_directives_of_imported_files_are_told_with_the_file() -> None:
    files = {"more.conf": "\nforward . 10.0.0.53\n", "b.server": "b.example {\n whoami\n import more.conf\n}\n"}
    world = World(files=files, upstreams=UPSTREAMS)
    text = ". {\n errors\n hosts {\n  10.0.0.1 a.example\n  fallthrough\n }\n import more.conf\n}\nimport *.server\n"
    server = loads(text, world=world)
    trace = server.query("www.example.org").trace
    assert [(h.path, h.line) for h in trace.hops] == [("<text>", 2), ("<text>", 3), ("more.conf", 2)]
    assert "\n  `- forward more.conf:2   10.0.0.53:53 answered -> NOERROR" in str(trace)
    assert "\n                forward (more.conf:2) is not asked" in str(server.query("a.example").trace)
    assert str(server.query("b.example").trace) == (
        '  :53   server "b.example." (b.server:1); "." does not match, or less closely\n'
        "  `- forward more.conf:2   10.0.0.53:53 answered -> NXDOMAIN\n"
        "                           whoami (2) is not asked"
    )


@pytest.mark.usefixtures("not_simulated")
def test_an_upstream_that_leaves_a_directive_out_makes_every_answer_doubtful_that_came_from_it() -> None:
    """Kept ones, too: at any depth, in the trace, the reply and the exported trace."""
    inner = {"corefile": ". {\n geoip a\n forward . 10.0.0.55\n}\n"}
    upstreams = {"10.0.0.53": {"corefile": ". {\n forward . 10.0.0.54\n}\n"}, "10.0.0.54": inner}
    world = World(upstreams={**upstreams, "10.0.0.55": "a.example. 60 IN A 192.0.2.7"})
    text = ". {\n hosts {\n  10.0.0.1 b.example\n  fallthrough\n }\n forward . 10.0.0.53\n cache 30\n}\n"
    server = loads(text, world=world)
    for trace in (True, True, False):
        reply = server.query("a.example", trace=trace)
        (notice,) = reply.notices
        assert (notice.code, notice.severity) == ("not-simulated", "notice")
        assert notice.span is not None
        assert (notice.span.locate().path, notice.span.line) == ("<upstream 10.0.0.54>", 2)
        if trace:
            assert "not simulated, so this may not be CoreDNS's answer: geoip (<upstream 10.0.0.54>:2)" in str(
                reply.trace
            )
            where = {"directive": "geoip", "path": "<upstream 10.0.0.54>", "line": 2}
            assert reply.trace.to_json()["not_simulated"] == [where]
    assert server.query("b.example").notices == []


def test_the_chain_of_an_upstream_that_is_a_corefile_is_shown() -> None:
    upstreams = {"10.0.0.53": {"corefile": ". {\n hosts {\n  10.0.0.7 a.example\n }\n}\n"}}
    trace = loads(". {\n forward . 10.0.0.53\n}", world=World(upstreams=upstreams)).query("a.example").trace
    assert str(trace) == (
        '  :53   server "." (<text>:1)\n'
        "  `- forward  2   10.0.0.53:53 answered -> NOERROR\n"
        '     asks server "." (<upstream 10.0.0.53>:1) for a.example. A: NOERROR\n'
        "     `- hosts 2   a.example. has 1 entry -> NOERROR"
    )


def test_hops_print_as_what_they_are(world: World) -> None:
    (hop,) = loads(COREFILE, world=world).query("www.corp.example").trace.hops
    assert repr(hop) == "<Hop forward <text>:10 handled SERVFAIL>"
    (hop,) = loads(". {\n whoami\n}").query("a.example").trace.hops
    assert (hop.reason, hop.why) == ("tells-client", "the client is 127.0.0.1 port 40212")
