"""duration-as-zone: `cache` has a time with a unit, and CoreDNS takes it for a zone.

Why: The first word of `cache` is a number of seconds, and anything else a zone. There are no names in `30s.`, so nothing is
kept.

Fix: Write the number of seconds.

Bad:
    . {
        cache 30s
        forward . 10.0.0.53
    }

Good:
    . {
        cache 30
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ...light import regex
from ..rule import Mistake
from ..subject import properties_of

if TYPE_CHECKING:
    from ..subject import Subject

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = regex(r"(\d+)([smhd]?)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each word that looks like a time behind `cache` and is none."""
    properties = properties_of("cache")
    for use in subject.uses("cache"):
        if len(use.words) == 2 and use.words[0].text in ("=", ":") and use.words[1].text.isdigit():
            both = Span(use.words[0].source, use.words[0].start, use.words[1].end)
            said = (
                f"CoreDNS takes `{use.words[0].text}` and `{use.words[1].text}` for zones, and keeps nothing of others"
            )
            yield Mistake(said, both, write=use.words[1].text)
            continue
        if not properties.isdisjoint(word.text for word in use.words):  # which `property-as-zone` reports
            continue
        for place, word in enumerate(use.words):
            if not word.text[:1].isdigit() or (place == 0 and word.text.isdigit()):
                continue
            match = DURATION.fullmatch(word.text)
            if match is None:
                continue
            seconds = int(match[1]) * SECONDS[match[2]]
            said = f"CoreDNS takes `{word.text}` for a zone, and keeps nothing of others"
            yield Mistake(said, word.span, write=str(seconds) if place == 0 and seconds else None)
