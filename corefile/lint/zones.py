"""The zones that a directive names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..chain.types import Zone
from ..dns.names import suffixes
from ..golang.domains import lower
from ..language.keys import normalize
from ..language.unset import REFERENCE
from ..light import regex
from ..plugins import find

if TYPE_CHECKING:
    from ..findings import Span
    from ..language.words import Token
    from ..releases import Release
    from .subject import Subject, Use

FORWARDS = frozenset(("forward", "proxy", "grpc"))
"""Directives whose first word is a zone."""

RENAME = ("rewrite", "autopath")
"""Directives that ask those behind them for names of other zones."""

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


def zones_of(use: Use, subject: Subject) -> list[str]:
    """The zones that a directive is for, in lower case: those behind it, or those of its server block. None of them where a
    variable that is not set may stand for one."""
    if has_unset(use.head, subject):
        return []
    zones = [zone for word in zone_words(use, subject.release) for zone in named(word, subject.release)]
    return [*map(lower, zones or use.block.site.zones)]


def has_unset(word: Token | Span, subject: Subject) -> bool:
    """Whether a variable that is not set stands on the line of a word: CoreDNS reads the line without it."""
    text = word.source.text
    end = text.find("\n", word.end)
    line = text[text.rfind("\n", 0, word.start) + 1 : end if end >= 0 else len(text)]
    found = REFERENCE.finditer(line) if "{$" in line or "{%" in line else ()
    return any(not subject.process.world.env.get(match[1] or match[2]) for match in found)


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


__all__ = ["LIKE_A_NETWORK", "MEANT", "RENAME", "Zones", "has_unset", "named", "of_template", "zone_words", "zones_of"]
