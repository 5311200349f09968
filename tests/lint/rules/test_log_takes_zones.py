"""log-takes-zones: levels, files and outputs behind `log`."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "log-takes-zones"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n log stdout\n whoami\n}\n",
        ". {\n log DEBUG\n whoami\n}\n",
        ". {\n log /var/log/dns.log\n whoami\n}\n",
        '. {\n log error "{name}"\n whoami\n}\n',
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n log\n whoami\n}\n",
        ". {\n log debug.example a.log.example\n whoami\n}\n",
        '. {\n log . "/var/log {name} debug"\n whoami\n}\n',
        "info {\n log info\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
