"""A few inputs of each target, the same ones in each run, and those that once broke something. `make fuzz` tries more."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from .__main__ import TARGETS, one
from .draw import Draw

COUNTS = {
    "corefiles": 40,
    "packets": 600,
    "zones": 150,
    "clusters": 60,
    "tests_as_files": 60,
    "commands": 60,
    "documents": 400,
    "pairs": 25,
    "containers": 60,
}
FOUND: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "corpus" / "found.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def stay_here() -> Any:
    """Command lines have a folder of their own."""
    here = os.getcwd()
    yield
    os.chdir(here)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_breaks(target: str) -> None:
    for number in range(COUNTS[target]):
        one(target, "repeatable", number)


@pytest.mark.parametrize("case", FOUND, ids=lambda case: str(case["about"]))
def test_what_once_broke_something(case: dict[str, Any]) -> None:
    look = import_module(f"{__package__}.{case['target']}").look
    for number in range(8):  # of releases and questions
        look(Draw(f"found/{number}"), case["input"])


SAID = """
from tests.fuzz.__main__ import COUNTS_OF_SEEDS, one
for target, count in COUNTS_OF_SEEDS.items():
    for number in range(count):
        print(target, number, ascii(one(target, "seeds", number)))
from tests.fuzz import commands
for line in commands.every_format():
    print(line[-60:], ascii(commands.look(None, line)))
"""


def test_two_runs_with_other_hash_seeds_say_the_same() -> None:
    """Whatever is in a set has an order before it is shown."""
    root = Path(__file__).parent.parent.parent
    said = [
        subprocess.run(
            [sys.executable, "-c", SAID],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            timeout=300,
        ).stdout
        for seed in ("0", "1")
    ]
    assert len(said[0]) > 10_000
    for first, second in zip(said[0].splitlines(), said[1].splitlines(), strict=True):
        assert first == second
