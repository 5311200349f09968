"""Hosts files, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...dns.names import fqdn, longest_match
from ...golang.addresses import parse_ip
from ...language.keys import lower

if TYPE_CHECKING:
    from ...releases import Release

LONGEST = 64 * 1024
"""Octets of a line at which reading a file ends (Go's bufio.Scanner)."""


class Entries:
    """Names and addresses of one file, or of the Corefile's lines."""

    __slots__ = ("addresses", "v4", "v6", "wild4", "wild6")

    def __init__(self) -> None:
        self.v4: dict[str, list[str]] = {}
        self.v6: dict[str, list[str]] = {}
        self.wild4: dict[str, list[str]] = {}
        self.wild6: dict[str, list[str]] = {}
        self.addresses: dict[str, list[str]] = {}

    def add(self, other: Entries) -> None:
        """Add another one's. Only names with an IPv4 address bring their IPv6 addresses along: what CoreDNS does."""
        for name, found in other.v4.items():
            self.v4[name] = self.v4.get(name, []) + found
            if name in other.v6:
                self.v6[name] = self.v6.get(name, []) + other.v6[name]
        for address, names in other.addresses.items():
            self.addresses[address] = self.addresses.get(address, []) + names

    def count(self) -> int:
        """How many entries there are, in both directions."""
        return sum(len(x) for part in (self.v4, self.v6, self.wild4, self.wild6, self.addresses) for x in part.values())


def parse(text: str, zones: tuple[str, ...], reverse: bool, release: Release) -> Entries:
    """The entries of a hosts file for names in `zones`; `reverse` tells whether addresses lead to names, too."""
    out = Entries()
    wildcards = release >= "1.14.5"
    for line in text.split("\n"):
        if len(line) >= LONGEST:
            break
        words = line.partition("#")[0].split()
        if len(words) < 2:
            continue
        known = _address(words[0], release)
        if known is None:
            continue
        family, address, printed = known
        for word in words[1:]:
            name = lower(fqdn(word))
            if longest_match(zones, name) is None:
                continue
            wild = wildcards and name.startswith("*.")
            if family == 1:
                (out.wild4 if wild else out.v4).setdefault(name, []).append(address)
            else:
                (out.wild6 if wild else out.v6).setdefault(name, []).append(address)
            if reverse and not wild:
                out.addresses.setdefault(printed, []).append(name)
    return out


def _address(word: str, release: Release) -> tuple[int, str, str] | None:
    """Family (1 or 2), address for a record, and the key for PTR; None for what is no address."""
    word = word.partition("%")[0]
    found = parse_ip(word)
    if found is None:
        return None
    version, address = found
    v4 = version == 4
    if release >= "1.6.0":
        family = 1 if v4 else 2
    elif release >= "1.4.0":  # what it looks like at its end
        family = 1 if "." in word[word.rfind(":") + 1 :] else 2
    else:  # at its beginning
        family = 2 if ":" in word else 1
    if family == 1:
        return 1, address if v4 else "0.0.0.0", address
    return 2, f"::ffff:{address}" if v4 else address, address
