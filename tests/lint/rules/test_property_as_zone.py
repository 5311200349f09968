"""property-as-zone: properties that stand where zones do."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "property-as-zone"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n kubernetes cluster.local pods verified\n}\n",
        ". {\n cache 30 prefetch 10\n whoami\n}\n",
        ". {\n log class denial\n whoami\n}\n",
        '. {\n log . class "{name}"\n whoami\n}\n',
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n kubernetes cluster.local ttl.example {\n  pods verified\n }\n}\n",
        ". {\n cache 30 prefetch.example\n whoami\n}\n",
        ". {\n log denial.example {\n  class denial\n }\n whoami\n}\n",
        ". {\n cache 30 example.org {\n  prefetch 10\n }\n whoami\n}\n",
        "to {\n hosts {\n  10.0.0.1 a.to\n }\n transfer to {\n  to *\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
