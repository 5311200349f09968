"""Reads a template: runs the automaton of grammar.lark, and says what is wrong in Go's words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NoReturn

from ..light import NamedTuple
from ._tables import FINAL, REDUCES, RULES, STATES, SYMBOLS
from .build import Builder
from .nodes import Node
from .words import END_OF_TEXT, MISTAKE, Word

_CONTEXTS = {
    "IF": "if",
    "RANGE": "range",
    "WITH": "with",
    "TEMPLATE": "template clause",
    "BLOCK": "block clause",
    "DEFINE": "define clause",
    "END": "end",
    "ELSE": "else",
    "BREAK": "{{break}}",
    "CONTINUE": "{{continue}}",
    "LPAREN": "parenthesized pipeline",
    "LEFT": "command",
}
_OPERAND = frozenset(("command", "operand", "term", "fields"))


class Parsed(NamedTuple):
    """templates: the nodes of the template and of those that it defines, by name. needs: features of the language that are
    not as old as CoreDNS, with the release of Go that brought them."""

    templates: dict[str, list[Node]]
    needs: dict[str, str]


def parse(name: str, text: str, functions: Collection[str]) -> Parsed:
    """The template `text`, which may call `functions`. Raises TemplateError.

    >>> list(parse("t", "{{define `x`}}a{{end}}{{template `x`}}", ()).templates)
    ['x', 't']
    """
    parser = Parser(name, text, functions)
    parser.run()
    needs = parser.needs
    if parser.words.breaks_lines:
        needs["line breaks inside of actions"] = "1.16"
    return Parsed(parser.templates, needs)


class Parser(Builder):
    """One template."""

    def run(self) -> None:
        """Read all words."""
        states: list[int] = [0]
        values: list[Any] = []
        begins: list[int] = []
        before = ""
        while states[-1] != FINAL:
            rule = REDUCES[states[-1]]
            if rule < 0:
                word = self.ahead
                if word is None:
                    word = self.ahead = self.words.take()
                action = STATES[states[-1]].get(word.kind)
                if action is None:
                    self._mistake(states, word)
                if action >= 0:
                    self.ahead = None
                    self.taken(word, before)
                    before = word.kind
                    states.append(action)
                    values.append(word)
                    begins.append(word.pos)
                    continue
                rule = ~action
            symbol, count, makes = RULES[rule]
            if count:
                taken = values[-count:]
                self.began = begins[-count]
                del values[-count:], begins[-count:], states[-count:]
            else:
                taken = []
                self.began = 0
            begins.append(self.began)
            values.append(getattr(self, makes)(*taken))
            states.append(STATES[states[-1]][symbol])

    # -- mistakes -----------------------------------------------------------------------------------------------------

    def _mistake(self, states: list[int], word: Word) -> NoReturn:
        """Raise what Go says of a word that cannot stand here."""
        symbols = [SYMBOLS[state] for state in states]
        last, kind = symbols[-1], word.kind
        if kind == END_OF_TEXT:
            self.fail("unexpected EOF")
        if last == "LEFT" and kind in ("END", "ELSE"):
            self._misplaced(word)
        if last == "ELSE" and kind in ("IF", "WITH"):
            self._unexpected(word, "input")
        if last in _OPERAND:
            self._unexpected(word, "operand")
        context = self._context(symbols)
        if kind == "COMMA" and last == "DECLARED":
            self.fail(f"too many declarations in {context}")
        if last == "COMMA" and kind != "RIGHT":
            self.fail("range can only initialize variables")
        if kind in ("RIGHT", "RPAREN") and last not in ("DEFINE", "TEMPLATE", "BLOCK"):
            self.fail(f"missing value for {context}")
        self._unexpected(word, context)

    def _context(self, symbols: list[str]) -> str:
        """What Go says that it was reading."""
        return next((_CONTEXTS[symbol] for symbol in reversed(symbols) if symbol in _CONTEXTS), "input")

    def _misplaced(self, word: Word) -> NoReturn:
        """An `end` or `else` that belongs to nothing, or a second `else`."""
        following = self.words.take()
        shown = f"{{{{{word.text}}}}}"
        if following.kind != "RIGHT" and not (word.kind == "ELSE" and following.kind in ("IF", "WITH")):
            self._unexpected(following, word.text)
        inside = self.open[-1] if self.open else ""
        if inside == "else":
            self.fail(f"expected end; found {shown}")
        if inside == "block":
            self.words.line = self.block_lines[-1]
        self.fail(f"unexpected {shown}" + (f" in {inside} clause" if inside else ""))

    def _unexpected(self, word: Word, context: str) -> NoReturn:
        if word.kind != MISTAKE:
            self.fail(f"unexpected {word} in {context}")
        started = ""
        if self.action_line and self.action_line != word.line:
            started = f" in action started at {self.name}:{self.action_line}"
            if word.text.endswith(" action"):
                started = started.removeprefix(" in action")
        self.fail(word.text + started)


__all__ = ["Parsed", "Parser", "parse"]
