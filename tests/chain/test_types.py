"""Kinds of argument: what they make of a word, and in which words they refuse one."""

import pytest

from corefile import releases
from corefile.chain.types import Bool, Cidr, Duration, Float, Int, Invalid, OneOf, RecordType, Type
from corefile.golang.addresses import Network


def refused(type: Type, text: str, release: str = "1.14.7") -> Invalid:
    with pytest.raises(Invalid) as caught:
        type.convert(text, releases.find(release))
    return caught.value


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        (Float(min=0, max=1), "0.5", 0.5),
        (Bool(), "T", True),
        (Cidr(), "10.1.2.3/8", Network(10 << 24, 8, 32)),
        (RecordType(), "AAAA", 28),
        (Duration(bare_seconds=True), "90", 90.0),
    ],
)
def test_values(type: Type, text: str, value: object) -> None:
    assert type.convert(text, releases.LATEST) == value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("bad '{}'", "bad 'X'"),
        ("bad {quoted}", 'bad "X"'),
        ("bad {lower}: {go}", 'bad x: strconv.Atoi: parsing "X": invalid syntax'),
        (None, 'strconv.Atoi: parsing "X": invalid syntax'),
    ],
)
def test_words_for_a_bad_word(error: str | None, words: str) -> None:
    found = refused(Int(error=error, hint="such as 5", prefix=""), "X")
    assert (found.coredns, found.hint, found.prefix) == (words, "such as 5", "")


def test_words_for_a_number_out_of_bounds_may_be_others_with_or_without_the_line() -> None:
    type = Int(min=1, max=70000, error="bad", range_error="not {}", located=False, range_located=True)
    assert (refused(type, "X").coredns, refused(type, "X").located) == ("bad", False)
    found = refused(type, "+0")
    assert (found.coredns, found.located) == ("not 0", True)
    assert found.message == "`+0` is out of range: it has to be at least 1 and at most 70000"
    assert refused(Int(min=1, error="bad {}"), "-5").coredns == "bad -5"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0", "0s 0s"),
        ("99999999999999999999", "bad 99999999999999999999"),  # no number for Go, and as a duration without a unit
        ("9999999999999", "bad 9999999999999s"),  # a number, but too many seconds
        ("x", "bad x"),
    ],
)
def test_a_bare_number_is_read_with_its_unit(text: str, words: str) -> None:
    assert refused(Duration(above=0, bare_seconds=True, error="bad {}", range_error="{} {go}"), text).coredns == words


def test_a_record_type_is_one_of_the_release() -> None:
    assert RecordType().convert("SVCB", releases.LATEST) == 64
    assert refused(RecordType(error="no {quoted}"), "SVCB", "1.7.0").coredns == 'no "SVCB"'
    assert refused(RecordType(), "aaaa").write == "AAAA"


def test_the_only_word_is_named_as_such() -> None:
    assert refused(OneOf("stdout"), "file").message == "`file` is not `stdout`"
