"""pattern-matches-no-name: patterns that no name with its last dot fits."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "pattern-matches-no-name"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n template IN A {\n  match ^a[.]b$\n  rcode NOERROR\n }\n}\n",
        ". {\n template IN A {\n  match /^a/i\n  rcode NOERROR\n }\n}\n",
        ". {\n rewrite name regex ^(.*)[.]a$ {1}.b\n whoami\n}\n",
        ". {\n rewrite ttl regex ^a[.]b$ 60\n whoami\n}\n",
        ". {\n rewrite stop {\n  name regex (.*)[.]a {1}.b\n  answer name (.*)[.]b$ {1}.a\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n template IN A {\n  match ^a[.]b[.]$ ^c\\\\.$ (^|[.])d[.]e\n  rcode NOERROR\n }\n}\n",
        ". {\n template IN A {\n  match ^(a[.]|b)$ ^a|b$ [a-z]+$ .*$\n  rcode NOERROR\n }\n}\n",
        ". {\n rewrite name regex ^(.*)[.]a[.]$ {1}.b\n whoami\n}\n",
        ". {\n rewrite name exact a.test b.test\n whoami\n}\n",
        ". {\n rewrite name regex a{1,2}[.] b.test\n whoami\n}\n",
        ". {\n template IN A {\n  match ^a[.]b\\x2e$ ^a\\056$ ^a\\pP$ \\Qa.b$\n  rcode NOERROR\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
