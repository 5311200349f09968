"""network-misread: zones that are written like networks."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "network-misread"


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0/33 {\n whoami\n}\n",
        "10.0.0.0/240 {\n whoami\n}\n",
        "2001:db8:1/64 {\n whoami\n}\n",
        "[2001:db8::]/64 {\n whoami\n}\n",
        "dns://10.0.0.0/33, a {\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0/24 {\n whoami\n}\n",
        "fd00::/64 {\n whoami\n}\n",
        "10.0.0.0/23 {\n whoami\n}\n",
        "5.0/25.2.0.192.in-addr.arpa {\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
