"""The functions that every template has (text/template/funcs.go). `and`, `or` and `call` are special: `execute` sees to them."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import fmt, values
from .values import ANY, BOOL, INT, STRING, VALUE, CallError, Func, Maybe, Slice, Value

_PANIC = "reflect: call of reflect.Value.{} on zero Value"


def _text(octets: bytes) -> Value:
    return Value(STRING, octets)


def printable(value: Maybe) -> Maybe:
    """What is printed of a value: what pointers point to, unless they are nil or have a text of their own."""
    if value is None:
        return None
    if value.kind == "pointer":
        value, _ = values.indirect(value)
        assert value is not None
    value = values.unwrapped(value) if value.kind == "interface" else value
    if value is not None and value.placed and value.type.pointer is not None:
        methods = value.type.pointer.methods
        if not value.type.methods.keys() & {"Error", "String"} and methods.keys() & {"Error", "String"}:
            return Value(value.type.pointer, value.held)
    return value


def _joined(args: tuple[Maybe, ...]) -> bytes:
    """The arguments as text (evalArgs)."""
    if len(args) == 1 and args[0] is not None and args[0].type is STRING:
        octets: bytes = args[0].held
        return octets
    # What an interface holds has no place in memory.
    plain = [None if arg is None else Value(arg.type, arg.held) for arg in args]
    return fmt.sprint([_text(b"<no value>") if arg is None else printable(arg) for arg in plain])


# -- escaping ---------------------------------------------------------------------------------------------------------

_HTML = {0: b"\xef\xbf\xbd", 34: b"&#34;", 39: b"&#39;", 38: b"&amp;", 60: b"&lt;", 62: b"&gt;"}
_JS = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def _html(*args: Maybe) -> Value:
    octets = _joined(args)
    return _text(re.sub(rb"[\0\"'&<>]", lambda found: _HTML[found[0][0]], octets))


def _js_char(char: str) -> str:
    if char in _JS:
        return _JS[char]
    if char < " ":
        return f"\\u{ord(char):04X}"
    if "\udc80" <= char <= "\udcff":
        return "\\uFFFD"
    return char if char.isprintable() or char < "\x80" else f"\\u{ord(char):04X}"


def _js(*args: Maybe) -> Value:
    text = _joined(args).decode("utf-8", "surrogateescape")
    return values.string("".join(map(_js_char, text)))


def _urlquery(*args: Maybe) -> Value:
    from urllib.parse import quote_plus

    return _text(quote_plus(_joined(args), safe="").encode())


# -- parts and sizes --------------------------------------------------------------------------------------------------


def _position(index: Maybe, end: int) -> int:
    """An index as a number from 0 to `end`."""
    if index is None:
        raise CallError("cannot index slice/array with nil")
    if index.kind not in ("int", "uint"):
        raise CallError(f"cannot index slice/array with type {index.type}")
    at: int = index.held
    if at >= 1 << 63:
        at -= 1 << 64
    if not 0 <= at <= end:
        raise CallError(f"index out of range: {at}")
    return at


def _index(item: Maybe, *indexes: Maybe) -> Maybe:
    item = values.unwrapped(item)
    if item is None:
        raise CallError("index of untyped nil")
    for index in map(values.unwrapped, indexes):
        item, nothing = values.indirect(item)
        if nothing:
            raise CallError("index of nil pointer")
        if item is None:
            raise CallError(_PANIC.format("Type"))
        if item.kind in ("slice", "string"):
            held = item.held or ()
            at = _position(index, len(held))
            if at == len(held):
                raise CallError(f"reflect: {'string' if item.kind == 'string' else 'slice'} index out of range")
            item = values.item(item, at)
        elif item.kind == "map":
            item = _element(item, index)
        else:
            raise CallError(f"can't index item of type {item.type}")
    return item


def _element(map: Value, key: Maybe) -> Maybe:
    wanted, elem = map.type.key, map.type.elem
    assert wanted is not None
    assert elem is not None
    if key is None:
        raise CallError(f"value is nil; should be of type {wanted}")
    if key.type is not wanted:
        raise CallError(f"value has type {key.type}; should be {wanted}")
    held = map.held or {}
    return Value(elem, held[key.held]) if key.held in held else values.zero(elem)


def _slice(item: Maybe, *indexes: Maybe) -> Maybe:
    item = values.unwrapped(item)
    if item is None:
        raise CallError("slice of untyped nil")
    item, nothing = values.indirect(item)
    if nothing:
        raise CallError("slice of nil pointer")
    if len(indexes) > 3:
        raise CallError(f"too many slice indexes: {len(indexes)}")
    if item is None:
        raise CallError(_PANIC.format("Type"))
    if item.kind == "string":
        if len(indexes) == 3:
            raise CallError("cannot 3-index slice a string")
        end = len(item.held)
    elif item.kind == "slice":
        end = 0 if item.held is None else item.held.end - item.held.low
    else:
        raise CallError(f"can't slice item of type {item.type}")
    at = [0, len(item.held or ()), end]
    for number, index in enumerate(indexes):
        at[number] = _position(index, end)
    if at[0] > at[1]:
        raise CallError(f"invalid slice index: {at[0]} > {at[1]}")
    if len(indexes) == 3 and at[1] > at[2]:
        raise CallError(f"invalid slice index: {at[1]} > {at[2]}")
    if item.kind == "string":
        return Value(item.type, item.held[at[0] : at[1]])
    held = item.held or Slice(())
    return Value(item.type, held.cut(at[0], at[1], at[2] if len(indexes) == 3 else None))


def _len(item: Maybe) -> Maybe:
    item, nothing = values.indirect(item)
    if nothing:
        raise CallError("len of nil pointer")
    if item is None:
        raise CallError(_PANIC.format("Type"))
    if item.kind not in ("slice", "map", "string"):
        raise CallError(f"len of type {item.type}")
    return Value(INT, len(item.held or ()))


# -- comparing --------------------------------------------------------------------------------------------------------

_BASIC = frozenset(("bool", "int", "uint", "float", "complex", "string"))


def _basic(value: Maybe) -> str:
    return value.kind if value is not None and value.kind in _BASIC else ""


def _eq(first: Maybe, *others: Maybe) -> Maybe:
    first = values.unwrapped(first)
    if not others:
        raise CallError("missing argument for comparison")
    return Value(BOOL, any(_same(first, values.unwrapped(other)) for other in others))


def _same(one: Maybe, other: Maybe) -> bool:
    kinds = _basic(one), _basic(other)
    if kinds[0] != kinds[1]:
        if set(kinds) == {"int", "uint"}:
            assert one is not None
            assert other is not None
            return bool(one.held == other.held)
        if one is not None and other is not None:
            raise CallError(f"incompatible types for comparison: {one.type} and {other.type}")
        return False
    if one is None or other is None:
        return values.is_nil(one) == values.is_nil(other)
    if kinds[0]:
        return bool(one.held == other.held)
    if one.kind != other.kind:
        a, b = fmt.shown(one, "s"), fmt.shown(other)
        raise CallError(f"non-comparable types {a}: {one.type}, {other.type}: {b}")
    if values.is_nil(one) or values.is_nil(other):
        return values.is_nil(one) == values.is_nil(other)
    if not other.type.comparable:
        raise CallError(f"non-comparable type {fmt.shown(other, 's')}: {other.type}")
    return values.equal(one, other)


def _less(one: Maybe, other: Maybe) -> bool:
    one = values.unwrapped(one)
    other = values.unwrapped(other)
    if not _basic(one) or not _basic(other):
        raise CallError("invalid type for comparison")
    assert one is not None
    assert other is not None
    if one.kind != other.kind and {one.kind, other.kind} != {"int", "uint"}:
        raise CallError(f"incompatible types for comparison: {one.type} and {other.type}")
    if one.kind in ("bool", "complex"):
        raise CallError("invalid type for comparison")
    return bool(one.held < other.held)


def _compared(compare: Callable[[Maybe, Maybe], bool]) -> Func:
    return Func((VALUE, VALUE), lambda one, other: Value(BOOL, compare(one, other)))


def _not_more(one: Maybe, other: Maybe) -> bool:
    return _less(one, other) or _same(values.unwrapped(one), values.unwrapped(other))


def _special(*_: Maybe) -> Maybe:
    raise NotImplementedError


BUILTINS = {
    "and": Func((VALUE, VALUE), _special, variadic=True),
    "or": Func((VALUE, VALUE), _special, variadic=True),
    "call": Func((VALUE, VALUE), _special, variadic=True),
    "not": Func((VALUE,), lambda value: Value(BOOL, not values.is_true(values.unwrapped(value)))),
    "html": Func((ANY,), _html, variadic=True),
    "js": Func((ANY,), _js, variadic=True),
    "urlquery": Func((ANY,), _urlquery, variadic=True),
    "print": Func((ANY,), lambda *args: _text(fmt.sprint(args)), variadic=True),
    "printf": Func((STRING, ANY), lambda format, *args: _text(fmt.sprintf(format.held, args)), variadic=True),
    "println": Func((ANY,), lambda *args: _text(fmt.sprintln(args)), variadic=True),
    "index": Func((VALUE, VALUE), _index, variadic=True),
    "slice": Func((VALUE, VALUE), _slice, variadic=True),
    "len": Func((VALUE,), _len),
    "eq": Func((VALUE, VALUE), _eq, variadic=True),
    "ne": _compared(lambda one, other: not _same(values.unwrapped(one), values.unwrapped(other))),
    "lt": _compared(_less),
    "le": _compared(_not_more),
    "gt": _compared(lambda one, other: not _not_more(one, other)),
    "ge": _compared(lambda one, other: not _less(one, other)),
}
"""By name. The last parameter of a variadic function stands for as many as there are."""

__all__ = ["BUILTINS", "printable"]
