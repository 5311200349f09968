"""upstream-in-the-clear: `forward` has settings for TLS, or a server at the port of DNS over TLS, and asks in the clear.

Why: Questions leave in the clear: `tls`, `tls_servername` and port 853 count for servers with `tls://` alone.

Fix: Write `tls://` before the address of each server.

Bad:
    . {
        forward . 9.9.9.9 {
            tls_servername dns.quad9.net
        }
    }

Good:
    . {
        forward . tls://9.9.9.9 {
            tls_servername dns.quad9.net
        }
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SETTINGS = ("tls_servername", "tls")
PORTS = {"853": "tls"}
"""At which servers of other transports listen."""
OVER_TLS = ("tls://", "https://")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `forward` with settings that no server uses, and for each server at a port of another transport."""
    for use in subject.uses("forward"):
        servers = use.words[1:]
        for word in servers:
            scheme = PORTS.get(word.text.rpartition(":")[2])
            server = word.text.rpartition(":")[0]
            if scheme is not None and "://" not in word.text and (server.endswith("]") or server.count(":") == 0):
                said = f"what listens at port {word.text.rpartition(':')[2]} is asked in the clear, and most likely does not answer"
                yield Mistake(said, word.span, write=f"{scheme}://{server}")
        line = next((line for line in map(use.first, SETTINGS) if line is not None), None)
        if line is None or not servers or any(word.text.lower().startswith(OVER_TLS) for word in servers):
            continue
        written = f"tls://{servers[0].text.removeprefix('dns://')}"
        yield Mistake(
            f"`{line.name}` has no effect: no server of this `forward` is asked over TLS",
            line.words[0].span,
            related=((servers[0].span, "asked in the clear"),),
            hint=f"write `{written}`, and likewise the others" if len(servers) > 1 else f"write `{written}` above",
        )
