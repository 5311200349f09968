"""What a plugin tells apart inside its scope. Names that no landmark separates are answered alike.

Landmarks of one plugin that have a `kind` in common stand for names (or clients) that are answered alike, too, but for
the names and the data of records: two services of one shape, say. Without a kind a landmark is like no other one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from ..light import NamedTuple


class Exact(NamedTuple):
    """One name (lower case, with its trailing dot)."""

    name: str
    kind: Hashable = None


class Below(NamedTuple):
    """All names below a name, however deep, and the name itself."""

    name: str
    kind: Hashable = None


class Pattern(NamedTuple):
    """The names below `below` that a regular expression of Go's matches: somewhere in the whole name, lower case."""

    below: str
    regexp: str
    kind: Hashable = None


class Computed(NamedTuple):
    """The names below `below` (lower case) by what a function makes of them: those with the same value are not told apart.
    examples: names with all of the values."""

    below: str
    value: Callable[[str], Hashable]
    examples: tuple[str, ...]


class Client(NamedTuple):
    """Clients with an address in a network, such as `10.0.0.0/8` or `10.0.0.7/32`."""

    network: str
    kind: Hashable = None


class Flag(NamedTuple):
    """Something else about a query: `do`, `cd`, `ad`, `rd`, `tcp`, `edns`, `ipv6` (the client's address), `nsid`, `tsig`,
    `size > 1232`, `case example.org.` (capital letters in the last labels of a name), or `type A`, `class CH`,
    `opcode NOTIFY`. Without a value `type`, `class` and `client` say that each one may be answered differently."""

    name: str


Landmark: TypeAlias = Exact | Below | Pattern | Computed | Client | Flag

__all__ = ["Below", "Client", "Computed", "Exact", "Flag", "Landmark", "Pattern"]
