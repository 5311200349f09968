"""The zones that a directive names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chain.types import Zone
from ..dns.names import is_subdomain
from ..language.keys import normalize
from ..plugins import find

if TYPE_CHECKING:
    from ..language.words import Token
    from ..releases import Release
    from .subject import Use

FORWARDS = frozenset(("forward", "proxy", "grpc"))
"""Directives whose first word is a zone."""


def zone_words(use: Use, release: Release) -> list[Token]:
    """The words behind a directive that are zones."""
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


def meet(one: str, other: str) -> bool:
    """Whether two zones (lower case) have names in common."""
    return is_subdomain(one, other) or is_subdomain(other, one)


__all__ = ["meet", "named", "zone_words"]
