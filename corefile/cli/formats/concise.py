"""concise: one line for each finding, `FILE:LINE:COLUMN: SEVERITY NUMBER NAME: WORDS`."""

from __future__ import annotations

from ...findings.layout import Line, line
from ...lint.codes import number
from .._terminal import show
from . import Run, words


def render(run: Run) -> None:
    """Print it."""
    out: list[Line] = []
    for one in run.checked:
        for finding in one.ordered:
            place = f"{one.path}:1:1"
            if finding.span is not None:
                at = finding.span.locate()
                place = f"{at.path}:{at.line}:{at.column}"
            said = f"{place}: {finding.severity} {number(finding.code)} {finding.code}: {words(finding)}"
            out.append(line(said + " (CoreDNS stops here)" * (finding is one.first)))
    show(out)


__all__ = ["render"]
