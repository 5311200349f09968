"""Coverage: which parts of a Corefile there are, which are exercised, and by which questions the others would be."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import corefile
from corefile import Server, World
from corefile.dns.tsig import Key
from corefile.testing.cases import run
from corefile.testing.coverage import KINDS, Coverage, Part, Report

from ..test_conformance import CASES

TEXT = """.:53 example.org:53 {
    errors
    health
    hosts more example.org {
        10.0.0.1 a.example.org
        10.0.0.2 b.example.org *.w.example.org
        ttl 30
        fallthrough example.org w.example.org
    }
    rewrite name old.example. a.example.org.
    rewrite stop {
        name regex (.*)\\.x\\. {1}.example.org.
        answer auto
    }
    template IN A t.example {
        match ^x
        answer "{{ .Name }} 60 IN A 10.1.1.1"
        fallthrough
    }
    template IN TXT t.example {
        rcode NXDOMAIN
    }
    forward . 10.0.0.53 {
        max_concurrent 10
        except internal.example
    }
}
"""


def server(text: str = TEXT) -> Server:
    world = World(upstreams={"10.0.0.53": "www.p. 60 IN A 192.0.2.1"}, files={"more": ""})
    return corefile.loads(text, world=world)


def measured(*names: str, text: str = TEXT, questions: int = 0) -> Report:
    with Coverage() as coverage:
        asked = server(text)
        for name in names:
            asked.query(*name.split())
        return coverage.report(questions=questions)


def names(report: Report, kind: str, exercised: bool = True) -> list[str]:
    (file,) = report.files
    return [p.name for p in file.parts if p.kind == kind and file.exercised(p) is exercised]


def test_what_there_is() -> None:
    report = measured("nothing.example")
    (file,) = report.files
    assert [(p.kind, p.name, p.line, p.column) for p in file.parts if p.kind not in ("branch", "property")] == [
        ("server block", ". example.org.", 1, 1),
        ("zone", ".", 1, 1),
        ("zone", "example.org.", 1, 6),
        ("directive", "errors", 2, 5),
        ("setting", "health", 3, 5),
        ("directive", "hosts", 4, 5),
        ("entry", "hosts: a.example.org.", 5, 18),
        ("entry", "hosts: b.example.org.", 6, 18),
        ("entry", "hosts: *.w.example.org.", 6, 32),
        ("fallthrough", "hosts: example.org.", 8, 9),
        ("fallthrough", "hosts: w.example.org.", 8, 9),
        ("directive", "rewrite", 10, 5),
        ("rule", "rewrite name old.example. a.example.org.", 10, 5),
        ("rule", "rewrite stop name regex (.*)\\.x\\. {1}.example.org. answer auto", 11, 5),
        ("directive", "template", 15, 5),
        ("rule", "template IN A t.example ^x {{ .Name }} 60 IN A 10.1.1.1", 15, 5),
        ("fallthrough", "template: .", 18, 9),
        ("rule", "template IN TXT t.example NXDOMAIN", 20, 5),
        ("directive", "forward", 23, 5),
        ("rule", "forward: except internal.example", 25, 16),
    ]


@pytest.mark.parametrize(
    ("question", "kind", "name"),
    [
        ("a.example.org", "zone", "example.org."),
        ("a.example.org", "entry", "hosts: a.example.org."),
        ("q.w.example.org", "entry", "hosts: *.w.example.org."),
        ("c.example.org", "fallthrough", "hosts: example.org."),
        ("c.d.w.example.org", "fallthrough", "hosts: w.example.org."),
        ("old.example", "rule", "rewrite name old.example. a.example.org."),
        ("q.x", "rule", "rewrite stop name regex (.*)\\.x\\. {1}.example.org. answer auto"),
        ("x.t.example", "rule", "template IN A t.example ^x {{ .Name }} 60 IN A 10.1.1.1"),
        ("y.t.example", "fallthrough", "template: ."),
        ("y.t.example TXT", "rule", "template IN TXT t.example NXDOMAIN"),
        ("y.t.example TXT", "property", "template: rcode"),
        ("a.example.org", "property", "hosts: ttl"),
        ("x.t.example", "directive", "template"),
        ("a.internal.example", "branch", "forward: excepted"),
        ("a.internal.example", "rule", "forward: except internal.example"),
        ("1.0.0.10.in-addr.arpa PTR", "branch", "hosts: found"),
    ],
)
def test_each_part_is_exercised_by_a_question(question: str, kind: str, name: str) -> None:
    if kind != "branch":
        assert name in names(measured("nothing.here MX"), kind, exercised=False)
    assert name in names(measured(question), kind)


DENIES = (
    'template ANY ANY b.example {\n rcode NXDOMAIN\n authority "b.example. 60 IN SOA a. b. 1 2 3 4 5"\n}\n'
    'template IN A a.example {\n answer "{{ .Name }} 60 IN A 10.0.0.1"\n}'
)
BY_ITSELF = {
    "acl {\n allow net 10.1.0.0/16\n block type TXT net *\n}\nacl a.example {\n block net 10.0.0.0/8\n}\nwhoami": [
        (("x.example", {"client": "10.1.0.1"}), "acl: allow net 10.1.0.0/16"),
        (("x.example TXT", {"client": "10.2.0.1"}), "acl: block type TXT net *"),
        (("a.example", {"client": "10.2.0.1"}), "acl: block net 10.0.0.0/8"),
    ],
    "forward . 127.0.0.9 {\n except a.example b.example\n except 10.0.0.0/7\n}": [
        (("x.a.example", {}), "forward: except a.example"),
        (("B.example", {}), "forward: except b.example"),
        (("1.0.0.10.in-addr.arpa PTR", {}), "forward: except 10.0.0.0/7"),
    ],
    "grpc . 127.0.0.9 {\n except a.example b.example\n}\nwhoami": [
        (("a.example", {}), "grpc: except a.example"),
        (("b.example", {}), "grpc: except b.example"),
    ],
    "log a.example\nlog b.example {\n class denial\n}\n" + DENIES: [
        (("x.a.example", {}), "log a.example"),
        (("x.b.example", {}), "log b.example denial"),
    ],
    "errors {\n consolidate 5s unreachable$\n consolidate 1m ^plugin\n}\nforward a.example 192.0.2.1": [
        (("a.example", {}), "errors: consolidate 5s unreachable$"),
        (("b.example", {}), "errors: consolidate 1m ^plugin"),
    ],
    "cache {\n disable success a.example\n disable denial\n}\n" + DENIES: [
        (("x.a.example", {}), "cache: disable success a.example"),
        (("x.b.example", {}), "cache: disable denial"),
    ],
    "view v {\n expr type() == 'A'\n expr incidr(client_ip(), '10.0.0.0/8')\n}\nwhoami": [
        (("x TXT", {}), "view: expr type() == 'A' is false"),
        (("x", {}), "view: expr type() == 'A' is true"),
        (("x", {}), "view: expr incidr(client_ip(), '10.0.0.0/8') is false"),
        (("x", {"client": "10.1.1.1"}), "view: expr type() == 'A' is true"),
        (("x", {"client": "10.1.1.1"}), "view: expr incidr(client_ip(), '10.0.0.0/8') is true"),
    ],
}
"""Directives whose lines decide by themselves, each with questions by which its parts are exercised."""


@pytest.mark.parametrize("directives", BY_ITSELF, ids=lambda text: text.split()[0])
def test_what_decides_by_itself_is_a_part_by_itself(directives: str) -> None:
    """The kind: one line, or zone, of several being used let the others count as used."""
    cases = BY_ITSELF[directives]
    text = f". {{\n{directives}\n}}\n"
    everything = {part for _, part in cases}
    for asked in (asked for asked, _ in cases):
        question, more = asked
        with Coverage() as coverage:
            corefile.loads(text).query(*question.split(), **more)  # type: ignore[arg-type]
        report = coverage.report(questions=0)
        used, missed = (everything.intersection(names(report, "rule", exercised)) for exercised in (True, False))
        assert used == {part for other, part in cases if other == asked}
        assert missed == everything - used
        assert set(missed) & set(everything), "the others are not exercised"


def test_the_key_of_a_signature_is_a_part_by_itself() -> None:
    text = ". {\n tsig {\n  secret a. AAAA\n  secret b. BBBB\n  require all\n }\n whoami\n}\n"
    with Coverage() as coverage:
        corefile.loads(text).query("x.example", key=Key("b.", "BBBB"))
    report = coverage.report(questions=0)
    assert names(report, "rule") == ["tsig: secret b. BBBB"]
    assert names(report, "rule", exercised=False) == ["tsig: secret a. AAAA"]


def test_each_line_of_a_block_is_a_part() -> None:
    text = ". {\n header {\n  response set ra\n  response clear aa\n }\n whoami\n}\n"
    with Coverage() as coverage:
        corefile.loads(text).query("x.example")
    (file,) = coverage.report(questions=0).files
    assert [(p.name, p.line) for p in file.parts if p.kind == "property"] == [
        ("header: response", 3),
        ("header: response", 4),
    ]


def test_a_view_that_is_asked_is_a_directive_that_is_exercised() -> None:
    """It stands behind what answers, and is asked before: when the server block is chosen."""
    text = ". {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n. {\n view w {\n  expr do()\n }\n whoami\n}\n"
    with Coverage() as coverage:
        corefile.loads(text).query("x.example")
    (file,) = coverage.report(questions=0).files
    assert {(p.line, file.exercised(p)) for p in file.parts if p.name == "view"} == {(2, True), (8, False)}


def test_where_several_directives_are_one_plugin_each_is_a_part() -> None:
    zone = "@ 60 IN SOA ns.x. me.x. 1 2 3 4 5"
    text = (
        ". {\n file db a.example\n file db b.example c.example {\n  fallthrough c.example\n }\n"
        " file db b.a.example\n whoami\n}\n"
    )
    for name, line in (("x.a.example", 2), ("x.b.example", 3), ("x.c.example", 3), ("x.b.a.example", 6)):
        with Coverage() as coverage:
            corefile.loads(text, world=World(files={"db": zone})).query(name)
        (file,) = coverage.report(questions=0).files
        assert [p.line for p in file.parts if p.name == "file" and file.exercised(p)] == [line]
        assert [p.hits for p in file.parts if p.kind == "fallthrough"] == [int(name == "x.c.example")]


def test_beside_what_is_missed_stands_a_question_that_exercises_it() -> None:
    """All kinds of parts: each question is asked, and exercises its part."""
    missed = [p for p in measured("nothing.here MX", questions=1000).files[0].missed if p.ask]
    assert {p.kind for p in missed} == set(KINDS) - {"setting", "server block"}
    for part in missed:
        if len(part.ask.split()) == 2:
            assert part.name in names(measured(part.ask), part.kind), part
    assert measured(*(p.ask for p in missed if len(p.ask.split()) == 2), questions=1000).percent > 90


def test_a_property_that_is_set_up_beforehand_counts_as_its_directive() -> None:
    assert "forward: max_concurrent" in names(measured("a.example.org A"), "property", exercised=False)
    assert "forward: max_concurrent" in names(measured("www.p"), "property")


def test_copies_count_and_so_do_upstreams_that_are_corefiles() -> None:
    inner = ". {\n    hosts {\n        10.9.9.9 in.example\n    }\n}\n"
    world = World(upstreams={"10.0.0.53": {"corefile": inner}})
    asked = corefile.loads(". {\n    forward . 10.0.0.53\n}\n", world=world)
    with Coverage() as coverage:
        for name in ("in.example", "out.example"):
            asked.copy().query(name, trace=False)
    report = coverage.report(questions=0)
    found = {
        part.name: part.hits for file in report.files for part in file.parts if part.kind in ("entry", "directive")
    }
    assert found == {"forward": 2, "hosts": 2, "hosts: in.example.": 1}


def test_answers_and_traces_are_the_same_and_afterwards_nothing_is_left() -> None:
    questions = ["a.example.org", "x.t.example", "q.x", "www.p", "www.p AAAA", "c.example.org"]
    plain = server()
    with Coverage() as coverage:
        watched = server()
        for question in questions:
            one, other = plain.query(*question.split()), watched.query(*question.split())
            assert (one, str(one.trace)) == (other, str(other.trace))
        assert watched.copy().query("a.example.org").received
        assert repr(watched.process.instance.sites[0].handler("hosts").config).startswith("Config(file='more'")
    count = coverage.report(questions=0).files[0].parts
    watched.query("a.example.org")
    assert Server._observe is None
    assert coverage.report(questions=0).files[0].parts == count


def test_several_measure_each_its_own_time() -> None:
    """One of one test, and one of all tests: what is asked in between counts for both, by properties and reasons, too."""
    alone = measured("q.x", "www.p", "www.p AAAA", questions=50)
    whole = measured("a.example.org", "q.x", "www.p", "www.p AAAA", "x.t.example", questions=50)
    with Coverage() as outer:
        asked = server()
        asked.query("a.example.org")
        with Coverage() as inner:
            again = server()
            for words in ("q.x", "www.p", "www.p AAAA"):
                again.query(*words.split())
        assert inner.report(questions=50) == alone
        again.query("x.t.example")
    assert outer.report(questions=50) == whole
    assert inner.report(questions=50) == alone
    assert Server._observe is None


def test_what_is_exercised_apart() -> None:
    with Coverage() as coverage:
        asked = server()
        asked.query("a.example.org")
        for name in ("one", "other"):
            with coverage.apart(name):
                asked.query("a.example.org")
                asked.query("q.x")
    rest, apart = coverage.split(questions=50)
    assert names(rest, "entry") == ["hosts: a.example.org."]
    assert [p.hits for p in rest.files[0].parts if p.kind == "server block"] == [1]
    assert apart["one"] == apart["other"]
    assert all(part.hits for part in apart["one"].files[0].parts)
    assert rest.merged(*apart.values()) == coverage.report(questions=50)


def test_one_that_ends_before_another_that_began_later() -> None:
    first, second = Coverage(), Coverage()
    first.start()
    second.start()
    with pytest.raises(RuntimeError, match="this Coverage is on already"):
        first.start()
    first.stop()
    server().query("a.example.org")
    second.stop()
    assert names(second.report(questions=0), "entry") == ["hosts: a.example.org."]
    assert first.report(questions=0).files == ()
    assert Server._observe is None


@pytest.mark.parametrize("release", ["1.0.0", "1.1.3", "1.5.0", "1.8.4", "1.14.7"])
def test_in_all_releases(release: str) -> None:
    with Coverage() as coverage:
        asked = corefile.loads("a.example b.example {\n    cache 30\n    whoami\n}\n", release=release)
        asked.query("x.b.example")
    assert names(coverage.report(questions=0), "zone") == ["b.example."]
    assert names(coverage.report(questions=0), "directive") == ["cache", "whoami"]


def test_reports_are_plain_data_and_add_up() -> None:
    one, other = measured("a.example.org", "x.t.example"), measured("b.example.org")
    assert Report.from_json(json.loads(json.dumps(one.to_json()))) == one
    both = one.merged(other)
    (file,) = both.files
    assert {p.name: p.hits for p in file.parts if p.kind == "entry"} == {
        "hosts: a.example.org.": 1,
        "hosts: b.example.org.": 1,
        "hosts: *.w.example.org.": 0,
    }
    assert both.percent > max(one.percent, other.percent)
    assert Report(()).percent == 100.0
    assert Report(()).merged(one) == one


def test_the_table() -> None:
    text = ".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n"
    assert str(measured("a.example.org", text=text, questions=1000)) == (
        "<text>  50 % (4 of 8)\n"
        "   server blocks     1 of 1\n"
        "   directives        1 of 1\n"
        "   entries           1 of 1\n"
        "   branches          1 of 5\n"
        "   <text>:1:1  branch server: end-of-the-chain   ask . PTR\n"
        "   <text>:2:5  branch hosts: no-entry   ask . A\n"
        "   <text>:2:5  branch hosts: no-entry-for-address   ask . PTR\n"
        "   <text>:2:5  branch hosts: no-entry-of-this-type   ask localhost. NS"
    )


def test_only_corefiles_that_are_files(tmp_path: Path) -> None:
    path = tmp_path / "Corefile"
    path.write_text(TEXT, encoding="utf-8")
    with Coverage() as coverage:
        server().query("a.example.org")
        corefile.load(path).query("b.example.org")
    assert [f.path for f in coverage.report(only_files=True, questions=0).files] == [str(path)]
    assert len(coverage.report(questions=0).files) == 2


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_stands_alone_and_nothing_in_a_corefile_becomes_a_part_of_it(tmp_path: Path) -> None:
    text = (
        ". {\n"
        "    # <script>alert(1)</script> <img src=x onerror=alert(1)> &amp; \u202e \x1b[2J\n"
        '    template IN A "<b>.example" {\n        answer "</td><script>"\n    }\n'
        "    hosts {\n        10.0.0.1 <i>.example\n    }\n}\n"
    )
    page = measured("x.example", text=text).html()
    parsed = Page(page)
    assert parsed.tags <= {
        "html",
        "meta",
        "title",
        "style",
        "h1",
        "h2",
        "p",
        "table",
        "tr",
        "th",
        "td",
        "b",
        "br",
        "code",
    }
    assert not parsed.attributes & {"src", "href", "onerror", "onclick"}
    assert "<script>alert(1)</script>" in parsed.words
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_shows_each_line() -> None:
    page = measured("a.example.org", questions=1000).html()
    assert "<tr class=all><td class=number>5<td class=mark>✓<td class=text>        10.0.0.1 a.example.org" in page
    assert "<tr class=none><td class=number>6<td class=mark>✗" in page
    assert "rule <b>rewrite name old.example. a.example.org.</b>: ask <code>old.example. A</code>" in page


def test_a_part_says_whether_it_counts() -> None:
    assert Part("branch", "x", 1, 1).counts
    assert not Part("setting", "x", 1, 1).counts


def test_a_fault_in_finding_branches_fails_no_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests have exercised is known all the same, and what measures goes on to measure."""

    def broken(server: Server, **how: bool) -> None:
        raise KeyError(server)

    monkeypatch.setattr("corefile.classes.Classes", broken)
    report = measured("a.example.org", questions=10)
    assert names(report, "entry") == ["hosts: a.example.org."]
    assert names(report, "branch") == ["hosts: found", "rewrite: no-rule-fits", "template: outside-its-zones"]
    monkeypatch.setenv("COREFILE_DEBUG", "1")
    with pytest.raises(KeyError):
        measured("a.example.org", questions=10)


@pytest.mark.parametrize("path", CASES[::97], ids=lambda p: p.stem)
def test_recorded_answers_are_the_same_while_it_is_measured(path: Path) -> None:
    with Coverage() as coverage:
        assert run(str(path))["passed"]
    for file in coverage.report(questions=20).files:
        assert all(part.line > 0 and part.hits >= 0 for part in file.parts)


@pytest.mark.parametrize(
    ("directive", "parts"),
    [
        ("tsig {\n  secret a. AAAA\n  require all\n }", ["rule tsig: secret a. AAAA", "property tsig: require"]),
        ("etcd {\n  path /skydns\n  fallthrough\n }", ["property etcd: path", "fallthrough etcd: ."]),
        (
            "azure g:x.example {\n  tenant a\n  client b\n  secret c\n  subscription d\n }",
            [f"property azure: {name}" for name in ("tenant", "client", "secret", "subscription")],
        ),
        ("file db {\n  reload 1m\n }", ["property file: reload"]),
    ],
)
def test_lines_are_read_once_more_as_they_were_at_first(directive: str, parts: list[str]) -> None:
    """What a plugin keeps in mind while it reads is of that reading, not of the server block."""
    stores: dict[str, Any] = {"etcd": {}, "azure@g:x.example": []}
    world = corefile.World(files={"db": "@ 60 IN SOA ns.x. me.x. 1 2 3 4 5\n"}, stores=stores)
    with Coverage() as coverage:
        corefile.loads(f"x.example {{\n {directive}\n whoami\n}}\n", world=world).query("x.example")
    (file,) = coverage.report(questions=0).files
    name = directive.split()[0]
    kinds = ("property", "rule", "fallthrough")
    assert [f"{p.kind} {p.name}" for p in file.parts if p.kind in kinds and p.name.startswith(f"{name}:")] == parts
