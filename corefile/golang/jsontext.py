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
