"""One address that is listened on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..golang.addresses import Network, join_port
from .encryption import Encryption
from .site import Site

if TYPE_CHECKING:
    from .headers import Headers


class Listener:
    """One address that is listened on, and the sites by zone there. `label` is what metrics call the server. `networks`
    has those of `zones` that are too wide. `sole`: the site that has every question, where there is one. `encryption`:
    what `tls` of its server blocks says, None in the clear. `secrets`: of TSIG keys, by name; None without
    `tsig`. headers: what is done with PROXY headers, where they are looked for."""

    __slots__ = (
        "_names",
        "any_class",
        "debug",
        "encryption",
        "headers",
        "host",
        "label",
        "networks",
        "port",
        "secrets",
        "sole",
        "stacktrace",
        "transport",
        "zones",
    )

    def __init__(self, transport: str, host: str, port: int) -> None:
        self.transport = transport
        self.host = host
        self.port = port
        self.label = f"{transport}://{join_port(host, port)}"
        self.zones: dict[str, list[Site]] = {}
        self._names: tuple[str, ...] = ()
        self.networks: dict[str, Network] = {}
        self.sole: Site | None = None
        self.encryption: Encryption | None = None
        self.headers: Headers | None = None
        self.secrets: dict[str, str] | None = None
        self.any_class = False
        self.debug = False
        self.stacktrace = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the zones, sorted: once, since none is added later."""
        if len(self._names) != len(self.zones):
            self._names = tuple(sorted(self.zones))
        return self._names


class Running(dict[str, Listener]):
    """A slot of the process: the addresses that are listened on, by their labels."""


__all__ = ["Listener", "Running"]
