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

from typing import TYPE_CHECKING, NamedTuple

from ..chain.declare import Given, Opt, Property, Rest
from ..chain.query import Outcome, Query, failed
from ..chain.shapes import Plugin
from ..chain.types import Duration, Int
from ..dns.codes import AAAA, AXFR, IN, NOERROR, NS, SERVFAIL, SOA, A
from ..dns.rr import RR

if TYPE_CHECKING:
    from ..chain.setup import Setup

AMOUNT = Int("amount", min=0, bits=32, call="ParseInt", range_error='illegal amount value given "{}"', located=False)

TIMERS = (2018050825, 7200, 3600, 1209600, 3600)
PRIMARY = ("sns.dns.icann.org.", "noc.dns.icann.org.")


class Config(NamedTuple):
    """`drop`, `delay` and `truncate` are amounts, `duration` is in seconds."""

    drop: int = 2
    delay: int = 0
    duration: float = 0.0
    truncate: int = 0
    large: bool = False


class Erratic(Plugin):
    """Answers badly on purpose."""

    STATE = "the number of queries that it was asked"
    ARGUMENTS = (Rest("ignored", doc="words here have no effect"),)
    PROPERTIES = (
        Property("drop", Opt("amount", AMOUNT), doc="how many queries one is dropped of (default: 2)"),
        Property(
            "delay",
            Opt("amount", AMOUNT, default=2),
            Opt("duration", Duration(located=False), default=0.1),
            doc="how many queries one is delayed of, and for how long",
        ),
        Property("truncate", Opt("amount", AMOUNT), doc="the bits that a query's number lacks where TC is set"),
        Property("large", since="1.2.5", extra="lines", doc="thirty records in answers of type A"),
    )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> tuple[Given, ...]:
        """The lines; those of several occurrences count together."""
        return given.lines

    @classmethod
    def merge(cls, configs: list[tuple[Given, ...]], setup: Setup) -> Config:
        """All lines, the last of each name winning."""
        drop: int | None = None
        found = Config()
        for line in (x for lines in configs for x in lines):
            if line.name == "drop":
                drop = line.value if line.value is not None else drop
            elif line.name == "delay":
                found = found._replace(delay=line.values["amount"], duration=line.values["duration"])
            elif line.name == "truncate":
                amount = line.value if line.value is not None else 2 if setup.release >= "1.14.5" else found.truncate
                found = found._replace(truncate=amount)
            else:
                found = found._replace(large=True)
        if drop is None:
            drop = 0 if found.delay or found.truncate else 2
        return found._replace(drop=drop)

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.asked = 0
        self.transfers = setup.release >= "1.2.1"
        self.sizes = setup.release < "1.3.0"

    def serve(self, query: Query) -> Outcome:
        """An answer, late or truncated perhaps, or none."""
        config, number = self.config, self.asked
        self.asked += 1
        if config.drop and number % config.drop == 0:
            return failed(NOERROR, None, ("drops one query of {}, and this is one", config.drop))
        if config.delay and number % config.delay == 0:
            query.ctx.elapsed += config.duration
        truncated = config.truncate > 0 and number & config.truncate == 0
        if query.type == AXFR and self.transfers:
            return self._transfer(query, truncated)
        if query.type not in (A, AAAA):
            return failed(SERVFAIL, None, "answers nothing but A and AAAA")
        reply = query.msg.reply()
        reply.aa, reply.tc = True, truncated
        address = "192.0.2.53" if query.type == A else "2001:db8::53"
        record = RR(query.qname, query.type, IN, 0, (address,))
        reply.answer = [record] * (30 if config.large and query.type == A else 1)
        return self.write(
            query,
            reply,
            "always the same address" + (", truncated" if truncated else ""),
            sizes=self.sizes,
            scrubs=False,
        )

    def _transfer(self, query: Query, truncated: bool) -> Outcome:
        zone = query.qname
        first = RR(zone, SOA, IN, 0, (*PRIMARY, *TIMERS))
        reply = query.msg.reply()
        reply.aa = True
        reply.answer = [
            first,
            RR(zone, NS, IN, 0, (f"b.{zone}",)),
            RR(zone, NS, IN, 0, (f"a.{zone}",)),
            RR(f"a.{zone}", AAAA, IN, 0, ("2001:bd8::53",)),
            RR(f"b.{zone}", AAAA, IN, 0, ("2001:500::54",)),
            *([] if truncated else [first]),
        ]
        result = self.write(query, reply, "sends a made-up zone", sizes=False, scrubs=False)
        result.unsendable = zone == "."  # `b..` is no name
        return result

    # -- what it offers to other plugins --------------------------------------------------------------------------

    def ready(self) -> bool:
        """Between the third and the fifth query."""
        return 3 <= self.asked < 5

    def health(self) -> bool:
        """Not where the next query is to be dropped (`health` asked up to 1.4.0)."""
        return not (self.config.drop and self.asked % self.config.drop == 0)

    def autopath_search(self, query: Query) -> list[str]:
        """A search path for `autopath @erratic`."""
        return ["a.example.org.", "b.example.org.", ""]
