"""https - how much a server for HTTPS takes at once.

Description: bounds the server of a `https://` block; it does nothing for other servers. What is beyond them waits, or
is closed, which a client that asks one question at a time never sees. It may stand in a block once: CoreDNS does not
read a second one.

Syntax:

    https {
        max_connections NUMBER
    }

Examples: `https { max_connections 50 }`.
"""

from __future__ import annotations

from ..plugin import Declaration
from ._limits import Limits, limit


class Https(Limits):
    """The bounds."""

    class Config(Declaration):
        max_connections: int = limit("max_connections", "connections at once; 0 for any number", default=200)

    config: Config


__all__ = ["Https"]
