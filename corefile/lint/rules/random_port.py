"""random-port: a server block is for port 0, which stands for any port that is free.

Why: The kernel chooses another one each time that CoreDNS starts, and no client knows it.

Fix: Write the port.

Bad:
    .:0 {
        whoami
    }

Good:
    .:53 {
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
    """One for each key with port 0."""
    for block in subject.blocks:
        site = block.site
        for zone, span in dict(zip(site.keys, site.key_spans, strict=True)).items():
            if zone.port.isdigit() and int(zone.port) == 0 and zone.transport != "unix":
                host = span.text.rpartition(":")[0]
                yield Mistake("at port 0 the kernel chooses a port, each time another one", span, write=host)
