"""The zones that a directive names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..chain.types import Zone
from ..dns.names import suffixes
from ..language.keys import normalize
from ..light import regex
from ..plugins import find

if TYPE_CHECKING:
    from ..language.words import Token
    from ..releases import Release
    from .subject import Use

FORWARDS = frozenset(("forward", "proxy", "grpc"))
"""Directives whose first word is a zone."""

LIKE_A_NETWORK = regex(r"[0-9a-fA-F.:\[\]]*[.:\]][0-9a-fA-F.:\[\]]*/(?!.*\.arpa\b)[^/]*")
"""Without names below zones of RFC 2317, such as `0/25.2.0.192.in-addr.arpa`."""

MEANT = {
    "in-addr.arpaip6.arpa": "in-addr.arpa ip6.arpa",
    "ipv6.arpa": "ip6.arpa",
    "ip6.apra": "ip6.arpa",
    "ip6-arpa": "ip6.arpa",
    "ip6arpa": "ip6.arpa",
    "ipv4.arpa": "in-addr.arpa",
    "in-adr.arpa": "in-addr.arpa",
    "inaddr.arpa": "in-addr.arpa",
    "in.addr.arpa": "in-addr.arpa",
    "in-addr.apra": "in-addr.arpa",
    "in-addr-arpa": "in-addr.arpa",
}
"""The zones of all addresses, by usual slips in their names."""


def zone_words(use: Use, release: Release) -> tuple[Token, ...]:
    """The words behind a directive that are zones."""
    if use.zones is None:
        use.zones = tuple(_zone_words(use, release))
    return use.zones


def _zone_words(use: Use, release: Release) -> list[Token]:
    words = list(use.words)
    if use.name in FORWARDS:
        return words[:1]
    cls = find(use.name)
    out: list[Token] = []
    arguments = () if cls is None else cls.ARGUMENTS
    for place, argument in enumerate(arguments):
        if argument.many:
            later = sum(1 for other in arguments[place + 1 :] if other.required)
            taken = words[: len(words) - later]
            return out + taken if isinstance(argument.type, Zone) else out
        if not words:
            break
        if argument.maybe and not argument.type.fits(words[0].text, release):
            continue
        word = words.pop(0)
        if isinstance(argument.type, Zone):
            out.append(word)
    return out


def named(word: Token, release: Release) -> tuple[str, ...]:
    """The zones that a word stands for."""
    return normalize(word.text, release)


class Zones:
    """Some zones, in lower case: many may be compared with many."""

    def __init__(self, zones: Iterable[str]) -> None:
        self.zones = frozenset(zones)
        self.above = {above for zone in self.zones for above in (*suffixes(zone), ".")}

    def __bool__(self) -> bool:
        return bool(self.zones)

    def meet(self, zone: str) -> bool:
        """Whether one of them has names in common with a zone."""
        return bool(self.zones) and (zone in self.above or any(x in self.zones for x in (*suffixes(zone), ".")))

    def cover(self, zone: str) -> bool:
        """Whether one of them is a zone or above it."""
        return any(x in self.zones for x in (*suffixes(zone), "."))


def of_template(use: Use) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The zones of a `template`, and its patterns."""
    patterns = tuple(word.text for line in use.lines if line.name == "match" for word in line.arguments)
    return tuple(word.text.lower().rstrip(".") for word in use.words[2:]), patterns


__all__ = ["LIKE_A_NETWORK", "MEANT", "Zones", "named", "of_template", "zone_words"]
