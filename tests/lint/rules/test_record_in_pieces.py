"""record-in-pieces: records of `template` without quotes."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "record-in-pieces"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n template IN A {\n  answer {{.Name}} 60 IN A 10.0.0.1\n }\n}\n",
        ". {\n template IN A {\n  additional a. 60 IN A 10.0.0.1\n }\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN A {\n  answer "{{.Name}} 60 IN A 10.0.0.1" "{{.Name}} 60 IN A 10.0.0.2"\n }\n}\n',
        ". {\n template IN A {\n  rcode NOERROR\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
