"""What the parts of the parser share: the text, the release, the cursor, and what was found."""

from __future__ import annotations

from collections.abc import Mapping

from ...findings import Finding, Source, Span
from ...releases import Release
from ..environment import Crash, substitute
from ..words import Token, tokens
from .cursor import Cursor
from .rules import Rules

Related = tuple[tuple[Span, str], ...]


class Stop(Exception):
    """CoreDNS could not read on from here, and neither can we."""


class State:
    """Of one Corefile that is being read. `findings` are in CoreDNS's order."""

    def __init__(self, main: Source, release: Release, environ: Mapping[str, str]) -> None:
        self.main = main
        self.release = release
        self.rules = Rules(release)
        self.environ = environ
        self.words = tokens(main)
        self.cursor = Cursor(self.words)
        self.findings: list[Finding] = []

    def report(
        self,
        code: str,
        message: str,
        coredns: str,
        hint: str = "",
        label: str = "",
        related: Related = (),
        kind: str = "Error during parsing",
        span: Span | None = None,
    ) -> None:
        """Add an error at the cursor. `span` is what it is about, if that is not the word there."""
        cursor = self.cursor
        token = cursor.here
        where = f"{token.file}:{token.line}" if token else f"{self.main.name}:0"
        if span is None:
            end = len(self.main.text)
            span = token.span if token else cursor.done[-1].span if cursor.done else Span(self.main, end, end)
        line = f"{where} - {kind}: {coredns}"
        self.findings.append(Finding(code, message, span, hint, label, "error", related, None, line))

    def substitute(self, token: Token) -> str:
        """The text of a word with environment variables put in."""
        text = token.text
        if "{" not in text:
            return text
        try:
            return substitute(text, self.environ, self.rules.ends_of_references)
        except Crash as crash:
            words = f"CoreDNS {self.release} does not survive the environment references in this word"
            self.findings.append(Finding("environment-reference", words, token.span, coredns=str(crash)))
            return text
