"""stray-brace: a `}` closes nothing, and CoreDNS takes it for the zone of a server block.

Why: What is behind it belongs to that block, which no question reaches.

Fix: Delete it, or write the `{` that it was meant for.

Bad:
    . {
        whoami
    }
    }

Good:
    . {
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
    """One for each zone that is a closing brace."""
    for block in subject.blocks:
        for key in block.node.keys:
            if key.text == "}":
                yield Mistake(
                    "this `}` closes nothing: CoreDNS takes it for a zone", key.span, write="", hint="delete it"
                )
