"""rewrite: which rule does what to a query, what is done to the reply on the way back, and what differs between releases.

What CoreDNS refuses is in tests/data/refusals.yaml.
"""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import pytest

from corefile import World, checks
from corefile.api import Server, loads
from corefile.chain.landmarks import Exact, Flag, Pattern
from corefile.chain.query import Panic, Query, Result
from corefile.dns import Edns, Msg, Question, codes
from corefile.golang.regexp import compile as compile_regexp
from corefile.plugins.rewrite import Rewrite
from corefile.plugins.rewrite._edns0 import value_of
from corefile.plugins.rewrite._reply import Draft, apply
from corefile.plugins.rewrite._rules import RewriteRules
from corefile.releases import find

ZONE = """$ORIGIN int.example.
@ 40 IN SOA ns host 1 1 1 1 20
@ 50 IN NS ns
a 60 IN A 10.0.0.1
b 90 IN A 10.0.0.2
al 70 IN CNAME a
out 70 IN CNAME x.up.example.
m 20 IN MX 5 a
p 20 IN PTR a
"""


def serving(rules: str, release: str = "1.14.7", more: str = "file db int.example", **world: Any) -> Server:
    """A server with rewrite rules, one a line (or in braces), before a zone."""
    lines = "\n".join(f" {line.strip()}" for line in rules.strip().splitlines())
    text = f".:53 {{\n errors\n{lines}\n {more}\n}}\n"
    return loads(text, release=release, world=World(files={"db": ZONE}, **world))


def answer(server: Server, name: str, type: str = "A", **how: Any) -> list[str]:
    return [str(rr) for rr in server.query(name, type, **how).answer]


def asked_of(rules: str, name: str, release: str = "1.14.7", type: str = "A", **how: Any) -> Msg:
    """The query that plugins behind the rules get."""
    seen: list[Msg] = []

    def upstream(msg: Msg) -> Msg:
        seen.append(msg)
        return msg.reply()

    upstream.speaks_msg = True  # type: ignore[attr-defined]
    more = f"{'forward' if find(release).has('forward') else 'proxy'} . 10.0.0.53"
    serving(rules, release, more, upstreams={"10.0.0.53": upstream}).query(name, type, **how)
    return seen[-1]


# -- the question -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "name", "becomes"),
    [
        ("name a.example b.example", "A.Example.", "b.example."),
        ("name exact A.example. B.example", "a.example.", "b.example."),
        ("name a.example b.example", "x.a.example.", "x.a.example."),
        ("name prefix a b", "a.example.", "b.example."),
        ("name prefix a b", "aa.example.", "aa.example."),  # a name has a dot at its end, so has a prefix
        ("name prefix www-. web.", "www-.example.", "web.example."),
        ("name suffix .a.example .b.example", "x.a.example.", "x.b.example."),
        ("name suffix .a.example .b.example", "a.example.", "a.example."),
        ("name suffix a.example b.example", "xa.example.", "xb.example."),
        ("name substring a.a. b.", "a.a.a.a.example.", "b.b.example."),
        (r"name regex (.*)\.a\.example {1}.b.EXAMPLE", "x.a.example.", "x.b.example."),
        (r"name regex (x)(y)?(z)? {2}{1}{0}.b.example", "x.a.example.", "xx.b.example."),
        (r"name regex (.*)\.(.)\. {1}.b.example", "{2}.a.x.", "x.a.b.example."),  # in what a group has matched, too
        ("name regex X y", "x.example.", "x.example."),  # a pattern keeps its case
    ],
)
def test_names_match_in_five_ways(rule: str, name: str, becomes: str) -> None:
    question = asked_of(f"rewrite {rule}", name).question
    assert question is not None
    assert question.name.lower() == becomes


def test_up_to_1_2_6_the_letters_of_a_prefix_or_suffix_are_taken_off() -> None:
    for release, prefixed, suffixed in (
        ("1.2.6", "b.cde.example.", "m.b.example."),
        ("1.3.0", "b.abcde.example.", "mel.b.example."),
    ):
        question = asked_of("rewrite name prefix ab b", "ab.abcde.example.", release).question
        assert question is not None
        assert question.name == prefixed, release
        question = asked_of("rewrite name suffix .ple.x. .b.example.", "mel.ple.x.", release).question
        assert question is not None
        assert question.name == suffixed, release


def test_up_to_1_1_4_names_match_as_they_are_spelled() -> None:
    for release, becomes in (("1.1.4", "A.example."), ("1.2.0", "b.example.")):
        question = asked_of("rewrite name a.example b.example", "A.example.", release).question
        assert question is not None
        assert question.name == becomes


def test_types_and_classes() -> None:
    asked = asked_of("rewrite continue type MX A\nrewrite class IN CH", "a.example.", type="MX").question
    assert asked is not None
    assert (asked.type, asked.cls) == (codes.A, codes.CH)


@pytest.mark.parametrize(
    ("rules", "becomes"),
    [
        ("rewrite name a.x b.x\nrewrite name b.x c.x", "b.x."),
        ("rewrite stop name a.x b.x\nrewrite name b.x c.x", "b.x."),
        ("rewrite continue name a.x b.x\nrewrite name b.x c.x", "c.x."),
        ("rewrite continue {\n name a.x\n b.x\n}\nrewrite {\n name b.x c.x\n}", "c.x."),
        ("rewrite type MX A\nrewrite name a.x b.x", "b.x."),
    ],
)
def test_a_rule_that_fits_ends_the_list_unless_it_says_continue(rules: str, becomes: str) -> None:
    asked = asked_of(rules, "a.x.").question
    assert asked is not None
    assert asked.name == becomes


def test_up_to_1_0_1_continue_counts_for_edns0_alone() -> None:
    asked = asked_of("rewrite continue name a.x b.x\nrewrite name b.x c.x", "a.x.", "1.0.1").question
    assert asked is not None
    assert asked.name == "b.x."


def test_a_name_that_is_none_any_more_fails_with_the_clients_question() -> None:
    for release, log in (("1.14.7", 0), ("1.5.2", 1), ("1.2.1", 1)):
        server = serving(f"rewrite continue edns0 nsid set\nrewrite name prefix a {'x' * 64}", release, "whoami")
        reply = server.query("A.example.")
        assert (reply.rcode, reply.question) == ("SERVFAIL", "A.example. IN A")
        assert reply.edns is not None, "what was done to the OPT record stays"
        assert sum("Invalid name after rewrite" in line for line in reply.log) == log
        assert any("invalid name after rewrite: xxx" in line for line in reply.log)
    assert serving(f"rewrite name prefix a {'x.' * 126}", "1.5.2", "whoami").query("a.example.").rcode == "SERVFAIL"


def test_up_to_1_9_3_a_name_with_a_dot_in_front_is_sent_garbled() -> None:
    for release, question in (("1.9.3", ". CLASS30817 TYPE1893"), ("1.9.4", "a.example. IN A")):
        reply = serving("rewrite continue name substring a. .", release).query("a.example.")
        assert (reply.rcode, reply.question) == ("SERVFAIL", question)
    seen = asked_of("rewrite name substring a. .", "a.example.", "1.9.3").question
    assert seen == Question(".", 1893, 30817)


# -- the OPT record ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "given", "options"),
    [
        ("local set 0xffee 0x6162", (), ((65518, b"ab"),)),
        ("local set 0xffee ab", ((65518, b"x"), (65518, b"y")), ((65518, b"ab"), (65518, b"y"))),
        ("local append 65518 ab", ((65518, b"x"),), ((65518, b"x"), (65518, b"ab"))),
        ("local replace 65518 ab", ((65518, b"x"),), ((65518, b"ab"),)),
        ("local replace 65518 ab", (), ()),
        ("local append 65518 {qname}", ((65518, b"x"),), ((65518, b"x"),)),
        ("local set 10 ab", ((10, b"12345678"),), ((10, b"12345678"), (10, b"ab"))),
        ("local set 65518 {qname}", (), ((65518, b"A.example."),)),
        ("local set 65518 {qtype}", (), ((65518, b"\0\1"),)),
        ("local set 65518 {client_ip}", (), ((65518, b"\x0a\0\0\x07"),)),
        ("local set 65518 {client_port}", (), ((65518, b"\x1f\x90"),)),
        ("local set 65518 {protocol}", (), ((65518, b"udp"),)),
        ("local set 65518 {server_port}", (), ((65518, b"\0\x35"),)),
        ("local set 65518 {no/such}", (), None),
        ("nsid set", (), ((3, b""),)),
        ("nsid append", ((3, b""),), ((3, b""), (3, b""))),
        ("subnet set 20 56", (), ((8, b"\0\1\x14\0\x0a\0\0"),)),
        ("subnet set 0 0", (), ((8, b"\0\1\0\0"),)),
        ("subnet append 8 8", ((8, b"\0\1\x08\0\x0b"),), ((8, b"\0\1\x08\0\x0b"),)),
        ("subnet replace 8 8", ((8, b"\0\1\x08\0\x0b"),), ((8, b"\0\1\x08\0\x0a"),)),
        ("local unset 65518", ((65518, b"x"), (3, b""), (65518, b"y")), ((3, b""),)),
        ("nsid unset", (), ()),
    ],
)
def test_options(rule: str, given: Any, options: Any) -> None:
    edns = Edns(1232, options=given) if given else None
    msg = asked_of(f"rewrite edns0 {rule}", "A.example.", edns=edns, client="10.0.0.7:8080")
    assert (None if msg.edns is None else msg.edns.options) == options
    if options is not None:
        assert msg.edns is not None
        assert (msg.edns.udp, msg.edns.do) == (1232 if given else 4096, False)


def test_options_up_to_1_1_4() -> None:
    given = Edns(1232, options=((65518, b"x"), (65518, b"y")))
    msg = asked_of("rewrite edns0 local set 65518 ab", "a.example.", "1.1.4", edns=given)
    assert msg.edns is not None
    assert msg.edns.options == ((65518, b"ab"), (65518, b"ab"))
    msg = asked_of("rewrite edns0 local append 65518 ab", "a.example.", "1.1.4", edns=given)
    assert msg.edns == given
    for release, do in (("1.0.5", True), ("1.0.6", False)):
        msg = asked_of("rewrite edns0 nsid set", "a.example.", release)
        assert msg.edns is not None
        assert msg.edns.do is do


def test_a_server_that_is_open_to_all_addresses_knows_its_own_over_tcp_alone() -> None:
    rule, more = "rewrite edns0 local set 65518 {server_ip}", "whoami"
    server = serving(rule, more=more)
    assert server.query("a.example.").edns is None
    edns = server.query("a.example.", transport="tcp").edns
    assert edns is not None
    assert edns.options == ((65518, b"\x7f\0\0\1"),)
    bound = loads(f".:53 {{\n bind 127.0.0.1\n {rule}\n {more}\n}}\n").query("a.example.").edns
    assert bound is not None
    assert bound.options == ((65518, b"\x7f\0\0\1"),)


def test_replies_repeat_the_options_that_rules_name_anywhere() -> None:
    text = "a.test:53 {\n rewrite edns0 local set 65001 x\n whoami\n}\nb.test:53 {\n whoami\n}\n"
    given = Edns(1232, options=((65001, b"y"), (65002, b"z")))
    for release, codes_of in (("1.14.7", (65001,)), ("1.2.6", (65001, 65002))):
        edns = loads(text, release=release).query("b.test", edns=given).edns
        assert edns is not None
        assert tuple(code for code, _ in edns.options) == codes_of


def test_metadata_is_the_data_of_an_option() -> None:
    rules = "metadata\nrewrite edns0 local set 65518 {forward/upstream}\nrewrite edns0 local set 65519 {log/class}"
    assert asked_of(rules, "a.example.").edns is None
    metadata = {"a/b": lambda: "value", "a/empty": lambda: ""}
    request: Any = SimpleNamespace(ctx=SimpleNamespace(metadata=metadata))
    assert [value_of(name, request) for name in ("{a/b}", "{a/empty}", "{a/none}")] == [b"value", None, None]


def test_what_was_put_back_is_not_seen_by_the_client() -> None:
    rules = "rewrite edns0 local set 65518 ab revert"
    for release, options in (("1.14.7", ()), ("1.14.5", ((65518, b"ab"),))):
        edns = serving(rules, release, "whoami").query("a.example.").edns
        assert edns is not None
        assert edns.options == options
    given = Edns(1232, options=((65518, b"x"),))
    edns = serving(rules, more="whoami").query("a.example.", edns=given).edns
    assert edns is not None
    assert edns.options == ((65518, b"x"),)


def test_revert_finds_options_of_a_known_kind_only_if_a_rule_has_added_them() -> None:
    # What the DNS library has read of the client holds the code 0, and that is what CoreDNS looks for in the reply.
    def back(rules: str, *options: tuple[int, bytes]) -> tuple[tuple[int, bytes], ...]:
        def echo(msg: Msg) -> Msg:
            reply = msg.reply()
            reply.edns = msg.edns
            return reply

        echo.speaks_msg = True  # type: ignore[attr-defined]
        world = World(upstreams={"10.0.0.53": echo})
        server = loads(f".:53 {{\n{rules}\nforward . 10.0.0.53\n}}\n", world=world)
        edns = server.query("a.example.", edns=Edns(1232, options=options), client="127.0.0.1").edns
        assert edns is not None
        return edns.options

    theirs, ours = (8, bytes.fromhex("000110000a00")), (8, bytes.fromhex("000108007f"))
    rule = "rewrite edns0 subnet set 8 8 revert"
    assert back(rule) == ()
    assert back(rule, theirs) == (ours,)
    assert back(rule, (0, b"x"), theirs) == (theirs, ours)
    assert back("rewrite edns0 nsid set revert", (3, b"ab")) == ((3, b""),)
    twice = "rewrite continue edns0 subnet set 8 8 revert\nrewrite edns0 subnet replace 16 16 revert"
    assert back(twice) == ()
    assert back("rewrite edns0 local set 65001 x revert", (65001, b"y")) == ((65001, b"y"),)


def test_from_1_11_4_to_1_14_4_revert_panics_without_an_opt_record() -> None:
    for release, rcode in (("1.12.1", "SERVFAIL"), ("1.14.4", "SERVFAIL"), ("1.14.5", "NOERROR")):
        reply = serving("rewrite edns0 nsid set revert", release).query("a.int.example.")
        assert reply.rcode == rcode
        assert any("nil pointer" in line for line in reply.log) is (rcode == "SERVFAIL")


# -- the reply --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "name", "type", "release", "records"),
    [
        ("rewrite name x.example a.int.example", "X.example.", "A", "1.14.7", ["x.example. 60 IN A 10.0.0.1"]),
        ("rewrite name x.example a.int.example", "x.example.", "A", "1.2.4", ["a.int.example. 60 IN A 10.0.0.1"]),
        ("rewrite name x.example a.int.example", "x.example.", "A", "1.2.5", ["x.example. 60 IN A 10.0.0.1"]),
        ("rewrite name x.example int.example", "x.example.", "NS", "1.14.7", ["x.example. 50 IN NS ns.x.example."]),
        ("rewrite name suffix .x .int.example", "a.x.", "A", "1.14.7", ["a.int.example. 60 IN A 10.0.0.1"]),
        ("rewrite name suffix .x .int.example answer auto", "a.x.", "A", "1.14.7", ["a.x. 60 IN A 10.0.0.1"]),
        ("rewrite name suffix .x .int.example answer auto", "m.x.", "MX", "1.14.7", ["m.x. 20 IN MX 5 a.x."]),
        ("rewrite name suffix .x .int.example answer auto", "p.x.", "PTR", "1.14.7", ["p.x. 20 IN PTR a.x."]),
        ("rewrite name suffix .x .int.example answer auto", "p.x.", "PTR", "1.9.3", ["p.x. 20 IN PTR a.int.example."]),
        ("rewrite name prefix q. a. answer auto", "q.int.example.", "A", "1.14.7", ["q.int.example. 60 IN A 10.0.0.1"]),
        (
            r"rewrite name regex (.*)\.x {1}.int.example answer name (.*)\.int\.example {1}.y",
            "a.x.",
            "A",
            "1.14.7",
            ["a.y. 60 IN A 10.0.0.1"],
        ),
        (
            r"rewrite name regex (.*)\.x {1}.int.example answer value (.*)\.int\.example {1}.y",
            "m.x.",
            "MX",
            "1.14.7",
            ["m.int.example. 20 IN MX 5 a.y."],
        ),
        (
            r"rewrite name regex (.*)\.x {1}.int.example answer value ^a(.*)\.$ b{1} answer value ^b(.*)\.$ c{1}",
            "m.x.",
            "MX",
            "1.8.3",
            ["m.int.example. 20 IN MX 5 a.int.example."],  # the last one counts, and does not match
        ),
        (
            r"rewrite name regex (.*)\.x {1}.int.example answer value ^a(.*)\.$ b{1} answer value ^b(.*)\.$ c{1}",
            "m.x.",
            "MX",
            "1.9.3",
            ["m.int.example. 20 IN MX 5 c.int.example."],  # the first one first
        ),
        (
            r"rewrite name regex (.*)\.x {1}.int.example answer value ^a(.*)\.$ b{1} answer value ^b(.*)\.$ c{1}",
            "m.x.",
            "MX",
            "1.14.7",
            ["m.int.example. 20 IN MX 5 b.int.example."],  # the last one first
        ),
        ("rewrite continue ttl suffix example 300-\nrewrite ttl suffix example -200", "a.int.example.", "A", "1.10.1", ["a.int.example. 200 IN A 10.0.0.1"]),
        ("rewrite continue ttl suffix example 300-\nrewrite ttl suffix example -200", "a.int.example.", "A", "1.12.1", ["a.int.example. 300 IN A 10.0.0.1"]),
        ("rewrite ttl a.int.example 70-80", "a.int.example.", "A", "1.14.7", ["a.int.example. 70 IN A 10.0.0.1"]),
        ("rewrite ttl a.int.example 30-40", "a.int.example.", "A", "1.14.7", ["a.int.example. 40 IN A 10.0.0.1"]),
    ],
)  # fmt: skip
def test_records(rules: str, name: str, type: str, release: str, records: list[str]) -> None:
    reply = serving(rules, release).query(name, type)
    assert [str(rr) for rr in reply.answer] == records
    assert reply.question == f"{name} IN {type}"


def test_all_sections_are_changed_since_1_8_2() -> None:
    for release, ttl in (("1.8.2", 9), ("1.8.1", 50)):
        reply = serving("rewrite ttl a.int.example 9", release).query("a.int.example.")
        assert [(rr.ttl) for rr in (*reply.answer, *reply.authority)] == [9, ttl]


@pytest.mark.parametrize(
    ("rules", "release", "question"),
    [
        ("rewrite name x.example a.int.example", "1.14.7", "x.example."),
        ("rewrite name suffix x.example a.int.example", "1.8.4", "a.int.example."),
        ("rewrite name suffix x.example a.int.example", "1.8.5", "x.example."),
        ("rewrite continue name suffix x.example a.int.example", "1.14.7", "a.int.example."),
        ("rewrite continue name suffix x.example a.int.example answer auto", "1.14.7", "x.example."),
        ("rewrite continue name suffix x.example a.int.example\nrewrite ttl a.int.example 5", "1.14.7", "x.example."),
    ],
)
def test_the_question_is_put_back_where_the_reply_comes_by(rules: str, release: str, question: str) -> None:
    assert serving(rules, release).query("x.example.").question == f"{question} IN A"


@pytest.mark.parametrize(
    ("mode", "release", "question", "rcode"),
    [
        ("stop", "1.8.6", "a.int.example.", 2),
        ("stop", "1.9.0", "x.example.", 0),
        ("continue", "1.14.6", "a.int.example.", 2),
        ("continue", "1.14.7", "x.example.", 0),
    ],
)
def test_since_1_9_0_it_writes_the_reply_for_a_failure(mode: str, release: str, question: str, rcode: int) -> None:
    reply = serving(f"rewrite {mode} name x.example a.int.example", release, "metadata").query("x.example.")
    assert (reply.rcode, reply.question) == ("SERVFAIL", f"{question} IN A")
    assert f"[ERROR] plugin/errors: {rcode} a.int.example. A: plugin/rewrite: no next plugin found" in reply.log


def test_a_plugin_that_writes_and_fails_gets_a_second_reply() -> None:
    server = serving("rewrite continue edns0 nsid set\nrewrite rcode suffix example SERVFAIL NXDOMAIN")
    handler = server.process.instance.sites[0].handler("rewrite")
    assert isinstance(handler, Rewrite)
    ctx: Any = SimpleNamespace(trace=None, elapsed=0.0, proto="udp")
    msg = Msg(Question("a.example.", codes.A, codes.IN), id=1)
    outcome = handler.admit(Query(msg, ctx), ".")
    assert outcome.query is not None  # type: ignore[union-attr]
    written = msg.reply(codes.SERVFAIL)
    result = handler.back(outcome.query, Result(written, codes.SERVFAIL))  # type: ignore[union-attr]
    assert (result.rcode, result.reply.rcode) == (codes.NOERROR, codes.NXDOMAIN)  # type: ignore[union-attr]
    assert [reply.rcode for reply in result.later] == [codes.NXDOMAIN]
    assert result.later[0].edns is not None


def test_rcodes_of_replies_without_records_change_since_1_14_7() -> None:
    for release, rcode in (("1.14.7", "NXDOMAIN"), ("1.14.6", "NOERROR")):
        upstreams = {"10.0.0.53": {"rcode": "NOERROR"}}
        server = serving(
            "rewrite rcode a.example NOERROR NXDOMAIN", release, "forward . 10.0.0.53", upstreams=upstreams
        )
        assert server.query("a.example.").rcode == rcode


def test_an_opt_record_is_a_record_like_others() -> None:
    acl = "acl {\n  filter\n }"
    server = serving(r"rewrite name regex (.*)\.x {1}.y answer name ^(.)$ opt.x", more=acl)
    edns = server.query("a.x.", edns=Edns(1232)).edns
    assert edns is not None
    assert edns.name == ".", "a server gives it the root's name again where the client sent one"
    edns = server.query("a.x.").edns
    assert edns is not None
    assert edns.name == "opt.x."
    assert not serving(r"rewrite name regex (.*)\.x {1}.y answer name (.*) {1}", more=acl).query("a.x.").received
    # 300 is 0x12c: flags of an OPT record, of which those that a server knows nothing of go
    edns = serving("rewrite ttl a.x 300", more=acl).query("a.x.", edns=Edns(1232)).edns
    assert edns is not None
    assert edns.flags == 0x100


def test_a_reply_without_a_question() -> None:
    question, nothing = Question("a.x.", codes.A, codes.IN), SimpleNamespace()
    for release in ("1.14.4", "1.14.5"):
        rules = RewriteRules.of(find(release))
        draft = Draft(Msg(), nothing, rules, nothing, tells=False)  # type: ignore[arg-type]
        if release == "1.14.4":
            with pytest.raises(Panic, match="index out of range"):
                apply(draft, [], question)
        else:
            apply(draft, [], question)
            assert draft.finished().question == question


def test_1_0_5_panics_for_answers_that_are_no_addresses() -> None:
    rule = r"rewrite name regex (.*)\.x {1}.int.example answer name (.*)\.int\.example {1}.x"
    server = serving(rule, "1.0.5")
    assert server.query("a.x.").rcode == "NOERROR"
    reply = server.query("m.x.", "MX")
    assert not reply.received, "a panic ends at `errors`, up to 1.1.2"
    assert "[PANIC " in reply.log[0]
    assert serving(rule, "1.0.6").query("m.x.", "MX").rcode == "NOERROR"


# -- targets of aliases -----------------------------------------------------------------------------------------------

UP = {
    "10.0.0.53": "x.up.example. 9 IN A 192.0.2.1\ny.up.example. 8 IN CNAME z.up.example.\nz.up.example. 7 IN A 192.0.2.3\n"
}


@pytest.mark.parametrize(
    ("rule", "release", "name", "records"),
    [
        ("out.int.example y.up.example", "1.14.7", "out.int.example.", ["CNAME x.up.example.", "A 192.0.2.1"]),
        (
            "x.up.example Y.up.example",
            "1.14.7",
            "out.int.example.",
            ["CNAME y.up.example.", "CNAME z.up.example.", "A 192.0.2.3"],
        ),
        ("x.up.example y.up.example", "1.14.5", "out.int.example.", ["CNAME x.up.example.", "A 192.0.2.1"]),
        (
            "x.up.example. y.up.example.",
            "1.14.5",
            "out.int.example.",
            ["CNAME y.up.example.", "CNAME z.up.example.", "A 192.0.2.3"],
        ),
        ("x.up.example. y.up.example.", "1.14.1", "out.int.example.", ["CNAME y.up.example.", "CNAME z.up.example."]),
        ("prefix x. z.", "1.14.7", "out.int.example.", ["CNAME z.up.example.", "A 192.0.2.3"]),
        ("suffix x.up.example. b.int.example.", "1.14.7", "out.int.example.", ["CNAME b.int.example.", "A 10.0.0.2"]),
        ("substring up.example. up.example.", "1.14.7", "out.int.example.", ["CNAME x.up.example.", "A 192.0.2.1"]),
        (r"regex (.*)\.up\.example\.$ z.up.example.", "1.14.7", "out.int.example.", ["CNAME z.up.example.", "A 192.0.2.3"]),
        ("x.up.example. y.up.example.", "1.14.7", "b.int.example.", ["A 10.0.0.2"]),
    ],
)  # fmt: skip
def test_an_aliass_target_is_looked_up_anew(rule: str, release: str, name: str, records: list[str]) -> None:
    server = serving(f"rewrite cname {rule}", release, "file db int.example\n forward . 10.0.0.53", upstreams=UP)
    assert [line.split(" IN ")[1] for line in answer(server, name)] == records


def test_a_name_without_a_dot_has_no_wire_form() -> None:
    server = serving("rewrite cname x.up.example. b.int.example", "1.14.5")
    assert not server.query("out.int.example.").received


def test_a_target_without_a_reply() -> None:
    more = "erratic {\n  drop 1\n }"
    for release, received in (("1.12.3", "SERVFAIL"), ("1.12.4", "NOERROR")):
        server = loads(
            f".:53 {{\n errors\n rewrite cname suffix up.example. drop.example.\n file db int.example\n {more}\n}}\n",
            release=release,
            world=World(files={"db": ZONE}),
        )
        reply = server.query("out.int.example.", timeout=60)
        assert reply.rcode == received
        assert any("upstream lookup returned nil" in line for line in reply.log) is (release == "1.12.4")
        if received == "SERVFAIL":
            assert reply.question.startswith("xdrop.example.") or reply.question.startswith("x.drop.example."), (
                "it stays"
            )


def test_a_rule_that_leads_to_itself_never_answers() -> None:
    server = serving("rewrite cname regex (.*) al.int.example.")
    assert not server.query("al.int.example.").received
    assert server.query("a.int.example.").rcode == "NOERROR"


def test_a_broken_pattern_panics_at_work_up_to_1_13_1() -> None:
    server = serving("rewrite cname regex (x a.int.example.", "1.13.1")
    assert server.query("a.int.example.").rcode == "NOERROR"
    reply = server.query("al.int.example.")
    assert reply.rcode == "SERVFAIL"
    assert any("regexp: Compile(`(x`): error parsing regexp: missing closing ): `(x`" in line for line in reply.log)


# -- whose records are changed ----------------------------------------------------------------------------------------


def test_up_to_1_8_1_the_zones_own_records_are_changed() -> None:
    for release, owner in (("1.8.1", "x.example."), ("1.8.2", "a.int.example.")):
        server = serving("rewrite name x.example a.int.example", release)
        assert answer(server, "x.example.") == ["x.example. 60 IN A 10.0.0.1"]
        assert answer(server, "a.int.example.") == [f"{owner} 60 IN A 10.0.0.1"]
        assert answer(server, "al.int.example.")[1] == f"{owner} 60 IN A 10.0.0.1"
        other = copy.deepcopy(server)
        assert answer(other, "a.int.example.") == [f"{owner} 60 IN A 10.0.0.1"]


def test_what_a_cache_has_kept_of_them_changes_with_them() -> None:
    rules = "cache 300\nrewrite name x.example a.int.example\nrewrite ttl b.int.example 9"
    server = serving(rules, "1.8.0")
    assert answer(server, "al.int.example.")[1] == "a.int.example. 50 IN A 10.0.0.1"
    assert answer(server, "x.example.") == ["x.example. 50 IN A 10.0.0.1"]
    assert answer(server, "al.int.example.")[1] == "x.example. 50 IN A 10.0.0.1"
    assert answer(server, "b.int.example.") == ["b.int.example. 9 IN A 10.0.0.2"]


def test_a_cache_in_front_hides_what_rules_do_to_a_query_since_1_8_0() -> None:
    rules = 'log . "{type} {size}"\ncache\nrewrite type MX A'
    for release, line in (("1.7.1", "[INFO] A 42"), ("1.8.0", "[INFO] MX 31")):
        assert serving(rules, release).query("a.int.example.", "MX").log == [line]


# -- what is told apart -----------------------------------------------------------------------------------------------


def handler_of(rules: str, release: str = "1.14.7") -> Rewrite:
    handler = serving(rules, release).process.instance.sites[0].handler("rewrite")
    assert isinstance(handler, Rewrite)
    return handler


@pytest.mark.parametrize(
    ("rules", "name", "becomes"),
    [
        ("rewrite name a.x b.x", "a.x.", ("b.x.",)),
        ("rewrite name a.x b.x", "c.x.", ("c.x.",)),
        ("rewrite continue name a.x b.x\nrewrite name suffix .x .y", "a.x.", ("b.y.",)),
        ("rewrite type A MX\nrewrite name a.x b.x", "a.x.", ("a.x.", "b.x.")),
        ("rewrite edns0 nsid set\nrewrite name a.x b.x", "a.x.", ("a.x.",)),
        ("rewrite edns0 nsid replace\nrewrite name a.x b.x", "a.x.", ("a.x.", "b.x.")),
        ("rewrite ttl a.x 5\nrewrite name a.x b.x", "a.x.", ("a.x.",)),
        ("rewrite cname c.x d.x\nrewrite name a.x b.x", "a.x.", ("a.x.", "d.x.")),
    ],
)
def test_the_names_that_questions_become(rules: str, name: str, becomes: tuple[str, ...]) -> None:
    assert handler_of(rules).image(name) == becomes


def test_landmarks() -> None:
    rules = (
        "rewrite name a.x b.x\nrewrite name suffix .c.x .d\nrewrite name prefix e+ f\nrewrite name substring g h\n"
        "rewrite name regex ^i j\nrewrite type MX A\nrewrite class CH IN\nrewrite edns0 local set 1 {protocol}\nrewrite ttl a.x 1"
    )
    found = handler_of(rules).landmarks()
    assert found == [
        Exact("a.x."),
        Pattern(".", r"\.c\.x\.$"),
        Pattern(".", r"^e\+\."),
        Pattern(".", r"g\."),
        Pattern(".", "^i"),
        Flag("type MX"),
        Flag("class CH"),
        Flag("edns"),
        Flag("tcp"),
    ]
    for mark in found:
        if isinstance(mark, Pattern):
            compile_regexp(mark.regexp)


# -- what a trace says ------------------------------------------------------------------------------------------------


def test_a_trace_says_which_rule_did_what_on_the_way_in_and_back() -> None:
    rules = (
        "rewrite type MX A\nrewrite continue edns0 local set 65518 ab\n"
        "rewrite continue name suffix .x .int.example answer auto\nrewrite ttl suffix example 9"
    )
    text = " ".join(str(serving(rules, more="file db int.example").query("a.x.").trace).split())
    assert "line 4: option 65518 is 0x6162; line 5: a.x. -> a.int.example.; line 6: is for the reply, and stops" in text
    assert (
        "on the way back: rewrite puts the question a.x. A back; line 6: a TTL of 9 (2 times); "
        "line 5: value ns.int.example. -> ns.x.; line 5: a.int.example. -> a.x." in text
    )
    assert "no rule fits b.y. A" in str(serving("rewrite name a.x b.x").query("b.y.").trace)


def test_the_word_answer_is_marked_wherever_it_stands() -> None:
    (error, *_) = checks(". {\n rewrite name nothing suffix a b answer name x\n}\n", release="1.8.0")
    assert (error.span and error.span.text) == "answer"


def test_a_pattern_without_the_word_before_it() -> None:
    """What CoreDNS complains of is the replacement; what is missing stands before the pattern."""
    text = ".:53 {\n rewrite name (.*)\\.corp\\.example {1}.svc.example\n whoami\n}\n"
    (one,) = checks(text)
    assert one.hint.startswith("write `name regex (.*)\\.corp\\.example {1}.svc.example`: without `regex`")


PUTS_BACK = "in its place, which puts the client's name back"


@pytest.mark.parametrize(
    ("rule", "release", "hint"),
    [
        ("name regex (.*)[.]a {1}.b answer auto", "1.6.5", f"write `answer name FROM TO` {PUTS_BACK}"),
        ("stop {\nname regex (.*)[.]a {1}.b\nanswer auto\n}", "1.8.3", f"write `answer name FROM TO` {PUTS_BACK}"),
        ("name suffix .a .b answer auto", "1.8.3", f"write a `name regex` with `answer name FROM TO` {PUTS_BACK}"),
        ("name exact a b answer auto", "1.8.3", "delete it: a rule about one exact name puts it back itself"),
        ("name regex (.*)[.]a {1}.b answer auto", "1.0.4", "delete it"),
    ],
)
def test_an_answer_that_is_newer_says_what_there_is_before(rule: str, release: str, hint: str) -> None:
    (found,) = [f for f in checks(f". {{\nrewrite {rule}\nwhoami\n}}\n", release=release) if f.severity == "error"]
    assert (found.message, found.hint) == ("rewrite: `answer auto` came with CoreDNS 1.8.4", hint)


def test_an_answer_needs_the_way_to_match() -> None:
    """CoreDNS takes the first name for it."""
    (found,) = [f for f in checks(". {\nrewrite name a b answer auto\nwhoami\n}\n") if f.severity == "error"]
    assert found.hint == "write `name exact a b answer auto`"
    assert found.coredns == "plugin/rewrite: invalid arguments for a rule"
