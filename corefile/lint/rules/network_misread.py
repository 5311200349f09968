"""network-misread: a zone is written like a network, and is none.

Why: CoreDNS takes it for a name, which no client asks for.

Fix: Write the network as its address and its length: up to 32 for IPv4, up to 128 for IPv6.

Bad:
    10.0.0.0/33 {
        forward . 10.0.0.53
    }

Good:
    10.0.0.0/24 {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...light import regex
from ..rule import Mistake
from ..zones import named, zone_words

if TYPE_CHECKING:
    from ..subject import Subject


LIKE = regex(r"[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*/(?!.*\.arpa\b)[^/]*")
"""Without names below zones of RFC 2317, such as `0/25.2.0.192.in-addr.arpa`."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each zone with a `/` in its name."""
    for block in subject.blocks:
        site = block.site
        keys = zip(site.keys, site.key_spans, strict=True)
        found = [span for key, span in keys if "/" in key.zone and "://" not in span.text]
        for use in block.uses:
            words = [word for word in zone_words(use, subject.release) if "/" in word.text]
            found += [word.span for word in words if any("/" in zone for zone in named(word, subject.release))]
        for span in filter(lambda span: LIKE.fullmatch(span.text), found):
            said = f"`{span.text}` is no network, and is taken for the name of a zone"
            yield Mistake(said, span, hint="write its address and its length, such as `10.0.0.0/24`")
