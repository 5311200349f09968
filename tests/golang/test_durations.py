"""Durations as Go's time.ParseDuration reads them and Duration.String prints them."""

from __future__ import annotations

import pytest

from corefile.golang.durations import duration_text, parse_duration, parse_nanoseconds
from corefile.golang.errors import GoError


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("-0", 0),
        ("5s", 5 * 10**9),
        ("+5s", 5 * 10**9),
        ("-5.5s", -55 * 10**8),
        ("1h15m30.918273645s", 4530918273645),
        ("1m0.000000000000000000001s", 60 * 10**9),
        (".5ms", 500_000),
        ("5.s", 5 * 10**9),
        ("12us3µs4μs5ns", 19005),
        ("0.3333333333333333333h", 20 * 60 * 10**9),
        ("9007199254740993ns", 9007199254740993),
        ("9223372036854775807ns", (1 << 63) - 1),
        ("-9223372036854775808ns", -(1 << 63)),
        ("0.100000000000000000000h", 6 * 60 * 10**9),
        ("0.830103483285477580700h", 2988372539827),
    ],
)
def test_durations(text: str, nanoseconds: int) -> None:
    assert parse_nanoseconds(text) == nanoseconds
    assert parse_duration(text) == nanoseconds / 1e9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'invalid duration ""'),
        ("-", 'invalid duration "-"'),
        ("3", 'missing unit in duration "3"'),
        ("s", 'invalid duration "s"'),
        (".s", 'invalid duration ".s"'),
        ("1d", 'unknown unit "d" in duration "1d"'),
        ("1 s", 'unknown unit " s" in duration "1 s"'),
        ("3000000h", 'invalid duration "3000000h"'),
        ("9223372036854775808ns", 'invalid duration "9223372036854775808ns"'),
        ("-9223372036854775809ns", 'invalid duration "-9223372036854775809ns"'),
        ("9" * 5000 + "s", f'invalid duration "{"9" * 5000}s"'),
        ("1é", r'unknown unit "\xc3\xa9" in duration "1\xc3\xa9"'),
    ],
)
def test_what_is_none(text: str, words: str) -> None:
    with pytest.raises(GoError) as caught:
        parse_duration(text)
    assert caught.value.text == f"time: {words}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (1e-9, "1ns"),
        (1100e-9, "1.1µs"),
        (500e-6, "500µs"),
        (2200e-6, "2.2ms"),
        (0.25, "250ms"),
        (3.3, "3.3s"),
        (-5, "-5s"),
        (245, "4m5s"),
        (245.001, "4m5.001s"),
        (18367.001, "5h6m7.001s"),
        (-0.0005, "-500µs"),
    ],
)
def test_as_printed(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
