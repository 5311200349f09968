"""Kubernetes manifests as text: YAML or JSON, several documents, lists. `read` gives the objects in them.

A cluster's dump is large and plain: block mappings and sequences, one scalar a line. Such documents are read here,
line by line, some forty times as fast as a YAML library reads them; any document with something else in it goes to the
YAML library as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any


class ManifestError(ValueError):
    """Text that is no Kubernetes manifest. `line` counts from 1; 0 where it is not known."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


def read(text: str) -> list[dict[str, Any]]:
    """The objects in `text`, those of a List one by one. Raises ManifestError."""
    objects: list[dict[str, Any]] = []
    for line, document in _documents(text):
        _add(document, objects, line)
    return objects


def _add(document: Any, objects: list[dict[str, Any]], line: int) -> None:
    if document is None:
        return
    if isinstance(document, list):
        for item in document:
            _add(item, objects, line)
    elif not isinstance(document, dict):
        raise ManifestError(f"a Kubernetes object is a mapping, not {document!r:.40}", line)
    elif isinstance(document.get("items"), list) and str(document.get("kind", "List")).endswith("List"):
        kind = str(document.get("kind", "List")).removesuffix("List")
        for item in document["items"]:
            if kind and isinstance(item, dict):
                item.setdefault("kind", kind)  # the API server leaves it out inside a ServiceList and the like
            _add(item, objects, line)
    elif "kind" not in document:
        raise ManifestError("a Kubernetes object needs a `kind`", line)
    else:
        objects.append(document)


def _documents(text: str) -> Iterator[tuple[int, Any]]:
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        import json

        try:
            yield 1, json.loads(start)
            return
        except ValueError:
            pass  # flow style YAML begins like that, too
    at = 0
    for mark in re.finditer(r"^---(?=[ \t]|$).*\n?|\Z", text, re.MULTILINE):
        document = text[at : mark.start()]
        if document.strip():
            line = text.count("\n", 0, at) + 1
            try:
                yield line, _block(document)
            except _Unusual:
                yield line, _with_library(document, line)
        rest = mark[0].rstrip("\r\n")[3:].strip()
        at = mark.end()
        if rest and not rest.startswith("#"):
            at = mark.start() + 3


def _with_library(text: str, line: int) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise ManifestError(f"not YAML: {problem}", line + mark.line if mark is not None else line) from None


# -- the plain form ---------------------------------------------------------------------------------------------------


class _Unusual(Exception):
    """The document needs the YAML library."""


_LINE = re.compile(
    r"""^(?P<indent>[ ]*)(?:
        (?P<dashes>(?:-[ ])*)(?P<key>[A-Za-z0-9_.$~/][A-Za-z0-9_.$~/-]*|"[^"\\\n]*"|'[^'\n]*')
            :(?:[ ]+(?P<value>[^\n]*))?
        |(?P<items>(?:-[ ])*-)(?:[ ](?P<item>[^\n]*))?
        |(?P<other>[^\n]*)
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_PLAIN = re.compile(r"[A-Za-z0-9_./$~(<=^+\\][^\n]*")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "[]": [], "{}": {}} | {
    spelling: value
    for words, value in (("true yes on", True), ("false no off", False))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}


def _scalar(text: str) -> Any:
    """The value of what stands behind a key or a dash on the same line."""
    text = text.rstrip()
    if text in _WORDS:
        value = _WORDS[text]
        return type(value)() if isinstance(value, list | dict) else value
    first = text[0]
    if first in "\"'":
        if text[-1] == first and len(text) > 1 and first not in text[1:-1] and "\\" not in text:
            return text[1:-1]
        return _with_library_or_not(text)
    if first in "[{":
        return _with_library_or_not(text)
    if _INT.fullmatch(text):
        return int(text)
    if not _PLAIN.fullmatch(text) or ": " in text or text[-1] == ":" or " #" in text:
        raise _Unusual
    return text


def _with_library_or_not(text: str) -> Any:
    try:
        return _with_library(text, 0)
    except ManifestError:
        raise _Unusual from None


def _block(text: str) -> Any:
    """The value of a document in the plain form. Raises _Unusual for any other."""
    root: list[Any] = [None]
    stack: list[tuple[int, Any]] = []  # the containers that are open, each with its column
    top: Any = None
    column = -1
    pending: str | None = None  # the key of `top` whose value is on the lines below
    values: dict[str, Any] = {}
    matches = _LINE.finditer(text)
    for match in matches:
        indent, dashes, key, value, items, item, other = match.groups()
        at = len(indent)
        if key is None:
            if items is None:
                if not other or other.isspace() or other.startswith("#"):
                    continue
                raise _Unusual
            dashes, items = items[:-1], "-"
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
                    raise _Unusual
                top, column = made, at
                stack.append((column, top))
            pending = None
            at += 2
        if items is not None:
            if item is None or not item.strip():
                raise _Unusual  # the item is on the next line
            top.append(_literal(item, at - 2, text, match, matches) if item[0] in "|>" else _scalar(item))
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
                if pending is not None and top.__class__ is dict:
                    top[pending] = opened
                elif not stack and root[0] is None:
                    root[0] = opened
                else:
                    raise _Unusual
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
            top[key] = values[value]
        except KeyError:
            if value[0] in "|>":
                top[key] = _literal(value, at, text, match, matches)
                continue
            found = top[key] = _scalar(value)
            if found.__class__ is str or found.__class__ is int or found.__class__ is bool:
                values[value] = found
    return root[0]


def _literal(style: str, column: int, text: str, match: re.Match[str], matches: Iterator[re.Match[str]]) -> str:
    """A literal block scalar, whose lines are taken from `matches`."""
    if style.rstrip() not in ("|", "|-"):
        raise _Unusual
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
