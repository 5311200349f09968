"""Resolution tests with some of their values changed, then bent; run, and shown as text and as JSON."""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from typing import Any

import yaml

from corefile.findings.layout import plain
from corefile.findings.report import report
from corefile.testing.cases import as_json
from corefile.testing.cases import run as run_case
from corefile.testing.show import failure, problem

from .clusters import DUMPER
from .draw import Draw
from .pool import bent_data, cases
from .safe import safe


@cache
def small_cases() -> tuple[dict[str, Any], ...]:
    """Recorded cases of a few lines."""
    return tuple(case for case in cases() if len(str(case)) < 2500)


@cache
def folder() -> str:
    """A folder with nothing but the test, in one with nothing else: a command may look at `..`."""
    quick = "/dev/shm" if os.path.isdir("/dev/shm") else None  # where files are in memory
    path = os.path.join(tempfile.mkdtemp(prefix="corefile-fuzz-", dir=quick), "in", "it")
    os.makedirs(path)
    return path


def case(draw: Draw) -> str:
    """The text of a test."""
    data: Any = dict(draw.choice(cases() if draw.often(0.02) else small_cases()))
    data.pop("name", None)
    data["coredns"] = draw.choice(data["coredns"]) if draw.often(0.5) else "1.14.7"
    if isinstance(data.get("steps"), list):
        data["steps"] = draw.some(data["steps"], 1 + draw.size(4)) if data["steps"] else []
    for _ in range(draw.few(2)):
        data = bent_data(draw, data)
    text: str = yaml.dump(data, Dumper=DUMPER, sort_keys=False, allow_unicode=True)
    return text if draw.often(0.6) else draw.bent_text(text)


make = case


def look(draw: Draw, text: str) -> str:
    """Run it; what is said."""
    path = os.path.join(folder(), "dns.yaml")
    with open(path, "wb") as file:
        file.write(text.encode("utf-8", "surrogateescape" if draw.often(0.5) else "replace"))
    result = run_case(path)
    if result["problem"]:
        safe(plain(problem(result), 100))
    for step in result["steps"]:
        if not step["passed"]:
            safe(plain(failure(result, step, trace=True), 100))
    safe(plain(report(result["findings"], width=100)))
    return json.dumps(as_json(result)).replace(folder(), "")


__all__ = ["case", "look", "make"]
