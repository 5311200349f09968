"""sarif: SARIF 2.1.0 (OASIS), as code scanning of GitHub and others reads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ... import __version__
from ...findings import Finding, Span
from ...lint.codes import number
from .._terminal import show_json
from . import Checked, Run, path_of, whole

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def render(run: Run) -> None:
    """Print it."""
    show_json(report(run))


def report(run: Run) -> dict[str, Any]:
    """The log."""
    codes = sorted({finding.code for finding in run.findings()}, key=number)
    places = {code: place for place, code in enumerate(codes)}
    driver = {
        "name": "corefile",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": _rules(codes),
    }
    results = [_result(finding, one, places) for one in run.checked for finding in one.ordered]
    one_run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [one_run]}


def _rules(codes: list[str]) -> list[dict[str, Any]]:
    if not codes:
        return []
    from ...lint.explanations import all_explanations

    known = all_explanations()
    out = []
    for code in codes:
        one = {"id": number(code), "name": "".join(part.capitalize() for part in code.split("-"))}
        words: dict[str, Any] = {"shortDescription": {"text": code}}
        if code in known:
            says, fix = " ".join(known[code]["says"].split()), " ".join(known[code]["fix"].split())
            words |= {"fullDescription": {"text": says}, "help": {"text": f"{says}\n\n{fix}"}}
        out.append({**one, **words})
    return out


def _result(finding: Finding, one: Checked, places: dict[str, int]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "ruleId": number(finding.code),
        "ruleIndex": places[finding.code],
        "level": LEVELS[finding.severity],
        "message": {"text": whole(finding, one)},
        "locations": [_location(path_of(finding, one), finding.span)],
    }
    if finding.related:
        out["relatedLocations"] = [
            {"id": place, **_location(span.source.path, span), "message": {"text": words}}
            for place, (span, words) in enumerate(finding.related)
        ]
    if finding.fix is not None and finding.span is not None and finding.fix.safety != "display":
        out["fixes"] = [_fix(finding)]
    return out


def _fix(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None
    changes: dict[str, list[dict[str, Any]]] = {}
    for span, text in finding.fix.edits:
        replacement = {"deletedRegion": _region(span), "insertedContent": {"text": text}}
        changes.setdefault(span.source.path, []).append(replacement)
    return {
        "description": {"text": finding.fix.description},
        "artifactChanges": [
            {"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _location(path: str, span: Span | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    place["region"] = {"startLine": 1} if span is None else _region(span)
    return {"physicalLocation": place}


def _region(span: Span) -> dict[str, int]:
    start, end = span.source.locate(span.start), span.source.locate(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _uri(path: str) -> str:
    """A path as a URI reference."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/-._~")


__all__ = ["SCHEMA", "render", "report"]
