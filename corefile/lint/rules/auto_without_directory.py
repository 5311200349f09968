"""auto-without-directory: `auto` is not told where its zones are.

Why: It has none. Since 1.14.3 it looks through the folder in which CoreDNS is started, with all that is below: in a
container that is the whole file system.

Fix: Name the directory, or delete `auto`: nothing needs it.

Bad:
    . {
        auto
        forward . 10.0.0.53
    }

Good:
    . {
        auto {
            directory /zones
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
    """One for each `auto` without a `directory`."""
    for use in subject.uses("auto"):
        if use.first("directory") is None:
            yield Mistake(
                "`auto` has no `directory`",
                use.head.span,
                hint="write `directory DIR` in its braces, or delete it",
            )
