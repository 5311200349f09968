"""Values that differ between releases."""

from __future__ import annotations

import pytest

from corefile.releases import find
from corefile.releases.rules import Change, ReleaseRules, at, between, changed, since, until


class Rules(ReleaseRules):
    early = until("1.3.1", "before")
    late = since("1.3.1", "after")
    middle = between("1.2.0", "1.4.0")
    name = changed("a", {"1.1.0": "b", "1.5.0": "c"}, "the name")


class More(Rules):
    late = since("1.6.0", "later still")


@pytest.mark.parametrize(
    ("release", "values"),
    [
        ("1.0.6", (True, False, False, "a")),
        ("1.2.0", (True, False, True, "b")),
        ("1.3.1", (False, True, True, "b")),
        ("1.4.0", (False, True, False, "b")),
        ("1.14.7", (False, True, False, "c")),
    ],
)
def test_each_release_has_its_values(release: str, values: tuple[object, ...]) -> None:
    rules = Rules(find(release))
    assert (rules.early, rules.late, rules.middle, rules.name) == values


def test_a_subclass_has_the_rules_of_its_base_and_may_change_them() -> None:
    rules = More(find("1.5.0"))
    assert (rules.early, rules.late, rules.name) == (False, False, "c")
    assert (Rules(find("1.5.0")).late, list(More.declared)) == (True, ["early", "late", "middle", "name"])


def test_a_subclass_has_the_rules_of_all_its_bases() -> None:
    class Other(ReleaseRules):
        apart = since("1.4.0", "of another base")
        early = since("1.5.0", "the first base counts")

    class Both(Rules, Other):
        pass

    both = Both(find("1.3.1"))
    assert (both.early, both.name, both.apart) == (False, "b", False)
    assert set(Both.declared) == {"early", "late", "middle", "name", "apart"}


def test_the_history_names_what_changed_when() -> None:
    assert Rules.history()[-3:] == [
        Change(None, "name", "a", "the name"),
        Change("1.1.0", "name", "b", "the name"),
        Change("1.5.0", "name", "c", "the name"),
    ]


def test_the_rules_of_a_release_are_made_once() -> None:
    assert Rules.of(find("1.9.3")) is Rules.of(find("1.9.3"))
    assert Rules.of(find("1.9.3")) is not More.of(find("1.9.3"))


def test_plain_values_are_those_of_every_release() -> None:
    assert [at(since("1.2.0"), find(r)) for r in ("1.1.4", "1.2.0")] == [False, True]
    assert at("x", find("1.0.0")) == "x"
