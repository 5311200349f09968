"""chaos-never-asked: `chaos` stands in a server block that never gets the names that it answers for.

Why: It answers only for `version.bind`, `version.server`, `authors.bind`, `hostname.bind` and `id.server`, and a server block
gets only the names in its own zones.

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
from ..zones import has_unset

if TYPE_CHECKING:
    from ..subject import Subject, Use

NAMES = ("version.bind.", "version.server.", "authors.bind.", "hostname.bind.", "id.server.")
ZONES = frozenset(zone for name in NAMES for zone in (*suffixes(name), "."))
"""Zones with such a name in them."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each that no server block with it is asked for."""
    uses = [*subject.uses("chaos")]
    asked = {use.head.span for use in uses if _is_asked(use, subject)}
    for use in uses:
        if use.head.span not in asked and use.block.site.zones:
            asked.add(use.head.span)  # which is told once of a snippet
            yield Mistake(
                "`chaos` is never asked: it answers only for `version.bind` and the like, which are in none of the zones here",
                use.head.span,
                hint="put it into the server block of `.`, or into one of `bind server`",
            )


def _is_asked(use: Use, subject: Subject) -> bool:
    """Whether names come to it that it answers for; a `rewrite` may make such of others, and a variable that is not set may
    be the zone of one."""
    begin = use.block.begin
    if use.block.has("rewrite") or (begin is not None and has_unset(begin, subject)):
        return True
    return not ZONES.isdisjoint(map(lower, use.block.site.zones))
