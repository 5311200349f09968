"""What expr's compiler refuses of a tree: unknown names, and operands that do not fit.

A type is a word: string, int, float64, bool, nil, map, `[]` and an element's type; '' where it is not known before it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...light import NamedTuple
from .. import regexp
from ..errors import GoError
from .builtins import ABSENT, functions_of
from .lexer import ExprError, NotModelled, Version
from .parser import Node

NUMBERS = ("int", "float64")
ANY = "[]"
ANY_MAP, GROUPS = "map of any", "map of arrays"
LITERAL = "~"
"""Before the element's type where an array is written out: `in` alone looks at it before 1.17."""
MAPS = {
    "map": "map[string]interface {}",
    ANY_MAP: "map[interface {}]interface {}",
    GROUPS: "map[interface {}][]interface {}",
}
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
COUNTS = {"join": (1, 2), "max": (1, 99), "min": (1, 99)}
ONE, TWO = ("string",), ("string", "string")
TEXTS: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("upper", "lower"), (ONE,)),
    **dict.fromkeys(("hasPrefix", "hasSuffix", "indexOf", "lastIndexOf", "trimPrefix", "trimSuffix"), (TWO,)),
    **dict.fromkeys(("split", "splitAfter"), (TWO, (*TWO, "int"))),
    "trim": (ONE, TWO),
    "replace": ((*TWO, "string", "int"), (*TWO, "string")),
    "repeat": (("string", "int"),),
}
"""The signatures of functions whose first argument is a text. An error is told by the last."""
SIGNATURES: dict[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(("bitand", "bitor", "bitxor", "bitnand", "bitshl", "bitshr", "bitushr"), (("int", "int"), "int")),
    "bitnot": (("int",), "int"),
    "toJSON": (("",), "string"),
    "fromJSON": (("string",), ""),
    "toBase64": (("string",), "string"),
    "fromBase64": (("string",), "string"),
}
"""The types of arguments and of the value, of functions that have one signature."""
OVER_ARRAYS = {
    "take": ("cannot take from", 2),
    "reverse": ("cannot reverse", 1),
    "uniq": ("cannot uniq", 1),
    "flatten": ("cannot flatten", 1),
    "fromPairs": ("cannot transform {} from pairs", 1),
    "toPairs": ("cannot transform {} to pairs", 1),
}
"""What is said of an argument that is none of theirs, and how many there are."""
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
    def __init__(self, text: str, environment: Mapping[str, Function], version: Version) -> None:
        self.text = text
        self.environment = environment
        self.version = version
        self.variables: dict[str, str] = {}
        self.elements: list[str] = []
        self.pointers: list[tuple[str, ...]] = []

    def error(self, node: Node, message: str) -> ExprError:
        operator = node.value if node.kind == "binary" else ""
        names = [n for n in (node, *node.args) if n.kind == "name" and n.value not in self.variables]
        bare = next(((n.value, n.at) for n in names if n.value in self.environment), None)
        return ExprError(message, self.text, node.at, self.version, operator=operator, bare=bare)

    def wrong_count(self, node: Node, message: str) -> ExprError:
        """What is wrong with a call of a function that takes another number of arguments."""
        return ExprError(message, self.text, node.at, self.version, called=(node.value, len(node.args)))

    def shown(self, type: str) -> str:
        if type == "":
            return "unknown" if self.version >= (1, 17) else "interface {}"
        if type == "nil":
            return "unknown" if self.version >= (1, 17) else "<nil>"
        if type in MAPS:
            return MAPS[type]
        if type == "[]int" and self.version >= (1, 17):
            return "[]interface {}"
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
        if node.value in functions_of(self.version) and self.version >= (1, 12):
            raise NotModelled(f"{node.value} without brackets")
        said = f"unknown name {node.value}"
        raise ExprError(said, self.text, node.at, self.version, unknown=node.value)

    def _bytes(self, node: Node) -> str:
        raise NotModelled("b'...'")

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
            arrays = (left.startswith("[]") and right.startswith("[]")) or (
                left in MAPS and right in MAPS and self.version < (1, 17)
            )
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
        if right in MAPS:
            return "bool"
        if right.startswith("[]"):
            element = right[2:].removeprefix(LITERAL)
            if left and element and left != element and not (left in NUMBERS and element in NUMBERS) and left != "nil":
                raise self.error(node, f"cannot use {self.shown(left)} as type {element} in array")
            return "bool"
        return "bool" if right == "" or (left == "" and right == "string") else None

    def _member(self, node: Node) -> str:
        base, key = self.visit(node.args[0]), self.visit(node.args[1])
        if base in ("", ANY_MAP) or (base == "map" and key in ("string", "")):
            return ""
        if base == GROUPS:
            return ANY
        if base.startswith("[]"):
            if key not in ("int", ""):
                words = "array elements can only be selected using an integer"
                raise self.error(node.args[1], f"{words} (got {self.shown(key)})")
            return self.element(base)
        if base == "map":
            raise self.error(node.args[1], f"cannot use {key} to get an element from {self.shown(base)}")
        named = node.args[1].kind == "string"
        if named and (self.version >= (1, 17) or (self.version < (1, 12) and node.value != "[")):
            raise self.error(node, f"type {self.shown(base)} has no field {node.args[1].value}")
        if self.version < (1, 12):
            raise self.error(node, f"invalid operation: type {self.shown(base)} does not support indexing")
        raise self.error(node, f"type {self.shown(base)}[{self.shown(key)}] is undefined")

    def _method(self, node: Node) -> str:
        base = self.visit(node.args[0])
        if base.startswith("[]") and self.version >= (1, 12):
            raise self.error(node, "array elements can only be selected using an integer (got string)")
        if base and (1, 12) <= self.version < (1, 17) and base not in MAPS:
            raise self.error(node, f"type {self.shown(base)}[string] is undefined")
        if base and base not in MAPS:
            raise self.error(node, f"type {self.shown(base)} has no method {node.value}")
        for arg in node.args[1:]:
            self.visit(arg)
        return ""

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
            if (name in ABSENT or name == "sortBy") and self.version >= (1, 15):
                raise NotModelled(name)
            if self.version < (1, 12) and name not in self.environment:
                raise self.error(node, f"unknown func {name}")
            raise self.error(node, f"{self.shown(self._name(node))} is not callable")
        types = [self.visit(arg) for arg in node.args] if self.version >= (1, 16) else []
        self._fit(node, types or map(self.visit, node.args), function.takes)
        return function.gives

    def _fit(self, node: Node, types: Iterable[str], takes: Sequence[str]) -> None:
        """Raises ExprError where arguments do not fit parameters."""
        error = self._misfit(node, types, takes)
        if error is not None:
            raise error

    def _misfit(self, node: Node, types: Iterable[str], takes: Sequence[str]) -> ExprError | None:
        """Why arguments of some types do not fit a function's parameters. Types may be found as they are wanted."""
        if len(node.args) != len(takes):
            few = "not enough" if len(node.args) < len(takes) else "too many"
            return self.wrong_count(node, f"{few} arguments to call {node.value}")
        for arg, type, wanted in zip(node.args, types, takes, strict=True):
            if not wanted or type in (wanted, "") or (self.version < (1, 12, 7) and _constant(arg)):
                continue
            if type == "nil":
                if self.version < (1, 17):
                    continue
                return self.error(arg, f"cannot use nil as argument (type {wanted}) to call {node.value}")
            return self.error(arg, f"cannot use {self.shown(type)} as argument (type {wanted}) to call {node.value} ")
        return None

    def _builtin(self, node: Node) -> str:
        name = node.value
        if (
            any(arg.kind == "predicate" for arg in node.args)
            or name in ("count", "filter", "map")
            or (name == "sum" and self.version >= (1, 16))
        ):
            return self._each(node)
        types = [self.visit(arg) for arg in node.args]
        if name in SIGNATURES:
            return self._signature(node, types)
        if name in OVER_ARRAYS:
            return self._over_array(node, types)
        if name in ("mean", "median"):
            return self._aggregate(node, types)
        if name == "concat":
            return self._concat(node, types)
        if name == "sort":
            return self._sort(node, types)
        if name == "get":
            return self._get(node, types)
        if name in TEXTS:
            for takes in TEXTS[name]:
                if self._misfit(node, types, takes) is None:
                    return STRINGS[name]
            self._fit(node, types, TEXTS[name][-1])
        least, most = COUNTS.get(name, (1, 1))
        if not least <= len(types) <= most:
            raise self.wrong_count(node, self._wrong_count(name, len(types), least))
        if name in ("max", "min") and self.version < (1, 16):
            for type in types:
                if type not in NUMBERS:
                    if type == "":
                        return ""
                    raise self.error(node, f"invalid argument for {name} (type {self.shown(type)})")
        kinds = TAKES.get(name, ())
        if (
            kinds
            and types[0]
            and not (
                types[0] in kinds
                or (types[0] in MAPS and "map" in kinds)
                or (types[0].startswith("[]") and ANY in kinds)
            )
        ):
            raise self.error(node, f"invalid argument for {name} (type {self.shown(types[0])})")
        if name == "sum":
            if types[0] and not types[0].startswith("[]"):
                raise self.error(node, f"cannot sum {self.shown(types[0])}")
            return ""
        if name in ("max", "min", "abs"):
            return self.element(types[0]) if types[0].startswith("[]") else types[0]
        if name in ("first", "last"):
            return self.element(types[0])
        return STRINGS[name]

    def _signature(self, node: Node, types: list[str]) -> str:
        takes, gives = SIGNATURES[node.value]
        self._fit(node, types, takes)
        return gives

    def _over_array(self, node: Node, types: list[str]) -> str:
        name = node.value
        said, count = OVER_ARRAYS[name]
        if len(types) != count:
            raise self.wrong_count(node, f"invalid number of arguments (expected {count}, got {len(types)})")
        fits = types[0].startswith("map") if name == "toPairs" else types[0].startswith("[]")
        if types[0] and not fits:
            shown = self.shown(types[0])
            raise self.error(node, said.format(shown) if "{}" in said else f"{said} {shown}")
        if name == "take":
            if types[1] not in ("int", ""):
                raise self.error(node, f"cannot take {self.shown(types[1])} elements")
            whole = types[0][2:3] == LITERAL or (types[0] == "[]int" and self.version >= (1, 17))
            return ANY if whole else types[0]
        return ANY_MAP if name == "fromPairs" else ANY

    def _aggregate(self, node: Node, types: list[str]) -> str:
        if not types:
            raise self.wrong_count(node, f"not enough arguments to call {node.value}")
        if self.version < (1, 16):
            if len(types) > 1:
                raise self.wrong_count(node, f"invalid number of arguments (expected 1, got {len(types)})")
            if types[0] and not types[0].startswith("[]"):
                what = "avg" if node.value == "mean" else "median"
                raise self.error(node, f"cannot {what} {self.shown(types[0])}")
            return "float64"
        for type in types:
            if type == "" or type.startswith("[]"):
                return ""
            if type not in NUMBERS:
                raise self.error(node, f"invalid argument for {node.value} (type {self.shown(type)})")
        return types[0]

    def _concat(self, node: Node, types: list[str]) -> str:
        if not types:
            raise self.wrong_count(node, "invalid number of arguments (expected at least 1, got 0)")
        for type in types:
            if type and not type.startswith("[]"):
                raise self.error(node, f"cannot concat {self.shown(type)}")
        return ANY

    def _sort(self, node: Node, types: list[str]) -> str:
        if len(types) not in (1, 2):
            few = "not enough" if not types else "too many"
            raise self.wrong_count(node, f"{few} arguments to call sort")
        if types[0] and not types[0].startswith("[]"):
            said = f"cannot use {self.shown(types[0])} as argument (type []int) to call sort "
            raise self.error(node.args[0], said)
        if len(types) == 2 and types[1] not in ("string", ""):
            raise self.wrong_count(node, "too many arguments to call sort")
        return ANY

    def _get(self, node: Node, types: list[str]) -> str:
        if len(types) != 2:
            raise self.wrong_count(node, f"invalid number of arguments (expected 2, got {len(types)})")
        base, key = types
        if base == "":
            return ""
        if base.startswith("[]"):
            if key not in ("int", ""):
                raise self.error(node.args[1], f"non-integer slice index {self.shown(key)}")
            return self.element(base).replace("nil", "")
        if base in (ANY_MAP, GROUPS):
            return ANY if base == GROUPS else ""
        if base == "map":
            if key not in ("string", ""):
                raise self.error(
                    node.args[1], f"cannot use {self.shown(key)} to get an element from {self.shown(base)}"
                )
            return ""
        raise self.error(node.args[0], f"type {self.shown(base)} does not support indexing")

    def _wrong_count(self, name: str, count: int, least: int) -> str:
        of = "" if self.version >= (1, 15) else f"for {name} "
        return f"invalid number of arguments {of}(expected {least}, got {count})"

    def _each(self, node: Node) -> str:
        name, type = node.value, self.visit(node.args[0])
        if type and not type.startswith("[]"):
            raise self.error(node.args[0], f"builtin {name} takes only array (got {self.shown(type)})")
        if len(node.args) < 2:
            return self.element(type) if name == "sum" else "int"
        if node.args[1].kind != "predicate":
            given = self.visit(node.args[1])
        else:
            self.elements.append(self.element(type))
            self.pointers.append(("index", "acc") if name == "reduce" else ("index",) if name == "map" else ())
            given = self.visit(node.args[1].args[0])
            self.pointers.pop()
            self.elements.pop()
        if name in ("sum", "groupBy", "sortBy", "reduce"):
            if len(node.args) == 3:
                last = self.visit(node.args[2])
                if name == "sortBy" and last not in ("string", ""):
                    said = f"sortBy order argument must be a string (got {self.shown(last)})"
                    raise self.error(node.args[2], said)
            sorted_type = type if self.version >= (1, 17) else ANY
            return {"sum": given, "groupBy": GROUPS, "reduce": given}.get(name, sorted_type)
        if name == "map":
            return f"[]{LITERAL if self.version >= (1, 16) else ''}{given}" if given else ANY
        if given not in ("bool", ""):
            what = "predicate" if self.version >= (1, 15) else "closure"
            raise self.error(node.args[1], f"{what} should return boolean (got {self.shown(given)})")
        if name in ("filter", "find", "findLast"):
            return (type or ANY) if name == "filter" else self.element(type)
        return "int" if name in ("count", "findIndex", "findLastIndex") else "bool"

    def _pointer(self, node: Node) -> str:
        known = ("index", *self.pointers[-1]) if self.version < (1, 16) else self.pointers[-1]
        if node.value and node.value not in known:
            raise self.error(node, f"unknown pointer #{node.value}")
        if node.value == "index":
            return "int"
        if node.value == "acc":
            return ""
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
        condition = self.visit(node.args[0])
        if condition not in ("bool", ""):
            said = f"non-bool expression (type {self.shown(condition)}) used as condition"
            raise self.error(node.args[0], said)
        first, second = self.visit(node.args[1]), self.visit(node.args[2])
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


def check(node: Node, text: str, environment: Mapping[str, Function], version: Version) -> str:
    """The type of the expression's value. Raises ExprError, NotModelled."""
    return _Checker(text, environment, version).visit(node)


__all__ = ["Function", "check"]
