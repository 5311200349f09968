"""The recorded cases: what real CoreDNS binaries answered is what we answer."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corefile.testing.cases import Case, run

from .conftest import groups

HERE = Path(__file__).parent / "conformance"
CASES = sorted(HERE.rglob("*.yaml"))


def group_of(path: Path) -> str:
    return str(path.relative_to(HERE).parent)


@pytest.mark.parametrize("path", CASES, ids=lambda p: str(p.relative_to(HERE).with_suffix("")))
def test_case(path: Path) -> None:
    count = groups.setdefault(group_of(path), Counter())
    data = Case.read(str(path)).data
    wrong = judge(data, run(str(path)))
    count["wrong" if wrong else "right"] += 1
    assert not wrong, "\n".join(wrong)


def judge(data: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """Where the result differs from what was recorded."""
    if "error" in data:
        if result["error"] is None:
            return [f"accepted, but CoreDNS says: {data['error']}"]
        line = re.search(r"Corefile:(\d+)", data["error"])
        if line and result["line"] != int(line[1]):
            return [f"refused at line {result['line']}, but CoreDNS says: {data['error']}"]
        return []
    if result["error"] is not None:
        return [f"refused: {result['error']}"]
    out = []
    for number, (step, seen) in enumerate(zip(data.get("steps") or [], result["steps"], strict=True)):
        for d in seen["differences"]:
            asked = step.get("query") or step.get("get") or step.get("metrics")
            out.append(f"step {number} {asked}: {d['field']}\n  - {d['expect']}\n  + {d['actual']}")
    return out
