"""From a Corefile to what CoreDNS hands to its plugins: imports, snippets and environment variables put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Finding, Source
from ..golang.globs import BadPattern
from ..releases import LATEST, Release
from .files import DictFiles, DiskFiles, Files
from .reader import Reader, ServerBlock
from .words import Token

if TYPE_CHECKING:
    from .tree import Tree

__all__ = ["BadPattern", "DictFiles", "DiskFiles", "Files", "Program", "ServerBlock", "Token", "expand"]


class Program(NamedTuple):
    """A Corefile after expansion.

    findings: in CoreDNS's order; the first error is the one that CoreDNS would print. sources: the Corefile and the
    files that it imports.
    """

    blocks: tuple[ServerBlock, ...]
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]


def expand(source: Source | Tree, *, release: Release, environ: Mapping[str, str], files: Files) -> Program:
    """What CoreDNS makes of a Corefile before its plugins see it.

    Never raises for a bad Corefile: the findings say what is wrong. An empty one is CoreDNS's default.
    """
    main = source if isinstance(source, Source) else source.source
    reader = Reader(main, release, environ, files)
    blocks = reader.read()
    if not blocks and not any(finding.severity == "error" for finding in reader.findings):
        blocks = _default(release, environ, files)
    return Program(tuple(blocks), tuple(reader.findings), (main, *reader.sources.values()))


def _default(release: Release, environ: Mapping[str, str], files: Files) -> list[ServerBlock]:
    """core/dnsserver/register.go: whoami on port 53; with log since CoreDNS 1.6.4 (pull request 3269)."""
    text = ".:53 {\nwhoami\nlog\n}\n" if release >= "1.6.4" else ".:53 {\nwhoami\n}\n"
    return Reader(Source("<default>", text), release, environ, files).read()


def structure(source: Source) -> tuple[Finding, ...]:
    """What is wrong with the words and braces of a Corefile that stands alone, whatever directives there may be."""
    reader = Reader(source, _AnyDirective(LATEST.version, LATEST.date, ()), {}, DictFiles())
    reader.read()
    return tuple(finding for finding in reader.findings if finding.severity == "error")


class _AnyDirective(Release):
    def has(self, directive: str) -> bool:
        return True
