"""The classes of questions that a server answers alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ..api import message
from ..chain.query import Context, Query
from ..chain.reply import Reply
from ..chain.scrub import edns_size
from ..dns.codes import class_name, class_number, type_name, type_number
from ..dns.message import Edns, Msg
from ..dns.names import parse_name
from ..golang.addresses import EVERYWHERE, join_port
from ..world.upstreams import ip_of
from .behaviour import Behaviour, behaviour
from .candidates import Candidates
from .landscape import Landscape, Node, Place
from .question import Question, asking

if TYPE_CHECKING:
    from ..api import Server

OTHER_TYPES = ("TYPE65280", "TYPE65281", "TYPE65282")
OTHER_CLASSES = ("CLASS65280", "CLASS65281", "CLASS65282")
"""For private use (RFC 6895), so that they stand for all that no landmark names."""

NSID = 3
MOST_KNOWN = 10_000
"""How many places of names are remembered."""

KNOWN = frozenset(("rd", "ad", "cd"))


class Cell:
    """Questions that no landmark of any plugin separates. witness: one of them."""

    __slots__ = ("_classes", "_found", "_place", "witness")

    def __init__(self, classes: Classes, witness: Question, place: Hashable) -> None:
        self._classes = classes
        self._found: Behaviour | None = None
        self._place = place  # the key of the places that names in the cell lie at
        self.witness = witness

    @property
    def behaviour(self) -> Behaviour:
        """What the server does with these questions. The witness is asked when this is read first."""
        if self._found is None:
            self._found = self._classes.ask(self.witness)
        return self._found

    def __repr__(self) -> str:
        return f"<Cell {self.witness!r}>"


class Class:
    """Questions that a server answers alike, but for the names and the data of records.

    behaviour: what the server does with them.
    """

    __slots__ = ("_cells", "_classes", "behaviour")

    def __init__(self, classes: Classes, behaviour: Behaviour) -> None:
        self._classes = classes
        self.behaviour = behaviour
        self._cells: dict[Hashable, Cell] = {}

    @property
    def cells(self) -> list[Cell]:
        """The cells of the class that have been asked so far."""
        return list(self._cells.values())

    @property
    def witness(self) -> Question:
        """One of the questions."""
        return next(iter(self._cells.values())).witness

    @property
    def names(self) -> int:
        """How many of the names that plugins know are in the class."""
        counted = {cell._place: self._classes._counted(cell.witness.client) for cell in self._cells.values()}
        return sum(counts.get(names, 0) for names, counts in counted.items())

    @property
    def open(self) -> bool:
        """Whether the class has infinitely many names."""
        return any(cell._place not in self._classes._counted(cell.witness.client) for cell in self._cells.values())

    def __repr__(self) -> str:
        n = self.names
        names = [f"{n} name{'' if n == 1 else 's'}"] * (n > 0) + ["names without end"] * self.open
        return f"<Class {self.behaviour}: {' and '.join(names)}, such as {self.witness.name} {self.witness.type}>"


class Classes:
    """The classes of questions that a server answers alike, each with a witness.

    Plugins declare what they distinguish, their landmarks. Questions that no landmark separates are a `Cell`, of which
    one question is asked; cells with equal behaviour are a `Class`. A copy of the server is asked, at its present time,
    with an empty cache and all upstreams up. Upstreams that are records or a Corefile are analysed, too; a function is
    taken to answer all names alike.

    server: it is started, and not changed otherwise. Raises CorefileError if CoreDNS does not start, and ValueError for a
    plugin of one's own that has neither `FLAGS` nor `landmarks`.

    >>> from corefile import Classes, loads
    >>> classes = Classes(loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n whoami\\n}"))
    >>> classes.of("A.example.org")
    <Class NOERROR A by hosts:2 (found): 1 name, such as a.example.org. A>
    >>> classes.of("b.example.org") is classes.of("c.d")
    True
    """

    def __init__(self, server: Server, *, alike: bool = True, guess: bool = False) -> None:
        """alike: whether names and clients that plugins declare to be alike (as two services of one kind) share a
        cell. guess: whether a plugin that does not say what it distinguishes is taken to distinguish the usual types, and
        nothing else."""
        if not hasattr(server, "address_of"):
            raise TypeError(f"classes are those of a `Server`, such as `loads` makes, not {server!r:.60}")
        server.start()
        self.server = server = server.copy()
        server.world.choose_index = _first
        process = server.process
        self._instances = [process.instance, *process.network.servers()]
        self._with_state = [h for instance in self._instances for h in instance.handlers() if h.STATE]
        self.landscape = Landscape(server, alike=alike)
        if self.landscape.undeclared and not guess:
            raise ValueError(_undeclared(*next(iter(self.landscape.undeclared.items()))))
        self.candidates = Candidates(self.landscape)
        self._cells: dict[Hashable, Cell] = {}
        self._classes: dict[Behaviour, Class] = {}
        self._addresses: dict[Hashable, str] | None = None
        self._known: dict[tuple[str, str], Place] = {}
        self._places: dict[str, list[str]] = {}
        self._counts: dict[str, dict[Hashable, int]] = {}
        self._complete = False
        named, classes = map(type_name, self.landscape.types), map(class_name, self.landscape.classes)
        self._other_type = next(t for t in OTHER_TYPES if t not in set(named))
        self._other_class = next(c for c in OTHER_CLASSES if c not in set(classes))

    def __repr__(self) -> str:
        return f"<Classes of {self.server!r}>"

    # -- asking -------------------------------------------------------------------------------------------------------

    def reply(self, question: Question) -> Reply:
        """The reply to a question, as if it were the first that the server is asked."""
        for handler in self._with_state:
            handler.renew()
        for instance in self._instances:
            instance.doubtful.clear()
        return question.ask(self.server)

    def ask(self, question: Question) -> Behaviour:
        """What the server does with a question. The server is asked this very question, not its cell's witness."""
        return behaviour(self.message(question), self.reply(question), self.landscape.owner)

    def message(self, question: Question) -> Msg:
        """The question as a message."""
        arguments = question.arguments()
        for name in ("client", "to", "transport"):
            del arguments[name]
        return message(**arguments, now=self.server.world.clock.now)

    # -- finding ------------------------------------------------------------------------------------------------------

    def of(self, question: str | Question, type: str | int = "A", **more: Any) -> Class:
        """The class of a question, given as a `Question`, or as a name and further arguments of `Server.query`. Raises
        ValueError for arguments that mean nothing, and where a plugin of one's own answers the question otherwise than its
        cell, as it distinguishes more than it says."""
        question = question if isinstance(question, Question) else asking(question, type, **more)
        cell = self.cell(question)
        if self.landscape.foreign:
            self._check(question, cell)
        return self._class(cell)

    def _check(self, question: Question, cell: Cell) -> None:
        found = self.ask(question)
        if found == cell.behaviour:
            return
        steps = zip_longest(found.route.steps, cell.behaviour.route.steps)
        at = next((step.plugin for pair in steps if pair[0] != pair[1] for step in pair if step is not None), "")
        name = at if at in self.landscape.foreign else " or ".join(self.landscape.foreign)
        raise ValueError(
            f"no landmark separates {_words(question)} from {_words(cell.witness)}, but they are answered differently: {found}, "
            f"and {cell.behaviour}; what `{name}` looks at belongs into its FLAGS or landmarks(), and what it keeps between "
            "queries into its STATE and renew()"
        )

    def cell(self, question: Question) -> Cell:
        """The cell that a question is in, found without asking the server."""
        if not isinstance(question, Question):
            raise TypeError(
                f"a cell is that of a `Question`, such as Question('www.example.org'), not {question!r:.60}"
            )
        if question.client is not None and (not isinstance(question.client, str) or ip_of(question.client) is None):
            raise ValueError(
                f"`client` is an IP address, such as 10.0.0.9 or 10.0.0.9:40212, not {question.client!r:.60}"
            )
        name = parse_name(question.name).lower()
        place = self._place(name, question.client or self.server.world.client)
        key, witness = self._kind(question, place.key)
        found = self._cells.get(key)
        if found is None:
            for zone in self.landscape.spelling(parse_name(question.name)):
                name = name[: -len(zone)] + zone.upper()
            if self.landscape.images and self._place(name, witness.client or self.server.world.client).key != place.key:
                # What stands for clients of the kind becomes other names.
                witness = replace(witness, client=question.client)
            found = self._cells[key] = Cell(self, replace(witness, name=name), place.key)
        return found

    def _place(self, name: str, client: str) -> Place:
        """Where a name lies; the latest ones are remembered."""
        found = self._known.get((name, client))
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[name, client] = self.landscape.place(name, client)
        return found

    def _class(self, cell: Cell) -> Class:
        found = self._classes.get(cell.behaviour)
        if found is None:
            found = self._classes[cell.behaviour] = Class(self, cell.behaviour)
        found._cells.setdefault(id(cell), cell)
        return found

    def _kind(self, question: Question, place: Hashable) -> tuple[Hashable, Question]:
        """What tells a question apart, and one that is as plain as it can be with that."""
        marks = self.landscape
        number, cls = type_number(str(question.type)), class_number(str(question.cls))
        type_ = number if number in marks.types or "type" in marks.every else -1
        class_ = cls if cls in marks.classes or "class" in marks.every else -1
        said = frozenset(question.flags.lower().split()) - {"none"}
        usual = question.opcode == "QUERY"
        flags = said - (KNOWN - marks.flags) if usual else said
        plain_flags = flags | ({"rd"} if usual and "rd" not in marks.flags else set())
        edns = self._edns(question, usual)
        own = self.server.world.client
        client = self.landscape.client(question.client or own)
        key: tuple[Hashable, ...] = (
            place,
            type_,
            class_,
            flags,
            edns,
            client,
            question.opcode,
            question.to,
            question.transport,
            question.key is not None,
            marks.spelling(parse_name(question.name)) if marks.spelled else (),
            tuple(mark for mark in marks.sizes if question.edns is not None and question.edns.udp > mark),
        )
        witness = replace(
            question,
            type=question.type if type_ >= 0 else self._other_type,
            cls=question.cls if class_ >= 0 else self._other_class,
            flags=" ".join(sorted(plain_flags)) or "none",
            do=False,
            edns=edns,
            client=self._client(client, question.client),
        )
        if self.landscape.sites:
            key = (*key, self._views(question))
            witness = replace(witness, client=question.client)
        return key, witness

    def _edns(self, question: Question, usual: bool) -> Edns | None:
        """What counts of the OPT record."""
        found = self.message(question).edns if question.do or question.edns is not None else None
        if found is None or not usual:
            return found
        flags = self.landscape.flags
        do = found.do and "do" in flags
        options = tuple(o for o in found.options if o[0] != NSID or "nsid" in flags)
        size = edns_size("udp", found.udp)
        if "edns" in flags or do or options or found.version or found.flags or size != edns_size("udp", 0):
            return found._replace(udp=size, do=do, options=options)
        return None

    def _client(self, kind: Hashable, given: str | None) -> str | None:
        """The address that stands for clients of a kind; None for the world's own client."""
        if self._addresses is None:
            own = self.server.world.client
            self._addresses = {}
            for address in self.candidates.clients(own):
                self._addresses.setdefault(self.landscape.client(address), address)
            self._addresses[self.landscape.client(own)] = ""
        return self._addresses.setdefault(kind, given or "") or None

    def _views(self, question: Question) -> tuple[bool, ...]:
        """Which server blocks' conditions let a question in."""
        server = self.server
        way = server._resolved(question.to, question.client, question.transport)
        if way.listener is None:
            return ()
        ctx = Context(
            server.world,
            client=way.client_ip,
            client_port=way.client_port,
            server=way.listener.label,
            server_ip=way.ip,
            server_port=way.port,
            proto=way.proto,
            transport=way.listener.transport,
        )
        msg = self.message(question)
        query = Query(msg, ctx, edns_size(way.proto, msg.edns.udp if msg.edns is not None else 0))
        out = []
        for site in self.landscape.sites:
            if site.collect is not None:
                site.collect(query)
            out += [allows(query) for allows in site.filters]
        return tuple(out)

    # -- all of them --------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Class]:
        """All classes of these questions: every name that counts, with every type that counts, asked plainly, from each
        client, with each flag and over each listener that counts. A class whose questions take two of the latter
        together (such a client with such a flag) is found by `of`, but not here."""
        if not self._complete:
            for cell in self.cells():
                self._class(cell)
            self._complete = True
        return iter(list(self._classes.values()))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def type_names(self) -> list[str]:
        """The types that landmarks name, and one in place of all others."""
        return [*map(type_name, sorted(self.landscape.types)), self._other_type]

    def cells(self, manner: Question | None = None) -> Iterator[Cell]:
        """The cells of the questions that `__iter__` lists, or of those of one manner; the server is not asked."""
        types = self.type_names()
        for each in self.manners() if manner is None else (manner,):
            places = self.places(each.client)
            spelled = [
                name[: -len(zone)] + zone.upper()
                for zone in self.landscape.spelled
                for name in places
                if name.endswith(f".{zone}")
            ]
            for name in (*places, *spelled):
                for kind in types:
                    yield self.cell(replace(each, name=name, type=kind))

    def places(self, client: str | None = None) -> list[str]:
        """A name for each place that landmarks distinguish for a client (unless given, the world's). Places that are
        alike share one."""
        client = client or self.server.world.client
        found = self._places.get(client)
        if found is None:
            found = self._places[client] = self._find_places(client)
        return found

    def _find_places(self, client: str) -> list[str]:
        names: list[str] = []
        seen: set[Hashable] = set()
        first: dict[int, Node] = {}
        place = self.landscape.place
        for node in list(self.landscape.nodes.values()):
            like = first.setdefault(node.key, node)
            for name in self.candidates.names(node, client) if like is node else self.candidates.plain(node):
                key = place(name, client, like).key
                if name == node.name:
                    counts = self._counts.setdefault(client, {})
                    counts[key] = counts.get(key, 0) + 1
                if key not in seen:
                    seen.add(key)
                    names.append(name)
        return names

    def _counted(self, client: str | None = None) -> dict[Hashable, int]:
        """How many of the names that plugins name lie at alike places, by what these have in common."""
        self.places(client)
        return self._counts[client or self.server.world.client]

    def manners(self) -> list[Question]:
        """The ways to ask that landmarks distinguish, the plainest first, as questions for the root."""
        flags, out = self.landscape.flags, []
        for base in self._listeners():
            out.append(base)
            out += [replace(base, flags=f"rd {flag}") for flag in ("ad", "cd") if flag in flags]
            if "rd" in flags:
                out.append(replace(base, flags="none"))
            if "do" in flags:
                out.append(replace(base, do=True))
            if "edns" in flags:
                out.append(replace(base, edns=Edns(512)))
            if "nsid" in flags:
                out.append(replace(base, edns=Edns(512, options=((NSID, b""),))))
            if "tcp" in flags and base.transport is None:
                out.append(replace(base, transport="tcp"))
            for size in self.landscape.sizes:
                out += [replace(base, edns=Edns(udp)) for udp in (size, size + 1)]
            for mark in sorted(flags):
                if mark.startswith("opcode "):
                    out.append(replace(base, opcode=mark.split()[1]))
            out += [replace(base, cls=class_name(c)) for c in sorted(self.landscape.classes) if c != 1]
            out.append(replace(base, cls=self._other_class))
            self._client(None, None)
            assert self._addresses is not None
            out += [replace(base, client=address) for address in self._addresses.values() if address]
        return out

    def _listeners(self) -> list[Question]:
        listeners = self.server.process.instance.listeners
        if len(listeners) == 1 and listeners[0].transport == "dns":
            return [Question(".")]
        out = []
        for listener in listeners:
            host = "127.0.0.1" if listener.host in EVERYWHERE else listener.host
            scheme = "" if listener.transport == "dns" else f"{listener.transport}://"
            out.append(Question(".", to=f"{scheme}{join_port(host, listener.port)}"))
        return out


def _undeclared(name: str, cls: type[Any]) -> str:
    return (
        f"`{name}` does not say what it distinguishes inside its zones, so that no classes can be made: give {cls.__name__} "
        'FLAGS, such as FLAGS = ("type A",), or FLAGS = () if there is nothing, and landmarks() if names or clients count'
    )


def _words(question: Question) -> str:
    return repr(question)[len("<Question ") : -1]


def _first(options: Sequence[Any], why: str) -> int:
    return 0


__all__ = ["Cell", "Class", "Classes"]
