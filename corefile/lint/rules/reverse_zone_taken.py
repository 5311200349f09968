"""reverse-zone-taken: `k8s_external` serves a reverse zone that `kubernetes` serves, too.

Why: It stands before `kubernetes` in the chain, and has no answer for addresses of the cluster itself, so that these
are NXDOMAIN.

Fix: Give `k8s_external` a `fallthrough` for the reverse zone, or take the zone away from it.

Bad:
    . {
        kubernetes cluster.local in-addr.arpa {
            fallthrough in-addr.arpa
        }
        k8s_external example.org in-addr.arpa
        forward . 10.0.0.53
    }

Good:
    . {
        kubernetes cluster.local in-addr.arpa {
            fallthrough in-addr.arpa
        }
        k8s_external example.org in-addr.arpa {
            fallthrough in-addr.arpa
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
from ..zones import Zones, named, zone_words

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such zone without a `fallthrough`."""
    for use in subject.uses("k8s_external"):
        cluster = use.block.site.handler("kubernetes")
        served = Zones(() if cluster is None else cluster.scope.zones)
        fall = getattr(use.handler, "fall", None)
        for word in zone_words(use, subject.release):
            for zone in named(word, subject.release):
                taken = zone.endswith(".arpa.") and served.meet(zone)
                if taken and not (fall is not None and fall.through(zone)):
                    yield Mistake(
                        f"`k8s_external` answers `{word.text}` before `kubernetes` is asked, and knows no cluster addresses",
                        word.span,
                        hint=f"give it `fallthrough {word.text}`",
                    )
