"""missing-fallthrough: a plugin has no `fallthrough`, and others stand behind it that could answer.

Why: It is asked for every name of the server block, so that what stands behind it in the chain never gets a name that it does
not know. The chain's order is CoreDNS's, not the Corefile's.

`kubernetes` that serves `in-addr.arpa` or `ip6.arpa` is asked for every address of the world, and knows those of the cluster
alone: the others have no name then.

Fix: Give the plugin a `fallthrough`, or delete what is never asked. `file` has it since CoreDNS 1.12.2, and `auto` has none.

Bad:
    . {
        forward . 10.0.0.53
        hosts {
            10.0.0.1 a.example.org
        }
    }

Good:
    . {
        forward . 10.0.0.53
        hosts {
            10.0.0.1 a.example.org
            fallthrough
        }
    }
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...dns.names import is_subdomain
from ...findings import Span
from ...golang.domains import lower
from ..asking import ENDED, ask, last_hop, unheard_of
from ..rule import Mistake
from ..zones import Zones

if TYPE_CHECKING:
    from ...api import Server
    from ...chain.site import Site
    from ...language.words import Token
    from ...releases import Release
    from ..subject import Subject, Use

ALL_ADDRESSES = frozenset(("in-addr.arpa.", "ip6.arpa."))
"""The zones of all addresses; of smaller ones a cluster may be the only owner."""


def look(subject: Subject) -> list[Mistake]:
    """One for each such directive. Asks for a name that does not exist in each zone."""
    found: dict[Span, Mistake] = {}
    misspelt = _misspelt(subject)
    idle = {use.head.span for use in subject.uses("auto") if use.first("directory") is None}
    for site in subject.process.instance.sites:
        if not any(hasattr(h, "fall") and not h.fall.given for h in site.handlers[:-1]):
            continue
        ends = [_end(subject.server, site, zone) for zone in site.zones]
        if not ends or ends[0] is None or any(end != ends[0] for end in ends):
            continue
        handler = next(h for h in site.handlers if h.span == ends[0])
        if not hasattr(handler, "fall") or handler.fall.given:
            continue
        behind = [h for h in site.handlers[site.handlers.index(handler) + 1 :] if h.span not in idle]
        own = Zones(map(lower, site.zones))
        waiting = [h for h in behind if (hasattr(h, "fall") or hasattr(h, "forwarded")) and _is_for(h, own)]
        use = subject.by_place.get(handler.span)
        meant = use is not None and any(word.span in misspelt for word in _names(use))
        if waiting and handler.span not in found and not meant:
            found[handler.span] = Mistake(
                f"names that `{handler.name}` does not know end there: {_not_asked(waiting)} for them",
                handler.span,
                related=tuple((h.span, "not asked") for h in waiting),
                hint=_hint(handler, subject.release),
            )
    for use in subject.uses("kubernetes"):
        handler = use.handler
        if handler is None or handler.span in found or any(word.span in misspelt for word in _names(use)):
            continue
        lacking, waiting = _addresses(handler, use.block.site)
        if lacking:
            zones = " ".join([*(zone.rstrip(".") for zone in handler.fall.zones), *lacking])
            family = "" if len(lacking) > 1 else "IPv4 " if lacking == ["in-addr.arpa"] else "IPv6 "
            start = "write" if handler.fall.given else "give `kubernetes` a"
            wanted = f"fallthrough {zones}" if subject.release >= "1.0.3" else "fallthrough"
            found[handler.span] = Mistake(
                f"`kubernetes` answers NXDOMAIN for every {family}address that is not the cluster's: {_not_asked(waiting)} for "
                "them",
                handler.span,
                related=tuple((h.span, "not asked") for h in waiting),
                hint=f"{start} `{wanted}`",
            )
    return list(found.values())


def _hint(handler: Any, release: Release) -> str:
    """What to do about a plugin that ends the chain."""
    if any(each.name == "fallthrough" and each.in_release(release) for each in handler.PROPERTIES):
        return f"give `{handler.name}` a `fallthrough`"
    return (
        f"`{handler.name}` has no `fallthrough` in CoreDNS {release}: name its own zones behind it, or keep one of them"
    )


def _not_asked(waiting: list[Any]) -> str:
    """That none of these is asked: each directive is named once."""
    names = dict.fromkeys(f"`{h.name}`" for h in waiting)
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not asked"


def _addresses(handler: Any, site: Site) -> tuple[list[str], list[Any]]:
    """The zones of all addresses that `kubernetes` serves without passing on what it does not know, and the plugins behind
    it that are for names of these."""
    fall, own = Zones(handler.fall.zones), Zones(map(lower, site.zones))
    if fall and not any(map(fall.meet, handler.scope.zones)):
        return [], []  # said by `fallthrough-elsewhere`
    zones = [zone for zone in handler.scope.zones if zone in ALL_ADDRESSES and own.meet(zone) and not fall.meet(zone)]
    served = Zones(zones)
    behind = site.handlers[site.handlers.index(handler) + 1 :] if zones else []
    waiting = [h for h in behind if (hasattr(h, "fall") or hasattr(h, "forwarded")) and _is_for(h, served)]
    return ([zone.rstrip(".") for zone in zones] if waiting else []), waiting


def _names(use: Use) -> list[Token]:
    """The words that name the properties of a directive."""
    return [word for line in use.lines for word in line.words[:1]]


def _is_for(handler: Any, zones: Zones) -> bool:
    """Whether a plugin gets names of these zones."""
    scope = handler.scope
    if scope.everything:
        return True
    left = Zones(zone for zone in zones.zones if not any(is_subdomain(minus.lower(), zone) for minus in scope.minus))
    return any(left.meet(zone.lower()) for zone in scope.zones)


def _misspelt(subject: Subject) -> set[Span]:
    """The words that are meant as `fallthrough`; the findings about them say so."""
    fixes = [finding.fix for finding in subject.process.findings if finding.fix is not None]
    return {span for fix in fixes for span, text in fix.edits if text == "fallthrough"}


def _end(server: Server, site: Site, zone: str) -> Span | None:
    """The directive at which the way of an unknown name through this block ends."""
    last = last_hop(ask(server, site, unheard_of(zone.lower()), trace=True), site)
    return last.span if last is not None and last.outcome in ENDED else None
