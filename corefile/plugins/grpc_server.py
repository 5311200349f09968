"""grpc_server - how much a server for gRPC takes at once.

Description: bounds the server of a `grpc://` block; it does nothing for other servers. What is beyond them waits, or is
closed, which a client that asks one question at a time never sees. It may stand in a block once: CoreDNS does not read
a second one.

Syntax:

    grpc_server {
        max_connections NUMBER
        max_streams NUMBER
    }

Examples: `grpc_server { max_streams 50 }`.
"""

from __future__ import annotations

from ..plugin import Declaration
from ._limits import Limits, limit


class GrpcServer(Limits):
    """The bounds."""

    class Config(Declaration):
        max_connections: int = limit("max_connections", "connections at once; 0 for any number", default=200)
        max_streams: int = limit("max_streams", "questions of one connection at once; 0 for any number", default=256)

    config: Config


__all__ = ["GrpcServer"]
