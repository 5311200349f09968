"""The differential without a binary: each question that it draws can be asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import differential  # noqa: E402
from draws import DRAWERS, Draw, Ports, scene  # noqa: E402

from corefile.dns import wire  # noqa: E402
from corefile.releases import find  # noqa: E402


@pytest.mark.parametrize("release", ["1.0.5", "1.14.7"])
@pytest.mark.parametrize("name", sorted(DRAWERS))
def test_each_step_is_a_message(name: str, release: str) -> None:
    draw = Draw(f"test/{name}", find(release), Ports(5300, 1, 9153, 5301, 5302, 5303, "127.1.1.1"))
    for step in scene(draw, [name], 53).steps:
        if "query" in step:
            found = wire.unpack(wire.pack(differential.message(step)))
            assert found.question is not None
            assert found.question.name.lower() == step["query"].split()[0].lower()
            assert (found.edns is not None) == ("edns" in step)
