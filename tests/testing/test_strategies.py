"""The public strategies: what they draw is what they promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from corefile import CorefileError, Fault, Question, World, loads, plugins
from corefile.api import build
from corefile.dns import wire
from corefile.dns.message import Msg
from corefile.dns.names import fqdn
from corefile.dns.rdata import rr_from_text, rr_to_text
from corefile.dns.rr import RR
from corefile.dns.zonefile import parse
from corefile.findings import Source
from corefile.releases import ALL, LATEST, Release
from corefile.releases import find as release_of
from corefile.testing import strategies
from corefile.testing.strategies.corefiles import _found, _joined, drawn_in, taken, with_mistakes
from corefile.testing.strategies.corefiles import given as given_world
from corefile.testing.strategies.examples import Examples
from corefile.testing.strategies.mistakes import DECLARED, KINDS, Mistake, mistaken
from corefile.testing.strategies.samples import SAMPLES

FEW = settings(max_examples=2000, derandomize=True, database=None, phases=[Phase.generate], deadline=None)

SERVER = loads(". {\n    whoami\n}\n")
FAILING = loads(". {\n    forward . 10.0.0.53\n}\n", world=World(upstreams={"10.0.0.53": "a. 1 IN A 10.0.0.1"}))


def test_what_is_public_is_documented() -> None:
    page = (Path(__file__).resolve().parent.parent.parent / "docs/testing.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`(\w+)", page[page.index("## Properties") :]))
    assert set(strategies.__all__) - known == {"LABEL", "UPSTREAMS"}


@given(strategies.names(), strategies.names("example.org"))
def test_names_are_absolute_and_below_their_suffix(name: str, below: str) -> None:
    assert name == fqdn(name) == name.lower()
    assert 0 < len(name) <= 254
    assert all(0 < len(label) <= 63 for label in name[:-1].split("."))
    assert below.endswith(".example.org.")


@given(st.data())
def test_another_spelling_is_the_same_name(data: st.DataObject) -> None:
    name = data.draw(strategies.names())
    assert data.draw(strategies.respelled(name)).lower() == name


def test_some_spellings_differ() -> None:
    assert find(strategies.respelled("a."), lambda name: name != "a.") == "A."


@given(strategies.names_in("example.org"))
def test_names_in_a_zone_are_it_or_below_it(name: str) -> None:
    assert name == "example.org." or name.endswith(".example.org.")


def test_names_in_a_zone_shrink_to_its_own() -> None:
    assert find(strategies.names_in("Example.org"), lambda name: True) == "Example.org."


@given(strategies.questions("example.org."))
def test_questions_can_be_asked_as_they_are(question: Question) -> None:
    reply = SERVER.copy().query(question, trace=False)
    assert (reply.rcode, *reply.question.split()) == ("NOERROR", question.name, "IN", question.type)


@given(strategies.records())
def test_records_print_as_zone_files_have_them(record: RR) -> None:
    assert rr_from_text(rr_to_text(record)) == record


@settings(max_examples=50)
@given(strategies.messages())
def test_messages_survive_the_wire(message: Msg) -> None:
    again = wire.unpack(wire.pack(message))
    assert (again.question, again.answer, again.rcode, again.qr) == (
        message.question,
        message.answer,
        message.rcode,
        True,
    )


@settings(max_examples=30)
@given(strategies.zones("example.org."))
def test_zones_are_files_that_a_server_takes(text: str) -> None:
    records = list(parse(text, "example.org."))
    assert [rr.type for rr in records].count(6) == 1
    world = World(files={"db": text})
    assert loads("example.org {\n file db\n}", world=world).query("example.org", "SOA").rcode == "NOERROR"


@settings(suppress_health_check=list(HealthCheck), max_examples=25)
@given(st.data())
def test_corefiles_are_taken_by_their_release_in_drawn_worlds(data: st.DataObject) -> None:
    release = data.draw(st.sampled_from([ALL[0], ALL[20], LATEST]))
    text = data.draw(strategies.corefiles(release))
    server = loads(text, release=release, world=data.draw(strategies.worlds()))
    assert not [f for f in server.findings if f.severity == "error"]
    server.start()


def test_every_directive_of_every_release_is_drawn() -> None:
    missing = {(r.version, name) for r in ALL for name in set(r.order) - set(drawn_in(r))}
    assert missing == {("1.1.4", "reverse")}  # which CoreDNS refuses there, whatever its arguments
    assert {name for r in ALL for name in r.order} == set(SAMPLES) == set(plugins.names())


@pytest.mark.parametrize("name", SAMPLES)
def test_corefiles_have_each_directive(name: str) -> None:
    wanted = re.compile(rf"^    {name}\b", re.M)
    drawn = strategies.corefiles(newest(name), plugins=[name])
    assert find(drawn, lambda text: bool(wanted.search(text)), settings=FEW)


def newest(name: str) -> Release:
    """The last release that takes a directive."""
    return next(r for r in reversed(ALL) if name in r.order and (name, r.version) != ("reverse", "1.1.4"))


OLD = {"set aa", "clear ra"}
"""Lines of `header` that later releases do not take any more."""


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_of_a_sample_is_taken(name: str) -> None:
    sample, found = SAMPLES[name], taken(name, newest(name))
    assert (found.heads, found.needs) == (sample.heads, sample.needs)
    assert set(sample.lines) - set(found.lines) <= (OLD if name == "header" else set())


def test_old_lines_are_for_old_releases() -> None:
    found = taken("header", release_of("1.9.3"))
    assert {*found.needs, *found.lines} == OLD


def test_a_directive_that_the_release_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.14\.7 has no `proxy`"):
        strategies.corefiles(plugins=["proxy"])


def test_what_another_directive_needs_stands_beside_it() -> None:
    found = find(strategies.corefiles(plugins=["k8s_external"]), lambda text: "k8s_external" in text, settings=FEW)
    assert re.search(r"^    kubernetes ", found, re.M)


def test_two_views_of_a_zone_are_drawn() -> None:
    twice = re.compile(r"^(\S+) \{\n[^}]*view.*^\1 \{", re.M | re.S)
    assert find(strategies.corefiles(plugins=["view"]), lambda text: bool(twice.search(text)), settings=FEW)


@settings(suppress_health_check=list(HealthCheck), max_examples=25)
@given(st.data())
def test_broken_corefiles_are_refused_where_they_say_in_every_world_that_is_documented(data: st.DataObject) -> None:
    release = data.draw(st.sampled_from([ALL[0], ALL[20], LATEST]))
    broken = data.draw(strategies.broken_corefiles(release))
    for world in (given_world(), data.draw(strategies.worlds()), World()):
        with pytest.raises(CorefileError) as raised:
            loads(broken.text, release=release, world=world)
        first = next(finding for finding in raised.value.findings if finding.severity == "error")
        assert first.coredns == broken.coredns
    said = re.search(r"Corefile:(\d+) - ", broken.coredns)
    assert said is None or int(said[1]) == broken.line
    assert 1 <= broken.line <= len(broken.text.splitlines()) + 1


@pytest.mark.parametrize("line", ["tls cert.pem nosuch.pem", "tls 10s cert.pem key.pem"])
def test_a_file_that_may_be_on_the_machine_is_no_mistake(line: str) -> None:
    """A Corefile is broken by its text, and not by what a world happens to lack."""
    assert _found(f"tls://. {{\n    {line}\n}}\n", LATEST) is None


def test_what_is_left_of_a_corefile_has_a_block_that_a_mistake_can_stand_in() -> None:
    """`root` takes the certificates from `tls`, and without them no block of https3 starts: all of it goes."""
    blocks = [("https3://.", (("tls", "    tls cert.pem key.pem\n"), ("root", "    root zones\n")))]
    text = _joined(list(blocks), LATEST)
    assert text == ". {\n}\n"
    assert _found(mistaken(text, Mistake("an unknown directive")), LATEST) is not None


@pytest.mark.parametrize("release", ALL, ids=str)
def test_an_unknown_directive_is_refused_in_whatever_is_drawn(release: Release) -> None:
    """The last mistake that `broken_corefiles` tries must not fail: the strategy would raise by itself."""
    texts = Examples(strategies.corefiles(release))
    for seed in range(3):
        text = texts[str(seed)]
        assert all(_found(mistaken(text, Mistake("an unknown directive", at)), release) for at in range(4)), text
    assert build(Source("Corefile", ". {\n}\n"), release, given_world()).errors == []


def test_a_release_is_given_by_its_number_or_the_name_of_an_image() -> None:
    strategies_of: list[Any] = [strategies.corefiles, strategies.broken_corefiles, with_mistakes]
    for draws in strategies_of:
        by_text, by_release = Examples(draws("1.6.5")), Examples(draws(release_of("1.6.5")))
        assert [by_text[str(seed)] for seed in range(3)] == [by_release[str(seed)] for seed in range(3)]
        with pytest.raises(ValueError, match=r"has no release 9\.9\.9"):
            draws("9.9.9")
    assert (
        find(strategies.directives("proxy", "registry.k8s.io/coredns:1.4.0"), lambda text: True).split()[0] == "proxy"
    )
    with pytest.raises(ValueError, match="there is no directive `nosuch`"):
        strategies.directives("nosuch")


def test_broken_corefiles_shrink_to_a_block_with_a_mistake() -> None:
    found = find(strategies.broken_corefiles(plugins=["whoami"]), lambda broken: True)
    assert (found.text, found.line) == (". {\n    nosuch\n}\n", 2)


def directive_at(broken: strategies.Broken) -> str:
    """The directive in which a Corefile breaks."""
    lines = [line for line in broken.text.splitlines()[: broken.line] if re.match(r" {4}\w", line)]
    return lines[-1].split()[0] if lines else ""


@pytest.mark.parametrize("name", SAMPLES)
def test_broken_corefiles_break_at_each_directive(name: str) -> None:
    drawn = strategies.broken_corefiles(newest(name), plugins=[name])

    def breaks_there(broken: strategies.Broken) -> bool:
        return directive_at(broken) == name and "Unknown directive" not in broken.coredns

    assert find(drawn, breaks_there, settings=FEW)


@pytest.mark.parametrize("kind", KINDS)
def test_each_mistake_is_refused_somewhere(kind: str) -> None:
    text = ". {\n    cache 30\n    bind 127.0.0.1\n    errors {\n        stacktrace\n    }\n}\n\na.b {\n    debug\n}\n"
    word = "log . {\n        class none\n    }" if kind == DECLARED else "nosuch"
    tried = [mistaken(text, Mistake(kind, at, word, place)) for at in range(6) for place in range(6)]
    assert any(one != text for one in tried)
    assert any(build(Source("Corefile", one), LATEST, given_world()).errors for one in tried)


def test_a_mistake_that_has_no_place_changes_nothing() -> None:
    assert mistaken(". {\n}\n", Mistake("a word too many")) == ". {\n}\n"


def test_examples_are_made_of_their_seed_alone() -> None:
    examples = Examples(strategies.corefiles())
    first = [examples[str(seed)] for seed in range(20)]
    assert [Examples(strategies.corefiles())[str(seed)] for seed in reversed(range(20))] == first[::-1]
    assert len(set(first)) > 15


@pytest.mark.parametrize("name", plugins.names())
def test_every_plugin_can_be_drawn_from_its_declaration(name: str) -> None:
    cls: Any = plugins.find(name)
    known = {p.name for p in cls.PROPERTIES}

    @settings(max_examples=5)
    @given(strategies.directives(name))
    def drawn(text: str) -> None:
        first, *rest = [line.split() for line in text.splitlines()]
        assert first[0] == name
        assert (first[-1] == "{") == bool(rest)
        assert all(line[0] in known for line in rest[:-1])
        assert rest[-1:] in ([], [["}"]])

    drawn()


@settings(max_examples=40)
@given(strategies.directives("cache", ALL[40]))
def test_a_property_is_drawn_only_in_releases_that_have_it(text: str) -> None:
    cls: Any = plugins.find("cache")
    newer = {p.name for p in cls.PROPERTIES if not p.in_release(ALL[40])}
    assert {"keepttl", "serve_stale_policy"} <= newer
    assert not newer & {line.split()[0] for line in text.splitlines()}


@given(st.data())
def test_choices_lets_hypothesis_choose(data: st.DataObject) -> None:
    world = World(choose=data.draw(strategies.choices()))
    assert world.choose(["a", "b", "c"], "any") in ("a", "b", "c")


def test_choices_shrink_to_the_first_option_and_reach_the_last() -> None:
    def drawn(wanted: str) -> str:
        @st.composite
        def chosen(draw: st.DrawFn) -> str:
            return World(choose=draw(strategies.choices())).choose(["a", "b", "c"], "any")

        return find(chosen(), lambda option: option >= wanted)

    assert (drawn("a"), drawn("b"), drawn("c")) == ("a", "b", "c")


# -- what a server tells apart ----------------------------------------------------------------------------------------

SPLIT = loads(
    "corp.example {\n hosts {\n  10.0.0.1 www.corp.example\n }\n}\n"
    '.:53 {\n acl {\n  block net 192.0.2.0/24\n }\n template IN A {\n  match "^ip-[0-9]+[.]"\n'
    '  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n}\n'
)


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("an entry", lambda q: q.name == "www.corp.example."),
        ("a near miss of an entry", lambda q: q.name.endswith("www.corp.example.") and len(q.name) == 18),
        ("a zone", lambda q: q.name == "corp.example."),
        ("a match of a pattern", lambda q: q.name.startswith("ip-")),
        ("a near miss of a pattern", lambda q: re.match(r".ip-\d|ip\d", q.name)),
        ("a client of a network", lambda q: (q.client or "").startswith("192.0.2.")),
        ("a client beside a network", lambda q: (q.client or "") in ("192.0.1.255", "192.0.3.0")),
        ("a type nobody knows", lambda q: q.type == "TYPE65280"),
        ("the DO bit", lambda q: q.do),
        ("no flag", lambda q: q.flags == "none"),
        ("another class", lambda q: q.cls != "IN"),
        ("another opcode", lambda q: q.opcode != "QUERY"),
        ("TCP", lambda q: q.transport == "tcp"),
    ],
)
def test_queries_reach_what_the_server_tells_apart(what: str, wanted: Any) -> None:
    assert find(strategies.queries(SPLIT), wanted, settings=FEW), what


def test_queries_shrink_to_a_plain_one() -> None:
    assert find(strategies.queries(SPLIT), lambda q: True) == Question(".")
    assert find(strategies.queries(SPLIT), lambda q: "www" in q.name) == Question("www.corp.example.")


@given(strategies.queries(SPLIT))
def test_queries_can_be_asked_as_they_are(question: Question) -> None:
    assert SPLIT.copy().query(question) == question.ask(SPLIT.copy())


def test_every_listener_is_asked() -> None:
    server = loads("tls://a.example {\n whoami\n}\n.:5353 {\n whoami\n}\n")
    asked = {find(strategies.queries(server), lambda q, to=to: to in q.to).to for to in ("tls://", "5353")}
    assert asked == {"tls://127.0.0.1:853", "127.0.0.1:5353"}


# -- worlds -----------------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(strategies.clusters(), st.data())
def test_clusters_are_answered_from(objects: list[dict[str, Any]], data: st.DataObject) -> None:
    server = loads(".:53 {\n kubernetes cluster.local\n}\n", world=World(cluster=objects))
    for one in objects:
        meta = one["metadata"]
        if one["kind"] == "Service" and str(one["spec"].get("clusterIP", "")).startswith("10."):
            reply = server.query(f"{meta['name']}.{meta['namespace']}.svc.cluster.local")
            assert [record.rdata for record in reply.answer] == [one["spec"]["clusterIP"]]


@pytest.mark.parametrize("kind", ["ExternalName", "LoadBalancer"])
def test_clusters_have_services_of_all_kinds_and_shrink(kind: str) -> None:
    found = find(strategies.clusters(), lambda objects: any(o.get("spec", {}).get("type") == kind for o in objects))
    assert [one["kind"] for one in found] == ["Namespace", "Service"]
    assert found[1]["metadata"] == {"name": "web", "namespace": "default"}


@settings(max_examples=50)
@given(strategies.upstreams(("10.0.0.53",), zone="example.org"))
def test_upstreams_are_records_or_faults(given: dict[str, Any]) -> None:
    server = loads(".:53 {\n forward . 10.0.0.53\n}\n", world=World(upstreams=given))
    assert server.query("example.org", "SOA").rcode in ("NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "")


@settings(max_examples=20)
@given(strategies.worlds())
def test_worlds_are_for_a_corefile(world: World) -> None:
    text = ".:53 {\n kubernetes cluster.local\n file db.example example.org\n loadbalance\n forward . 10.0.0.53\n}\n"
    assert loads(text, world=world).query("www.example.org").answer == ["www.example.org. 300 IN A 192.0.2.80"]


@given(strategies.wire())
def test_hostile_packets_raise_nothing(octets: bytes) -> None:
    SERVER.copy().send(octets)


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("too short for a header", lambda octets: len(octets) < 12),
        ("a pointer", lambda octets: b"\xc0" in octets[12:]),
        ("a reply", lambda octets: octets[2:3] >= b"\x80"),
        ("a query", lambda octets: len(octets) > 12 and octets[2] < 0x80),
    ],
)
def test_hostile_packets_are_of_all_kinds(what: str, wanted: Any) -> None:
    assert find(strategies.wire(), wanted, settings=FEW) is not None, what


# -- histories --------------------------------------------------------------------------------------------------------

OBJECTS = [
    {"kind": "Namespace", "metadata": {"name": "shop"}},
    {"kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"clusterIP": "10.96.0.10"}},
]
LIVE = loads(
    ".:53 {\n cache 30\n kubernetes cluster.local\n forward . 10.0.0.53\n}\n",
    world=World(cluster=OBJECTS, upstreams={"10.0.0.53": "www.example.org. 60 IN A 192.0.2.1"}),
)


@settings(max_examples=30)
@given(strategies.histories(LIVE))
def test_histories_happen(steps: list[strategies.Step]) -> None:
    server = LIVE.copy()
    for step in steps:
        step.do(server)


@pytest.mark.parametrize("kind", ["Ask", "Wait", "Fail", "Recover", "Delete", "Apply", "Rename", "Reload"])
def test_histories_have_steps_of_all_kinds(kind: str) -> None:
    found = find(strategies.histories(LIVE), lambda steps: any(type(s).__name__ == kind for s in steps))
    assert [type(step).__name__ for step in found] == [kind]


def shown(drawn: st.SearchStrategy[Any], wanted: Callable[[Any], bool]) -> str:
    """How Hypothesis shows the smallest example."""

    @settings(database=None, phases=[Phase.generate, Phase.shrink], deadline=None, max_examples=500, derandomize=True)
    @given(drawn)
    def fails(example: Any) -> None:
        assert not wanted(example)

    with pytest.raises(AssertionError) as raised:
        fails()
    return "\n".join(raised.value.__notes__)


@pytest.mark.parametrize(
    ("drawn", "wanted", "words"),
    [
        (
            lambda: strategies.histories(FAILING),
            lambda steps: any(isinstance(step, strategies.Fail) for step in steps),
            "[Fail(address='10.0.0.53', fault=Fault.refused())]",
        ),
        (strategies.worlds, lambda world: True, "<World 14 files; Cluster empty; "),
        (
            strategies.messages,
            lambda message: message.answer,
            "<Msg NOERROR for 0. A, answer [<RR 0. 0 IN A ('0.0.0.0',)>]>",
        ),
        (strategies.zones, lambda text: "MX" in text, "'example.org. 3600 IN SOA "),
        (strategies.corefiles, lambda text: "forward" in text, "'. {\\n    forward . 10.0.0.53\\n}\\n'"),
        (lambda: strategies.questions("a.b"), lambda question: True, "Question('0.a.b.', 'A')"),
    ],
)
def test_counterexamples_are_values_that_a_person_reads(drawn: Any, wanted: Any, words: str) -> None:
    """And not how they were made."""
    found = shown(drawn(), wanted)
    assert words in found
    assert "lambda" not in found
    assert "object at 0x" not in found


def test_every_second_step_of_a_history_asks() -> None:
    """What happens to a server says nothing about it unless it is asked: all kinds of steps were equally likely once."""
    kinds: Counter[bool] = Counter()

    @settings(database=None, max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(strategies.histories(LIVE))
    def draw(steps: list[strategies.Step]) -> None:
        kinds.update(isinstance(step, strategies.Ask) for step in steps)

    draw()
    assert 0.35 < kinds[True] / kinds.total() < 0.65


def test_a_renamed_service_has_its_new_name_alone() -> None:
    server = LIVE.copy()
    strategies.Rename("shop", "web", "shop").do(server)
    assert server.query("shop.shop.svc.cluster.local").answer == ["shop.shop.svc.cluster.local. 5 IN A 10.96.0.10"]
    assert server.query("web.shop.svc.cluster.local").rcode == "NXDOMAIN"
    strategies.Rename("shop", "web", "again").do(server)


def test_a_reload_forgets_what_is_cached() -> None:
    server = LIVE.copy()
    server.query("www.example.org")
    strategies.Fail("10.0.0.53", Fault.refused()).do(server)
    assert server.query("www.example.org").rcode == "NOERROR"
    strategies.Reload().do(server)
    assert server.query("www.example.org").rcode == "SERVFAIL"
    strategies.Recover("10.0.0.53", "www.example.org. 60 IN A 192.0.2.2").do(server)
    server.advance(10)
    assert server.query("www.example.org").answer == ["www.example.org. 30 IN A 192.0.2.2"]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: strategies.queries("Corefile"), TypeError, "queries: a Server comes first, .*, not 'Corefile'"),
        (lambda: strategies.histories("Corefile"), TypeError, "histories: a Server comes first"),
        (lambda: strategies.names("a..b"), ValueError, "the name `a..b` has an empty label"),
        (lambda: strategies.names(5), TypeError, "names: a name is a text, such as 'example.org', not 5"),
        (lambda: strategies.names_in(5), TypeError, "names_in: a name is a text"),
        (lambda: strategies.zones("a..b"), ValueError, "the name `a..b` has an empty label"),
        (lambda: strategies.corefiles(plugins="hosts"), TypeError, r"corefiles: `plugins` is a list: \['hosts'\]"),
        (
            lambda: strategies.corefiles(plugins=["hsots"]),
            ValueError,
            "has no `hsots` that it takes: did you mean `hosts`",
        ),
        (lambda: strategies.directives("hsots"), ValueError, "there is no directive `hsots`: did you mean `hosts`"),
        (lambda: strategies.values("Duration"), TypeError, "values: a type of corefile.plugin is needed"),
    ],
)
def test_wrong_arguments(call: Callable[[], object], kind: type[Exception], words: str) -> None:
    """The kind: a mistake in a test, told where it is made."""
    with pytest.raises(kind, match=words):
        call()
