"""port-in-the-name: what stands behind the `:` of a zone is no number, and so is part of the name.

Why: The block is for a zone that no client ever asks for, at port 53.

Fix: Write a number behind the `:`.

Bad:
    example.com:99x {
        whoami
    }

Good:
    example.com:99 {
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each zone with a `:` in its name."""
    for block in subject.blocks:
        site = block.site
        for zone, span in zip(site.keys, site.key_spans, strict=True):
            if ":" in zone.zone and "://" not in zone.zone and not span.text.endswith("{"):
                if span.text.count(":") > 1:
                    yield Mistake(
                        f"`{span.text}` is no network without its length, and is taken for a name",
                        span,
                        hint="write `bind` for an address to listen on, and a network as `2001:db8::/32`",
                    )
                    continue
                name, _, port = span.text.rpartition(":")
                digits = "".join(c for c in port if c.isdigit())
                yield Mistake(
                    f"`{port}` is no port, so that `{zone.zone}` is the name of the zone",
                    span,
                    write=f"{name}:{digits}" if digits else name or None,
                )
