"""Addresses as Go's net.ParseIP reads and prints them, and as reverse names have them (RFC 1035 §3.5, RFC 3596 §2.5)."""

from __future__ import annotations

import pytest

from corefile.golang.addresses import (
    Network,
    from_reverse,
    is_host_name,
    number_of,
    parse_cidr,
    parse_ip,
    split_host_port,
)
from corefile.golang.errors import GoError


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


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("a:1", ("a", "1")),
        (":53", ("", "53")),
        ("a:", ("a", "")),
        ("[::1]:53", ("::1", "53")),
        ("[]:53", ("", "53")),
        ("[fe80::1%eth0]:http", ("fe80::1%eth0", "http")),
        ("/health:8080", ("/health", "8080")),
        ("", "missing port in address"),
        ("a", "address a: missing port in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1]53", "address [::1]53: missing port in address"),
        ("[::1", "address [::1: missing ']' in address"),
        ("::1:53", "address ::1:53: too many colons in address"),
        ("[::1]:5:3", "address [::1]:5:3: too many colons in address"),
        ("[[::1]]:53", "address [[::1]]:53: missing port in address"),
        ("[[::1]:53", "address [[::1]:53: unexpected '[' in address"),
        ("a[b:53", "address a[b:53: unexpected '[' in address"),
        ("[a]:5]3", "address [a]:5]3: unexpected ']' in address"),
        ("a]:53", "address a]:53: unexpected ']' in address"),
    ],
)
def test_split_host_port(text: str, want: tuple[str, str] | str) -> None:
    if isinstance(want, tuple):
        assert split_host_port(text) == want
        return
    with pytest.raises(GoError) as caught:
        split_host_port(text)
    assert caught.value.text == want


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        (".", True),
        ("a", True),
        ("a.b.", True),
        ("_a-b.9", True),
        ("a.9-9", True),
        ("9.8", False),
        ("", False),
        ("a..b", False),
        (".a", False),
        ("-a", False),
        ("a-.b", False),
        ("a-", False),
        ("a b", False),
        ("é", False),
        ("x" * 63, True),
        ("x" * 64, False),
        (".".join(["x" * 63] * 3 + ["x" * 61]), True),
        (".".join(["x" * 63] * 3 + ["x" * 61]) + ".", True),
        (".".join(["x" * 63] * 3 + ["x" * 62]), False),
    ],
)
def test_host_names(text: str, is_name: bool) -> None:
    assert is_host_name(text) is is_name


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("10.1.2.3/8", Network(10 << 24, 8, 32)),
        ("10.1.2.3/08", Network(10 << 24, 8, 32)),
        ("0.0.0.0/0", Network(0, 0, 32)),
        ("fd00::1/7", Network(0xFC << 120, 7, 128)),
        ("::1/128", Network(1, 128, 128)),
        ("10.1.2.3/33", None),
        ("10.1.2/8", None),
        ("10.1.2.3", None),
        ("10.1.2.3/", None),
        ("10.1.2.3/+8", None),
        ("fe80::1%eth0/64", None),
        ("fd00::/129", None),
    ],
)
def test_networks(text: str, want: Network | None) -> None:
    assert parse_cidr(text) == want


@pytest.mark.parametrize(
    ("network", "address", "held"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "fd00::10.1.2.3", False),
        ("10.0.0.0/8", "10.1.2.3%eth0", False),
        ("::ffff:10.0.0.0/104", "10.1.2.3", True),
        ("::ffff:10.0.0.0/104", "11.1.2.3", False),
        ("::/0", "10.1.2.3", False),
        ("fd00::/8", "fd12::1", True),
        ("fd00::/8", "fe12::1", False),
    ],
)
def test_which_addresses_a_network_holds(network: str, address: str, held: bool) -> None:
    found = parse_cidr(network)
    assert found is not None
    assert found.holds(number_of(address)) is held
