"""How many connections and streams a server for HTTPS, HTTP/3, QUIC or gRPC takes at once. One client that asks one
question at a time, as here, never meets them."""

from __future__ import annotations

from typing import Any

from ..golang.errors import GoError
from ..plugin import Int, Invalid, Line, Reads, Setting

READS = Reads(far="block")
"""They read one block, and no second occurrence."""


class Limit(Int):
    """A number of at least `min`, with the property's name in CoreDNS's words for a bad one."""

    def __init__(self, name: str, min: int) -> None:
        kind = "positive" if min else "non-negative"
        super().__init__(min=min, range_error=f"{name} must be a {kind} integer: {{}}")
        self.name = name

    def refused(self, text: str, error: GoError) -> Invalid:
        """The error for a word that is no number."""
        return Invalid(error.message, hint=error.hint, coredns=f"invalid {self.name} value '{text}': {error.text}")


def limit(name: str, doc: str, *, default: int, min: int = 0) -> Any:
    """The property `name`."""
    twice = f"{name} already defined for this server block"
    return Line(Limit(name, min), repeat="once", twice=twice, default=default, doc=doc)


class Limits(Setting):
    """Bounds of a server."""

    READS = READS


__all__ = ["Limit", "Limits", "limit"]
