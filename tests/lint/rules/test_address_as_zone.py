"""address-as-zone: addresses in the place of zones."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "address-as-zone"


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.10 {\n whoami\n}\n",
        "0.0.0.0:53 {\n whoami\n}\n",
        "a.test 10.0.0.10:53 {\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0/24 {\n whoami\n}\n",
        ".:53 {\n bind 127.0.0.10\n whoami\n}\n",
        "10.0.0.10.in-addr.arpa {\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
