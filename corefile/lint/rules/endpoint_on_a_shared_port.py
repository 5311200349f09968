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
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from ...golang.addresses import EVERYWHERE, split_host_port
from ...golang.errors import GoError
from ..rule import Mistake

if TYPE_CHECKING:
    from ...chain.listener import Listener
    from ..subject import Subject, Use

T = TypeVar("T")

SINCE = "1.6.6"
ENDPOINTS = ("health", "ready", "prometheus", "pprof")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each endpoint whose port is taken by a different one, or by a server that speaks TCP; one for all of one name."""
    alike: dict[tuple[str, str], list[Use]] = {}
    seen: dict[tuple[int, str], _ByHost[Use]] = {}
    listeners: dict[int, _ByHost[Listener]] = {}
    for listener in subject.process.instance.listeners:
        listeners.setdefault(listener.port, _ByHost()).add(listener.host, listener)
    for number, use in enumerate(subject.uses(*ENDPOINTS)):
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
        names = [
            name for name in ENDPOINTS if name != use.name or name == "health"
        ]  # others of one name know of each other
        meeting = [seen[int(port), name].meeting(host) for name in names if (int(port), name) in seen]
        first = min(filter(None, meeting), key=itemgetter(0), default=None)
        server = None if first is not None or int(port) not in listeners else listeners[int(port)].meeting(host)
        if first is not None and first[1].name == use.name:
            alike.setdefault((use.name, port), [first[1]]).append(use)
        elif first is not None:
            name = first[1].name
            yield Mistake(
                f"`{use.name}` and `{name}` listen on one port, {port}: each connection reaches either of them",
                here,
                related=((first[1].head.span, "the other one"),),
                hint="give it another port",
            )
        elif server is not None:
            yield Mistake(
                f"`{use.name}` listens on the port of the server {server[1].label}",
                here,
                hint="give it another port",
            )
        seen.setdefault((int(port), use.name), _ByHost()).add(host, use, number)
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


class _ByHost(Generic[T]):
    """What listens on one port, the first of each address to listen on: many may be compared with many."""

    def __init__(self) -> None:
        self.first: dict[str, tuple[int, T]] = {}

    def add(self, host: str, what: T, number: int = 0) -> None:
        """Add one; its number is greater than those before."""
        self.first.setdefault(host, (number or len(self.first), what))

    def meeting(self, host: str) -> tuple[int, T] | None:
        """The first one that has an address in common with one to listen on, and its number."""
        if host in EVERYWHERE:
            return next(iter(self.first.values()), None)
        found = (self.first[other] for other in (host, *EVERYWHERE) if other in self.first)
        return min(found, key=itemgetter(0), default=None)
