"""Numbers and their names."""

from __future__ import annotations

import pytest

from corefile.dns import codes
from corefile.releases import find


def test_the_constants_are_the_numbers_of_their_names() -> None:
    for name, number in vars(codes).items():
        if name in codes.TYPES and name not in ("ANY", "NONE"):
            assert codes.TYPES[name] == number
    assert codes.rcode_number("NXDOMAIN") == codes.NXDOMAIN
    assert codes.opcode_number("UPDATE") == codes.UPDATE
    assert codes.class_number("CH") == codes.CH


def test_numbers_and_their_names() -> None:
    assert [codes.type_name(x) for x in (0, 1, 23, 255, 257, 999, 65535)] == [
        "None",
        "A",
        "NSAP-PTR",
        "ANY",
        "CAA",
        "TYPE999",
        "Reserved",
    ]
    assert codes.type_number("aaaa") == 28
    assert codes.type_number("type65281") == 65281
    assert [codes.class_name(x) for x in (1, 2, 3, 4, 254, 255, 7)] == ["IN", "CS", "CH", "HS", "NONE", "ANY", "CLASS7"]
    assert codes.class_number("ch") == 3
    assert codes.class_number("CLASS9") == 9
    assert [codes.rcode_name(x) for x in (0, 3, 16, 23, 12)] == [
        "NOERROR",
        "NXDOMAIN",
        "BADSIG",
        "BADCOOKIE",
        "RCODE12",
    ]
    assert [codes.rcode_number(x) for x in ("servfail", "BADVERS", "RCODE12")] == [2, 16, 12]
    assert [codes.opcode_name(x) for x in (0, 4, 5, 3)] == ["QUERY", "NOTIFY", "UPDATE", "OPCODE3"]
    assert [codes.opcode_number(x) for x in ("update", "OPCODE6")] == [5, 6]
    for number, bad in (
        (codes.type_number, "TYPE65536"),
        (codes.class_number, "XX"),
        (codes.rcode_number, "RCODE4096"),
        (codes.opcode_number, "OPCODE16"),
    ):
        with pytest.raises(ValueError, match=bad):
            number(bad)


def test_old_releases_have_no_name_for_new_types() -> None:
    assert codes.type_name(65, find("1.7.1")) == "TYPE65"
    assert codes.type_name(65, find("1.8.0")) == "HTTPS"
    assert codes.type_name(1, find("1.2.2")) == "A"


@pytest.mark.parametrize(
    ("number", "before", "since", "word"),
    [
        (42, "1.6.6", "1.6.7", "APL"),
        (65, "1.7.1", "1.8.0", "HTTPS"),
        (64, "1.7.1", "1.8.0", "SVCB"),
        (63, "1.8.3", "1.8.4", "ZONEMD"),
        (45, "1.10.1", "1.11.0", "IPSECKEY"),
        (260, "1.10.1", "1.11.0", "AMTRELAY"),
        (128, "1.11.3", "1.11.4", "NXNAME"),
        (261, "1.12.0", "1.12.1", "RESINFO"),
    ],
)
def test_types_have_names_since_the_library_knows_them(number: int, before: str, since: str, word: str) -> None:
    assert codes.type_name(number, find(before)) == f"TYPE{number}"
    assert codes.type_name(number, find(since)) == word
