"""Parsing: from text to a lossless tree."""

from __future__ import annotations

from ..findings import CorefileError, Finding, Source
from .nodes import Document, leaves
from .printer import to_text
from .reader.automaton import run
from .reader.written import Written
from .words import Token


class Tree:
    """A Corefile as it was written: `str(tree)` is the text.

    findings: what is wrong with its words and braces, if nothing that it imports and no variable mends it.
    """

    __slots__ = ("document", "findings", "source")
    source: Source
    document: Document
    findings: tuple[Finding, ...]

    def __init__(self, source: Source, document: Document, findings: tuple[Finding, ...] = ()) -> None:
        self.source = source
        self.document = document
        self.findings = findings

    def words(self) -> list[Token]:
        """All words, as CoreDNS's lexer makes them."""
        return leaves(self.document)[:-1]

    def __str__(self) -> str:
        return to_text(self.document)

    def __repr__(self) -> str:
        return f"<Tree of {self.source.path}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        # The words of a text make its tree. The nodes themselves may be too deep to be compared.
        return leaves(self.document) == leaves(other.document)

    def __hash__(self) -> int:
        return hash(self.source)


def parse(text: str | Source) -> Tree:
    """The tree of a Corefile.

    Raises CorefileError for a text that no file, snippet or environment variable could complete: one without imports
    and references whose blocks CoreDNS finds broken. Which directives there are depends on the release, and is not
    looked at here.

    >>> str(parse(".:53 {\\n    whoami\\n}\\n"))
    '.:53 {\\n    whoami\\n}\\n'
    """
    source = text if isinstance(text, Source) else Source("<text>", text)
    tree = build(source)
    if tree.findings and "import" not in source.text and "{$" not in source.text and "{%" not in source.text:
        raise CorefileError(tree.findings)
    return tree


def build(source: Source) -> Tree:
    """The tree of any text at all."""
    reader = Written(source)
    run(reader)
    return Tree(source, reader.document(), tuple(reader.findings))
