"""Quotes as in Go: the expectations are what strconv.Quote and the errors of package time print."""

import pytest

from corefile.golang.quoting import code_point, quote, quote_ascii, quote_bytes, unquote


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


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("a", "U+0061 'a'"),
        ("'", "U+0027 '''"),
        ("\x01", "U+0001"),
        ("\xad", "U+00AD"),
        ("é", "U+00E9 'é'"),
        ("\u2028", "U+2028"),
        ("😀", "U+1F600 '😀'"),
        ("\udcff", "U+FFFD '\ufffd'"),
    ],
)
def test_code_points(char: str, shown: str) -> None:
    """As `%#U` of Go 1.26 prints them."""
    assert code_point(char) == shown


def test_octets_that_are_not_utf_8() -> None:
    assert quote("a\udcff") == r'"a\xff"'
    assert quote_ascii("a\udcff") == r'"a\xff"'


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ('"a\\x41\\101\\u00e9\\U0001f600"', b"aAA\xc3\xa9\xf0\x9f\x98\x80"),
        ('"\\a\\b\\f\\n\\r\\t\\v\\\\\\""', b'\x07\x08\x0c\n\r\t\x0b\\"'),
        ('"\\\'"', None),
        ('"\\400"', None),
        ('"\\377\\000"', b"\xff\x00"),
        ('"\\x4"', None),
        ('"\\ud800"', None),
        ('"\\U00110000"', None),
        ('"\\q"', None),
        ('"a"b"', None),
        ('"a\nb"', None),
        ('"\r"', b"\r"),
        ('"', None),
        ("", None),
        ('""', b""),
        ('`a\\n"`', b'a\\n"'),
        ("`a\r\nb`", b"a\nb"),
        ("`a`b`", None),
        ('"é😀"', b"\xc3\xa9\xf0\x9f\x98\x80"),
        ('"a`', None),
        ('"\\u00e"', None),
        ('"\\\\', None),
    ],
)
def test_unquote(text: str, octets: bytes | None) -> None:
    """As strconv.Unquote of Go 1.26, but for single quotes, which are not asked for."""
    assert unquote(text) == octets
