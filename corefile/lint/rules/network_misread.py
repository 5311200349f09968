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

from ...language.keys import split_transport
from ..rule import Mistake
from ..zones import LIKE_A_NETWORK, named, zone_words

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each zone with a `/` in its name."""
    release = subject.release
    for block in subject.blocks:
        found = [word for zone, word in block.keys if "/" in zone.zone]
        for use in block.uses:
            words = [word for word in zone_words(use, release) if "/" in word.text]
            found += [word for word in words if any("/" in zone for zone in named(word, release))]
        for word in found:
            network = split_transport(word.text, release)[1]
            if LIKE_A_NETWORK.fullmatch(network):
                said = f"`{network}` is no network, and is taken for the name of a zone"
                yield Mistake(said, word.span, hint="write its address and its length, such as `10.0.0.0/24`")
