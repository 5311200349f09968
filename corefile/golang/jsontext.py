"""JSON as Go's encoding/json writes it, and reads it into a struct."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..light import regex
from .errors import GoError
from .quoting import quote

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def dumps(value: Any) -> str:
    """`value` (None, text, numbers, lists, and dicts in the order of their keys) as json.Marshal writes it: without blanks,
    and safe within HTML.

    >>> print(dumps({"a": ["<b>", None]}))
    {"a":["\\u003cb\\u003e",null]}
    """
    import json

    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return (
        "".join([_escaped(c) for c in text]) if any(c in _ESCAPES or "\ud800" <= c <= "\udfff" for c in text) else text
    )


DEEPEST = 500
"""How deep lists and objects may lie in each other. Go takes 10,000, Python 3.11 less than 1,000, later ones more."""


def loads(text: str, **hooks: Any) -> Any:
    """`json.loads` of what has no syntax error. Raises RecursionError beyond `DEEPEST`, whatever this Python takes.

    >>> loads('["[", {"a": 1.50}]', parse_float=str)
    ['[', {'a': '1.50'}]
    """
    import json

    if text.count("[") + text.count("{") > DEEPEST:
        depth = 0
        for bracket in re.findall(r'"(?:[^"\\]|\\.?)*+(?:"|\Z)|([][{}])', text):
            depth += (bracket in "[{") - (bracket in "]}") if bracket else 0
            if depth > DEEPEST:
                raise RecursionError("lists and objects lie too deep in each other")
    return json.loads(text, **hooks)


def _escaped(char: str) -> str:
    return "\\ufffd" if "\ud800" <= char <= "\udfff" else _ESCAPES.get(char, char)


# -- reading ----------------------------------------------------------------------------------------------------------

STRING, BOOL = "string", "bool"
INTEGERS = {"int": (-(1 << 63), (1 << 63) - 1), "uint32": (0, (1 << 32) - 1)}
ZERO: Mapping[str, Any] = {STRING: "", BOOL: False, "int": 0, "uint32": 0}


class _Number(str):
    """A number as it is written."""


def into_struct(data: bytes, name: str, fields: Mapping[str, str], package: str = "main") -> dict[str, Any]:
    """The fields of a Go struct (their types by their names in JSON) after json.Unmarshal has read `data` into it: names
    are taken in any case, others are passed over, and what is not there is zero. Raises GoError.

    >>> into_struct(b'{"Host": "a", "x": [1]}', "Service", {"host": "string", "port": "int"})
    {'host': 'a', 'port': 0}
    """
    wrong = syntax_error(data)
    if wrong:
        raise GoError(f"not JSON: {wrong}", wrong)
    out = {key: ZERO[type] for key, type in fields.items()}
    try:
        text = data.decode("utf-8", "replace")
        pairs = loads(text, object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number)
    except RecursionError:
        raise GoError("its values lie too deep in each other", "exceeded max depth") from None
    if pairs is None:
        return out
    if not isinstance(pairs, _Pairs):
        raise _misfit(pairs, f"Go value of type {package}.{name}")
    folded = {key.lower(): key for key in fields}
    for given, value in pairs:
        key = given if given in fields else folded.get(given.lower(), "")
        if key and value is not None:
            out[key] = _value(value, fields[key], f"Go struct field {name}.{key} of type {fields[key]}")
    return out


class _Pairs(list[tuple[str, Any]]):
    """An object's members, as they are written."""


def _value(value: Any, type: str, where: str) -> Any:
    if type == STRING and isinstance(value, str) and not isinstance(value, _Number):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if type == BOOL and isinstance(value, bool):
        return value
    if type in INTEGERS and isinstance(value, _Number):
        low, high = INTEGERS[type]
        if re.fullmatch("-?[0-9]{1,20}", value) and low <= int(value) <= high and not (low == 0 and value[0] == "-"):
            return int(value)
        raise _misfit(value, where, f" {value}")
    raise _misfit(value, where)


def _misfit(value: Any, where: str, more: str = "") -> GoError:
    kinds = ((bool, "bool"), (_Number, "number"), (str, "string"), (_Pairs, "object"), (list, "array"))
    kind = next(name for type, name in kinds if isinstance(value, type))
    text = f"json: cannot unmarshal {kind}{more} into {where}"
    return GoError(f"a value of the wrong kind: {text}", text)


_VALUE, _VALUE_OR_END, _KEY, _KEY_OR_END, _COLON, _AFTER = range(6)
_STRING = regex(rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = regex(rb"-?+(?:0|[1-9][0-9]*+)?+")
_LITERALS = {b"t": b"true", b"f": b"false", b"n": b"null"}
_END = "unexpected end of JSON input"


def syntax_error(text: str | bytes) -> str:
    """What json.Unmarshal says of the first character that cannot stand where it does; '' for JSON.

    >>> syntax_error('{"a": x}'), syntax_error("[1"), syntax_error("[1]")
    ("invalid character 'x' looking for beginning of value", 'unexpected end of JSON input', '')
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    stack: list[bytes] = []
    state, at = _VALUE, 0
    while True:
        while data[at : at + 1] and data[at] in b" \t\r\n":
            at += 1
        c = data[at : at + 1]
        if not c:
            return "" if state == _AFTER and not stack else _END
        if state in (_VALUE, _VALUE_OR_END):
            if c in (b"{", b"["):
                stack.append(c)
                state = _KEY_OR_END if c == b"{" else _VALUE_OR_END
                at += 1
            elif c == b"]" and state == _VALUE_OR_END:
                stack.pop()
                state, at = _AFTER, at + 1
            else:
                at, wrong = _scalar(data, at)
                state = _AFTER
                if wrong:
                    return wrong
        elif state in (_KEY, _KEY_OR_END):
            if c == b'"':
                at, wrong = _scalar(data, at)
                state = _COLON
                if wrong:
                    return wrong
            elif c == b"}" and state == _KEY_OR_END:
                stack.pop()
                state, at = _AFTER, at + 1
            else:
                return _invalid(c, "looking for beginning of object key string")
        elif state == _COLON:
            if c != b":":
                return _invalid(c, "after object key")
            state, at = _VALUE, at + 1
        elif not stack:
            return _invalid(c, "after top-level value")
        elif c == b",":
            state, at = (_KEY if stack[-1] == b"{" else _VALUE), at + 1
        elif c == (b"}" if stack[-1] == b"{" else b"]"):
            stack.pop()
            at += 1
        else:
            return _invalid(c, "after object key:value pair" if stack[-1] == b"{" else "after array element")


def _scalar(data: bytes, at: int) -> tuple[int, str]:
    """Where the string, number or literal at `at` ends, and what is wrong with it."""
    c = data[at : at + 1]
    if c == b'"':
        return _string(data, at)
    if c in _LITERALS:
        word = _LITERALS[c]
        for i in range(1, len(word)):
            found = data[at + i : at + i + 1]
            if found != word[i : i + 1]:
                return at, _invalid(found, f"in literal {word.decode()} (expecting '{chr(word[i])}')")
        return at + len(word), ""
    if not (c == b"-" or c.isdigit()):
        return at, _invalid(c, "looking for beginning of value")
    number = _NUMBER.match(data, at)
    assert number is not None
    at = number.end()
    if number[0] == b"-":
        return at, _invalid(data[at : at + 1], "in numeric literal")
    for mark, where in ((b".", "after decimal point in numeric literal"), (b"eE", "in exponent of numeric literal")):
        if data[at : at + 1] and data[at : at + 1] in mark:
            at += 1
            if mark == b"eE" and data[at : at + 1] in (b"+", b"-"):
                at += 1
            if not data[at : at + 1].isdigit():
                return at, _invalid(data[at : at + 1], where)
            while data[at : at + 1].isdigit():
                at += 1
    return at, ""


def _string(data: bytes, at: int) -> tuple[int, str]:
    found = _STRING.match(data, at)
    assert found is not None
    at = found.end()
    c = data[at : at + 1]
    if c == b'"':
        return at + 1, ""
    if not c:
        return at, _END
    if c != b"\\":
        return at, _invalid(c, "in string literal")
    c = data[at + 1 : at + 2]
    if c != b"u":
        return at, _invalid(c, "in string escape code")
    at += 2
    while re.fullmatch(b"[0-9a-fA-F]", data[at : at + 1]):
        at += 1
    return at, _invalid(data[at : at + 1], r"in \u hexadecimal character escape")


def _invalid(c: bytes, where: str) -> str:
    c = c or b" "  # at the end Go lets its scanner see a blank
    shown = {b"'": r"'\''", b'"': "'\"'"}.get(c) or f"'{quote(c.decode('latin-1'))[1:-1]}'"
    return f"invalid character {shown} {where}"
