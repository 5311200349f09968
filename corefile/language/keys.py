"""Keys of server blocks, and zone arguments of plugins: transport, zone and port.

The rules are those of core/dnsserver/register.go, plugin/normalize.go, plugin/pkg/cidr and of `IsDomainName` and
`Fqdn` of the github.com/miekg/dns that each release was built with.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..findings import Finding
from ..golang.addresses import Network, parse_cidr
from ..golang.domains import fqdn, is_domain_name, lower
from ..golang.numbers import to_int
from ..golang.quoting import quote
from ..light import NamedTuple
from ..releases import Release
from ..releases.rules import ReleaseRules, since, until
from .words import Token


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


class BadKey(ValueError):
    """A key that CoreDNS refuses; the message is CoreDNS's."""


class KeyRules(ReleaseRules):
    """How a release reads keys and zones."""

    no_zone_is_the_root = until("1.6.5", "an argument that is no zone stands for the root (plugin/normalize.go)")
    one_zone_for_a_network = until("1.8.4", "a network that ends between two labels is one zone, which filters by it")
    is_read_again_when_qualified = since("1.8.4", "a key is looked at again with its last dot")
    networks_end_at_nibbles = since("1.8.5", "IPv6 networks are taken apart where labels of four bits end")
    refuses_networks_of_zeros = since("1.8.5", "IPv6 networks that begin with `:` or `0` are refused")
    lower_case = since("1.14.7", "the zones of a server block are put in lower case (pull request 8320)")


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

    Raises BadKey with CoreDNS's words.
    """
    hosts, port, _ = _split(text, release)
    return hosts, port


def _split(text: str, release: Release) -> tuple[tuple[str, ...], str, Network | None]:
    colon = text.rfind(":")
    if colon == len(text) - 1:  # so is an empty text, where both are -1
        raise BadKey(f"expecting data after last colon: {quote(text)}")
    port = ""
    if colon != -1:
        number = to_int(text[colon + 1 :])
        if number is not None:
            port = str(number)
            text = text[:colon]
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > 255:
        raise BadKey(f"specified zone is too long: {size} > 255")
    if not is_domain_name(text, release):
        raise BadKey(f"zone is not a valid domain name: {text}")
    network = parse_cidr(text) if "/" in text else None
    if network is None:
        return (text,), port, None
    rules = KeyRules.of(release)
    if rules.one_zone_for_a_network:
        between = (network.bits - network.prefix) % 8 != 0
        return (_reverse_zone_before_1_8_4(text, network),), port, network if between else None
    if rules.refuses_networks_of_zeros and (text[0] == ":" or (text[0] == "0" and ":" in text)):
        raise BadKey(f"invalid CIDR {text}")
    step = 4 if network.bits == 128 and rules.networks_end_at_nibbles else 8
    return tuple(_reverse_zone(part) for part in _on_labels(network, step)), port, None


# Networks.


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

    An argument that is no zone stands for none, in old releases for the root.
    """
    try:
        return must_normalize(text, release)
    except BadKey:
        return (".",) if KeyRules.of(release).no_zone_is_the_root else ()


@lru_cache(maxsize=1024)  # the same zones stand in many Corefiles
def must_normalize(text: str, release: Release) -> tuple[str, ...]:
    """The same for plugins that refuse what is no zone: raises BadKey with CoreDNS's words."""
    hosts, _ = split_host_port(split_transport(text, release)[1], release)
    return tuple(lower(fqdn(host, release)) for host in hosts)


def server_keys(keys: Sequence[Token], release: Release, dns_port: int = 53) -> tuple[list[Zone], list[Finding]]:
    """The zones that a server block serves, and what is wrong with its keys (CoreDNS stops at the first). dns_port: of keys
    that name none and no transport."""
    zones: list[Zone] = []
    findings: list[Finding] = []
    for key in keys:
        try:
            zones += _zones(key.text, release, dns_port)
        except BadKey as error:
            findings.append(_finding(key, str(error)))
    return zones, findings


def _zones(text: str, release: Release, dns_port: int) -> list[Zone]:
    transport, rest = split_transport(text, release)
    hosts, port, network = _split(rest, release)
    rules = KeyRules.of(release)
    if rules.is_read_again_when_qualified:
        for host in hosts:
            _split(fqdn(host, release), release)  # what is good without its last dot may not be good with it
    port = port or (str(dns_port) if transport == "dns" else default_port(transport))
    names = [fqdn(host, release) for host in hosts]
    return [Zone(transport, lower(name) if rules.lower_case else name, port, network) for name in names]


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
