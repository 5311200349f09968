"""What there is to say about a Corefile. A finding is data; `report` shows it."""

from __future__ import annotations

from typing import Literal

from ..light import NamedTuple
from .source import Span

Severity = Literal["error", "warning", "notice"]


class Fix(NamedTuple):
    """An edit that would mend a finding.

    description: what it does, in the imperative. edits: ranges and the text to put in their place. safety: `safe`
    keeps what CoreDNS does, `unsafe` may change it, `display` is shown and never applied.
    """

    description: str
    edits: tuple[tuple[Span, str], ...]
    safety: Literal["safe", "unsafe", "display"] = "display"


class Finding(NamedTuple):
    """One thing that is worth saying about a Corefile.

    code: a permanent kebab-case name. message: one line. span: what it is about. label: words at the caret. hint: how
    to mend it. related: other places that explain it, each with words. coredns: the line that CoreDNS prints before it
    stops, "" if it would start.
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

    def __repr__(self) -> str:
        return f"<Finding {self.code}: {self.message}>"
