"""All that the chains of a server tell apart, as a tree of names with what else counts, and where a question lies in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Any

from ..chain.landmarks import Below, Client, Computed, Exact, Flag, Landmark, Pattern
from ..chain.select import inside
from ..chain.shapes import is_own
from ..dns.codes import CH, DS, HS, IN, TYPES, class_number, type_number
from ..dns.names import is_sendable, is_subdomain, suffixes
from ..golang import regexp
from ..golang.addresses import Network, number_of, parse_cidr, parse_ip
from ..light import NamedTuple

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.instance import Instance
    from ..chain.query import Handler
    from ..chain.site import Site

USUAL = ("A", "AAAA", "PTR", "SRV", "TXT", "NS", "SOA", "CNAME", "MX", "DS", "ANY", "HTTPS", "DNSKEY", "NSEC")
"""Types that are asked for where each type may be answered differently."""

FLAGS = frozenset(("do", "cd", "ad", "rd", "tcp", "edns", "ipv6", "nsid", "tsig"))
"""What a `Flag` may be that has no value."""

EVERY = ("type", "class", "client")
"""Flags without a value: each type, each class, each client's address may be answered differently."""

DEEPEST = 6
"""How many rewritings of a name, one after the other, are followed."""


class Node:
    """A name that something tells apart. marks: by whom, and as what. patterns: the expressions for names below it. key: what
    it has in common with alike nodes. above: the nearest node with patterns, itself included."""

    __slots__ = ("above", "key", "marks", "name", "parent", "patterns")

    def __init__(self, name: str) -> None:
        self.name = name
        self.marks: set[Hashable] = set()
        self.patterns: list[Form] = []
        self.parent: Node | None = None
        self.above: Node | None = None
        self.key: int = 0

    def __repr__(self) -> str:
        return f"<Node {self.name}>"


class Form:
    """An expression for names below a node. key: what it has in common with those of alike nodes."""

    __slots__ = ("_regexp", "below", "key", "pattern")

    def __init__(self, key: Hashable, pattern: str, below: str) -> None:
        self.key = key
        self.pattern = pattern
        self.below = below
        self._regexp: regexp.Regexp | None = None

    def matches(self, name: str) -> bool:
        """Whether the expression is in a name."""
        if self._regexp is None:
            self._regexp = regexp.Regexp(self.pattern)
        return self._regexp.matches(name)


class Place(NamedTuple):
    """Where a name lies: the deepest node that it is at or below, and what tells it apart there. key: the same for all
    places that are alike."""

    node: Node
    key: Hashable


class Landscape:
    """What is told apart. owners: the plugins whose landmarks these are; upstreams included. types, classes, flags: that
    landmarks name. every: those of `EVERY` that they name. clients: networks, by the bits of their addresses and those behind
    the prefix, with what stands for them. foreign: plugins that are not corefile's own, by their directive. undeclared: those
    of them that do not say what they tell apart; they are taken to tell the usual types apart."""

    def __init__(self, server: Server, *, alike: bool = True) -> None:
        self.alike = alike
        process = server.process
        self.nodes: dict[str, Node] = {".": Node(".")}
        self.types: set[int] = {DS}  # select.py: DS goes to the parent's side
        self.classes: set[int] = {IN}
        self.flags: set[str] = set()
        self.every: set[str] = set()
        self.sizes: list[int] = []
        self.spelled: list[str] = []
        self.clients: dict[tuple[int, int], dict[int, set[Hashable]]] = {}
        self.networks: list[Network] = []
        self.cuts: list[tuple[str, Network]] = []
        self.computed: list[tuple[str, Callable[[str], Hashable]]] = []
        self.examples: list[str] = []
        self.images: list[Any] = []
        self.first: dict[int, Node] = {}
        self.owners: list[Handler] = []
        self.foreign: dict[str, type[Any]] = {}
        self.undeclared: dict[str, type[Any]] = {}
        self.sites: list[Site] = []
        self._given: list[tuple[int, Landmark]] = []
        for instance in (process.instance, *process.network.servers()):
            self._collect(instance)
        self._settle()

    # -- making -------------------------------------------------------------------------------------------------------

    def _collect(self, instance: Instance) -> None:
        for listener in instance.listeners:
            for zone in listener.zones:
                self.node(zone).marks.add(("zone", zone))
            self.cuts += [cut for cut in listener.networks.items() if cut not in self.cuts]
        seen: set[int] = set()
        for block in instance.sites:
            for site in (block, *block.by_key.values()):
                if site.filters or site.collect is not None:
                    self.sites.append(site)
                for handler in site.chain.handlers if site.chain is not None else ():
                    if id(handler) not in seen:
                        seen.add(id(handler))
                        self._mark(handler)

    def _mark(self, handler: Any) -> None:
        owner = len(self.owners)
        self.owners.append(handler)
        cls = type(handler)
        if not is_own(cls.__module__):
            self.foreign[handler.name] = cls
            if not cls.declares_landmarks():
                self.undeclared[handler.name] = cls
                self._flag(Flag("type"))
        if hasattr(handler, "image"):
            self.images.append(handler)
        for mark in self.marks_of(handler):
            self._given.append((owner, mark))
            if isinstance(mark, Exact | Below):
                self.node(mark.name).marks.add((owner, type(mark), self._kind(mark, mark.name)))
            elif isinstance(mark, Pattern):
                key = (owner, self._kind(mark, mark.regexp))
                node = self.node(mark.below)
                node.patterns.append(Form(key, mark.regexp, mark.below))
                node.marks.add(key)
            elif isinstance(mark, Computed):
                self.computed.append((mark.below, mark.value))
                self.examples += mark.examples
                self.node(mark.below).marks.add((owner, "computed"))
            elif isinstance(mark, Client):
                self._client(owner, mark)
            else:
                self._flag(mark)

    @staticmethod
    def marks_of(handler: Any) -> list[Landmark]:
        """The landmarks of a plugin."""
        found: list[Landmark] = handler.all_landmarks()
        return found

    def _kind(self, mark: Exact | Below | Pattern | Client, otherwise: str) -> Hashable:
        return otherwise if mark.kind is None or not self.alike else ("alike", mark.kind)

    def _client(self, owner: int, mark: Client) -> None:
        network = parse_cidr(mark.network)
        if network is None:
            return
        network = network.unmapped()
        key = (owner, self._kind(mark, mark.network))
        shift = network.bits - network.prefix
        bucket = self.clients.setdefault((network.bits, shift), {})
        bucket.setdefault(network.address >> shift, set()).add(key)
        self.networks.append(network)

    def _flag(self, mark: Flag) -> None:
        word, _, value = mark.name.partition(" ")
        if mark.name in EVERY:
            self.every.add(mark.name)
            if mark.name == "type":
                self.types.update(TYPES[name] for name in USUAL)
            elif mark.name == "class":
                self.classes.update((CH, HS))
        elif word == "type":
            self.types.add(type_number(value))
        elif word == "class":
            self.classes.add(class_number(value))
        elif word == "size":
            self.sizes.append(int(value.removeprefix("> ")))
        elif word == "case":
            self.spelled.append(value)
        elif word in ("opcode", "view") or mark.name in FLAGS:
            self.flags.add(mark.name)
        else:
            raise ValueError(
                f"`{mark.name}` is no flag: {', '.join(sorted(FLAGS))}, or one with a value, such as `type A`"
            )

    def node(self, name: str) -> Node:
        """The node of a name, made where there is none."""
        found = self.nodes.get(name)
        if found is None:
            found = self.nodes[name] = Node(name)
        return found

    def _settle(self) -> None:
        keys: dict[Hashable, int] = {}
        for node in sorted(self.nodes.values(), key=lambda n: n.name.count(".") if n.name != "." else 0):
            parent = self._above(node.name)
            node.parent = parent
            node.above = node if node.patterns else parent.above if parent is not None else None
            known = (parent.key if parent is not None else -1, frozenset(node.marks) if self.alike else node.name)
            node.key = keys.setdefault(known, len(keys))
            self.first.setdefault(node.key, node)

    def _above(self, name: str) -> Node | None:
        if name == ".":
            return None
        for suffix in suffixes(name):
            if suffix != name and suffix in self.nodes:
                return self.nodes[suffix]
        return self.nodes["."]

    # -- asking -------------------------------------------------------------------------------------------------------

    def landmarks(self) -> Iterator[tuple[Handler, Landmark]]:
        """All landmarks, with whose they are."""
        return ((self.owners[owner], mark) for owner, mark in self._given)

    def find(self, name: str) -> Node:
        """The deepest node that a name (lower case) is at or below."""
        nodes = self.nodes
        if "\\" in name:
            return next((nodes[s] for s in suffixes(name) if s in nodes), nodes["."])
        at = 0
        while at < len(name):
            found = nodes.get(name[at:])
            if found is not None:
                return found
            at = name.index(".", at) + 1
        return nodes["."]

    def owner(self, name: str) -> str:
        """What stands for a name (lower case) as the owner of a record: the first that is alike to it; '*' for what is no
        node."""
        node = self.nodes.get(name)
        return "*" if node is None else self.first[node.key].name

    def place(self, name: str, client: str, first: Node | None = None) -> Place:
        """Where a name (lower case) lies, for a client. first: a node that is alike to its own, by whose expressions it is
        looked at, as far as these are the node's own."""
        key, node = self._around(name, first)
        if not self.images:
            return Place(node, key)
        return Place(node, (key, self._images(name, client, frozenset((name,)))))

    def _around(self, name: str, first: Node | None = None) -> tuple[Hashable, Node]:
        node = self.find(name)
        forms = []
        above = node.above
        if above is node and first is not None and first is not node:
            there = name[: len(name) - len(node.name)] + first.name
            forms += [form.key for form in first.patterns if form.matches(there)]
            above = node.parent.above if node.parent is not None else None
        while above is not None:
            forms += [form.key for form in above.patterns if form.matches(name)]
            above = above.parent.above if above.parent is not None else None
        cuts = tuple(not name.endswith(f".{zone}") or inside(network, name) for zone, network in self.cuts)
        values = tuple(value(name) if is_subdomain(below, name) else None for below, value in self.computed)
        return (node.key, node.name != name, frozenset(forms), cuts, values), node

    def _images(self, name: str, client: str, seen: frozenset[str]) -> tuple[Hashable, ...]:
        """Where the names lie that questions for a name may become."""
        if len(seen) > DEEPEST:
            return ()
        out: list[Hashable] = []
        for handler in self.images:
            for image in handler.image(name, client):
                image = image.lower()
                if image in seen:
                    out.append("itself")
                else:
                    out.append(
                        (is_sendable(image), self._around(image)[0], self._images(image, client, seen | {image}))
                    )
        return tuple(out)

    def spelling(self, name: str) -> tuple[str, ...]:
        """The zones whose labels have capital letters at the end of a name, where that counts."""
        return tuple(
            zone for zone in self.spelled if f".{name.lower()}".endswith(f".{zone}") and not name.endswith(zone)
        )

    def client(self, address: str) -> Hashable:
        """Which networks hold a client; its address, where each counts."""
        if "client" in self.every:
            return address
        family, text = parse_ip(address.partition("%")[0]) or (0, "0.0.0.0")
        number, bits = number_of(text) or (0, 32)
        keys: set[Hashable] = set()
        for (size, shift), networks in self.clients.items():
            if size == bits:
                keys |= networks.get(number >> shift, set())
        return (frozenset(keys), family if "ipv6" in self.flags else 0)


__all__ = ["Form", "Landscape", "Node", "Place"]
