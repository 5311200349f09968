"""unknown-transport: what stands before `://` in a zone is no transport that CoreDNS has.

Why: CoreDNS takes all of it for a zone, and serves that over plain DNS.

Fix: Write a transport: `dns://`, `tls://`, `https://`, `grpc://`, `quic://` or `https3://`, as the release has them.

Bad:
    http://example.com {
        whoami
    }

Good:
    dns://example.com {
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...language.keys import split_transport
from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


GLUED = regex(r"(dns|tls|https|https3|quic|grpc)(?::/|//)([^/].*)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each zone with another transport."""
    for block in subject.blocks:
        for key in block.node.keys:
            glued = GLUED.fullmatch(key.text)
            if glued is not None:
                said = f"`{key.text}` is taken for the name of a zone: behind the transport stands `://`"
                yield Mistake(said, key.span, write=f"{glued[1]}://{glued[2]}")
                continue
            named, found, rest = key.text.partition("://")
            if found and split_transport(key.text, subject.release) == ("dns", key.text):
                yield Mistake(
                    f"CoreDNS {subject.release} has no transport `{named}`: all of this is a zone's name",
                    key.span,
                    write=rest,
                )
