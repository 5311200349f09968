"""endpoint-on-a-shared-port: an HTTP endpoint has the port of another endpoint or of a server.

Why: Since CoreDNS 1.6.6 they share it: the kernel gives each connection to any of them, so that probes and scrapes
reach the wrong one every now and then.

Fix: Give each endpoint a port of its own. One `health` and one `prometheus` port are enough for all server blocks.

Bad:
    . {
        health :9153
        prometheus :9153
        whoami
    }

Good:
    . {
        health :8080
        prometheus :9153
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ...golang.addresses import EVERYWHERE, split_host_port
from ...golang.errors import GoError
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SINCE = "1.6.6"
ENDPOINTS = ("health", "ready", "prometheus", "pprof")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each endpoint whose port is taken by a different one, or by a server that speaks TCP."""
    seen: list[tuple[str, int, str, Span]] = []
    for use in subject.uses(*ENDPOINTS):
        address = getattr(getattr(use.handler, "config", None), "address", None)
        if not isinstance(address, str):
            continue
        try:
            host, port = split_host_port(address)
        except GoError:
            continue
        if not port.isdigit() or not int(port):
            continue
        here = (host, int(port), use.name, use.head.span)
        for other in seen:
            same = other[2] == use.name and use.name != "health"  # these know of each other
            if other[1] == here[1] and _meet(host, other[0]) and not same and other[3] != here[3]:
                yield Mistake(
                    f"`{use.name}` and `{other[2]}` listen on one port, {port}: each connection reaches either of them",
                    here[3],
                    related=((other[3], "the other one"),),
                    hint="give it another port, or delete it" if other[2] == use.name else "give it another port",
                )
                break
        else:
            for listener in subject.server.process.instance.listeners:
                if listener.port == here[1] and _meet(host, listener.host):
                    yield Mistake(
                        f"`{use.name}` listens on the port of the server {listener.label}",
                        here[3],
                        hint="give it another port",
                    )
                    break
        seen.append(here)


def _meet(one: str, other: str) -> bool:
    """Whether two addresses to listen on have one in common."""
    return one == other or one in EVERYWHERE or other in EVERYWHERE
