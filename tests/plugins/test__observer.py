"""What the plugins that observe share: the words of log lines."""

from __future__ import annotations

from corefile.plugins import _observer
from corefile.releases import find


def test_rcodes() -> None:
    oldest = find("1.0.0")
    assert (_observer.rcode_text(3, oldest), _observer.rcode_text(99, oldest)) == ("NXDOMAIN", "")
    assert _observer.rcode_text(11, find("1.12.1")) == ""
    assert _observer.rcode_text(11, find("1.12.2")) != ""


def test_hexdump() -> None:
    assert _observer.hexdump(bytes(range(17))) == (
        "debug: 000000 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\ndebug: 000010 10\ndebug: 000011"
    )


def test_stamp() -> None:
    assert _observer.stamp(1767225600) == "01/Jan/2026:00:00:00 +0000"
