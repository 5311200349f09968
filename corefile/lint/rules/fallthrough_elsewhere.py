"""fallthrough-elsewhere: `fallthrough` names a zone that the plugin does not serve.

Why: The plugin is not asked for names of that zone, so that the line does nothing. Two zones that have grown together
(`in-addr.arpaip6.arpa`) are the usual reason.

Fix: Name zones that stand behind the directive, or write `fallthrough` alone for all of them.

Bad:
    . {
        kubernetes cluster.local in-addr.arpa ip6.arpa {
            fallthrough in-addr.arpaip6.arpa
        }
        forward . 10.0.0.53
    }

Good:
    . {
        kubernetes cluster.local in-addr.arpa ip6.arpa {
            fallthrough in-addr.arpa ip6.arpa
        }
        forward . 10.0.0.53
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake
from ..zones import MEANT, Zones, named

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `fallthrough` with such zones."""
    for use in subject.uses():
        line = use.first("fallthrough")
        if line is None or use.handler is None or use.handler.scope.everything:
            continue
        served = use.handler.scope.zones
        own = Zones(served)
        out = []
        meant = {
            MEANT[zone.strip(".")] for zone in served if zone.strip(".") in MEANT
        }  # said by `reverse-zone-misspelt`
        for word in line.arguments:
            zones = named(word, subject.release)
            known = word.text == "}" or word.text.strip(".") in meant
            if zones and not known and not any(map(own.meet, zones)):
                out.append(word)
        if out:
            said = " and ".join(f"`{word.text}`" for word in out[:3])
            yield Mistake(
                f"`{use.name}` does not serve {said}, so this passes nothing on",
                out[0].span,
                hint=f"it serves {', '.join(f'`{zone}`' for zone in served[:4])}: add {said} there, or delete it here",
                related=tuple((word.span, "nor this") for word in out[1:]),
            )
