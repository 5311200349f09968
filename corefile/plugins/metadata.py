"""metadata - collects what plugins know about a query, for others to use.

Description: asks every plugin of the server block that has something to say about a query (`kubernetes/namespace`,
`view/name`...) before the query is answered. `log`, `rewrite`, `template` and the expressions of `view` use the values.
A value is worked out only where it is used. Since 1.10.0 the values are there before a view is chosen; up to then they
were collected by the chain itself. Plugins that learn something only while they answer (`forward/upstream`) can leave
it too, for any name: the zones restrict only what is collected beforehand.

Syntax: `metadata [ZONES...]`

Examples: `metadata` before `log . "{remote} {/kubernetes/client-namespace} {name}"`; `metadata cluster.local` collects
only for names of the cluster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..plugin import NEXT, Declaration, Gate, Outcome, Query, Reads, Reason, ReleaseRules, Zones, hint, since

COLLECTED = Reason("metadata-collected", "collected {}")
NOTHING = Reason("no-metadata", "no plugin has anything to say about this query")


class Metadata(Gate):
    """Asks the other plugins of the block for their metadata."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="where to collect; default: the server block's zones")

    class Rules(ReleaseRules):
        before_views = since("1.10.0", "the server collects, before it chooses a view; until then the chain did")

    READS = Reads(once=True, twice=None, unknown=None)
    rules: Rules

    def start(self) -> None:
        """Find the providers. A directive with several handlers is known by the first of them alone."""
        found: dict[str, Any] = {}
        for handler in self.setup.site.find("metadata"):
            found.setdefault(handler.name, handler)
        self.providers = tuple(found.values())
        if self.rules.before_views:
            self.setup.site.collect = self.collect

    def collect(self, query: Query) -> None:
        """Begin the query's metadata anew with what the providers know."""
        values: dict[str, Callable[[], str]] = {}
        query.ctx.metadata = values
        if self.scope.zone_of(query) is not None:
            for provider in self.providers:
                values.update(provider.metadata(query) or ())

    def admit(self, query: Query, zone: str) -> Outcome:
        """Pass on; nothing is answered here."""
        if not self.rules.before_views:
            self.collect(query)
        if query.ctx.trace is None:
            return NEXT
        values = sorted(query.ctx.metadata or ())
        return hint((COLLECTED, ", ".join(values)) if values else NOTHING())

    def outside(self, query: Query) -> Outcome:
        """Outside of the zones the metadata begins anew all the same, with nothing in it."""
        if not self.rules.before_views:
            self.collect(query)
        return super().outside(query)


__all__ = ["Metadata"]
