"""duration-as-zone: times with a unit behind `cache`."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "duration-as-zone"


@pytest.mark.parametrize(
    "text", [". {\ncache 30s\nwhoami\n}\n", ". {\ncache 5m a.b\nwhoami\n}\n", ". {\ncache 30 60\nwhoami\n}\n"]
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\ncache 30\nwhoami\n}\n",
        ". {\ncache 30s.example\nwhoami\n}\n",
        ". {\ncache {\nserve_stale 30s\n}\nwhoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]
