"""metadata-not-collected: labels of metadata in a `log` without `metadata`."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "metadata-not-collected"


@pytest.mark.parametrize(
    "text",
    [
        '. {\n log . "{/k/x} {name}"\n whoami\n}\n',
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        '. {\n metadata\n log . "{/k/x} {name}"\n whoami\n}\n',
        '. {\n log . "{name} {>id} /k/x"\n whoami\n}\n',
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
