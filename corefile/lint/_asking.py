"""How the rules ask a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dns.names import is_subdomain
from ..golang.addresses import EVERYWHERE, join_port

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.site import Site

LABEL = "corefile-asks-for-a-name-that-does-not-exist."


def unheard_of(zone: str) -> str:
    """A name in a zone that does not exist."""
    return LABEL + zone.removeprefix(".")


def address_of(server: Server, site: Site, name: str) -> str | None:
    """Where a server block can be asked for a name (lower case) over plain DNS; None where it cannot."""
    own = (site, *site.by_key.values())
    for listener in server.process.instance.listeners:
        zones = (zone for zone, sites in listener.zones.items() if any(x in own for x in sites))
        if listener.transport == "dns" and any(is_subdomain(zone, name) for zone in zones):
            host = "127.0.0.1" if listener.host in EVERYWHERE else listener.host
            return join_port(host, listener.port)
    return None
