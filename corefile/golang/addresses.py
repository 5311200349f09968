"""Addresses as Go's package net reads and writes them: IP addresses, `host:port`, and names in the reverse tree
(RFC 1035 §3.5, RFC 3596)."""

from __future__ import annotations

import re
from functools import lru_cache

from ..light import NamedTuple, regex
from .errors import GoError
from .numbers import to_uint

IP4, IP6 = ".in-addr.arpa.", ".ip6.arpa."
EVERYWHERE = ("", "0.0.0.0", "::")
"""What stands for all addresses of the machine. Go listens on both families for any of them."""
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""What the kernel connects to in place of those that stand for all addresses."""

_V4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


SERVICES = {
    "domain": 53,
    "ftp": 21,
    "gopher": 70,
    "http": 80,
    "https": 443,
    "imap2": 143,
    "imap3": 220,
    "imaps": 993,
    "ldap": 389,
    "ldaps": 636,
    "pop3": 110,
    "pop3s": 995,
    "smtp": 25,
    "ssh": 22,
    "telnet": 23,
}
"""The TCP ports whose names Go knows without /etc/services; of UDP it is `domain` alone."""
_LARGE = 1 << 30
"""Larger ports stop at it."""


def parse_port(text: str, net: str) -> int | None:
    """The port, perhaps one out of range; None for a name that is not known without /etc/services.

    Source: parsePort of package net, whose number has 32 bits, and LookupPort.

    >>> [parse_port(text, "udp") for text in ("053", "+53", "", "-1", "4294967349", "Domain", "http", "5_3")]
    [53, 53, 0, -1, 53, 53, None, None]
    """
    negative = text[:1] == "-"
    number = 0
    for digit in text[1 if text[:1] in ("+", "-") else 0 :]:
        if digit not in "0123456789":
            name = text.lower()
            return SERVICES.get(name) if net == "tcp" or name == "domain" else None
        if number >= _LARGE:
            break
        number = number * 10 & 0xFFFFFFFF
        if number + int(digit) > 0xFFFFFFFF:
            number = _LARGE
            break
        number += int(digit)
    number = min(number, _LARGE)
    return -number if negative else number


def bracketed(host: str) -> str:
    """A host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def join_port(host: str, port: str | int) -> str:
    """`host:port`, an IPv6 address in brackets."""
    return f"{bracketed(host)}:{port}"


def split_host_port(text: str) -> tuple[str, str]:
    """Host and port of `host:port`, without brackets. Raises GoError.

    >>> split_host_port("[::1]:53"), split_host_port(":8080")
    (('::1', '53'), ('', '8080'))
    """
    colon = text.rfind(":")
    if colon < 0:
        raise _no_host_port(text, "missing port in address")
    front, back = 0, 0  # from where on a bracket is one too many
    if text.startswith("["):
        end = text.find("]")
        if end < 0:
            raise _no_host_port(text, "missing ']' in address")
        if end + 1 == len(text):
            raise _no_host_port(text, "missing port in address")
        if end + 1 != colon:
            more = text[end + 1] == ":"
            raise _no_host_port(text, "too many colons in address" if more else "missing port in address")
        host, front, back = text[1:end], 1, end + 1
    else:
        host = text[:colon]
        if ":" in host:
            raise _no_host_port(text, "too many colons in address")
    if "[" in text[front:]:
        raise _no_host_port(text, "unexpected '[' in address")
    if "]" in text[back:]:
        raise _no_host_port(text, "unexpected ']' in address")
    return host, text[colon + 1 :]


def _no_host_port(text: str, reason: str) -> GoError:
    message = f"`{text}` is not an address with a port: {reason}"
    return GoError(message, (f"address {text}: " if text else "") + reason, "such as `:8080` or `127.0.0.1:8080`")


_LABEL = regex("(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def is_host_name(text: str) -> bool:
    """Whether Go asks a name server for it at all: labels of letters, digits, `-` and `_`, not of digits alone."""
    if text == ".":
        return True
    if len(text) > 253 + text.endswith(".") or re.fullmatch("[0-9.]*", text):
        return False
    return all(_LABEL.fullmatch(label) for label in text.removesuffix(".").split("."))


def parse_ip(text: str) -> tuple[int, str] | None:
    """Family (4 or 6) and canonical text of an address; None where it is none.

    An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is an IPv4 address, as in Go. Leading zeros are refused.

    >>> parse_ip("::ffff:192.0.2.1")
    (4, '192.0.2.1')
    """
    if ":" not in text:
        return (4, text) if _V4.fullmatch(text) else None
    return _parse_ipv6(text)


@lru_cache(maxsize=65536)
def _parse_ipv6(text: str) -> tuple[int, str] | None:
    if "%" in text or "/" in text:
        return None
    from ipaddress import AddressValueError, IPv6Address

    try:
        ip = IPv6Address(text)
    except AddressValueError:
        return None
    if ip.ipv4_mapped is not None:
        return 4, str(ip.ipv4_mapped)
    return 6, str(ip)


def from_reverse(name: str) -> str:
    """The address that a lower-case name in in-addr.arpa or ip6.arpa stands for; '' where it stands for none.

    >>> from_reverse("54.119.58.176.in-addr.arpa.")
    '176.58.119.54'
    """
    if name.endswith(IP4):
        found = parse_ip(".".join(reversed(name[: -len(IP4)].split("."))))
        return found[1] if found is not None and found[0] == 4 else ""
    if name.endswith(IP6):
        nibbles = name[: -len(IP6)].split(".")[::-1]
        groups = ["".join(nibbles[i : i + 4]) for i in range(0, len(nibbles) - 3, 4)]
        found = parse_ip(":".join(groups))
        return found[1] if found is not None else ""
    return ""


class Network(NamedTuple):
    """An IP network: `bits` is 32 or 128, `address` its number with all host bits zero.

    Where Go prints one (IPNet.String) or looks for an address in it (IPNet.Contains), an IPv4 network inside IPv6
    (`::ffff:10.0.0.0/104`) is one of IPv4; its mask (IPNet.Mask.Size) has 128 bits all the same.

    >>> print(Network(0xFFFF_0A00_0000, 104, 128))
    10.0.0.0/8
    """

    address: int
    prefix: int
    bits: int

    def unmapped(self) -> Network:
        """The IPv4 network that is inside IPv6; any other one as it is."""
        if self.bits == 128 and self.prefix >= 96 and self.address >> 32 == 0xFFFF:
            return Network(self.address & 0xFFFFFFFF, self.prefix - 96, 32)
        return self

    def holds(self, address: tuple[int, int] | None) -> bool:
        """Whether an address (see `number_of`) is in it."""
        if address is None:
            return False
        number, bits = address
        if bits == self.bits:
            shift = bits - self.prefix
            return number >> shift == self.address >> shift
        inside = self.unmapped()
        return inside is not self and inside.holds(address)

    def __str__(self) -> str:
        from ipaddress import IPv4Address, IPv6Address

        number, prefix, bits = self.unmapped()
        return f"{IPv4Address(number) if bits == 32 else IPv6Address(number)}/{prefix}"


def parse_cidr(text: str) -> Network | None:
    """The network of an address and the length of its prefix, such as `10.1.2.3/8`; None where it is none.

    An IPv4 network inside IPv6 (`::ffff:10.0.0.0/104`) has 128 bits.
    """
    from ipaddress import IPv4Address, IPv6Address

    host, _, length = text.partition("/")
    if not re.fullmatch("[0-9]+", length, re.ASCII) or parse_ip(host) is None:
        return None
    address = IPv6Address(host) if ":" in host else IPv4Address(host)
    bits, prefix = address.max_prefixlen, to_uint(length, 8)
    if prefix is None or prefix > bits:
        return None
    return Network(int(address) >> bits - prefix << bits - prefix, prefix, bits)


def with_prefix(text: str) -> str:
    """A network as it is written, or in place of an address the network of it alone.

    >>> with_prefix("10.0.0.7"), with_prefix("10.0.0.0/8")
    ('10.0.0.7/32', '10.0.0.0/8')
    """
    return text if "/" in text else f"{text}/{128 if ':' in text else 32}"


@lru_cache(maxsize=4096)
def number_of(address: str) -> tuple[int, int] | None:
    """The number of an address, and of how many bits it is; None where it is none. An IPv4 address inside IPv6 is one of
    IPv4."""
    found = parse_ip(address)
    if found is None:
        return None
    from ipaddress import ip_address

    ip = ip_address(found[1])
    return int(ip), ip.max_prefixlen


def to_reverse(address: str) -> str:
    """The name of an address in in-addr.arpa or ip6.arpa, with its trailing dot; an IPv6 zone (`%eth0`) is left out.

    >>> to_reverse("176.58.119.54")
    '54.119.58.176.in-addr.arpa.'
    """
    from ipaddress import ip_address

    return ip_address(address.partition("%")[0]).reverse_pointer + "."


__all__ = [
    "EVERYWHERE",
    "IP4",
    "IP6",
    "LOOPBACK",
    "SERVICES",
    "Network",
    "bracketed",
    "from_reverse",
    "is_host_name",
    "join_port",
    "number_of",
    "parse_cidr",
    "parse_ip",
    "parse_port",
    "split_host_port",
    "to_reverse",
    "with_prefix",
]
