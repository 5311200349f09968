"""port-in-the-name: what stands behind the `:` of a zone is no number, and so is part of the name.

Why: The block is for a zone that no client ever asks for, at the port of its transport.

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

from ...findings import Span
from ...golang.addresses import parse_ip
from ...language.keys import split_transport
from ..rule import Mistake
from ..zones import LIKE_A_NETWORK

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each zone with a `:` in its name."""
    for block in subject.blocks:
        for zone, word in block.keys:
            key = split_transport(word.text, subject.release)[1]
            if ":" not in zone.zone or "://" in zone.zone or LIKE_A_NETWORK.fullmatch(key) or key.endswith("{"):
                continue  # other rules say what these are
            if _is_address(key) or _is_address(key.rpartition(":")[0]):
                yield Mistake(
                    f"`{key}` is no network without its length, and is taken for a name",
                    word.span,
                    hint="write `bind` for an address to listen on, and a network as `2001:db8::/32`",
                )
            else:
                yield _no_port(zone.zone, key, word)


def _is_address(text: str) -> bool:
    """Whether it is an address of IPv6, perhaps with a zone, or in brackets."""
    return ":" in text and parse_ip(text.strip("[]").partition("%")[0]) is not None


def _no_port(zone: str, key: str, word: Token) -> Mistake:
    """A key with something else behind its first `:`. zone: what CoreDNS makes of it. key: the word without its transport."""
    name, _, port = key.partition(":")
    *_, last = port.split(":")
    digits = last if last.isdigit() else "" if ":" in port else "".join(c for c in port if c.isdigit())
    message = f"`{port}` is no port, so that `{zone}` is the name of the zone"
    wrong = f":{port}"
    right = ("" if name else ".") + (f":{digits}" if digits else "")
    written = word.span.text
    start = written.rfind(wrong)
    if start < 0:
        return Mistake(message, word.span, hint="write a number behind the `:`")
    at = Span(word.source, word.span.start + start, word.span.start + start + len(wrong))
    whole = written[:start].removeprefix('"') + right
    return Mistake(message, word.span, hint=f"write `{whole}`", write=right, at=at)
