"""any - answers questions for all types at once with as little as RFC 8482 asks for.

Description: a question of type ANY gets one HINFO record that names the RFC, whatever there may be for the name. All other
questions go on. So a server can't be made to send much to an address that someone else has given as theirs.

Syntax: `any`

Examples: `.:53 { any  forward . 10.0.0.53 }` never forwards a question for ANY.
"""

from __future__ import annotations

from ..plugin import NEXT, Answerer, Outcome, Query, Reads, Reason, changed, dns

HINFO = Reason("minimal-answer", "ANY gets one HINFO record and nothing else (RFC 8482)")


class Any(Answerer):
    """Answers ANY with one record."""

    READS = Reads(block=False, far=changed("line", {"1.14.4": "block"}), surplus=changed("ignore", {"1.14.4": "first"}))
    FLAGS = ("type ANY",)
    PASSES = "the type is not ANY"

    def answer(self, query: Query, zone: str) -> Outcome:
        """The HINFO record."""
        if query.type != dns.ANY:
            return NEXT
        reply = query.msg.reply()
        reply.answer = [dns.RR(query.qname, dns.HINFO, dns.IN, 8482, (b"ANY obsoleted", b"See RFC 8482"))]
        return self.write(query, reply, HINFO())
