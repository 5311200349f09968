"""forwards-to-itself: what a server forwards comes back to it, and there is no `loop` that would end CoreDNS for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dns.names import is_subdomain
from ..findings import Finding
from ._asking import address_of, unheard_of

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.site import Site


def findings(server: Server) -> list[Finding]:
    """One for each directive whose questions come back. Asks a question in each zone that is forwarded."""
    found: dict[object, Finding] = {}
    for site in server.process.instance.sites:
        for handler in site.find("forwarded"):
            for zone in handler.forwarded():
                if handler.span not in found and any(_comes_back(server, site, x) for x in _names(site, zone)):
                    found[handler.span] = Finding(
                        "forwards-to-itself",
                        f"what `{handler.name}` sends on in the zone {zone} comes back to this server",
                        handler.span,
                        severity="warning",
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
    to = address_of(server, site, name)
    if to is not None:
        server.query(name, "HINFO", to=to, trace=False, wait=False)
    return to is not None and server.process.network.lost
