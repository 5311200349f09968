"""Hosts files, read."""

from __future__ import annotations

from ...dns.names import next_label, suffixes
from ...golang.domains import lower
from ...plugin import dns, fqdn, longest_match, parse_ip, to_reverse
from ._rules import HostsRules

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

    def names(self) -> list[str]:
        """The names, wildcards included."""
        return [*dict.fromkeys(name for names in (self.v4, self.v6, self.wild4, self.wild6) for name in names)]

    def count(self) -> int:
        """How many entries there are, in both directions."""
        return sum(len(x) for part in (self.v4, self.v6, self.wild4, self.wild6, self.addresses) for x in part.values())


class Lookup:
    """The entries of the file and those of the Corefile's lines, together."""

    def __init__(self, inline: Entries, rules: HostsRules) -> None:
        self.rules = rules
        self.inline = inline
        self.of_file = Entries()
        if not rules.file_then_lines:
            self.of_file.v4, self.of_file.v6 = inline.v4, inline.v6
            self.of_file.addresses = inline.addresses
        self._note_names()

    def take(self, fresh: Entries) -> None:
        """Put the entries of a file that has changed in place of the old ones."""
        if self.rules.adds_file_anew:
            fresh.add(self.of_file)
        elif not self.rules.file_then_lines:
            fresh.add(self.inline)
        self.of_file = fresh
        self._note_names()

    def _note_names(self) -> None:
        """Note which names there are, since most that are asked for are none of them."""
        self.parts = (self.of_file, self.inline) if self.rules.file_then_lines else (self.of_file,)
        self.known = frozenset().union(*(names for part in self.parts for names in (part.v4, part.v6)))
        self.wild = any(part.wild4 or part.wild6 for part in self.parts)

    def addresses(self, name: str, type: int) -> list[str]:
        """The addresses of a name: those of the file first."""
        out: list[str] = []
        if name not in self.known and not self.wild:
            return out
        for part in self.parts:
            exact, wild = (part.v4, part.wild4) if type == dns.A else (part.v6, part.wild6)
            addresses = exact.get(name)
            if addresses:
                out += addresses
            elif wild:
                start = next_label(name, 0)
                if start >= 0:
                    out += wild.get("*." + name[start:], ())
        return out

    def exists(self, name: str, type: int) -> bool:
        """Whether a name that has no records of `type` has an address all the same."""
        return bool(
            (type != dns.A and self.addresses(name, dns.A)) or (type != dns.AAAA and self.addresses(name, dns.AAAA))
        )

    def names(self, address: str) -> list[str]:
        """The names of an address."""
        return [fqdn(name) for part in self.parts for name in part.addresses.get(address, ())]

    def entries(self) -> list[str]:
        """All names of entries, wildcards included."""
        return [name for part in self.parts for name in part.names()]

    def landmarks(self) -> list[str]:
        """All names that entries tell apart: names, wildcards, and the reverse names of addresses."""
        addresses = [to_reverse(address) for part in self.parts for address in part.addresses]
        return [*self.entries(), *addresses]


FEW = 4
"""Zones that are compared with each name one by one: that takes less time than to look for all zones above a name."""


def parse(text: str, zones: tuple[str, ...], reverse: bool, rules: HostsRules) -> Entries:
    """The entries of a hosts file for names in `zones`; `reverse` tells whether addresses lead to names, too."""
    out = Entries()
    own, are_few = frozenset(zones), len(zones) < FEW
    for line in text.split("\n"):
        if len(line) >= LONGEST:
            break
        words = line.partition("#")[0].split()
        if len(words) < 2:
            continue
        known = _address(words[0], rules)
        if known is None:
            continue
        family, address, printed = known
        for word in words[1:]:
            name = lower(fqdn(word))
            if longest_match(zones, name) is None if are_few else own.isdisjoint((*suffixes(name), ".")):
                continue
            wild = rules.wildcards and name.startswith("*.")
            if family == 1:
                (out.wild4 if wild else out.v4).setdefault(name, []).append(address)
            else:
                (out.wild6 if wild else out.v6).setdefault(name, []).append(address)
            if reverse and not wild:
                out.addresses.setdefault(printed, []).append(name)
    return out


def _address(word: str, rules: HostsRules) -> tuple[int, str, str] | None:
    """Family (1 or 2), address for a record, and the key for PTR; None for what is no address."""
    word = word.partition("%")[0]
    found = parse_ip(word)
    if found is None:
        return None
    version, address = found
    v4 = version == 4
    if rules.family_of == "value":
        family = 1 if v4 else 2
    elif rules.family_of == "end":
        family = 1 if "." in word[word.rfind(":") + 1 :] else 2
    else:
        family = 2 if ":" in word else 1
    if family == 1:
        return 1, address if v4 else "0.0.0.0", address
    return 2, f"::ffff:{address}" if v4 else address, address
