"""From words to a tree, by precedence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import GoError
from ..numbers import parse_float, parse_int
from .builtins import OLD, predicates_of
from .lexer import ExprError, Token

LEFT = {
    **dict.fromkeys(("or", "||"), 10),
    **dict.fromkeys(("and", "&&"), 15),
    **dict.fromkeys(("==", "!=", "<", ">", ">=", "<=", "in", "matches", "contains", "startsWith", "endsWith"), 20),
    "..": 25,
    **dict.fromkeys("+-", 30),
    **dict.fromkeys("*/%", 60),
}
RIGHT = {"**": 100, "^": 100}
UNARY = {"not": 50, "!": 50, "-": 90, "+": 90}
NEGATED = ("in", "matches", "contains", "startsWith", "endsWith")
COMPARISONS = ("<", ">", ">=", "<=")


class Node:
    """kind: what it is. at: where it stands. value: an operator, a name or a constant. args: what it is made of."""

    __slots__ = ("args", "at", "kind", "value")

    def __init__(self, kind: str, at: int, value: Any = None, *args: Node) -> None:
        self.kind = kind
        self.at = at
        self.value = value
        self.args = args

    def __repr__(self) -> str:
        return f"({self.kind} {self.value!r}{''.join(f' {a!r}' for a in self.args)})"


class Parser:
    """Reads one expression."""

    def __init__(self, text: str, words: Sequence[Token], version: tuple[int, int], own: frozenset[str]) -> None:
        self.text = text
        self.words = words
        self.version = version
        self.own = own
        self.place = 0
        self.depth = 0
        self.binary = {**LEFT, **RIGHT}
        self.unary = UNARY if version >= (1, 12) else {**UNARY, "-": 500, "+": 500}
        self.negated = NEGATED if version >= (1, 12) else ("in",)
        if version >= (1, 12):
            self.binary["??"] = 500
        if version >= (1, 15):
            self.binary["|"] = 0

    @property
    def here(self) -> Token:
        """The word at hand."""
        return self.words[self.place]

    def parse(self) -> Node:
        """The tree. Raises ExprError."""
        node = self._sequence()
        if self.here.kind != "EOF":
            self._unexpected()
        return node

    def _error(self, message: str, word: Token | None = None) -> ExprError:
        return ExprError(message, self.text, (word or self.here).at, numbered=self.version < (1, 16))

    def _unexpected(self) -> None:
        raise self._error(f"unexpected token {self.here}")

    def _next(self) -> Token:
        word = self.here
        if self.place + 1 >= len(self.words):
            raise self._error("unexpected end of expression")
        self.place += 1
        return word

    def _expect(self, value: str) -> Token:
        if not self.here.isa(value):
            self._unexpected()
        return self._next()

    def _sequence(self) -> Node:
        nodes = [self._expression()]
        while self.version >= (1, 17) and self.here.isa(";"):
            self._next()
            if self.here.kind == "EOF":
                break
            nodes.append(self._expression())
        return nodes[0] if len(nodes) == 1 else Node("sequence", nodes[0].at, None, *nodes)

    def _expression(self, least: int = 0) -> Node:
        if least == 0 and self.here.isa("let"):
            return self._let()
        if least == 0 and self.here.isa("if"):
            return self._if()
        left = self._primary()
        before = ""
        while self.here.kind == "Operator":
            word = self.here
            negated = word.value == "not"
            if negated:
                word = self.words[min(self.place + 1, len(self.words) - 1)]
                if word.value not in self.negated:
                    self._next()
                    self._unexpected()
            precedence = self.binary.get(word.value)
            if precedence is None or precedence < least:
                break
            if negated:
                self._next()
            self._next()
            if word.value == "|":
                left = self._call(self._name(), left)
                before = word.value
                continue
            if before == "??" and word.value != "??":
                words = f"Operator ({word.value}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses."
                raise self._error(words, word)
            if word.value in COMPARISONS and self.version >= (1, 16):
                left = self._comparison(left, word, precedence)
            else:
                right = self._expression(precedence + (word.value not in RIGHT))
                left = Node("binary", word.at, word.value, left, right)
            if negated:
                left = Node("unary", word.at, "not", left)
            before = word.value
        return self._conditional(left) if least == 0 else left

    def _comparison(self, left: Node, word: Token, precedence: int) -> Node:
        root: Node | None = None
        while True:
            right = self._expression(precedence + 1)
            node = Node("binary", word.at, word.value, left, right)
            root = node if root is None else Node("binary", word.at, "&&", root, node)
            left, word = right, self.here
            if not word.isa(*COMPARISONS):
                return root
            self._next()

    def _conditional(self, node: Node) -> Node:
        while self.here.isa("?"):
            self._next()
            if self.here.isa(":"):
                self._next()
                node = Node("conditional", self.here.at, None, node, node, self._expression())
            else:
                first = self._expression()
                self._expect(":")
                node = Node("conditional", self.here.at, None, node, first, self._expression())
        return node

    def _let(self) -> Node:
        self._next()
        name = self._name()
        self._expect("=")
        value = self._expression()
        self._expect(";")
        return Node("let", name.at, name.value, value, self._sequence())

    def _if(self) -> Node:
        at = self._next().at
        condition = self._expression()
        first = self._block()
        self._expect("else")
        return Node("conditional", at, None, condition, first, self._if() if self.here.isa("if") else self._block())

    def _block(self) -> Node:
        self._expect("{")
        node = self._sequence()
        self._expect("}")
        return node

    def _name(self) -> Token:
        if self.here.kind != "Identifier":
            self._unexpected()
        return self._next()

    def _primary(self) -> Node:
        word = self.here
        if word.kind == "Operator" and word.value in self.unary:
            self._next()
            return self._postfix(Node("unary", word.at, word.value, self._expression(self.unary[word.value])))
        if word.isa("("):
            self._next()
            node = self._sequence()
            self._expect(")")
            return self._postfix(node)
        if self.depth and word.isa("#", "."):
            name = ""
            if word.value == "#":
                self._next()
                if self.here.kind == "Identifier" and self.here.at == word.at + 1:
                    name = self._next().value
            return self._postfix(Node("pointer", word.at, name))
        return self._secondary()

    def _secondary(self) -> Node:
        word = self.here
        if word.kind == "Identifier":
            self._next()
            if word.value in ("true", "false"):
                return Node("bool", word.at, word.value == "true")
            if word.value == "nil":
                return Node("nil", word.at)
            return self._postfix(self._call(word) if self.here.isa("(") else Node("name", word.at, word.value))
        if word.kind == "Number":
            self._next()
            return self._number(word)
        if word.kind == "String":
            self._next()
            return self._postfix(Node("string", word.at, word.value))
        if word.isa("["):
            self._next()
            return self._postfix(Node("array", word.at, None, *self._list("]")))
        if word.isa("{"):
            self._next()
            return self._postfix(Node("map", word.at, None, *self._pairs()))
        raise self._error(f"unexpected token {word}", word)

    def _number(self, word: Token) -> Node:
        text = word.value.replace("_", "").lower()
        base = {"0x": 16, "0b": 2, "0o": 8}.get(text[:2])
        try:
            if base is not None and (base == 16 or self.version >= (1, 16)):
                value = int(text[2:] or "x", base)
                return Node("int", word.at, value)
            if "." in text or "e" in text:
                return Node("float64", word.at, parse_float(text))
            return Node("int", word.at, parse_int(text, call="ParseInt"))
        except (ValueError, GoError) as error:
            known = {16: "hex", 2: "binary", 8: "octal"} if self.version >= (1, 16) else {16: "hex"}
            what = known.get(base or 0, "integer")
            raise self._error(f"invalid {what} literal: {error.text if isinstance(error, GoError) else text}") from None

    def _list(self, end: str) -> list[Node]:
        nodes: list[Node] = []
        while not self.here.isa(end):
            if nodes:
                self._expect(",")
                if self.here.isa(end):
                    break
            nodes.append(self._expression())
        self._expect(end)
        return nodes

    def _pairs(self) -> list[Node]:
        nodes: list[Node] = []
        while not self.here.isa("}"):
            if nodes:
                self._expect(",")
                if self.here.isa("}"):
                    break
            word = self.here
            if word.kind in ("Number", "String", "Identifier"):
                self._next()
                key = Node("string", word.at, word.value)
            elif word.isa("("):
                key = self._expression()
            else:
                kinds = "a quoted string, a number, a identifier, or an expression enclosed in parentheses"
                raise self._error(f"a map key must be {kinds} (unexpected token {word})")
            self._expect(":")
            nodes.append(Node("pair", word.at, None, key, self._expression()))
        self._expect("}")
        return nodes

    def _call(self, word: Token, *first: Node) -> Node:
        name = word.value
        if name in predicates_of(self.version) and name not in self.own:
            self._expect("(")
            args = list(first)
            most = 3 if name in ("sortBy", "reduce") else 2
            while not self.here.isa(")"):
                if len(args) == most and (1, 16) <= self.version < (1, 17):
                    self._unexpected()
                if len(args) > len(first):
                    self._expect(",")
                    if self.here.isa(")"):
                        break
                if len(args) == most and self.version >= (1, 17):
                    self._unexpected()
                args.append(self._predicate() if len(args) == 1 else self._expression())
            if self.version >= (1, 16) and len(args) < (1 if name in ("count", "sum") else 2):
                raise self._error(f"expected at least {most} arguments")
            if self.version < (1, 16) and name in ("reduce", "groupBy") and len(args) < 2:
                self._unexpected()
            self._expect(")")
            return Node("builtin", word.at, name, *args)
        self._expect("(")
        args = [*first, *self._list(")")]
        if self.version < (1, 12) and name in OLD and name not in self.own:
            return Node("builtin", word.at, name, *args)
        return Node("call", word.at, name, *args)

    def _predicate(self) -> Node:
        word = self.here
        braces = word.isa("{")
        if braces:
            self._next()
        elif self.version < (1, 12):
            self._unexpected()
        self.depth += 1
        node = self._sequence() if braces else self._expression()
        self.depth -= 1
        if braces:
            self._expect("}")
        return Node("predicate", word.at, None, node)

    def _postfix(self, node: Node) -> Node:
        while self.here.isa(".", "?.", "["):
            word = self._next()
            if word.value != "[" and not (word.value == "?." and self.here.isa("[")):
                name = self._next()
                if name.kind != "Identifier" and not (name.kind == "Operator" and name.value.isidentifier()):
                    raise self._error("expected name")
                node = Node("member", name.at, word.value, node, Node("string", name.at, name.value))
                if self.here.isa("("):
                    raise self._error(f"type has no method {name.value}", name)
                continue
            if word.value == "?.":
                word = self._next()
            ends: list[Node | None] = [None, None]
            if not self.here.isa(":"):
                key = ends[0] = self._expression()
                if not self.here.isa(":"):
                    self._expect("]")
                    node = Node("member", word.at, ".", node, key)
                    continue
            self._next()
            if not self.here.isa("]"):
                ends[1] = self._expression()
            self._expect("]")
            nil = Node("nil", word.at)
            node = Node("slice", word.at, None, node, ends[0] or nil, ends[1] or nil)
        return node


__all__ = ["Node", "Parser"]
