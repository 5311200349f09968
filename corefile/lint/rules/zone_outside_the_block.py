"""zone-outside-the-block: a directive is for a zone that lies outside of its server block.

Why: The block gets the names of its own zones alone, so that the directive is never asked for that one.

Fix: Name the zone before the `{` of the server block too, or put the directive into a block of that zone.

Bad:
    lan.example {
        file db.10 10.in-addr.arpa
    }

Good:
    lan.example 10.in-addr.arpa {
        file db.10 10.in-addr.arpa
    }

World:
    files:
      db.10: "@ 60 SOA ns.example. host.example. 1 7200 3600 1209600 300"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import suffixes
from ...golang.domains import lower
from ..rule import Mistake
from ..zones import Zones, named, zone_words

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Block, Subject

RENAME = ("rewrite", "autopath")
"""Directives that ask those behind them for names of other zones."""
NOT_ASKED = frozenset(("log", "tsig", "acl", "metadata", "auto"))
"""Directives whose zones are no matter of who answers."""
LAST = "transfer"
"""A directive that is about zones of others: theirs are told first."""


class _Taken:
    """Which zones within a block's own are those of other blocks that listen at the same places."""

    def __init__(self, subject: Subject, block: Block) -> None:
        site = block.site
        self.own = {lower(key.zone) for key in site.keys}
        at = {(key.transport, key.port) for key in site.keys}
        self.others: dict[str, Span] = {}
        if len(at) != 1 or len(subject.blocks) < 2:
            return
        for other in subject.blocks:
            if other is block or other.has("view") or other.site.listen_hosts != site.listen_hosts:
                continue
            for key, span in zip(other.site.keys, other.site.key_spans, strict=True):
                if (key.transport, key.port) in at:
                    self.others.setdefault(lower(key.zone), span)

    def by(self, zone: str) -> Span | None:
        """The zone of another block that has all names of a zone; None where they are the block's own."""
        nearest = next((above for above in suffixes(zone) if above in self.others or above in self.own), "")
        if nearest in self.own or nearest not in self.others:
            return None
        return None if any(own.endswith(f".{zone}") for own in self.own) else self.others[nearest]


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each directive with such zones."""
    for block in subject.blocks:
        if block.has(*RENAME):
            continue
        own, words = Zones(map(lower, block.site.zones)), block.node.keys
        keys = " ".join(key.text for key in words[:3])
        told = False
        taken = _Taken(subject, block)
        for use in sorted(block.uses, key=lambda use: use.name == LAST):
            if use.name in NOT_ASKED or (use.name == LAST and told):
                continue
            out, elsewhere = [], []
            for word in zone_words(use, subject.release) if own else ():
                zones = named(word, subject.release)
                if zones and not any(map(own.meet, zones)):
                    out.append(word)
                elif zones and all(zone != "." and taken.by(lower(zone)) is not None for zone in zones):
                    elsewhere.append(word)
            if elsewhere and not out:
                told = True
                other = taken.by(lower(named(elsewhere[0], subject.release)[0]))
                yield Mistake(
                    f"another server block gets the names of `{elsewhere[0].text}`, so `{use.name}` is not asked for them",
                    elsewhere[0].span,
                    related=() if other is None else ((other, "this one gets them"),),
                    hint="put it into that block",
                )
            if out:
                told = True
                names = [f"`{word.text}`" for word in out]
                said = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
                yield Mistake(
                    f"the server block `{keys}` never gets names of {said}, so `{use.name}` is not asked for them",
                    out[0].span,
                    related=(
                        *((word.span, "nor of this one") for word in out[1:]),
                        (words[0].span, "the zone of the block"),
                    ),
                    hint=f"add {said} to the zones of the block",
                )
