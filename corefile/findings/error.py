"""The exception that carries findings."""

from __future__ import annotations

from .finding import Finding


class CorefileError(Exception):
    """CoreDNS would refuse the Corefile, or end right after its start.

    findings: the errors, CoreDNS's own first, then warnings and notices. `str()` renders them as `corefile check` does.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        from .report import render

        return render(self.findings)
