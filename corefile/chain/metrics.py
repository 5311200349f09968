"""CoreDNS's metrics: counters, gauges and histograms by name and labels, in the Prometheus text format.

Names and labels are CoreDNS's. The values live as long as the process would, across reloads. A sample is written as
Go's client library writes it: labels in alphabetical order (`le` last), numbers as Go prints them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ..dns.codes import rcode_name, type_name
from ..golang.numbers import float_text
from ..releases.rules import ReleaseRules, between, changed, since
from .scrub import length_in

if TYPE_CHECKING:
    from ..dns.message import Msg
    from ..releases import Release
    from .query import Context

Labels = tuple[tuple[str, str], ...]

SIZE_BUCKETS = (0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16e3, 32e3, 48e3, 64e3)
"""Upper bounds of the sizes of requests and responses, in octets."""


def exponential(start: float, factor: float, count: int) -> tuple[float, ...]:
    """Upper bounds of `count` buckets, each `factor` times the one before."""
    return tuple(accumulate([factor] * (count - 1), lambda x, y: x * y, initial=start))


SLIM_TIME_BUCKETS = exponential(0.00025, 10, 5)


class Histogram:
    """A histogram series. `counts[i]` counts the values up to `bounds[i]`, the last one those above all bounds."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float, times: int = 1) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += times
        self.sum += value * times

    def samples(self, name: str, labels: str) -> list[tuple[str, str]]:
        """Sample names and lines: cumulative buckets, sum and count."""
        out = []
        lead = labels + "," if labels else ""
        for bound, count in zip((*self.bounds, float("inf")), accumulate(self.counts), strict=True):
            out.append((f"{name}_bucket", f'{name}_bucket{{{lead}le="{float_text(bound)}"}} {float_text(count)}'))
        braced = f"{{{labels}}}" if labels else ""
        out.append((f"{name}_sum", f"{name}_sum{braced} {float_text(self.sum)}"))
        out.append((f"{name}_count", f"{name}_count{braced} {float_text(sum(self.counts))}"))
        return out


class Metrics:
    """All series of one process."""

    __slots__ = ("exchanges", "histograms", "unused", "values")

    def __init__(self) -> None:
        self.values: dict[tuple[str, Labels], list[float]] = {}
        self.unused: dict[tuple[str, Labels], list[float]] = {}
        self.histograms: dict[tuple[str, Labels], Histogram] = {}
        self.exchanges: dict[tuple[Any, ...], Any] = {}  # `report`'s series by what they are about

    def cell(self, name: str, labels: Labels) -> list[float]:
        """The series as a one-element list, for hot paths: `cell[0] += 1`. It exists (as 0) from now on."""
        key = (name, labels)
        cell = self.values.get(key)
        if cell is None:
            cell = self.values[key] = self.unused.pop(key, [0.0])
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

    def histogram(self, name: str, labels: Labels, bounds: tuple[float, ...]) -> Histogram:
        """The histogram series. It exists from now on."""
        key = (name, labels)
        found = self.histograms.get(key)
        if found is None:
            found = self.histograms[key] = Histogram(bounds)
        return found

    def drop(self, name: str, labels: Labels | None = None) -> None:
        """Take a series away, or all series of that name."""
        for key in [k for k in self.values if k[0] == name and labels in (None, k[1])]:
            del self.values[key]

    def samples(self, names: Iterable[str] | None = None) -> list[str]:
        """Lines of the exposition format, sorted, of these samples or of all."""
        wanted = None if names is None else set(names)
        for key in [k for k, (v,) in self.unused.items() if v]:
            self.values[key] = self.unused.pop(key)
        out = []
        for (name, labels), (value,) in self.values.items():
            if wanted is None or name in wanted:
                out.append(
                    f"{name}{{{_text(labels)}}} {float_text(value)}" if labels else f"{name} {float_text(value)}"
                )
        for (name, labels), histogram in self.histograms.items():
            for sample, line in histogram.samples(name, _text(labels)):
                if wanted is None or sample in wanted:
                    out.append(line)
        return sorted(out)


def _text(labels: Labels) -> str:
    return ",".join([f'{k}="{_escape(v)}"' for k, v in sorted(labels)])


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


# -- what the server and `prometheus` count for every exchange ---------------------------------------------------------

_MONITORED = frozenset((1, 2, 5, 6, 12, 15, 16, 28, 33, 43, 46, 47, 48, 50, 251, 252, 255))
_HTTPS, _SVCB = 65, 64


class MetricRules(ReleaseRules):
    """How one release names what it counts, and with which labels."""

    requests = changed("coredns_dns_request_count_total", {"1.7.0": "coredns_dns_requests_total"}, "counts requests")
    do = changed(
        "coredns_dns_request_do_count_total", {"1.7.0": "coredns_dns_do_requests_total"}, "counts those with the DO bit"
    )
    types = changed("coredns_dns_request_type_count_total", {"1.7.0": ""}, "counts requests by their types")
    responses = changed(
        "coredns_dns_response_rcode_count_total", {"1.7.0": "coredns_dns_responses_total"}, "counts responses"
    )
    panics = changed(
        "", {"1.1.3": "coredns_panic_count_total", "1.7.0": "coredns_panics_total"}, "counts panics that are caught"
    )
    requests_by_type = since("1.7.0", "requests have the label `type`")
    duration_by_type = between("1.6.8", "1.8.4", "durations have it")
    monitored = changed(
        _MONITORED,
        {"1.8.7": _MONITORED | {_HTTPS}, "1.14.3": _MONITORED | {_HTTPS, _SVCB}},
        "the types that it names; the others are `other`",
    )
    server = since("1.1.2", "all have the label `server`")
    view = since("1.10.0", "all have the label `view`")
    plugin = since("1.8.7", "responses have the label `plugin`")
    buckets = changed(
        exponential(0.25, 2, 16),
        {"1.0.1": exponential(0.00025, 2, 16)},
        "upper bounds of durations, in seconds; 1.0.0 took its milliseconds for them",
    )


def time_buckets(release: Release) -> tuple[float, ...]:
    """Upper bounds of durations, in seconds."""
    return MetricRules.of(release).buckets


_Series = tuple[list[list[float]], Histogram, Histogram, Histogram, Callable[["Msg", bool | None], int]]


def count_panic(metrics: Metrics, release: Release) -> None:
    """Count a panic that the server caught."""
    name = MetricRules.of(release).panics
    if name:
        metrics.inc(name, ())


def report(
    metrics: Metrics,
    release: Release,
    ctx: Context,
    request: Msg,
    server: str,
    zone: str,
    view: str,
    rcode: int,
    plugin: str,
    reply: Msg | None,
    *,
    size: int | None = None,
    arrived: Msg | None = None,
    since: float = 0.0,
) -> None:
    """Count one exchange (plugin/metrics/vars, Report).

    size: the octets of what was written, by default of `reply`. arrived: the request whose octets count, by default
    `request`. since: `ctx.elapsed` when it began, in seconds.
    """
    question = request.question
    type = question[1] if question is not None else 0
    do = request.edns is not None and request.edns.do
    key = (server, zone, view, ctx.proto, ctx.family, type, rcode, plugin, do)
    series = metrics.exchanges.get(key)
    if series is None:
        series = metrics.exchanges[key] = _series(metrics, MetricRules.of(release), *key)
    counters, duration, response_size, request_size_of, length = series
    for counter in counters:
        counter[0] += 1
    duration.observe(ctx.elapsed - since)
    if size is None:
        size = length(reply, None) if reply is not None else 0
    response_size.observe(size)
    request_size_of.observe(length(request if arrived is None else arrived, None))


def _series(
    metrics: Metrics,
    rules: MetricRules,
    server: str,
    zone: str,
    view: str,
    proto: str,
    family: int,
    type: int,
    rcode: int,
    plugin: str,
    do: bool,
) -> _Series:
    base: Labels = (("zone", zone),)
    if rules.server:
        base = (("server", server), *base)
    if rules.view:
        base += (("view", view),)
    transport = (("proto", proto),)
    type_label = (("type", type_name(type) if type in rules.monitored else "other"),)
    by_type = type_label if rules.requests_by_type else ()
    code = rcode_name(rcode, rules.release)
    counters = [
        metrics.cell(rules.requests, (*base, *transport, ("family", str(family)), *by_type)),
        metrics.cell(rules.responses, (*base, ("rcode", code), *((("plugin", plugin),) * rules.plugin))),
    ]
    if rules.types:
        counters.append(metrics.cell(rules.types, (*base, *type_label)))
    if do:
        counters.append(metrics.cell(rules.do, base))
    timed = (*base, *type_label) if rules.duration_by_type else base
    return (
        counters,
        metrics.histogram("coredns_dns_request_duration_seconds", timed, rules.buckets),
        metrics.histogram("coredns_dns_response_size_bytes", (*base, *transport), SIZE_BUCKETS),
        metrics.histogram("coredns_dns_request_size_bytes", (*base, *transport), SIZE_BUCKETS),
        length_in(rules.release),
    )


__all__ = [
    "SIZE_BUCKETS",
    "SLIM_TIME_BUCKETS",
    "Histogram",
    "Labels",
    "MetricRules",
    "Metrics",
    "count_panic",
    "exponential",
    "report",
    "time_buckets",
]
