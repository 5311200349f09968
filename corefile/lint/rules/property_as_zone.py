"""property-as-zone: a property stands behind its directive, and CoreDNS takes it for a zone.

Why: Properties stand in braces. Behind the directive the word is the name of a zone that no client asks for, and does nothing.

Fix: Put it in braces, on a line of its own.

Bad:
    . {
        cache 30 keepttl
        forward . 10.0.0.53
    }

Good:
    . {
        cache 30 {
            keepttl
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ..rule import Mistake
from ..subject import properties_of
from ..zones import zone_words

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each directive with such a word."""
    for use in subject.uses():
        properties = properties_of(use.name)
        zones = zone_words(use, subject.release) if properties else ()
        if use.name == "log":  # whose zones stand before a format
            zones = tuple(word for word in use.words if "{" not in word.text)
        own = use.block.site.zones
        found = next((word for word in zones if word.text in properties and f"{word.text}." not in own), None)
        if found is None or use.words[-1].span.source is not found.span.source:
            continue
        rest = Span(found.span.source, found.span.start, use.words[-1].span.end)
        said = f"`{found.text}` is a property of `{use.name}`, and is taken for a zone here"
        hint = f"write `{rest.text}` on a line of its own in the braces of `{use.name}`"
        yield Mistake(said, rest, hint=hint, write=None if use.lines else f"{{\n{rest.text}\n}}")
