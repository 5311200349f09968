"""log-takes-zones: `log` has a level, a file or an output, and takes it for a zone.

Why: Names of that zone are never asked for, so that nothing is logged.

Fix: Delete the word: `log` writes to standard output, and has no levels; `class` chooses what is logged.

Bad:
    . {
        log stdout
        forward . 10.0.0.53
    }

Good:
    . {
        log
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

WORDS = frozenset(
    ["stdout", "stderr", "debug", "info", "warning", "warn", "error", "errors", "all", "true", "on", "yes", "json"]
)


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such word."""
    for use in subject.uses("log"):
        for word in use.words:
            text = word.text.lower()
            if text in WORDS and f"{text}." in use.block.site.zones:
                continue
            if text in WORDS or (text.startswith("/") and "{" not in text) or (text.endswith(".log") and "/" in text):
                yield Mistake(
                    f"`{word.text}` is taken for a zone: `log` has no levels, and writes to standard output",
                    word.span,
                    hint="delete it" if len(use.words) == 1 else "write the zones there, `.` for all names",
                )
