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
NOT_ASKED = frozenset(("log", "tsig", "acl", "metadata", "auto", "sign"))
"""Directives whose zones are no matter of who answers."""
READ_BY = {"kubernetes": "k8s_external"}
"""Directives whose objects another directive of the server block answers with, whatever their zones are."""
LAST = "transfer"
"""A directive that is about zones of others: theirs are told first."""


class _Owners:
    """Which server block gets the names of a zone, of those that listen at the same place."""

    def __init__(self, subject: Subject) -> None:
        self.zones: dict[tuple[object, ...], dict[str, tuple[Block, Span]]] = {}
        self.block: Block | None = None  # that of the last question, with its zones and what others have at its place
        self.own: set[str] = set()
        self.above: set[str] = set()
        self.known: dict[str, tuple[Block, Span]] = {}
        for block in subject.blocks if len(subject.blocks) > 1 else ():
            if block.has("view"):
                continue  # it leaves some names to others
            for place, zone, span in self._keys(block):
                self.zones.setdefault(place, {}).setdefault(zone, (block, span))

    @staticmethod
    def _keys(block: Block) -> Iterator[tuple[tuple[object, ...], str, Span]]:
        site = block.site
        for key, span in zip(site.keys, site.key_spans, strict=True):
            yield (key.transport, key.port, *site.listen_hosts), lower(key.zone), span

    def other(self, block: Block, zone: str) -> Span | None:
        """The zone of another block that gets all names of a zone in place of this one; None where there is none."""
        if not self.zones:
            return None
        if block is not self.block:
            self.block, keys = block, list(self._keys(block))
            self.own = {key for _, key, _ in keys}
            self.above = {above for key in self.own for above in suffixes(key)}
            places = {place for place, _, _ in keys}
            self.known = self.zones.get(places.pop(), {}) if len(places) == 1 else {}
        nearest = next((above for above in suffixes(zone) if above in self.known or above in self.own), "")
        if nearest in self.own or nearest not in self.known or zone in self.above:
            return None
        return self.known[nearest][1]


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each directive with such zones."""
    owners: _Owners | None = None
    for block in subject.blocks:
        if block.has(*RENAME):
            continue
        own, words = Zones(map(lower, block.site.zones)), block.node.keys
        keys = " ".join(key.text for key in words[:3])
        told = False
        for use in sorted(block.uses, key=lambda use: use.name == LAST):
            if use.name in NOT_ASKED or (use.name == LAST and told) or block.has(READ_BY.get(use.name, "")):
                continue
            out, elsewhere = [], []
            for word in zone_words(use, subject.release) if own else ():
                zones = named(word, subject.release)
                if zones and not any(map(own.meet, zones)):
                    out.append(word)
                elif zones and "." not in zones:
                    owners = owners or _Owners(subject)
                    if all(owners.other(block, lower(zone)) is not None for zone in zones):
                        elsewhere.append(word)
            if elsewhere and not out and owners is not None:
                told = True
                other = owners.other(block, lower(named(elsewhere[0], subject.release)[0]))
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
