"""whoami - tells the client its own address and port.

Description: answers every question with the client's address (A or AAAA) and port (SRV) in the additional section,
and an empty answer section. It is what CoreDNS runs when it finds no Corefile.

Syntax: `whoami`

Examples: `.:53 { whoami }` answers `dig @server example.org` with `example.org. 0 IN A 192.0.2.7` and
`_udp.example.org. 0 IN SRV 0 0 40212 .`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chain.declare import Reads
from ..chain.query import Outcome, Query
from ..chain.shapes import Plugin
from ..dns.message import AAAA, RR, SRV, A

if TYPE_CHECKING:
    pass


class Whoami(Plugin):
    """Answers with who is asking."""

    READS = Reads(block=False, surplus="first", far="block")

    def serve(self, query: Query) -> Outcome:
        """The client's address and port."""
        ctx, reply = query.ctx, query.msg.reply()
        reply.aa = True
        # A question that the cache asks in the background has no client, so the address has no octets.
        address = (ctx.client,) if ctx.client else ()
        separator = "" if query.qname == "." else "."
        reply.extra = [
            RR(query.qname, A if ctx.family == 1 else AAAA, query.cls, 0, address),
            RR(f"_{ctx.proto}{separator}{query.qname}", SRV, query.cls, 0, (0, 0, ctx.client_port, ".")),
        ]
        return self.write(query, reply, ("the client is {} port {}", ctx.client, ctx.client_port))
