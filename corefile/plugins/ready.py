"""ready - an HTTP endpoint that says when the process can answer queries.

Description: answers GET requests for `/ready` with 200 and `OK` once every plugin that has a say in it is ready
(`kubernetes`, `erratic`), and until then with 503 and their names. For readiness probes. A plugin that was ready once
is not asked again, unless `monitor continuously` is given. One list serves all endpoints; it has the plugins of every
server block with `ready`, but from 1.9.4 to 1.14.2 only those of the last such block.

Syntax:
    ready [ADDRESS] {
        monitor until-ready | continuously
    }

ADDRESS is `:8181` unless given.

Examples: `ready`; `ready localhost:8091`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..chain.declare import Arg, Given, Opt, Property, Reads
from ..chain.rules import since
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import Listen, OneOf
from ._listening import take
from ._observer import close, listen, set_up_for

PATH = "/ready"


class Config(NamedTuple):
    """address: where to listen. monitor: whether ready plugins are asked again."""

    address: str
    monitor: str


class Waiting:
    """The plugins that are asked; None in place of one that was ready. It belongs to the process."""

    __slots__ = ("plugins",)

    def __init__(self) -> None:
        self.plugins: list[tuple[str, Any]] = []

    def add(self, name: str, plugin: Any, by_name: bool) -> None:
        """Add a plugin, by name in place of an earlier one of that name."""
        if by_name:
            self.plugins = [p for p in self.plugins if p[0] != name]
        self.plugins.append((name, plugin))

    def names(self, keep: bool) -> str:
        """Those that are not ready, after having asked."""
        missing = []
        for i, (name, plugin) in enumerate(self.plugins):
            if plugin is None:
                continue
            if not plugin.ready():
                missing.append(name)
            elif not keep:
                self.plugins[i] = (name, None)
        return ",".join(sorted(missing))


class Monitor:
    """Whether ready plugins are asked again, as the last block says."""

    def __init__(self) -> None:
        self.continuously = False


class Ready(Plugin):
    """The endpoint."""

    ARGUMENTS = (Opt("address", Listen(located=False), default=":8181", doc="where to listen"),)
    PROPERTIES = (
        Property(
            "monitor",
            Arg("how", OneOf("until-ready", "continuously", error="monitor type '{}' not supported")),
            default="until-ready",
            since="1.12.2",
            doc="whether plugins that were ready are asked again",
        ),
    )
    READS = Reads(once=True, block=since("1.12.2"))
    IN_CHAIN = False

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.by_name = release >= "1.14.3"
        self.last_block_only = release >= "1.9.4" and not self.by_name
        self.waits = "Still waiting on" if release < "1.12.2" else "Plugins not ready"
        setup.instance.get(Monitor).continuously = config.monitor == "continuously"

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """One occurrence; there is no other."""
        return Config(**cls.fields(given, setup))

    @property
    def waiting(self) -> Waiting:
        """The list of the process; new with every instance since 1.9.4, and with `ready` alone before."""
        instance = self.setup.instance
        slots = instance.slots if self.by_name or self.last_block_only else instance.process
        return slots.get(Waiting)

    def check(self) -> None:
        """Take the port. Nobody hears of it where that fails."""
        take(self.setup, self.config.address)

    def start(self) -> None:
        """Listen, and put the block's plugins on the list, once for each of its zones."""
        self.begin(anew=self.last_block_only)

    def begin(self, *, anew: bool) -> None:
        """`start`; `anew`: with an empty list."""
        listen(self.setup, self.config.address, PATH, self.answer)
        waiting = self.waiting
        for _ in set_up_for(self.setup):
            if anew:
                waiting.plugins = []
            for handler in self.setup.site.find("ready"):
                if handler is not self and handler.IN_CHAIN:
                    waiting.add(handler.name, handler, self.by_name)

    def answer(self) -> tuple[int, str]:
        """What a GET gets."""
        names = self.waiting.names(self.setup.instance.get(Monitor).continuously)
        if not names:
            return 200, "OK"
        self.setup.log(f'[INFO] plugin/ready: {self.waits}: "{names}"')
        return 503, names

    def restarting(self) -> None:
        """A reload begins."""
        close(self.setup, self.config.address, PATH)

    def restart_failed(self) -> None:
        """Listen again, with the block's plugins once more on the list. 1.5.0 did not."""
        if self.setup.release >= "1.5.1":
            self.begin(anew=False)


__all__ = ["Config", "Ready"]
