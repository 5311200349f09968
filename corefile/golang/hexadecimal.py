"""Octets in hexadecimal digits, as Go's encoding/hex reads them."""

from __future__ import annotations

from .quoting import code_point

_DIGITS = frozenset(b"0123456789abcdefABCDEF")


def syntax_error(digits: bytes) -> str:
    """What hex.DecodeString says of octets that are not pairs of digits; '' where they are.

    >>> syntax_error(b"0aFF"), syntax_error(b"0a0"), syntax_error(b"0x1")
    ('', 'encoding/hex: odd length hex string', "encoding/hex: invalid byte: U+0078 'x'")
    """
    wrong = next((octet for octet in digits if octet not in _DIGITS), None)
    if wrong is not None:
        return f"encoding/hex: invalid byte: {code_point(chr(wrong))}"
    return "encoding/hex: odd length hex string" if len(digits) % 2 else ""


__all__ = ["syntax_error"]
