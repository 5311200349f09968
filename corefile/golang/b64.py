"""Base64 with its padding, as Go's encoding/base64 reads it (StdEncoding)."""

from __future__ import annotations

import re
from binascii import a2b_base64

from ..light import regex
from .errors import GoError

_SOUND = regex(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_ENDS = frozenset(b"\r\n")
_PAD = ord("=")


def decode(text: str | bytes) -> bytes:
    """The octets. Ends of lines are passed over, and what the padding leaves over of the last octet is not looked at. Raises
    GoError.

    >>> decode("c2VjcmV0")
    b'secret'
    """
    octets = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    if _SOUND.fullmatch(octets) is None:
        wrong = _wrong(octets)
        if wrong is not None:
            raise GoError("this is no base64", f"illegal base64 data at input byte {wrong}")
        octets = re.sub(rb"[\r\n]", b"", octets)
    return a2b_base64(octets)


def _wrong(octets: bytes) -> int | None:
    """The index that Go names of octets that are no base64; None where they are."""
    at, size = 0, len(octets)
    while True:
        count = 0
        while count < 4:
            if at == size:
                return at - count if count else None
            octet = octets[at]
            at += 1
            if octet in _LETTERS:
                count += 1
            elif octet not in _ENDS:
                return at - 1 if octet != _PAD or count < 2 else _behind_padding(octets, at, count)


def _behind_padding(octets: bytes, at: int, count: int) -> int | None:
    """The same of what follows the first `=`. count: letters of the last four characters."""
    size = len(octets)
    if count == 2:
        at = _over_ends(octets, at)
        if at == size:
            return size
        if octets[at] != _PAD:
            return at - 1
        at += 1
    at = _over_ends(octets, at)
    return at if at < size else None


def _over_ends(octets: bytes, at: int) -> int:
    while at < len(octets) and octets[at] in _ENDS:
        at += 1
    return at


__all__ = ["decode"]
