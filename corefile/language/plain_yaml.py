"""The plain form of YAML that `kubectl` prints: block mappings and sequences, one scalar a line.

A cluster's dump is large and plain. Such documents are read here, line by line, some forty times as fast as a YAML
library reads them; any document with something else in it is `Unusual`, and goes to the library as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..light import regex


class Unusual(Exception):
    """The document needs the YAML library."""


_LINE = regex(
    r"""^(?P<indent>[ ]*)(?:
        (?P<dashes>(?:-[ ])*)(?P<key>[A-Za-z0-9_.$~/][A-Za-z0-9_.$~/-]*|"[^"\\\n]*"|'[^'\n]*')
            :(?:[ ]+(?P<value>[^\n]*)|\r)?
        |(?P<items>(?:-[ ])*-)(?:[ ](?P<item>[^\n]*))?
        |(?P<other>[^\n]*)
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_INT = regex(r"-?(?:0|[1-9][0-9]{0,17})")
_PLAIN = regex(r"[A-Za-z0-9_./$~(<=^+\\][^\n]*")
NUMBER = regex(
    r"""[-+]?(?:
        (?P<int>0b[01][01_]* | 0[0-7_]* | [1-9][0-9_]* | 0x[0-9a-fA-F][0-9a-fA-F_]*)
        |(?P<float>[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)? | \.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)
        |\.(?:inf|Inf|INF)
    )|\.(?:nan|NaN|NAN)""",
    re.VERBOSE,
)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: value
    for words, value in (("true yes on", True), ("false no off", False))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}


def resolve(text: str) -> Any:
    """What a plain scalar means: None, a truth value, a number or text (YAML 1.1 without dates and base 60)."""
    if text in _WORDS:
        return _WORDS[text]
    found = NUMBER.fullmatch(text) if text[0] in "-+.0123456789" else None
    if found is None:
        return text
    digits = text.replace("_", "").lower()
    if found["int"]:
        base = {"0b": 2, "0x": 16}.get(digits.lstrip("+-")[:2], 8 if digits.lstrip("+-")[0] == "0" else 10)
        return int(digits, base)
    return float(digits if found["float"] else digits.replace(".", ""))


def _scalar(text: str, inline: Callable[[str], Any]) -> Any:
    """The value of what stands behind a key or a dash on the same line."""
    text = text.rstrip()
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first in "\"'":
        if text[-1] == first and len(text) > 1 and first not in text[1:-1] and "\\" not in text:
            return text[1:-1]
        return inline(text)
    if first in "[{":
        return [] if text == "[]" else {} if text == "{}" else inline(text)
    if _INT.fullmatch(text):
        return int(text)
    if len(text) > 300 or not _PLAIN.fullmatch(text) or ": " in text or text[-1] == ":" or " #" in text:
        raise Unusual
    return resolve(text)


def read_block(text: str, depth: int, inline: Callable[[str], Any], known: dict[str, Any]) -> Any:
    """The value of a document in the plain form. Raises Unusual for any other.

    depth: how many lists and mappings may lie in each other. inline: reads what is quoted or in flow style.
    known: the values of scalars that have been read before.
    """
    root: list[Any] = [None]
    stack: list[tuple[int, Any]] = []  # the containers that are open, each with its column
    top: Any = None
    column = -1
    pending: str | None = None  # the key of `top` whose value is on the lines below
    matches = _LINE.finditer(text)
    for match in matches:
        indent, dashes, key, value, items, item, other = match.groups()
        at = len(indent)
        if key is None:
            if items is None:
                if not other or other.isspace() or other.startswith("#"):
                    continue
                raise Unusual
            dashes, items = items[:-1], "-"
        if dashes or items is not None:
            if len(stack) > depth or len(dashes) > depth:
                raise Unusual
            # each dash opens an item of a sequence in its column
            for n in range(len(dashes) // 2 + (items is not None)):
                while column > at:
                    stack.pop()
                    column, top = stack[-1] if stack else (-1, None)
                if top.__class__ is not list or column != at:
                    made: list[Any] = []
                    if n and top.__class__ is list:
                        top.append(made)
                    elif pending is not None and top.__class__ is dict and column <= at:
                        top[pending] = made
                    elif not stack and root[0] is None:
                        root[0] = made
                    else:
                        raise Unusual
                    top, column = made, at
                    stack.append((column, top))
                pending = None
                at += 2
            if items is not None:
                if item is None or not item.strip():
                    raise Unusual  # the item is on the next line
                top.append(_literal(item, at - 2, text, match, matches) if item[0] in "|>" else _scalar(item, inline))
                continue
        if dashes:
            made_map: dict[str, Any] = {}
            top.append(made_map)
            top, column = made_map, at
            stack.append((column, top))
        else:
            while column > at or (column == at and top.__class__ is list):
                stack.pop()
                column, top = stack[-1] if stack else (-1, None)
            if column != at:
                opened: dict[str, Any] = {}
                if len(stack) > depth:
                    raise Unusual
                if pending is not None and top.__class__ is dict:
                    top[pending] = opened
                elif not stack and root[0] is None:
                    root[0] = opened
                else:
                    raise Unusual
                top, column = opened, at
                stack.append((column, top))
        if key[0] in "\"'":
            key = key[1:-1]
        if value is None or not value:
            top[key] = None
            pending = key
            continue
        pending = None
        try:
            top[key] = known[value]
        except KeyError:
            if value[0] in "|>":
                top[key] = _literal(value, at, text, match, matches)
                continue
            found = top[key] = _scalar(value, inline)
            if found.__class__ is str or found.__class__ is int or found.__class__ is bool:
                known[value] = found
    return root[0]


def _literal(style: str, column: int, text: str, match: re.Match[str], matches: Iterator[re.Match[str]]) -> str:
    """A literal block scalar, whose lines are taken from `matches`."""
    if style.rstrip() not in ("|", "|-"):
        raise Unusual
    lines: list[str] = []
    at = match.end() + 1
    indent = -1
    end = len(text)
    while at < end:
        stop = text.find("\n", at)
        line = text[at : stop if stop >= 0 else end]
        bare = line.lstrip(" ")
        if bare:
            deep = len(line) - len(bare)
            if indent < 0:
                indent = deep
            if deep <= column or deep < indent:
                break
        next(matches, None)
        lines.append(line[indent:] if indent >= 0 else "")
        at = stop + 1 if stop >= 0 else end
    while lines and not lines[-1]:
        lines.pop()
    body = "\n".join(lines)
    return body + "\n" if style.rstrip() == "|" and body else body


__all__ = ["NUMBER", "Unusual", "read_block", "resolve"]
