"""What expr's compiler refuses of a tree: unknown names, and operands that do not fit.

A type is a word: string, int, float64, bool, nil, map, `[]` and an element's type; '' where it is not known before it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .. import regexp
from ..errors import GoError
from .builtins import ABSENT, ABSENT_PREDICATES, functions_of
from .lexer import ExprError, NotModelled
from .parser import Node

NUMBERS = ("int", "float64")
ANY = "[]"
LITERAL = "~"
"""Before the element's type where an array is written out: `in` alone looks at it before 1.17."""
STRINGS = {
    **dict.fromkeys(
        ("trim", "trimPrefix", "trimSuffix", "upper", "lower", "replace", "repeat", "join", "string"), "string"
    ),
    **dict.fromkeys(("indexOf", "lastIndexOf", "len", "int"), "int"),
    **dict.fromkeys(("hasPrefix", "hasSuffix"), "bool"),
    **dict.fromkeys(("split", "splitAfter"), "[]string"),
    **dict.fromkeys(("ceil", "floor", "round", "float"), "float64"),
    **dict.fromkeys(("keys", "values"), ANY),
    "type": "string",
}
COUNTS = {
    **dict.fromkeys(("hasPrefix", "hasSuffix", "indexOf", "lastIndexOf", "repeat", "trimPrefix", "trimSuffix"), (2, 2)),
    "trim": (1, 2),
    "split": (2, 3),
    "splitAfter": (2, 3),
    "replace": (3, 4),
    "join": (1, 2),
    "max": (1, 99),
    "min": (1, 99),
}
TEXTS = frozenset(
    (
        *("trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "splitAfter", "replace", "repeat"),
        *("indexOf", "lastIndexOf", "hasPrefix", "hasSuffix"),
    )
)
"""Those whose first argument is a text."""
TAKES = {
    **dict.fromkeys(("len",), ("string", ANY, "map")),
    **dict.fromkeys(("abs", "ceil", "floor", "round"), NUMBERS),
    **dict.fromkeys(("int", "float"), (*NUMBERS, "string")),
}


class Function(NamedTuple):
    """A function of the environment: its parameters' types, and its value's."""

    takes: tuple[str, ...]
    gives: str

    def __str__(self) -> str:
        return f"func({', '.join(self.takes)}) {self.gives}"


class _Checker:
    def __init__(self, text: str, environment: Mapping[str, Function], version: tuple[int, int]) -> None:
        self.text = text
        self.environment = environment
        self.version = version
        self.variables: dict[str, str] = {}
        self.elements: list[str] = []

    def error(self, node: Node, message: str) -> ExprError:
        return ExprError(message, self.text, node.at)

    def shown(self, type: str) -> str:
        if type == "":
            return "unknown" if self.version >= (1, 17) else "interface {}"
        if type == "map":
            return "map[string]interface {}"
        return "[]interface {}" if type == ANY or type.startswith(f"[]{LITERAL}") else type

    def element(self, type: str) -> str:
        """The type of an array's elements."""
        if type[2:3] == LITERAL:
            return type[3:] if self.version >= (1, 17) else ""
        return type[2:]

    def visit(self, node: Node) -> str:
        method = getattr(self, f"_{node.kind}", None)
        return node.kind if method is None else str(method(node))

    def _name(self, node: Node) -> str:
        if node.value in self.variables:
            return self.variables[node.value]
        if node.value == "$env" and self.version >= (1, 15):
            return ""
        function = self.environment.get(node.value)
        if function is not None:
            return str(function)
        raise self.error(node, f"unknown name {node.value}")

    def _unary(self, node: Node) -> str:
        type = self.visit(node.args[0])
        if node.value in ("!", "not"):
            if type in ("bool", ""):
                return "bool"
        elif type in NUMBERS or type == "":
            return type
        raise self.error(node, f"invalid operation: {node.value} (mismatched type {self.shown(type)})")

    def _binary(self, node: Node) -> str:
        left, right = self.visit(node.args[0]), self.visit(node.args[1])
        found = self._operation(node, left, right)
        if found is None:
            types = f"{self.shown(left)} and {self.shown(right)}"
            raise self.error(node, f"invalid operation: {node.value} (mismatched types {types})")
        return found

    def _operation(self, node: Node, left: str, right: str) -> str | None:
        operator, numbers = node.value, left in NUMBERS and right in NUMBERS
        unknown = "" in (left, right)

        def maybe(*types: str) -> bool:
            return unknown and all(t in ("", *types) for t in (left, right))

        if operator in ("==", "!="):
            arrays = left.startswith("[]") and right.startswith("[]")
            return "bool" if numbers or unknown or left == right or arrays or "nil" in (left, right) else None
        if operator in ("or", "||", "and", "&&"):
            return "bool" if left == right == "bool" or maybe("bool") else None
        if operator in ("<", ">", ">=", "<="):
            return "bool" if numbers or left == right == "string" or maybe("string", *NUMBERS) else None
        if operator in ("+", "-", "*"):
            if numbers:
                return "float64" if "float64" in (left, right) else "int"
            if operator == "+" and left == right == "string":
                return "string"
            return "" if maybe(*NUMBERS, *(("string",) if operator == "+" else ())) else None
        if operator in ("/", "**", "^"):
            return "float64" if numbers or maybe(*NUMBERS) else None
        if operator == "%":
            return "int" if left == right == "int" or maybe("int") else None
        if operator == "..":
            return "[]int" if left == right == "int" or maybe("int") else None
        if operator == "??":
            return right if left == "nil" else left if right in ("nil", left) else ""
        if operator == "in":
            return self._in(node, left, right)
        if operator == "matches" and node.args[1].kind == "string":
            try:
                regexp.compile(node.args[1].value)
            except GoError as error:
                raise self.error(node, error.text) from None
        return "bool" if left == right == "string" or maybe("string") else None

    def _in(self, node: Node, left: str, right: str) -> str | None:
        if right == "map":
            if left not in ("string", "") and not (self.version < (1, 15) and _constant(node.args[0])):
                raise self.error(node, f"cannot use {self.shown(left)} as type string in map key")
            return "bool"
        if right.startswith("[]"):
            element = right[2:].removeprefix(LITERAL)
            if left and element and left != element and not (left in NUMBERS and element in NUMBERS) and left != "nil":
                raise self.error(node, f"cannot use {self.shown(left)} as type {element} in array")
            return "bool"
        return "bool" if right == "" or (left == "" and right == "string") else None

    def _member(self, node: Node) -> str:
        base, key = self.visit(node.args[0]), self.visit(node.args[1])
        if base == "" or (base == "map" and key in ("string", "")):
            return ""
        if base.startswith("[]"):
            if key not in ("int", ""):
                words = "array elements can only be selected using an integer"
                raise self.error(node.args[1], f"{words} (got {self.shown(key)})")
            return self.element(base)
        if base == "map":
            raise self.error(node.args[1], f"cannot use {key} to get an element from {self.shown(base)}")
        if node.args[1].kind == "string":
            raise self.error(node, f"type {self.shown(base)} has no field {node.args[1].value}")
        raise self.error(node, f"type {self.shown(base)}[{self.shown(key)}] is undefined")

    def _slice(self, node: Node) -> str:
        type = self.visit(node.args[0])
        if type and type != "string" and not type.startswith("[]"):
            raise self.error(node, f"cannot slice {self.shown(type)}")
        for end in node.args[1:]:
            found = self.visit(end)
            if found not in ("int", "nil", ""):
                raise self.error(end, f"non-integer slice index {self.shown(found)}")
        return type

    def _call(self, node: Node) -> str:
        name = node.value
        function = self.environment.get(name)
        if function is None or name in self.variables:
            if name in functions_of(self.version) and name not in self.environment:
                return self._builtin(node)
            if name in ABSENT and self.version >= (1, 15):
                raise NotModelled(name)
            if self.version < (1, 12) and name not in self.environment:
                raise self.error(node, f"unknown func {name}")
            raise self.error(node, f"{self.shown(self._name(node))} is not callable")
        if len(node.args) != len(function.takes):
            few = "not enough" if len(node.args) < len(function.takes) else "too many"
            raise self.error(node, f"{few} arguments to call {name}")
        for arg, takes in zip(node.args, function.takes, strict=True):
            type = self.visit(arg)
            if type not in (takes, "") and not (self.version < (1, 15) and _constant(arg)):
                raise self.error(arg, f"cannot use {self.shown(type)} as argument (type {takes}) to call {name} ")
        return function.gives

    def _builtin(self, node: Node) -> str:
        name = node.value
        if name in ABSENT_PREDICATES:
            raise NotModelled(name)
        if any(arg.kind == "predicate" for arg in node.args) or name in ("count", "filter", "map"):
            return self._each(node)
        types = [self.visit(arg) for arg in node.args]
        least, most = COUNTS.get(name, (1, 1))
        if not least <= len(types) <= most:
            raise self.error(node, self._wrong_count(name, len(types), least))
        if name in TEXTS and types[0] not in ("string", ""):
            said = f"cannot use {self.shown(types[0])} as argument (type string) to call {name} "
            raise self.error(node.args[0], said)
        takes = TAKES.get(name, ())
        if takes and types[0] and not (types[0] in takes or (types[0].startswith("[]") and ANY in takes)):
            raise self.error(node, f"invalid argument for {name} (type {self.shown(types[0])})")
        if name in ("max", "min", "abs", "sum"):
            return self.element(types[0]) if types[0].startswith("[]") else types[0]
        if name in ("first", "last"):
            return self.element(types[0])
        return STRINGS[name]

    def _wrong_count(self, name: str, count: int, least: int) -> str:
        if name in TEXTS:
            return f"{'not enough' if count < least else 'too many'} arguments to call {name}"
        of = "" if self.version >= (1, 15) else f"for {name} "
        return f"invalid number of arguments {of}(expected {least}, got {count})"

    def _each(self, node: Node) -> str:
        name, type = node.value, self.visit(node.args[0])
        if type and not type.startswith("[]"):
            raise self.error(node.args[0], f"builtin {name} takes only array (got {self.shown(type)})")
        if len(node.args) < 2:
            return "int"
        self.elements.append(self.element(type))
        given = self.visit(node.args[1].args[0])
        self.elements.pop()
        if name == "map":
            return f"[]{given}"
        if given not in ("bool", ""):
            what = "predicate" if self.version >= (1, 15) else "closure"
            raise self.error(node.args[1], f"{what} should return boolean (got {self.shown(given)})")
        if name in ("filter", "find", "findLast"):
            return (type or ANY) if name == "filter" else self.element(type)
        return "int" if name in ("count", "findIndex", "findLastIndex") else "bool"

    def _pointer(self, node: Node) -> str:
        if node.value == "index":
            return "int"
        return self.elements[-1]

    def _let(self, node: Node) -> str:
        if node.value in self.environment:
            raise self.error(node, f"cannot redeclare {node.value}")
        if node.value in functions_of(self.version):
            raise self.error(node, f"cannot redeclare builtin {node.value}")
        if node.value in self.variables:
            raise self.error(node, f"cannot redeclare variable {node.value}")
        self.variables[node.value] = self.visit(node.args[0])
        found = self.visit(node.args[1])
        del self.variables[node.value]
        return found

    def _sequence(self, node: Node) -> str:
        return [self.visit(arg) for arg in node.args][-1]

    def _conditional(self, node: Node) -> str:
        condition, first, second = map(self.visit, node.args)
        if condition not in ("bool", ""):
            said = f"non-bool expression (type {self.shown(condition)}) used as condition"
            raise self.error(node.args[0], said)
        return second if first == "nil" else first if second in ("nil", first) else ""

    def _array(self, node: Node) -> str:
        types = {self.visit(arg) for arg in node.args}
        return f"[]{LITERAL}{types.pop()}" if len(types) == 1 and self.version >= (1, 15) else ANY

    def _map(self, node: Node) -> str:
        for pair in node.args:
            for arg in pair.args:
                self.visit(arg)
        return "map"


def _constant(node: Node) -> bool:
    """Whether it is a number that older versions gave any type that was wanted."""
    return node.kind == "int" or (node.kind in ("unary", "binary") and node.value in ("+", "-", "*", "/", "%"))


def check(node: Node, text: str, environment: Mapping[str, Function], version: tuple[int, int]) -> str:
    """The type of the expression's value. Raises ExprError, NotModelled."""
    return _Checker(text, environment, version).visit(node)


__all__ = ["Function", "check"]
