"""template: stanzas, what templates see, records, aliases, failures, counters and releases. How the setup complains is in
tests/data/refusals.yaml, what binaries answered in tests/recorded/template.yaml, the language itself in tests/gotemplate."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings

from corefile import Limits, Server, World, checks
from corefile.api import build, loads
from corefile.chain.landmarks import Flag, Pattern
from corefile.dns.message import Edns
from corefile.findings import Source
from corefile.plugins.template._rules import GO
from corefile.releases import find
from corefile.testing import strategies
from tests.classes import told_apart


def serving(stanzas: str, release: str = "1.14.7", before: str = "errors", behind: str = "") -> Server:
    return loads(f".:53 {{\n{before}\n{stanzas}\n{behind}\n}}\n", release=release)


def answers(server: Server, name: str, type: str = "A") -> tuple[str, list[str]]:
    reply = server.query(name, type)
    return reply.rcode or "none", [str(rr) for rr in reply.answer]


TWO = """template IN A ip.test {
    match "^ip-(?P<a>[0-9]+)[.]" "^x(?P<a>[0-9])"
    answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.a }}"
    fallthrough
}
template IN ANY test {
    match "^ip"
    rcode NXDOMAIN
    authority "{{ .Zone }} 30 IN SOA ns.test. host.test. 1 60 60 60 60"
    fallthrough deep.test
}"""


@pytest.mark.parametrize(
    ("name", "type", "answer"),
    [
        ("ip-7.ip.test", "A", ("NOERROR", ["ip-7.ip.test. 60 IN A 10.0.0.7"])),
        ("IP-7.ip.test", "A", ("NOERROR", ["ip-7.ip.test. 60 IN A 10.0.0.7"])),
        ("x7.ip.test", "A", ("NOERROR", ["x7.ip.test. 60 IN A 10.0.0.7"])),
        ("ip-300.ip.test", "A", ("SERVFAIL", [])),
        ("ip-x.ip.test", "A", ("NXDOMAIN", [])),
        ("ip-7.ip.test", "AAAA", ("NXDOMAIN", [])),
        ("y.ip.test", "A", ("SERVFAIL", [])),
        ("y.deep.test", "A", ("NOERROR", [])),
        ("y.other", "A", ("NOERROR", [])),
    ],
)
def test_stanzas_are_looked_through_in_order(name: str, type: str, answer: tuple[str, list[str]]) -> None:
    assert answers(serving(TWO, behind="whoami"), name, type) == answer


def test_reasons_have_names() -> None:
    server = serving(TWO, behind="whoami")
    found = []
    for name, type in (
        ("ip-7.ip.test", "A"),
        ("ip-300.ip.test", "A"),
        ("y.ip.test", "A"),
        ("y.other", "A"),
        ("y.deep.test", "A"),
    ):
        hops = server.query(name, type).trace.hops
        found.append(next(hop.reason for hop in hops if hop.plugin == "template"))
    assert found == ["matched", "template-failed", "no-pattern-matches", "outside-its-zones", "no-stanza-matches"]


@pytest.mark.parametrize(
    ("release", "rcode"), [("1.14.7", "SERVFAIL"), ("1.9.3", "SERVFAIL"), ("1.9.2", "none"), ("1.0.3", "none")]
)
def test_no_match_without_fallthrough(release: str, rcode: str) -> None:
    stanza = 'template IN A {\n match ^a\n answer "a. A 1.2.3.4"\n}'
    assert answers(serving(stanza, release, behind="whoami"), "b.")[0] == rcode


@pytest.mark.parametrize(
    ("release", "flags"),
    [("1.14.7", "qr aa rd"), ("1.3.1", "qr aa rd"), ("1.3.0", "qr aa rd ra"), ("1.0.3", "qr aa rd ra")],
)
def test_flags(release: str, flags: str) -> None:
    assert " ".join(serving("template IN A {\n rcode NXDOMAIN\n}", release).query("a.").flags) == flags


def test_what_templates_see() -> None:
    stanza = """metadata
    template ANY ANY see.test {
        match "^(?P<first>[^.]+)[.](x)?"
        answer "{{ .Name }} 0 {{ .Class }} TXT \\"{{ .Zone }} {{ .Type }} {{ .Regex | len }} {{ index .Match 1 }} {{ .Group.first }} {{ .Remote }}\\""
        answer "{{ .Name }} 0 IN TXT \\"{{ .Question.Name }} {{ .Message.Id }} {{ .Message.RecursionDesired }} {{ .Meta `no/such` }}|\\""
        answer "{{ .Name }} 0 IN TXT \\"{{ with .Message.IsEdns0 }}{{ .UDPSize }} {{ .Do }}{{ else }}no EDNS{{ end }}\\""
    }"""
    reply = serving(stanza).query("WWW.See.test", "MX", id=7)
    assert [rr.data[0].decode() for rr in reply.answer] == [
        "see.test. MX 24 www www 127.0.0.1",
        "WWW.See.test. 7 true |",
        "no EDNS",
    ]
    assert serving(stanza).query("a.see.test", edns=Edns(1232, True)).answer[2].data == (b"1232 true",)


@pytest.mark.parametrize(
    ("release", "text", "error"),
    [
        ("1.14.7", "{{ .Nope }}", "can't evaluate field Nope in type *template.templateData"),
        ("1.5.2", "{{ .Remote }}", "can't evaluate field Remote in type *template.templateData"),
        ("1.5.1", "{{ .Meta `x` }}", "can't evaluate field Meta in type template.templateData"),
        ("1.7.1", "{{ .md }}", "md is an unexported field of struct type *template.templateData"),
    ],
)
def test_data_by_release(release: str, text: str, error: str) -> None:
    log = serving(f'template IN A {{\n answer "{text}"\n}}', release).query("a.").log
    shown = text.replace("{{ ", "").replace(" }}", "").split(" ")[0]
    assert log == [f'[ERROR] plugin/errors: 2 a. A: template: answer:1:3: executing "answer" at <{shown}>: {error}']


def test_counters() -> None:
    stanzas = """template IN A ok.test {
        answer "{{ .Name }} A 1.2.3.4"
    }
    template IN A bad.test {
        answer "{{ .Name  }} A {{/* x */}} x"
    }
    template IN A worse.test {
        additional "{{index .Match  9}}"
    }"""
    names = [f"coredns_template_{name}" for name in ("matches_total", "template_failures_total", "rr_failures_total")]
    server = serving(stanzas, before="prometheus :9153")
    for name in ("a.ok.test", "a.bad.test", "a.worse.test"):
        server.query(name)
    labels = 'class="IN",{}server="dns://:53",{}type="A",view="",zone="{}.test."'
    assert server.samples(names) == [
        *(f"{names[0]}{{{labels.format('', '', zone)}}} 1" for zone in ("bad", "ok", "worse")),
        f'{names[2]}{{class="IN",section="answer",server="dns://:53",template="{{{{.Name}}}} A  x",type="A",view="",zone="bad.test."}} 1',
        f'{names[1]}{{class="IN",section="additional",server="dns://:53",template="{{{{index .Match 9}}}}",type="A",view="",zone="worse.test."}} 1',
    ]
    old = serving(stanzas.replace("additional", "answer"), "1.0.3", before="prometheus :9153")
    old.query("a.ok.test")
    assert old.samples(names) == [f'{names[0]}{{class="IN",type="A",zone="ok.test."}} 1']


ALIAS = 'template IN ANY a.test {\n answer "{{ .Name }} CNAME www.b.test."\n UPSTREAM\n}'
HOSTS = "hosts {\n 10.0.0.1 www.b.test\n}"


@pytest.mark.parametrize(
    ("release", "upstream", "type", "count"),
    [
        ("1.14.7", "", "A", 2),
        ("1.14.7", "", "AAAA", 1),
        ("1.14.7", "", "TXT", 1),
        ("1.5.1", "", "A", 1),
        ("1.5.1", "upstream", "A", 2),
        ("1.2.0", "upstream", "TXT", 1),
        ("1.1.3", "upstream", "TXT", 2),
        ("1.0.5", "", "A", 1),
    ],
)
def test_aliases(release: str, upstream: str, type: str, count: int) -> None:
    server = serving(ALIAS.replace("UPSTREAM", upstream), release, behind=HOSTS)
    assert len(server.query("x.a.test", type).answer) == count


def test_aliases_that_nothing_answers() -> None:
    """Up to 1.8.7 that is a nil pointer."""
    nothing = 'template IN ANY b.test {\n match ^no$\n answer "x."\n}'
    for release, rcode in (("1.9.0", "NOERROR"), ("1.8.6", "SERVFAIL")):
        reply = serving(ALIAS.replace("UPSTREAM", "") + "\n" + nothing, release).query("x.a.test")
        assert reply.rcode == rcode
        assert any("panic" in line for line in reply.log) == (release == "1.8.6")


def test_an_alias_of_itself_never_answers() -> None:
    assert answers(serving('template IN ANY . {\n answer "{{ .Name }} CNAME {{ .Name }}"\n}'), "a.") == ("none", [])


def test_extended_errors() -> None:
    reply = serving('template IN A {\n rcode NXDOMAIN\n ederror 21 "not here"\n}').query("a.", do=True)
    assert reply.edns is not None
    assert reply.edns.options == ((15, b"\x00\x15not here"),)


def test_before_1_6_8_the_end_of_the_chain_is_a_panic() -> None:
    stanza = "template IN A {\n match ^a\n rcode NXDOMAIN\n fallthrough\n}"
    for release, panics in (("1.6.7", True), ("1.6.8", False)):
        assert any("panic" in line for line in serving(stanza, release).query("b.").log) is panics
        assert not any("panic" in line for line in serving(stanza, release, behind="whoami").query("b.").log)


# -- what is not known, or has no end -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{{ range 1000000000 }}{{ end }}", "{{ printf `%p` . }}", "{{ .Message.Pack }}"])
def test_what_cannot_be_worked_out_is_said(text: str) -> None:
    reply = serving(f'template IN A {{\n answer "{text}"\n}}').query("a.")
    assert reply.rcode == "SERVFAIL"
    assert [notice.code for notice in reply.notices] == ["not-simulated"]
    assert "cannot be worked out" in str(reply.trace)


# -- Go -------------------------------------------------------------------------------------------------------------------


def warnings(text: str, release: str) -> list[str]:
    found = build(
        Source("Corefile", f'. {{\ntemplate IN A {{\n answer "{text}"\n}}\n}}\n'), find(release), World()
    ).findings
    return [f.message for f in found if f.code == "newer-go"]


def test_what_is_newer_than_the_builds_go_is_a_warning() -> None:
    text = "{{ range .Match }}{{ break }}{{ end }}"
    assert warnings(text, "1.9.1") == ["{{break}} came with Go 1.18, and CoreDNS 1.9.1 was made with Go 1.17"]
    assert not warnings(text, "1.9.2")
    assert list(GO) == sorted(GO, key=lambda release: find(release).number)


# -- landmarks and strategies -----------------------------------------------------------------------------------------------


def test_landmarks() -> None:
    server = serving(TWO)
    plugin: Any = server.process.instance.sites[0].handlers[-1]
    marks = plugin.all_landmarks()
    assert Pattern("ip.test.", "^ip-(?P<a>[0-9]+)[.]") in marks
    assert Flag("type A") in marks


@pytest.mark.parametrize(
    ("template", "flags"),
    [
        ("{{ .Name }} TXT x", set()),
        ("{{ .Name }} TXT {{ .Remote }}", {"client"}),
        ("{{ .Name }} TXT {{ $x := .Type }}{{ $x }}", {"type"}),
        ("{{ .Name }} TXT {{ $.Class }}", {"class"}),
        ("{{ with .Question }}{{ .Name }}{{ end }} TXT x", {"type", "class"}),
        ("{{ .Name }} TXT {{ len (print .Message) }}", {"do", "ad", "cd", "edns", "type", "class"}),
        ("{{ .Name }} TXT {{ len (print $) }}", {"do", "ad", "cd", "edns", "type", "class", "client"}),
    ],
)
def test_what_templates_look_at_is_told_apart(template: str, flags: set[str]) -> None:
    server = serving(f'template ANY ANY x.test {{\n answer "{template}"\n}}')
    plugin: Any = server.process.instance.sites[0].handlers[-1]
    assert {mark.name for mark in plugin.all_landmarks() if isinstance(mark, Flag)} == flags


def test_the_steps_of_a_template_are_bounded() -> None:
    stanza = '. {\n template IN TXT . {\n answer "{{ range 99 }}{{ end }}a. TXT x"\n}\n}\n'
    assert loads(stanza).query("a.", "TXT").rcode == "NOERROR"
    reply = loads(stanza, world=World(limits=Limits(template_steps=50))).query("a.", "TXT")
    assert (reply.rcode, [hop.reason for hop in reply.trace.hops]) == ("SERVFAIL", ["template-not-modelled"])
    assert "50 steps" in str(reply.trace)


def test_templates_are_read_without_what_executes_them() -> None:
    code = (
        "import sys, corefile; corefile.checks('. {\\n template IN ANY . {\\n match ^a\\n answer \"a. A {{ .Name }}\"\\n}\\n}\\n'); "
        "print([x for x in ('execute', 'fmt', 'values') if f'corefile.gotemplate.{x}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_names_that_no_landmark_tells_apart_are_answered_alike() -> None:
    stanzas = TWO.replace("10.0.0.{{ .Group.a }}", "10.0.0.1")
    labels = ["ip-1", "ip-22", "x1", "xx", "ip", "deep", "ip-x", *(f"l{n}" for n in range(3))]
    assert not told_apart(serving(stanzas, behind="whoami"), "template", ("A", "AAAA"), labels)


@settings(max_examples=30, deadline=None)
@given(strategies.directives("template"))
def test_what_the_declaration_draws_is_read(text: str) -> None:
    found = build(Source("Corefile", f". {{\n{text}}}\n"), find("1.14.7"), World()).errors
    assert all("Wrong argument count" not in f.coredns for f in found)


def test_random_questions_do_not_break_it() -> None:
    draw = random.Random(1)
    server = serving(TWO + '\ntemplate ANY ANY {\n answer "{{ .Question }} {{ .Message }}" "{{ . }}"\n}')
    for _ in range(200):
        name = "".join(draw.choice('ab-.7ipx\\"@ ') for _ in range(draw.randint(1, 20))).strip(".").replace("..", ".")
        try:
            server.query(f"{name}.ip.test", draw.choice(("A", "TXT", "ANY", "TYPE65400")))
        except ValueError:
            continue


def test_the_line_of_the_last_word_is_named() -> None:
    """The kind: a word in quotes over several lines, before the last of the words that CoreDNS reads at once."""
    for line in ('answer "{{ .Zone\n" b', 'match "(\n" b'):
        (found,) = [f for f in checks(f". {{\ntemplate IN A {{\n{line}\n}}\n}}\n") if f.severity == "error"]
        assert found.coredns.startswith("plugin/template: Corefile:4 - Error during parsing: could not ")
        assert found.span is not None
        assert found.span.line == 3


def test_aliases_to_names_that_grow_end_where_a_name_is_too_long() -> None:
    """The server asks itself until a label would have more than 63 octets, or a name more than 255."""
    for prefix in ("x", "www."):
        text = f'template IN A {{\nanswer "{{{{ .Name }}}} 60 IN CNAME {prefix}{{{{ .Name }}}}"\nupstream\n}}'
        reply = loads(f".:53 {{\n{text}\n}}\n").query("a.test", transport="tcp")
        assert (reply.rcode, len(reply.answer)) == ("NOERROR", 62)
