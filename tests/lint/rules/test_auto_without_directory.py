"""auto-without-directory: `auto` that has no zones."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "auto-without-directory"


@pytest.mark.parametrize("text", [". {\nauto\nwhoami\n}\n", "a.b {\nauto a.b {\nreload 10s\n}\n}\n"])
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize("text", [". {\nauto {\ndirectory x\n}\nwhoami\n}\n"])
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]
