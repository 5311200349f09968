"""JSON as Go writes it."""

from __future__ import annotations

from corefile.golang.jsontext import dumps


def test_it_is_safe_within_html_and_has_no_blanks() -> None:
    assert dumps({"a": ["<b>&\u2028\x7f", 1, None]}) == '{"a":["\\u003cb\\u003e\\u0026\\u2028\x7f",1,null]}'


def test_escapes() -> None:
    assert dumps('é"\\\n\t\b\f\x00\x1b😀') == '"é\\"\\\\\\n\\t\\b\\f\\u0000\\u001b😀"'
    assert dumps("a\udcff") == '"a\\ufffd"'
