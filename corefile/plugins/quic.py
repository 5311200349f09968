"""quic - how much a server for QUIC takes at once.

Description: bounds the server of a `quic://` block; it does nothing for other servers. What is beyond them waits, or is
closed, which a client that asks one question at a time never sees. It may stand in a block once: CoreDNS does not read
a second one.

Syntax:

    quic {
        max_streams NUMBER
        worker_pool_size NUMBER
    }

Examples: `quic { max_streams 50 }`.
"""

from __future__ import annotations

from ..plugin import Declaration
from ._limits import Limits, limit


class Quic(Limits):
    """The bounds."""

    class Config(Declaration):
        max_streams: int = limit("max_streams", "questions of one connection at once", default=256, min=1)
        worker_pool_size: int = limit("worker_pool_size", "questions at once, of all connections", default=1024, min=1)

    config: Config


__all__ = ["Quic"]
