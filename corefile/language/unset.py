"""Environment variables that are not set: what an empty word in their place leads to is said of the variable, once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..findings import Finding, Source, Span
from .words import words

REFERENCE = re.compile(r"\{\$([^{}\s%$]+)\}|\{%([^{}\s%$]+)%\}")

ON_THE_LINE = frozenset(
    ("bad-zone", "hosts-directory", "import-without-match", "invalid-argument", "missing-directory", "missing-file")
)
"""Findings that an empty word leads to elsewhere on its line, too; others only where they are about that very word."""

WHATEVER_IT_IS = frozenset(("argument-count",))
"""Findings that no value of the variable would mend."""


def explained(findings: Iterable[Finding], sources: Iterable[Source], environ: Mapping[str, str]) -> list[Finding]:
    """The findings, with those that come of an unset variable in the variable's name, and a notice for each other one.

    A word that a variable has made empty is an error at the variable, with CoreDNS's own line; what else the same
    variable leads to goes without saying.
    """
    unset = _unset(sources, environ)
    if not unset:
        return list(findings)
    named: set[str] = set()
    out: list[Finding] = []
    for finding in findings:
        found = _cause(finding, unset)
        if found is None:
            out.append(finding)
            continue
        name, span = found
        if name not in named:
            named.add(name)
            out.append(_about(name, span)._replace(severity=finding.severity, coredns=finding.coredns))
    for name, span in unset:
        if name not in named:
            named.add(name)
            out.append(_about(name, span))
    return out


def _about(name: str, span: Span) -> Finding:
    return Finding(
        "environment-unset",
        f"`{span.text}` is empty: the variable is not set here",
        span,
        severity="notice",
        hint=f"--env {name}=VALUE gives it",
    )


def _unset(sources: Iterable[Source], environ: Mapping[str, str]) -> list[tuple[str, Span]]:
    """The references to variables that are not set, in order."""
    out = []
    for source in sources:
        if "{$" not in source.text and "{%" not in source.text:
            continue
        for token in words(source):
            for match in REFERENCE.finditer(source.text, token.start, token.end):
                name = match[1] or match[2]
                if name not in environ:
                    out.append((name, Span(source, *match.span())))
    return out


def _cause(finding: Finding, unset: list[tuple[str, Span]]) -> tuple[str, Span] | None:
    """The unset variable that a finding comes of, if it does."""
    if finding.span is None or finding.severity == "notice" or finding.code in WHATEVER_IT_IS:
        return None
    source, start, end = finding.span
    for name, span in unset:
        if span.source is source and start <= span.start and span.end <= end:
            return name, span
    if finding.code not in ON_THE_LINE:
        return None
    line = source.place(start)[0]
    return next(
        (found for found in unset if found[1].source is source and source.place(found[1].start)[0] == line), None
    )


__all__ = ["explained"]
