"""junit: JUnit's XML, as most CI systems read it. A Corefile is a suite; a finding that makes the call fail is a case that fails,
another one is a case that passes and says something."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from ...findings.layout import visible
from ...lint.codes import number
from .._terminal import show_commands
from . import Checked, Run, whole

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: Run) -> None:
    """Print it."""
    show_commands(report(run).splitlines())


def report(run: Run) -> str:
    """The document."""
    suites = [_suite(one, run) for one in run.checked]
    tests = sum(max(len(one.findings), 1) for one in run.checked)
    failures = sum(f.severity in run.failing for one in run.checked for f in one.findings)
    head = f'<testsuites name="corefile check" tests="{tests}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"])


def _suite(one: Checked, run: Run) -> str:
    name = f"{one.path} ({one.context})" if one.context else one.path
    failures = sum(f.severity in run.failing for f in one.findings)
    count = max(len(one.findings), 1)
    out = [f'  <testsuite name={_attribute(name)} tests="{count}" failures="{failures}" errors="0" skipped="0">']
    if not one.findings:
        out.append(f"    <testcase classname={_attribute(one.path)} name={_attribute(f'CoreDNS {one.release}')}/>")
    for finding in one.ordered:
        line = 1 if finding.span is None else finding.span.locate().line
        title = f"{number(finding.code)} {finding.code}, line {line}"
        out.append(
            f"    <testcase classname={_attribute(one.path)} name={_attribute(title)} line={_attribute(str(line))}>"
        )
        text = _text(whole(finding, one))
        if finding.severity in run.failing:
            kind = f"type={_attribute(finding.severity)} message={_attribute(finding.message)}"
            out.append(f"      <failure {kind}>{text}</failure>")
        else:
            out.append(f"      <system-out>{text}</system-out>")
        out.append("    </testcase>")
    return "\n".join([*out, "  </testsuite>"])


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", "\n".join(map(visible, text.split("\n"))))


def _text(text: str) -> str:
    return escape(_clean(text))


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


__all__ = ["render", "report"]
