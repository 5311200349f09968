"""nsid - tells clients that ask for it which server has answered (RFC 5001).

Description: where a query has the EDNS option NSID, the reply gets one with DATA, or with the machine's host name. Up to
1.6.9 only a reply that had the option already got the data, so that most replies had an empty one.

Syntax: `nsid [DATA]`

Examples: `nsid "rack 7"` is seen with `dig +nsid`.
"""

from __future__ import annotations

from ..dns.message import SharedEdns
from ..plugin import Declaration, Filter, Msg, Query, Reads, Reason, ReleaseRules, Rest, Result, changed, dns, since

NSID = 3
"""The option's code (RFC 5001)."""

ADDED = Reason("nsid-added", "the reply says which server it is from: {}")


def _asks(query: Query) -> bool:
    """Whether a query asks for the identity."""
    edns = query.msg.edns
    return edns is not None and any(code == NSID for code, _ in edns.options)


class Nsid(Filter):
    """Adds the identity to replies."""

    class Config(Declaration):
        data: tuple[str, ...] = Rest(doc="the identity; the host name unless given")

    class Rules(ReleaseRules):
        adds = since("1.7.0", "a reply without the option gets one, and without an OPT record gets that, too")

    FLAGS = ("nsid",)
    READS = Reads(once=since("1.1.0"), far=changed("line", {"1.1.0": "all"}), block=False)
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """The identity."""
        self.identity = " ".join(self.config.data) or self.setup.world.hostname

    def adds_opt(self, query: Query) -> bool:
        """Whether a reply without an OPT record gets one here."""
        return self.rules.adds and _asks(query)

    def back(self, query: Query, result: Result) -> Result:
        """The reply with the identity, where the query asks for it: only then it is this plugin that writes it."""
        if result.reply is None or not _asks(query):
            return result
        reply, *later = (self.telling(query, msg, result.request) for msg in (result.reply, *result.later))
        if reply is result.reply:
            return result
        out = result.replying(reply, ADDED(self.identity))
        out.plugin, out.later = self.name, tuple(later)
        return out

    def telling(self, query: Query, reply: Msg, reverted: Msg | None) -> Msg:
        """A reply with the identity. reverted: the request as long as the reply is written, where a plugin puts parts of
        it back for that."""
        request, edns = reverted or query.final.msg, reply.edns
        if edns is None and self.rules.adds and request.edns is not None:
            edns = dns.Edns(request.edns.udp, True)
        if edns is None:
            return reply
        shared = edns.__class__ is SharedEdns and request.edns is edns and reverted is None
        reply = reply.copy()
        reply.edns = self.as_written(query, edns) if shared else self.with_identity(edns)
        if shared:
            request = request.copy()
            request.edns = reply.edns
            query.final.became = query.final.asking(msg=request)
        return reply

    def with_identity(self, edns: dns.Edns, most: int | None = None) -> dns.Edns:
        """An OPT record with the identity. most: in how many options, unless in all of its kind."""
        data, options, count = self.identity.encode(), [], 0
        for code, octets in edns.options:
            count += code == NSID
            options.append((code, data if code == NSID and (most is None or count <= most) else octets))
        if self.rules.adds and not count:
            options.append((NSID, data))
        return edns._replace(options=tuple(options))

    def as_written(self, query: Query, edns: dns.Edns) -> dns.Edns:
        """See `capabilities.AddsOpt`. What `rewrite edns0 local` has added is no NSID to the library, whatever its code."""
        asked = query.msg.edns
        most = 0 if asked is None else sum(code == NSID for code, _ in asked.options)
        return self.with_identity(edns, most) if most else edns
