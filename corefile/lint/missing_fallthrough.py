"""missing-fallthrough: a plugin that could pass names on keeps all of a server block's, and others wait behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Finding, Span
from ._asking import address_of, unheard_of

if TYPE_CHECKING:
    from ..api import Server
    from ..chain.site import Site


def findings(server: Server) -> list[Finding]:
    """One for each such directive. Asks for a name that does not exist in each zone."""
    found: dict[Span, Finding] = {}
    for site in server.process.instance.sites:
        ends = [_end(server, site, zone) for zone in site.zones]
        if not ends or ends[0] is None or any(end != ends[0] for end in ends):
            continue
        handler = next(h for h in site.handlers if h.span == ends[0])
        if not hasattr(handler, "fall") or handler.fall.given:
            continue
        behind = site.handlers[site.handlers.index(handler) + 1 :]
        waiting = [h for h in behind if hasattr(h, "fall") or hasattr(h, "forwarded")]
        if waiting and handler.span not in found:
            names = " and ".join(f"`{h.name}`" for h in waiting)
            found[handler.span] = Finding(
                "missing-fallthrough",
                f"names that `{handler.name}` does not know end there: {names} "
                f"{'is' if len(waiting) == 1 else 'are'} not asked for them",
                handler.span,
                severity="warning",
                related=tuple((h.span, "not asked") for h in waiting),
                hint=f"give `{handler.name}` a `fallthrough`",
            )
    return list(found.values())


def _end(server: Server, site: Site, zone: str) -> Span | None:
    """The directive at which the way of an unknown name through this block ends."""
    name = unheard_of(zone.lower())
    to = address_of(server, site, name)
    trace = server.query(name, to=to, wait=False).trace if to else None
    if trace is None or trace.server.get("site") not in (site, *site.by_key.values()):
        return None
    hops = [hop for hop in trace.hops if not hop.depth]
    return hops[-1].span if hops and hops[-1].outcome in ("handled", "failed") else None
