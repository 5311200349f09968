"""The forms in which `corefile check` prints what it has found, one file each, with one function `render(run)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...findings.report import by_place, first_error
from ...light import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...findings import Finding, Severity
    from ...releases import Release


class Checked(NamedTuple):
    """One Corefile, or a file that should have had one. path: where it stands. context: where in that file, such as a
    ConfigMap's key. release: the CoreDNS that it was checked for. findings: CoreDNS's own first error first. suppressed: how
    many errors go unsaid that keep CoreDNS from starting, by comments or options."""

    path: str
    context: str | None
    release: Release
    findings: list[Finding]
    suppressed: int = 0

    @property
    def ordered(self) -> list[Finding]:
        """The findings in the order of files and lines."""
        return by_place(self.findings)

    @property
    def first(self) -> Finding | None:
        """The error at which CoreDNS stops."""
        return first_error(self.findings)


class Run(NamedTuple):
    """What a call has found. assumed: what was not given. failing: the severities that make it fail."""

    checked: list[Checked]
    assumed: tuple[str, ...]
    failing: tuple[Severity, ...]

    def findings(self) -> Iterator[Finding]:
        """All findings, Corefile by Corefile."""
        for one in self.checked:
            yield from one.ordered


def words(finding: Finding) -> str:
    """A finding in one sentence."""
    more = finding.hint or finding.label
    return f"{finding.message}; {more}" if more else finding.message


def whole(finding: Finding, one: Checked) -> str:
    """A finding with all that there is to say of it."""
    parts = [finding.message, finding.label, finding.hint]
    if finding is one.first:
        parts.append(f'CoreDNS would not start: "{finding.coredns}"')
    return "\n".join(dict.fromkeys(part for part in parts if part))


def path_of(finding: Finding, one: Checked) -> str:
    """The file that a finding is about."""
    return one.path if finding.span is None else finding.span.source.path


__all__ = ["Checked", "Run", "path_of", "whole", "words"]
