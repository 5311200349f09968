"""Records as users compare them."""

from __future__ import annotations

import copy
import pickle

import pytest

from corefile.dns.record import BadRecord, Record
from corefile.dns.rr import RR

A = "a.b. 3600 IN A 10.0.0.1"


def test_it_has_names_for_what_messages_have_numbers_for() -> None:
    record = Record(RR("a.b.", 28, 1, 60, ("2001:db8::1",)))
    assert (record.name, record.type, record.type_number, record.cls, record.cls_number, record.ttl, record.rdata) == (
        "a.b.",
        "AAAA",
        28,
        "IN",
        1,
        60,
        "2001:db8::1",
    )
    assert record.data == ("2001:db8::1",)
    assert Record(RR("a.b.", 65400, 7, 0, (b"\1",))).type == "TYPE65400"
    assert Record(RR("a.b.", 65400, 7, 0, (b"\1",))).cls == "CLASS7"


def test_its_text_is_a_line_of_a_zone_file() -> None:
    assert str(Record(RR("a.b.", 1, 1, 3600, ("10.0.0.1",)))) == A
    assert repr(Record.parse(A)) == f"<Record {A}>"
    assert str(Record(RR("a.b.", 16, 3, 0, (b'say "hi"',)))) == 'a.b. 0 CH TXT "say \\"hi\\""'


def test_a_section_compares_with_lines_of_text() -> None:
    section = [Record.parse("b.b. 60 IN A 10.0.0.2"), Record.parse(A)]
    assert section == ["b.b. 60 IN A 10.0.0.2", A]
    assert sorted(section) == [A, "b.b. 60 IN A 10.0.0.2"]
    assert set(section) == {A, "b.b. 60 IN A 10.0.0.2"}
    assert A in section
    assert section[0] != A
    assert section[0] != 3


def test_records_are_equal_by_value() -> None:
    one, two = Record.parse(A), Record.parse(A)
    assert one == two
    assert hash(one) == hash(two) == hash(A)
    assert one != Record.parse("a.b. 3599 IN A 10.0.0.1")
    assert one != Record.parse("A.b. 3600 IN A 10.0.0.1")


def test_a_spelling_of_the_same_octets_is_the_same_record() -> None:
    plain, spelled = Record(RR("a.", 1, 1, 5, ("10.0.0.1",))), Record(RR("\\097.", 1, 1, 5, ("10.0.0.1",)))
    assert plain == spelled
    assert hash(plain) == hash(spelled)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_it_can_be_copied_and_pickled(again: object) -> None:
    record = Record.parse('a.b. 5 IN TXT "x" y')
    assert again(record) == record  # type: ignore[operator]
    assert again(record).data == (b"x", b"y")  # type: ignore[operator]


def test_it_never_changes() -> None:
    record = Record.parse(A)
    with pytest.raises(AttributeError, match="a record never changes: `ttl` cannot be set"):
        record.ttl = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    "line",
    [
        A,
        "a.b. IN 3600 A 10.0.0.1",
        "a.b A 10.0.0.1",
        "a.b. 1h in a 10.0.0.1",
        "  a.b.\t3600   IN A 10.0.0.1 ",
    ],
)
def test_lines_of_a_zone_file_are_read(line: str) -> None:
    assert str(Record.parse(line)) == A


@pytest.mark.parametrize(
    "line",
    [
        'a.b. 60 IN X25 "311061700956"',
        'a.b. 60 IN HINFO "PC" "Linux 6"',
        'a.b. 60 IN NAPTR 1 2 "u" "x" "!a!b!" .',
        'a.b. 60 IN CAA 0 issue "ca"',
        'a.b. 60 IN URI 1 2 "https://a.b/"',
    ],
)
def test_what_is_printed_is_read(line: str) -> None:
    """Strings are printed between quotes, where miekg/dns reads some only without."""
    assert str(Record.parse(line)) == line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "it is empty"),
        ("a.b.", "there is no type behind the name"),
        ("a.b. 60 IN", "there is no type behind the name"),
        ("a.b. 60 IN AB 10.0.0.1", "`AB` is no record type"),
        ("a.b. 60 IN A 10.0.0", "bad A A: '10.0.0'"),
        ("a..b. 60 IN A 10.0.0.1", "`a..b.` is no name"),
        ("a.b. 99999999999 IN A 10.0.0.1", "`99999999999` is no TTL"),
    ],
)
def test_what_is_no_record_is_told(line: str, reason: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Record.parse(line)
    assert str(caught.value) == f"`{line}` is no record: {reason}"
    assert pickle.loads(pickle.dumps(caught.value)).reason == reason
