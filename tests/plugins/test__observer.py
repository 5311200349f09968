"""What the plugins that observe share: the words of log lines."""

from __future__ import annotations

import pytest

from corefile.plugins import _observer
from corefile.releases import find


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
    assert _observer.type_text(number, find(before)) == f"TYPE{number}"
    assert _observer.type_text(number, find(since)) == word


def test_other_types_and_rcodes() -> None:
    oldest = find("1.0.0")
    assert _observer.type_text(1, oldest) == "A"
    assert _observer.type_text(65000, oldest) == "TYPE65000"
    assert (_observer.rcode_text(3, oldest), _observer.rcode_text(99, oldest)) == ("NXDOMAIN", "")
    assert _observer.rcode_text(11, find("1.12.1")) == ""
    assert _observer.rcode_text(11, find("1.12.2")) != ""


def test_hexdump() -> None:
    assert _observer.hexdump(bytes(range(17))) == (
        "debug: 000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\ndebug: 000010 10\ndebug: 000011"
    )


def test_stamp() -> None:
    assert _observer.stamp(1767225600) == "01/Jan/2026:00:00:00 +0000"
