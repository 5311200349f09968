"""argument-is-no-zone: a word stands where a zone belongs, and is no domain name.

Why: CoreDNS leaves it out without a word. With no other zone the directive is for no names at all.

Fix: Write the name of the zone; it begins with no dot.

Bad:
    . {
        hosts /etc/hosts .lan
        forward . 10.0.0.53
    }

Good:
    . {
        hosts /etc/hosts lan
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake
from ..zones import named, zone_words

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such word."""
    for use in subject.uses():
        for word in zone_words(use, subject.release):
            if word.text and not named(word, subject.release):
                bare = word.text.strip(".")
                fits = bool(bare) and ".." not in bare and word.text.startswith(".")
                yield Mistake(
                    f"`{word.text}` is no domain name: CoreDNS leaves it out",
                    word.span,
                    hint="" if fits else "write the name of a zone",
                    write=bare if fits else None,
                )
