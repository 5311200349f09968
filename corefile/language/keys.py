"""Keys of server blocks, and zone arguments of plugins: transport, zone and port.

The rules are those of core/dnsserver/register.go, plugin/normalize.go, plugin/pkg/cidr and of `IsDomainName` and
`Fqdn` of the github.com/miekg/dns that each release was built with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Finding
from ..golang.quoting import quote

if TYPE_CHECKING:
    from ..releases import Release
    from .expand import Token


class Network(NamedTuple):
    """An IP network: `bits` is 32 or 128, `address` its number with all host bits zero."""

    address: int
    prefix: int
    bits: int

    def __contains__(self, other: object) -> bool:
        """Whether an `ipaddress` address, or a number of the same family, is inside."""
        shift = self.bits - self.prefix
        number = int(other) if hasattr(other, "__int__") else None
        if getattr(other, "max_prefixlen", self.bits) != self.bits or number is None:
            return False
        return number >> shift == self.address >> shift


class Zone(NamedTuple):
    """What one key of a server block stands for.

    transport: 'dns', 'tls', 'grpc', 'https', 'quic', 'https3' or 'unix'. zone: fully qualified, lower case since
    CoreDNS 1.14.7. port: as text. network: releases before 1.8.4 took one zone that is too
    wide or too narrow for a network that ends between two labels, and filtered by the network; None for all others.
    """

    transport: str
    zone: str
    port: str
    network: Network | None = None

    def __str__(self) -> str:
        return f"{self.transport}://{self.zone}:{self.port}"


class KeyError_(ValueError):
    """A key that CoreDNS refuses; the message is CoreDNS's."""


_TRANSPORTS = (
    ("tls", "853", "1.0.0"),
    ("dns", "53", "1.0.0"),
    ("quic", "853", "1.11.0"),
    ("grpc", "443", "1.0.0"),
    ("https3", "443", "1.13.2"),
    ("https", "443", "1.1.3"),
    ("unix", "", "1.11.0"),
)


def split_transport(text: str, release: Release) -> tuple[str, str]:
    """The transport of `tls://...` and the like, and the rest. `dns` if none is named that the release knows."""
    if "://" in text:
        for name, _, since in _TRANSPORTS:
            if text.startswith(name + "://") and release >= since:
                return name, text[len(name) + 3 :]
    return "dns", text


def default_port(transport: str) -> str:
    """The port of a key without a port."""
    return next(port for name, port, _ in _TRANSPORTS if name == transport)


def split_host_port(text: str, release: Release) -> tuple[tuple[str, ...], str]:
    """The zones that a key without its transport stands for, as written and not yet qualified, and its port or "".

    Raises KeyError_ with CoreDNS's words.
    """
    hosts, port, _ = _split(text, release)
    return hosts, port


def _split(text: str, release: Release) -> tuple[tuple[str, ...], str, Network | None]:
    colon = text.rfind(":")
    if colon == len(text) - 1:  # so is an empty text, where both are -1
        raise KeyError_(f"expecting data after last colon: {quote(text)}")
    port = ""
    if colon != -1:
        number = _atoi(text[colon + 1 :])
        if number is not None:
            port = str(number)
            text = text[:colon]
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > 255:
        raise KeyError_(f"specified zone is too long: {size} > 255")
    if not is_domain_name(text, release):
        raise KeyError_(f"zone is not a valid domain name: {text}")
    network = _parse_cidr(text) if "/" in text else None
    if network is None:
        return (text,), port, None
    if release < "1.8.4":
        between = (network.bits - network.prefix) % 8 != 0
        return (_reverse_zone_before_1_8_4(text, network),), port, network if between else None
    if release >= "1.8.5" and (text[0] == ":" or (text[0] == "0" and ":" in text)):
        raise KeyError_(f"invalid CIDR {text}")
    step = 8 if network.bits == 32 or release < "1.8.5" else 4
    return tuple(_reverse_zone(part) for part in _on_labels(network, step)), port, None


def _atoi(text: str) -> int | None:
    """Go's strconv.Atoi."""
    if re.fullmatch(r"[+-]?[0-9]+", text) is None:
        return None
    number = int(text) if len(text) < 4000 else 1 << 64
    return number if -(1 << 63) <= number < 1 << 63 else None


# Names, as github.com/miekg/dns takes them.


def fqdn(name: str, release: Release | None = None) -> str:
    """With a dot at its end, unless it has one that is not escaped.

    miekg/dns 1.1.3 to 1.1.53 counted a letter of several bytes in front of the dot as that many backslashes, older
    ones did not look for backslashes.
    """
    if not name.endswith("."):
        return name + "."
    front = name[:-1]
    if release is not None and release < "1.3.1":
        return name
    if not front.endswith("\\") and (front.isascii() or release is None or release >= "1.11.0"):
        return name
    bare = front.rstrip("\\")
    escapes = len(front) - len(bare) + len(bare[-1:].encode("utf-8", "surrogatepass"))
    return name if (escapes if bare else escapes + 1) % 2 else name + "."


def is_domain_name(name: str, release: Release) -> bool:
    """Whether the release takes it for a domain name. It need not be fully qualified."""
    if not name:
        return release < "1.3.1"  # packDomainName of miekg/dns before 1.1.2 had nothing against it
    if len(name) < 64 and "\\" not in name and ".." not in name and name[0] != "." and name.isascii():
        return True
    data = fqdn(name, release).encode("utf-8", "surrogatepass")
    end = len(data)
    leading_dot = release < "1.9.4"  # miekg/dns 1.1.50
    dangling = release < "1.11.4"  # miekg/dns 1.1.59
    at = begin = length = 0
    dot = escape = False
    while at < end:
        char = data[at]
        if char == 0x5C:
            escape = not escape
            if length + 1 > 256:
                return False
            number = data[at + 1 : at + 4]
            step = 3 if len(number) == 3 and number.isdigit() else 1
            at += step
            begin += step
            dot = False
        elif char == 0x2E:
            escape = False
            if dot or (at == 0 and end > 1 and not leading_dot):
                return False
            dot = True
            if at - begin >= 64:
                return False
            length += 1 + at - begin
            if length > 256:
                return False
            begin = at + 1
        else:
            escape = dot = False
        at += 1
    return dangling or not escape


# Networks.


def _parse_cidr(text: str) -> Network | None:
    """Go's net.ParseCIDR."""
    host, _, mask = text.partition("/")
    if not re.fullmatch("[0-9]+", mask) or len(mask) > 6:
        return None
    import ipaddress

    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if "%" in host:
        return None
    bits, prefix, number = address.max_prefixlen, int(mask), int(address)
    if prefix > bits:
        return None
    number = number >> (bits - prefix) << (bits - prefix)
    return Network(number, prefix, bits)


def _on_labels(network: Network, step: int) -> list[Network]:
    """The network in parts that each end where a label of `step` bits does."""
    prefix = -(-network.prefix // step) * step
    count = 1 << (prefix - network.prefix)
    size = network.bits - prefix
    return [Network(network.address + (part << size), prefix, network.bits) for part in range(count)]


def _reverse_zone(network: Network) -> str:
    step = 8 if network.bits == 32 else 4
    host_bits = network.bits - network.prefix
    skipped = (host_bits + host_bits % step) // step
    if network.bits == 32:
        labels = [str(network.address >> shift & 0xFF) for shift in range(0, 32, 8)]
        return ".".join([*labels[skipped:], "in-addr.arpa."])
    labels = [f"{network.address >> shift & 0xF:x}" for shift in range(0, 128, 4)]
    return ".".join([*labels[skipped:], "ip6.arpa."])


def _reverse_zone_before_1_8_4(text: str, network: Network) -> str:
    """The name of the address, cut where the network ends.

    An IPv4 address in an IPv6 network is named as IPv4, but its labels are counted as those of IPv6.
    """
    import ipaddress

    address = ipaddress.ip_address(text.partition("/")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is None:
        return _reverse_zone(network._replace(address=int(address)))
    host_bits = network.bits - network.prefix
    labels = mapped.reverse_pointer.split(".")[(host_bits + host_bits % 4) // 4 :]
    return ".".join([*labels, ""])


# What plugins and server blocks make of them.


def normalize(text: str, release: Release) -> tuple[str, ...]:
    """The zones that a zone argument of a plugin stands for: lower case, fully qualified, networks as reverse zones.

    Since CoreDNS 1.6.5 (plugin/normalize.go) an argument that is no zone stands for none; before, it stood for the
    root.
    """
    try:
        return must_normalize(text, release)
    except KeyError_:
        return () if release >= "1.6.5" else (".",)


def must_normalize(text: str, release: Release) -> tuple[str, ...]:
    """The same for plugins that refuse what is no zone: raises KeyError_ with CoreDNS's words."""
    hosts, _ = split_host_port(split_transport(text, release)[1], release)
    return tuple(lower(fqdn(host, release)) for host in hosts)


def lower(text: str) -> str:
    """Go's strings.ToLower: letter by letter, where Python minds the neighbours (the Greek final sigma)."""
    return text.lower() if text.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def server_keys(keys: Sequence[Token], release: Release) -> tuple[list[Zone], list[Finding]]:
    """The zones that a server block serves, and what is wrong with its keys (CoreDNS stops at the first)."""
    zones: list[Zone] = []
    findings: list[Finding] = []
    for key in keys:
        try:
            zones += _zones(key.text, release)
        except KeyError_ as error:
            findings.append(_finding(key, str(error)))
    return zones, findings


def _zones(text: str, release: Release) -> list[Zone]:
    transport, rest = split_transport(text, release)
    hosts, port, network = _split(rest, release)
    if release >= "1.8.4":
        for host in hosts:
            _split(fqdn(host, release), release)  # what is good without its last dot may not be good with it
    port = port or default_port(transport)
    names = [fqdn(host, release) for host in hosts]
    fold = release >= "1.14.7"  # pull request 8320
    return [Zone(transport, lower(name) if fold else name, port, network) for name in names]


def _finding(key: Token, error: str) -> Finding:
    shown = key.text or key.span.text
    if error.startswith("expecting data"):
        message, hint = f"`{shown}` ends in a colon", "expected a port behind it"
        if not key.text or key.text.endswith("://"):
            message, hint = f"`{shown}` has no zone", "expected a zone; `.` is the root"
    elif error.startswith("specified zone"):
        message, hint = "This zone is longer than 255 characters", ""
    elif error.startswith("invalid CIDR"):
        message, hint = f"`{shown}` is no network that CoreDNS takes", "IPv6 networks must not begin with `:` or `0`"
    elif key.text[:1] == ":":
        message, hint = f"`{shown}` is a port without a zone", f"`.{key.text}` is the root at this port"
    elif ".." in key.text:
        message, hint = f"`{shown}` is no domain name", "it has an empty label"
    elif key.text[:1] == "." and len(key.text) > 1:
        message, hint = f"`{shown}` is no domain name", "it begins with a dot"
    else:
        message, hint = f"`{shown}` is no domain name", "labels have at most 63 characters, names at most 255"
    return Finding("bad-zone", message, key.span, hint, coredns=f"error inspecting server blocks: {error}")
