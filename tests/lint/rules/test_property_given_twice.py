"""property-given-twice: properties of which the last one counts."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "property-given-twice"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n forward . 10.0.0.1 {\n  max_fails 3\n  expire 10s\n  max_fails 0\n }\n}\n",
        "(a) {\n max_fails 3\n policy sequential\n}\n. {\n forward . 10.0.0.1 {\n  max_fails 0\n  import a\n }\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n forward . 10.0.0.1 {\n  max_fails 3\n  expire 10s\n }\n}\n",
        ". {\n forward . 10.0.0.1 {\n  except a.test\n  except b.test\n }\n}\n",
        ". {\n hosts {\n  10.0.0.1 a\n  10.0.0.1 b\n  fallthrough\n }\n whoami\n}\n",
        ". {\n errors {\n  consolidate 5m a\n  consolidate 5m b\n }\n whoami\n}\n",
        ". {\n rewrite stop {\n  name regex (.*)[.]a {1}.b\n  answer name (.*)[.]b {1}.a\n  answer value (.*)[.]b {1}.a\n }\n whoami\n}\n",
        "(a) {\n max_fails 3\n policy sequential\n}\n. {\n forward . 10.0.0.1 {\n  import a\n  max_fails 0\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
