"""block-without-zone: server blocks that begin with their `{`."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "block-without-zone"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("{\n whoami\n}\n", [1]),
        ("# all names\n  {\n whoami\n}\n", [2]),
        ("a.example {\n whoami\n}\n{\n whoami\n}\nb.example {\n whoami\n}\n", [4]),
        ("{\n whoami\n}\n{\n log {\n  class all\n }\n}\n", [1, 4]),
    ],
)
def test_it_fires(text: str, lines: list[int]) -> None:
    found = checks(text)
    assert [f.span.line for f in found if f.code == NAME and f.span] == lines
    assert "empty-corefile" not in [f.code for f in found]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n whoami\n}\n",
        ".\n{\n whoami\n}\n",
        "a.example,\nb.example\n{\n whoami\n}\n",
        "{$ZONE} {\n whoami\n}\n",
        "(s)\n{\n whoami\n}\n. {\n import s\n}\n",
        ". {\n hosts\n {\n  10.0.0.1 a\n }\n}\n",
        "# nothing\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert NAME not in [f.code for f in checks(text, world=World(env={"ZONE": "a.example"}))]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("{\n whoami\n}\n", 1),
        ("a.example {\n whoami\n}\n{\n whoami\n}\n", 1),
        (". {\n whoami\n}\n{\n whoami\n}\n", 0),
        ("{\n whoami\n}\n{\n log\n}\n", 1),
    ],
)
def test_what_it_says_to_write_is_no_zone_twice(text: str, fixed: int) -> None:
    fixes = [f.fix for f in checks(text) if f.code == NAME and f.fix is not None]
    assert len(fixes) == fixed
    for fix in fixes:
        ((span, new),) = fix.edits
        mended = text[: span.start] + new + text[span.end :]
        assert "error" not in [f.severity for f in checks(mended)]
