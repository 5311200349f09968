"""The zones that `file` and `auto` have read, for rules about what stands in their files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..findings import Span
from ..language.files import source_of
from ..light import NamedTuple

if TYPE_CHECKING:
    from ..findings import Source
    from .subject import Block, Subject


class Read(NamedTuple):
    """A zone, the path of its file, and the directive that has read it."""

    zone: Any
    path: str
    directive: str
    block: Block

    @property
    def named(self) -> Span:
        """Where the file is named, or else the directive that has found it."""
        uses = self.block.find(self.directive)
        words = [use.words[0] for use in uses if self.directive == "file" and use.words]
        named = [word.span for word in words if self.path.endswith(word.text)]
        return named[0] if named else uses[0].head.span


def zones_read(subject: Subject) -> Iterator[Read]:
    """The first zone of each file of a server block."""
    for block in subject.blocks:
        seen = set()
        for handler in block.site.handlers:
            served: dict[str, Any] = getattr(handler, "served", {}) if handler.name in ("file", "auto") else {}
            for one in served.values():
                if one.path not in seen:
                    seen.add(one.path)
                    yield Read(one.zone, one.path, handler.name, block)


def text_of(path: str, subject: Subject) -> Source:
    """A file's text, for places in it."""
    files = subject.process.world.files
    return source_of(path, files.read(path) or b"", files)


__all__ = ["Read", "text_of", "zones_read"]
