"""CoreDNS's metrics: counters, gauges and histograms by name and labels, in the Prometheus text format.

Names and labels are CoreDNS's. The values live as long as the process would, across reloads. A sample is written as
Go's client library writes it: labels in alphabetical order, whole numbers without a point.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..releases import Release
    from .message import Msg
    from .query import Context

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """All series of one process."""

    __slots__ = ("unused", "values")

    def __init__(self) -> None:
        self.values: dict[tuple[str, Labels], list[float]] = {}
        self.unused: dict[tuple[str, Labels], list[float]] = {}

    def cell(self, name: str, labels: Labels) -> list[float]:
        """The series as a one-element list, for hot paths: `cell[0] += 1`. It exists (as 0) from now on."""
        key = (name, labels)
        cell = self.values.get(key)
        if cell is None:
            cell = self.values[key] = self.unused.pop(key, None) or [0.0]
        return cell

    def lazy(self, name: str, labels: Labels) -> list[float]:
        """Like `cell`, but the series exists only once it is not 0 any more, as with a labelled Go counter."""
        key = (name, labels)
        cell = self.values.get(key) or self.unused.get(key)
        if cell is None:
            cell = self.unused[key] = [0.0]
        return cell

    def inc(self, name: str, labels: Labels, by: float = 1) -> None:
        """Add to a counter."""
        self.cell(name, labels)[0] += by

    def set(self, name: str, labels: Labels, value: float) -> None:
        """Set a gauge."""
        self.cell(name, labels)[0] = value

    def samples(self, names: Iterable[str] | None = None) -> list[str]:
        """Lines of the exposition format, sorted, of these series or of all."""
        wanted = None if names is None else set(names)
        for key in [k for k, (v,) in self.unused.items() if v]:
            self.values[key] = self.unused.pop(key)
        out = []
        for (name, labels), (value,) in self.values.items():
            if wanted is None or name in wanted:
                text = ",".join(f'{k}="{_escape(v)}"' for k, v in sorted(labels))
                out.append(f"{name}{{{text}}} {number(value)}" if labels else f"{name} {number(value)}")
        return sorted(out)


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def number(value: float) -> str:
    """A float as Go's strconv.FormatFloat(v, 'g', -1, 64) writes it."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value)) if abs(value) < 1e6 * 1e15 else repr(value)
    return repr(value)


def report(metrics: Metrics, release: Release, ctx: Context, request: Msg, server: str, zone: str, view: str,
           rcode: int, plugin: str, reply: Msg) -> None:  # fmt: skip
    """Count one exchange, as plugin/metrics/vars.Report does."""
