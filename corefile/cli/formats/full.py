"""full: each finding with its line of the Corefile, what mends it, and what CoreDNS would print."""

from __future__ import annotations

from .._terminal import show_findings
from . import Run


def render(run: Run) -> None:
    """Print it."""
    show_findings(*(one.findings for one in run.checked))


__all__ = ["render"]
