"""Hypothesis strategies for property tests: names, questions, records, messages, zones, Corefiles, and choices.

What a plugin takes comes from its declaration, so a new plugin is drawn as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from .. import plugins, releases
from ..api import build
from ..chain.declare import Argument, Property
from ..chain.shapes import Plugin
from ..chain.types import Duration, Int, Name, OneOf, Type, Zone
from ..dns import rdata
from ..dns.message import Msg, Question
from ..dns.rdata.encodings import ipv6_text
from ..dns.rr import RR
from ..findings import Source
from ..releases.rules import at
from ..world import World
from ..world.cluster import Cluster

LABEL = "abcdefghijklmnopqrstuvwxyz0123456789-_"

labels = st.text(LABEL, min_size=1, max_size=12)
"""One label of a host name, in lower case."""


def names(suffix: str = "") -> st.SearchStrategy[str]:
    """Absolute domain names below `suffix` (default: the root), such as `a.b.example.org.`."""
    tail = suffix if suffix.endswith(".") else suffix + "."
    return st.lists(labels, min_size=1, max_size=4).map(lambda parts: ".".join(parts) + ("." + tail if suffix else "."))


@st.composite
def respelled(draw: st.DrawFn, name: str) -> str:
    """`name` with some of its letters in upper case: the same name to every DNS server."""
    upper = draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    return "".join(c.upper() if u else c for c, u in zip(name, upper, strict=True))


def questions(suffix: str = "") -> st.SearchStrategy[Question]:
    """Questions of class IN for the common types."""
    types = st.sampled_from([1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 65, 255])
    return st.builds(Question, names(suffix), types, st.just(1))


ttls = st.integers(0, 7200)
"""TTLs in seconds, on both sides of the usual bounds."""

addresses = st.ip_addresses(v=4).map(str)
"""IPv4 addresses as text."""


def records(owner: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[RR]:
    """Records of the common types, class IN."""
    owner = names() if owner is None else owner
    return st.one_of(
        st.builds(lambda n, t, a: RR(n, 1, 1, t, (a,)), owner, ttls, addresses),
        st.builds(lambda n, t, a: RR(n, 28, 1, t, (ipv6_text(a.packed),)), owner, ttls, st.ip_addresses(v=6)),
        st.builds(lambda n, t, a: RR(n, 5, 1, t, (a,)), owner, ttls, names()),
        st.builds(lambda n, t, a: RR(n, 2, 1, t, (a,)), owner, ttls, names()),
        st.builds(lambda n, t, p, a: RR(n, 15, 1, t, (p, a)), owner, ttls, st.integers(0, 65535), names()),
        st.builds(
            lambda n, t, b: RR(n, 16, 1, t, tuple(b)),
            owner,
            ttls,
            st.lists(st.binary(max_size=60), min_size=1, max_size=3),
        ),
    )


@st.composite
def messages(draw: st.DrawFn) -> Msg:
    """Replies with records in all sections."""
    msg = Msg(draw(questions()), id=draw(st.integers(0, 65535)), rd=draw(st.booleans()))
    msg.qr = True
    msg.aa, msg.tc, msg.ra, msg.ad, msg.cd = (draw(st.booleans()) for _ in range(5))
    msg.rcode = draw(st.sampled_from([0, 2, 3, 5]))
    for section in (msg.answer, msg.ns, msg.extra):
        section.extend(draw(st.lists(records(), max_size=4)))
    return msg


@st.composite
def zones(draw: st.DrawFn, origin: str = "example.org.") -> str:
    """Zone files for `origin`: an SOA record and records below it."""
    lines = [f"{origin} 3600 IN SOA ns.{origin} hostmaster.{origin} 1 7200 3600 1209600 300"]
    seen: set[str] = set()
    for rr in draw(st.lists(records(names(origin)), max_size=8)):
        # A name with a CNAME record has no other one (RFC 1034 §3.6.2).
        if rr.name not in seen:
            seen.add(rr.name)
            lines.append(rdata.rr_to_text(rr))
    return "\n".join(lines) + "\n"


@st.composite
def choices(draw: st.DrawFn) -> Callable[[Sequence[Any], str], int]:
    """A `choose` for a `World`: Hypothesis draws every random choice, and shrinks towards the first option."""
    data = draw(st.data())

    def choose(options: Sequence[Any], why: str) -> int:
        return data.draw(st.integers(0, len(options) - 1), label=why)

    return choose


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


__all__ = [
    "LABEL",
    "QUIET",
    "addresses",
    "choices",
    "corefiles",
    "directives",
    "labels",
    "messages",
    "names",
    "questions",
    "records",
    "respelled",
    "ttls",
    "values",
    "zones",
]
