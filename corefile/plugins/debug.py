"""debug - lets panics through and turns debug lines on.

Description: for finding bugs in CoreDNS itself. A panic in a plugin is not caught any more but ends the process, and
plugins write their `[DEBUG]` lines. The lines come on for all server blocks, panics pass through only in the servers
that the block with `debug` belongs to.

Syntax: `debug`

Examples: `. { debug }`
"""

from __future__ import annotations

from typing import Any

from ..chain.declare import Reads
from ..chain.setup import Setup
from ..chain.shapes import Plugin


class Debug(Plugin):
    """Marks its server block."""

    READS = Reads(block=False, surplus="first")
    IN_CHAIN = False

    def __init__(self, config: Any, setup: Setup) -> None:
        super().__init__(config, setup)
        setup.site.debug = True


__all__ = ["Debug"]
