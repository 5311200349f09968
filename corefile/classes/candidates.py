"""Names that may be told apart: one for each way in which landmarks let names differ, and more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ..dns.errors import BadName
from ..dns.names import parse_name
from ..golang.addresses import Network, to_reverse
from .examples import examples
from .landscape import Form, Landscape, Node

FRESH = ("fresh-x", "fresh-y")
EXAMPLES = 8
LITTLE = 400
"""How many pairs of a node and an expression that does not say where names end are tried for each expression."""


class Candidates:
    """Names for the places of a landscape, and addresses for its clients."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._elsewhere: dict[str, dict[str, list[str]]] = {}

    def names(self, node: Node, client: str) -> Iterator[str]:
        """Names at and below a node that a client may ask for, the node's own first."""
        elsewhere = self._elsewhere.get(client)
        if elsewhere is None:
            elsewhere = self._elsewhere[client] = {}
            for name in self._everywhere(client):
                elsewhere.setdefault(self.landscape.find(name).name, []).append(name)
        yield from self.plain(node)
        yield from elsewhere.get(node.name, ())

    @staticmethod
    def plain(node: Node) -> tuple[str, ...]:
        """The name of a node, and one or two labels below it that no landmark has."""
        return node.name, under(node.name, FRESH[0]), under(node.name, *FRESH)

    def _everywhere(self, client: str) -> Iterator[str]:
        """Further names, wherever they lie."""
        found = dict.fromkeys((*self._matching(), *valid(self.landscape.examples)))
        for zone, network in self.landscape.cuts:
            found.update(dict.fromkeys(_reversed_around(zone, network)))
        for handler in self.landscape.images:
            sources = getattr(handler, "sources", None)
            if sources is not None:
                names = [*self.landscape.nodes, *(under(name, FRESH[0]) for name in self.landscape.nodes), *found]
                for name in names:
                    found.update(dict.fromkeys(valid(sources(name, client))))
        yield from found

    def _matching(self) -> Iterator[str]:
        """Names that expressions match."""
        first = {node.key: node for node in reversed(self.landscape.nodes.values())}.values()
        few = [node.name for node in islice(first, LITTLE)]
        for node in first:
            near = [n for n in few if n == node.name or node.name == "." or n.endswith("." + node.name)]
            for form in node.patterns:
                texts = examples(form.pattern, EXAMPLES)
                for name in valid(texts):
                    yield from self._kept(form, name)
                if form.pattern.endswith("$"):
                    continue
                for text in texts:
                    for base in near:
                        yield from self._kept(
                            form, *valid((text + base.removeprefix("."), f"{text}.{base}", f"x{text}.{base}"))
                        )

    def _kept(self, form: Form, *names: str) -> Iterator[str]:
        below = "" if form.below == "." else "." + form.below
        return (name for name in names if ("." + name).endswith(below) and form.matches(name))

    # -- clients ------------------------------------------------------------------------------------------------------

    def clients(self, own: str) -> Iterator[str]:
        """Addresses at the edges of networks, and beside them; the first is `own`."""
        yield own
        yield from ("192.0.2.1", "2001:db8::1")
        for network in dict.fromkeys(self.landscape.networks):
            yield from edges(network)


def edges(network: Network) -> Iterator[str]:
    """The first and the last address of a network, and those beside them."""
    from ipaddress import IPv4Address, IPv6Address

    kind: Any = IPv4Address if network.bits == 32 else IPv6Address
    last = network.address + (1 << network.bits - network.prefix) - 1
    for number in (network.address, last, network.address - 1, last + 1):
        if 0 <= number < 1 << network.bits:
            yield str(kind(number))


def _reversed_around(zone: str, network: Network) -> Iterator[str]:
    for address in edges(network):
        name = to_reverse(address)
        if name.endswith(f".{zone}"):
            yield name
            yield name.partition(".")[2]


def under(base: str, *more: str) -> str:
    """The name of some labels below a name."""
    return ".".join([*more, base if base != "." else ""])


def valid(names: Iterable[str]) -> Iterator[str]:
    """Those that are names, absolute and in lower case."""
    for name in names:
        try:
            yield parse_name(name.lower())
        except BadName:
            continue


__all__ = ["Candidates", "edges", "under", "valid"]
