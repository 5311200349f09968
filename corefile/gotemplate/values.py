"""Values as Go's package reflect sees them: what templates read, compare and print.

A value is None where Go has no value at all (a key that a map has not, nil without a type). Else it is a `Value`: a type, and
what Python holds for it:

    bool, int..., uint..., float64, complex128    bool, int, float, complex
    string                                        bytes: Go's strings are octets
    slice                                         Slice; None for nil
    map                                           dict; None for nil
    struct                                        Struct
    pointer (to a struct)                         Struct; None for nil
    interface                                     Value; None for nil
    func                                          Func
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ..light import NamedTuple


class Type:
    """A type. name: as Go prints it. kind: of reflect; ints have bits. elem: of slices, maps and pointers. fields: of a struct,
    in order; those of a field in `embedded` count as fields of its own. methods: that a value of the type has."""

    __slots__ = ("bits", "elem", "embedded", "fields", "key", "kind", "methods", "name", "pointer")

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        bits: int = 0,
        elem: Type | None = None,
        key: Type | None = None,
        fields: Mapping[str, Type] | None = None,
        embedded: Sequence[str] = (),
        methods: Mapping[str, Func] | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.bits = bits
        self.elem = elem
        self.key = key
        self.fields = dict(fields or {})
        self.embedded = tuple(embedded)
        self.methods = dict(methods or {})
        self.pointer: Type | None = None

    @property
    def comparable(self) -> bool:
        """Whether two values of the type can be compared with `==`."""
        if self.kind in ("slice", "map", "func"):
            return False
        return all(t.comparable for t in self.fields.values())

    @property
    def nillable(self) -> bool:
        """Whether nil can be a value of the type."""
        return self.kind in ("slice", "map", "func", "pointer", "interface") or self is VALUE

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Type {self.name}>"

    def __deepcopy__(self, memo: object) -> Type:
        return self


BOOL = Type("bool", "bool")
INT = Type("int", "int", bits=64)
INT32 = Type("int32", "int", bits=32)
UINT = Type("uint", "uint", bits=64)
UINT8 = Type("uint8", "uint", bits=8)
UINT16 = Type("uint16", "uint", bits=16)
UINT32 = Type("uint32", "uint", bits=32)
UINT64 = Type("uint64", "uint", bits=64)
FLOAT64 = Type("float64", "float", bits=64)
COMPLEX128 = Type("complex128", "complex")
STRING = Type("string", "string")
ANY = Type("interface {}", "interface")
VALUE = Type("reflect.Value", "value")
"""Of parameters that take anything as it is, nothing included."""

_slices: dict[Type, Type] = {}


def slice_of(elem: Type, name: str = "") -> Type:
    """The type of slices of `elem`; with a name, a type of its own."""
    if name:
        return Type(name, "slice", elem=elem)
    if elem not in _slices:
        _slices[elem] = Type(f"[]{elem}", "slice", elem=elem)
    return _slices[elem]


def pointer_to(elem: Type) -> Type:
    """The type of pointers to `elem`."""
    if elem.pointer is None:
        elem.pointer = Type(f"*{elem}", "pointer", elem=elem)
    return elem.pointer


STRINGS = slice_of(STRING)
OCTETS = slice_of(UINT8)
STRING_MAP = Type("map[string]string", "map", key=STRING, elem=STRING)


class Slice:
    """A slice: items `low` to `high` of a list, and the end of what it may be stretched to."""

    __slots__ = ("end", "high", "items", "low")

    def __init__(self, items: Sequence[Any], low: int = 0, high: int | None = None, end: int | None = None) -> None:
        self.items = items
        self.low = low
        self.high = len(items) if high is None else high
        self.end = len(items) if end is None else end

    def __len__(self) -> int:
        return self.high - self.low

    def __getitem__(self, index: int) -> Any:
        return self.items[self.low + index]

    def cut(self, low: int, high: int, end: int | None = None) -> Slice:
        """`slice[low:high:end]`"""
        return Slice(self.items, self.low + low, self.low + high, self.end if end is None else self.low + end)


class Struct:
    """A struct at its place in memory. values: what its fields hold, by name."""

    __slots__ = ("type", "values")

    def __init__(self, type: Type, values: Mapping[str, Any]) -> None:
        self.type = type
        self.values = dict(values)


class Value:
    """A value: its type, and what Python holds for it. placed: whether it has a place in memory that a pointer could point to,
    so that methods of pointers can be called."""

    __slots__ = ("held", "placed", "type")

    def __init__(self, type: Type, held: Any, placed: bool = False) -> None:
        self.type = type
        self.held = held
        self.placed = placed

    @property
    def kind(self) -> str:
        """The kind of its type."""
        return self.type.kind

    def __repr__(self) -> str:
        return f"<Value {self.type} {self.held!r}>"


Maybe: TypeAlias = "Value | None"


class Func(NamedTuple):
    """A function, or a method, whose receiver is the first argument of `call` and no parameter. `call` takes values, or None
    for no value, and returns the result; it raises CallError where Go's returns an error or panics."""

    parameters: tuple[Type, ...]
    call: Callable[..., Maybe]
    variadic: bool = False


class CallError(Exception):
    """What a function returned an error for, or what it panicked with, as Go prints it."""


def string(text: str) -> Value:
    """A string."""
    return Value(STRING, text.encode("utf-8", "surrogateescape"))


def strings(texts: Sequence[str]) -> Value:
    """A `[]string`."""
    return Value(STRINGS, Slice([text.encode("utf-8", "surrogateescape") for text in texts]))


def string_map(texts: Mapping[str, str]) -> Value:
    """A `map[string]string`."""
    held = {k.encode("utf-8", "surrogateescape"): v.encode("utf-8", "surrogateescape") for k, v in texts.items()}
    return Value(STRING_MAP, held)


def pointed_at(value: Value) -> Maybe:
    """What a pointer or an interface holds; None where that is nil."""
    if value.kind == "interface":
        held: Maybe = value.held
        return held
    if value.held is None:
        return None
    assert value.type.elem is not None
    return Value(value.type.elem, value.held, True)


def field(value: Value, name: str) -> Maybe:
    """A field of a struct, its own or one of those that it embeds; None where there is none of the name."""
    type = value.type.fields.get(name)
    if type is not None:
        return Value(type, value.held.values[name], value.placed)
    for inner in value.type.embedded:
        found = field(Value(value.type.fields[inner], value.held.values[inner], value.placed), name)
        if found is not None:
            return found
    return None


def has_field(type: Type, name: str) -> bool:
    """Whether a struct type has a field, its own or one of those that it embeds."""
    return name in type.fields or any(has_field(type.fields[inner], name) for inner in type.embedded)


def method(value: Value, name: str) -> Func | None:
    """A method of a value, with its receiver among the arguments; of a struct that has a place, also one of pointers to it.
    Pointers have the methods of what they point to, too."""
    type = value.type
    found = type.methods.get(name)
    if found is None and type.kind == "pointer" and type.elem is not None:
        found = type.elem.methods.get(name)
    if found is None and value.placed and type.pointer is not None:
        found = type.pointer.methods.get(name)
    return found


def is_exported(name: str) -> bool:
    """Whether a field can be seen from outside of its package."""
    return name[:1].isupper()


def is_nil(value: Maybe) -> bool:
    """Whether it is nil, or nothing."""
    return value is None or (value.type.nillable and value.held is None)


def unwrapped(value: Maybe) -> Maybe:
    """What an interface holds; anything else as it is."""
    return pointed_at(value) if value is not None and value.kind == "interface" else value


def indirect(value: Maybe) -> tuple[Maybe, bool]:
    """What stands at the end of pointers and interfaces; where one is nil, that one and True."""
    while value is not None and value.kind in ("pointer", "interface"):
        if value.held is None:
            return value, True
        value = pointed_at(value)
    return value, False


def is_true(value: Maybe) -> bool:
    """Whether it counts as true: neither nothing, nil, zero, nor empty."""
    if value is None:
        return False
    if value.kind in ("slice", "map", "string"):
        return value.held is not None and len(value.held) > 0
    if value.kind in ("bool", "int", "uint", "float", "complex"):
        return bool(value.held)
    return value.kind == "struct" or value.held is not None


def item(value: Value, index: int) -> Value:
    """An element of a slice, or an octet of a string."""
    if value.kind == "string":
        return Value(UINT8, value.held[index])
    assert value.type.elem is not None
    return Value(value.type.elem, value.held[index], True)


def pairs(value: Value) -> list[tuple[Value, Value]]:
    """Keys and elements of a map, in the order of the keys."""
    assert value.type.key is not None
    assert value.type.elem is not None
    held = value.held or {}
    return [(Value(value.type.key, key), Value(value.type.elem, held[key])) for key in sorted(held)]


def zero(type: Type) -> Maybe:
    """The zero value of a type."""
    if type.nillable:
        return Value(type, None)
    if type.kind == "struct":
        fields = {name: _held(zero(t)) for name, t in type.fields.items()}
        return Value(type, Struct(type, fields))
    return Value(type, {"string": b"", "bool": False, "float": 0.0, "complex": 0j}.get(type.kind, 0))


def _held(value: Maybe) -> Any:
    return None if value is None else value.held


def equal(one: Value, other: Value) -> bool:
    """Go's `==` of two interfaces."""
    if one.type is not other.type:
        return False
    return _equal(one.type, one.held, other.held)


def _equal(type: Type, one: Any, other: Any) -> bool:
    if type.kind == "struct":
        return all(_equal(t, one.values[name], other.values[name]) for name, t in type.fields.items())
    if type.kind == "interface":
        return one is other is None or (one is not None and other is not None and equal(one, other))
    if type.kind == "pointer":
        return one is other
    return bool(one == other)
