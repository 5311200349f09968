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
from ..zones import FORWARDS, RENAME, Zones, has_unset, zones_of

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Block, Subject, Use

LAST = ("whoami", "erratic")
"""Directives that are asked for what all others pass on."""
LEAVES = ("except", "next", "fallthrough")
"""Properties with which a directive passes names on."""
TAKES = FORWARDS | {"file", "secondary", "kubernetes", "etcd", "azure"}
"""Directives that, without such a property, pass on none of the names in their zones. Others do: `hosts` passes on addresses that
it does not have (PTR), and `k8s_external`, `route53` and `clouddns` all names, in some releases."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each that is behind such a directive, unless it stands in a snippet and is asked elsewhere."""
    before: list[tuple[Use, tuple[str, Span] | None]] = []
    for block in subject.blocks:
        if block.has("template", *LAST):
            chain = _Chain(block, subject)
            before += [(use, chain.before(use)) for use in block.uses if _answers(use)]
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


def _answers(use: Use) -> bool:
    return use.name in LAST or (use.name != "template" and isinstance(use.handler, Answerer))


class _Chain:
    """The directives of a server block in the order in which they are asked. zones: those that questions are for. places: of
    each directive in it, by its `id`. template: the one that takes all questions. first: the place of the first `template`.
    taking: what is known of those in `LAST`."""

    def __init__(self, block: Block, subject: Subject) -> None:
        handlers = block.site.handlers
        self.block = block
        self.subject = subject
        self.zones = ["."] if block.has(*RENAME) else [*map(lower, block.site.zones)]
        self.places = {id(handler): place for place, handler in enumerate(handlers)}
        self.template = next((use for use in block.find("template") if self._takes_all(use)), None)
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
            self.taking[place] = self._taking(place)
        taking = self.taking[place]
        return None if taking is None else (taking.name, taking.span)

    def _takes_all(self, use: Use) -> bool:
        """Whether a `template` is for all types and all names."""
        words = [word.text.upper() for word in use.words[:2]]
        if len(words) < 2 or words[1] != "ANY" or words[0] not in ("IN", "ANY") or use.first("match") is not None:
            return False
        return bool(self.zones) and all(map(Zones(zones_of(use, self.subject)).cover, self.zones))

    def _taking(self, place: int) -> Any:
        """The last of the directives before a place that pass none of the names on."""
        handlers: list[Any] = self.block.site.handlers
        by_span = {use.head.span: use for use in self.block.uses}
        count = Counter(use.name for use in self.block.uses)
        for other in reversed(handlers[:place]):
            use = by_span.get(other.span)
            if use is None or not other.SIMULATED or other.name not in TAKES or count[other.name] > 1:
                continue
            if other.scope.minus or any(map(use.first, LEAVES)) or has_unset(use.head, self.subject):
                continue
            if self.zones and all(map(Zones(other.scope.zones).cover, self.zones)):
                return other
        return None
