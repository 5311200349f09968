"""brace-as-argument: a `}` stands behind other words, and CoreDNS takes it for one of them.

Why: It closes nothing for the directive, which takes the next `}` for its own.

Fix: Put the `}` on a line of its own.

Bad:
    . {
        kubernetes cluster.local in-addr.arpa {
            fallthrough in-addr.arpa }
        whoami
    }

Good:
    . {
        kubernetes cluster.local in-addr.arpa {
            fallthrough in-addr.arpa
        }
        whoami
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

STRUCTURE = True


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each closing brace that is not the first word of its line."""
    for use in subject.uses():
        block = use.line.block
        if block is None or block.closing is None or not block.body:
            continue
        words = block.body[-1].words
        if not words:  # braces without a name in front, which CoreDNS passes over in some directives
            continue
        last = words[-1]
        if block.closing.source is last.source and block.closing.line == last.line:
            yield Mistake(
                f"this `}}` is taken for one of the words of `{block.body[-1].name}`",
                block.closing.span,
                hint="put it on a line of its own",
                write="\n}",
            )
