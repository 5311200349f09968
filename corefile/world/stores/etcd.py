"""What is in an etcd: text by key, and how long the leases live that keys have.

It is given as `etcdctl get --prefix /skydns` prints it (lines with a key and its value in turn), as `-w json` does, with
what `etcdctl lease timetolive ID -w json` prints behind it where keys have leases, or as a mapping from key to value.
"""

from __future__ import annotations

import json
from base64 import b64decode
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from ...light import NamedTuple

LAST = "\U0010ffff"
"""Sorts behind all that stands in a key."""


class Entry(NamedTuple):
    """The value of a key, and the ID of its lease, 0 without one."""

    value: bytes
    lease: int = 0


class Etcd:
    """Values by key, in the order of the keys, and what was left of each lease's time in seconds when it was given."""

    def __init__(self, entries: Mapping[str, Entry], leases: Mapping[int, float] | None = None) -> None:
        self.entries = dict(sorted(entries.items()))
        self.leases = dict(leases or {})
        self._keys = [*self.entries]

    def alive(self, after: float) -> dict[str, Entry]:
        """What is still there, so many seconds after it was given: keys go with their leases."""
        return self.below("", after) if self.leases else self.entries

    def at(self, key: str, after: float) -> Entry | None:
        """What is at a key, so many seconds after it was given."""
        entry = self.entries.get(key)
        return None if entry is None or self.leases.get(entry.lease, after + 1) <= after else entry

    def below(self, prefix: str, after: float) -> dict[str, Entry]:
        """The keys of `alive` that begin so."""
        start = bisect_left(self._keys, prefix)
        stop = bisect_left(self._keys, prefix + LAST, start)
        gone = {lease for lease, left in self.leases.items() if left <= after}
        found = ((key, self.entries[key]) for key in self._keys[start:stop])
        return {key: entry for key, entry in found if entry.lease not in gone}

    def __deepcopy__(self, memo: object) -> Etcd:
        return self  # it never changes

    def __repr__(self) -> str:
        return f"<etcd: {len(self.entries)} key{'s' * (len(self.entries) != 1)}>"


def load(given: str | Mapping[str, Any] | list[Any]) -> Etcd:
    """Read what is given. Raises ValueError.

    >>> load("/skydns/example/web\\n{}\\n").entries
    {'/skydns/example/web': Entry(value=b'{}', lease=0)}
    """
    if isinstance(given, str):
        given = given.removeprefix("\ufeff")
        if given.lstrip()[:1] not in ("{", "["):
            return Etcd(dict(_lines(given)))
        given = [*documents(given)]
    entries: dict[str, Entry] = {}
    leases: dict[int, float] = {}
    for document in given if isinstance(given, list) else [given]:
        if not isinstance(document, Mapping):
            raise ValueError(f"keys with their values are needed, not {document!r:.40}")
        if "ttl" in document and "id" in document:
            try:
                leases[int(document["id"])] = float(document["ttl"])
            except (TypeError, ValueError, OverflowError):
                raise ValueError(f"not a lease, whose `id` and `ttl` are numbers: {dict(document)!r:.60}") from None
        elif "kvs" in document or "header" in document:
            entries.update(_answered(document))
        else:
            entries.update((key, Entry(_octets(value))) for key, value in document.items() if _is_key(key))
    return Etcd(entries, leases)


def _lines(text: str) -> Iterator[tuple[str, Entry]]:
    lines = text.split("\n")
    while lines and not lines[-1].strip("\r"):
        lines.pop()
    for number in range(0, len(lines), 2):
        key = lines[number].rstrip("\r")
        if not key.startswith("/"):
            raise ValueError(
                f"line {number + 1} is {key!r:.60}, where a key is expected, such as /skydns/org/example/www: keys and "
                "values stand in lines of their own, in turn; `etcdctl get -w json` prints values that have several lines"
            )
        value = lines[number + 1].rstrip("\r") if number + 1 < len(lines) else ""
        yield key, Entry(_octets(value))


def documents(text: str) -> Iterator[Any]:
    """JSON values that stand one after another. Raises ValueError with the place of what is none."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as e:
            raise ValueError(f"line {e.lineno}, column {e.colno}: {e.msg}") from None
        yield value


def _answered(document: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    """The keys in an answer of etcd's, as JSON: keys and values are in base 64."""
    pairs = document.get("kvs") or []
    if not isinstance(pairs, list):
        raise ValueError(f"`kvs` is a list of keys and values, not {pairs!r:.40}")
    for item in pairs:
        try:
            key = b64decode(item["key"], validate=True).decode("utf-8", "surrogateescape")
            yield key, Entry(b64decode(item.get("value", ""), validate=True), int(item.get("lease", 0)))
        except (KeyError, TypeError, AttributeError, ValueError):
            raise ValueError(f"not a key and its value in base 64: {item!r:.60}") from None


def _is_key(key: object) -> bool:
    if not isinstance(key, str) or not key.startswith("/"):
        raise ValueError(f"{key!r:.60} is no key, such as /skydns/org/example/www")
    return True


def _octets(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogateescape")


__all__ = ["Entry", "Etcd", "documents", "load"]
