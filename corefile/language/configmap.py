"""Corefiles inside Kubernetes YAML: ConfigMaps, alone, in a List, or among other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..findings import CorefileError, Embedding, Finding, Source, Span
from .documents import SMALL, DocumentError, Node, nodes

CUSTOM = "custom/"
"""Where clusters mount the ConfigMap `coredns-custom`, below the directory of the Corefile (AKS, K3s and others)."""

_MANIFEST = re.compile(r"""^(?:-\ +)?["']?(?:apiVersion|kind)["']?[ \t]*:""", re.M)
_JSON = re.compile(r"""\s*[{\[].*"(?:apiVersion|kind)"\s*:""", re.S)
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+(?:#.*\s+)*)*")  # the anchor and the tag that stand before a scalar
_ALL_CUSTOM = ".:53 {\n    import custom/*.override\n}\nimport custom/*.server\n"


class Found(NamedTuple):
    """A Corefile, and the files that stand beside it in the cluster, by their path from its directory."""

    source: Source
    files: dict[str, Source]


def sources(path: str, text: str) -> list[Source]:
    """The Corefiles in a text: those of the ConfigMaps if it is Kubernetes YAML, the text itself otherwise.

    Raises CorefileError, with the place, for what looks like YAML and is none.
    """
    return [found.source for found in find(path, text)]


def find(path: str, text: str) -> list[Found]:
    """The same with the files that each Corefile can import.

    Those are the other keys of its ConfigMap, and the keys `*.override` and `*.server` of any ConfigMap below
    `custom/`. Where only such keys are given, the Corefile is one that imports them all.
    """
    if not is_manifest(text):
        return [Found(Source(path, text), {})]
    corefiles: list[tuple[Source, dict[str, Source]]] = []
    custom: dict[str, Source] = {}
    for context, data in _config_maps(path, text):
        entries = {key: embedded(path, text, context, key, node) for key, node in data.items()}
        mains = [key for key in entries if key == "Corefile" or key.startswith("Corefile.")]
        for key in mains:
            main = entries[key]
            main.name = "Corefile"
            corefiles.append((main, {name: source for name, source in entries.items() if name != key}))
        if not mains:
            wanted = (key for key in entries if key.endswith((".override", ".server")))
            custom |= {CUSTOM + key: entries[key] for key in wanted}
    if not corefiles and custom:
        return [Found(Source(path, _ALL_CUSTOM), custom)]
    return [Found(main, {**custom, **beside}) for main, beside in corefiles]


def is_manifest(text: str) -> bool:
    """Whether a text is meant as Kubernetes YAML (or JSON) rather than as a Corefile."""
    return bool(_MANIFEST.search(text) or _JSON.match(text))


def _config_maps(path: str, text: str) -> Iterator[tuple[str, dict[str, Node]]]:
    """The ConfigMaps of a text: what to call each, and the nodes of its data."""
    try:
        queue = list(nodes(text, "data" if len(text) > SMALL else ""))
    except DocumentError as error:
        words = error.message if error.message.startswith("not YAML") else f"not read: {error.message}"
        span = Span(Source(path, text), error.at, min(error.at + 1, len(text)))
        raise CorefileError((Finding("bad-yaml", f"This is {words}", span),)) from None
    seen: set[int] = set()
    for node in queue:
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind == "list":
            queue += node.items
            continue
        fields = node.fields()
        items, data = fields.get("items"), fields.get("data")
        if items is not None and items.kind == "list":
            queue += items.items
        elif data is not None and data.kind == "map" and _text(fields.get("kind")) in ("ConfigMap", ""):
            metadata = fields["metadata"].fields() if "metadata" in fields else {}
            name = "/".join(filter(None, (_text(metadata.get("namespace")), _text(metadata.get("name")))))
            scalars = {key: value for key, value in data.fields().items() if value.kind == "scalar"}
            yield f"ConfigMap {name}".strip(), scalars


def _text(node: Node | None) -> str:
    return "" if node is None else node.text


def embedded(path: str, text: str, context: str, key: str, node: Node) -> Source:
    """A Corefile that is the scalar `node` of the YAML file `text`."""
    end = node.end
    properties = _PROPERTIES.match(text, node.start)
    start = properties.end() if properties else node.start
    if node.style in ("|", ">"):
        begins = text.find("\n", start) + 1
        pairs = _align_words(text, begins or end, node.text)
    elif node.style in ('"', "'"):
        pairs = _align_quoted(text, start + 1, node.style)
    else:
        pairs = _align_words(text, start, node.text)
    starts, outer = zip(*pairs, strict=True) if pairs else ((), ())
    return Source(path, node.text, key, Embedding(text, starts, outer, f"{context}, key {key}"))


def _align_words(text: str, at: int, value: str) -> list[tuple[int, int]]:
    """Where in `text` each word of a block or plain scalar stands."""
    pairs = [(0, at)]
    for match in re.finditer(r"\S+", value):
        at = text.find(match[0], at)
        if at < 0:
            break
        pairs.append((match.start(), at))
        at += len(match[0])
    return pairs


_ESCAPED = {"x": 2, "u": 4, "U": 8}
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]")  # JSON's escape of one character
_BLANKS = re.compile(r"[ \t]*")
_BREAK = re.compile(r"[ \t]*(\r\n|[\r\n\x85\u2028\u2029])")


def _align_quoted(text: str, at: int, quote: str) -> list[tuple[int, int]]:
    """Where in `text` each character of the quoted scalar that begins there stands."""
    pairs: list[tuple[int, int]] = []
    for index, place in enumerate(_places(text, at, quote)):
        if not pairs or place != pairs[-1][1] + index - pairs[-1][0]:
            pairs.append((index, place))
    return pairs or [(0, at)]


def _places(text: str, at: int, quote: str) -> Iterator[int]:
    """For each character of a quoted scalar its place: what flow scalars are in YAML 1.1, chapter 9.1."""
    while at < len(text):
        doubled = quote == "'" and text.startswith("''", at)
        if text[at] == quote and not doubled:
            return
        escaped = quote == '"' and text[at] == "\\"
        line_end = _BREAK.match(text, at + 1 if escaped else at)
        if line_end and not (escaped and line_end.start(1) > at + 1):
            special = line_end[1] in "\u2028\u2029"
            breaks = []
            while line_end:
                breaks.append(line_end.start())
                at = line_end.end()
                line_end = _BREAK.match(text, at)
            at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
            if escaped:
                yield from breaks[1:]
            else:  # one line break is a space, several are one less
                yield from breaks if special or len(breaks) == 1 else breaks[:-1]
        else:
            yield at
            if _PAIR.match(text, at):
                at += 6
            at += 2 + _ESCAPED.get(text[at + 1 : at + 2], 0) if escaped else 1 + doubled
