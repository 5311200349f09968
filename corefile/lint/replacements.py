"""Replacements of a `rewrite`: where they stand, and how other programs write what CoreDNS writes `{1}`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..light import regex

FOREIGN = regex(
    r"\$\{(\w+)\}|\$\((\w+)\)|\$([1-9]|[A-Za-z_]\w*)|\{\{([1-9])\}\}|\{([A-Za-z_]\w*)\}|\\g<(\w+)>|\\\\?([1-9])(?![0-9])"
)
"""Groups as nginx, sed, Python and Go's own regexp package write them, by their numbers or names; `\\123` is an octet of a
name."""


def named(sign: re.Match[str]) -> str:
    """The number or the name of the group that a sign stands for."""
    found: str = sign[sign.lastindex or 0]
    return found


def pattern_of(before: Sequence[str]) -> str | None:
    """The pattern that a word replaces, by the words before it, of which at least three are given if there are as many; None
    where it is no replacement."""
    if before[-2:-1] == ["regex"] or (before[-3:-2] == ["answer"] and before[-2] in ("name", "value")):
        return before[-1]
    return None


__all__ = ["FOREIGN", "named", "pattern_of"]
