"""Builds of CoreDNS that have plugins of their own: external.txt, and a user's plugin.cfg."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from ..light import NamedTuple
from . import Release, table


class External(NamedTuple):
    """A plugin that CoreDNS does not come with. place: `<forward` right before that directive, `>hosts` right behind
    it, `$` at the end, `?` where no document names one. home: where its code is."""

    name: str
    place: str
    home: str

    def stands(self) -> str:
        """Its place in words; '' where none is known."""
        words = {"<": "before `{}`", ">": "behind `{}`", "$": "at the end", "?": ""}[self.place[0]]
        return words.format(self.place[1:])


@cache
def known() -> Mapping[str, External]:
    """The plugins that are known by name."""
    return {name: External(name, *more) for name, *more in table("external.txt")}


def order_of(plugin_cfg: str) -> list[str]:
    """The directives of a plugin.cfg, in its order. Raises ValueError for a line that is none of it.

    >>> order_of("# order\\nerrors:errors\\nmine:example.org/mine")
    ['errors', 'mine']
    """
    order: list[str] = []
    for number, row, name, package in _rows(plugin_cfg):
        if not (name and package) or len(row.split()) > 2:
            raise ValueError(f"line {number}: `{row}` is not NAME:PACKAGE, as in plugin.cfg")
        if name in order:
            raise ValueError(f"line {number}: `{name}` is there twice")
        order.append(name)
    if not order:
        raise ValueError("it names no plugin")
    return order


def replaced_in(plugin_cfg: str, release: Release) -> list[tuple[str, str]]:
    """The directives of the release that a plugin.cfg builds from somebody else's package, with its path.

    >>> from . import find
    >>> replaced_in("hosts:github.com/me/hosts\\non:github.com/coredns/caddy/onevent", find("1.14.7"))
    [('hosts', 'github.com/me/hosts')]
    """
    named = [(name, package) for _, _, name, package in _rows(plugin_cfg)]
    return [(name, package) for name, package in named if release.has(name) and _is_foreign(package)]


def _rows(plugin_cfg: str) -> Iterator[tuple[int, str, str, str]]:
    """The lines that say something: their number and text, and what stands before and behind the first colon."""
    for number, line in enumerate(plugin_cfg.removeprefix("\ufeff").splitlines(), 1):
        row = line.partition("#")[0].strip()
        if row:
            name, _, package = row.partition(":")
            yield number, row, name.strip(), package.strip()


def _is_foreign(package: str) -> bool:
    return "." in package.partition("/")[0] and not re.match(r"github\.com/(?:coredns|mholt|caddyserver)/", package)


def with_plugins(release: Release, added: Iterable[str] = (), order: Iterable[str] | None = None) -> Release:
    """A release as somebody else has built it.

    added: directives, each with the one that it stands before behind a colon (`dnsredir:forward`). Without one it has
    the place that its documents name (see `known`), or else the last one. order: all directives, as plugin.cfg has them.

    Raises ValueError for a name or a place that is none.

    >>> from . import find
    >>> order = with_plugins(find("1.14.7"), ["records", "mine:errors"]).order
    >>> order[order.index("mine") :][:3]
    ('mine', 'errors', 'log')
    """
    directives = list(release.order if order is None else order)
    for text in added:
        name, colon, before = text.partition(":")
        if not name or not name.isprintable() or set(name) & set('{}" '):
            raise ValueError(f"`{text}` is not NAME or NAME:BEFORE")
        if name in directives:
            continue
        if colon and before not in directives:
            raise ValueError(f"CoreDNS {release} has no directive `{before}` that `{name}` could stand before")
        directives.insert(_index(name, before, directives), name)
    return Release(release.version, release.date, tuple(directives), release.missing, release.build)


def _index(name: str, before: str, directives: list[str]) -> int:
    if before:
        return directives.index(before)
    place = known()[name].place if name in known() else "?"
    if place[1:] in directives:
        return directives.index(place[1:]) + (place[0] == ">")
    return len(directives)


__all__ = ["External", "known", "order_of", "replaced_in", "with_plugins"]
