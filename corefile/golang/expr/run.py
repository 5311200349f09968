"""The value of an expression."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .. import regexp
from ..errors import GoError
from ..numbers import float_text, parse_float, parse_int
from .parser import Node

MOST = 1_000_000
"""How many elements a range has at most (expr's memory budget)."""


class RunError(Exception):
    """The expression broke off."""


Environment = Mapping[str, Callable[..., Any]]


class _Run:
    def __init__(self, environment: Environment, version: tuple[int, int]) -> None:
        self.environment = environment
        self.version = version
        self.variables: dict[str, Any] = {}
        self.elements: list[tuple[Any, int]] = []

    def value(self, node: Node) -> Any:
        method = getattr(self, f"_{node.kind}", None)
        return node.value if method is None else method(node)

    def _nil(self, node: Node) -> None:
        return None

    def _name(self, node: Node) -> Any:
        return self.variables[node.value] if node.value in self.variables else self.environment.get(node.value)

    def _unary(self, node: Node) -> Any:
        value = self.value(node.args[0])
        if node.value in ("!", "not"):
            return not _bool(value)
        return _number(value) if node.value == "+" else _whole(-_number(value))

    def _binary(self, node: Node) -> Any:
        operator = node.value
        left = self.value(node.args[0])
        if operator in ("or", "||"):
            return _bool(left) or _bool(self.value(node.args[1]))
        if operator in ("and", "&&"):
            return _bool(left) and _bool(self.value(node.args[1]))
        if operator == "??":
            return self.value(node.args[1]) if left is None else left
        right = self.value(node.args[1])
        if type(left) is int and type(right) is int:
            if operator == "/" and self.version < (1, 12):
                if right == 0:
                    raise RunError("integer divide by zero")
                return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            if operator in ("**", "^") and (1, 12) <= self.version < (1, 15):
                raise RunError("whole numbers have no powers")
        return _operate(operator, left, right)

    def _member(self, node: Node) -> Any:
        base, key = self.value(node.args[0]), self.value(node.args[1])
        if isinstance(base, dict):
            return base.get(key)
        if base is None and node.value == "?.":
            return None
        if isinstance(base, list) and type(key) is int and -len(base) <= key < len(base):
            return base[key]
        raise RunError(f"cannot fetch {key}")

    def _slice(self, node: Node) -> Any:
        base, start, end = (self.value(arg) for arg in node.args)
        if isinstance(base, list):
            return base[start:end]
        return base.encode()[start:end].decode(errors="replace")

    def _call(self, node: Node) -> Any:
        args = [self.value(arg) for arg in node.args]
        function = self.environment.get(node.value)
        return _builtin(node.value, args) if function is None else function(*args)

    def _builtin(self, node: Node) -> Any:
        name = node.value
        if name == "len" or len(node.args) < 2:
            return len(self.value(node.args[0])) if name == "len" else sum(map(_bool, self.value(node.args[0])))
        values = self.value(node.args[0])
        if not isinstance(values, list):
            raise RunError("no array")
        each = self._each(values, node.args[1].args[0])
        if name == "map":
            return list(each)
        if name == "all":
            return all(map(_bool, each))
        if name == "any":
            return any(map(_bool, each))
        if name == "none":
            return not any(map(_bool, each))
        found = [i for i, x in enumerate(each) if _bool(x)]
        if name in ("one", "count"):
            return len(found) == 1 if name == "one" else len(found)
        if name == "filter":
            return [values[i] for i in found]
        index = (found[0] if name.startswith("find") and "Last" not in name else found[-1]) if found else -1
        if name.endswith("Index"):
            return index
        return values[index] if found else None

    def _each(self, values: list[Any], node: Node) -> Any:
        for i, element in enumerate(values):
            self.elements.append((element, i))
            value = self.value(node)
            self.elements.pop()
            yield value

    def _predicate(self, node: Node) -> Any:
        return self.value(node.args[0])

    def _pointer(self, node: Node) -> Any:
        return self.elements[-1][node.value == "index"]

    def _let(self, node: Node) -> Any:
        self.variables[node.value] = self.value(node.args[0])
        return self.value(node.args[1])

    def _sequence(self, node: Node) -> Any:
        return [self.value(arg) for arg in node.args][-1]

    def _conditional(self, node: Node) -> Any:
        return self.value(node.args[1 if _bool(self.value(node.args[0])) else 2])

    def _array(self, node: Node) -> list[Any]:
        return [self.value(arg) for arg in node.args]

    def _map(self, node: Node) -> dict[Any, Any]:
        return {self.value(pair.args[0]): self.value(pair.args[1]) for pair in node.args}


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise RunError("no truth value")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RunError("no number")
    return value


def _whole(value: Any) -> Any:
    """A whole number as 64 bits hold it."""
    return value if isinstance(value, float) else (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _same(left: Any, right: Any) -> bool:
    """Whether two values are equal: a truth value is no number."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _operate(operator: str, left: Any, right: Any) -> Any:
    if operator in ("==", "!="):
        return _same(left, right) == (operator == "==")
    if operator == "in":
        if isinstance(right, list):
            return any(_same(left, x) for x in right)
        if isinstance(right, dict):
            return left in right
        raise RunError("nothing to look in")
    if operator in ("matches", "contains", "startsWith", "endsWith"):
        if not (isinstance(left, str) and isinstance(right, str)):
            raise RunError("no text")
        if operator == "matches":
            return regexp.compile(right).matches(left)
        return right in left if operator == "contains" else getattr(left, operator.lower())(right)
    if isinstance(left, str) and isinstance(right, str):
        texts: dict[str, Callable[[str, str], Any]] = {
            "+": lambda a, b: a + b,
            "<": lambda a, b: a.encode() < b.encode(),
            ">": lambda a, b: a.encode() > b.encode(),
            "<=": lambda a, b: a.encode() <= b.encode(),
            ">=": lambda a, b: a.encode() >= b.encode(),
        }
        if operator in texts:
            return texts[operator](left, right)
    return _arithmetic(operator, _number(left), _number(right))


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if operator == "..":
        if right - left >= MOST:
            raise RunError("memory budget exceeded")
        return list(range(left, right + 1))
    if operator == "%":
        if right == 0:
            raise RunError("integer divide by zero")
        return int(math.fmod(left, right)) if abs(left) < 1 << 53 else left - right * int(left / right)
    if operator == "/":
        if right == 0:
            return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
        return left / right
    if operator in ("**", "^"):
        try:
            return math.pow(left, right)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan
    operations: dict[str, Callable[[Any, Any], Any]] = {
        "+": lambda a, b: _whole(a + b),
        "-": lambda a, b: _whole(a - b),
        "*": lambda a, b: _whole(a * b),
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
    }
    return operations[operator](left, right)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    return float_text(value) if isinstance(value, float) else str(value)


def _type(value: Any) -> str:
    if value is None:
        return "nil"
    names: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "string", list: "array", dict: "map"}
    return names.get(type(value), "func")


def _split(text: str, separator: str, most: int = -1, keep: bool = False) -> list[str]:
    parts = (list(text) if separator == "" else text.split(separator)) if most != 0 else []
    if 0 < most < len(parts):
        parts = [*parts[: most - 1], separator.join(parts[most - 1 :])]
    return [p + separator for p in parts[:-1]] + parts[-1:] if keep else parts


def _extreme(choose: Callable[[list[Any]], Any], args: tuple[Any, ...]) -> Any:
    flat = [x for a in args for x in (a if isinstance(a, list) else [a])]
    return choose([_number(x) for x in flat]) if flat else None


BUILTINS: dict[str, Callable[..., Any]] = {
    "len": lambda x: len(x),
    "abs": lambda x: abs(_number(x)),
    "ceil": lambda x: float(math.ceil(_number(x))),
    "floor": lambda x: float(math.floor(_number(x))),
    "round": lambda x: math.copysign(math.floor(abs(_number(x)) + 0.5), x),
    "int": lambda x: parse_int(x) if isinstance(x, str) else int(_number(x)),
    "float": lambda x: parse_float(x) if isinstance(x, str) else float(_number(x)),
    "string": _text,
    "type": _type,
    "trim": lambda x, chars=None: x.strip(chars),
    "trimPrefix": lambda x, part: x.removeprefix(part),
    "trimSuffix": lambda x, part: x.removesuffix(part),
    "upper": lambda x: x.upper(),
    "lower": lambda x: x.lower(),
    "split": _split,
    "splitAfter": lambda x, part, most=-1: _split(x, part, most, True),
    "replace": lambda x, old, new, most=-1: x.replace(old, new, most),
    "repeat": lambda x, count: x * count,
    "join": lambda parts, between="": between.join(parts),
    "indexOf": lambda x, part: len(x[: x.find(part)].encode()) if part in x else -1,
    "lastIndexOf": lambda x, part: len(x[: x.rfind(part)].encode()) if part in x else -1,
    "hasPrefix": lambda x, part: x.startswith(part),
    "hasSuffix": lambda x, part: x.endswith(part),
    "max": lambda *args: _extreme(max, args),
    "min": lambda *args: _extreme(min, args),
    "sum": lambda x: sum(map(_number, x)),
    "first": lambda x: x[0] if x else None,
    "last": lambda x: x[-1] if x else None,
    "keys": lambda x: list(x),
    "values": lambda x: list(x.values()),
}


def _builtin(name: str, args: list[Any]) -> Any:
    return BUILTINS[name](*args)


def run(node: Node, environment: Environment, version: tuple[int, int]) -> Any:
    """The value. Raises RunError."""
    try:
        return _Run(environment, version).value(node)
    except GoError as error:
        raise RunError(error.text) from None
    except (TypeError, AttributeError, IndexError, KeyError, ValueError, OverflowError, RecursionError) as error:
        raise RunError(str(error)) from None


__all__ = ["RunError", "run"]
