"""References to environment variables, put in as each release does it."""

import pytest

from corefile.language.environment import Crash, substitute


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{$A}", "1"),
        ("{%A%}{$A}", "11"),
        ("{$A}{$}{$A}", "1{$}1"),  # all that is like one that was put in
        ("{$}{$A}", "{$}{$A}"),
        ("{%}{$A}", "{%}1"),  # the other kind is looked at all the same
        ("{$B}", "x1"),  # what is put in is looked at again
        ("{%C%}", "1"),  # and {$...} after {%...%}
        ("{$D}", "{%A%}"),  # but not the other way
        ("{$NOT_SET}", ""),
    ],
)
def test_references(text: str, expected: str) -> None:
    assert substitute(text, {"A": "1", "B": "x{$A}", "C": "{$A}", "D": "{%A%}"}, "behind") == expected


def test_where_the_end_is_looked_for() -> None:
    assert substitute("}{$A}", {"A": "1"}, "behind") == "}1"
    assert substitute("}{$A}", {"A": "1"}, "anywhere") == "}{$A}"
    with pytest.raises(Crash, match="out of range"):
        substitute("}{$A}", {"A": "1"}, "crash")


@pytest.mark.parametrize("value", ["{$A}", "x{$A}", "{$A}{$A}", "{$B}"])
def test_references_that_never_end(value: str) -> None:
    with pytest.raises(Crash, match="never end"):
        substitute("{$A}", {"A": value, "B": "{$A}"}, "behind")


def test_a_long_word_is_no_endless_one() -> None:
    assert substitute("{$A}" + "x" * 1_000_000, {"A": "1"}, "behind") == "1" + "x" * 1_000_000
