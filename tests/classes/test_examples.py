"""Texts that expressions match."""

from __future__ import annotations

import pytest

from corefile.classes.examples import examples
from corefile.golang import regexp


@pytest.mark.parametrize(
    "pattern",
    [
        r"^web-[0-9]+[.]example[.]$",
        r"(?P<a>x|yy)*z\.",
        r"^([^.\\]|\\.)+\.a\.$",
        r"^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(-\w){3}$",
        r"^a{2,}b{3}c{0,1}(?:d|e)??$",
        r"(?i)^Ab\b",
        r"[[]x[a-]",
    ],
)
def test_they_match(pattern: str) -> None:
    found = examples(pattern, 20)
    assert found
    assert all(regexp.compile(pattern).matches(text) for text in found)


@pytest.mark.parametrize("pattern", [r"\pL", "[[:alpha:]]", "(?<!a)", "[^a-z0-9-]"])
def test_what_is_not_known_has_none(pattern: str) -> None:
    assert examples(pattern, 5) == ()


def test_each_way_through_is_found() -> None:
    assert set(examples("^(a|b|cd?)$", 60)) == {"a", "b", "c", "cd"}
