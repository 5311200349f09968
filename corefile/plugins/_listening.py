"""HTTP endpoints of plugins, and their addresses: those that Go's net.Listen refuses, and those that are taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from ..chain.listen import ListenRules
from ..chain.slots import Endpoints
from ..golang.addresses import EVERYWHERE, bracketed, is_host_name, join_port, parse_port, split_host_port
from ..golang.errors import GoError
from ..golang.numbers import to_int
from ..language.words import decode
from ..plugin import Plugin, Setup, World, parse_ip


def refused(address: str, world: World) -> str | None:
    """Go's error for an address `host:port`. Names that would be looked up, and addresses of a machine that is not
    known, are taken for good."""
    host, port = split_host_port(address)
    number = parse_port(port, "tcp")
    if number is None and (number := _in_services(port, world)) is None:
        return f"listen tcp: lookup tcp/{port}: unknown port"
    if not 0 <= number <= 65535:
        return f"listen tcp: address {port}: invalid port"
    bare, percent, zone = host.partition("%")
    ip = parse_ip(bare)
    if host and ip is None:
        return None if is_host_name(host) else f"listen tcp: lookup {host}: no such host"
    local = world.listenable
    if local is None or ip is None or bare in local or bare in ("0.0.0.0", "::", "::1") or bare.startswith("127."):
        return None
    return f"listen tcp {join_port(ip[1] + percent + zone, number)}: bind: cannot assign requested address"


def _in_services(name: str, world: World) -> int | None:
    """The port of a TCP service that the machine's /etc/services has."""
    text = decode(world.files.read("/etc/services") or b"")
    rows = (line.partition("#")[0].split() for line in text.splitlines())
    found = (row[1] for row in rows if len(row) > 1 and name in (row[0], *row[2:]) and row[1].endswith("/tcp"))
    return next((to_int(port.removesuffix("/tcp")) or 0 for port in found), None)


def taken(setup: Setup, address: str) -> str | None:
    """CoreDNS's error where `address` is listened on already and ports are not shared; else it is from now on."""
    if ListenRules.of(setup.release).shares_ports:
        return None
    try:
        host, name = split_host_port(address)
    except GoError:
        return None
    port = parse_port(name, "tcp") or 0
    host = "127.0.0.1" if host == "localhost" else host
    addresses = setup.instance.get(Endpoints).addresses
    for other, other_port in addresses:
        if port == other_port != 0 and (other == host or other in EVERYWHERE or host in EVERYWHERE):
            shown = "0.0.0.0" if host == "::" else bracketed(host)
            return f"listen tcp {shown}:{port}: bind: address already in use"
    addresses.append((host, port))
    return None


def take(setup: Setup, address: str) -> None:
    """Take the port for an endpoint without which CoreDNS goes on."""
    host, _ = split_host_port(address)
    known = setup.world.listenable is not None or host in (*EVERYWHERE, "localhost", "::1") or host.startswith("127.")
    if known and refused(address, setup.world) is None:
        taken(setup, address)


class Only(dict[str, "Endpoint"]):
    """A slot of the process: of plugins of which there is one endpoint only, whose that is, by the plugin's name."""


class Endpoint(Plugin):
    """A plugin that serves pages over HTTP at its `config.address`.

    listens: whether it does, or another one does so for all.
    STAYS: whether its pages are there during a reload. Those of others are gone until there is a new configuration, or the
    reload has failed and the plugin's `Rules` have `comes_back`.
    """

    PATH: ClassVar[str]
    STAYS: ClassVar[bool] = False
    listens = True

    def page(self) -> tuple[int, str]:
        """Status and body of an answer to a GET of `PATH`."""
        raise NotImplementedError

    def pages(self) -> dict[str, Callable[[], tuple[int, str]]]:
        """All pages, by their paths."""
        return {self.PATH: self.page}

    def check(self) -> None:
        """Take the port. Where that fails, CoreDNS goes on without a word."""
        take(self.setup, self.config.address)

    def refuse(self, error: str, hint: str, *, code: str = "invalid-argument", message: str = "") -> None:
        """CoreDNS does not start, since it cannot listen. `error` is what it says."""
        message = message or f"`{self.name}` cannot listen on `{self.config.address}`"
        place = self.setup.place_of(self.config.address) or self.span
        self.setup.error(code, message, place, coredns=error, located=False, prefix=False, hint=hint)

    def start(self) -> None:
        """Listen. A page that is there already stays; no client can know which port 0 stands for."""
        instance = self.setup.instance
        if not self.listens:
            return
        host, port = self._place()
        for path, answer in self.pages().items() if port else ():
            if path not in instance.endpoints.get((host, port), ()):
                instance.listen_http(join_port(host, port), path, answer)

    def _place(self) -> tuple[str, int]:
        """Host and port; 0 for one that is not known."""
        host, port = split_host_port(self.config.address)
        return host, parse_port(port, "tcp") or 0

    def close(self) -> None:
        """Take the pages away; the address is refused once it has none."""
        endpoints, at = self.setup.instance.endpoints, self._place()
        for path in self.pages():
            endpoints.get(at, {}).pop(path, None)
        if not endpoints.get(at):
            endpoints.pop(at, None)

    def restarting(self) -> None:
        """The old pages are gone."""
        if not self.STAYS:
            self.close()

    def restart_failed(self) -> None:
        """Listen again, where the release does."""
        if not self.STAYS and self.rules.comes_back:
            self.start()

    def stop(self) -> None:
        """Close what has stayed until now."""
        super().stop()
        if self.STAYS:
            self.close()


__all__ = ["Endpoint", "Only", "refused", "take", "taken"]
