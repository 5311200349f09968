"""forwards-to-itself: what CoreDNS forwards comes back to itself, and there is no `loop` that would end it for that.

Why: It asks itself ever more often, until it has no sockets left.

Fix: Name an upstream that is another machine, and add `loop` for the next time.

Bad:
    . {
        forward . 127.0.0.1
    }

Good:
    . {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...dns.names import is_subdomain
from ...findings import Span
from ..asking import ask, unheard_of
from ..rule import Mistake

if TYPE_CHECKING:
    from ...api import Server
    from ...chain.site import Site
    from ..subject import Subject

DOCKER = "127.0.0.11:53"
"""The server that Docker gives each container of a network; on other machines the address is one of their own."""


def look(subject: Subject) -> list[Mistake]:
    """One for each directive whose questions come back. Asks a question in each zone that is forwarded to a server here."""
    found: dict[Span, Mistake] = {}
    network = subject.process.network
    for site in subject.process.instance.sites:
        if len(site.zones) == 1 and site.handler("loop") is not None:
            continue  # it has looked already
        for handler in site.find("forwarded"):
            here = [address for address in handler.asks_at() if network.reach(address).who is not None]
            if all(address == DOCKER for address in here):
                continue
            for zone in handler.forwarded():
                if handler.span not in found and any(_comes_back(subject.server, site, x) for x in _names(site, zone)):
                    found[handler.span] = Mistake(
                        f"what `{handler.name}` sends on comes back to this server",
                        handler.span,
                        hint="name an upstream that is another machine; `loop` would end CoreDNS instead of letting it "
                        "ask itself ever more often",
                    )
    return list(found.values())


def _names(site: Site, forwarded: str) -> list[str]:
    """A name in each zone that the server block has and the directive forwards."""
    both = [(zone.lower(), forwarded.lower()) for zone in site.zones]
    inner = [a if is_subdomain(b, a) else b for a, b in both if is_subdomain(b, a) or is_subdomain(a, b)]
    return [unheard_of(zone) for zone in inner]


def _comes_back(server: Server, site: Site, name: str) -> bool:
    return ask(server, site, name, "HINFO", trace=False) is not None and server.process.network.lost
