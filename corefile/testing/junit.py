"""Results as JUnit's XML: a file is a suite, a step a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..findings import junit
from ..findings.layout import plain
from .show import at, failure, whole_problem


def document(suites: Sequence[str], tests: int, failures: int, errors: int) -> str:
    """The document with the suites of all files."""
    return junit.document("corefile test", suites, tests, failures, errors) + "\n"


def suite(result: dict[str, Any], seconds: float = 0.0) -> str:
    """One file."""
    path = result["path"]
    steps = [s for s in result["steps"] if not s["skipped"]]
    broken = bool(result["problem"]) and not result["passed"]
    cases = []
    if broken or not steps:
        cases.append(_case(path, "the test as a whole", whole_problem(result) if broken else "", "error", at(result)))
    for number, step in enumerate(steps):
        name = f"{number + 1}: {step['what']}" + (f" [{step['variant']}]" if step["variant"] else "")
        words = "" if step["passed"] else plain(failure(result, step, trace=True), 118)
        cases.append(_case(path, name, words, "failure", at(result, step)))
    return junit.suite(path, cases, sum(not s["passed"] for s in steps), int(broken), seconds)


def _case(path: str, name: str, words: str, kind: str, where: str) -> str:
    """A case; of one that did not pass, with what is said of it, and its first line without the place."""
    if not words:
        return junit.case(path, name)
    return junit.case(path, name, kind, words, message=words.partition("\n")[0].removeprefix(f"{where}  "))


__all__ = ["document", "suite"]
