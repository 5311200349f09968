"""Environment variables that are not set: what an empty word in their place leads to is said of the variable, once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from ..findings import Finding, Source, Span
from ..light import regex
from .words import words

REFERENCE = regex(r"\{\$([^{}\s%$]+)\}|\{%([^{}\s%$]+)%\}")

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
    unset = _Unset(sources, environ)
    if not unset.spans:
        return list(findings)
    named: set[str] = set()
    out: list[Finding] = []
    for finding in findings:
        found = unset.cause(finding)
        if found is None:
            out.append(finding)
            continue
        name, span = found
        if name not in named:
            named.add(name)
            out.append(_about(name, span)._replace(severity=finding.severity, coredns=finding.coredns))
    for name, span in unset.spans:
        if name not in named:
            named.add(name)
            out.append(_about(name, span))
    return out


def _about(name: str, span: Span) -> Finding:
    hint = f"--env {name}=VALUE gives it"
    if name.isdigit():  # a shell has no such names
        hint = f"a group of a pattern is written `{{{name}}}`; --env {name}=VALUE gives the variable"
    return Finding(
        "environment-unset",
        f"`{span.text}` is empty: the variable is not set here",
        span,
        severity="notice",
        hint=hint,
    )


class _Unset:
    """The references to variables that are not set. spans: names and places, in order."""

    def __init__(self, sources: Iterable[Source], environ: Mapping[str, str]) -> None:
        self.spans: list[tuple[str, Span]] = []
        self._of_source: dict[int, list[tuple[str, Span]]] = {}
        self._first_of_line: dict[tuple[int, int], tuple[str, Span]] = {}
        for source in sources:
            if "{$" not in source.text and "{%" not in source.text:
                continue
            for token in words(source):
                for match in REFERENCE.finditer(source.text, token.start, token.end):
                    name = match[1] or match[2]
                    if name not in environ:
                        self._add(name, Span(source, *match.span()))

    def _add(self, name: str, span: Span) -> None:
        self.spans.append((name, span))
        self._of_source.setdefault(id(span.source), []).append((name, span))
        self._first_of_line.setdefault((id(span.source), span.line), (name, span))

    def cause(self, finding: Finding) -> tuple[str, Span] | None:
        """The unset variable that a finding comes of, if it does."""
        if finding.span is None or finding.severity == "notice" or finding.code in WHATEVER_IT_IS:
            return None
        source, start, end = finding.span
        found = self._of_source.get(id(source), [])
        at = bisect_left(found, start, key=lambda each: each[1].start)
        if at < len(found) and found[at][1].end <= end:
            return found[at]
        return self._first_of_line.get((id(source), finding.span.line)) if finding.code in ON_THE_LINE else None


__all__ = ["explained"]
