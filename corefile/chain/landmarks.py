"""What a plugin tells apart inside its scope. Names that no landmark separates are answered alike."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Exact(NamedTuple):
    """One name (lower case, with its trailing dot)."""

    name: str


class Below(NamedTuple):
    """All names below a name, however deep, and the name itself."""

    name: str


class Pattern(NamedTuple):
    """The names below `below` that a regular expression of Go's matches: somewhere in the whole name, lower case."""

    below: str
    regexp: str


class Client(NamedTuple):
    """Clients with an address in a network, such as `10.0.0.0/8` or `10.0.0.7/32`."""

    network: str


class Flag(NamedTuple):
    """Something else about a query: `do`, `cd`, `ad`, `tcp`, `edns`, or `type A`, `class CH`."""

    name: str


Landmark: TypeAlias = Exact | Below | Pattern | Client | Flag

__all__ = ["Below", "Client", "Exact", "Flag", "Landmark", "Pattern"]
