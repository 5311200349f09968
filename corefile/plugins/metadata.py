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
from typing import Any, NamedTuple

from ..chain.declare import Given, Reads, Rest
from ..chain.query import NEXT, Outcome, Query, hint
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import Zone
from ..dns.names import longest_match


class Config(NamedTuple):
    """zones: where metadata is collected beforehand."""

    zones: tuple[str, ...]


class Metadata(Plugin):
    """Asks the other plugins of the block for their metadata."""

    ARGUMENTS = (Rest("zones", Zone(), doc="where to collect; default: the server block's zones"),)
    READS = Reads(once=True, twice=None, unknown=None)

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.providers: tuple[Any, ...] = ()
        self.by_server = setup.release >= "1.10.0"

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The zones given, or the server block's."""
        return Config(setup.origins(given.values["zones"]))

    def start(self) -> None:
        """Find the providers. A directive with several handlers is known by the first of them alone."""
        found: dict[str, Any] = {}
        for handler in self.setup.site.find("metadata"):
            found.setdefault(handler.name, handler)
        self.providers = tuple(found.values())
        if self.by_server:
            self.setup.site.collect = self.collect

    def collect(self, query: Query) -> None:
        """Begin the query's metadata anew with what the providers know."""
        values: dict[str, Callable[[], str]] = {}
        query.ctx.metadata = values
        if longest_match(self.config.zones, query.name) is not None:
            for provider in self.providers:
                values.update(provider.metadata(query) or ())

    def serve(self, query: Query) -> Outcome:
        """Pass on; nothing is answered here."""
        if not self.by_server:
            self.collect(query)
        if query.ctx.trace is None:
            return NEXT
        if longest_match(self.config.zones, query.name) is None:
            return hint(("collects nothing: {} is outside {}", query.qname, " and ".join(self.config.zones)))
        values = sorted(query.ctx.metadata or ())
        return hint(f"collected {', '.join(values)}" if values else "no plugin has anything to say about this query")


__all__ = ["Config", "Metadata"]
