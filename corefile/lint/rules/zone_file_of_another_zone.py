"""zone-file-of-another-zone: the SOA record in a zone's file is that of another zone.

Why: CoreDNS takes the zone's name from the Corefile, and starts. Names of the file that lie outside of the zone are never
asked for, those of the zone are answered NXDOMAIN, and the SOA record in answers is that of another zone.

Fix: Name the zone that the file is for, or mend its `$ORIGIN`: a name without a dot at its end has the zone behind it.

Bad:
    example.org {
        file db.example.com
    }

Good:
    example.com {
        file db.example.com
    }

World:
    files:
      db.example.com: "$ORIGIN example.com.\\n@ 60 SOA ns host 1 7200 3600 1209600 300\\n@ 60 NS ns\\n"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...golang.domains import lower
from ..rule import Mistake
from ..zones import zones_of

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each file with which a zone has no SOA record of its own."""
    for use in subject.uses("file"):
        if not use.words:
            continue
        handlers = [handler for handler in use.block.site.handlers if handler.name == "file"]
        served: dict[str, Any] = getattr(handlers[0], "served", {}) if handlers else {}
        for origin in zones_of(use, subject):
            found = served.get(origin)
            soa = found.zone.soa if found is not None and found.path.endswith(use.words[0].text) else None
            if soa is None or lower(soa[0]) in (origin, ""):  # a first record without a name has none
                continue
            owner, path = lower(soa[0]), use.words[0]
            twice = owner == f"{origin.rstrip('.')}.{origin}"
            if not twice and (origin == "." or owner.endswith(f".{origin}")):
                continue  # its names are in the zone
            hint = (
                f"write `{origin}` in the file: a name without a dot at its end has the zone behind it" if twice else ""
            )
            yield Mistake(
                f"the SOA record in {path.text} is that of `{owner}`, not of `{origin}`",
                path.span,
                hint=hint or f"name `{owner}` here, or mend the names in the file",
            )
            break
