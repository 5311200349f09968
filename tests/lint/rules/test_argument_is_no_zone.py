"""argument-is-no-zone: zones of directives that are no names."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "argument-is-no-zone"


@pytest.mark.parametrize(
    "text", [". {\nhosts x .lan\n}\n", ". {\nkubernetes a..b cluster.local\n}\n", ". {\ncache 30 .lan\nwhoami\n}\n"]
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\nhosts x .\n}\n",
        ". {\nhosts x lan. 10.0.0.0/8\n}\n",
        ". {\nlog . {common}\nwhoami\n}\n",
        '. {\nlog a.b "{remote} .."\nwhoami\n}\n',
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]
