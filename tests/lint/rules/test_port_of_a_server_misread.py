"""port-of-a-server-misread: ports of servers that are none."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "port-of-a-server-misread"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n forward . 10.0.0.1:53x\n}\n",
        ". {\n forward . 10.0.0.1:70000\n}\n",
        ". {\n forward . 10.0.0.1:\n}\n",
        ". {\n forward . [fd00::1]:0\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n forward . 10.0.0.1:5353 [fd00::1]:53 fd00::1 tls://10.0.0.1:853\n}\n",
        ". {\n forward . 10.0.0.1\n}\n",
        ". {\n forward . 10.0.0.1:domain\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
