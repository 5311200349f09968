"""JSON as Go's encoding/json writes it."""

from __future__ import annotations

from typing import Any

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


def _escaped(char: str) -> str:
    return "\\ufffd" if "\ud800" <= char <= "\udfff" else _ESCAPES.get(char, char)


def syntax_error(text: str) -> str:
    """What json.Unmarshal says of text that is no JSON; '' where it is.

    >>> syntax_error('{"a": x}'), syntax_error("[1"), syntax_error("[1]")
    ("invalid character 'x' looking for beginning of value", 'unexpected end of JSON input', '')
    """
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        at = error.pos
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at >= len(text):
            return "unexpected end of JSON input"
        return f"invalid character {text[at]!r} {_WHERE.get(error.msg, 'in JSON')}"
    return ""


_WHERE = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
}
