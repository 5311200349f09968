"""The authors of CoreDNS by release, as `chaos` names them: authors.txt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from . import table


@cache
def authors() -> Mapping[str, tuple[str, ...]]:
    """Who they are from each release on, in alphabetical order as bytes; before the first of them there are none.

    >>> "miekg" in authors()["1.5.0"]
    True
    """
    now: set[str] = set()
    found = {}
    for release, *changes in table("authors.txt"):
        for change in changes:
            (now.add if change[0] == "+" else now.discard)(change[1:])
        found[release] = tuple(sorted(now))
    return found


__all__ = ["authors"]
