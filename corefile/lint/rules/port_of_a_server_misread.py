"""port-of-a-server-misread: what stands behind the `:` of a server is no port.

Why: CoreDNS starts, and every question that it sends there fails: SERVFAIL.

Fix: Write a number from 1 to 65535 behind the `:`, or nothing at all.

Bad:
    . {
        forward . 10.0.0.53:53535353
    }

Good:
    . {
        forward . 10.0.0.53:5353
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...golang.addresses import parse_port
from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SERVER = regex(r"((?:\w+://)?(?:\d+\.\d+\.\d+\.\d+|\[[^\]]+\])):([^:/]*)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such server."""
    for use in subject.uses("forward", "grpc"):
        for word in use.words[1:]:
            if ":" not in word.text.rpartition("://")[2]:
                continue
            if "{$" in word.span.text:  # what depends on variables is said otherwise
                continue
            match = SERVER.fullmatch(word.text)
            if word.text.count("[") != word.text.count("]"):
                other = "]" if "[" in word.text else "["
                said = f"a `{other}` is missing in `{word.text}`: every question to this server fails"
                yield Mistake(said, word.span, hint="an address of IPv6 with a port is written `[2001:db8::1]:53`")
                continue
            if match is None:
                continue
            server, port = match.groups()
            if 0 < (parse_port(port, "udp") or 0) < 65536:
                continue
            said = f"`{port}` is no port" if port else f"there is no port behind the `:` of `{word.text}`"
            yield Mistake(
                f"{said}: every question to this server fails",
                word.span,
                write=server if not port else None,
                hint="" if not port else "write a number from 1 to 65535, or nothing behind the address",
            )
