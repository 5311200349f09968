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
    """Something that is wrong with a Corefile, or worth knowing about it.

    code: its permanent name, which `corefile explain` takes. message: one line. span: where; None for the whole.
    hint: what to do about it. label: words at the caret, if they are others than the hint. severity: `error` (CoreDNS
    does not start), `warning`, or `notice` (something is assumed or not simulated). related: other places that explain
    it, each with words. fix: an edit that mends it, None if there is none. coredns: the line that CoreDNS prints before
    it stops, '' if it would start.
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
