"""Numbers as Go's strconv reads them."""

from __future__ import annotations

import math

import pytest

from corefile.golang import numbers
from corefile.golang.errors import GoError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("+7", 7),
        ("-7", -7),
        ("007", 7),
        ("9223372036854775807", (1 << 63) - 1),
        ("9223372036854775808", None),
        ("0" * 5000 + "1", 1),
        ("1" * 5000, None),
        ("", None),
        ("-", None),
        ("1_0", None),
        (" 1", None),
        ("1.0", None),
        ("0x1", None),
        ("\u0661", None),
    ],
)
def test_whole_numbers(text: str, value: int | None) -> None:
    assert numbers.to_int(text) == value


def test_sizes_and_signs() -> None:
    assert [numbers.to_uint(x, 16) for x in ("65535", "65536", "+1", "-1", "")] == [65535, None, None, None, None]
    assert [numbers.to_int(x, 8) for x in ("127", "128", "-128", "-129")] == [127, None, -128, None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1e3", -1000.0),
        ("1E+3", 1000.0),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("0x1p-2", 0.25),
        ("0x.8p0", 0.5),
        ("0x_1F.8_0p0", 31.5),
        ("1e-400", 0.0),
        ("1e400", None),
        ("0x1p5000", None),
        (".", None),
        ("1e", None),
        ("0x1", None),
        ("0xp1", None),
        ("1_000", 1000.0),
        ("1_000_.5", None),
        ("1__0", None),
        ("1_e5", None),
        ("0x1__0p0", None),
        (" 1", None),
        ("infin", None),
        ("+nan", None),
        ("", None),
    ],
)
def test_floats(text: str, value: float | None) -> None:
    assert numbers.to_float(text) == value


def test_floats_of_32_bits() -> None:
    assert numbers.to_float("0.1", 32) == 0.10000000149011612
    assert numbers.to_float("3.4028235e38", 32) == 3.4028234663852886e38
    assert numbers.to_float("3.5e38", 32) is None
    assert numbers.to_float("NaN", 32) != 0


def test_truth() -> None:
    assert [numbers.parse_bool(x) for x in ("1", "t", "T", "TRUE", "true", "True")] == [True] * 6
    assert [numbers.parse_bool(x) for x in ("0", "f", "F", "FALSE", "false", "False")] == [False] * 6
    for text in ("tRUE", "yes", "", "2"):
        with pytest.raises(GoError, match="neither true nor false"):
            numbers.parse_bool(text)


@pytest.mark.parametrize(
    ("read", "text", "message", "words"),
    [
        (numbers.parse_int, "x", "`x` is not a whole number", 'strconv.Atoi: parsing "x": invalid syntax'),
        (
            numbers.parse_int,
            "9223372036854775808",
            "`9223372036854775808` is too large a number",
            'strconv.Atoi: parsing "9223372036854775808": value out of range',
        ),
        (numbers.parse_uint, "-1", "`-1` is not a whole number", 'strconv.ParseUint: parsing "-1": invalid syntax'),
        (numbers.parse_float, "x", "`x` is not a number", 'strconv.ParseFloat: parsing "x": invalid syntax'),
        (
            numbers.parse_float,
            "1e999",
            "`1e999` is too large a number",
            'strconv.ParseFloat: parsing "1e999": value out of range',
        ),
        (
            numbers.parse_bool,
            "yes",
            "`yes` is neither true nor false",
            'strconv.ParseBool: parsing "yes": invalid syntax',
        ),
    ],
)
def test_errors_are_gos(read: object, text: str, message: str, words: str) -> None:
    with pytest.raises(GoError) as caught:
        read(text)  # type: ignore[operator]
    assert (str(caught.value), caught.value.text) == (message, words)


@pytest.mark.parametrize(
    ("text", "base", "bits", "value"),
    [
        ("ff", 16, 64, 255),
        ("FF", 16, 8, 255),
        ("100", 16, 8, "value out of range"),
        ("0x1F", 0, 64, 31),
        ("0X1f", 0, 64, 31),
        ("0b11", 0, 64, 3),
        ("0o17", 0, 64, 15),
        ("017", 0, 64, 15),
        ("08", 0, 64, "invalid syntax"),
        ("0", 0, 64, 0),
        ("0_8", 0, 64, "invalid syntax"),
        ("1_000", 0, 64, 1000),
        ("1__0", 0, 64, "invalid syntax"),
        ("_1", 0, 64, "invalid syntax"),
        ("1_", 0, 64, "invalid syntax"),
        ("0x_1", 0, 64, 1),
        ("0x", 0, 64, "invalid syntax"),
        ("1_0", 10, 64, "invalid syntax"),
        ("z", 36, 64, 35),
        ("z", 35, 64, "invalid syntax"),
        ("10", 2, 1, "value out of range"),
        ("1", 2, 1, 1),
        ("12", 2, 64, "invalid syntax"),
        ("", 16, 64, "invalid syntax"),
        ("+1", 16, 64, "invalid syntax"),
        ("7", 1, 64, "invalid base 1"),
        ("7", 37, 64, "invalid base 37"),
        ("7", 10, 65, "invalid bit size 65"),
        ("7", 10, -1, "invalid bit size -1"),
        ("7", 10, 0, 7),
        ("18446744073709551615", 10, 64, 18446744073709551615),
        ("18446744073709551616", 10, 64, "value out of range"),
        ("255", 10, 8, 255),
        ("256", 10, 8, "value out of range"),
        ("0b", 0, 8, "invalid syntax"),
        ("0xg", 0, 8, "invalid syntax"),
    ],
)
def test_numbers_in_a_base(text: str, base: int, bits: int, value: int | str) -> None:
    """As strconv.ParseUint of Go 1.26; a text is how its error ends."""
    try:
        found: int | str = numbers.parse_uint(text, bits, base=base)
    except GoError as error:
        found = error.text.removeprefix(f'strconv.ParseUint: parsing "{text}": ')
    assert found == value
