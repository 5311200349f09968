"""The exception that carries findings."""

from __future__ import annotations

from .finding import Finding


class CorefileError(Exception):
    """A Corefile that CoreDNS would refuse. `findings` has all that was found, CoreDNS's own error first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        from .report import render

        return render(self.findings)
