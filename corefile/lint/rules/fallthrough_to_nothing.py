"""fallthrough-to-nothing: `fallthrough` passes names on, and no directive behind it answers.

Why: The chain ends there, and clients get SERVFAIL for names that do not exist. They ask for these again and again, where NXDOMAIN
would tell them. It is not said of the server block of `.`, where SERVFAIL may send clients to their next server.

Fix: Delete `fallthrough`, or add what answers, such as `forward`. Without `fallthrough`, `hosts` answers SERVFAIL, too: it needs
a directive behind it.

Bad:
    cluster.local {
        kubernetes {
            fallthrough
        }
    }

Good:
    cluster.local {
        kubernetes
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...chain.shapes import Answerer, Gate
from ...golang.domains import lower
from ..rule import Mistake
from ..zones import Zones, has_unset

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Block, Subject, Use

SERVFAIL = "hosts"
"""The directive that answers SERVFAIL for what it does not know, rather than NXDOMAIN."""
SOME_NAMES = frozenset(("template", "reverse"))
"""Directives that are also asked for types, and for names, which they pass on without a `fallthrough`."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such line, unless it stands in a snippet and passes names on elsewhere."""
    lines = [
        (use, line.words[0].span) for use in subject.uses() for line in [use.first("fallthrough")] if line is not None
    ]
    blocks = {id(block): _Block(block) for block in {id(use.block): use.block for use, _ in lines}.values()}
    elsewhere: set[Span] = {
        span for use, span in lines if has_unset(span, subject) or not blocks[id(use.block)].ends(use)
    }
    for use, span in lines:
        if span not in elsewhere:
            yield Mistake(
                f"`{use.name}` passes on names that it does not have, and nothing behind it answers: clients get SERVFAIL",
                span,
                hint=f"add what answers them, such as `forward`; without `fallthrough`, `{SERVFAIL}` answers SERVFAIL, too"
                if use.name == SERVFAIL
                else "delete it, and they get NXDOMAIN, or add what answers, such as `forward`",
            )


class _Block:
    """A server block. last: of its directives the last one that may answer, and the `id` of each behind it. known: whether
    names come to the end of the chain by a directive, by its `id`."""

    def __init__(self, block: Block) -> None:
        self.site = block.site
        self.zones = [*map(lower, block.site.zones)]
        self.known: dict[int, bool] = {}
        self.last: set[int] = set()
        for other in reversed(block.site.handlers):
            self.last.add(id(other))
            if isinstance(other, Answerer | Gate) or not other.SIMULATED:
                break

    def ends(self, use: Use) -> bool:
        """Whether names of the server block come to the end of the chain by a directive."""
        handler = use.handler
        if handler is None or use.name in SOME_NAMES or self.site.left_out or id(handler) not in self.last:
            return False
        if id(handler) not in self.known:
            self.known[id(handler)] = getattr(getattr(handler, "fall", None), "given", False) and self._passes(handler)
        return self.known[id(handler)]

    def _passes(self, handler: Any) -> bool:
        """Whether a directive passes on names of the server block that it is asked for."""
        asked = Zones(handler.scope.zones)
        own = [zone for zone in self.zones if asked.meet(zone)]
        return bool(own) and "." not in own and any(map(Zones(handler.fall.zones).meet, own))
