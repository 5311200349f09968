"""What a rule looks at: a Corefile that CoreDNS starts with, as it was written, and the server that was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..chain.process import MARK, Process
from ..language.expand import Program, expand
from ..language.words import words
from ..light import regex
from ..plugins import find

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.site import Site
    from ..findings import Source, Span
    from ..language.keys import Zone
    from ..language.nodes import Directive, ServerBlock
    from ..language.words import Token
    from ..releases import Release
    from ..world import World


BARE = regex(r"^[ \t\ufeff]*\{(?!\S)", re.M)
"""A `{` at the start of a line."""


def properties_of(directive: str) -> frozenset[str]:
    """The names of the properties of a directive, of all releases; none for one that is not known."""
    cls = find(directive)
    return frozenset() if cls is None else frozenset(each.name for each in cls.PROPERTIES)


class Use:
    """A directive where it stands: its name, in which server block, and its line with all that is in its braces. zones: the
    words behind it that are zones, once `zones.zone_words` has found them."""

    def __init__(self, name: str, block: Block, line: Directive) -> None:
        self.name = name
        self.block = block
        self.line = line
        self.zones: tuple[Token, ...] | None = None

    @property
    def head(self) -> Token:
        """The word that names it."""
        return self.line.words[0]

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """What stands behind its name."""
        return self.line.arguments

    @cached_property
    def lines(self) -> tuple[Directive, ...]:
        """The lines in its braces."""
        block = self.line.block
        return () if block is None else block.properties

    def first(self, name: str) -> Directive | None:
        """The first line of that name in its braces."""
        return next((line for line in self.lines if line.name == name), None)

    @property
    def handler(self) -> Any:
        """The plugin that was made of it; None where there is none, where it is not simulated, and for one of several lines
        that begins elsewhere."""
        return self.block.handlers.get(self.head.span)


class Block:
    """A server block. uses: its directives. site: what was made of it."""

    def __init__(self, node: ServerBlock, site: Site) -> None:
        self.node = node
        self.site = site
        self.uses = tuple(Use(line.name, self, line) for line in node.lines)
        self.directives = frozenset(use.name for use in self.uses)

    @cached_property
    def keys(self) -> list[tuple[Zone, Token]]:
        """Its zones, each with the word that names it."""
        words = {key.span: key for key in self.node.keys}
        return [(zone, words[span]) for zone, span in zip(self.site.keys, self.site.key_spans, strict=True)]

    @cached_property
    def begin(self) -> Token | None:
        """The first of its zones; None of a server block without one."""
        return next(iter(self.node.keys), None)

    @cached_property
    def handlers(self) -> dict[Span, Any]:
        """The plugins that were made of its directives, by the places of these; those that are simulated."""
        return {handler.span: handler for handler in reversed(self.site.handlers) if handler.SIMULATED}

    def has(self, *directives: str) -> bool:
        """Whether it has one of these directives."""
        return not self.directives.isdisjoint(directives)

    def find(self, *directives: str) -> list[Use]:
        """The uses of these directives."""
        return [use for use in self.uses if use.name in directives] if self.has(*directives) else []


class Subject:
    """A Corefile as rules see it.

    process: CoreDNS with it, started. blocks: its server blocks, in order. release: of CoreDNS. source: the Corefile.
    """

    def __init__(self, source: Source, release: Release, world: World, program: Program | None = None) -> None:
        """program: what the Corefile says, if it has been read already."""
        if MARK in source.text:
            from ..world.node_cache import filled

            source, _ = filled(source, world)
        self.source = source
        self.release = release
        self.program: Program = program or expand(
            source, release=release, environ=world.env, files=world.files, limits=world.limits
        )
        self.process = Process(source, release, world, find, self.program)

    @cached_property
    def server(self) -> Server:
        """The process as a server, for questions to it."""
        from ..api import serving

        return serving(self.process)

    @cached_property
    def blocks(self) -> list[Block]:
        """The server blocks."""
        return [Block(*pair) for pair in zip(self.program.blocks, self.process.instance.sites, strict=True)]

    @cached_property
    def without_zone(self) -> list[Span]:
        """The `{` of server blocks before which no zone stands, which are none to CoreDNS."""
        return [span for source in self.program.sources if BARE.search(source.text) for span in _without_zone(source)]

    @cached_property
    def directives(self) -> frozenset[str]:
        """The directives of the Corefile."""
        return frozenset().union(*(block.directives for block in self.blocks))

    def uses(self, *directives: str) -> Iterator[Use]:
        """The uses of these directives, in all server blocks; of all, without any."""
        for block in self.blocks:
            yield from block.find(*directives) if directives else block.uses

    @cached_property
    def by_place(self) -> dict[Span, Use]:
        """A use by the place of the word that names it; of a snippet's, the one of its first import."""
        return {use.head.span: use for use in reversed([*self.uses()])}


def _without_zone(source: Source) -> Iterator[Span]:
    depth, begins = 0, True
    for word in words(source):
        if word.quoted or word.text not in ("{", "}"):
            begins = begins and depth > 0
            continue
        if word.text == "{":
            if depth == 0 and begins:
                yield word.span
            depth, begins = depth + 1, False
        else:
            depth -= 1
            begins = depth == 0


__all__ = ["Block", "Subject", "Use", "properties_of"]
