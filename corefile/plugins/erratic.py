"""erratic - answers badly on purpose, to test clients and other plugins.

Description: answers A with 192.0.2.53 and AAAA with 2001:db8::53, AXFR with a small made-up zone, and fails every other
type. Every second query (the first, the third...) is not answered at all, unless the block says otherwise.

Syntax:

    erratic {
        drop [AMOUNT]
        truncate [AMOUNT]
        delay [AMOUNT [DURATION]]
        large
    }

One of AMOUNT queries is dropped or delayed, beginning with the first; 0 is for none. Giving `delay` or `truncate` ends
the dropping, unless `drop` has an amount. `truncate` sets TC where the query's number and AMOUNT have no bit in common.

Examples: `erratic { drop 0 }` always answers; `erratic { delay 3 50ms }` takes its time for one query of three.
"""

from __future__ import annotations

from ..chain.capabilities import SearchPath
from ..plugin import (
    Answerer,
    Declaration,
    Duration,
    Int,
    Line,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    Result,
    dns,
    failed,
    since,
    until,
)

AMOUNT = Int("amount", min=0, bits=32, call="ParseInt", range_error='illegal amount value given "{}"', located=False)

PATH = ("a.example.org.", "b.example.org.", "")
SOA = ("sns.dns.icann.org.", "noc.dns.icann.org.", 2018050825, 7200, 3600, 1209600, 3600)

DROPPED = Reason("dropped", "drops one query of {}, and this is one")
OTHER_TYPE = Reason("other-type", "answers nothing but A and AAAA")
SAME = Reason("same-address", "always the same address")
TRUNCATED = Reason("truncated", "always the same address, truncated")
TRANSFER = Reason("transfer", "sends a made-up zone")


class Erratic(Answerer):
    """Answers badly on purpose."""

    class Config(Declaration):
        ignored: tuple[str, ...] = Rest(doc="words here have no effect")
        drop: tuple[int | None, ...] = Line(
            Opt("amount", AMOUNT), repeat="all", doc="how many queries one is dropped of (default: 2)"
        )
        delay: tuple[int, float] = Line(
            Opt("amount", AMOUNT, default=2),
            Opt("duration", Duration(located=False), default=0.1),
            default=(0, 0.0),
            doc="how many queries one is delayed of, and for how long",
        )
        truncate: tuple[int | None, ...] = Line(
            Opt("amount", AMOUNT), repeat="all", doc="the bits that a query's number lacks where TC is set"
        )
        large: bool = Line(since="1.2.5", extra="lines", doc="thirty records in answers of type A")

    class Rules(ReleaseRules):
        compresses = until("1.1.3", "names in replies are compressed, though no limit asks for it")
        transfers = since("1.2.1", "AXFR is answered")
        fits_buffer = until("1.3.0", "replies are fitted to the client's buffer by the plugin")
        truncates_half = since("1.14.5", "`truncate` without an amount is `truncate 2`; before, it had no effect")

    FLAGS = ("type A", "type AAAA", "type AXFR")
    STATE = "the number of queries that it was asked"
    READS = Reads(several="fields")
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """What the amounts come to. Several occurrences count together, and the last amount of a name wins."""
        self.asked = 0
        self.delay, self.duration = self.config.delay
        self.truncate = 0
        for amount in self.config.truncate:
            self.truncate = amount if amount is not None else 2 if self.rules.truncates_half else self.truncate
        drops = [amount for amount in self.config.drop if amount is not None]
        self.drop = drops[-1] if drops else 0 if self.delay or self.truncate else 2

    def renew(self) -> None:
        """Not asked yet."""
        self.asked = 0

    def answer(self, query: Query, zone: str) -> Outcome:
        """An answer, late or truncated perhaps, or none."""
        number = self.asked
        self.asked += 1
        if self.drop and number % self.drop == 0:
            return failed(dns.NOERROR, None, (DROPPED, self.drop))
        if self.delay and number % self.delay == 0:
            query.ctx.elapsed += self.duration
        truncated = self.truncate > 0 and number & self.truncate == 0
        if query.type == dns.AXFR and self.rules.transfers:
            return self._transfer(query, truncated)
        if query.type not in (dns.A, dns.AAAA):
            return failed(dns.SERVFAIL, None, OTHER_TYPE())
        reply = query.msg.reply()
        reply.aa, reply.tc, reply.compress = True, truncated, self.rules.compresses
        address = "192.0.2.53" if query.type == dns.A else "2001:db8::53"
        record = dns.RR(query.qname, query.type, dns.IN, 0, (address,))
        reply.answer = [record] * (30 if self.config.large and query.type == dns.A else 1)
        why = TRUNCATED() if truncated else SAME()
        return self.write(query, reply, why, sizes=self.rules.fits_buffer, scrubs=False)

    def _transfer(self, query: Query, truncated: bool) -> Result:
        zone = query.qname
        first = dns.RR(zone, dns.SOA, dns.IN, 0, SOA)
        reply = query.msg.reply()
        reply.aa = True
        reply.answer = [
            first,
            dns.RR(zone, dns.NS, dns.IN, 0, (f"b.{zone}",)),
            dns.RR(zone, dns.NS, dns.IN, 0, (f"a.{zone}",)),
            dns.RR(f"a.{zone}", dns.AAAA, dns.IN, 0, ("2001:bd8::53",)),
            dns.RR(f"b.{zone}", dns.AAAA, dns.IN, 0, ("2001:500::54",)),
            *([] if truncated else [first]),
        ]
        return self.write(query, reply, TRANSFER(), sizes=False, scrubs=False)

    # -- what it offers to other plugins ------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Between the third and the fifth query."""
        return 3 <= self.asked < 5

    def health(self) -> bool:
        """Not where the next query is to be dropped (`health` asked up to 1.4.0)."""
        return not (self.drop and self.asked % self.drop == 0)

    def autopath_clients(self) -> tuple[str, ...]:
        """All have the same."""
        return ()

    def autopath_search(self, name: str, client: str) -> SearchPath:
        """A search path for `autopath @erratic`."""
        return SearchPath(PATH)


__all__ = ["Erratic"]
