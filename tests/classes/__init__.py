"""Whether names that no landmark of a plugin tells apart are answered alike."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Any

from corefile import Server
from corefile.chain.landmarks import Below, Computed, Exact, Landmark, Pattern
from corefile.dns.names import is_subdomain


def class_of(marks: list[Landmark], name: str) -> tuple[Any, ...]:
    """The landmarks that a name is at, below, or matched by: those that have one in common are a class. The name that a pattern
    is for is a place, too."""
    out: list[Any] = []
    for i, mark in enumerate(marks):
        if isinstance(mark, Computed) and is_subdomain(mark.below, name):
            out.append((i, mark.value(name)))
        place = mark.below if isinstance(mark, Pattern) else mark.name if isinstance(mark, Exact | Below) else None
        if place == name:
            out.append(("at", name))
        if place is not None and is_subdomain(place, name):
            out.append(("below", place))
            if isinstance(mark, Pattern) and re.search(mark.regexp, name):
                out.append(i)
    return tuple(dict.fromkeys(out))


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
    of a directive; addresses and names that a name spells are left out of the comparison."""
    handlers = server.process.instance.sites[0].handlers
    plugin = next(h for h in handlers if h.name == directive)
    marks = plugin.all_landmarks()  # type: ignore[attr-defined]
    first: dict[Any, tuple[str, Any]] = {}
    wrong = []
    for name in names_around(marks, count, prefixes):
        key = class_of(marks, name)
        matched = [marks[i] for i in key if isinstance(i, int)]
        spelled = any(isinstance(mark, Pattern) and "-(" in mark.regexp for mark in matched)
        for type in types:
            reply = server.query(name, type, trace=False)
            own = {str((f"{x}.",)) for label in (*name.split("."), "*") for x in (label, label.replace("-", ":"))}
            data = sorted((str(rr.type), "" if spelled or str(rr.data) in own else str(rr.data)) for rr in reply.answer)
            before = first.setdefault((type, key), (name, (reply.rcode, data)))
            if before[1] != (reply.rcode, data):
                wrong.append((type, name, before[0], (reply.rcode, data), before[1]))
    assert len(first) > 8
    return wrong
