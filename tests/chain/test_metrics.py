"""Series, histograms, and numbers as Go writes them."""

from __future__ import annotations

import pytest

from corefile import releases
from corefile.chain.metrics import SLIM_TIME_BUCKETS, Metrics, time_buckets
from corefile.golang.numbers import float_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (-3, "-3"),
        (64000.0, "64000"),
        (999999, "999999"),
        (1e6, "1e+06"),
        (1312552.0, "1.312552e+06"),
        (123456789, "1.23456789e+08"),
        (1795546823.3053803, "1.7955468233053803e+09"),
        (0.00025, "0.00025"),
        (5.5984e-05, "5.5984e-05"),
        (0.049598616000000005, "0.049598616000000005"),
        (float("inf"), "+Inf"),
        (float("-inf"), "-Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert float_text(value) == text


def test_samples_are_sorted_and_labels_escaped() -> None:
    metrics = Metrics()
    metrics.inc("b_total", (("z", "1"), ("a", 'q"\\\n')), 2)
    metrics.set("a", (), 0.5)
    assert metrics.samples() == ["a 0.5", r'b_total{a="q\"\\\n",z="1"} 2']
    assert metrics.samples(["a"]) == ["a 0.5"]


def test_a_lazy_series_exists_once_it_counts() -> None:
    metrics = Metrics()
    cell = metrics.lazy("hits_total", ())
    assert metrics.samples() == []
    cell[0] += 1
    assert metrics.samples() == ["hits_total 1"]
    assert metrics.cell("hits_total", ()) is cell


def test_dropping() -> None:
    metrics = Metrics()
    for value in "xyz":
        metrics.set("info", (("v", value),), 1)
    metrics.drop("info", (("v", "x"),))
    assert metrics.samples() == ['info{v="y"} 1', 'info{v="z"} 1']
    metrics.drop("info")
    assert metrics.samples() == []


def test_a_histogram() -> None:
    metrics = Metrics()
    sizes = metrics.histogram("size", (("zone", "."),), (0, 100))
    for value in (0, 100, 101):
        sizes.observe(value)
    assert metrics.samples() == [
        'size_bucket{zone=".",le="+Inf"} 3',
        'size_bucket{zone=".",le="0"} 1',
        'size_bucket{zone=".",le="100"} 2',
        'size_count{zone="."} 3',
        'size_sum{zone="."} 201',
    ]
    assert metrics.samples(["size_sum"]) == ['size_sum{zone="."} 201']
    assert metrics.histogram("size", (("zone", "."),), (0, 100)) is sizes


def test_buckets() -> None:
    assert [float_text(x) for x in SLIM_TIME_BUCKETS] == ["0.00025", "0.0025", "0.025", "0.25", "2.5"]
    assert [float_text(x) for x in time_buckets(releases.LATEST)][-2:] == ["4.096", "8.192"]
    assert time_buckets(releases.find("1.0.0"))[0] == 0.25
