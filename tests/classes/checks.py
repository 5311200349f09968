"""Whether questions near to landmarks fall into their cells: what the tests of this folder do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest

from corefile import Cell, Classes, Question, Reply, Server
from corefile.chain.landmarks import Below, Client, Computed, Exact, Flag, Landmark, Pattern
from corefile.classes.behaviour import Asked, behaviour, differs
from corefile.classes.candidates import edges, under, valid
from corefile.classes.examples import examples
from corefile.classes.landscape import Landscape
from corefile.classes.near import Near
from corefile.dns.message import Edns
from corefile.golang.addresses import parse_cidr, parse_ip, to_reverse

TYPES = ("A", "AAAA", "TXT", "MX", "CNAME", "ANY", "PTR", "HTTPS", "SRV", "NS", "SOA", "DS", "DNSKEY", "NSEC", "AXFR")
MANNERS = (
    Question(".", cls="CH"),
    Question(".", cls="ANY"),
    Question(".", do=True),
    Question(".", flags="rd ad"),
    Question(".", flags="rd cd"),
    Question(".", flags="none"),
    Question(".", edns=Edns(512)),
    Question(".", edns=Edns(1232)),
    Question(".", edns=Edns(1232, options=((3, b""),))),
    Question(".", transport="tcp"),
    Question(".", opcode="NOTIFY"),
)


BY_FLAG = {
    "class CH": Question(".", cls="CH"),
    "do": Question(".", do=True),
    "ad": Question(".", flags="rd ad"),
    "cd": Question(".", flags="rd cd"),
    "rd": Question(".", flags="none"),
    "edns": Question(".", edns=Edns(512)),
    "nsid": Question(".", edns=Edns(1232, options=((3, b""),))),
    "tcp": Question(".", transport="tcp"),
    "ipv6": Question(".", client="2001:db8::7"),
}


def words(text: str) -> tuple[list[str], list[str], list[int]]:
    """The names, addresses and sizes that some text may speak of: names as they stand there, and what lines begin with below
    the first of them."""
    found = list(dict.fromkeys(re.findall(r"[\w*.:-]+", text)))
    addresses = [word for word in found if parse_ip(word)]
    names = [word for word in found if re.fullmatch(r"[\w*-]+(\.[\w*-]+)+\.?", word) and not parse_ip(word)]
    first = dict.fromkeys(re.findall(r"^[ \t]*([\w*-][\w*.-]*)", text, re.M))
    below = [f"{word}.{zone}" for word in first for zone in names[:3] if word != zone]
    reverse = [to_reverse(address) for address in addresses]
    sizes = [int(word) for word in found if word.isdigit() and 256 <= int(word) < 9000]
    return [*names, *reverse, *below], addresses, sizes


class Questions:
    """Questions near to the landmarks of one directive, and to the words of the Corefile, so that a name is tried that has no
    landmark. size: about how many."""

    def __init__(self, classes: Classes, marks: list[Landmark], text: str, size: int, seed: int) -> None:
        self.draw = Random(seed)
        self.marks = marks
        self.size = size
        names, addresses, sizes = words(text)
        self.near = Near(classes, names, addresses, sizes)
        self.words = list(valid(names))
        self.types = [
            mark.name.split()[1] for mark in marks if isinstance(mark, Flag) and mark.name.startswith("type ")
        ]
        networks = [parse_cidr(mark.network) for mark in marks if isinstance(mark, Client)]
        networks += [parse_cidr(f"{address}/{128 if ':' in address else 32}") for address in addresses]
        clients = dict.fromkeys(client for network in networks if network for client in edges(network))
        own = classes.server.world.client
        flags = [mark.name for mark in marks if isinstance(mark, Flag)]
        kept = [manner for word, manner in BY_FLAG.items() if word in flags]
        self.own = [*kept, *(Question(".", client=client) for client in clients if client != own)][:24]
        self.manners = [
            *(q for q in MANNERS if q.transport is None or self.near.bases[0].to is None),
            *(Question(".", edns=Edns(size + more)) for size in sizes for more in (0, 1)),
            *(Question(".", client=client) for client in clients if client != own),
            *(Question(".", client=client, transport="tcp") for client in clients if self.near.bases[0].to is None),
        ]

    def some(self, things: list[Any], most: int) -> list[Any]:
        """At most so many of them."""
        things = list(dict.fromkeys(things))
        return things if len(things) <= most else self.draw.sample(things, most)

    def names(self) -> list[str]:
        """Names at, below and beside landmarks."""
        out: list[str] = []
        for mark in self.marks:
            if isinstance(mark, Exact | Below):
                out += (mark.name, under(mark.name, "fresh"), under(mark.name, "a", "fresh"))
            elif isinstance(mark, Pattern):
                for text in examples(mark.regexp, 2):
                    out += (text, f"{text}.{mark.below}", f"{text}{mark.below.removeprefix('.')}")
            elif isinstance(mark, Computed):
                out += mark.examples
        return list(valid(out)) or [".", "www.example.org."]

    def __iter__(self) -> Iterator[Question]:
        names, base = self.names(), self.near.bases
        types = [*self.types, *TYPES]
        few = self.some([*self.types, "A", "TXT", "AAAA"], 6)
        for name, kind in self.some(list(product([*names, *self.words], types)), 3 * self.size):
            yield replace(self.draw.choice(base), name=name, type=kind)
        for name, kind, manner in self.some(list(product(self.some(names, 24), few, self.own)), 2 * self.size):
            yield replace(manner, name=name, type=kind, to=base[0].to)
        for name, kind, manner in self.some(list(product(self.some(names, 40), few, self.manners)), self.size):
            yield replace(manner, name=name, type=kind, to=self.draw.choice(base).to)
        for _ in range(self.size):
            yield self.near.question(self.draw)


class Check:
    """Compares questions with the witness of their cells. missing: a landmark that is left out, so that a test can see whether
    it is missed."""

    def __init__(self, server: Server, *, alike: bool = False, missing: Landmark | None = None) -> None:
        self.classes = Classes(server, alike=alike) if missing is None else without(server, missing)
        self.alike = alike
        self._replies: dict[int, tuple[Cell, Reply]] = {}

    def marks(self, directive: str) -> list[Landmark]:
        """The landmarks of a directive."""
        marks = (mark for handler, mark in self.classes.landscape.landmarks() if handler.name == directive)
        return list(dict.fromkeys(marks))

    def wrong(self, question: Question) -> str:
        """How a question is answered otherwise than the witness of its cell; '' where it is not."""
        classes, own = self.classes, self.classes.server.world.client
        cell = classes.cell(question)
        if id(cell) not in self._replies:
            self._replies[id(cell)] = cell, classes.reply(cell.witness)
        theirs, witness = self._replies[id(cell)][1], cell.witness
        mine, messages = classes.reply(question), [classes.message(q) for q in (question, witness)]
        left, right = (
            behaviour(msg, reply, classes.landscape.owner) for msg, reply in zip(messages, (mine, theirs), strict=True)
        )
        if left != right:
            return f"{question}: {left}\nbut {witness}: {right}\n {tuple(left)}\n {tuple(right)}"
        asked = [Asked(msg, q.client or own) for msg, q in zip(messages, (question, witness), strict=True)]
        how = "" if self.alike else differs(mine, asked[0], theirs, asked[1])
        return how and f"{question} and {witness}: {how}"


def stray(server: Server, directive: str, text: str, size: int = 100, seed: int = 1) -> str:
    """A question that is answered otherwise than the witness of its cell, with how; '' where there is none among those that are
    tried."""
    check = Check(server)
    for question in Questions(check.classes, check.marks(directive), text, size, seed):
        wrong = check.wrong(question)
        if wrong:
            return wrong
    return ""


def without(server: Server, mark: Landmark) -> Classes:
    """Classes that do not know one landmark."""

    def others(handler: Any) -> list[Landmark]:
        return [own for own in handler.all_landmarks() if not _same(own, mark)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Landscape, "marks_of", staticmethod(others))
        return Classes(server, alike=False)


def _same(one: Landmark, other: Landmark) -> bool:
    """Whether it is that landmark; a function that computes is another one in each copy of a server."""
    if isinstance(one, Computed) and isinstance(other, Computed):
        return (one.below, one.examples) == (other.below, other.examples)
    return one == other


def shape(classes: Classes) -> tuple[Any, ...]:
    """All that landmarks tell apart, to see whether one of them adds anything to the others."""
    marks = classes.landscape
    nodes = frozenset((node.name, frozenset(form.pattern for form in node.patterns)) for node in marks.nodes.values())
    sets = (marks.types, marks.classes, marks.flags, marks.networks, marks.spelled)
    return (nodes, *map(frozenset, sets), len(marks.computed))
