"""shed - drops UDP queries and replies where more than 1024 replies wait to be written.

Description: for floods of queries: nothing changes as long as the server keeps up. Plain DNS over UDP alone.

Syntax: `shed`

Examples: `.:53 { shed  forward . 10.0.0.53 }`.
"""

from __future__ import annotations

from ..plugin import NEXT, Gate, Invalid, Outcome, Query, Reads, quote


class Shed(Gate):
    """Passes all on: no queue grows in a simulated server."""

    READS = Reads(once=True, unknown="shed takes no options")
    PASSES = "passes on; the server keeps up"

    def prepare(self) -> None:
        """All zones of the block have to be served over plain DNS. Raises Invalid."""
        for key in self.setup.site.keys:
            if key.transport != "dns":
                said = f"only plain DNS server blocks are supported; {quote(str(key))} uses transport {quote(key.transport)}"
                hint = "remove it from this block"
                raise Invalid(
                    "`shed` is for plain DNS alone", hint=hint, coredns=said, at=self.span, last=self.setup.given.end
                )

    def start(self) -> None:
        """Each socket has its counts of what is dropped, from the start."""
        site, instance = self.setup.site, self.setup.instance
        for listener in instance.listeners:
            if listener.transport == "dns" and any(site in sites for sites in listener.zones.values()):
                for reason in ("query", "response"):
                    labels = (("reason", reason), ("server", listener.label))
                    instance.metrics.inc("coredns_shed_dropped_total", labels, 0)

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on."""
        return NEXT
