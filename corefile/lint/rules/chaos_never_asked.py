"""chaos-never-asked: `chaos` stands in a server block that never gets the names that it answers for.

Why: It answers for `version.bind`, `version.server`, `authors.bind`, `hostname.bind` and `id.server` alone, and a server block
gets the names of its own zones alone.

Fix: Put it into the server block of `.`, or into one of `bind` and `server`; or delete it.

Bad:
    example.org {
        chaos
        whoami
    }

Good:
    . {
        chaos
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import suffixes
from ...golang.domains import lower
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject, Use

NAMES = ("version.bind.", "version.server.", "authors.bind.", "hostname.bind.", "id.server.")
ZONES = frozenset(zone for name in NAMES for zone in (*suffixes(name), "."))
"""Zones with such a name in them."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each that no server block with it is asked for."""
    uses = [*subject.uses("chaos")]
    asked = {use.head.span for use in uses if _is_asked(use)}
    for use in uses:
        if use.head.span not in asked and use.block.site.zones:
            asked.add(use.head.span)  # which is told once of a snippet
            yield Mistake(
                f"`chaos` answers for `version.bind` and the like alone, which are no names of `{use.block.site.zones[0]}`",
                use.head.span,
                hint="put it into the server block of `.`, or into one of `bind server`",
            )


def _is_asked(use: Use) -> bool:
    """Whether names come to it that it answers for; a `rewrite` may make such of others."""
    return use.block.has("rewrite") or not ZONES.isdisjoint(map(lower, use.block.site.zones))
