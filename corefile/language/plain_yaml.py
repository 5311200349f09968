"""The plain form of YAML that `kubectl` prints: block mappings and sequences, one scalar a line.

A cluster's dump is large and plain. Such documents are read here, line by line, some forty times as fast as a YAML
library reads them, and without the time that the library takes to load; any document with something else in it is
`Unusual`, and goes to the library as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from ..light import regex


class Unusual(Exception):
    """The document needs the YAML library."""


class TooMany(Exception):
    """More values than may be read. at: where the first one too many stands."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Budget:
    """How many entries of mappings and items of lists may still be read of a text, and how many parts of lines that need
    the YAML library for themselves: calling it costs as much as some hundred plain lines."""

    __slots__ = ("calls", "values")

    def __init__(self, values: int) -> None:
        self.values = values
        self.calls = 1000


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
_BLANKS = " \t\r"
_ESCAPED = regex(r'"(?:[^"\\\t]|\\["\\/nt])*+"')
_ESCAPE = regex(r"\\(.)")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t"}
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


def read_block(text: str, depth: int, inline: Callable[[str], Any], known: dict[str, Any], budget: Budget) -> Any:
    """The value of a document in the plain form, None of an empty one. Raises Unusual for any other, TooMany.

    depth: how many lists and mappings may lie in each other. inline: reads what is quoted or in flow style.
    known: the values of scalars that have been read before.
    """
    if _NOT_PLAIN.search(text):
        raise Unusual
    return _Values(text, depth, inline, known, budget).read()


_NOT_PLAIN = regex("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)")
"""What the library refuses, joins, or takes for the end of a line."""
_ODD = regex(r"[^\n -~]")
"""The same, and all else that is not printable ASCII: it is not read with places."""


def read_nodes(text: str, offset: int, depth: int, budget: Budget) -> Node:
    """The same as a node, whose places count from `offset` before the text. Raises Unusual, also for an empty document,
    and TooMany."""
    found: Node | None = None if _ODD.search(text) else _Nodes(text, depth, offset, budget).read()
    if found is None:
        raise Unusual
    return found


class _Reader:
    """Goes through the lines and keeps what is open. What lists, mappings and scalars become, a subclass says.

    stack: the containers that are open, each with its column and kind; the last one is `top`. pending: the key of `top`
    that waits for its value. behind: where to go on behind a block scalar, or -1. Places are offsets into the text.
    """

    def __init__(self, text: str, depth: int, budget: Budget) -> None:
        self.text = text
        self.depth = depth
        self.budget = budget
        self.behind = -1
        self.stack: list[tuple[int, str, Any]] = []
        self.column, self.kind = -1, ""
        self.top: Any = None
        self.root: Any = None
        self.pending: Any = None

    def read(self) -> Any:
        """The value of the document; None of an empty one. Raises Unusual, TooMany."""
        text, most = self.text, self.budget.values
        count = begin = 0
        while begin >= 0:
            self.behind = -1
            for match in _LINE.finditer(text, begin):
                indent, dashes, key, value, items, item, other = match.groups()
                at = len(indent)
                if key is None and items is None:
                    if other and other[0] != "#" and other.strip(" \r"):
                        raise Unusual
                    continue
                if items is not None:
                    dashes = items[:-1]
                count += 1 + len(dashes) // 2
                if count > most:
                    raise TooMany(match.start() + at)
                if dashes or items:
                    start = match.start() + at
                    for n in range(len(dashes) // 2 + (items is not None)):
                        self.dash(at, start + 2 * n, n > 0)
                        at += 2
                if items is not None:
                    if not item:
                        raise Unusual  # the item is on the next line
                    self.attach(self.scalar(item, at - 2, match))
                else:
                    if dashes or self.column != at or self.kind != "map":
                        self.key(at, match.start("key"), bool(dashes))
                    elif self.pending is not None:
                        self.attach(self.empty())
                    self.pending = self.name(key, match)
                    if not value:
                        continue
                    self.attach(self.scalar(value, at, match))
                if self.behind >= 0:
                    break
            begin = self.behind
        self.close(-1, len(text))
        self.budget.values -= count
        return self.root

    def dash(self, at: int, start: int, inner: bool) -> None:
        """An item of a sequence begins; `inner` where it does behind another dash of the line."""
        self.close(at, start)
        if self.kind != "list" or self.column != at:
            self.open("list", at, start, inner or self.pending is not None)

    def key(self, at: int, start: int, inner: bool) -> None:
        """A key begins behind lines that lie deeper, or a new mapping with it; `inner` where it does behind a dash."""
        if not inner:
            self.close(at, start)
            if self.column == at and self.kind == "list":
                self.pop(start)
        if self.column != at or self.kind != "map":
            self.open("map", at, start, inner or self.pending is not None)

    def open(self, kind: str, at: int, start: int, allowed: bool) -> None:
        """A container begins, which has to be the root where it is not `allowed`."""
        made = self.made(kind, start)
        if self.stack and allowed:
            self.attach(made)
        elif self.root is None:
            self.root = made
        else:
            raise Unusual
        if len(self.stack) >= self.depth:
            raise Unusual
        self.stack.append((at, kind, made))
        self.column, self.kind, self.top = at, kind, made

    def close(self, at: int, start: int) -> None:
        """What is deeper than this column ends where the next word starts."""
        while self.column > at:
            self.pop(start)

    def pop(self, start: int) -> None:
        if self.pending is not None:
            self.attach(self.empty())
        self.closed(start)
        self.stack.pop()
        self.column, self.kind, self.top = self.stack[-1] if self.stack else (-1, "", None)

    def made(self, kind: str, start: int) -> Any:
        """An empty list or mapping."""
        raise NotImplementedError

    def name(self, key: str, match: re.Match[str]) -> Any:
        """The key of a line."""
        raise NotImplementedError

    def scalar(self, value: str, column: int, match: re.Match[str]) -> Any:
        """What ends a line behind a key or a dash, with the lines below it where that is a block scalar."""
        raise NotImplementedError

    def empty(self) -> Any:
        """The value of the key that waits where it has none."""
        return None

    def attach(self, value: Any) -> None:
        """Put a value where it belongs: behind the key that waits, or at the end of the list."""
        raise NotImplementedError

    def closed(self, start: int) -> None:
        """`top` is complete."""


class _Values(_Reader):
    """Makes plain data."""

    def __init__(
        self, text: str, depth: int, inline: Callable[[str], Any], known: dict[str, Any], budget: Budget
    ) -> None:
        super().__init__(text, depth, budget)
        self.inline = inline
        self.known = known

    def made(self, kind: str, start: int) -> Any:
        return [] if kind == "list" else {}

    def name(self, key: str, match: re.Match[str]) -> str:
        return key[1:-1] if key[0] in "\"'" else key

    def attach(self, value: Any) -> None:
        if self.pending is None:
            self.top.append(value)
        else:
            self.top[self.pending] = value
            self.pending = None

    def scalar(self, value: str, column: int, match: re.Match[str]) -> Any:
        found = self.known.get(value)
        if found is not None:
            return found
        if value[0] in "|>":
            found, self.behind = _literal(value, column, self.text, match.end() + 1)
            return found
        found = self.on_line(value.rstrip(_BLANKS))
        if found.__class__ is str or found.__class__ is int or found.__class__ is bool:
            self.known[value] = found
        return found

    def on_line(self, text: str) -> Any:
        first = text[:1]
        if first in ("'", '"'):
            return text[1:-1] if _as_it_stands(text) else self.by_library(text)
        if first in ("[", "{"):
            return [] if text == "[]" else {} if text == "{}" else self.by_library(text)
        text = _plain(text)
        if len(text) > 300:
            raise Unusual  # it may be a number of too many digits
        return resolve(text)

    def by_library(self, text: str) -> Any:
        """What the YAML library makes of the end of a line."""
        if '"' == text[0] == text[-1] and _ESCAPED.fullmatch(text):
            return _ESCAPE.sub(lambda match: _ESCAPES[match[1]], text[1:-1])
        self.budget.calls -= 1
        if self.budget.calls < 0:
            raise Unusual
        return self.inline(text)


class _Nodes(_Reader):
    """Makes nodes. offset: where the text begins in that which their places are in."""

    def __init__(self, text: str, depth: int, offset: int, budget: Budget) -> None:
        super().__init__(text, depth, budget)
        self.offset = offset

    def made(self, kind: str, start: int) -> Node:
        return Node(kind, self.offset + start, self.offset + start)

    def name(self, key: str, match: re.Match[str]) -> Node:
        start, end = match.span("key")
        quote = key[0] if key[0] in "\"'" else ""
        return Node("scalar", self.offset + start, self.offset + end, "", key.strip(quote) if quote else key, quote)

    def attach(self, value: Node) -> None:
        if self.pending is None:
            self.top.items.append(value)
        else:
            self.top.pairs.append((self.pending, value))
            self.pending = None

    def empty(self) -> Node:
        at = self.pending.end + 1
        return Node("scalar", at, at)

    def closed(self, start: int) -> None:
        node = self.top
        node.end = self.offset + start
        inner = node.items or [part for pair in node.pairs for part in pair]
        node.size += sum(part.size for part in inner)
        node.height += max((part.height for part in inner), default=0)

    def scalar(self, value: str, column: int, match: re.Match[str]) -> Node:
        start = self.offset + match.end() - len(value)
        value = value.rstrip(_BLANKS)
        first = value[:1]
        if first in ("|", ">"):
            body, self.behind = _literal(value, column, self.text, match.end() + 1)
            return Node("scalar", start, self.offset + self.behind, "", body, first)
        if value in ("[]", "{}"):
            return Node("list" if first == "[" else "map", start, start + 2)
        if first in ("'", '"'):
            if not _as_it_stands(value):
                raise Unusual
            return Node("scalar", start, start + len(value), "", value[1:-1], first)
        value = _plain(value)
        return Node("scalar", start, start + len(value), "", value)


def _as_it_stands(quoted: str) -> bool:
    """Whether what begins with a quote ends with the same one, and means what is between them."""
    content = quoted[1:-1]
    return len(quoted) > 1 and quoted[-1] == quoted[0] and quoted[0] not in content and "\\" not in content


def _plain(text: str) -> str:
    """A plain scalar without the comment behind it. Raises Unusual."""
    text = text.partition(" #")[0].rstrip(_BLANKS)
    if not (_PLAIN.fullmatch(text) or _INT.fullmatch(text)) or ": " in text or text[-1] == ":":
        raise Unusual
    return text


_TEXT = regex(r"^[ ]*+[^ \n]", re.MULTILINE)
_CARRIAGE_RETURN = regex(r"\r(?:\n|\Z)")


@cache
def _shallow(indent: int) -> re.Pattern[str]:
    """Finds a line with something in it that is indented less."""
    return re.compile(rf"^[ ]{{0,{indent - 1}}}[^ \n]", re.MULTILINE)


def _literal(style: str, column: int, text: str, at: int) -> tuple[str, int]:
    """A literal block scalar whose lines begin at `at`, and where the line behind it begins. Raises Unusual."""
    style = style.rstrip(_BLANKS)
    if style not in ("|", "|-"):
        raise Unusual
    first = _TEXT.search(text, at)
    start, end = (first.start(), first.end() - 1) if first else (len(text), len(text))
    if text.find(" ", at, start) >= 0:
        raise Unusual  # blanks that may count as indentation, or as the end
    indent = end - start
    if first is None or indent <= column:
        return "", start
    behind = _shallow(indent).search(text, end)
    stop = behind.start() if behind else len(text)
    body = text[start:stop]
    lines = [line[indent:] for line in body.split("\n")]
    last = body[body.rfind("\n") + 1 :]
    if (last and not last.strip(" ")) or ("\r" in body and _CARRIAGE_RETURN.search(body)):
        raise Unusual
    while lines and not lines[-1]:
        lines.pop()
    value = text[at:start] + "\n".join(lines)
    return value + "\n" if style == "|" and body[-1] == "\n" else value, stop


__all__ = ["NUMBER", "Budget", "Node", "TooMany", "Unusual", "read_block", "read_nodes", "resolve"]
