"""The recorded cases: what real CoreDNS binaries answered is what we answer.

A case whose Corefile (or an upstream's) uses a directive that is not simulated yet waits for it, and so does one that asks
over a transport, or with a signature, that is not; which ones these are follows from the case itself. `GAPS` names the cases that are known to be wrong, each with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corefile import releases
from corefile.findings import Source
from corefile.language.expand import DictFiles, expand
from corefile.plugins import find
from corefile.testing import format
from corefile.testing.cases import Case, run

from .conftest import groups

HERE = Path(__file__).parent / "conformance"
CASES = sorted(HERE.rglob("*.yaml"))

GAPS: dict[str, str] = {}


def waits_for(data: dict[str, Any]) -> list[str]:
    """The directives of the case's Corefiles that are in the release and not simulated, and the transports and signatures
    of its queries that are not."""
    texts = [(data["corefile"], data.get("files"), data.get("coredns"))]
    upstreams = [data.get("upstreams"), *(s.get("upstream") for s in data.get("steps") or [])]
    texts += [
        (u["corefile"], u.get("files"), u.get("coredns"))
        for given in upstreams
        for u in (given or {}).values()
        if isinstance(u, dict) and "corefile" in u
    ]
    texts += [
        (s["write"]["Corefile"], data.get("files"), data.get("coredns"))
        for s in data.get("steps") or []
        if "Corefile" in (s.get("write") or {})
    ]
    waiting: set[str] = set()
    for text, files, version in texts:
        release = releases.find(str(version)) if version else releases.LATEST
        env = {k: str(v) for k, v in (data.get("env") or {}).items()}
        program = expand(
            Source("Corefile", text),
            release=release,
            environ=env,
            files=DictFiles({k: str(v) for k, v in (files or {}).items()}),
        )
        waiting |= {d for block in program.blocks for d in block.directives if find(d) is None and d in release.order}
    return sorted(waiting) + format.waits_for(data)[0]


def group_of(path: Path) -> str:
    return str(path.relative_to(HERE).parent)


@pytest.mark.parametrize("path", CASES, ids=lambda p: str(p.relative_to(HERE).with_suffix("")))
def test_case(path: Path) -> None:
    count = groups.setdefault(group_of(path), Counter())
    data = Case.read(str(path)).data
    waiting = waits_for(data)
    if waiting:
        count["waiting"] += 1
        result = run(str(path))
        refused = result["error"] if not result["waits"] else None
        assert refused is None or "error" in data, f"refused, but CoreDNS starts: {refused}"
        pytest.skip(f"waits for {', '.join(waiting)}")
    gap = GAPS.get(str(path.relative_to(HERE).with_suffix("")))
    wrong = judge(data, run(str(path)))
    if gap is not None:
        count["gap"] += 1
        assert wrong, f"no gap any more: {gap}"
        pytest.xfail(gap)
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
        if "wire" in (step.get("expect") or {}):
            continue  # a reply that the recorder could not read
        for d in seen["differences"]:
            asked = step.get("query") or step.get("get") or step.get("metrics")
            out.append(f"step {number} {asked}: {d['field']}\n  - {d['expect']}\n  + {d['actual']}")
    return out
