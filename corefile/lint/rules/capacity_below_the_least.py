"""capacity-below-the-least: the number behind `success` or `denial` of `cache` is meant for a TTL, and is a capacity.

Why: The first number is how many answers are kept, of which CoreDNS keeps 1024 at least, so that a smaller one has no effect.
The longest TTL is the second number.

Fix: Write a capacity before the TTL; 9984 is the default.

Bad:
    . {
        cache {
            denial 5
        }
        forward . 10.0.0.53
    }

Good:
    . {
        cache {
            denial 9984 5
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

LEAST = 1024
"""How many answers CoreDNS keeps at least, since 1.2.2; before, it kept more."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each capacity alone that is above 0 and below what CoreDNS keeps."""
    for use in subject.uses("cache"):
        for line in use.lines:
            text = line.arguments[0].text if len(line.arguments) == 1 else ""
            if line.name in ("success", "denial") and text.isdecimal() and 0 < int(text) < LEAST:
                yield Mistake(
                    f"`{line.name} {text}` is a capacity, not a TTL, and without effect: CoreDNS keeps more answers anyway",
                    line.span,
                    hint=f"write `{line.name} 9984 {text}` for a TTL of {text} s",
                )
