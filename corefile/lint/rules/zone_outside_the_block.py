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
from typing import TYPE_CHECKING, TypeAlias

from ...dns.names import suffixes
from ...golang.domains import lower
from ..rule import Mistake
from ..zones import RENAME, Zones, named, zone_words

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Block, Subject

NOT_ASKED = frozenset(("log", "tsig", "acl", "metadata", "auto", "sign"))
"""Directives whose zones are no matter of who answers."""
READ_BY = {"kubernetes": "k8s_external"}
"""Directives whose objects another directive of the server block answers with, whatever their zones are."""
LAST = "transfer"
"""A directive that is about zones of others: theirs are told first."""


Place: TypeAlias = "tuple[object, ...]"
"""Where a server block listens with one of its zones: the transport, the port and the addresses."""


def _keys(block: Block) -> Iterator[tuple[Place, str, Span]]:
    site = block.site
    for key, span in zip(site.keys, site.key_spans, strict=True):
        yield (key.transport, key.port, *site.listen_hosts), lower(key.zone), span


def _zones_by_place(subject: Subject) -> dict[Place, dict[str, Span]]:
    """The zones of all server blocks; none of a single one, nor of a block with a `view`, which leaves names to others."""
    found: dict[Place, dict[str, Span]] = {}
    for block in subject.blocks if len(subject.blocks) > 1 else ():
        for place, zone, span in () if block.has("view") else _keys(block):
            found.setdefault(place, {}).setdefault(zone, span)
    return found


class _Others:
    """The zones of other server blocks at the place of one."""

    def __init__(self, block: Block, zones: dict[Place, dict[str, Span]]) -> None:
        keys = list(_keys(block))
        places = {place for place, _, _ in keys}
        self.own = {zone for _, zone, _ in keys}
        self.above = {above for zone in self.own for above in suffixes(zone)}
        self.known = zones.get(places.pop(), {}) if len(places) == 1 else {}

    def taking(self, zone: str) -> Span | None:
        """The zone of another block that gets all names of a zone in place of this one; None where there is none."""
        nearest = next((above for above in suffixes(zone) if above in self.known or above in self.own), "")
        return None if nearest in self.own or zone in self.above else self.known.get(nearest)


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each directive with such zones."""
    by_place = _zones_by_place(subject)
    for block in subject.blocks:
        if block.has(*RENAME) or any("://" in zone for zone in block.site.zones):  # said by `unknown-transport`
            continue
        own, words = Zones(map(lower, block.site.zones)), block.node.keys
        keys = " ".join(key.text for key in words[:3])
        others: _Others | None = None
        told = False
        for use in sorted(block.uses, key=lambda use: use.name == LAST):
            if use.name in NOT_ASKED or (use.name == LAST and told) or block.has(READ_BY.get(use.name, "")):
                continue
            out, elsewhere = [], []
            for word in zone_words(use, subject.release) if own else ():
                zones = named(word, subject.release)
                if zones and not any(map(own.meet, zones)):
                    out.append(word)
                elif by_place and zones and "." not in zones:
                    others = others or _Others(block, by_place)
                    if all(others.taking(lower(zone)) is not None for zone in zones):
                        elsewhere.append(word)
            if elsewhere and not out and others is not None:
                told = True
                other = others.taking(lower(named(elsewhere[0], subject.release)[0]))
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
