"""chaos-never-asked: a `chaos` that gets none of its names."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "chaos-never-asked"


@pytest.mark.parametrize(
    "text",
    [
        "example.org {\n chaos\n whoami\n}\n",
        "10.in-addr.arpa home.arpa {\n chaos x y\n whoami\n}\n",
        ". {\n whoami\n}\nhealth.check {\n chaos\n}\n",
        "(common) {\n chaos\n whoami\n}\na.example {\n import common\n}\nb.example {\n import common\n}\n",  # said once
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\n chaos\n whoami\n}\n",
        "bind server {\n chaos\n}\n",
        "version.bind version.server authors.bind hostname.bind id.server {\n chaos\n}\n",
        "example.org VERSION.bind {\n chaos\n}\n",
        "(common) {\n chaos\n whoami\n}\na.example {\n import common\n}\n. {\n import common\n}\n",  # is asked in one
        "example.org {$MORE} {\n chaos\n}\n",  # may be `bind`
        "example.org {\n rewrite name v.example.org version.bind\n chaos\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert NAME not in [f.code for f in checks(text)]
