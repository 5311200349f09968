"""block-never-chosen: server blocks with a `view` below one without."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "block-never-chosen"


@pytest.mark.parametrize(
    "text",
    [
        "a.test {\n whoami\n}\na.test {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "a.test {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\na.test {\n whoami\n}\n",
        "a.test {\n whoami\n}\nb.a.test {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n",
        "a.test:54 {\n whoami\n}\na.test {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n",
        "a.test {\n bind 127.0.0.1\n whoami\n}\na.test {\n bind 127.0.0.2\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
