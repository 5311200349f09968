"""The plain form of YAML that `kubectl` prints: block mappings and sequences, one scalar a line.

A cluster's dump is large and plain. Such documents are read here, line by line, some forty times as fast as a YAML
library reads them, and without the time that the library takes to load; any document with something else in it is
`Unusual`, and goes to the library as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..light import regex


class Unusual(Exception):
    """The document needs the YAML library."""


class Node:
    """A value with its place: a scalar with its text, a list with nodes, a mapping with pairs of them.

    style: `'`, `"`, `|` or `>` for a scalar that is not plain, '' otherwise. start, end: where it stands; an anchor and
    a tag in front belong to it. size, height: how many values it holds with itself, and how deep they lie.
    """

    __slots__ = ("end", "height", "items", "kind", "pairs", "size", "start", "style", "tag", "text")

    def __init__(self, kind: str, start: int, end: int, tag: str = "", text: str = "", style: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.tag = tag
        self.text = text
        self.style = style
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []
        self.size = self.height = 1

    def fields(self) -> dict[str, Node]:
        """The entries of a mapping by their keys; none for anything else."""
        return {key.text: value for key, value in self.pairs if key.kind == "scalar"}


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
                    pending = None
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
                literal = item[0] in "|>"
                top.append(_literal(item, at - 2, text, match, matches)[0] if literal else _scalar(item, inline))
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
                pending = None
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
                top[key], _ = _literal(value, at, text, match, matches)
                continue
            found = top[key] = _scalar(value, inline)
            if found.__class__ is str or found.__class__ is int or found.__class__ is bool:
                known[value] = found
    return root[0]


def _literal(
    style: str, column: int, text: str, match: re.Match[str], matches: Iterator[re.Match[str]]
) -> tuple[str, int]:
    """A literal block scalar, whose lines are taken from `matches`, and where the line behind it begins."""
    if style.rstrip() not in ("|", "|-"):
        raise Unusual
    lines: list[str] = []
    at = match.end() + 1
    indent = -1
    end = len(text)
    closed = True  # whether the last line with something in it has an end
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
        elif line and (indent < 0 or stop < 0):
            raise Unusual  # its blanks may count as indentation, or as the end
        next(matches, None)
        lines.append(line[indent:] if indent >= 0 else "")
        if lines[-1]:
            closed = stop >= 0
        at = stop + 1 if stop >= 0 else end
    while lines and not lines[-1]:
        lines.pop()
    body = "\n".join(lines)
    return body + "\n" if body and closed and style.rstrip() == "|" else body, min(at, end)


_ODD = regex(r"[^\n -~]")
"""What the library refuses, joins, or takes for the end of a line."""


def read_nodes(text: str, offset: int, depth: int) -> Node:
    """The same document as a node, whose places count from `offset` before the text. Raises Unusual."""
    if _ODD.search(text):
        raise Unusual
    reader = _Nodes(offset, depth)
    matches = _LINE.finditer(text)
    for match in matches:
        indent, dashes, key, value, items, item, other = match.groups()
        at = len(indent)
        if key is None and items is None:
            if other and not other.isspace() and not other.startswith("#"):
                raise Unusual
            continue
        start = match.start() + at
        if items is not None:
            dashes = items[:-1]
        for n in range(len(dashes) // 2 + (items is not None)):
            reader.dash(at, start + 2 * n, n > 0)
            at += 2
        if items is not None:
            if not item or item.isspace():
                raise Unusual  # the item is on the next line
            value, begins = item, match.start("item")
            reader.top.items.append(_node(value, begins, at - 2, text, match, matches, offset))
            continue
        start = match.start("key")
        reader.key(at, start, bool(dashes))
        quoted = key[0] if key[0] in "\"'" else ""
        name = Node(
            "scalar", offset + start, offset + match.end("key"), "", key.strip(quoted) if quoted else key, quoted
        )
        if value:
            reader.top.pairs.append((name, _node(value, match.start("value"), at, text, match, matches, offset)))
        else:
            reader.pending = name
    return reader.done(len(text))


class _Nodes:
    """The containers that are open, each with its column. pending: the key whose value is on the lines below."""

    def __init__(self, offset: int, depth: int) -> None:
        self.offset = offset
        self.depth = depth
        self.stack: list[tuple[int, Node]] = []
        self.top = self.root = Node("", offset, offset)
        self.column = -1
        self.pending: Node | None = None

    def dash(self, at: int, start: int, inner: bool) -> None:
        """An item of a sequence begins; `inner` where it does behind another dash of the line."""
        self.close(at, start)
        if self.top.kind != "list" or self.column != at:
            self.open("list", at, start, inner or (self.top.kind == "map" and self.pending is not None))
        elif self.pending is not None:
            raise Unusual

    def key(self, at: int, start: int, inner: bool) -> None:
        """A key of a mapping begins; `inner` where it does behind a dash of the line."""
        if not inner:
            self.close(at, start)
            if self.column == at and self.top.kind == "list":
                self.pop(start)
        if self.column != at or self.top.kind != "map":
            self.open("map", at, start, inner or (self.pending is not None and self.column < at))
        elif self.pending is not None:
            self.fill()

    def open(self, kind: str, at: int, start: int, allowed: bool) -> None:
        node = Node(kind, self.offset + start, self.offset + start)
        if self.pending is not None:
            self.top.pairs.append((self.pending, node))
            self.pending = None
        elif self.stack:
            self.top.items.append(node)
        elif self.root.kind:
            raise Unusual
        else:
            self.root, allowed = node, True
        if not allowed or len(self.stack) >= self.depth:
            raise Unusual
        self.stack.append((at, node))
        self.column, self.top = at, node

    def close(self, at: int, start: int) -> None:
        """What is deeper than this column ends where the next word starts."""
        while self.column > at:
            self.pop(start)

    def pop(self, start: int) -> None:
        self.fill()
        _, node = self.stack.pop()
        node.end = self.offset + start
        inner = node.items or [part for pair in node.pairs for part in pair]
        node.size += sum(part.size for part in inner)
        node.height += max((part.height for part in inner), default=0)
        self.column, self.top = self.stack[-1] if self.stack else (-1, self.root)

    def fill(self) -> None:
        """The key that waits has no value."""
        if self.pending is not None:
            empty = self.pending.end + 1
            self.top.pairs.append((self.pending, Node("scalar", empty, empty)))
            self.pending = None

    def done(self, length: int) -> Node:
        self.close(-1, length)
        if not self.root.kind:
            raise Unusual
        return self.root


def _node(
    value: str, start: int, column: int, text: str, match: re.Match[str], matches: Iterator[re.Match[str]], offset: int
) -> Node:
    """What stands behind a key or a dash on the same line, and below it where that is a block scalar."""
    value = value.rstrip()
    first = value[:1]
    if first in ("|", ">"):
        body, end = _literal(value, column, text, match, matches)
        return Node("scalar", offset + start, offset + end, "", body, first)
    style = first if first in ("'", '"') else ""
    if style:
        content = value[1:-1]
        if len(value) < 2 or value[-1] != first or first in content or "\\" in content:
            raise Unusual
    elif value in ("[]", "{}"):
        return Node("list" if first == "[" else "map", offset + start, offset + start + 2)
    else:
        value = content = value.partition(" #")[0].rstrip()
        if not (_PLAIN.fullmatch(value) or _INT.fullmatch(value)) or ": " in value or value[-1] == ":":
            raise Unusual
    return Node("scalar", offset + start, offset + start + len(value), "", content, style)


__all__ = ["NUMBER", "Node", "Unusual", "read_block", "read_nodes", "resolve"]
