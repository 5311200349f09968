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
from ...world.files import ASSUMED
from ..given import meant
from .mistakes import DECLARED, Mistake, mistaken, mistakes, nothing_known
from .names import labels, names
from .samples import SAMPLES, SCHEMES, Sample
from .worlds import ENV, FILES, STORES


def values(type: Type) -> st.SearchStrategy[str]:
    """Words that an argument of this type takes. Raises TypeError for what is no type."""
    if not isinstance(type, Type):
        raise TypeError(f"values: a type of corefile.plugin is needed, such as Duration(), not {type!r:.60}")
    if isinstance(type, OneOf):
        return st.sampled_from(type.choices)
    if isinstance(type, Int):
        low = 0 if type.min is None else int(type.min)
        return st.integers(low, min(low + 5000, int(type.max) if type.max is not None else low + 5000)).map(str)
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


def directives(name: str, release: releases.Release | str = releases.LATEST) -> st.SearchStrategy[str]:
    """One directive as its declaration allows it, with some of its properties. CoreDNS may still refuse it. release: a
    version, or an image name. Raises ValueError for a directive that does not exist, and (as UnknownRelease) for a release
    that does not."""
    cls: type[Plugin] | None = plugins.find(name)
    if cls is None:
        raise ValueError(f"directives: there is no directive `{name}`{meant(name, plugins.names())}")
    return _declared(name, cls, releases.find(release))


@st.composite
def _declared(draw: st.DrawFn, name: str, cls: type[Plugin], release: releases.Release) -> str:
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

FIRST = ("tls", "kubernetes", "metadata")
"""Directives that others cannot do without, and stand before them."""

MOST_BLOCKS, MOST_DIRECTIVES = 3, 6


def corefiles(
    release: releases.Release | str = releases.LATEST, plugins: Sequence[str] | None = None
) -> st.SearchStrategy[str]:
    """Corefiles that CoreDNS accepts, with the files, the stores, the environment and the cluster of `worlds`: a few server
    blocks, one at least, with transports, directives in any order, and comments between them. release: a version, or an image
    name. plugins: the directives that there may be, with those without which they do nothing; unless given, all that the
    release has. Raises ValueError for one that it does not have, or refuses whatever stands there, and (as UnknownRelease)
    for an unknown release.

    Lines are made of `SAMPLES`, as far as the release takes them, and the whole is looked at: what would be refused is left
    out.
    """
    release = releases.find(release)
    if isinstance(plugins, str):
        raise TypeError(f"corefiles: `plugins` is a list: [{plugins!r}]")
    known = drawn_in(release)
    chosen = tuple(known if plugins is None else plugins)
    for name in chosen:
        if name not in known:
            raise ValueError(f"corefiles: CoreDNS {release} has no `{name}` that it takes{meant(name, known)}")
    return _blocks(chosen, release).map(lambda blocks: _joined(blocks, release))


@lru_cache(maxsize=8)
def drawn_in(release: releases.Release) -> tuple[str, ...]:
    """The directives of a release that Corefiles are made of: all that it does not refuse altogether."""
    return tuple(sorted(name for name in release.order if name in SAMPLES and _stands(name, release)))


@lru_cache(maxsize=4096)
def _stands(name: str, release: releases.Release) -> tuple[str, tuple[str, ...]] | None:
    """What a directive can stand with: words behind it, and lines in its block; None where the release takes none."""
    sample = SAMPLES[name]
    with_one = ((line,) for line in sample.lines)
    found = ((head, lines) for lines in (sample.needs, *with_one) for head in sample.heads)
    return next((one for one in found if _takes(name, *one, release)), None)


@lru_cache(maxsize=1024)
def taken(name: str, release: releases.Release) -> Sample:
    """What a release takes of a sample, each head and each line by itself; without heads where it takes none."""
    sample, stands = SAMPLES[name], _stands(name, release)
    if stands is None:
        return Sample(())
    first, needs = stands
    heads = tuple(head for head in sample.heads if head == first or _takes(name, head, needs, release))
    lines = tuple(line for line in sample.lines if line not in needs and _takes(name, first, (*needs, line), release))
    return Sample(heads, needs, lines, tuple(other for other in sample.beside if other in release.order))


def _takes(name: str, head: str, lines: Sequence[str], release: releases.Release) -> bool:
    found = ((other, _stands(other, release)) for other in SAMPLES[name].beside if other in release.order)
    others = "".join(_directive(other, *stands) for other, stands in found if stands is not None)
    key = f"{SCHEMES.get(name, '')}example.org"
    return _accepted(f"{key} {{\n{others}{_directive(name, head, lines)}}}\n", release)


def _directive(name: str, head: str, lines: Sequence[str]) -> str:
    words = f"{name} {head}".rstrip()
    body = "".join(f"        {line}\n" for line in lines)
    return f"    {words} {{\n{body}    }}\n" if body else f"    {words}\n"


Block = tuple[str, tuple[tuple[str, str], ...]]
"""A server block: its keys, and its directives, each with its name and its text."""


@st.composite
def _blocks(draw: st.DrawFn, chosen: tuple[str, ...], release: releases.Release) -> list[Block]:
    several = st.lists(st.sampled_from(chosen), max_size=MOST_DIRECTIVES, unique=True)
    out: list[Block] = []
    used: set[str] = set()
    again = ""
    for zone in draw(_several_zones):
        picked = [name for name in draw(several) if name not in used & ONCE]
        scheme = next((SCHEMES[name] for name in picked if name in SCHEMES), "")
        picked = [name for name in picked if SCHEMES.get(name, scheme) == scheme or name == "tls"]
        for beside in [other for name in picked for other in taken(name, release).beside]:
            if beside not in picked:
                picked.append(beside)
        picked.sort(key=lambda name: name not in FIRST)
        directives: list[tuple[str, str]] = []
        for name in picked:
            used.add(name)
            directives.append((name, draw(sampled(name, release))))
            if draw(_rarely):
                directives.append(("", f"    # {draw(labels)}\n"))
        key = again or scheme + zone
        again = key if "view" in picked and draw(_rarely) else ""
        out.append((key, tuple(directives)))
    return out


_zones = st.sampled_from(
    (".", "example.org", "corp.example", "10.0.0.0/8", "example.com:5353", "cluster.local in-addr.arpa", ".:1053")
) | names().map(lambda name: name[:-1])
_several_zones = st.lists(_zones, min_size=1, max_size=MOST_BLOCKS, unique=True)
_rarely = st.sampled_from((False, False, False, True))


@lru_cache(maxsize=1024)
def sampled(name: str, release: releases.Release = releases.LATEST) -> st.SearchStrategy[str]:
    """One directive of `SAMPLES`, with some of its lines, as far as the release takes them."""
    heads, needs, lines, _ = taken(name, release)
    some = st.lists(st.sampled_from(lines or ("",)), max_size=3 if lines else 0, unique_by=lambda line: line.split()[0])
    return st.tuples(st.sampled_from(heads), some).map(lambda found: _directive(name, found[0], (*needs, *found[1])))


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(f"{key} {{\n{''.join(text for _, text in directives)}}}\n" for key, directives in blocks)


def _joined(blocks: list[Block], release: releases.Release) -> str:
    """The Corefile of blocks, without what does not go together: the directive that an error is about, or the last one."""
    text = _text(blocks)
    while errors := _built(text, release):
        blocks = _without(blocks, text[: errors[0].span.start].count("\n") if errors[0].span is not None else -1)
        text = _text(blocks)
    return text


def _without(blocks: list[Block], line: int) -> list[Block]:
    """The blocks without the directive in this line of their text; without the last one where there is none in it. At least
    one block is left, and an empty one for the root zone is always accepted."""
    first = 1
    for number, (key, directives) in enumerate(blocks):
        for place, (_, text) in enumerate(directives):
            last = first + text.count("\n")
            if first <= line < last:
                return [*blocks[:number], (key, directives[:place] + directives[place + 1 :]), *blocks[number + 1 :]]
            first = last
        first += 3
    key, directives = blocks[-1]
    return [*blocks[:-1], (key, directives[:-1])] if directives else blocks[:-1] or [(".", ())]


class Broken(NamedTuple):
    """A Corefile that CoreDNS refuses, the line where it breaks (from 1), and what CoreDNS says."""

    text: str
    line: int
    coredns: str


def broken_corefiles(
    release: releases.Release | str = releases.LATEST, plugins: Sequence[str] | None = None
) -> st.SearchStrategy[Broken]:
    """Corefiles that CoreDNS refuses, and on which line: those of `corefiles` with a mistake, which any line of any directive
    may have. It is an unknown directive or property; a directive that is only right as far as it is declared; an argument
    too many, one too few, or one that makes no sense; a line that stands there twice; a brace or a quote that is lost or in
    excess; a key that is no zone, or has a wrong port. The arguments are those of `corefiles`. Where CoreDNS names no line,
    it is that of what it complains of.

    They are refused in any world of `worlds`, and in one that nothing is said of; so no mistake is the name of a file that
    CoreDNS's machine may have."""
    release = releases.find(release)
    return _broken(corefiles(release, plugins), _mistakes(release, plugins), release)


@st.composite
def _broken(
    draw: st.DrawFn,
    corefiles: st.SearchStrategy[str],
    mistakes: st.SearchStrategy[Mistake],
    release: releases.Release,
) -> Broken:
    text = draw(corefiles)
    for number in range(TRIES):
        broken = mistaken(text, draw(nothing_known if number == TRIES - 1 else mistakes))
        found = _found(broken, release)
        if found is not None:
            return found
    raise AssertionError(f"CoreDNS takes an unknown directive in {text!r}")


def _found(text: str, release: releases.Release) -> Broken | None:
    """The first error of a Corefile; None where there is none that has a place, or not the same one in every world."""
    first = _first(_built(text, release), text)
    if first is None:
        return None
    source = Source("Corefile", text)
    others = (_first(build(source, release, world).errors, text) for world in _assuming())
    return first if all(other == first for other in others) else None


def _first(errors: Sequence[Finding], text: str) -> Broken | None:
    """The first error, if it has a place."""
    if not errors or errors[0].coredns is None:
        return None
    said, span = re.search(r"\bCorefile:(\d+) - ", errors[0].coredns), errors[0].span
    if said is None and span is None:
        return None
    line = int(said[1]) if said is not None else text[: span.start if span else 0].count("\n") + 1
    return Broken(text, line, errors[0].coredns)


def with_mistakes(
    release: releases.Release | str = releases.LATEST, plugins: Sequence[str] | None = None
) -> st.SearchStrategy[str]:
    """Corefiles as `corefiles` draws them, with a mistake each, which CoreDNS may take all the same."""
    release = releases.find(release)
    return st.tuples(corefiles(release, plugins), _mistakes(release, plugins)).map(lambda found: mistaken(*found))


def _mistakes(release: releases.Release, plugins: Sequence[str] | None) -> st.SearchStrategy[Mistake]:
    """Any mistake; one is a directive as it is declared, where that alone does not make it right."""
    names = st.sampled_from(tuple(drawn_in(release) if plugins is None else plugins))
    declared = st.tuples(names.flatmap(lambda name: directives(name, release)), st.integers(0, 99))
    return st.one_of(*[mistakes] * 5, declared.map(lambda found: Mistake(DECLARED, found[1], found[0].rstrip())))


TRIES = 4
"""How many mistakes are tried until one is refused, the last of which is an unknown directive."""


def _accepted(text: str, release: releases.Release) -> bool:
    return not _built(text, release)


@lru_cache(maxsize=4096)
def _built(text: str, release: releases.Release) -> tuple[Finding, ...]:
    """The errors of a Corefile, in a world with what drawn Corefiles name, and nothing else."""
    return tuple(build(Source("Corefile", text), release, given()).errors)


@lru_cache(maxsize=8)
def given(listenable: tuple[str, ...] | None = None, loopback: tuple[str, ...] = ()) -> World:
    """A world with what drawn Corefiles name, and nothing else. Nothing runs in it, so that it is the same for all.
    listenable: see `World`; unless given, the machine is not known. loopback: the addresses of its interface `lo`."""
    files = {**ASSUMED, **FILES}
    return World(
        files=files,
        stores=STORES,
        env=ENV,
        cluster=_NOTHING,
        assume=False,
        listenable=listenable,
        interfaces={"lo": loopback} if loopback else None,
    )


_NOTHING = Cluster.load([])


@lru_cache(maxsize=1)
def _assuming() -> tuple[World, ...]:
    """Worlds in which what is not given is assumed: as `worlds` has them, and without anything. Nothing runs in them."""
    return World(files=FILES, stores=STORES, env=ENV), World()


__all__ = [
    "Broken",
    "broken_corefiles",
    "corefiles",
    "directives",
    "drawn_in",
    "given",
    "sampled",
    "taken",
    "values",
    "with_mistakes",
]
