"""fmt.Sprintf and its kin, beside what Go 1.26 prints."""

from __future__ import annotations

import pytest

from corefile.gotemplate import values
from corefile.gotemplate.fmt import float_text, sprint, sprintf, sprintln
from corefile.gotemplate.values import COMPLEX128, FLOAT64, INT, STRING_MAP, UINT8, UINT64, Slice, Value

ONE = Value(INT, 1)
TEXT = values.string("hé")
WORDS = values.strings(["a", "b"])
PI = Value(FLOAT64, 3.14159)


@pytest.mark.parametrize(
    ("format", "args", "output"),
    [
        ("%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U", [Value(INT, 42)] * 16,
         "42|   42|42   |00042|+42| 42|2a|2A|0x2a|52|052|0o52|101010|*|'*'|U+002A"),
        ("%.3d|%.0d|%5.3d|%-05d|%+05d", [Value(INT, -7), Value(INT, 0), Value(INT, -7), Value(INT, 7), Value(INT, 7)],
         "-007|| -007|7    |+0007"),
        ("%s|%5s|%-5s|%.1s|%q|%+q|%#q|%x|% x|%# X|%05s", [TEXT] * 11,
         'hé|   hé|hé   |h|"hé"|"h\\u00e9"|`hé`|68c3a9|68 c3 a9|0X68 0XC3 0XA9|000hé'),
        ("%v|%+v|%#v|%T", [WORDS] * 4, '[a b]|[a b]|[]string{"a", "b"}|[]string'),
        ("%v|%#v", [Value(STRING_MAP, {b"b": b"2", b"a": b"1"})] * 2, 'map[a:1 b:2]|map[string]string{"a":"1", "b":"2"}'),
        ("%v|%s|%x|%d|%#v", [Value(values.OCTETS, Slice(b"ab"))] * 5, "[97 98]|ab|6162|[97 98]|[]byte{0x61, 0x62}"),
        ("%e|%f|%g|%.2f|%8.3f|%+.1e|%#g|%x|%b|%G", [PI] * 10,
         "3.141590e+00|3.141590|3.14159|3.14|   3.142|+3.1e+00|3.14159|0x1.921f9f01b866ep+01|7074231776675438p-51|3.14159"),
        ("%v|%.1f|%8.1f", [Value(COMPLEX128, 1 - 2j)] * 3, "(1-2i)|(1.0-2.0i)|(     1.0    -2.0i)"),
        ("%t|%5t|%d", [Value(values.BOOL, True)] * 3, "true| true|%!d(bool=true)"),
        ("%v|%s|%d", [None] * 3, "<nil>|%!s(<nil>)|%!d(<nil>)"),
        ("%s|%d", [ONE, TEXT], "%!s(int=1)|%!d(string=hé)"),
        ("%!|%", [], "%!!(MISSING)|%!(NOVERB)"),
        ("%d %d", [ONE], "1 %!d(MISSING)"),
        ("%d", [ONE, TEXT, None], "1%!(EXTRA string=hé, <nil>)"),
        ("%[2]d %[1]d %[3]d %[x]d %[0]d", [ONE, Value(INT, 2)], "2 1 %!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX)"),
        ("%*d|%-*d|%.*f|%*d", [Value(INT, 4), ONE, Value(INT, 4), ONE, Value(INT, 1), PI, TEXT, ONE],
         "   1|1   |3.1|%!(BADWIDTH)1"),
        ("%c|%U|%#U|%q", [Value(INT, 0x2028), Value(UINT64, 0xE9), Value(INT, 0xE9), Value(UINT8, 39)],
         "\u2028|U+00E9|U+00E9 'é'|'\\''"),
        ("%z|%w|%é", [ONE, ONE, ONE], "%!z(int=1)|%!w(int=1)|%!é(int=1)"),
        ("%5%|%-010d|%6.2%", [ONE], "%|1         |%"),
    ],
)  # fmt: skip
def test_sprintf(format: str, args: list[Value | None], output: str) -> None:
    assert sprintf(format.encode(), args).decode() == output


def test_octets_that_are_no_text_are_counted_one_by_one() -> None:
    text = Value(values.STRING, b"a\xff\xc3")
    assert sprintf(b"%q|%5s|%.2s|%x", [text] * 4) == b'"a\\xff\\xc3"|  a\xff\xc3|a\xff|61ffc3'


def test_sprint_and_sprintln() -> None:
    assert sprint([ONE, ONE, TEXT, TEXT, ONE, None, None]) == "1 1héhé1 <nil> <nil>".encode()
    assert sprintln([ONE, TEXT]) == "1 hé\n".encode()


@pytest.mark.parametrize(
    ("number", "form", "precision", "text"),
    [
        (0.0, "g", -1, "0"),
        (-0.0, "g", -1, "-0"),
        (1e21, "g", -1, "1e+21"),
        (123456789.0, "g", -1, "1.23456789e+08"),
        (0.0001, "g", -1, "0.0001"),
        (0.00001234, "g", 2, "1.2e-05"),
        (2.5, "f", 0, "2"),
        (0.5, "x", 1, "0x1.0p-01"),
        (1.999, "x", 0, "0x1p+01"),
        (5e-324, "b", -1, "1p-1074"),
        (float("inf"), "e", 3, "+Inf"),
        (float("nan"), "g", -1, "NaN"),
        (100.0, "G", 2, "1E+02"),
    ],
)
def test_floats(number: float, form: str, precision: int, text: str) -> None:
    assert float_text(number, form, precision) == text
