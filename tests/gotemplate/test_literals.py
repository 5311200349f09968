"""Constants: which types can hold them."""

from __future__ import annotations

import pytest

from corefile.golang.errors import GoError
from corefile.gotemplate.literals import Number, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17", Number(17, 17, 17.0)),
        ("-1", Number(-1, None, -1.0)),
        ("+1", Number(1, None, 1.0)),
        ("-0", Number(0, 0, 0.0)),
        ("017", Number(15, 15, 15.0)),
        ("0x_1F", Number(31, 31, 31.0)),
        ("18446744073709551615", Number(None, 2**64 - 1, float(2**64 - 1))),
        ("1e3", Number(1000, 1000, 1000.0)),
        ("1.5", Number(None, None, 1.5)),
        ("-2.0", Number(-2, None, -2.0)),
        ("1e30", Number(None, None, 1e30)),
        ("'a'", Number(97, 97, 97.0)),
        (r"'\n'", Number(10, 10, 10.0)),
        (r"'\u00e9'", Number(233, 233, 233.0)),
        ("2i", Number(complex=2j)),
        ("1+2i", Number(complex=1 + 2j)),
        ("1e+2-0i", Number(100, 100, 100.0, 100 + 0j)),
        ("0i", Number(0, 0, 0.0, 0j)),
    ],
)
def test_numbers(text: str, value: Number) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("99999999999999999999", 'integer overflow: "99999999999999999999"'),
        ("089", 'integer overflow: "089"'),
        (".", 'illegal number syntax: "."'),
        ("0x", 'illegal number syntax: "0x"'),
        ("1__0", 'illegal number syntax: "1__0"'),
        ("1e400", 'illegal number syntax: "1e400"'),
        ("''", "invalid syntax"),
        ("'ab'", "malformed character constant: 'ab'"),
        (r"'\q'", "invalid syntax"),
    ],
)
def test_what_is_none(text: str, error: str) -> None:
    with pytest.raises(GoError) as caught:
        number(text)
    assert caught.value.text == error
