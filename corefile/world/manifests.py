"""Kubernetes manifests as text: YAML or JSON, several documents, lists. `objects` gives the objects in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from reprlib import Repr
from typing import Any

from ..findings import LIMITS, Limits
from ..language.documents import Document, DocumentError, place_of, values
from ..light import NamedTuple

Keys = tuple[str | int, ...]
"""The way from a document, or an object, to a value in it."""

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 40


class ManifestError(ValueError):
    """Text that is no Kubernetes manifest, or objects that no API server would take.

    `line` and `column` count from 1; 0 where there is no text. `path` is the file's, '' where it is none.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, path: str = "") -> None:
        where = f"{path}:{line}:{column}: " if path and line else f"{path}: " if path else ""
        super().__init__((where or (f"line {line}, column {column}: " if line else "")) + message)
        self.message = message
        self.line = line
        self.column = column
        self.path = path


class Ref(NamedTuple):
    """What an object is known by. `namespace` is '' where the kind is in none."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(filter(None, self))


class Manifest(NamedTuple):
    """One object, and where it comes from: its document (None where it is not from text) and the way to it there."""

    object: Mapping[str, Any]
    document: Document | None = None
    keys: Keys = ()
    path: str = ""

    def error(self, message: str, keys: Keys = ()) -> ManifestError:
        """Something is wrong with what `keys` lead to in the object."""
        if self.document is None:
            return ManifestError(message, path=self.path)
        at = self.document.place((*self.keys, *keys))
        return ManifestError(message, *place_of(self.document.text, at), self.path)


def objects(text: str, path: str = "", limits: Limits = LIMITS) -> Iterator[Manifest]:
    """The objects in `text`, those of a List one by one. Raises ManifestError."""
    try:
        for document in values(text, limits.cluster):
            yield from found_in(document.value, document, path)
    except DocumentError as error:
        raise ManifestError(error.message, error.line, error.column, path) from None


def read(text: str) -> list[Mapping[str, Any]]:
    """The objects in `text` as plain data. Raises ManifestError."""
    return [found.object for found in objects(text)]


def found_in(value: Any, document: Document | None = None, path: str = "", keys: Keys = ()) -> Iterator[Manifest]:
    """The objects in plain data: one object, a list of them, a List. Raises ManifestError."""
    if value is None:
        return
    if isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from found_in(item, document, path, (*keys, i))
    elif not isinstance(value, Mapping):
        raise Manifest({}, document, keys, path).error(f"a Kubernetes object is a mapping, not {short(value)}")
    elif isinstance(value.get("items"), list) and str(value.get("kind", "List")).endswith("List"):
        kind = str(value.get("kind", "List")).removesuffix("List")
        for i, item in enumerate(value["items"]):
            if kind and isinstance(item, Mapping) and "kind" not in item:
                item = {**item, "kind": kind}  # the API server leaves it out inside a ServiceList and the like
            yield from found_in(item, document, path, (*keys, "items", i))
    elif not isinstance(value.get("kind"), str):
        raise Manifest({}, document, keys, path).error("a Kubernetes object needs a `kind`", ("kind",))
    else:
        yield Manifest(value, document, keys, path)


def short(value: Any) -> str:
    """A value for a message."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return _SHORT.repr(value)


__all__ = ["Keys", "Manifest", "ManifestError", "Ref", "found_in", "objects", "read", "short"]
