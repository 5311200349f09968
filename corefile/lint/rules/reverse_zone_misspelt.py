"""reverse-zone-misspelt: a zone is nearly one of addresses.

Why: No address is asked for below such a name, so that what stands behind it is never used.

Fix: Reverse zones end in `in-addr.arpa` and `ip6.arpa`. A network may be written instead, such as `10.0.0.0/8`.

Bad:
    10.in-addr-arpa {
        forward . 10.0.0.53
    }

Good:
    10.in-addr.arpa {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...language.reader.unknown import slips
from ...light import regex
from ..rule import Mistake
from ..zones import MEANT, zone_words

if TYPE_CHECKING:
    from ..subject import Subject

ENDS = ("in-addr.arpa", "ip6.arpa")
PARTS = ("add", "arp", "apr", "ip")
"""One of these is in each of them, and in what is nearly one."""
ZONE = regex(r"((?:\w+://)?(?:\d+(?:[-/]\d+)?\.|[a-f]\.)+)([a-z0-9_.-]{6,14}?)(\.?(?::\d+)?)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such zone of a server block or a directive."""
    for block in subject.blocks:
        words = [*block.node.keys, *(word for use in block.uses for word in zone_words(use, subject.release))]
        for word in words:
            text = word.text.lower()
            if text.rstrip(".") in MEANT:
                yield Mistake(f"`{word.text}` is no zone of addresses", word.span, write=MEANT[text.rstrip(".")])
                continue
            if text.rstrip(".").endswith(ENDS) or not any(part in text for part in PARTS):
                continue
            match = ZONE.fullmatch(text)
            if match is None or match[2].endswith(ENDS):
                continue
            near = next((end for end in ENDS if slips(match[2], end) <= 2), None)
            if near is not None:
                yield Mistake(f"`{word.text}` is no zone of addresses", word.span, write=f"{match[1]}{near}{match[3]}")
