"""Zones from text, and look-ups in them without a server around."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from corefile.dns.codes import type_number
from corefile.dns.zonefile.budget import Budget
from corefile.plugin import Msg
from corefile.plugins._zone import Found, Zone, load
from corefile.releases import find

Resolve = Callable[[str, int], "Msg | None"]


def zone_of(text: str, release: str = "1.14.7", origin: str = "z.test.") -> Zone:
    """The zone in a text, whose SOA and NS records stand before it."""
    head = f"{origin} 60 IN SOA ns h 1 2 3 4 5\n{origin} 60 IN NS ns\n"
    return load((head + text).encode(), origin, "db", 0, find(release), lambda path: None, Budget(1000))


def nothing(name: str, type: int) -> Msg | None:
    return None


class LookUp:
    """Asks zones."""

    def __call__(
        self, zone: Zone, name: str, type: str = "A", *, resolve: Resolve = nothing, do: bool = False, loop: int = 0
    ) -> Found:
        """The end of a look-up."""
        ctx = SimpleNamespace(loop=loop, metadata=None)
        query: Any = SimpleNamespace(name=name, type=type_number(type), do=do, ctx=ctx)
        return zone.lookup(query, resolve)


@pytest.fixture
def look_up() -> LookUp:
    return LookUp()
