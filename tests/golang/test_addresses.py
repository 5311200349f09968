"""Addresses as Go's net.ParseIP reads and prints them, and as reverse names have them (RFC 1035 §3.5, RFC 3596 §2.5)."""

from __future__ import annotations

import pytest

from corefile.golang.addresses import from_reverse, parse_ip


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1.2.3.4", (4, "1.2.3.4")),
        ("0.0.0.0", (4, "0.0.0.0")),
        ("255.255.255.255", (4, "255.255.255.255")),
        ("256.1.1.1", None),
        ("01.2.3.4", None),
        ("1.2.3", None),
        ("1.2.3.", None),
        ("1.2.3.4.", None),
        ("1.2.3.4.5", None),
        ("\u0661.2.3.4", None),
        ("", None),
        ("None", None),
        ("::ffff:1.2.3.4", (4, "1.2.3.4")),
        ("FD00:0:0:0::00A1", (6, "fd00::a1")),
        ("2001:db8:0:1:0:0:0:1", (6, "2001:db8:0:1::1")),
        ("fe80::1%eth0", None),
        ("fd00::1/64", None),
        ("1::2::3", None),
    ],
)
def test_parse_ip(text: str, want: tuple[int, str] | None) -> None:
    assert parse_ip(text) == want


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("4.3.2.1.in-addr.arpa.", "1.2.3.4"),
        ("3.2.1.in-addr.arpa.", ""),
        ("5.4.3.2.1.in-addr.arpa.", ""),
        ("in-addr.arpa.", ""),
        ("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::1"),
        ("0.0.d.f.ip6.arpa.", ""),
        ("www.example.org.", ""),
    ],
)
def test_from_reverse(name: str, want: str) -> None:
    assert from_reverse(name) == want
