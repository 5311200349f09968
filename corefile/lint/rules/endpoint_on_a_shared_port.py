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

from ...golang.addresses import EVERYWHERE, split_host_port
from ...golang.errors import GoError
from ..rule import Mistake

if TYPE_CHECKING:
    from ...chain.listener import Listener
    from ..subject import Subject, Use

SINCE = "1.6.6"
ENDPOINTS = ("health", "ready", "prometheus", "pprof")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each endpoint whose port is taken by a different one, or by a server that speaks TCP."""
    seen: dict[int, dict[tuple[str, str, Use | None], Use]] = {}
    listeners: dict[int, list[Listener]] = {}
    for listener in subject.process.instance.listeners:
        listeners.setdefault(listener.port, []).append(listener)
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
        here = use.head.span
        known = use.name != "health"  # the others of one name know of each other
        before = seen.setdefault(int(port), {})
        for (other_host, name, _), other in before.items():
            if _meet(host, other_host) and not (name == use.name and known) and other is not use:
                both = f"two `{name}`" if name == use.name else f"`{use.name}` and `{name}`"
                if other.head.span == here:
                    both = f"`{name}` is imported into several server blocks, all of which"
                yield Mistake(
                    f"{both} listen on one port, {port}: each connection reaches either of them",
                    here,
                    related=() if other.head.span == here else ((other.head.span, "the other one"),),
                    hint="give it another port, or delete it" if name == use.name else "give it another port",
                )
                break
        else:
            for listener in listeners.get(int(port), ()):
                if _meet(host, listener.host):
                    yield Mistake(
                        f"`{use.name}` listens on the port of the server {listener.label}",
                        here,
                        hint="give it another port",
                    )
                    break
        before.setdefault((host, use.name, None if known else use), use)


def _meet(one: str, other: str) -> bool:
    """Whether two addresses to listen on have one in common."""
    return one == other or one in EVERYWHERE or other in EVERYWHERE
