"""bufsize - lowers the size of UDP replies that clients say they can take.

Description: a query whose EDNS buffer is larger than SIZE goes on with SIZE in its place, so that no reply has to be sent in
fragments. Up to 1.9.3 a smaller buffer was raised, too, and up to 1.9.1 a query without EDNS got an OPT record.

Syntax: `bufsize [SIZE]`

SIZE is from 512 to 4096 octets; 1232 unless given (512 up to 1.10.1).

Examples: `bufsize 1100` in front of `forward` asks upstreams for smaller replies.
"""

from __future__ import annotations

from ..chain.scrub import edns_size
from ..dns.wire import ends_signed
from ..plugin import (
    NEXT,
    WRONG_COUNT,
    Declaration,
    Flag,
    Gate,
    Int,
    Landmark,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    changed,
    dns,
    hint,
    until,
)

CHANGED = Reason("size-changed", "the client's buffer of {} octets counts as one of {}")
GIVEN = Reason("edns-given", "the query has no EDNS, and gets a buffer of {} octets")


class Bufsize(Gate):
    """Changes the size that queries advertise."""

    class Config(Declaration):
        size: int | None = Opt(
            Int("octets", min=512, max=4096, error=WRONG_COUNT),
            doc="the largest size that goes on",
        )

    class Rules(ReleaseRules):
        size = changed(512, {"1.11.0": 1232}, "the size unless one is given")
        raises = until("1.9.4", "a smaller buffer is raised to the size")
        adds = until("1.9.2", "a query without EDNS gets it")

    PREFIX = "plugin/bufsize: plugin/bufsize: "
    READS = Reads(block=False, far="line")
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """The size."""
        self.size = self.config.size or self.rules.size

    def admit(self, query: Query, zone: str) -> Outcome:
        """The query with another size."""
        edns = query.msg.edns
        if (edns is None and not self.rules.adds) or (
            edns is not None and (edns.udp == self.size or (edns.udp < self.size and not self.rules.raises))
        ):
            return NEXT
        msg = query.msg.copy()
        msg.edns = dns.Edns(self.size, last=ends_signed(msg)) if edns is None else edns._replace(udp=self.size)
        why = GIVEN(self.size) if edns is None else CHANGED(edns.udp, self.size)
        asked = query.asking(msg=msg)
        asked.size = edns_size(query.ctx.proto, self.size)
        return hint(why, query=asked)

    def landmarks(self) -> list[Landmark]:
        """Whether the buffer is larger; in old releases also whether there is one."""
        return [Flag(f"size > {self.size}"), *([Flag("edns")] if self.rules.adds else [])]
