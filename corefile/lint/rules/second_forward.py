"""second-forward: a server block forwards a zone twice, and only the first of the two is asked.

Why: CoreDNS asks the first `forward` whose zone fits. The servers of the second are no spare for those of the first.

Fix: Name all servers in one `forward`; `policy sequential` has them asked in their order. One for a smaller zone stands
above those for the zones around it.

Bad:
    . {
        forward . 10.0.0.53
        forward . 10.0.0.54
    }

Good:
    . {
        forward . 10.0.0.53 10.0.0.54
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import suffixes
from ..rule import Mistake
from ..zones import named, zone_words

if TYPE_CHECKING:
    from ..subject import Subject, Use


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `forward` behind one of the same zone, or of a zone around it, that keeps no names from it."""
    for block in subject.blocks:
        before: dict[str, tuple[int, Use]] = {}
        for use in block.find("forward"):
            for word in zone_words(use, subject.release):
                for zone in named(word, subject.release)[:1]:
                    found = [before[above] for above in (*suffixes(zone), ".") if above in before]
                    first = min(found, key=lambda each: each[0])[1] if found else None
                    narrower = zone not in before
                    if first is not None:
                        yield Mistake(
                            f"this `forward` is never asked: the one before it takes all of `{word.text}`",
                            use.head.span,
                            related=((first.head.span, "this one is asked"),),
                            hint="put it above the other one" if narrower else "name all servers behind the first",
                        )
                    elif use.first("except") is None and use.first("next") is None:
                        before.setdefault(zone, (len(before), use))
