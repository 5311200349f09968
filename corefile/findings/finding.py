"""What there is to say about a Corefile. A finding is data; `report` shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..light import NamedTuple
from .source import Span

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

Expected = Literal[
    "",
    "address",
    "address or interface",
    "address with a port",
    "answer",
    "class",
    "closing brace",
    "closing quote",
    "comparison",
    "directive",
    "expression",
    "fewer words",
    "function call",
    "kind of rule",
    "list",
    "name of a plugin",
    "network of IPv6",
    "record type",
    "response code",
    "server",
    "template",
    "value",
    "way to match a name",
    "whole number",
    "zone",
    "zone of a cluster",
]
"""What would be right in the place of a word that is refused, where a cure depends on it."""


class Fix(NamedTuple):
    """An edit that would mend a finding.

    description: what it does, in the imperative. edits: ranges and the text to put in their place. safety: `safe`
    keeps what CoreDNS does, `unsafe` may change it, `display` is shown and never applied.
    """

    description: str
    edits: tuple[tuple[Span, str], ...]
    safety: Literal["safe", "unsafe", "display"] = "display"


class Finding(NamedTuple):
    """Something that is wrong with a Corefile, or worth knowing about it.

    code: its permanent name, which `corefile explain` takes. message: one line. span: where; None for the whole.
    hint: what to do about it. label: words at the caret, if they are others than the hint. severity: `error` (CoreDNS
    does not start), `warning`, or `notice` (something is assumed or not simulated). related: other places that explain
    it, each with words. fix: an edit that mends it, None if there is none. coredns: the line that CoreDNS prints before
    it stops, '' if it would start. expected: what should stand there, '' if that is not known. choices: the words of which
    one should stand there, if they are few. directive: the one whose setup says it, '' for others. None of the three is shown:
    they tell what the words of `message` and `hint` are about.
    """

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    label: str = ""
    severity: Severity = "error"
    related: tuple[tuple[Span, str], ...] = ()
    fix: Fix | None = None
    coredns: str = ""
    expected: Expected = ""
    choices: tuple[str, ...] = ()
    directive: str = ""

    def __repr__(self) -> str:
        return f"<Finding {self.code}: {self.message}>"


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the errors first, then warnings and notices, those of one kind in the order that they have."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def did_you_mean(finding: Finding, word: str) -> Finding:
    """The finding, with the hint that a word was meant in the place of its own, and the edit that writes it."""
    return _instead(finding, f"did you mean `{word}`?", word)


def write_instead(finding: Finding, text: str, more: str = "") -> Finding:
    """The finding, with the hint to write a text in the place of its word, and the edit that does. more: the rest of the hint."""
    return _instead(finding, f"write `{text}`{more}", text)


def _instead(finding: Finding, hint: str, text: str) -> Finding:
    fix = None if finding.span is None else in_place(finding.span, text)
    return finding._replace(hint=hint, label="", fix=fix)


def in_place(span: Span, text: str) -> Fix:
    """The edit that writes a text in the place of another one."""
    return Fix(f"write `{text}`", ((span, text),), "unsafe")
