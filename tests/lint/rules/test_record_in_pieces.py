"""record-in-pieces: records of `template` without quotes."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "record-in-pieces"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n template IN ANY {\n  answer {{.Name}} 60 IN A 10.0.0.1\n }\n}\n",
        ". {\n template IN ANY {\n  additional a. 60 IN A 10.0.0.1\n }\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN ANY {\n  answer "{{.Name}} 60 IN A 10.0.0.1" "{{.Name}} 60 IN A 10.0.0.2"\n }\n}\n',
        ". {\n template IN ANY {\n  rcode NOERROR\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []


def test_records_of_variables_need_no_quotes() -> None:
    env = {"A": "a.test. 60 IN A 10.0.0.1", "B": "a.test. 60 IN A 10.0.0.2"}
    assert checks(". {\n template IN ANY {\n  answer {$A} {$B}\n }\n}\n", world=World(env=env)) == []
