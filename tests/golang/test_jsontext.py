"""JSON as Go writes it."""

from __future__ import annotations

import pytest

from corefile.golang.errors import GoError
from corefile.golang.jsontext import DEEPEST, dumps, into_struct, loads


def test_it_is_safe_within_html_and_has_no_blanks() -> None:
    assert dumps({"a": ["<b>&\u2028\x7f", 1, None]}) == '{"a":["\\u003cb\\u003e\\u0026\\u2028\x7f",1,null]}'


def test_escapes() -> None:
    assert dumps('é"\\\n\t\b\f\x00\x1b😀') == '"é\\"\\\\\\n\\t\\b\\f\\u0000\\u001b😀"'
    assert dumps("a\udcff") == '"a\\ufffd"'


FIELDS = {"host": "string", "port": "int", "mail": "bool", "ttl": "uint32"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "unexpected end of JSON input"),
        (b"nu", "invalid character ' ' in literal null (expecting 'l')"),
        (b'{"host":"a', "unexpected end of JSON input"),
        (b'{"host":"\\', "invalid character ' ' in string escape code"),
        (b'{"host":"\\u00x"}', r"invalid character 'x' in \u hexadecimal character escape"),
        (b'{"host":"\x01"}', r"invalid character '\x01' in string literal"),
        (b"{'a':1}", r"invalid character '\'' looking for beginning of object key string"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b'{"a":1 "b"}', "invalid character '\"' after object key:value pair"),
        (b"[1 2]", "invalid character '2' after array element"),
        (b"{}}", "invalid character '}' after top-level value"),
        (b"\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value"),
        (b"-x", "invalid character 'x' in numeric literal"),
        (b"1.x", "invalid character 'x' after decimal point in numeric literal"),
        (b"1ex", "invalid character 'x' in exponent of numeric literal"),
        (b"[1]", "json: cannot unmarshal array into Go value of type msg.Service"),
        (b'{"port":"1"}', "json: cannot unmarshal string into Go struct field Service.port of type int"),
        (b'{"port":1.0}', "json: cannot unmarshal number 1.0 into Go struct field Service.port of type int"),
        (b'{"ttl":-1}', "json: cannot unmarshal number -1 into Go struct field Service.ttl of type uint32"),
        (b'{"host":{}}', "json: cannot unmarshal object into Go struct field Service.host of type string"),
        (b'{"mail":1}', "json: cannot unmarshal number into Go struct field Service.mail of type bool"),
    ],
)
def test_what_go_does_not_read_into_a_struct(text: bytes, words: str) -> None:
    """From Go's own json.Unmarshal, which some 6,000 random texts were put to as well."""
    with pytest.raises(GoError) as caught:
        into_struct(text, "Service", FIELDS, "msg")
    assert caught.value.text == words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (b"null", ("", 0, False, 0)),
        (b'{"Host":"a","PORT":2,"x":[{}]}', ("a", 2, False, 0)),
        (b'{"host":"a","host":null,"ttl":4294967295}', ("a", 0, False, 4294967295)),
        (b'{"host":"\xff\\ud800"}', ("\ufffd\ufffd", 0, False, 0)),
    ],
)
def test_names_are_taken_in_any_case(text: bytes, values: tuple[object, ...]) -> None:
    assert tuple(into_struct(text, "Service", FIELDS).values()) == values


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_how_deep_values_may_lie_is_the_same_in_all_pythons(brackets: str) -> None:
    opening = '{"a":' if brackets == "{}" else "["
    nested = [opening * n + '"[["' + brackets[1] * n for n in (DEEPEST, DEEPEST + 1)]
    assert loads(nested[0])
    with pytest.raises(RecursionError):
        loads(nested[1])
    assert len(loads("[" + "[]," * 2 * DEEPEST + "[]]")) == 2 * DEEPEST + 1
