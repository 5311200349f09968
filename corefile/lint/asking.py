"""How the rules ask a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..dns.errors import BadName
from ..dns.names import parse_name, suffixes
from ..golang.addresses import EVERYWHERE, join_port

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.instance import Instance
    from ..chain.listener import Listener
    from ..chain.query import Handler
    from ..chain.reply import Reply
    from ..chain.site import Site
    from ..chain.trace import Hop
    from ..dns.tsig import Key

LABEL = "corefile-asks-for-a-name-that-does-not-exist."
WWW, ROOM = "www", "example."
"""The first label of names that are made up, and their zone where they may be in any."""
ENDED = ("handled", "failed")
"""Outcomes of the plugin with which the way of a question through a server block ends."""

MAX_STEPS = 200_000
"""How many directives, and zones of directives, the rules' questions may pass in one Corefile; beyond, they ask no more."""
ROUND = 30
"""How many steps a question counts that one server asks another, beside what it passes there."""


class InDoubt:
    """A slot of the instance that says that it is not all of the Corefile: an answer is none where it depends on the rest."""


class _Way:
    """Where the server blocks of an instance are asked, by their sites. left: how many directives may yet be passed."""

    def __init__(self, instance: Instance) -> None:
        self.left = MAX_STEPS
        self.costs: dict[Site, int] = {}
        self.listeners: dict[Site, list[Listener]] = {}
        for listener in instance.listeners:
            if listener.transport == "dns":
                for site in {site: None for sites in listener.zones.values() for site in sites}:
                    self.listeners.setdefault(site, []).append(listener)

    def to(self, site: Site, name: str) -> tuple[str, Key | None] | None:
        """Where a block can be asked for a name, and the key that signs the question; None where it cannot be asked."""
        own = (site, *site.by_key.values())
        for listener in dict.fromkeys(x for one in own for x in self.listeners.get(one, ())):
            if any(one in own for zone in (*suffixes(name), ".") for one in listener.zones.get(zone, ())):
                host = "127.0.0.1" if listener.host in EVERYWHERE else listener.host
                return join_port(host, listener.port), _key(listener)
        return None

    def cost(self, site: Site) -> int:
        """What a question passes in a block."""
        if site not in self.costs:
            self.costs[site] = 1 + sum([1 + len(_zones(handler)) for handler in site.handlers])
        return self.costs[site]


def _key(listener: Listener) -> Key | None:
    """One that its server knows, so that what lies behind a `tsig` that requires signatures is asked."""
    if not listener.secrets:
        return None
    from ..dns.tsig import Key

    for name, secret in listener.secrets.items():
        try:
            parse_name(name)
            return Key(name, secret)
        except ValueError:  # no base64, or a name that no message can hold: nothing can be signed with it
            continue
    return None


def _zones(handler: Handler) -> Sequence[str]:
    zones: Sequence[str] = getattr(getattr(handler, "scope", None), "zones", ())
    return zones


def is_name(name: str) -> bool:
    """Whether a question can be for it."""
    try:
        parse_name(name)
    except BadName:
        return False
    return not name.startswith(".")


def unheard_of(zone: str) -> str:
    """A name in a zone that does not exist."""
    return LABEL + zone.removeprefix(".")


def room(zone: str) -> str:
    """The zone of names that are made up for a zone."""
    return ROOM if zone == "." else zone


def last_hop(reply: Reply | None, site: Site) -> Hop | None:
    """The last plugin that was asked for the client's question; None where there is none, or another server block was asked."""
    trace = None if reply is None else reply.trace
    if trace is None or trace.server.get("site") not in (site, *site.by_key.values()):
        return None
    return trace.last


def ask(server: Server, site: Site, name: str, type: str = "A", *, trace: bool) -> Reply | None:
    """Ask a server block for a name (lower case) over plain DNS; None where it cannot be asked, or where the rules have asked
    so much that they ask no more."""
    try:
        parse_name(name)
    except BadName:  # of a zone that no question can be in
        return None
    slots, network = server.process.instance.slots, server.process.network
    way = slots.find(_Way)
    if way is None:
        slots.put(way := _Way(server.process.instance))
    way.left -= way.cost(site)
    found = way.to(site, name) if way.left >= 0 else None
    if found is None:
        return None
    to, key = found
    before = network.rounds
    reply = server.query(name, type, to=to, trace=trace, wait=False, key=key)
    way.left -= (ROUND + way.cost(site)) * (network.rounds - before)
    return None if slots.find(InDoubt) is not None and reply.notices else reply
