"""Whether names that no landmark of a plugin tells apart are answered alike."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Any

from corefile import Server
from corefile.chain.landmarks import Below, Exact, Landmark, Pattern
from corefile.dns.names import is_subdomain


def class_of(marks: list[Landmark], name: str) -> tuple[int, ...]:
    """The landmarks that a name is at, below, or matched by: those that have one in common are a class."""
    out = []
    for i, mark in enumerate(marks):
        if isinstance(mark, Exact | Below) and mark.name == name:
            out.append(-i - 1)
        if (isinstance(mark, Below) and is_subdomain(mark.name, name)) or (
            isinstance(mark, Pattern) and is_subdomain(mark.below, name) and re.search(mark.regexp, name)
        ):
            out.append(i)
    return tuple(out)


def names_around(marks: list[Landmark], count: int, prefixes: Iterable[str] = ()) -> list[str]:
    """Names below landmarks, made of their own labels and near misses; every other one with one of the prefixes, which may
    have several labels."""
    draw = random.Random(count)
    bases = [m.name for m in marks if isinstance(m, Exact | Below)] + [m.below for m in marks if isinstance(m, Pattern)]
    pool = sorted({label for name in bases for label in name.split(".") if label} | {"fresh", "x-y"})
    starts = list(prefixes)
    out = []
    for i in range(count):
        name = draw.choice(bases)
        put = starts if starts and i % 2 else pool
        for _ in range(draw.choice((0, 0, 1, 1, 2, 2, 3)) if put is pool else draw.choice((1, 1, 2))):
            name = f"{draw.choice(put)}.{name if name != '.' else ''}"
        out.append(name)
    return out


def told_apart(
    server: Server, directive: str, types: Iterable[str], prefixes: Iterable[str] = (), count: int = 2000
) -> Any:
    """Names of one class that are answered otherwise: type, both names, both answers. Names are made of the landmarks
    of a directive; addresses that a name spells are left out of the comparison."""
    handlers = server.process.instance.sites[0].handlers
    plugin = next(h for h in handlers if h.name == directive)
    marks = plugin.all_landmarks()  # type: ignore[attr-defined]
    first: dict[Any, tuple[str, Any]] = {}
    wrong = []
    for name in names_around(marks, count, prefixes):
        key = class_of(marks, name)
        spelled = any(isinstance(marks[i], Pattern) and "-(" in marks[i].regexp for i in key if i >= 0)  # type: ignore[union-attr]
        for type in types:
            reply = server.query(name, type, trace=False)
            data = sorted((str(rr.type), "" if spelled else str(rr.data)) for rr in reply.answer)
            before = first.setdefault((type, key), (name, (reply.rcode, data)))
            if before[1] != (reply.rcode, data):
                wrong.append((type, name, before[0], (reply.rcode, data), before[1]))
    assert len(first) > 8
    return wrong
