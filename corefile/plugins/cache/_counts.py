"""What is counted of a cache, under the names and labels of the release."""

from __future__ import annotations

from ...chain.metrics import Labels
from ...light import NamedTuple
from ...plugin import Context, Setup
from ._rules import CacheRules


class Lookups(NamedTuple):
    """The counters that every question moves, for one server."""

    requests: list[float]
    hits: list[float]
    denials: list[float]
    misses: list[float]


class Counts:
    """The metrics of one cache."""

    __slots__ = ("_sizes", "_zones", "metrics", "of_server", "rules", "setup")

    def __init__(self, zones: tuple[str, ...], setup: Setup) -> None:
        self.setup = setup
        self.rules = CacheRules.of(setup.release)
        self.metrics = setup.instance.metrics
        self._zones = ",".join(zones)
        self.of_server: dict[str, Lookups] = {}
        self._sizes: dict[str, tuple[list[float], list[float]]] = {}

    def lookups(self, ctx: Context) -> Lookups:
        """The counters of the server that was asked."""
        found = self.of_server.get(ctx.server)
        if found is None:
            lazy = self.metrics.lazy
            found = self.of_server[ctx.server] = Lookups(
                lazy("coredns_cache_requests_total", self._labels(ctx)),
                lazy("coredns_cache_hits_total", self._labels(ctx, "success")),
                lazy("coredns_cache_hits_total", self._labels(ctx, "denial")),
                lazy("coredns_cache_misses_total", self._labels(ctx)),
            )
        return found

    def begin(self, success: int, denial: int) -> None:
        """What is there before anything was asked. success, denial: how many answers there is room for."""
        types: list[tuple[Labels, int]] = [((("type", "success"),), success), ((("type", "denial"),), denial)]
        for labels, room in types:
            if self.rules.capacity:
                self.metrics.set("coredns_cache_capacity", labels, room)
            if "types" in self.rules.zeros:
                self.metrics.cell(self.rules.entries, labels)
                self.metrics.cell("coredns_cache_hits_total", labels)
        for what in self.rules.zeros:
            if what != "types":
                self.metrics.cell(f"coredns_cache_{what}_total", ())

    def add(self, what: str, ctx: Context, type: str = "") -> None:
        """Count one of the rarer things."""
        self.metrics.inc(f"coredns_cache_{what}_total", self._labels(ctx, type))

    def sizes(self, ctx: Context, success: int, denial: int) -> None:
        """Note how many answers are kept."""
        cells = self._sizes.get(ctx.server)
        if cells is None:
            cell = self.metrics.cell
            cells = self._sizes[ctx.server] = (
                cell(self.rules.entries, self._labels(ctx, "success")),
                cell(self.rules.entries, self._labels(ctx, "denial")),
            )
        cells[0][0], cells[1][0] = success, denial

    def _labels(self, ctx: Context, type: str = "") -> Labels:
        labels = [("server", ctx.server)] if self.rules.server_label else []
        if type:
            labels.append(("type", type))
        if self.rules.zones_label:
            labels.append(("zones", self._zones))
        if self.rules.view_label:
            labels.append(("view", self.setup.site.view_name))
        return tuple(labels)


__all__ = ["Counts", "Lookups"]
