"""https3 - how much a server for HTTP/3 takes at once.

Description: bounds the server of a `https3://` block; it does nothing for other servers. What is beyond them waits, or
is closed, which a client that asks one question at a time never sees. It may stand in a block once: CoreDNS does not
read a second one.

Syntax:

    https3 {
        max_connections NUMBER
        max_streams NUMBER
    }

`max_connections` came with 1.14.7.

Examples: `https3 { max_streams 50 }`.
"""

from __future__ import annotations

from ..plugin import Declaration
from ._limits import Limits, limit


class Https3(Limits):
    """The bounds."""

    class Config(Declaration):
        max_connections: int = limit(
            "max_connections", "connections at once; 0 for any number", default=200, since="1.14.7"
        )
        max_streams: int = limit(
            "max_streams", "questions of one connection at once; 0 for QUIC's own default", default=256
        )

    config: Config


__all__ = ["Https3"]
