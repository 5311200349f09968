"""Strings of a master file, and the characters that miekg/dns counts of them."""

from __future__ import annotations

from ..escapes import unescape

_TWO = b'"\\'
_FOUR = bytes([*range(32), *range(127, 256)])


class Spelt(bytes):
    """Octets that a master file spells in `shown` characters, where that is not what `text_length` would count."""

    shown: int


def spelt(text: str) -> bytes:
    """The octets of a string in a master file; they remember how long it was written."""
    data = unescape(text)
    if len(text) == text_length(data) == len(data):
        return data
    kept = Spelt(data)
    kept.shown = len(text)
    return kept


def text_length(data: bytes) -> int:
    """Characters of a string that miekg/dns holds escaped; its lengths count these, not the octets.

    A string from the wire is held with its own escapes, one from a master file as it was written.
    """
    if data.__class__ is Spelt:
        return data.shown
    plain = len(data)
    return 4 * plain - 3 * len(data.translate(None, _FOUR)) + (plain - len(data.translate(None, _TWO)))
