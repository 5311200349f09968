"""address-as-name: addresses and URLs among the names of an entry."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "address-as-name"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n hosts {\n  10.0.0.1 10.0.0.2 a\n  fallthrough\n }\n whoami\n}\n",
        ". {\n hosts {\n  10.0.0.1 a http://b:80/x\n  fallthrough\n }\n whoami\n}\n",
        ". {\n hosts {\n  fd00::1 fd00::2\n  fallthrough\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n hosts {\n  10.0.0.1 a b # 10.0.0.2\n  fd00::1 a\n  fallthrough\n }\n whoami\n}\n",
        ". {\n hosts {\n  10.0.0.1 1.in-addr.arpa 10-0-0-1.a\n  ttl 60\n  fallthrough\n }\n whoami\n}\n",
        ". {\n hosts /etc/hosts 10.in-addr.arpa {\n  fallthrough\n }\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
