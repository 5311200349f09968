"""wildcard-zone: a server block is for a zone with a `*`, which is no wildcard.

Why: CoreDNS takes the star for a label like others: the block gets names below `*.example.com`, and never
www.example.com.

Fix: Write the zone without the star: a block is for all names below its zone.

Bad:
    *.example.com {
        whoami
    }

Good:
    example.com {
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
    """One for each zone whose first label is a star."""
    for block in subject.blocks:
        for key in block.node.keys:
            before, _, host = key.text.rpartition("://")
            if host == "*" or host.startswith(("*.", "*:")):
                rest = host[2:] if host.startswith("*.") else f".{host[1:]}"
                yield Mistake(
                    f"`{key.text}` is a zone of that very name: there are no wildcards in zones",
                    key.span,
                    write=f"{before}://{rest}" if before else rest,
                )
