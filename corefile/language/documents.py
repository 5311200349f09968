"""YAML and JSON: the one reader for cluster objects, ConfigMaps, tests and kubeconfig files.

`values` gives plain data: mappings with text as keys, lists, text, numbers, truth values and None. `nodes` gives the
same with the place of every value, and `Document.place` the place of one value that turned out to be wrong.

What a scalar means is what Kubernetes makes of it (YAML 1.1 as go-yaml reads it): no dates, no base 60, no tags but
those of JSON's types. How deep values lie in each other, and how many aliases make of them, is limited; whatever is
wrong is a `DocumentError` with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from ..findings.limits import LIMITS, Limits, without_collection
from ..light import NamedTuple, regex
from .plain_yaml import NUMBER, Budget, Node, TooMany, Unusual, read_block, read_nodes, resolve

MAX_DIGITS = 400
"""How many digits a number may have."""

DOCUMENT = 12
"""Values that a document counts as: so much longer it takes."""

SMALL = 1_000_000
"""Characters up to which a document is read twice for the better words about a mistake."""


class DocumentError(ValueError):
    """Text that is no YAML or JSON, or that has more in it than is read. `at` is its offset, `line` and `column` count
    from 1. limit: the one that it is beyond, '' for what is wrong. malformed: whether it is no YAML."""

    def __init__(self, message: str, text: str, at: int, limit: str = "", *, malformed: bool = False) -> None:
        self.message = f"not YAML: {message}" if malformed else f"{message} (the limit `{limit}`)" if limit else message
        self.malformed = malformed
        self.limit = limit
        self.at = min(max(at, 0), len(text))
        self.line, self.column = place_of(text, self.at)
        super().__init__(f"line {self.line}, column {self.column}: {self.message}")

    def __reduce__(self) -> tuple[Any, ...]:  # without the text, which may be large
        return _restored, (str(self), self.__dict__)


class _TooManyValues(DocumentError):
    """Text that is beyond the limit of values, however it is read."""


def _restored(words: str, fields: dict[str, Any]) -> DocumentError:
    error = DocumentError.__new__(DocumentError, words)
    error.__dict__.update(fields)
    return error


class Document(NamedTuple):
    """One document: its value, and where it stands in `text`."""

    value: Any
    text: str
    start: int
    end: int

    def place(self, keys: Sequence[str | int]) -> int:
        """The offset of the value that `keys` lead to, or of the last one on the way that is there: of a mapping's
        entry the key, of a list's item the item."""
        spans = _items(self.text, self.start, self.end) if keys and keys[0] == "items" and len(keys) > 1 else []
        start, end, item = self.start, self.end, False
        if spans and isinstance(keys[1], int) and keys[1] < len(spans):
            start, end = spans[keys[1]]
            item, keys = self.text[start] == "-", keys[2:]
        node = _first(self.text, start, end, item)
        if node is None:
            return start
        at = node.start
        for key in keys:
            if node.kind == "map":
                pair = next((pair for pair in reversed(node.pairs) if pair[0].text == str(key)), None)
                if pair is None:
                    break
                at, node = pair[0].start, pair[1]
            elif node.kind == "list" and isinstance(key, int) and key < len(node.items):
                node = node.items[key]
                at = node.start
            else:
                break
        return at


@lru_cache(maxsize=1)  # many places of one document may be asked for
def _first(text: str, start: int, end: int, item: bool) -> Node | None:
    """The value of a document, or of an item of it; None where there is none."""
    try:
        return next(_parsed(text, start, end, item=item), None)
    except DocumentError:  # what is JSON need not be YAML
        return None


def place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, from 1."""
    start = text.rfind("\n", 0, at) + 1
    column = at - start + 1
    if not start and text.startswith("\ufeff"):
        column = max(column - 1, 1)  # editors don't show a byte order mark
    return text.count("\n", 0, at) + 1, column


def values(text: str, limits: Limits = LIMITS) -> Iterator[Document]:
    """The documents of a text with their values; empty ones are left out. Raises DocumentError."""
    known: dict[str, Any] = {}
    budget = Budget(limits.yaml_values)
    for start, end in _chunks(text):
        _take(budget, DOCUMENT, text, start, limits)
        chunk = text[start:end]
        if chunk.lstrip()[:1] in ("{", "["):
            found = _json(chunk, text, start, limits, budget)
            if found is not None:
                yield from found
                continue
        try:
            yield Document(read_block(chunk, limits.yaml_depth, _inline, known, budget), text, start, end)
        except TooMany as error:
            raise _too_many(text, start + error.at, limits) from None
        except Unusual:
            found_items = _by_item(text, start, end, known, limits, budget)
            if found_items is not None:
                yield Document(found_items, text, start, end)
                continue
            for node in _parsed(text, start, end, limits, budget, plain=False):
                yield Document(_value(node, text), text, start, end)


def _by_item(text: str, start: int, end: int, known: dict[str, Any], limits: Limits, budget: Budget) -> Any:
    """The value of a long list of objects, of which only some need the YAML library; None for anything else."""
    spans = _items(text, start, end)
    if not spans:
        return None
    left = budget.values
    try:
        around = text[start : spans[0][0]] + text[spans[-1][1] : end]
        value = _value(next(_parsed(around, 0, len(around), limits, budget, plain=False)), around)
        found = []
        for at, stop in spans:
            _take(budget, 1, text, at, limits)
            try:
                found.append(read_block(_item(text, at, stop), limits.yaml_depth, _inline, known, budget))
            except TooMany as error:
                raise _too_many(text, at + error.at, limits) from None
            except Unusual:
                _take(budget, DOCUMENT, text, at, limits)
                found.append(_value(next(_parsed(text, at, stop, limits, budget, item=True, plain=False)), text))
    except _TooManyValues:
        raise
    except DocumentError:  # an anchor of another item, or no list of that kind: all of it is read again
        budget.values = left
        return None
    if not isinstance(value, dict) or value.get("items", "") is not None:
        return None
    return {**value, "items": found}


def _inline(text: str) -> Any:
    """The value of a part of a line, in quotes or in flow style."""
    try:
        return _value(next(_parsed(text, 0, len(text), plain=False)), text)
    except DocumentError:
        raise Unusual from None


def single(text: str, limits: Limits = LIMITS) -> Document | None:
    """The only document of a text; None where it is empty. Raises DocumentError, also where there are several."""
    found = [d for d in values(text, limits) if d.value is not None]
    if len(found) > 1:
        raise DocumentError("a second document begins here: one is expected", text, found[1].start)
    return found[0] if found else None


def nodes(text: str, having: re.Pattern[str] | None = None, limits: Limits = LIMITS) -> Iterator[Node]:
    """The documents of a text as nodes. Raises DocumentError.

    having: those in whose text it finds nothing are left out, also of a long list's items, which stand for the list then.
    """
    found, error = _all(text, having if len(text) > SMALL else None, limits)
    yield from found
    if error is not None:
        raise error


def nodes_above(
    text: str, having: re.Pattern[str] | None = None, limits: Limits = LIMITS
) -> tuple[list[Node], DocumentError | None]:
    """The same up to the first mistake, and that."""
    found, error = _all(text, having if len(text) > SMALL else None, limits)
    return list(found), error


INNER = 4
"""Texts inside of a text may have, together, one of so many parts of the values that it may have itself."""


class Inside:
    """Reads YAML that stands in values of other YAML. left: how many values all of these texts together may still have; at
    first those that `limits` allows, divided by `INNER`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.yaml_values // INNER

    def nodes(self, text: str) -> list[Node]:
        """The documents of a text up to the first mistake; none once there are too many."""
        if self.left <= 0:
            return []
        found, error = _read_all(text, None, self.limits._replace(yaml_values=self.left))
        read = sum(DOCUMENT + node.size for node in found)
        if error is not None:  # found only after all that stands before it is read
            read = max(read, len(text) // 4)
        self.left -= read
        return found


@lru_cache(maxsize=1)  # a manifest is looked through for ConfigMaps, values and workloads
def _all(text: str, having: re.Pattern[str] | None, limits: Limits) -> tuple[list[Node], DocumentError | None]:
    """The documents of a text up to the first mistake, and that."""
    return _read_all(text, having, limits)


def _read_all(text: str, having: re.Pattern[str] | None, limits: Limits) -> tuple[list[Node], DocumentError | None]:
    """The documents of a text up to the first mistake, and that."""
    found: list[Node] = []
    budget = Budget(limits.yaml_values)
    try:
        with without_collection():
            for start, end in _chunks(text):
                _take(budget, DOCUMENT, text, start, limits)
                if having is None:
                    _read_into(found, text, start, end, limits, budget)
                elif having.search(text, start, end):
                    spans = _items(text, start, end)
                    for at, stop in spans:
                        if having.search(text, at, stop):
                            found += _parsed(text, at, stop, limits, budget, item=text[at] == "-")
                    if not spans:
                        _read_into(found, text, start, end, limits, budget)
    except DocumentError as error:
        return found, error
    return found, None


def _read_into(found: list[Node], text: str, start: int, end: int, limits: Limits, budget: Budget) -> None:
    """Read what stands between two marks: one document, or JSON values one behind the other, or a document with the notes
    behind it that helm prints. Raises DocumentError."""
    left = budget.values
    try:
        found += _parsed(text, start, end, limits, budget)
        return
    except DocumentError as error:
        if not error.malformed:
            raise
        spans = _json_values(text, start, end)
        notes = _NOTES.search(text, start, error.at)
        if len(spans) < 2 and notes is None:
            raise
    budget.values = left
    for at, stop in spans if notes is None else [(start, notes.start())]:
        found += _parsed(text, at, stop, limits, budget)


_NOTES = regex(r"^NOTES:[ \t\r]*$", re.MULTILINE)
"""What `helm install --dry-run` prints between the manifests and the text for a reader, which is no YAML."""


_BRACKET = regex(r'"(?:[^"\\]|\\.?)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
"""A bracket of JSON, or a string, in which there may be some; one that is not closed takes all the rest."""


def _json_values(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where JSON values stand that are one behind the other; what is behind the last one that is complete belongs to one
    more. None where there is no JSON."""
    at = _after_blanks(text, start)
    spans: list[tuple[int, int]] = []
    while at < end and text[at] in "{[":
        stop = _bracket_closed(text, at, end)
        if stop is None:
            break
        spans.append((at, stop))
        at = _after_blanks(text, stop)
    return [*spans, (at, end)] if at < end and spans else spans


def _bracket_closed(text: str, at: int, end: int) -> int | None:
    """Where the bracket at `at` is closed; None where it is not."""
    depth = 0
    for found in _BRACKET.finditer(text, at, end):
        if found[0][0] != '"':
            depth += 1 if found[0] in "{[" else -1
            if not depth:
                return found.end()
    return None


# -- documents of a text ----------------------------------------------------------------------------------------------

_MARK = regex(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)

_NOTHING = regex(r"(?:[ \t\r]*(?:#[^\n]*+)?+\n)*+[ \t\r]*(?:#[^\n]*+)?+")
_DIRECTIVE = regex(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*%")


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Where the documents stand; what has no value in it is left out."""
    at = 1 if text.startswith("\ufeff") else 0
    directives: int | None = None  # lines such as `%YAML 1.2` belong to the document that the next `---` begins
    for mark in (*_MARK.finditer(text, at), None):
        end = len(text) if mark is None else mark.start()
        chunk = text[at:end]
        if directives is None and _DIRECTIVE.match(chunk):
            directives = at
        elif not _NOTHING.fullmatch(chunk):
            yield (at if directives is None else directives), end
            directives = None
        if mark is not None:
            at = mark.end()
    if directives is not None:
        yield directives, len(text)


_FIRST_ITEM = regex(r"^items:[ \t\r]*\n(?=- )", re.MULTILINE)
_BEHIND_ITEM = regex(r"^(?![ \t\r\n#]|- )", re.MULTILINE)
_NEXT_ITEM = regex(r"^- ", re.MULTILINE)
_JSON_ITEMS = regex(r'\s*\{(?:\s*"(?:apiVersion|kind)"\s*:\s*"[^"\\]*"\s*,)*\s*"items"\s*:\s*\[\s*')
_COMMA = regex(r"\s*,\s*")


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the items of a long `List` stand, as `kubectl` prints it; none where it is short or of another form."""
    if end - start < SMALL:
        return []
    begins = _JSON_ITEMS.match(text, start, end)
    if begins:
        return _json_items(text, begins.end())
    first = _FIRST_ITEM.search(text, start, end)
    if first is None:
        return []
    behind = _BEHIND_ITEM.search(text, first.end(), end)
    stop = behind.start() if behind else end
    starts = [m.start() for m in _NEXT_ITEM.finditer(text, first.end(), stop)]
    return list(zip(starts, [*starts[1:], stop], strict=True))


def _json_items(text: str, at: int) -> list[tuple[int, int]]:
    import json

    decoder = json.JSONDecoder()
    spans = []
    try:
        while True:
            _, stop = decoder.raw_decode(text, at)
            spans.append((at, stop))
            comma = _COMMA.match(text, stop)
            if comma is None:
                return spans
            at = comma.end()
    except (ValueError, RecursionError):
        return []


def _item(text: str, at: int, stop: int) -> str:
    """An item of a list in block style without its dash, as a document."""
    return " " + text[at + 1 : stop]


def _json(chunk: str, text: str, offset: int, limits: Limits, budget: Budget | None = None) -> list[Document] | None:
    """JSON values one behind the other; None where it is no JSON: YAML may begin like that, too. Raises DocumentError."""
    import json

    decoder = json.JSONDecoder(parse_constant=_no_constant)
    found = []
    at = _after_blanks(chunk, 0)
    try:
        while at < len(chunk):
            value, stop = decoder.raw_decode(chunk, at)
            found.append(Document(value, text, offset + at, offset + stop))
            at = _after_blanks(chunk, stop)
    except (ValueError, RecursionError):  # no JSON, or too much of it: said with its place by the other reader
        return None
    if _SURROGATE.search(chunk):
        _refuse_surrogates(found)
    for document in found:
        size = _size(document.value, limits.yaml_depth)
        if size < 0:
            return None
        if budget is not None:
            _take(budget, size, text, document.start, limits)
    return found


_SURROGATE = regex(r"\\u[dD][89a-fA-F]")
_BLANKS = regex(r"\s*")


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _size(value: Any, depth: int) -> int:
    """How many entries and items a value has; -1 where they lie too deep in each other."""
    level = [value] if isinstance(value, dict | list) else []
    size = 0
    for _ in range(depth):
        size += sum(map(len, level))
        level = [
            inner
            for outer in level
            for inner in (outer.values() if outer.__class__ is dict else outer)
            if inner.__class__ is dict or inner.__class__ is list
        ]
        if not level:
            return size
    return -1


def _refuse_surrogates(found: list[Document]) -> None:
    import json

    for document in found:
        try:
            json.dumps(document.value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            lone = _SURROGATE.search(document.text, document.start)
            raise _no_text(document.text, lone.start() if lone else document.start) from None


def _too_deep(text: str, at: int, limits: Limits) -> DocumentError:
    return DocumentError(f"more than {limits.yaml_depth} lists and mappings lie in each other", text, at, "yaml-depth")


def _too_many(text: str, at: int, limits: Limits) -> DocumentError:
    return _TooManyValues(f"more than {limits.yaml_values:,} values are not read", text, at, "yaml-values")


def _take(budget: Budget, values: int, text: str, at: int, limits: Limits) -> None:
    """Count values that stand there. Raises DocumentError."""
    budget.values -= values
    if budget.values < 0:
        raise _too_many(text, at, limits)


def _no_text(text: str, at: int) -> DocumentError:
    return DocumentError("half of a surrogate pair, which stands for no character", text, at)


# -- nodes ------------------------------------------------------------------------------------------------------------


def _parsed(
    text: str,
    start: int,
    end: int,
    limits: Limits = LIMITS,
    budget: Budget | None = None,
    *,
    item: bool = False,
    plain: bool = True,
) -> Iterator[Node]:
    """The node of a document, or of a list's item in block style. plain: whether it may be in the plain form; where it is
    not, the YAML library's events are made nodes of. Raises DocumentError."""
    chunk = _item(text, start, end) if item else text[start:end]
    budget = Budget(limits.yaml_values) if budget is None else budget
    if plain:
        try:
            return iter((read_nodes(chunk, start, limits.yaml_depth, budget),))
        except TooMany as error:
            raise _too_many(text, start + error.at, limits) from None
        except Unusual:
            pass
    import yaml

    if "\t" in chunk and chunk.lstrip()[:1] in ("{", "[") and _json(chunk, text, start, limits) is not None:
        chunk = chunk.replace("\t", " ")  # which YAML does not take between values; in the strings of JSON are none
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        try:
            return _built(chunk, text, start, loader, limits, budget)
        except (yaml.YAMLError, ValueError) as error:
            if isinstance(error, DocumentError) or loader is yaml.SafeLoader:
                raise
            if len(chunk) > SMALL and not isinstance(error, yaml.reader.ReaderError):
                raise
        # libyaml refuses a tab in a block scalar, which YAML allows; and it says less well what is wrong
        return _built(chunk, text, start, yaml.SafeLoader, limits, budget)
    except DocumentError:
        raise
    except yaml.MarkedYAMLError as error:
        words = error.problem or error.context or "it cannot be read"
        mark = error.problem_mark or error.context_mark
        if words in ("could not find expected ':'", "found unexpected end of stream"):  # noticed only further down
            mark = error.context_mark or mark
        words = next((ours for theirs, ours in _WORDS.items() if words.startswith(theirs)), words)
        raise DocumentError(words, text, start + (mark.index if mark else 0), malformed=True) from None
    except yaml.reader.ReaderError as error:
        raise DocumentError(
            "a character that YAML does not allow", text, start + int(error.position), malformed=True
        ) from None
    except Exception as error:  # whatever else the library trips over
        words = str(error).partition("\n")[0] or type(error).__name__
        raise DocumentError(words, text, start, malformed=True) from None


_WORDS = {
    "could not find expected ':'": "there is no `:` behind this key",
    "expected <block end>, but found": "this is not indented as the lines above it",
    "found character '\\t' that cannot start any token": "a tab, where only blanks may stand",
    "mapping values are not allowed": "a `:` where no key can be",
    "found unexpected end of stream": "this quote is not closed",
    "expected the node content, but found '<stream end>'": "it ends where a value is expected: is a `[` or `{` not closed?",
    "expected ',' or ']'": "a `[` above is not closed by a `]`",
    "expected ',' or '}'": "a `{` above is not closed by a `}`",
}
"""What the YAML library says, in other words."""


def _built(chunk: str, text: str, offset: int, loader_class: Any, limits: Limits, budget: Budget) -> Iterator[Node]:
    """The nodes of a chunk's documents (it has one, unless it is broken)."""
    loader = loader_class(chunk)
    builder = _Builder(text, offset, limits, budget.values)
    try:
        with without_collection():
            built = builder.build(loader)
    finally:
        loader.dispose()
    budget.values = builder.left  # not where it failed: then the chunk may be read once more
    return iter(built)


class _Builder:
    """Makes nodes of events, however deep and without recursion. left: how many values there still may be."""

    def __init__(self, text: str, offset: int, limits: Limits, left: int) -> None:
        self.text = text
        self.limits = limits
        self.offset = offset
        self.left = left
        self.open: list[Node] = []
        self.keys: list[Node | None] = []  # of each open mapping, the key that waits for its value
        self.anchors: dict[str, Node] = {}
        self.aliased = False

    def build(self, loader: Any) -> list[Node]:
        """All of the loader's documents."""
        from yaml import events

        scalar, mapping, sequence = events.ScalarEvent, events.MappingStartEvent, events.SequenceStartEvent
        roots: list[Node] = []
        offset, depth, opened, keys, add = self.offset, self.limits.yaml_depth, self.open, self.keys, self.add
        next_event, stream_end = loader.get_event, events.StreamEndEvent
        while True:
            event = next_event()
            kind = event.__class__
            if kind is scalar:
                value, style, at = event.value, event.style, offset + event.start_mark.index
                node = Node(
                    "scalar",
                    at,
                    offset + event.end_mark.index,
                    event.tag or "",
                    value if value.isascii() else self.joined(value, at),
                    style or "",
                )
                if event.anchor is not None:
                    self.anchors[event.anchor] = node
                add(node, roots)
            elif kind is mapping or kind is sequence:
                at = offset + event.start_mark.index
                node = Node("map" if kind is mapping else "list", at, at, event.tag or "")
                if len(opened) >= depth:
                    raise _too_deep(self.text, at, self.limits)
                if event.anchor is not None:
                    self.anchors[event.anchor] = node
                opened.append(node)
                keys.append(None)
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                node = opened.pop()
                keys.pop()
                node.end = offset + event.end_mark.index
                add(node, roots)
            elif kind is events.AliasEvent:
                self.alias(event.anchor, offset + event.start_mark.index, roots)
            elif kind is events.DocumentStartEvent:
                self.anchors.clear()
            elif kind is stream_end:
                return roots

    def joined(self, value: str, at: int) -> str:
        """A scalar whose surrogates, which JSON escapes one by one, are characters."""
        try:
            value.encode()
        except UnicodeEncodeError:
            try:
                return value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                raise _no_text(self.text, at) from None
        return value

    def alias(self, anchor: str, at: int, roots: list[Node]) -> None:
        target = self.anchors.get(anchor)
        if target is None:
            raise DocumentError(f"found undefined alias '{anchor}'", self.text, at, malformed=True)
        if any(target is node for node in self.open):
            raise DocumentError(f"the value `&{anchor}` holds itself", self.text, at)
        self.aliased = True
        if len(self.open) + target.height > self.limits.yaml_depth:
            raise _too_deep(self.text, at, self.limits)
        self.add(target, roots, at)

    def add(self, node: Node, roots: list[Node], at: int = -1) -> None:
        """Put a finished node where it belongs."""
        if not self.open:
            roots.append(node)
            return
        outer = self.open[-1]
        outer.size += node.size
        if node.height >= outer.height:
            outer.height = node.height + 1
        if self.aliased and outer.size > self.limits.yaml_values:
            raise DocumentError(
                f"aliases make more than {self.limits.yaml_values:,} values of this",
                self.text,
                node.start if at < 0 else at,
                "yaml-values",
            )
        if outer.kind == "list":
            self.left -= 1
            if self.left < 0:
                raise _too_many(self.text, node.start, self.limits)
            outer.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self.left -= 1
            if self.left < 0:
                raise _too_many(self.text, node.start, self.limits)
            if node.kind != "scalar":
                raise DocumentError("a key is text, not a list or a mapping", self.text, node.start)
            self.keys[-1] = node
        else:
            outer.pairs.append((key, node))
            self.keys[-1] = None


# -- values -----------------------------------------------------------------------------------------------------------

_PREFIX = "tag:yaml.org,2002:"


@cache
def _types() -> dict[str, tuple[type, ...]]:
    return {"bool": (bool,), "int": (int,), "float": (float, int), "null": (type(None),)}


def _value(node: Node, text: str) -> Any:
    """The plain data that a node stands for. Raises DocumentError."""
    tag = node.tag.removeprefix(_PREFIX)
    if node.kind == "scalar":
        return _scalar(node, tag, text)
    if tag not in ("", "!", "map" if node.kind == "map" else "seq"):
        raise DocumentError(f"the tag `{_short(node.tag)}` is not known here", text, node.start)
    if node.kind == "list":
        return [_value(item, text) for item in node.items]
    found: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.pairs:
        if key.text == "<<" and not key.style and not key.tag:
            for part in value.items if value.kind == "list" else (value,):
                if part.kind != "map":
                    raise DocumentError("`<<` takes a mapping or a list of them", text, value.start)
                merged = {**_value(part, text), **merged}
        else:
            found[key.text] = _value(value, text)
    return {**merged, **found} if merged else found


def _scalar(node: Node, tag: str, text: str) -> Any:
    if tag in ("str", "!") or (not tag and node.style):
        return node.text
    if tag and tag not in _types():
        raise DocumentError(f"the tag `{_short(node.tag)}` is not known here", text, node.start)
    if len(node.text) > MAX_DIGITS and NUMBER.fullmatch(node.text):
        raise DocumentError(f"a number of more than {MAX_DIGITS} digits", text, node.start)
    value = resolve(node.text)
    if tag and not isinstance(value, _types()[tag]):
        raise DocumentError(f"`{_short(node.text)}` is none of the values of !!{tag}", text, node.start)
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


__all__ = ["Document", "DocumentError", "Node", "nodes", "place_of", "single", "values"]
