"""How many connections and streams a server for HTTPS, HTTP/3, QUIC or gRPC takes at once. One client that asks one
question at a time, as here, never meets them."""

from __future__ import annotations

from typing import Any

from ..plugin import Int, Line, Reads, Setting

READS = Reads(far="block")
"""They read one block, and no second occurrence."""


def limit(name: str, doc: str, *, default: int, min: int = 0, since: str | None = None) -> Any:
    """The property `name`."""
    twice = f"{name} already defined for this server block"
    kind = "positive" if min else "non-negative"
    number = Int(
        min=min, error=f"invalid {name} value '{{}}': {{go}}", range_error=f"{name} must be a {kind} integer: {{}}"
    )
    return Line(number, repeat="once", twice=twice, default=default, since=since, doc=doc)


class Limits(Setting):
    """Bounds of a server."""

    READS = READS


__all__ = ["Limits", "limit"]
