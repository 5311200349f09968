"""What the rules of grammar.lark make. Each method is called as its rule names it, with the values of the rule's symbols: a
word for a terminal. Go's checks are made where Go makes them: as soon as a name, a number, a pipeline is complete.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from ..golang.errors import GoError
from ..golang.quoting import quote, unquote
from . import nodes
from .literals import number
from .nodes import Command, Node, Operand, Pipe
from .words import Word, Words

BUILTINS = frozenset(
    [
        "and",
        "or",
        "call",
        "not",
        "html",
        "js",
        "urlquery",
        "print",
        "printf",
        "println",
        "index",
        "slice",
        "len",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
    ]
)
"""The names of Go's own functions (see functions.py)."""

MAX_NESTING = 100
"""How deep parentheses may nest. Go has 10,000."""

Declared = tuple[tuple[str, ...], bool]
"""Of variables in front of a pipeline: their names, and whether they are there already."""
Tail = tuple[list[Node] | None]
"""What stands behind a branch's body."""


class TemplateError(GoError):
    """A template that Go does not take. `message` is without the template's name and line. `unknown`: a function that there is
    not, if it is about one."""

    unknown = ""


class Builder:
    """The values, and what is known while they are made.

    variables: that may be used. hidden: those of the templates around this one. marks: how many variables there were before
    each open `if`, `with` and `range`. open: the open actions, and whether an `else` of them was read. loops: of the
    template and of each one inside of it, how many `range` are open. block_lines: where the heads of open blocks end.
    action_line: where the action at hand begins. began: where the value at hand begins. ahead: the word behind it, where it
    was read already. needs: features of the language that came late, with the release of Go.
    """

    def __init__(self, name: str, text: str, functions: Collection[str]) -> None:
        self.name = name
        self.words = Words(text)
        self.functions = functions
        self.templates: dict[str, list[Node]] = {}
        self.variables = ["$"]
        self.marks: list[int] = []
        self.hidden: list[list[str]] = []
        self.open: list[str] = []
        self.block_lines: list[int] = []
        self.loops = [0]
        self.nesting = 0
        self.action_line = 0
        self.began = 0
        self.ahead: Word | None = None
        self.needs: dict[str, str] = {}

    def fail(self, message: str, *, unknown: str = "") -> NoReturn:
        """Raise what is wrong, at the word that was read last."""
        error = TemplateError(message, f"template: {self.name}:{self.words.line}: {message}")
        error.unknown = unknown
        raise error

    # -- lists --------------------------------------------------------------------------------------------------------

    def nothing(self) -> list[Node]:
        return []

    def more(self, items: list[Node], item: Node) -> list[Node]:
        items.append(item)
        return items

    def first(self, command: Command) -> list[Command]:
        return [command]

    def further_command(self, commands: list[Command], _: Word, command: Command) -> list[Command]:
        commands.append(command)
        return commands

    def same(self, value: list[Node], *_: object) -> list[Node]:
        return value

    # -- the template -------------------------------------------------------------------------------------------------

    def text(self, parts: list[Node]) -> None:
        self._add(self.name, parts)

    def plain(self, word: Word) -> Node:
        return nodes.Text(word.pos, word.text)

    def action(self, left: Word, pipe: Pipe, _: Word) -> Node:
        self.action_line = 0
        return nodes.Action(pipe.pos, pipe)

    def leave_loop(self, left: Word, word: Word, _: Word) -> Node:
        self.action_line = 0
        self.needs.setdefault(f"{{{{{word.text}}}}}", "1.18")
        if not self.loops[-1]:
            self.fail(f"{{{{{word.text}}}}} outside {{{{range}}}}")
        return nodes.LeaveLoop(word.pos, word.text)

    def call(self, left: Word, word: Word, name: Word, *rest: object) -> Node:
        self.action_line = 0
        pipe = rest[0] if isinstance(rest[0], Pipe) else None
        return nodes.Call(name.pos, self._unquoted(name).decode("utf-8", "surrogateescape"), pipe)

    def define_head(self, left: Word, word: Word, name: Word, _: Word) -> str:
        self._enter("define")
        return self._unquoted(name).decode("utf-8", "surrogateescape")

    def define(self, name: str, items: list[Node], _: Word) -> None:
        self._leave()
        self._add(name, items)

    def block_head(self, left: Word, word: Word, name: Word, pipe: Pipe, _: Word) -> Node:
        self._enter("block")
        self.block_lines.append(self.words.line)
        return nodes.Call(name.pos, self._unquoted(name).decode("utf-8", "surrogateescape"), pipe)

    def block(self, call: nodes.Call, items: list[Node], _: Word) -> Node:
        self._leave()
        self.block_lines.pop()
        self._add(call.name, items)
        return call

    def _enter(self, kind: str) -> None:
        """A template inside of this one begins: it knows no variables."""
        self.open.append(kind)
        self.hidden.append(self.variables)
        self.variables = ["$"]
        self.loops.append(0)

    def _leave(self) -> None:
        self.variables = self.hidden.pop()
        self.loops.pop()

    def _add(self, name: str, items: list[Node]) -> None:
        known = self.templates.get(name)
        if known is None or nodes.is_empty(known):
            self.templates[name] = items
        elif not nodes.is_empty(items):
            self.fail(f"template: multiple definition of template {quote(name)}")

    # -- if, with, range ----------------------------------------------------------------------------------------------

    def head(self, left: Word, word: Word, pipe: Pipe, _: Word) -> tuple[str, Pipe]:
        self.open.append(word.text)
        if word.kind == "RANGE":
            self.loops[-1] += 1
        return word.text, pipe

    def branch(self, head: tuple[str, Pipe], items: list[Node], tail: Tail) -> Node:
        self.action_line = 0
        del self.variables[self.marks.pop() :]
        return nodes.Branch(*head, items, *tail)

    def end(self, *_: Word) -> None:
        self.action_line = 0
        if self.open.pop() == "range":
            self.loops[-1] -= 1

    def else_(self, *_: Word) -> None:
        self.action_line = 0
        if self.open[-1] == "range":
            self.loops[-1] -= 1
        self.open[-1] = "else"

    def else_head(self, left: Word, word: Word, kind: Word, pipe: Pipe, _: Word) -> tuple[str, Pipe]:
        if kind.kind == "WITH":
            self.needs.setdefault("{{else with}}", "1.23")
        return kind.text, pipe

    def end_only(self, _: None) -> Tail:
        return (None,)

    def end_of_else(self, _: None, items: list[Node], end: None) -> Tail:
        return (items,)

    def chained(self, head: tuple[str, Pipe], items: list[Node], tail: Tail) -> Tail:
        del self.variables[self.marks.pop() :]
        return ([nodes.Branch(*head, items, *tail)],)

    # -- pipelines ----------------------------------------------------------------------------------------------------

    def pipeline(self, commands: list[Command], *_: Word) -> Pipe:
        return self._pipe(Pipe(self.began, commands))

    def declaring(self, declared: Declared, commands: list[Command], *_: Word) -> Pipe:
        return self._pipe(Pipe(self.began, commands, *declared))

    def declared(self, *words: Word) -> Declared:
        if words[-1].kind == "COMMA" and self.ahead is not None and self.ahead.kind != "VARIABLE":
            self.fail("range can only initialize variables")
        names = tuple(word.text for word in words if word.kind == "DECLARED")
        self.variables += names
        assigns = words[-1].kind == "ASSIGN"
        if assigns:
            self.needs.setdefault("assignments", "1.11")
        return names, assigns

    def _pipe(self, pipe: Pipe) -> Pipe:
        for stage, command in enumerate(pipe.commands[1:], 2):
            if command.args[0].CONSTANT:
                self.fail(f"non executable command in pipeline stage {stage}")
        return pipe

    def command(self, operand: Operand) -> Command:
        return Command(self.began, [operand])

    def argument(self, command: Command, operand: Operand) -> Command:
        command.args.append(operand)
        return command

    # -- operands -----------------------------------------------------------------------------------------------------

    def first_field(self, operand: Operand, word: Word) -> Operand:
        if operand.CONSTANT:
            self.fail(f"unexpected . after term {quote(str(operand))}")
        name = word.text[1:]
        if isinstance(operand, nodes.Field):
            return nodes.Field(word.pos, [*operand.names, name])
        if isinstance(operand, nodes.Variable):
            return nodes.Variable(word.pos, [*operand.names, name])
        return nodes.Chain(word.pos, operand, [name])

    def further_field(self, operand: nodes.Field | nodes.Variable | nodes.Chain, word: Word) -> Operand:
        operand.names.append(word.text[1:])
        return operand

    def identifier(self, word: Word) -> Operand:
        if word.text not in self.functions:
            self.fail(f"function {quote(word.text)} not defined", unknown=word.text)
        if word.text == "slice":
            self.needs.setdefault("`slice`", "1.13")
        return nodes.Identifier(word.pos, word.text)

    def dot(self, word: Word) -> Operand:
        return nodes.Dot(word.pos)

    def nil(self, word: Word) -> Operand:
        return nodes.Nil(word.pos)

    def variable(self, word: Word) -> Operand:
        if word.text not in self.variables:
            self.fail(f"undefined variable {quote(word.text)}")
        return nodes.Variable(word.pos, [word.text])

    def field(self, word: Word) -> Operand:
        return nodes.Field(word.pos, [word.text[1:]])

    def bool(self, word: Word) -> Operand:
        return nodes.Bool(word.pos, word.text == "true")

    def number(self, word: Word) -> Operand:
        try:
            return nodes.Numeral(word.pos, word.text, number(word.text))
        except GoError as error:
            self.fail(error.text)

    def string(self, word: Word) -> Operand:
        return nodes.String(word.pos, word.text, self._unquoted(word))

    def parenthesized(self, left: Word, pipe: Pipe, _: Word) -> Operand:
        self.nesting -= 1
        return pipe

    def _unquoted(self, word: Word) -> bytes:
        return unquote(word.text) or b""

    # -- words --------------------------------------------------------------------------------------------------------

    def taken(self, word: Word, before: str) -> None:
        """Called for each word in turn. before: the kind of the one before."""
        kind = word.kind
        if kind == "LEFT":
            self.action_line = word.line
        elif kind == "STRING" and unquote(word.text) is None:
            self.fail("invalid syntax")
        elif kind == "LPAREN":
            if self.nesting >= MAX_NESTING:
                self.fail(f"parentheses nest deeper than {MAX_NESTING}")
            self.nesting += 1
        elif kind in ("IF", "WITH", "RANGE"):
            self.marks.append(len(self.variables))
        if kind == "DEFINE" or before == "ELSE":
            self.action_line = 0
