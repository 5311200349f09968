"""Parsing: from text to a lossless tree.

The tables are those that lark makes of grammar.lark (see grammar.py); this runs them, and the contextual lexer that
belongs to them, without importing lark.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from typing import Any

from ..findings import CorefileError, Source, Span
from ._tables import FINAL, RULES, STATES, TERMINALS
from .nodes import BlankLine, Comment, Directive, Document, Import, PropertyBlock, ServerBlock, Snippet
from .printer import to_text
from .words import Token, tokens


class Tree:
    """A Corefile as it was written: `str(tree)` is the text."""

    __slots__ = ("document", "source", "whole")
    source: Source
    document: Document
    whole: bool
    """Whether nothing in it looks unfinished."""

    def __init__(self, source: Source, document: Document, whole: bool = True) -> None:
        self.source = source
        self.document = document
        self.whole = whole

    def words(self) -> list[Token]:
        """All words, as CoreDNS's lexer makes them."""
        return tokens(self.source)

    def __str__(self) -> str:
        return to_text(self.document)

    def __repr__(self) -> str:
        return f"<Tree of {self.source.path}>"

    def __eq__(self, other: object) -> bool:
        return self.document == other.document if isinstance(other, Tree) else NotImplemented

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
    if not tree.whole and "import" not in source.text and "{$" not in source.text and "{%" not in source.text:
        from .expand import structure

        findings = structure(source)
        if findings:
            raise CorefileError(findings)
    return tree


def build(source: Source) -> Tree:
    """The tree of any text at all."""
    builder = _Builder()
    collecting = gc.isenabled()
    gc.disable()  # nodes make no cycles, and looking for some makes the time grow faster than the text
    try:
        run(source, builder)
    finally:
        if collecting:
            gc.enable()
    (document,) = builder.values
    return Tree(source, document, builder.whole)


def run(source: Source, builder: _Builder) -> None:
    """The LALR automaton. Values of symbols are on `builder.values`, one for each state but the first."""
    text = source.text
    size = len(text)
    make = Span.__new__
    actions = [getattr(builder, method) for _, _, method in RULES]
    states = [0]
    values = builder.values
    at = 0
    state = 0
    while True:
        table = STATES[state]
        if at < size:
            match = _scanner(state)(text, at)
            if match is None:
                raise AssertionError(f"grammar.lark has no terminal for {text[at : at + 20]!r} in state {state}")
            terminal: str = match.lastgroup  # type: ignore[assignment]
            end = match.end()
        else:
            terminal, end = "$END", size
        while True:
            action = table[terminal]
            if action >= 0:
                values.append(make(Span, source, at, end))
                state = action
                states.append(state)
                break
            symbol, count, _ = RULES[~action]
            if count:
                actions[~action](count)
                del states[-count:]
            else:
                values.append([])
            state = STATES[states[-1]][symbol]
            if state == FINAL:
                return
            states.append(state)
            table = STATES[state]
        at = end


_scanners: dict[int, Callable[[str, int], re.Match[str] | None]] = {}
_scanners_by_terminals: dict[tuple[str, ...], Callable[[str, int], re.Match[str] | None]] = {}


def _scanner(state: int) -> Callable[[str, int], re.Match[str] | None]:
    """What finds the next terminal in a state: one expression for each set of terminals."""
    scanner = _scanners.get(state)
    if scanner is None:
        accepted = STATES[state]
        names = tuple(name for name in TERMINALS if name in accepted)
        scanner = _scanners_by_terminals.get(names)
        if scanner is None:
            scanner = re.compile("|".join(f"(?P<{name}>{TERMINALS[name]})" for name in names)).match
            _scanners_by_terminals[names] = scanner
        _scanners[state] = scanner
    return scanner


class _Builder:
    """What each rule of the grammar makes of the values of its symbols. Methods are named as the rules' aliases."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.whole = True

    def take(self, count: int) -> list[Any]:
        taken = self.values[-count:]
        del self.values[-count:]
        return taken

    def nothing(self, count: int) -> None:
        self.values.append([])

    def same(self, count: int) -> None:
        pass

    def joined(self, count: int) -> None:
        end = self.values.pop()
        self.values[-1] = self.values[-1]._replace(end=end.end)

    def more(self, count: int) -> None:
        last = self.values.pop()
        self.values[-1].append(last)

    def blank(self, count: int) -> None:
        self.values[-1] = BlankLine(self.values[-1])

    def comment(self, count: int) -> None:
        self.values[-1] = Comment(self.values[-1])

    def import_line(self, count: int) -> None:
        ending = self.values.pop() if count == 2 else None
        self.values[-1] = Import(self.values[-1], ending)

    def nothing_but(self, count: int) -> None:
        self.values[-1] = [self.values[-1]]

    def directive(self, count: int) -> None:
        values = self.values
        ending = values.pop() if count == 2 else None
        values[-1] = Directive(tuple(values[-1]), ending)

    def group(self, count: int) -> None:
        opening, body, closing = self.take(3)
        self.values.append([PropertyBlock(opening, tuple(body), closing)])

    def more_group(self, count: int) -> None:
        opening, body, closing = self.take(3)
        self.values[-1].append(PropertyBlock(opening, tuple(body), closing))

    def open_group(self, count: int) -> None:
        self.whole = False
        opening, body = self.take(2)
        self.values.append([PropertyBlock(opening, tuple(body), None)])

    def more_open_group(self, count: int) -> None:
        self.whole = False
        opening, body = self.take(2)
        self.values[-1].append(PropertyBlock(opening, tuple(body), None))

    # Server blocks. A directive that ends on the line of the closing brace swallows the brace.

    def server(
        self, head: Any, line: Any, opening: Any, body: list[Any], closing: Any = None, ending: Any = None
    ) -> None:
        if body and isinstance(body[-1], Directive) and body[-1].ending is None and closing is not None:
            self.whole = False
        self.values.append(ServerBlock(head, line, opening, tuple(body), closing, ending))

    def block(self, count: int) -> None:
        head, opening, body, *end = self.take(count)
        if head.text.rstrip().endswith((",", ',"')):
            self.whole = False
        self.server(head, None, opening, body, *end)

    def block_without_keys(self, count: int) -> None:
        opening, body, *end = self.take(count)
        self.server(None, None, opening, body, *end)

    def block_without_brace(self, count: int) -> None:
        head, line, body, *end = self.take(count)
        self.server(head, line, None, body, *end)

    def snippet(self, count: int) -> None:
        head, opening, body, closing, *ending = self.take(count)
        self.values.append(Snippet(head, opening, tuple(body), closing, ending[0] if ending else None))

    def lone_keys(self, count: int) -> None:
        if self.values[-1].text.rstrip().endswith((",", ',"')):
            self.whole = False
        self.server(self.values.pop(), None, None, [])

    def open_block(self, count: int) -> None:
        self.whole = False
        head, opening, body = self.take(3)
        self.server(head, None, opening, body)

    def open_block_without_keys(self, count: int) -> None:
        self.whole = False
        opening, body = self.take(2)
        self.server(None, None, opening, body)

    def open_block_without_brace(self, count: int) -> None:
        head, line, body = self.take(3)
        self.server(head, line, None, body)

    def open_snippet(self, count: int) -> None:
        self.whole = False
        head, opening, body = self.take(3)
        self.values.append(Snippet(head, opening, tuple(body), None, None))

    def document(self, count: int) -> None:
        items = self.take(count)
        self.values.append(Document(None, tuple(items[0] + items[1:])))

    def document_bom(self, count: int) -> None:
        bom, *items = self.take(count)
        self.values.append(Document(bom, tuple(items[0] + items[1:])))
