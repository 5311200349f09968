"""junit: JUnit's XML, as most CI systems read it. A Corefile is a suite; a finding that makes the call fail is a case that fails,
another one is a case that passes and says something."""

from __future__ import annotations

from ...findings import junit
from ...lint.codes import number
from .._terminal import show_commands
from . import Checked, Run, whole


def render(run: Run) -> None:
    """Print it."""
    show_commands(report(run).splitlines())


def report(run: Run) -> str:
    """The document."""
    suites = [_suite(one, run) for one in run.checked]
    tests = sum(max(len(one.findings), 1) for one in run.checked)
    failures = sum(f.severity in run.failing for one in run.checked for f in one.findings)
    return junit.document("corefile check", suites, tests, failures)


def _suite(one: Checked, run: Run) -> str:
    name = f"{one.path} ({one.context})" if one.context else one.path
    cases = [] if one.findings else [junit.case(one.path, f"CoreDNS {one.release}")]
    for finding in one.ordered:
        line = 1 if finding.span is None else finding.span.locate().line
        title = f"{number(finding.code)} {finding.code}, line {line}"
        fails = finding.severity in run.failing
        kind, said = (
            ("failure", {"type": finding.severity, "message": finding.message}) if fails else ("system-out", {})
        )
        cases.append(junit.case(one.path, title, kind, whole(finding, one), line=line, **said))
    return junit.suite(name, cases, sum(f.severity in run.failing for f in one.findings))


__all__ = ["render", "report"]
