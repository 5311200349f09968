"""acl-line-never-asked: a line of `acl` stands behind one that decides for every client and type.

Why: The first line that fits decides, so that the later one is never looked at.

Fix: Write the line for all clients last.

Bad:
    . {
        acl {
            block
            allow net 10.0.0.0/8
        }
        forward . 10.0.0.53
    }

Good:
    . {
        acl {
            allow net 10.0.0.0/8
            block
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


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `acl` with such a line."""
    for use in subject.uses("acl"):
        every = next(
            (place for place, line in enumerate(use.lines) if _fits_all([w.text for w in line.words[1:]])), None
        )
        if every is not None and len(use.lines) > every + 1:
            first, later = use.lines[every], use.lines[every + 1]
            yield Mistake(
                f"this line is never looked at: `{' '.join(word.text for word in first.words)}` above it decides for all",
                later.words[0].span,
                hint="write the line for all clients last",
                related=((first.words[0].span, "this one is for all clients and types"),),
            )


def _fits_all(words: list[str]) -> bool:
    """Whether the words behind `allow` or `block` leave nothing out."""
    sections: dict[str, set[str]] = {}
    section = ""
    for word in map(str.lower, words):
        if word in ("net", "type"):
            section = word
            sections.setdefault(section, set())
        else:
            sections.setdefault(section, set()).add(word)
    networks = sections.get("net", {"*"})
    return "*" in sections.get("type", {"*"}) and ("*" in networks or {"0.0.0.0/0", "::/0"} <= networks)
