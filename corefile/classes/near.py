"""Questions near to what landmarks tell apart: their names and such that miss them by a little, with every type, from clients
at the edges of networks, with all flags."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import TYPE_CHECKING

from ..dns.codes import TYPES
from ..dns.errors import BadName
from ..dns.message import Edns
from ..dns.names import labels, parse_name
from ..golang.addresses import parse_cidr, with_prefix
from .candidates import edges, under, valid
from .landscape import USUAL
from .question import Question

if TYPE_CHECKING:
    from .engine import Classes

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
ALWAYS = ("fresh", "x-y", "www", "a", "1", "_", "*", "_tcp", "ns")
SIZES = (0, 512, 513, 1231, 1232, 1233, 4096)


class Near:
    """Draws such questions. names, clients: further names and addresses to be near to. plain: how many of ten questions say no
    more than a name and a type."""

    def __init__(
        self,
        classes: Classes,
        names: Iterable[str] = (),
        clients: Iterable[str] = (),
        sizes: Iterable[int] = (),
        plain: int = 5,
    ) -> None:
        marks = classes.landscape
        self.plain = plain
        self.known_names = [*marks.nodes]
        self.names = list(dict.fromkeys((*classes.places(), *marks.nodes, *valid(names))))
        self.pool = sorted({label for name in self.names for label in labels(name)} | set(ALWAYS))
        self.known = [name for name, number in TYPES.items() if 0 < number < 65535]
        self.types = [*USUAL, *classes.type_names()]
        own = classes.server.world.client
        alone = map(with_prefix, clients)
        around = [address for network in map(parse_cidr, alone) if network is not None for address in edges(network)]
        self.clients = [None, *dict.fromkeys((*classes.candidates.clients(own), *around))]
        self.bases = [q for q in classes.manners() if q == Question(".", to=q.to)]
        self.sizes = [*SIZES, *(size + more for size in (*marks.sizes, *sizes) for more in (-1, 0, 1))]

    def question(self, draw: Random) -> Question:
        """One of them."""
        base = draw.choice(self.bases)
        kind = draw.choice(self.types if draw.random() < 0.85 else (*self.known, f"TYPE{draw.randint(1, 65534)}"))
        client = draw.choice(self.clients) if draw.random() < 0.4 else None
        if draw.randrange(10) < self.plain:
            return Question(self.name(draw), kind, to=base.to, client=client)
        edns = None
        if draw.random() < 0.4:
            options = ((3, b""),) if draw.random() < 0.3 else ()
            edns = Edns(draw.choice(self.sizes), options=options)
        flags = (
            " ".join(flag for flag, share in (("rd", 0.8), ("ad", 0.3), ("cd", 0.3)) if draw.random() < share) or "none"
        )
        return Question(
            self.name(draw),
            kind,
            "IN" if draw.random() < 0.8 else draw.choice(("CH", "CH", "HS", "ANY", "NONE", "CLASS77")),
            do=draw.random() < 0.3,
            edns=edns,
            flags=flags,
            client=client,
            to=base.to,
            transport="tcp" if base.to is None and draw.random() < 0.2 else None,
            opcode="QUERY" if draw.random() < 0.9 else draw.choice(("NOTIFY", "NOTIFY", "UPDATE", "STATUS", "IQUERY")),
        )

    def name(self, draw: Random) -> str:
        """A name."""
        while True:
            name = self._name(draw)
            try:
                return parse_name(name)
            except BadName:
                continue

    def _name(self, draw: Random) -> str:
        name = draw.choice(self.names)
        for _ in range(draw.choice((0, 0, 0, 0, 1, 1, 1, 2, 2, 3))):
            name = self._changed(name, draw)
        if draw.random() < 0.15:
            name = "".join(c.upper() if draw.random() < 0.5 else c for c in name)
        return name

    def _changed(self, name: str, draw: Random) -> str:
        way = draw.randrange(10)
        parts = labels(name)
        if way < 5 or not parts:
            return under(name, draw.choice(self.pool))
        if way == 5:
            return under(name.partition(".")[2] or ".")
        at = 0 if draw.random() < 0.7 else draw.randrange(len(parts))
        if way == 6:
            parts[at] = draw.choice(self.pool)
        elif way == 7:
            parts[at] = draw.choice(LETTERS) + parts[at]
        elif way == 8:
            parts[at] = parts[at][:-1] or "x"
        else:
            parts[at] += draw.choice(LETTERS)
        return ".".join([*parts, ""])


__all__ = ["Near"]
