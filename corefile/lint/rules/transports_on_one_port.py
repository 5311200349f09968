"""transports-on-one-port: servers of two transports listen on one port.

Why: Since CoreDNS 1.6.6 they share it: the kernel gives each connection to either of them, and half of the clients
talk to one that does not understand them.

Fix: Give each transport a port of its own.

Bad:
    .:53 {
        whoami
    }
    grpc://.:53 {
        whoami
    }

Good:
    .:53 {
        whoami
    }
    grpc://.:443 {
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...golang.addresses import EVERYWHERE
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SINCE = "1.6.6"
OVER_UDP = ("quic", "https3")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each listener with the port of one of another transport."""
    listeners = subject.process.instance.listeners
    spans = {
        (key.transport, int(key.port or 0)): span
        for block in subject.blocks
        for key, span in zip(block.site.keys, block.site.key_spans, strict=True)
        if key.port.isdigit()
    }
    for place, one in enumerate(listeners):
        for other in listeners[:place]:
            if one.port != other.port or one.transport == other.transport or not one.port:
                continue
            apart = (one.transport in OVER_UDP) != (other.transport in OVER_UDP) and "dns" not in (
                one.transport,
                other.transport,
            )
            if not apart and (one.host == other.host or one.host in EVERYWHERE or other.host in EVERYWHERE):
                yield Mistake(
                    f"{one.transport} and {other.transport} share port {one.port}: each connection reaches either of them",
                    spans[one.transport, one.port],
                    related=((spans[other.transport, other.port], "the other one"),),
                    hint="give it another port",
                )
                break
