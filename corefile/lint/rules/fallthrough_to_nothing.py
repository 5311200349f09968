"""fallthrough-to-nothing: `fallthrough` passes names on, and no directive behind it answers.

Why: The chain ends there, and clients get SERVFAIL for names that do not exist, which they ask for again and again, where NXDOMAIN
would tell them. It is not said of the server block of `.`, where SERVFAIL may send clients to their next server.

Fix: Delete `fallthrough`, or add what answers, such as `forward`.

Bad:
    example.org {
        hosts {
            10.0.0.1 a.example.org
            fallthrough
        }
    }

Good:
    example.org {
        hosts {
            10.0.0.1 a.example.org
        }
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...chain.shapes import Answerer, Gate
from ...golang.domains import lower
from ..rule import Mistake
from ..zones import Zones

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Subject, Use

SOME_NAMES = frozenset(("template", "reverse"))
"""Directives that are also asked for types, and for names, which they pass on without a `fallthrough`."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such line, unless it stands in a snippet and passes names on elsewhere."""
    lines = [
        (use, line.words[0].span) for use in subject.uses() for line in [use.first("fallthrough")] if line is not None
    ]
    elsewhere: set[Span] = {span for use, span in lines if not _ends(use)}
    for use, span in lines:
        if span not in elsewhere:
            yield Mistake(
                f"what `{use.name}` passes on is answered by nothing behind it: names that do not exist are SERVFAIL",
                span,
                hint="delete it, so that they are NXDOMAIN, or add what answers them",
            )


def _ends(use: Use) -> bool:
    """Whether names of its server block come to the end of the chain by it."""
    handler, site = use.handler, use.block.site
    if (
        handler is None
        or use.name in SOME_NAMES
        or site.left_out
        or not getattr(getattr(handler, "fall", None), "given", False)
    ):
        return False
    own = [zone for zone in map(lower, site.zones) if any(map(Zones((zone,)).meet, handler.scope.zones))]
    if not own or "." in own or not any(map(Zones(handler.fall.zones).meet, own)):
        return False
    behind = site.handlers[site.handlers.index(handler) + 1 :]
    return not any(isinstance(other, Answerer | Gate) or not other.SIMULATED for other in behind)
