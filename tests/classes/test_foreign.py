"""Plugins of one's own: what they distinguish is what they declare, and what they do not declare is never passed over."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import find

from corefile import Classes, loads, plugins
from corefile.plugin import NEXT, Answerer, Declaration, Exact, Gate, Outcome, Query, Reason, Zones, dns, failed
from corefile.testing import strategies
from corefile.testing.coverage import Coverage

REFUSES = Reason("refuses", "{} is refused")


class Answers(Answerer):
    """Refuses one type of questions."""

    BEFORE = "whoami"

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="whose names")

    def answer(self, query: Query, zone: str) -> Outcome:
        return failed(dns.REFUSED, None, REFUSES(query.name)) if query.type == dns.MX else NEXT


class Declared(Answers):
    """Says so."""

    FLAGS = ("type MX",)


class Derived(Declared):
    """Says it by the class that it derives from."""


class OnlyZones(Gate):
    """Distinguishes its zone from the names in it, which needs no landmark."""

    FLAGS = ()

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="whose names")

    def admit(self, query: Query, zone: str) -> Outcome:
        return failed(dns.REFUSED, None) if query.name == zone else NEXT


class Incomplete(Declared):
    """Distinguishes a client, too, and does not say so."""

    def answer(self, query: Query, zone: str) -> Outcome:
        return failed(dns.REFUSED, None) if query.ctx.client == "10.0.0.9" else super().answer(query, zone)


class ByName(Answers):
    """Has landmarks, which are not all of it."""

    def landmarks(self) -> list[Any]:
        return [Exact("a.example.")]


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_found", dict(plugins._found))


def server(cls: type[Any]) -> Any:
    plugins.register("mine", cls)
    return loads(".:53 {\n mine example\n whoami\n}\n", plugins=["mine:whoami"])


def test_a_plugin_that_says_nothing_has_no_classes() -> None:
    with pytest.raises(ValueError, match=r"`mine` does not say .* give Answers FLAGS, such as FLAGS = \(\"type A\",\)"):
        Classes(server(Answers))


@pytest.mark.parametrize("cls", [Declared, Derived])
def test_what_is_declared_is_told_apart(cls: type[Any]) -> None:
    classes = Classes(server(cls))
    assert {"REFUSED by mine:2 (refuses)", "NOERROR by whoami:3 (tells-client)"} <= {
        str(each.behaviour) for each in classes
    }
    assert str(classes.of("x.example", "MX").behaviour) == "REFUSED by mine:2 (refuses)"


def test_zones_are_declared_by_themselves() -> None:
    classes = Classes(server(OnlyZones))
    assert classes.of("example").behaviour.rcode == "REFUSED"
    assert classes.of("a.example") is classes.of("b.c.example")


@pytest.mark.parametrize(
    ("cls", "question", "more"),
    [(Incomplete, "x.example", {"client": "10.0.0.9"}), (ByName, "x.example", {"type": "MX"})],
)
def test_what_is_not_declared_is_an_error_and_no_wrong_class(
    cls: type[Any], question: str, more: dict[str, str]
) -> None:
    with pytest.raises(
        ValueError, match=r"no landmark separates x\.example .*what `mine` looks at belongs into its FLAGS"
    ):
        Classes(server(cls)).of(question, **more)


@pytest.mark.parametrize("flag", ["typ A", "DO", "mx"])
def test_a_flag_that_is_none_is_an_error(flag: str) -> None:
    """It would tell nothing apart."""

    class Wrong(Answers):
        """Means something else."""

        FLAGS = (flag,)

    with pytest.raises(ValueError, match=f"`{flag}` is no flag: ad, cd, do, edns, "):
        Classes(server(Wrong))


def test_questions_and_coverage_take_the_usual_types_to_count() -> None:
    """They claim nothing of all questions, so they need no declaration."""
    asked = server(Answers)
    assert (
        find(strategies.queries(asked), lambda q: q.cls == "IN" and asked.copy().query(q).rcode == "REFUSED").type
        == "MX"
    )
    with Coverage() as coverage:
        server(Answers).query("a.example")
    missed = [part for file in coverage.report().files for part in file.missed]
    assert [part.ask for part in missed if part.name == "mine: refuses"] == ["example. MX"]
