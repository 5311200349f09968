"""block-without-zone: a `{` opens a server block before which no zone stands.

Why: CoreDNS leaves it out, with all that is in it, and without a word. Where it is the only one, it runs its default, `whoami` and
`log`.

Fix: Write the zone before the `{`: `.` is for all names.

Bad:
    {
        forward . 10.0.0.53
    }

Good:
    . {
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
    """One for each such block."""
    written = (block for block in subject.blocks if block.begin is not None and block.begin.source.path != "<default>")
    taken = any("." in block.site.zones for block in written)
    for span in subject.without_zone:
        said = "this server block has no zone, and CoreDNS leaves it out"
        if taken:  # a second one would keep CoreDNS from starting
            yield Mistake(said, span, hint="write its zone before the `{`, or delete the block")
        else:
            yield Mistake(said, span, write=". {")
        taken = True
