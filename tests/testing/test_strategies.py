"""The public strategies: what they draw is what they promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from corefile import World, loads, plugins
from corefile.dns import wire
from corefile.dns.message import Msg, Question
from corefile.dns.names import fqdn
from corefile.dns.rdata import rr_from_text, rr_to_text
from corefile.dns.rr import RR
from corefile.dns.zonefile import parse
from corefile.releases import ALL, LATEST
from corefile.testing import strategies

SERVER = loads(". {\n    whoami\n}\n")


def test_what_is_public_is_documented() -> None:
    page = (Path(__file__).resolve().parent.parent.parent / "docs/testing.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`(\w+)", page[page.index("## Properties") :]))
    assert set(strategies.__all__) - known == {"LABEL", "QUIET", "values"}


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


@given(strategies.questions("example.org."))
def test_questions_are_of_class_in(question: Question) -> None:
    assert question.cls == 1
    assert question.name.endswith("example.org.")


@given(strategies.questions("example.org."))
def test_questions_can_be_asked(question: Question) -> None:
    reply = SERVER.copy().query(*question)
    assert (reply.rcode, reply.question.split()[0]) == ("NOERROR", question.name)


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


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(st.data())
def test_corefiles_are_taken_by_their_release(data: st.DataObject) -> None:
    release = data.draw(st.sampled_from([ALL[0], ALL[20], LATEST]))
    text = data.draw(strategies.corefiles(release))
    assert not [f for f in loads(text, release=release).findings if f.severity == "error"]


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
