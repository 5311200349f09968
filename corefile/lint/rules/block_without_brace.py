"""block-without-brace: the `{` behind the zones of a server block is missing.

Why: CoreDNS takes the lines below for the directives of this block all the same. With a second server block below, it
does not start.

Fix: Write the `{`.

Bad:
    .:53
        whoami
    }

Good:
    .:53 {
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

STRUCTURE = True


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each server block that is closed and not opened."""
    for block in subject.blocks:
        node = block.node
        if node.opening is None and node.closing is not None and not subject.release.has(node.keys[0].text):
            last = node.keys[-1]
            if last.text.endswith("{"):
                continue  # it is glued to the zone
            yield Mistake(
                f"the `{{` behind `{last.text}` is missing; CoreDNS takes the lines below for its directives",
                last.span,
                related=((node.closing.span, "closed here"),),
                write=f"{last.text} {{",
            )
