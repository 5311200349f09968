"""json: all of it, as docs/check.schema.json describes it."""

from __future__ import annotations

from typing import Any

from ...findings.report import to_json
from ...lint.codes import number
from .._terminal import show_json
from . import Run


def render(run: Run) -> None:
    """Print it."""
    show_json(report(run))


def report(run: Run) -> dict[str, Any]:
    """The data."""
    return {
        "findings": [
            {
                **to_json(finding),
                "number": number(finding.code),
                "first": finding is one.first,
                "release": str(one.release),
            }
            for one in run.checked
            for finding in one.ordered
        ],
        "corefiles": len(run.checked),
        "assumed": list(run.assumed),
    }


__all__ = ["render", "report"]
