"""Results as JUnit's XML, as most CI systems read it: a file is a suite, a step a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..findings.layout import plain, visible
from ..findings.report import render
from .show import at, failure, problem

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(suites: Sequence[str], tests: int, failures: int, errors: int) -> str:
    """The document with the suites of all files."""
    head = f'<testsuites name="corefile test" tests="{tests}" failures="{failures}" errors="{errors}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def suite(result: dict[str, Any], seconds: float = 0.0) -> str:
    """One file."""
    steps = [s for s in result["steps"] if not s["skipped"]]
    broken = bool(result["problem"]) and not result["passed"]
    failures = sum(not s["passed"] for s in steps)
    alone = broken or not steps
    counts = f'tests="{len(steps) + alone}" failures="{failures}" errors="{int(broken)}" skipped="0"'
    out = [f'  <testsuite name={_attribute(result["path"])} {counts} time="{seconds:.3f}">']
    if alone:
        out += _case(result["path"], "the test as a whole", _problem(result) if broken else None, "error", at(result))
    for number, step in enumerate(steps):
        name = f"{number + 1}: {step['what']}" + (f" [{step['variant']}]" if step["variant"] else "")
        words = None if step["passed"] else plain(failure(result, step, trace=True), 118)
        out += _case(result["path"], name, words, "failure", at(result, step))
    return "\n".join([*out, "  </testsuite>"])


def _problem(result: dict[str, Any]) -> str:
    return "\n".join(filter(None, (plain(problem(result)), render(result["findings"]))))


def _case(path: str, name: str, words: str | None, kind: str, where: str = "") -> list[str]:
    head = f"    <testcase classname={_attribute(path)} name={_attribute(name)}"
    if words is None:
        return [f"{head}/>"]
    first = words.partition("\n")[0]
    message = first.removeprefix(f"{where}  ")
    return [f"{head}>", f"      <{kind} message={_attribute(message)}>{_text(words)}</{kind}>", "    </testcase>"]


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", "\n".join(map(visible, text.split("\n"))))


def _text(text: str) -> str:
    return escape(_clean(text))


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


__all__ = ["document", "suite"]
