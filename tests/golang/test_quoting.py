"""Quotes as in Go: the expectations are what strconv.Quote and the errors of package time print."""

import pytest

from corefile.golang.quoting import quote, quote_ascii, quote_bytes


@pytest.mark.parametrize(
    ("text", "letters", "octets"),
    [
        ("", '""', '""'),
        ("a b", '"a b"', '"a b"'),
        ('"\\', r'"\"\\"', r'"\"\\"'),
        ("\n\t\r\x07", r'"\n\t\r\a"', r'"\x0a\x09\x0d\x07"'),
        ("\x00\x1c\x7f", r'"\x00\x1c\x7f"', '"\\x00\\x1c\x7f"'),
        ("é\u00a0", r'"é\u00a0"', r'"\xc3\xa9\xc2\xa0"'),
        (
            "\ufffd\U0001f600\U000e0001",
            '"\ufffd\U0001f600\\U000e0001"',
            r'"\xef\xbf\xbd\xf0\x9f\x98\x80\xf3\xa0\x80\x81"',
        ),
    ],
)
def test_quotes(text: str, letters: str, octets: str) -> None:
    assert quote(text) == letters
    assert quote_bytes(text) == octets


def test_quotes_of_ascii_alone() -> None:
    assert quote_ascii('a"\\é😀\n\x00') == r'"a\"\\\u00e9\U0001f600\n\x00"'


def test_octets_that_are_not_utf_8() -> None:
    assert quote("a\udcff") == r'"a\xff"'
    assert quote_ascii("a\udcff") == r'"a\xff"'
