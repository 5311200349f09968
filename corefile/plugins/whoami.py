"""whoami - tells the client its own address and port.

Description: answers every question with the client's address (A or AAAA) and port (SRV) in the additional section,
and an empty answer section. It is what CoreDNS runs when it finds no Corefile.

Syntax: `whoami`

Examples: `.:53 { whoami }` answers `dig @server example.org` with `example.org. 0 IN A 192.0.2.7` and
`_udp.example.org. 0 IN SRV 0 0 40212 .`.
"""

from __future__ import annotations

from ..plugin import Answerer, Outcome, Query, Reads, Reason, dns

CLIENT = Reason("tells-client", "the client is {} port {}")


class Whoami(Answerer):
    """Answers with who is asking."""

    FLAGS = ("tcp", "ipv6")
    """The address and port go into the answer, not into the choice of one."""
    READS = Reads(block=False, surplus="first", far="block")

    def answer(self, query: Query, zone: str) -> Outcome:
        """The client's address and port."""
        ctx, reply = query.ctx, query.msg.reply()
        reply.aa = True
        # A question that the cache asks in the background has no client, so the address has no octets.
        address = (ctx.client,) if ctx.client else ()
        if ctx.family == 2 and ctx.client and ":" not in ctx.client:  # as a PROXY header names it
            address = (f"::ffff:{ctx.client}",)
        separator = "" if query.qname == "." else "."
        reply.extra = [
            dns.RR(query.qname, dns.A if ctx.family == 1 else dns.AAAA, query.cls, 0, address),
            dns.RR(f"_{ctx.proto}{separator}{query.qname}", dns.SRV, query.cls, 0, (0, 0, ctx.client_port, ".")),
        ]
        return self.write(query, reply, (CLIENT, ctx.client, ctx.client_port))
