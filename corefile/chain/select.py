"""Which server block a question goes to."""

from __future__ import annotations

from ..dns.codes import DS
from ..dns.names import next_label
from ..golang.addresses import Network, from_reverse, number_of
from .listener import Listener
from .query import Context, Query
from .site import Site


def select(query: Query, listener: Listener, refuses_empty: bool) -> Site | None:
    """The site for a question: the longest zone on label boundaries whose filters let it through; DS goes to the
    widest zone above the cut (core/dnsserver/server.go, ServeDNS).

    refuses_empty: whether a zone without plugins is refused; before 1.8.0 it was a nil pointer.
    """
    ctx = query.ctx
    ctx.server = listener.label
    sole = listener.sole
    if sole is not None and sole.chain is not None and not sole.filters and sole.collect is None:
        _chosen(query, listener, sole, ".")
        return sole
    name, zones, networks = query.name, listener.zones, listener.networks
    is_ds = query.type == DS
    ds_site: Site | None = None
    ds_zone = ""
    escaped = "\\" in name
    only_root = len(zones) == 1 and "." in zones and name != "."
    zone = "" if only_root else name
    while zone:
        sites = zones.get(zone)
        if sites is not None:
            for site in sites:
                if site.chain is None and (refuses_empty or not is_ds):
                    _chosen(query, listener, site, zone)
                    return site
                if (site.filters or site.collect is not None) and not _passes(site, query, ctx):
                    continue
                if is_ds:
                    ds_site, ds_zone = site, zone
                elif not networks or inside(networks.get(zone), name):
                    _chosen(query, listener, site, zone)
                    return site
        if escaped:
            offset = next_label(zone, 0)
            zone = zone[offset:] if offset > 0 else ""
        else:
            zone = zone.partition(".")[2]
    if ds_site is not None and ds_site.chain is not None:
        _chosen(query, listener, ds_site, ds_zone)
        return ds_site
    for site in zones.get(".", ()):
        if site.chain is not None and _passes(site, query, ctx):
            _chosen(query, listener, site, ".")
            return site
    _chosen(query, listener, None, "")
    return None


def _passes(site: Site, query: Query, ctx: Context) -> bool:
    if site.collect is not None:
        site.collect(query)
    for allows in site.filters:
        if not allows(query):
            return False
    if site.view_name:
        ctx.view = site.view_name
    return True


def inside(network: Network | None, name: str) -> bool:
    """Whether a reverse name lies in the network that its zone stands for; names of no address do."""
    if network is None:
        return True
    address = from_reverse(name)
    return not address or network.holds(number_of(address))


def _chosen(query: Query, listener: Listener, site: Site | None, zone: str) -> None:
    ctx = query.ctx
    ctx.site = site
    if ctx.trace is not None:
        ctx.trace.chose(query, {"listener": listener, "site": site, "zone": zone, "zones": listener.names})


__all__ = ["inside", "select"]
