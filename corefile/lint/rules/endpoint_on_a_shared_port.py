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
    """One for each endpoint whose port is taken by a different one, or by a server that speaks TCP; one for all of one name."""
    alike: dict[tuple[str, str], list[Use]] = {}
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
                if name == use.name:
                    alike.setdefault((name, port), [other]).append(use)
                    break
                yield Mistake(
                    f"`{use.name}` and `{name}` listen on one port, {port}: each connection reaches either of them",
                    here,
                    related=((other.head.span, "the other one"),),
                    hint="give it another port",
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
    for (name, port), uses in alike.items():
        yield _alike(name, port, uses)


def _alike(name: str, port: str, uses: list[Use]) -> Mistake:
    """The mistake of several endpoints of one name. One in a snippet stands once for all that import it."""
    first, *others = dict.fromkeys(use.head.span for use in uses)
    if not others:
        said = f"`{name}` is imported into several server blocks, all of which listen on one port, {port}"
        return Mistake(
            f"{said}: each connection reaches either of them", first, hint="write it in one server block alone"
        )
    count = "two" if len(uses) == 2 else str(len(uses))
    return Mistake(
        f"{count} `{name}` listen on one port, {port}: each connection reaches {'either' if count == 'two' else 'any'} of them",
        others[0],
        related=(
            (first, "the other one" if len(others) == 1 else "another one"),
            *((span, "another one") for span in others[1:]),
        ),
        hint="give it another port, or delete it" if len(others) == 1 else "one is enough; give others another port",
    )


def _meet(one: str, other: str) -> bool:
    """Whether two addresses to listen on have one in common."""
    return one == other or one in EVERYWHERE or other in EVERYWHERE
