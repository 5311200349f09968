"""What all that reads a Corefile has: the words ahead, the values of what was read, and what was found wrong."""

from __future__ import annotations

from typing import Any, TypeAlias

from ...findings import Expected, Finding, Fix, Source, Span, did_you_mean
from ..nodes import Document, Import, ServerBlock, keys_of
from ..words import Token, breaks, words
from .build import Builder

Word: TypeAlias = tuple[str, Any]
"""A kind of word, which is a terminal of the grammar, and its value: a Token, or None where it holds no text."""

END: Word = ("$END", None)
NL: Word = ("NL", None)


class Reader(Builder):
    """The words of one Corefile, taken one after another.

    While a server block is read, `values` has the items before it, its keys (if there are any), its `{` (or None), and
    its body.

    ahead: the words to come, the next one last. last: the word that was taken last, None before the first. findings:
    in CoreDNS's order. snippet_keys: the keys of the snippets so far, by name. past: nothing stands at the place of the
    next key, because an import brought nothing. ended: the end of the text was found inside braces.
    """

    def __init__(self, main: Source) -> None:
        super().__init__()
        self.main = main
        self.words: list[Token] = []
        self.ahead: list[Token] = []
        self.last: Token | None = None
        self.findings: list[Finding] = []
        self.snippet_keys: dict[str, Token] = {}
        self.past = False
        self.ended = False
        self._head: list[Token | Import] | Token | None = None
        self._keys: tuple[Token, ...] = ()

    def start(self) -> None:
        """Cut the text into words."""
        self.words = words(self.main)
        self.ahead = self.words[-2::-1]

    @property
    def end(self) -> Token:
        """The end of the text."""
        return self.words[-1]

    def mistake(self, symbol: str, kind: str) -> Word:
        """Report a word of a kind that cannot stand behind a symbol. Returns what goes before it."""
        raise NotImplementedError

    def take(self) -> Token:
        """Step over the next word."""
        self.last = word = self.ahead.pop()
        return word

    def on_new_line(self, word: Token) -> bool:
        """Whether the next word is the first of its line."""
        return self.last is None or breaks(self.last, word)

    @property
    def keys(self) -> tuple[Token, ...]:
        """The keys of the server block that is being read, of which the head is complete."""
        head: list[Token | Import] | Token | None = self.values[1]
        if head is not self._head:
            self._head = head
            self._keys = keys_of(head) if isinstance(head, list) else ()
        return self._keys

    @property
    def opening(self) -> Token | None:
        """The `{` of the server block that is being read, if it has one."""
        opening: Token | None = self.values[2] if isinstance(self.values[1], list) else self.values[1]
        return opening

    def report(
        self,
        here: Token | None,
        code: str,
        message: str,
        coredns: str,
        *,
        hint: str = "",
        label: str = "",
        related: tuple[tuple[Span, str], ...] = (),
        kind: str = "Error during parsing",
        span: Span | None = None,
        fix: Fix | None = None,
        expected: Expected = "",
        choices: tuple[str, ...] = (),
        meant: str = "",
    ) -> None:
        """Add an error at a word, or behind the last one. `span` is what it is about, if that is not the word. meant: the word
        that most likely was meant: the hint and the fix say so."""
        where = f"{here.file}:{here.line}" if here else f"{self.main.name}:0"
        if span is None:
            span = (here or self.last or self.end).span
        line = f"{where} - {kind}: {coredns}"
        finding = Finding(code, message, span, hint, label, "error", related, fix, line, expected, choices)
        self.findings.append(did_you_mean(finding, meant) if meant else finding)

    def document(self) -> Document:
        """What was read, once all is."""
        (items,) = self.values
        return Document(tuple(items), self.end)

    def blocks(self) -> list[ServerBlock]:
        """The server blocks of what was read so far. One without keys is none."""
        items = self.values[0] if self.values else ()
        return [item for item in items if isinstance(item, ServerBlock) and item.keys]
