"""What an expectation may leave open."""

from __future__ import annotations

import pytest

from corefile.dns.record import Record
from corefile.testing.patterns import Bound, Pattern, fits, pairs, shortfalls

A = "a.example.org. 30 IN A 10.0.0.1"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("<= 30", (0, 30), (31,)),
        ("<30", (29,), (30,)),
        (">= 5", (5, 4000), (4,)),
        ("> 5", (6,), (5,)),
        ("5..30", (5, 30), (4, 31)),
        ("30", (30,), (29, 31)),
        (30, (30,), (29,)),
        ("*", (0, 2**31), ()),
    ],
)
def test_bounds(text: object, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    bound = Bound.parse(text)
    assert all(n in bound for n in inside)
    assert not any(n in bound for n in outside)


@pytest.mark.parametrize("text", ["", "30s", "<=", "-1", "5..", "=> 3", True, None, "30 40"])
def test_what_is_no_bound(text: object) -> None:
    with pytest.raises(ValueError, match="is no bound"):
        Bound.parse(text)


@pytest.mark.parametrize(
    "line",
    [
        A,
        "a.example.org 30 A 10.0.0.1",
        "a.example.org. IN 30 A 10.0.0.1",
        "a.example.org. <=30 IN A 10.0.0.1",
        "a.example.org. <= 30 A 10.0.0.1",
        "a.example.org. IN 5..30 A 10.0.0.1",
        "* A 10.0.0.1",
        "* * IN A *",
        "a.example.org. A",
        "A 10.0.0.1",
        "<= 30 IN A 10.0.0.1",
        "A",
    ],
)
def test_patterns_that_a_record_is_of(line: str) -> None:
    assert Pattern.parse(line).matches(Record.parse(A))


@pytest.mark.parametrize(
    "line",
    [
        "b.example.org. A",
        "a.example.org. < 30 A 10.0.0.1",
        "a.example.org. CH A 10.0.0.1",
        "* AAAA",
        "* A 10.0.0.2",
        "*. A 10.0.0.1",
        "30 A 10.0.0.1",
    ],
)
def test_patterns_that_a_record_is_not_of(line: str) -> None:
    assert not Pattern.parse(line).matches(Record.parse(A))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a.example.org.", "`a.example.org.` has no record type behind it"),
        ("a.example.org. 30", "`a.example.org.` has no record type behind it"),
        ("a.example.org. 30 IN AX 10.0.0.1", "`AX` is no record type"),
        ("a.example.org. 30 A 10.0.0", "`a.example.org. 30 A 10.0.0` is no record"),
        ("a..b A", "is no record"),
    ],
)
def test_what_is_no_pattern(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Pattern.parse(line)


def test_data_with_blanks_and_signs_stays_whole() -> None:
    assert Pattern.parse('a. 30 TXT "x <= 3  4"').data == '"x <= 3  4"'
    assert Pattern.parse("MX 10 mx.example.org") == (None, None, None, "MX", "10 mx.example.org.")
    assert Pattern.parse("A 30 A 10.0.0.1").name == "A."
    assert Pattern.parse("a. MX 10 mx.example.org").data == "10 mx.example.org."


def test_as_many_as_possible_are_matched() -> None:
    """A wide pattern must not take the only line that a narrow one could have."""
    b = "b.example.org. 30 IN A 10.0.0.2"
    assert pairs(["* A *", "a.example.org. A"], [A, b], records=True) == ([], [])
    assert pairs(["a.example.org. A", "a.example.org. 30 A"], [A, b], records=True) == (["a.example.org. 30 A"], [b])


def test_lines_of_a_log_are_found_by_a_part_of_them() -> None:
    assert fits("i/o timeout", "[ERROR] plugin/errors: 2 a. A: i/o timeout", records=False)
    assert not fits("refused", "[ERROR] i/o timeout", records=False)


@pytest.mark.parametrize(
    ("loose", "shown"),
    [
        ({"contains": ["* A 10.0.0.1"]}, []),
        ({"any": ["* A 10.9.9.9", "* A 10.0.0.1"], "count": ">= 1"}, []),
        ({"contains": []}, []),
        ({"contains": ["* A 10.0.0.2"]}, [("-", "contains * A 10.0.0.2"), ("+", A)]),
        ({"any": ["* AAAA", "* MX"]}, [("-", "any of * AAAA, * MX"), ("+", A)]),
        ({"count": 2}, [("-", "count 2"), ("+", "count 1"), ("+", A)]),
        ({"count": 0, "contains": []}, [("-", "count 0"), ("+", "count 1"), ("+", A)]),
    ],
)
def test_lists_of_which_a_part_is_said(loose: dict[str, object], shown: list[tuple[str, str]]) -> None:
    assert shortfalls(loose, [A], records=True) == shown
