"""Corefiles in a kustomization: those that generators of ConfigMaps name or have as text, and those of patches."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..findings import LIMITS, Embedding, Limits, Source
from .configmap import embedded, within
from .documents import Inside, Node, nodes_above

PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
LITERAL = "Corefile="
PLACE = "/data/Corefile"
"""Where a patch of RFC 6902 has it."""


def generated(text: str, limits: Limits = LIMITS) -> list[tuple[str, dict[str, str]]]:
    """The paths of the Corefiles that generators of ConfigMaps name, from their own folder, each with the other files of its
    ConfigMap by their keys."""
    out = []
    for one in _items(text, limits, "configMapGenerator"):
        files = one.fields().get("files")
        keys = {}
        for entry in files.items if files is not None else ():
            key, given, path = entry.text.partition("=")
            keys[key if given else os.path.basename(key)] = path if given else key
        out += [
            (path, {k: p for k, p in keys.items() if p != path})
            for key, path in keys.items()
            if key.startswith("Corefile")
        ]
    return out


def inline(path: str, text: str, limits: Limits = LIMITS) -> Iterator[Source]:
    """The Corefiles in the kustomization itself: in `literals` of generators and in patches, of both kinds."""
    for one in _items(text, limits, "configMapGenerator"):
        literals = one.fields().get("literals")
        for entry in literals.items if literals is not None else ():
            if entry.text.startswith(LITERAL):
                yield _behind(embedded(path, text, "literals", "Corefile", entry), len(LITERAL))
    inside = Inside(limits)
    for one in _items(text, limits, *PATCHES):
        patch = one.fields().get("patch", one)
        if patch.kind != "scalar" or "Corefile" not in patch.text:
            continue
        content = embedded(path, text, "", "", patch)
        for document in inside.nodes(content.text):
            data = document.fields().get("data")
            of_data = data.fields().get("Corefile") if data is not None else None
            found = [of_data, *(_value(operation) for operation in document.items)]
            for node in found:
                if node is not None and node.kind == "scalar":
                    yield within(content, path, node, "a patch", "Corefile")


def _items(text: str, limits: Limits, *names: str) -> Iterator[Node]:
    """The items of lists of these names at the top of each document above what is no YAML."""
    for document in nodes_above(text, limits=limits)[0]:
        fields = document.fields()
        for name in names:
            if name in fields:
                yield from fields[name].items


def _value(operation: Node) -> Node | None:
    """The value of an operation on a Corefile (RFC 6902)."""
    fields = operation.fields()
    return fields.get("value") if "path" in fields and fields["path"].text == PLACE else None


def _behind(source: Source, at: int) -> Source:
    """What stands behind the first characters of an embedded text."""
    outer = source.embedding
    assert outer is not None
    pairs = [(0, outer.offset(at)), *((start - at, place) for start, place in outer.pairs if start > at)]
    return Source(source.path, source.text[at:], "Corefile", Embedding(outer.text, pairs, outer.context))


__all__ = ["generated", "inline"]
