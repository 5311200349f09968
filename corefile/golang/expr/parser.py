"""From words to a tree, by precedence.

expr's parser notes its first error and goes on, to the next words where these are as wanted. That counts since 1.17.6,
where words are read when they are wanted: an error of theirs takes the place of the one that was noted. So it is done
here: what is read behind an error is of no use but for that, and each method returns where expr's does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import regexp
from ..errors import GoError
from ..numbers import parse_float, parse_int, parse_uint
from .builtins import OLD, functions_of, predicates_of
from .lexer import LAZY, NOWHERE, ExprError, Token, Version, is_letter, tokens

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


NOTHING = Node("nil", NOWHERE)
"""Behind an error."""


class Parser:
    """Reads one expression. own: the functions of its environment."""

    def __init__(self, text: str, version: Version, own: frozenset[str]) -> None:
        words = tokens(text, version)
        self.text = text
        self.version = version
        self.own = own
        self.words = words if version >= LAZY else iter([*words])
        self.here = Token("", "", 0)
        self.kept: Token | None = None
        """The word behind `here`, where it has been looked at."""
        self.error: ExprError | None = None
        self.depth = 0
        self.binary = {**LEFT, **RIGHT}
        self.unary = UNARY
        if version >= (1, 12):
            self.binary["??"] = 500
        else:
            self.unary = {**UNARY, "-": 500, "+": 500}
            self.binary |= {"not in": 20, "**": 70}
        if version >= (1, 15):
            self.binary["|"] = 0

    def parse(self) -> Node:
        """The tree. Raises ExprError."""
        self._next()
        node = self._sequence()
        if self.here.kind != "EOF":
            self._unexpected()
        if self.error is not None:
            raise self.error
        return node

    def _fail(self, message: str, word: Token | None = None, unexpected: str = "") -> None:
        if self.error is None:
            at = (word or self.here).at
            self.error = ExprError(message, self.text, at, self.version, unexpected=unexpected)

    def _unexpected(self, lead: str = "unexpected token {}") -> None:
        self._fail(lead.format(self.here), unexpected=self.here.value or self.here.kind)

    def _next(self) -> None:
        if self.kept is not None:
            self.here, self.kept = self.kept, None
            return
        try:
            self.here = next(self.words)
        except StopIteration:
            self._fail("unexpected end of expression")
        except ExprError as error:
            self.error = error

    def _expect(self, value: str) -> None:
        if self.here.isa(value):
            self._next()
        else:
            self._unexpected()

    def _expect_name(self) -> None:
        if self.here.kind == "Identifier":
            self._next()
        else:
            self._unexpected()

    def _sequence(self) -> Node:
        nodes = [self._expression()]
        while self.version >= (1, 17) and self.here.isa(";") and self.error is None:
            self._next()
            if self.here.kind == "EOF":
                break
            nodes.append(self._expression())
        return nodes[0] if len(nodes) == 1 else Node("sequence", nodes[0].at, None, *nodes)

    def _expression(self, least: int = 0) -> Node:
        if self.error is not None:
            return NOTHING
        if least == 0 and self.here.isa("let"):
            return self._let()
        if least == 0 and self.here.isa("if"):
            return self._if()
        left = self._primary()
        before = ""
        word = self.here
        while word.kind == "Operator" and self.error is None:
            negated = word.value == "not" and self.version >= (1, 12)
            if negated:
                self._next()
                if self.version < (1, 16):  # whatever comes then
                    word = self.here
                elif self.here.value not in NEGATED:
                    self._unexpected()
                    break
                elif self.binary[self.here.value] < least:
                    self.kept, self.here = self.here, word
                    break
                else:
                    word = self.here
            precedence = self.binary.get(word.value)
            if precedence is None or precedence < least:
                break
            self._next()
            if word.value == "|":
                left = self._pipe(left)
            elif before == "??" and word.value != "??":
                words = "and coalesce expressions (??) cannot be mixed. Wrap either by parentheses."
                self._fail(f"Operator ({word.value}) {words}", word)
                break
            elif word.value in COMPARISONS and self.version >= (1, 16):
                left = self._comparison(left, word, precedence)
            else:
                left = self._two(left, word, self._expression(precedence + (word.value not in RIGHT)))
                if self.error is not None:
                    return NOTHING
                if negated:
                    left = Node("unary", word.at, "not", left)
            before = word.value
            word = self.here
        return self._conditional(left) if least == 0 else left

    def _two(self, left: Node, word: Token, right: Node) -> Node:
        if self.version < (1, 12):
            if word.value == "not in":
                return Node("unary", word.at, "not", Node("binary", word.at, "in", left, right))
            if word.value == "matches" and right.kind == "string":
                try:
                    regexp.compile(right.value)
                except GoError as error:
                    self._fail(error.text)
        return Node("binary", word.at, word.value, left, right)

    def _comparison(self, left: Node, word: Token, precedence: int) -> Node:
        root: Node | None = None
        while True:
            right = self._expression(precedence + 1)
            if self.error is not None:
                return NOTHING
            node = Node("binary", word.at, word.value, left, right)
            root = node if root is None else Node("binary", word.at, "&&", root, node)
            left, word = right, self.here
            if not word.isa(*COMPARISONS):
                return root
            self._next()

    def _pipe(self, left: Node) -> Node:
        word = self.here
        self._expect_name()
        return self._call(word, left)

    def _conditional(self, node: Node) -> Node:
        while self.here.isa("?") and self.error is None:
            self._next()
            if self.here.isa(":"):
                self._next()
                first = node
            else:
                first = self._expression()
                self._expect(":")
            second = self._expression()
            node = Node("conditional", self.here.at if self.version >= (1, 17) else NOWHERE, None, node, first, second)
        return node

    def _let(self) -> Node:
        self._expect("let")
        name = self.here
        self._expect_name()
        self._expect("=")
        value = self._expression()
        self._expect(";")
        return Node("let", name.at, name.value, value, self._sequence())

    def _if(self) -> Node:
        self._next()
        if self.error is not None and self.version >= (1, 17, 7):
            return NOTHING
        condition = self._expression()
        first = self._block()
        self._expect("else")
        again = self.here.isa("if") and self.version >= (1, 17, 7)
        return Node("conditional", NOWHERE, None, condition, first, self._if() if again else self._block())

    def _block(self) -> Node:
        self._expect("{")
        node = self._sequence()
        self._expect("}")
        return node

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
        if word.isa("#", "."):
            if self.depth:
                return self._postfix(self._pointer())
            if self.version < (1, 17):
                self._fail("cannot use pointer accessor outside closure")
        if word.isa("::"):
            self._next()
            word = self.here
            self._expect_name()
            return self._postfix(self._call(word))
        return self._secondary()

    def _pointer(self) -> Node:
        word, name = self.here, ""
        if word.value == "#":
            self._next()
            if self.here.kind == "Identifier" and self.version >= (1, 15):
                name = self.here.value
                self._next()
        return Node("pointer", word.at, name)

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
        if word.kind in ("String", "Bytes"):
            self._next()
            node = Node(word.kind.lower(), word.at, word.value)
            return self._postfix(node) if self.version >= (1, 16) else node
        if word.isa("["):
            return self._postfix(self._array())
        if word.isa("{"):
            return self._postfix(self._map())
        self._unexpected()
        return self._postfix(NOTHING)

    def _number(self, word: Token) -> Node:
        text = word.value.replace("_", "")
        base = text[1:2].lower() if text[:1] == "0" else ""
        if self.version < (1, 16):
            base = "x" if "x" in text else ""
            is_float = any(char in text for char in ".eE") and (self.version < (1, 12) or not base)
        else:
            is_float = base != "x" and any(char in text for char in ".eE")
        what = "float" if is_float else {"x": "hex", "b": "binary", "o": "octal"}.get(base, "integer")
        try:
            if is_float:
                return Node("float64", word.at, parse_float(text))
            if what != "integer":
                return Node("int", word.at, parse_uint(text, 63, call="ParseInt", base=0))
            return Node("int", word.at, parse_int(text, call="ParseInt"))
        except GoError as error:
            self._fail(f"invalid {what} literal: {error.text}")
            return NOTHING

    def _array(self) -> Node:
        at = self.here.at
        self._expect("[")
        return Node("array", at, None, *self._list("]"))

    def _arguments(self) -> Sequence[Node]:
        self._expect("(")
        return self._list(")", trailing=self.version >= (1, 17))

    def _list(self, end: str, *, trailing: bool = True) -> Sequence[Node]:
        """trailing: whether a comma may be the last."""
        nodes: list[Node] = []
        while not self.here.isa(end) and self.error is None:
            if nodes:
                self._expect(",")
                if trailing and self.here.isa(end):
                    break
            nodes.append(self._expression())
        self._expect(end)
        return nodes

    def _map(self) -> Node:
        at, nodes = self.here.at, list[Node]()
        self._expect("{")
        while not self.here.isa("}") and self.error is None:
            if nodes:
                self._expect(",")
                if self.here.isa("}"):
                    break
                if self.here.isa(","):
                    self._unexpected()
            word = self.here
            if word.kind in ("Number", "String", "Identifier"):
                if self.error is not None:
                    return NOTHING
                self._next()
                key = Node("string", word.at if self.version >= (1, 17) else at, word.value)
            elif word.isa("("):
                key = self._expression()
            else:
                kinds = "a quoted string, a number, a identifier, or an expression enclosed in parentheses"
                self._unexpected(f"a map key must be {kinds} (unexpected token {{}})")
                key = NOTHING
            self._expect(":")
            nodes.append(Node("pair", at, None, key, self._expression()))
            if self.error is not None:
                return NOTHING
        self._expect("}")
        return Node("map", at, None, *nodes)

    def _call(self, word: Token, *first: Node) -> Node:
        """A call of what `word` names."""
        name = word.value
        if name in predicates_of(self.version) and name not in self.own:
            args = self._late(name, *first) if self.version >= (1, 16) else self._early(name, *first)
            return Node("builtin", word.at, name, *args)
        if self.version < (1, 12) and name in OLD:
            self._expect("(")
            node = Node("builtin", word.at, name, self._expression())
            self._expect(")")
            return node
        if self.error is not None and name not in functions_of(self.version):
            return NOTHING
        return Node("call", word.at, name, *first, *self._arguments())

    def _early(self, name: str, *first: Node) -> Sequence[Node]:
        """The arguments of a predicate before 1.16."""
        args = list(first)
        self._expect("(")
        if not args:
            args.append(self._expression())
            self._expect(",")
        args.append(self._predicate())
        if name == "reduce" and self.here.isa(","):
            self._next()
            args.append(self._expression())
        self._expect(")")
        return args

    def _late(self, name: str, *first: Node) -> Sequence[Node]:
        """The arguments of a predicate."""
        args = list(first)
        kinds = ["expression", "predicate", "last"][: 3 if name in ("sortBy", "reduce") else 2][len(args) :]
        self._expect("(")
        for number, kind in enumerate(kinds):
            if self.here.isa(")"):
                if kind == "last" or (kind == "predicate" and name in ("count", "sum")):
                    break
                self._fail(f"expected at least {len(kinds)} arguments")
            if number:
                self._expect(",")
            args.append(self._predicate() if kind == "predicate" else self._expression())
        if self.here.isa(",") and self.version >= (1, 17):
            self._next()
        self._expect(")")
        return args

    def _predicate(self) -> Node:
        word = self.here
        braces = word.isa("{") or self.version < (1, 12)
        if braces:
            self._expect("{")
        self.depth += 1
        node = self._sequence() if braces else self._expression()
        if not braces and self.version >= (1, 17) and self.here.isa(";"):
            self._fail("wrap predicate with brackets { and }")
        self.depth -= 1
        if braces:
            self._expect("}")
        return Node("predicate", word.at, None, node)

    def _postfix(self, node: Node) -> Node:
        word = self.here
        while word.isa(".", "?.", "[") and self.error is None:
            chained = word.value == "?."
            if word.value != "[":
                self._next()
                name = self.here
                if not (chained and name.isa("[") and self.version >= (1, 16)):
                    self._next()
                    if not (name.kind == "Identifier" or (name.kind == "Operator" and is_letter(name.value[0]))):
                        self._fail("expected name")
                    if self.error is not None:
                        return NOTHING
                    node = self._property(node, word, name)
                    word = self.here
                    continue
                word = name
            node = self._indexed(node, word)
            if self.error is not None:
                return NOTHING
            self._expect("]")
            word = self.here
        return node

    def _property(self, node: Node, word: Token, name: Token) -> Node:
        at = name.at
        if self.here.isa("("):
            return Node("method", at, name.value, node, *self._arguments())
        return Node("member", at, word.value, node, Node("string", at, name.value))

    def _indexed(self, node: Node, word: Token) -> Node:
        """An element, or a slice, as far as its bracket."""
        self._next()
        ends: list[Node] = [Node("nil", word.at)] * 2
        if not self.here.isa(":"):
            ends[0] = self._expression()
            if not self.here.isa(":"):
                return Node("member", word.at, "[", node, ends[0])
        self._next()
        if not self.here.isa("]"):
            ends[1] = self._expression()
        return Node("slice", word.at, None, node, *ends)


__all__ = ["Node", "Parser"]
