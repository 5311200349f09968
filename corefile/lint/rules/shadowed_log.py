"""shadowed-log: a `log` is for a zone that the first `log` of the block has already.

Why: Each question is logged by one line at most, and the first one that is for `.` takes all of them.

Fix: Put the `log` for the smaller zone into a server block of its own, or give the first one that zone only.

Bad:
    . {
        log
        log example.org {
            class error
        }
        whoami
    }

Good:
    . {
        log example.org {
            class error
        }
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import suffixes
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `log` of which no zone is logged."""
    for block in subject.blocks:
        handler = block.site.handler("log")
        uses = block.find("log")
        if handler is None or len(uses) < 2:
            continue
        first: dict[int, list[str]] = {}
        for log in handler.logs:
            first.setdefault(log.line, []).append(log.zone)
        before: set[str] = set()
        for use in uses:
            zones = first.pop(use.head.line, [])
            if zones and before and all(any(above in before for above in (*suffixes(zone), ".")) for zone in zones):
                yield Mistake(
                    "this `log` writes nothing: a line before it logs its names",
                    use.head.span,
                    related=((uses[0].head.span, "this one logs them"),),
                    hint="keep one of them",
                )
            before.update(zones)
