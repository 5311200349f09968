"""directive-as-zone: a directive stands outside of the server blocks, and CoreDNS takes it for a zone.

Why: The first word of a server block is its zone: a server for the zone `errors.` is started, and the directive does
nothing.

Fix: Put the directives into a server block, `.:53 { ... }` for all names.

Bad:
    errors
    forward . 10.0.0.53

Good:
    .:53 {
        errors
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake
from ..subject import properties_of

if TYPE_CHECKING:
    from ..subject import Block, Subject

STRUCTURE = True


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each server block whose first zone has the name of a directive."""
    for block in subject.blocks:
        key = block.node.keys[0]
        if subject.release.has(key.text) and not key.quoted and not _zone(block):
            yield Mistake(
                f"`{key.text}` stands outside of a server block: CoreDNS takes it for the zone `{key.text}.`",
                key.span,
                hint="write `.:53 {` above the directives, and `}` below them",
            )


def _zone(block: Block) -> bool:
    """Whether it is meant as a zone, such as `local`: there are directives in its braces that are no properties of it."""
    own = properties_of(block.node.keys[0].text)
    return block.node.opening is not None and bool(block.directives) and own.isdisjoint(block.directives)
