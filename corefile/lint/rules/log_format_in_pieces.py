"""log-format-in-pieces: a format of `log` is several words, of which the last alone is the format.

Why: The others are taken for zones, so that nothing is logged for any name that a client asks for.

Fix: Put the format into quotes.

Bad:
    . {
        log . {remote} {name}
        whoami
    }

Good:
    . {
        log . "{remote} {name}"
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `log` with a placeholder before its last word."""
    for use in subject.uses("log"):
        words = use.words
        place = next((i for i, word in enumerate(words) if "{" in word.text), len(words))
        if place < len(words) - 1:
            last = words[-1]
            whole = last.source is words[place].source
            text = " ".join(word.text for word in words[place:])
            yield Mistake(
                f"`{words[place].text}` is taken for a zone: the format is the last word alone",
                Span(last.source, words[place].start, last.end) if whole else words[place].span,
                write=f'"{text}"' if whole and '"' not in text else None,
                hint=f'write `"{text}"`',
            )
