"""From a Corefile to what CoreDNS hands to its plugins: imports, snippets and environment variables put in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ..findings import LIMITS, Finding, Limits, Source, Span
from ..golang.globs import BadPattern
from ..light import NamedTuple
from ..releases import Release
from .files import DictFiles, DiskFiles, Files
from .nodes import ServerBlock
from .reader.automaton import run
from .reader.expanded import Expanded
from .reader.imports import Stop, too_large
from .reader.rules import Rules
from .tree import Tree
from .words import Token, too_many

__all__ = ["BadPattern", "DictFiles", "DiskFiles", "Files", "Program", "ServerBlock", "Token", "expand"]


# core/dnsserver/register.go: what an empty Corefile stands for.
_DEFAULT = ".:53 {\nwhoami\n}\n"
_DEFAULT_WITH_LOG = ".:53 {\nwhoami\nlog\n}\n"


class Program(NamedTuple):
    """A Corefile after expansion.

    findings: in CoreDNS's order; the first error is the one that CoreDNS would print. sources: the Corefile and the
    files that it imports. unknown: imports of files that are not here, but may be on CoreDNS's machine, each with the
    number of the server block that it stands in (None outside of all). patterns: those of server blocks by a pattern
    whose folder is not here, so that it brings nothing, and may bring something there. left_out: directives, by the number
    of the server block and their name, that are not read, and what they do is not known.
    """

    blocks: tuple[ServerBlock, ...]
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    unknown: tuple[tuple[int | None, Span], ...] = ()
    patterns: tuple[tuple[int | None, Span], ...] = ()
    left_out: frozenset[tuple[int, str]] = frozenset()


def expand(
    source: Source | Tree, *, release: Release, environ: Mapping[str, str], files: Files, limits: Limits = LIMITS
) -> Program:
    """What CoreDNS makes of a Corefile before its plugins see it.

    Never raises for a bad Corefile: the findings say what is wrong. An empty one is CoreDNS's default.
    """
    main = source if isinstance(source, Source) else source.source
    beyond = too_many(main.text, limits.words)
    if beyond is not None:
        return Program((), (too_large(Span(main, beyond, beyond + 1), limits),), ())
    program = _read(main, release, environ, files, limits)
    if program.blocks or any(finding.severity == "error" for finding in program.findings):
        return program
    text = _DEFAULT_WITH_LOG if Rules.of(release).default_logs else _DEFAULT
    default = _read(Source("<default>", text), release, environ, files, limits)
    return program._replace(blocks=default.blocks)


def _read(main: Source, release: Release, environ: Mapping[str, str], files: Files, limits: Limits) -> Program:
    reader = Expanded(main, release, environ, files, limits)
    with suppress(Stop):
        run(reader)
    sources = (main, *reader.imports.sources.values())
    imports = reader.imports
    program = Program(tuple(reader.blocks()), tuple(reader.findings), sources)
    if not imports.unknown and not imports.patterns:
        return program
    places = (at for at, item in enumerate(reader.values[0]) if isinstance(item, ServerBlock) and item.keys)
    numbers: dict[int | None, int | None] = {None: None, **{at: number for number, at in enumerate(places)}}
    return program._replace(
        unknown=tuple((numbers[at], span) for at, span in imports.unknown if at in numbers),
        patterns=tuple((numbers[at], span) for at, span in imports.patterns if at in numbers),
    )
