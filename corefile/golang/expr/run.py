"""The value of an expression."""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import add, ge, gt, le, lt, mul, sub
from typing import Any

from .. import b64, jsontext, regexp
from ..errors import GoError
from ..numbers import float_text, parse_float, parse_int
from .lexer import Version
from .parser import Node

MOST = 1_000_000
"""All that is made while an expression runs has fewer elements than this (expr's memory budget)."""
LONGEST = 100 * MOST
"""Octets of a text that `repeat` makes here before 1.16, where only the machine limits it."""
CONSTANTS = ("int", "float64", "string")
"""Kinds of elements of arrays that are made beforehand, and so do not count."""
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, ">": gt, "<=": le, ">=": ge}
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}


class RunError(Exception):
    """The expression broke off."""


Environment = Mapping[str, Callable[..., Any]]


class AnyMap(dict[Any, Any]):
    """A map whose keys may be of any type: no JSON can be made of it."""


class _Run:
    def __init__(self, environment: Environment, version: Version) -> None:
        self.environment = environment
        self.version = version
        self.variables: dict[str, Any] = {}
        self.elements: list[tuple[Any, int]] = []
        self.accumulated: list[Any] = []
        self.memory = 0

    def made(self, count: int) -> None:
        """Count the elements of what has been made. Raises RunError where that is too much."""
        self.memory += count
        if self.memory >= MOST:
            raise RunError("memory budget exceeded")

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
        if operator == "..":
            return self._range(node, _number(left), _number(right))
        if type(left) is int and type(right) is int:
            if operator == "/" and self.version < (1, 12):
                if right == 0:
                    raise RunError("integer divide by zero")
                return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            if operator in ("**", "^") and (1, 12) <= self.version < (1, 15):
                raise RunError("whole numbers have no powers")
        return _operate(operator, left, right)

    def _range(self, node: Node, first: Any, last: Any) -> Any:
        """Whole numbers. Before 1.16 those between constants are made beforehand; they count only if they are too many."""
        size = max(0, last - first + 1)
        if self.version >= (1, 16) or size > MOST or any(arg.kind != "int" for arg in node.args):
            self.made(size)
        return list(range(first, last + 1))

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
        if function is not None:
            return function(*args)
        if node.value == "repeat":
            self._look_at_repeat(*args)
        return BUILTINS[node.value](*args)

    def _look_at_repeat(self, text: str, count: Any) -> None:
        """Raises RunError where the text would be too long."""
        size = len(_octets(text)) * _count(count)
        if count > MOST or size > LONGEST:
            raise RunError("memory budget exceeded")
        if self.version >= (1, 16):
            self.made(size)

    def _builtin(self, node: Node) -> Any:
        name = node.value
        if name == "len":
            return len(self.value(node.args[0]))
        values = self.value(node.args[0])
        if not isinstance(values, list):
            raise RunError("no array")
        if len(node.args) < 2:
            return _sum(values) if name == "sum" else sum(map(_bool, values))
        if name == "reduce":
            return self._reduce(node, values)
        each = self._each(values, node.args[1].args[0])
        if name == "map":
            values = list(each)
            self.made(len(values))
            return values
        if name == "sum":
            return _sum(each)
        if name == "groupBy":
            groups: dict[Any, list[Any]] = AnyMap()
            for i, key in enumerate(each):
                groups.setdefault(key, []).append(values[i])
            return groups
        if name == "sortBy":
            order = self.value(node.args[2]) if len(node.args) == 3 else "asc"
            return sorted_by(values, list(each), order)
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

    def _reduce(self, node: Node, values: list[Any]) -> Any:
        start = 0
        if len(node.args) == 3:
            accumulated = self.value(node.args[2])
        elif values:
            accumulated, start = values[0], 1
        else:
            raise RunError("reduce of empty array with no initial value")
        for i in range(start, len(values)):
            self.elements.append((values[i], i))
            self.accumulated.append(accumulated)
            accumulated = self.value(node.args[1].args[0])
            self.accumulated.pop()
            self.elements.pop()
        return accumulated

    def _each(self, values: list[Any], node: Node) -> Any:
        for i, element in enumerate(values):
            self.elements.append((element, i))
            value = self.value(node)
            self.elements.pop()
            yield value

    def _predicate(self, node: Node) -> Any:
        return self.value(node.args[0])

    def _pointer(self, node: Node) -> Any:
        if node.value == "acc":
            return self.accumulated[-1] if self.accumulated else None
        return self.elements[-1][node.value == "index"]

    def _let(self, node: Node) -> Any:
        self.variables[node.value] = self.value(node.args[0])
        return self.value(node.args[1])

    def _sequence(self, node: Node) -> Any:
        return [self.value(arg) for arg in node.args][-1]

    def _conditional(self, node: Node) -> Any:
        return self.value(node.args[1 if _bool(self.value(node.args[0])) else 2])

    def _array(self, node: Node) -> list[Any]:
        if any(arg.kind not in CONSTANTS for arg in node.args):
            self.made(len(node.args))
        return [self.value(arg) for arg in node.args]

    def _map(self, node: Node) -> dict[Any, Any]:
        self.made(len(node.args))
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
        if operator == "+":
            return left + right
        if operator in COMPARISONS:
            return COMPARISONS[operator](_octets(left), _octets(right))
    return _arithmetic(operator, _number(left), _number(right))


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if operator == "%":
        if _int(right) == 0:
            raise RunError("integer divide by zero")
        return abs(_int(left)) % abs(right) * (-1 if left < 0 else 1)
    if operator == "/":
        if right == 0:
            signs = math.copysign(1, left) * math.copysign(1, right)
            return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, signs)
        return left / right
    if operator in ("**", "^"):
        try:
            return math.pow(left, right)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan
    if operator in COMPARISONS:
        return COMPARISONS[operator](left, right)
    return _whole(OPERATIONS[operator](left, right))


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


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
    "mean": lambda *args: _mean(_flat(args)),
    "median": lambda *args: _median(sorted(_flat(args))),
    "toJSON": lambda x: _to_json(x),
    "fromJSON": lambda x: _from_json(x),
    "toBase64": lambda x: base64.b64encode(x.encode()).decode(),
    "fromBase64": lambda x: _from_base64(x),
    "get": lambda x, key: _get(x, key),
    "take": lambda x, count: _array(x)[: _count(count)],
    "toPairs": lambda x: [[key, value] for key, value in x.items()],
    "fromPairs": lambda x: AnyMap(map(_pair, _array(x))),
    "reverse": lambda x: _array(x)[::-1],
    "uniq": lambda x: _unique(_array(x)),
    "concat": lambda *args: [item for arg in args for item in _array(arg)],
    "flatten": lambda x: _flattened(_array(x)),
    "sort": lambda x, order="asc": sorted_by(list(_array(x)), list(_array(x)), order),
    "bitand": lambda x, y: _int(x) & _int(y),
    "bitor": lambda x, y: _int(x) | _int(y),
    "bitxor": lambda x, y: _int(x) ^ _int(y),
    "bitnand": lambda x, y: _int(x) & ~_int(y),
    "bitshl": lambda x, y: _whole(_int(x) << _count(y)) if y < 64 else 0,
    "bitshr": lambda x, y: _int(x) >> min(_count(y), 64),
    "bitushr": lambda x, y: _whole(_int(x) % (1 << 64) >> min(_count(y), 64)),
    "bitnot": lambda x: ~_int(x),
}


def _sum(values: Iterable[Any]) -> Any:
    total: Any = 0
    for value in values:
        total = _operate("+", value, total)
    return total


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RunError("no array")
    return value


def _int(value: Any) -> int:
    if type(value) is not int:
        raise RunError("no whole number")
    return value


def _count(value: Any) -> int:
    if _int(value) < 0:
        raise RunError("a negative number")
    return int(value)


def _flat(args: Iterable[Any]) -> list[float]:
    """The numbers in arguments, which may be arrays of numbers and of arrays."""
    return [x for a in args for x in (_flat(a) if isinstance(a, list) else [float(_number(a))])]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _median(values: list[float]) -> float:
    if not values:
        return 0.0
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _get(base: Any, key: Any) -> Any:
    if isinstance(base, dict):
        return base.get(key)
    if isinstance(base, list) and type(key) is int and -len(base) <= key < len(base):
        return base[key]
    return None


def _pair(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise RunError("invalid pair")
    return value[0], value[1]


def _unique(values: list[Any]) -> list[Any]:
    out: list[Any] = []
    for value in values:
        if not any(_same(value, x) for x in out):
            out.append(value)
    return out


def _flattened(values: list[Any]) -> list[Any]:
    return [x for value in values for x in (_flattened(value) if isinstance(value, list) else [value])]


def _from_base64(text: str) -> str:
    return b64.decode(text).decode("utf-8", "surrogateescape")


def sorted_by(values: list[Any], keys: list[Any], order: Any) -> list[Any]:
    """An array in the order of its keys, numbers or texts. What is alike stays in place, which in Go only short arrays do.
    Raises RunError."""
    if order not in ("asc", "desc"):
        raise RunError(f"unknown order {order}, use asc or desc")
    for one, other in itertools.pairwise(keys):
        _operate("<", one, other)
    by_octets = [_octets(key) if isinstance(key, str) else key for key in keys]
    return [values[i] for i in sorted(range(len(keys)), key=by_octets.__getitem__, reverse=order == "desc")]


def _from_json(text: str) -> Any:
    """What encoding/json makes of a text, where all numbers are floats. Raises RunError."""
    wrong = jsontext.syntax_error(text)
    if wrong:
        raise RunError(wrong)
    return jsontext.loads(text, parse_int=float, parse_float=float)


def _to_json(value: Any, margin: str = "\n") -> str:
    """A value as json.MarshalIndent writes it, with two blanks. Raises RunError."""
    inner = margin + "  "
    if isinstance(value, AnyMap) or (isinstance(value, float) and not math.isfinite(value)) or callable(value):
        raise RunError("json: unsupported type or value")
    if isinstance(value, dict):
        members = [f"{jsontext.dumps(key)}: {_to_json(value[key], inner)}" for key in sorted(value, key=str.encode)]
        return f"{{{inner}{f',{inner}'.join(members)}{margin}}}" if members else "{}"
    if isinstance(value, list):
        items = [_to_json(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{margin}]" if items else "[]"
    if isinstance(value, float):
        if value and not 1e-6 <= abs(value) < 1e21:
            return repr(value).replace("e-0", "e-")
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return jsontext.dumps(value)


def run(node: Node, environment: Environment, version: Version) -> Any:
    """The value. Raises RunError."""
    try:
        return _Run(environment, version).value(node)
    except GoError as error:
        raise RunError(error.text) from None
    except (TypeError, AttributeError, IndexError, KeyError, ValueError, OverflowError, RecursionError) as error:
        raise RunError(str(error)) from None


__all__ = ["RunError", "run"]
