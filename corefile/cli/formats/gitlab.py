"""gitlab: a Code Quality report, which GitLab shows in merge requests."""

from __future__ import annotations

from typing import Any

from ...lint.codes import number
from .._terminal import show_json
from . import Run, path_of, whole

SEVERITIES = {"error": "critical", "warning": "major", "notice": "info"}


def render(run: Run) -> None:
    """Print it."""
    show_json(report(run))


def report(run: Run) -> list[dict[str, Any]]:
    """The entries. A fingerprint stays the same where lines above a finding come or go."""
    from hashlib import sha256

    out = []
    seen: dict[str, int] = {}
    for one in run.checked:
        for finding in one.ordered:
            path = path_of(finding, one)
            line = 1 if finding.span is None else finding.span.locate().line
            where = "" if finding.span is None else finding.span.locate().source_line.strip()
            what = "\0".join((path, one.context or "", finding.code, finding.message, where))
            seen[what] = seen.get(what, 0) + 1
            mark = sha256(f"{what}\0{seen[what]}".encode("utf-8", "backslashreplace")).hexdigest()
            out.append(
                {
                    "description": whole(finding, one),
                    "check_name": f"{number(finding.code)} {finding.code}",
                    "fingerprint": mark,
                    "severity": SEVERITIES[finding.severity],
                    "location": {"path": path, "lines": {"begin": line}},
                }
            )
    return out


__all__ = ["render", "report"]
