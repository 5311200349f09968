"""debug - lets panics through and turns debug lines on.

Description: for finding bugs in CoreDNS itself. A panic in a plugin is not caught any more but ends the process, and
plugins write their `[DEBUG]` lines. The lines come on for all server blocks, panics pass through only in the servers
that the block with `debug` belongs to.

Syntax: `debug`

Examples: `. { debug }`
"""

from __future__ import annotations

from ..plugin import Reads, Setting, Site


class Debug(Setting):
    """Marks its server block."""

    READS = Reads(block=False, surplus="first")

    def apply(self, site: Site) -> None:
        """The listeners of the block let panics through, and debug lines are on."""
        site.debug = True
