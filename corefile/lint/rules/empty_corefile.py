"""empty-corefile: there is no server block, so that CoreDNS runs its default.

Why: That answers every question with the address of the client itself (`whoami`), and for most clients looks as if it
worked.

Fix: Write a server block. In a ConfigMap, look whether the text is below the key `Corefile` and indented.

Bad:
    # all is to come

Good:
    . {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...findings import Span
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> list[Mistake]:
    """One for a Corefile without a server block."""
    if subject.without_zone or any(block.node.keys[0].source.path != "<default>" for block in subject.blocks):
        return []
    runs = " and ".join(f"`{use.name}`" for use in subject.uses())
    return [
        Mistake(
            f"this Corefile has no server block: CoreDNS runs its default, {runs} for all names",
            Span(subject.source, 0, 0),
            hint="a server block is `.:53 { ... }`",
        )
    ]
