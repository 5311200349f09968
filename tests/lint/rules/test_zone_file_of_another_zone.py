"""zone-file-of-another-zone: zones whose file has another zone's SOA record."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "zone-file-of-another-zone"
SOA = "@ 60 SOA ns host 1 2 3 4 5\n@ 60 NS ns\n"
FILES = {
    "at": SOA,
    "blank": f" 60 IN {SOA[5:]}",
    "com": f"$ORIGIN example.com.\n{SOA}",
    "twice": f"$ORIGIN example.org\n{SOA}",
}


@pytest.mark.parametrize(
    "text",
    [
        "example.org {\n file com\n}\n",
        ". {\n file com example.org\n}\n",
        "example.org {\n file twice\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text, world=World(files=FILES))] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "example.com {\n file com\n}\n",
        ". {\n file at example.org EXAMPLE.com\n}\n",
        "example.org {\n file at\n}\n",
        ". {\n file com\n}\n",
        "com {\n file com\n}\n",
        "example.org {\n file blank\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text, world=World(files=FILES))] == []
