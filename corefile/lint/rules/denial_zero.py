"""denial-zero: `denial 0` is meant to keep no denials, and keeps them.

Why: The number is that of the denials to keep, and CoreDNS keeps a few all the same.

Fix: Write `disable denial` (since CoreDNS 1.10.1), or `denial 1024 1` to keep them for a second.

Bad:
    . {
        cache {
            denial 0
        }
        whoami
    }

Good:
    . {
        cache {
            disable denial
        }
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each capacity of none."""
    for use in subject.uses("cache"):
        for line in use.lines:
            if line.name in ("denial", "success") and line.arguments and line.arguments[0].text.strip("0") == "":
                disables = subject.release >= "1.10.1"
                yield Mistake(
                    f"`{line.name} {line.arguments[0].text}` does not turn the cache off for these answers",
                    line.span,
                    write=f"disable {line.name}" if disables else None,
                    hint="" if disables else f"write `{line.name} 1024 1` to keep them for a second",
                )
