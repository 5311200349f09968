"""minimal - leaves out of positive answers what is not asked for.

Description: a reply with records in its answer loses its authority and additional sections. Denials, errors, referrals and
transfers stay as they are.

Syntax: `minimal`

Examples: `example.org { minimal  file db.example.org }`.
"""

from __future__ import annotations

from ..dns.response import SUCCESS, Kinds
from ..plugin import Filter, Panic, Query, Reads, Reason, Result, dns

STRIPPED = Reason("stripped", "authority and additional records are left out")


class Minimal(Filter):
    """Strips positive answers on the way back."""

    READS = Reads(block=False, surplus="first", far="block")
    WRITER = True

    def prepare(self) -> None:
        """How the release tells answers apart."""
        self.kinds = Kinds(self.setup.release)

    def back(self, query: Query, result: Result) -> Result:
        """The reply with the answer section alone. What a plugin behind has written is lost where it has failed, too."""
        if result.error is not None:
            return result.withdrawn()
        result = result.last_message()
        reply = result.reply
        if reply is None:
            raise Panic("runtime error: invalid memory address or nil pointer dereference")
        if self.kinds.of(reply, query.ctx.now()) != SUCCESS:
            return result.replying(reply, rcode=dns.NOERROR)
        short = reply.copy()
        short.ns, short.extra, short.edns = [], [], None
        return result.replying(short, STRIPPED() if reply.ns or reply.extra else "", rcode=dns.NOERROR)
