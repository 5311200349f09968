"""Corefiles, and the directives in them.

What a plugin takes comes from its declaration, so a new plugin is drawn as soon as it is there.
"""

from __future__ import annotations

from hypothesis import strategies as st

from ... import plugins, releases
from ...api import build
from ...chain.declare import Argument, Property
from ...chain.shapes import Plugin
from ...chain.types import Duration, Int, Name, OneOf, Type, Zone
from ...findings import Source
from ...releases.rules import at
from ...world import World
from ...world.cluster import Cluster
from .names import labels, names


def values(type: Type) -> st.SearchStrategy[str]:
    """Words that an argument of this type takes."""
    if isinstance(type, OneOf):
        return st.sampled_from(type.words)
    if isinstance(type, Int):
        low = 0 if type.min is None else type.min
        return st.integers(low, min(low + 5000, type.max if type.max is not None else low + 5000)).map(str)
    if isinstance(type, Duration):
        return st.integers(1, 120).map(lambda n: f"{n}s")
    if isinstance(type, (Zone, Name)):
        return names().map(lambda n: n[:-1])
    return st.just(type.example)


@st.composite
def _line(draw: st.DrawFn, name: str, args: tuple[Argument, ...], release: releases.Release) -> str:
    words = [name]
    for a in args:
        if a.since is not None and release < a.since:
            continue
        if a.many:
            words += draw(st.lists(values(a.type), min_size=int(a.required), max_size=2))
        elif a.required or draw(st.booleans()):
            words.append(draw(values(a.type)))
        else:
            break
    return " ".join(words)


@st.composite
def directives(draw: st.DrawFn, name: str, release: releases.Release = releases.LATEST) -> str:
    """One directive as its declaration allows it, with some of its properties. CoreDNS may still refuse it."""
    cls: type[Plugin] | None = plugins.find(name)
    assert cls is not None, name
    head = draw(_line(name, cls.ARGUMENTS, release))
    known: list[Property] = [p for p in cls.PROPERTIES if p.in_release(release)]
    if not known or not at(cls.READS.block, release):
        return f"    {head}\n"
    chosen = draw(st.lists(st.sampled_from(known), max_size=3, unique_by=lambda p: p.name))
    if not chosen:
        return f"    {head}\n"
    lines = [f"        {draw(_line(p.name, p.args, release))}\n" for p in chosen]
    return f"    {head} {{\n" + "".join(lines) + "    }\n"


QUIET = (
    "cache",
    "debug",
    "erratic",
    "errors",
    "health",
    "hosts",
    "loadbalance",
    "log",
    "metadata",
    "prometheus",
    "ready",
    "template",
    "whoami",
)
"""Directives that need nothing from outside the Corefile."""


@st.composite
def corefiles(draw: st.DrawFn, release: releases.Release = releases.LATEST) -> str:
    """Corefiles that CoreDNS accepts: a few server blocks with directives in any order, comments between them."""
    blocks = draw(st.lists(names(), min_size=1, max_size=3, unique=True))
    known = [n for n in QUIET if n in release.order and plugins.find(n) is not None]
    out: list[str] = []
    for zone in blocks:
        parts: list[str] = []
        for name in draw(st.lists(st.sampled_from(known), max_size=5, unique=True)):
            text = draw(directives(name, release))
            if _accepted("\n".join([*out, f"{zone} {{\n{''.join(parts)}{text}}}\n"]), release):
                parts.append(text)
            if draw(st.booleans()):
                parts.append(f"    # {draw(labels)}\n")
        out.append(f"{zone} {{\n" + "".join(parts) + "}\n")
    return "\n".join(out)


def _accepted(text: str, release: releases.Release) -> bool:
    return not build(Source("Corefile", text), release, World(cluster=Cluster.load([]))).errors


__all__ = ["QUIET", "corefiles", "directives", "values"]
