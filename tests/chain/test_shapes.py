"""The four shapes: who is asked when, scopes, and results that keep what a filter does not change."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

import pytest

from corefile.chain.handlers import Chain
from corefile.chain.instance import Instance
from corefile.chain.metrics import Metrics
from corefile.chain.query import Context, name_of, words
from corefile.chain.trace import Trace
from corefile.findings import Source, Span
from corefile.plugin import (
    NEXT,
    Answerer,
    Below,
    Declaration,
    Exact,
    Filter,
    Gate,
    Landmark,
    Next,
    Outcome,
    Plugin,
    Query,
    Reason,
    Result,
    Scope,
    Setting,
    Setup,
    Site,
    Zones,
    dns,
    failed,
)
from corefile.releases import LATEST
from corefile.world import World

SPAN = Span(Source("Corefile", "x"), 0, 1)
ANSWERED = Reason("answered", "{} in {}")


def setup_of(name: str) -> Setup:
    instance = Instance(LATEST, World(), None, Metrics())
    return Setup(name, 1, Site(0, (), SPAN), instance, SPAN)


def made(cls: type[Plugin], **config: Any) -> Plugin:
    cls.name = cls.__name__.lower()
    return cls(cls.Config(**config), setup_of(cls.name))


def query(name: str, type: int = dns.A, trace: Trace | None = None) -> Query:
    ctx = Context(
        World(), client="192.0.2.1", client_port=1, server="dns://:53", server_ip="", server_port=53, trace=trace
    )
    return Query(dns.Msg(dns.Question(name, type, dns.IN)), ctx)


class Zoned(Declaration):
    zones: tuple[str, ...] = Zones()


class Echo(Answerer):
    Config = Zoned
    config: Zoned

    def answer(self, query: Query, zone: str) -> Outcome:
        return self.write(query, query.msg.reply(), ANSWERED(query.name, zone))

    def landmarks(self) -> list[Landmark]:
        return [Exact("a.example.")]


class Wall(Gate):
    Config = Zoned

    def admit(self, query: Query, zone: str) -> Outcome:
        return failed(dns.REFUSED, None, "no") if query.name == "secret.example." else NEXT


class Mark(Filter):
    Config = Zoned
    seen: ClassVar[list[str]] = []

    def back(self, query: Query, result: Result) -> Result:
        self.seen.append(query.name)
        assert result.reply is not None
        reply = result.reply.copy()
        reply.aa = True
        return result.replying(reply)


def test_an_answerer_is_asked_inside_of_its_scope_with_the_longest_zone() -> None:
    echo = made(Echo, zones=("example.", "sub.example."))
    inside = echo.serve(query("a.sub.example."))
    assert isinstance(inside, Result)
    assert inside.why == ANSWERED("a.sub.example.", "sub.example.")
    outside = echo.serve(query("other.test."))
    assert isinstance(outside, Next)
    assert outside == Next(outside.why)
    assert str(outside) == "<Next next 'other.test. is in none of its zones'>"


@pytest.mark.parametrize(
    ("scope", "name", "type", "zone"),
    [
        (Scope(), "a.test.", dns.A, "."),
        (Scope(["example."]), "example.", dns.A, "example."),
        (Scope(["example."]), "aexample.", dns.A, None),
        (Scope(["example."], any_name=[dns.PTR]), "other.", dns.PTR, "."),
        (Scope(["example."], any_name=[dns.PTR]), "a.example.", dns.PTR, "example."),
        (Scope(["example."], minus=["in.example."]), "a.in.example.", dns.A, None),
        (Scope(["example."], minus=["in.example."]), "b.example.", dns.A, "example."),
        (Scope(["example."], minus=["example."]), "example.", dns.A, "example."),
        (Scope(["."], minus=["example."]), "a.example.", dns.A, None),
    ],
)
def test_scopes(scope: Scope, name: str, type: int, zone: str | None) -> None:
    assert scope.zone_of(query(name, type)) == zone


@pytest.mark.parametrize("traced", [False, True])
def test_a_filter_sees_the_results_of_its_scope_and_a_gate_may_end_the_chain(traced: bool) -> None:
    Mark.seen.clear()
    chain = Chain([made(Mark, zones=("example.",)), made(Wall, zones=(".",)), made(Echo, zones=(".",))])
    result = chain.run(query("a.example.", trace=Trace() if traced else None))
    assert result.reply is not None
    assert (result.reply.aa, Mark.seen) == (True, ["a.example."])
    plain = chain.run(query("b.test.", trace=Trace() if traced else None))
    assert plain.reply is not None
    assert (plain.reply.aa, Mark.seen) == (False, ["a.example."])
    Mark.seen.clear()
    with pytest.raises(AssertionError):  # `Mark` wants a reply
        chain.run(query("secret.example.", trace=Trace() if traced else None))


def test_a_filter_of_everything_is_not_asked_on_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = made(Mark, zones=(".",))
    chain = Chain([mark, made(Echo, zones=(".",))])
    monkeypatch.setattr(Filter, "serve", lambda *_: pytest.fail("asked"))
    assert chain.run(query("a.example.")).reply is not None


def test_what_a_filter_does_not_change_stays() -> None:
    first, second = dns.Msg(), dns.Msg(id=2)
    result = Result(first, dns.NOERROR, "error", "why", "file", later=(second,))
    changed = result.replying(second)
    assert changed.reply is second
    for name in ("rcode", "error", "why", "plugin", "later", "kind"):
        assert getattr(changed, name) == getattr(result, name)
    written = Result(None, dns.SERVFAIL, "error", "why").answered(second, "log")
    assert (written.reply, written.rcode, written.error, written.plugin) == (second, dns.NOERROR, "error", "log")
    assert result.withdrawn() == Result(None, dns.NOERROR, "error", "why", "file")


def test_who_keeps_one_message_has_the_last() -> None:
    first, second = dns.Msg(), dns.Msg(id=2)
    assert Result(first, later=(dns.Msg(), second), why="why").last_message() == Result(second, why="why")
    alone = Result(first)
    assert alone.last_message() is alone


def test_a_reason_may_be_among_the_arguments_of_another_one() -> None:
    inner, outer = Reason("inner", "no {}"), Reason("outer", "{} of {}: {}")
    why = (outer, ("a", "tuple"), 2, (inner, "name"))
    assert words(why) == "('a', 'tuple') of 2: no name"
    assert (name_of(why), copy.deepcopy(inner) is inner) == ("outer", True)


def test_a_setting_is_applied_when_it_is_made_and_has_no_place_in_the_chain() -> None:
    applied = []

    class Flagged(Setting):
        def apply(self, site: Site) -> None:
            applied.append(site.index)

    assert (made(Flagged).IN_CHAIN, applied) == (False, [0])


def test_landmarks_are_those_of_the_plugin_and_the_ends_of_its_scope() -> None:
    assert made(Echo, zones=("example.",)).all_landmarks() == [Below("example."), Exact("a.example.")]
    assert made(Echo, zones=(".",)).all_landmarks() == [Exact("a.example.")]


def test_a_copy_runs_its_own_handlers() -> None:
    class Counts(Echo):
        count = 0

        def answer(self, query: Query, zone: str) -> Outcome:
            self.count += 1
            return super().answer(query, zone)

    chain = Chain([made(Mark, zones=(".",)), made(Counts, zones=(".",))])
    other = copy.deepcopy(chain)
    other.run(query("a.example."))
    other.handlers[0].rest(query("a.example."))
    assert [c.handlers[1].count for c in (chain, other)] == [0, 2]  # type: ignore[attr-defined]


def test_what_is_left_out_of_a_scope() -> None:
    scope = Scope(("corp.example.",), minus=("example.", "open.corp.example."))
    assert scope.zone_of(query("corp.example.")) == "corp.example."  # the zone's own name is never left out
    assert scope.zone_of(query("a.corp.example.")) is None
    inner = Scope(("corp.example.",), minus=("open.corp.example.",))
    assert inner.zone_of(query("a.corp.example.")) == "corp.example."
    assert inner.zone_of(query("x.open.corp.example.")) is None
