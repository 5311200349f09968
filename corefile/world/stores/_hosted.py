"""Record sets of hosted zones, as the clouds' own tools print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...light import NamedTuple

LAST_TTL = 2**32 - 1


class RecordSet(NamedTuple):
    """A set of records. values: text as in a master file, each with its type. private: whether it is of a private zone;
    None where it does not tell."""

    name: str
    ttl: int
    values: tuple[tuple[str, Any], ...]
    private: bool | None = None


class HostedZone:
    """The record sets of a zone, in the order in which the cloud lists them. `types` has those of the sets."""

    def __init__(self, sets: Iterable[RecordSet], types: Iterable[str] = ()) -> None:
        self.sets = tuple(sets)
        self.types = tuple(types)

    def __deepcopy__(self, memo: object) -> HostedZone:
        return self  # it never changes

    def __repr__(self) -> str:
        return f"<hosted zone: {len(self.sets)} record set{'s' * (len(self.sets) != 1)}>"


def items(given: str | Mapping[str, Any] | list[Any], *keys: str) -> Iterator[Mapping[str, Any]]:
    """The record sets in JSON: objects, lists of them, and answers of the API that have such a list at one of `keys`, also
    several one after another. Raises ValueError."""
    if isinstance(given, str):
        from .etcd import documents

        for document in documents(given):
            yield from items(document, *keys)
    elif isinstance(given, list):
        for item in given:
            yield from items(item, *keys)
    elif isinstance(given, Mapping):
        inside = next((given[key] for key in keys if key in given), None)
        if inside is None:
            yield given
        else:
            yield from items(inside, *keys)
    else:
        raise ValueError(f"record sets are needed, not {given!r:.40}")


def text_at(item: Mapping[str, Any], key: str, number: int) -> str:
    """The text at a key. Raises ValueError."""
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"record set {number} has no `{key}`: {dict(item)!r:.80}")
    return value


def ttl_of(value: Any, name: str) -> int:
    """A TTL in seconds; 0 where a set has none. Raises ValueError."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_TTL:
        raise ValueError(f"{name} has the TTL {value!r:.40}, which is no number of seconds")
    return value


def texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts. Raises ValueError."""
    if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
        raise ValueError(f"{name}: a list of texts is needed, not {value!r:.60}")
    return tuple(value)


__all__ = ["HostedZone", "RecordSet", "items", "text_at", "texts", "ttl_of"]
