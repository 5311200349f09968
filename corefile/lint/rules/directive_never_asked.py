"""directive-never-asked: a directive stands behind one that takes every question of the server block.

Why: CoreDNS asks the directives of a server block in the order of its plugin.cfg, whatever the order in the Corefile is. `template`
is one of the first: for all types and without a `match`, it answers in the place of all behind it, `hosts` included. `whoami` and
`erratic` are the last: what passes nothing on, such as `forward .`, or `file` without a `fallthrough`, leaves them nothing.

Fix: Delete one of the two, put it into a server block of its own, or give the `template` zones or a `match`.

Bad:
    . {
        whoami
        forward . 10.0.0.53
    }

Good:
    . {
        forward . 10.0.0.53
    }
    whoami.example {
        whoami
    }
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...chain.shapes import Answerer
from ...golang.domains import lower
from ..rule import Mistake
from ..zones import FORWARDS, Zones, named, zone_words

if TYPE_CHECKING:
    from ...findings import Span
    from ...releases import Release
    from ..subject import Block, Subject, Use

LAST = ("whoami", "erratic")
"""Directives that are asked for what all others pass on."""
LEAVES = ("except", "next", "fallthrough")
"""Properties with which a directive passes names on."""
SOME = frozenset(("template", "chaos", "any", "auto"))
"""Directives that pass on what is not of their types, or whose zones are not known, whatever their `fall` is."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each that is behind such a directive, unless it stands in a snippet and is asked elsewhere."""
    chains = {id(block): _Chain(block, subject.release) for block in subject.blocks if block.has("template", *LAST)}
    before = [(use, chains[id(use.block)].before(use)) for use in _answering(subject)]
    asked = {use.head.span for use, taking in before if taking is None}
    for use, taking in before:
        if taking is not None and use.head.span not in asked:
            asked.add(use.head.span)
            name, span = taking
            what = "question" if name == "template" else "name"
            yield Mistake(
                f"`{use.name}` is never asked: `{name}` is before it, and takes every {what} of the server block",
                use.head.span,
                hint="give the `template` zones or a `match`, or delete one of them"
                if name == "template"
                else "delete it, or put it into a server block of its own",
                related=((span, f"takes every {what}"),),
            )


def _answering(subject: Subject) -> list[Use]:
    """The uses of directives that answer, of which others may take the questions."""
    wanted = [block for block in subject.blocks if block.has("template", *LAST)]
    return [
        use
        for block in wanted
        for use in block.uses
        if use.name not in SOME and (use.name in LAST or isinstance(use.handler, Answerer))
    ]


class _Chain:
    """The directives of a server block in the order in which they are asked. places: of each in it, by its `id`. template: the
    one that takes all questions. first: the place of the first `template`. taking: what is known of those in `LAST`."""

    def __init__(self, block: Block, release: Release) -> None:
        handlers = block.site.handlers
        self.block = block
        self.places = {id(handler): place for place, handler in enumerate(handlers)}
        self.template = _takes_all(block, release)
        self.first = next((n for n, other in enumerate(handlers) if other.name == "template"), len(handlers))
        self.taking: dict[int, Any] = {}

    def before(self, use: Use) -> tuple[str, Span] | None:
        """The name and the place of what takes all questions that would come to a directive."""
        handler = use.handler
        if handler is None:
            return None
        place = self.places[id(handler)]
        if self.template is not None and self.first < place:
            return self.template.name, self.template.head.span
        if use.name not in LAST:
            return None
        if place not in self.taking:
            self.taking[place] = _taking(self.block, place)
        taking = self.taking[place]
        return None if taking is None else (taking.name, taking.span)


def _takes_all(block: Block, release: Release) -> Use | None:
    """The `template` that is for all types and all names of a server block."""
    own = [*map(lower, block.site.zones)]
    for use in block.find("template"):
        words = [word.text for word in use.words]
        zones = [zone.lower() for word in zone_words(use, release) for zone in named(word, release)] or own
        if len(words) < 2 or words[1].upper() != "ANY" or words[0].upper() not in ("IN", "ANY") or not own:
            continue
        if use.first("match") is None and all(map(Zones(zones).cover, own)):
            return use
    return None


def _taking(block: Block, place: int) -> Any:
    """The last of the directives before a place that pass none of the names of the block on."""
    handlers: list[Any] = block.site.handlers
    zones = [*map(lower, block.site.zones)]
    by_span = {use.head.span: use for use in block.uses}
    count = Counter(use.name for use in block.uses)
    for other in reversed(handlers[:place]):
        use = by_span.get(other.span)
        if use is None or not other.SIMULATED or other.name in SOME or any(map(use.first, LEAVES)):
            continue
        if other.name not in FORWARDS and not hasattr(other, "fall"):
            continue
        if other.scope.minus or not zones or count[other.name] > 1:
            continue
        if all(map(Zones(other.scope.zones).cover, zones)):
            return other
    return None
