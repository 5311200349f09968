"""Writes what was answered into a test's text, for review: only the values that differ change, all else stays as written.

The places come from the YAML reader. Where a change would lose a comment, or could mean two things, it is left to the
author, and said.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from ..language.documents import Node, nodes
from ..language.plain_yaml import resolve
from ..light import NamedTuple, regex
from .compare import SETS, changes, even_line
from .format import NO_REPLY, NODATA, SECTIONS

WIDE = 110
"""Columns up to which a mapping stands on one line."""


class Edit(NamedTuple):
    """A part of the text with what stands there from now on."""

    start: int
    end: int
    text: str


class Updated(NamedTuple):
    """A test's new text, how many expectations changed, and which could not, each as its place (keys) and why."""

    text: str
    number: int
    left: list[tuple[tuple[str | int, ...], str]]


ALIAS = "it has a YAML alias, so that a change would be one at other places, too"


class _Left(Exception):
    """A change that is left to the author."""


def updated(text: str, result: dict[str, Any]) -> Updated:
    """The text of a test with what `result` (see `cases.run`) says that was answered."""
    writer = _Writer(text)
    left: list[tuple[tuple[str | int, ...], str]] = []
    count = 0
    by_place: dict[tuple[str | int, ...], list[dict[str, Any]]] = {}
    for step in result["steps"]:
        if not step["skipped"]:
            by_place.setdefault(step["keys"], []).append(step)
    for keys, steps in by_place.items():
        wrong = [s for s in steps if not s["passed"] or (s["expect"] is None and s["actual"] and "query" in s["asks"])]
        if not wrong:
            continue
        try:
            if len({json.dumps(s["actual"], sort_keys=True, default=str) for s in steps}) > 1:
                raise _Left("its runs answer differently; say what is expected of which with `expect-for`")
            writer.step(keys, wrong[0])
            count += 1
        except _Left as e:
            left.append((keys, str(e)))
    if result["error"] and not result["passed"] and "error" in writer.root.fields() and result["findings"]:
        node = writer.root.fields()["error"]
        writer.put(node, scalar(str(result["error"])))
        count += 1
    return Updated(writer.done(), count, left)


class _Writer:
    """Collects the changes of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = next(nodes(text))
        self.shared = _shared(self.root)
        self.edits: list[Edit] = []

    def done(self) -> str:
        """The text with all changes."""
        out, at = [], len(self.text)
        for edit in sorted(set(self.edits), reverse=True):
            assert edit.end <= at, "two changes of one place"
            out += [self.text[edit.end : at], edit.text]
            at = edit.start
        return self.text[:at] + "".join(reversed(out))

    def find(self, keys: tuple[str | int, ...]) -> Node:
        """The node that keys lead to."""
        node = self.root
        for key in keys:
            node = node.items[key] if isinstance(key, int) else node.fields()[str(key)]
            if id(node) in self.shared:
                raise _Left(ALIAS)
        return node

    def own(self, node: Node) -> Node:
        """A value, unless another place of the test has a part of it by an alias. Raises _Left."""
        if id(node) in self.shared:
            raise _Left(ALIAS)
        for inner in (*node.items, *(value for _, value in node.pairs)):
            self.own(inner)
        return node

    def put(self, node: Node, text: str) -> None:
        """Put a text in a value's place."""
        end = self.end_of(node)
        if node.kind != "scalar" and self.has_comment(node):
            raise _Left("there is a comment inside of the value")
        if node.kind == "scalar" or self.is_flow(node):
            self.edits.append(Edit(node.start, end, text))
            return
        start = self.text.rfind(":", 0, node.start) + 1
        if "#" in self.text[start : node.start]:
            raise _Left("there is a comment above the value")
        self.edits.append(Edit(start, end, f" {text}"))

    # -- what is written where

    def step(self, keys: tuple[str | int, ...], step: dict[str, Any]) -> None:
        """Write what a step gave. Raises _Left."""
        before = len(self.edits)
        try:
            node, actual = self.find(keys), step["actual"]
            if "names" in keys:
                if self.own(node).kind == "map":
                    self.expectation(node, step)
                else:
                    self.put(node, in_brief(actual, step["kind"]))
                return
            fields = node.fields()
            special = fields.get("expect-for")
            if special is not None and step["variant"] and step["expect"] is not None and special.fields():
                raise _Left("it has an `expect-for`")
            if "expect" in fields:
                self.expectation(self.own(self.find((*keys, "expect"))), step)
            else:
                self.add(node, {"expect": actual}, self.own(node.pairs[-1][1]))
        except (_Left, KeyError):
            del self.edits[before:]
            raise

    def expectation(self, node: Node, step: dict[str, Any]) -> None:
        """Change the fields of an `expect` that differ."""
        actual, fields = step["actual"], node.fields()
        if ("reply" in fields) != ("reply" in actual):
            keep = {k: step["expect"][k] for k in ("compare", "only") if k in fields and k in step["expect"]}
            self.put(node, flow({**keep, **actual}))
            return
        if self.is_flow(node):
            if self.has_comment(node):
                raise _Left("there is a comment inside of the braces")
            self.edits.append(Edit(node.start, node.end, self.flow_with(node, step["differences"])))
            return
        gone = [d["field"] for d in step["differences"] if d["actual"] in (None, [], "") and d["field"] not in SETS]
        new = {d["field"]: d["actual"] for d in step["differences"] if d["field"] not in fields}
        stays = [pair for pair in node.pairs if pair[0].text not in gone]
        if not stays:
            self.put(node, flow(new))
            return
        if new:
            self.add(node, new, stays[-1][1])
        for difference in step["differences"]:
            field = difference["field"]
            if field in new:
                continue
            if field in gone:
                key = next(key for key, _ in node.pairs if key.text == field)
                self.remove(key.start, self.end_of(fields[field]))
            else:
                self.change(fields[field], difference)

    def change(self, node: Node, difference: dict[str, Any]) -> None:
        """Change the value of one field in block style."""
        if node.kind == "list" and not self.is_flow(node):
            self.block_list(node, difference)
        else:
            self.put(node, self.value(node, difference))

    def value(self, node: Node, difference: dict[str, Any]) -> str:
        """What a value becomes, where it stands on one line."""
        field, came = difference["field"], difference["actual"]
        if field == "ttl":
            return str(came[0]) if len(set(came)) == 1 else f"<= {max(came)}"
        if field in SETS and node.kind == "map":
            loose: dict[str, Any] = dict(difference["expect"])
            signs = [words for sign, words in changes(difference) if sign == "-"]
            for key in ("contains", "any"):
                if any(words.startswith(key) for words in signs):
                    loose[key] = list(came or [])
            if any(words.startswith("count") for words in signs):
                loose["count"] = len(came or [])
            return flow(loose)
        if node.kind == "list":
            stays, new = self.sorted_out(node, difference)
            return "[" + ", ".join([*(self.text[n.start : self.end_of(n)] for n in stays), *map(scalar, new)]) + "]"
        return flow(came if came is not None else [])

    def flow_with(self, node: Node, differences: list[dict[str, Any]]) -> str:
        """A mapping in braces with its changes."""
        changed = {d["field"]: d for d in differences}
        parts = []
        for key, value in node.pairs:
            difference = changed.pop(key.text, None)
            if difference is None:
                parts.append(self.text[key.start : self.end_of(value)])
            elif difference["actual"] not in (None, [], "") or key.text in SETS:
                parts.append(f"{key.text}: {self.value(value, difference)}")
        parts += [f"{field}: {flow(d['actual'])}" for field, d in changed.items()]
        return "{" + ", ".join(parts) + "}"

    def sorted_out(self, node: Node, difference: dict[str, Any]) -> tuple[list[Node], list[str]]:
        """The items of a list that stay, and the lines that are new."""
        found = changes(difference)
        missing = Counter(text for sign, text in found if sign == "-")
        stays = []
        for item, value in zip(node.items, difference["expect"], strict=True):
            line = even_line(str(value), records=difference["field"] in SECTIONS)
            if missing[line]:
                missing[line] -= 1
            else:
                stays.append(item)
        return stays, [text for sign, text in found if sign == "+"]

    def block_list(self, node: Node, difference: dict[str, Any]) -> None:
        """Change the items of a list that has a line for each: a new one takes the place of an old one."""
        stays, new = self.sorted_out(node, difference)
        old = [item for item in node.items if item not in stays]
        if not stays and not new:
            self.put(node, "[]")
            return
        for item, text in zip(old, new, strict=False):
            self.edits.append(Edit(item.start, self.end_of(item), scalar(text, block=True)))
        for item in old[len(new) :]:
            self.remove(item.start, self.end_of(item))
        last = node.items[-1]
        column = self.column(self.text.rfind("-", 0, last.start))
        rows = "".join(f"\n{' ' * column}- {scalar(text, block=True)}" for text in new[len(old) :])
        if rows:
            at = self.line_end(self.end_of(last))
            self.edits.append(Edit(at, at, rows))

    def remove(self, start: int, end: int) -> None:
        """Remove the whole lines of what stands there, but for a comment behind it."""
        start, stop = self.text.rfind("\n", 0, start) + 1, self.line_end(end)
        line, behind = self.text[start:end], self.text[end:stop].strip()
        kept = f"{line[: len(line) - len(line.lstrip())]}{behind}\n" if behind.startswith("#") else ""
        self.edits.append(Edit(start, min(stop + 1, len(self.text)), kept))

    def add(self, node: Node, new: dict[str, Any], last: Node) -> None:
        """Add keys to a mapping, behind a value of it."""
        if self.is_flow(node):
            at = self.end_of(last)
            self.edits.append(Edit(at, at, "".join(f", {key}: {flow(value)}" for key, value in new.items())))
            return
        column = self.column(node.pairs[0][0].start)
        at = self.line_end(self.end_of(last))
        rows = (f"\n{' ' * column}{block(key, value, column)}" for key, value in new.items())
        self.edits.append(Edit(at, at, "".join(rows)))

    # -- places

    def is_flow(self, node: Node) -> bool:
        """Whether a mapping or list stands in braces or brackets."""
        return self.text[node.start : node.start + 1] in ("{", "[")

    def end_of(self, node: Node) -> int:
        """Where a value ends; of one in block style, where the last value in it does."""
        if node.kind == "scalar" or self.is_flow(node):
            end = node.end
            while node.style in ("|", ">") and end > node.start and self.text[end - 1] in " \n\r":
                end -= 1
            return end
        inner = [*node.items, *(value for _, value in node.pairs)]
        last = max((self.end_of(x) for x in inner), default=node.start)
        return max(last, *(key.end for key, _ in node.pairs)) if node.pairs else last

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def column(self, at: int) -> int:
        return at - self.text.rfind("\n", 0, at) - 1

    def has_comment(self, node: Node) -> bool:
        """Whether a comment stands between the values of a mapping or list."""
        spans = sorted((n.start, n.end) for n in _scalars(node))
        at, between = node.start, ""
        for start, end in spans:
            between += self.text[at:start]
            at = max(at, end)
        return "#" in between + self.text[at : self.end_of(node)]


def _shared(root: Node) -> set[int]:
    """Which nodes stand at several places (by `id`), since YAML has an alias for them."""
    seen, shared, open = set[int](), set[int](), [root]
    while open:
        node = open.pop()
        if id(node) in seen:
            shared.add(id(node))
            continue
        seen.add(id(node))
        open += [*node.items, *(value for _, value in node.pairs)]
    return shared


def _scalars(node: Node) -> list[Node]:
    if node.kind == "scalar":
        return [node]
    inner = [*node.items, *(x for pair in node.pairs for x in pair)]
    return [scalar_ for x in inner for scalar_ in _scalars(x)]


def in_brief(actual: dict[str, Any], kind: str) -> str:
    """What stands behind a name in a table, as YAML. Raises _Left for what has no such form."""
    from .compare import data_of

    if actual.get("reply") == "none":
        return NO_REPLY
    if "rcode" not in actual:
        raise _Left("what came is no DNS message")
    if actual["rcode"] != "NOERROR":
        return str(actual["rcode"])
    data = data_of(actual, kind)
    if not data:
        return NODATA
    return scalar(data[0]) if len(data) == 1 else flow(data)


_PLAIN = regex(r"[A-Za-z0-9_.<(/][^\x00-\x1f\x7f-\uffff,\[\]{}#&*!|'\"%@`\\]*")


def scalar(text: str, *, block: bool = False) -> str:
    """A text as YAML. block: it stands on a line of its own, where brackets and commas mean nothing."""
    plain = _PLAIN.fullmatch(re.sub(r"[,\[\]{}'\"%@&*!|]", "x", text) if block and text[:1].isalnum() else text)
    if (
        plain
        and ": " not in text
        and not text.endswith((":", " "))
        and " #" not in text
        and isinstance(resolve(text), str)
    ):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text)


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)


def block(key: str, value: Any, column: int) -> str:
    """A key with its value as YAML, on one line where there is room."""
    line = f"{key}: {flow(value)}"
    if len(line) + column <= WIDE or not isinstance(value, dict | list) or not value:
        return line
    if isinstance(value, list):
        return f"{key}:" + "".join(f"\n{' ' * column}- {scalar(str(x), block=True)}" for x in value)
    inner = column + 2
    return f"{key}:" + "".join(f"\n{' ' * inner}{block(k, v, inner)}" for k, v in value.items())


__all__ = ["Updated", "block", "flow", "in_brief", "scalar", "updated"]
