"""group-never-filled: replacements with a group that the pattern has not."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "group-never-filled"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n rewrite name regex (.*)\\.a {2}.b\n whoami\n}\n",
        ". {\n rewrite stop {\n  name regex (.*)\\.a {1}.b\n  answer name (.*)\\.b {3}.a\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n rewrite name regex (.*)\\.a {1}.b\n whoami\n}\n",
        ". {\n rewrite name regex (.*)\\.(.)\\.a {2}.b\n whoami\n}\n",
        ". {\n rewrite name exact a.example b.example\n whoami\n}\n",
        ". {\n rewrite name regex (.*)\\.a {0}.b\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
