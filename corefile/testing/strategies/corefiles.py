"""Corefiles, and the directives in them.

What a plugin takes comes from its declaration, so a new plugin is drawn as soon as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hypothesis import strategies as st

from ... import plugins, releases
from ...api import build
from ...chain.declare import Argument, Property
from ...chain.shapes import Plugin
from ...chain.types import Duration, Int, Name, OneOf, Type, Zone
from ...findings import Finding, Source
from ...light import NamedTuple
from ...releases.rules import at
from ...world import World
from ...world.cluster import Cluster
from .names import labels, names
from .samples import SAMPLES, SCHEMES
from .worlds import FILES


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


ONCE = frozenset(("health", "pprof", "prometheus", "ready", "reload", "trace"))
"""Directives that open a port of their own, or belong to the whole process: one in a Corefile is enough."""


def corefiles(
    release: releases.Release = releases.LATEST, plugins: Sequence[str] | None = None
) -> st.SearchStrategy[str]:
    """Corefiles that CoreDNS accepts, with the files and the cluster of `worlds`: a few server blocks, with transports,
    directives in any order, and comments between them. plugins: the directives that there may be; unless given, all in
    `SAMPLES` that the release has. Raises ValueError for one that has no sample, or that the release does not have.

    Lines are made of `SAMPLES`, and each directive and the whole are looked at: what would be refused is left out.
    """
    known = sorted(name for name in SAMPLES if name in release.order)
    chosen = list(known if plugins is None else plugins)
    for name in chosen:
        if name not in known:
            raise ValueError(f"corefiles: CoreDNS {release} has no `{name}`, or it needs what no drawn Corefile has")
    return _blocks(chosen, release).map(lambda blocks: _joined(blocks, release))


NEEDED = ("tls", "kubernetes")
"""Directives that others cannot do without, and stand before them."""

Block = tuple[str, tuple[str, ...]]
"""A server block: its key, and its directives as text."""


@st.composite
def _blocks(draw: st.DrawFn, chosen: list[str], release: releases.Release) -> list[Block]:
    zones = draw(st.lists(_zones, min_size=1, max_size=3, unique=True))
    out: list[Block] = []
    used: set[str] = set()
    for zone in zones:
        picked = draw(st.lists(st.sampled_from(chosen), max_size=6, unique=True))
        scheme = next((SCHEMES[name] for name in picked if name in SCHEMES and name != "tls"), "")
        scheme = scheme or ("tls://" if "tls" in picked else "")
        if scheme and scheme not in ("grpc://", "tls://") and "tls" in chosen and "tls" not in picked:
            picked.append("tls")
        if "k8s_external" in picked and "kubernetes" in chosen and "kubernetes" not in picked:
            picked.append("kubernetes")
        picked.sort(key=lambda name: name not in NEEDED)
        texts: list[str] = []
        for name in picked:
            text = draw(sampled(name, release))
            if name in used & ONCE or (SCHEMES.get(name, scheme) != scheme and name != "tls"):
                continue
            if _accepted(f"{scheme}{zone} {{\n{''.join(texts)}{text}}}\n", release):
                used.add(name)
                texts.append(text)
                if draw(_rarely):
                    texts.append(f"    # {draw(labels)}\n")
        out.append((scheme + zone, tuple(texts)))
    return out


_zones = st.sampled_from((".", "example.org", "corp.example", "10.0.0.0/8", "example.com:5353")) | names().map(
    lambda name: name[:-1]
)
_rarely = st.sampled_from((False, False, True))


@st.composite
def sampled(draw: st.DrawFn, name: str, release: releases.Release = releases.LATEST) -> str:
    """One directive of `SAMPLES`, with some of its lines."""
    sample, cls = SAMPLES[name], plugins.find(name)
    assert cls is not None, name
    unknown = {p.name for p in cls.PROPERTIES if not p.in_release(release)}
    head = f"{name} {draw(st.sampled_from(sample.heads))}".rstrip()
    lines = [line for line in sample.lines if line.split()[0] not in unknown]
    some = draw(st.lists(st.sampled_from(lines), max_size=3, unique_by=lambda line: line.split()[0])) if lines else []
    body = "".join(f"        {line}\n" for line in [*sample.needs, *some])
    return f"    {head} {{\n{body}    }}\n" if body else f"    {head}\n"


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(f"{key} {{\n{''.join(texts)}}}\n" for key, texts in blocks)


def _joined(blocks: list[Block], release: releases.Release) -> str:
    """The Corefile of blocks that are fine by themselves; what does not go together is left out, the last first."""
    while not _accepted(_text(blocks), release):
        key, texts = blocks[-1]
        blocks = [*blocks[:-1], (key, texts[:-1])] if texts else blocks[:-1]
    return _text(blocks)


class Broken(NamedTuple):
    """A Corefile that CoreDNS refuses, the line where it breaks (from 1), and what CoreDNS says."""

    text: str
    line: int
    coredns: str


def broken_corefiles(
    release: releases.Release = releases.LATEST, plugins: Sequence[str] | None = None
) -> st.SearchStrategy[Broken]:
    """Corefiles that CoreDNS refuses, and on which line: those of `corefiles` with a line that has a mistake. The
    arguments are those of `corefiles`."""
    mistakes = st.sampled_from(MISTAKES)
    drawn = st.tuples(corefiles(release, plugins), mistakes, st.integers(0, 9))
    return drawn.map(lambda found: _broken(*found, release)).filter(bool)  # type: ignore[return-value]


MISTAKES = (
    "nosuch",
    "cach 30",
    "debug now",
    "whoami you",
    "cache 30 {\n        sucess 10\n    }",
    "cache -1",
    "bufsize many",
    "reload 1y",
    "loadbalance never",
    "forward .",
    "forward . 10.0.0.53 {\n        policy best\n    }",
    "errors {\n        consolidate\n    }",
    "hosts {\n        ttl -5\n    }",
    "log . {\n        class some\n    }",
    "template IN\n",
    "template IN A {\n        rcode NONE\n    }",
    "acl {\n        permit net 10.0.0.0/8\n    }",
    "rewrite name",
    "health {\n        lameduck soon\n    }",
    "erratic {\n        drop -1\n    }",
    "whoami {",
    "}",
)
"""Directives with a mistake."""


def _broken(text: str, mistake: str, where: int, release: releases.Release) -> Broken | None:
    """The Corefile with a mistake at the end of one of its server blocks; None where that changes nothing."""
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines) if line == "}"]
    at = ends[where % len(ends)]
    broken = "\n".join([*lines[:at], f"    {mistake}", *lines[at:]])
    errors = _built(broken, release)
    if not errors or errors[0].coredns is None:
        return None
    said = re.search(r"\bCorefile:(\d+) - ", errors[0].coredns)
    return Broken(broken, int(said[1]), errors[0].coredns) if said is not None else None


def _accepted(text: str, release: releases.Release) -> bool:
    return not _built(text, release)


@lru_cache(maxsize=4096)
def _built(text: str, release: releases.Release) -> tuple[Finding, ...]:
    """The errors of a Corefile, in a world with the files that drawn Corefiles name."""
    return tuple(build(Source("Corefile", text), release, World(files=FILES, cluster=_NOTHING)).errors)


_NOTHING = Cluster.load([])

__all__ = ["Broken", "broken_corefiles", "corefiles", "directives", "sampled", "values"]
