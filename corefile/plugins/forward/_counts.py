"""What is counted about one server that `forward` asks."""

from __future__ import annotations

from typing import Any

from ...chain.metrics import time_buckets
from ...plugin import Setup
from .._backend import rcode_label
from ._rules import ForwardRules


class PeerCounts:
    """The series about one server, as the release names them."""

    def __init__(self, address: str, setup: Setup) -> None:
        self.release = setup.release
        self.rules = rules = ForwardRules.of(setup.release)
        self.metrics = setup.instance.metrics
        self.to: tuple[tuple[str, str], ...] = (("to", address),)
        if rules.shares_metrics:
            self.to = (("proxy_name", "forward"), *self.to)
        self.buckets = time_buckets(setup.release)
        self._connections: dict[str, list[float]] = {}
        self._replies: dict[int, Any] = {}

    def reply(self, rcode: int, took: float) -> None:
        """Count an answer."""
        series = self._replies.get(rcode)
        if series is None:
            series = self._replies[rcode] = self._series(rcode)
        for cell in series[0]:
            cell[0] += 1
        series[1].observe(took)

    def _series(self, rcode: int) -> tuple[list[list[float]], Any]:
        label = ("rcode", rcode_label(rcode, self.release))
        cells = []
        if not self.rules.shares_metrics:
            cells = [
                self.metrics.cell(self.rules.lead + self.rules.requests, self.to),
                self.metrics.cell(self.rules.lead + self.rules.responses, (label, *self.to)),
            ]
        labels = (*self.to, label) if self.rules.duration_by_rcode else self.to
        return cells, self.metrics.histogram(self.rules.lead + "request_duration_seconds", labels, self.buckets)

    def hit(self, net: str) -> None:
        """Count a kept connection that is used again."""
        if self.rules.counts_connections:
            self._cell("conn_cache_hits_total", net)[0] += 1

    def miss(self, net: str, kept: int) -> None:
        """Count a new connection."""
        if self.rules.counts_connections:
            self._cell("conn_cache_misses_total", net)[0] += 1
        self.open(kept)

    def open(self, sockets: int) -> None:
        """Note how many connections are kept."""
        if self.rules.sockets:
            self.metrics.set(self.rules.lead + self.rules.sockets, self.to, sockets)

    def failed_check(self) -> None:
        """Count a check that failed."""
        self.metrics.inc(self.rules.lead + self.rules.failures, self.to)

    def _cell(self, name: str, net: str) -> list[float]:
        key = name + net
        cell = self._connections.get(key)
        if cell is None:
            cell = self._connections[key] = self.metrics.cell(self.rules.lead + name, (*self.to, ("proto", net)))
        return cell


__all__ = ["PeerCounts"]
