"""minimal - leaves out of positive answers what is not asked for.

Description: a reply with records in its answer loses its authority and additional sections. Denials, errors and referrals
stay as they are, since resolvers need their SOA and NS records.

Syntax: `minimal`

Examples: `example.org { minimal  file db.example.org }`.
"""

from __future__ import annotations

from ..dns.response import DELEGATION, META, NAME_ERROR, NODATA, OTHER_ERROR, SERVER_ERROR, SUCCESS, Kinds
from ..plugin import Filter, Panic, Query, Reads, Reason, Result, dns

STRIPPED = Reason("stripped", "authority and additional records are left out")
AS_IT_IS = frozenset((NAME_ERROR, NODATA, OTHER_ERROR, SERVER_ERROR, DELEGATION))


class Minimal(Filter):
    """Strips positive answers on the way back."""

    READS = Reads(block=False, surplus="first", far="block")

    def prepare(self) -> None:
        """How the release tells answers apart."""
        self.kinds = Kinds(self.setup.release)

    def back(self, query: Query, result: Result) -> Result:
        """The reply with the answer section alone. What a plugin behind has written is lost where it has failed, too."""
        if result.error is not None:
            return result.withdrawn()
        reply = result.reply
        if reply is None:
            raise Panic("runtime error: invalid memory address or nil pointer dereference")
        kind = self.kinds.of(reply, query.ctx.now())
        if kind in AS_IT_IS:
            return result.replying(reply, rcode=dns.NOERROR)
        if kind != SUCCESS:
            what = {META: "META"}.get(kind, "UPDATE")
            name = reply.question.name if reply.question is not None else ""
            error = f'plugin/minimal: unhandled response type "{what}" for "{name}"'
            return result.replying(reply, rcode=dns.NOERROR, error=error)
        short = reply.copy()
        short.ns, short.extra, short.edns = [], [], None
        return result.replying(short, STRIPPED() if reply.ns or reply.extra else "", rcode=dns.NOERROR)
