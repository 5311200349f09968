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

from typing import Any

from ..plugin import (
    Declaration,
    Line,
    Listen,
    OneOf,
    Opt,
    Reads,
    ReleaseRules,
    Setting,
    Site,
    between,
    changed,
    since,
)
from ._keys import set_up_for
from ._listening import Endpoint


class Waiting:
    """The plugins that are asked, by name; None in place of one that was ready."""

    def __init__(self) -> None:
        self.plugins: list[tuple[str, Any]] = []

    def add(self, name: str, plugin: Any, by_name: bool) -> None:
        """Add a plugin, by name in place of an earlier one of that name."""
        if by_name:
            self.plugins = [p for p in self.plugins if p[0] != name]
        self.plugins.append((name, plugin))

    def names(self, keep: bool) -> str:
        """Those that are not ready, after having asked. `keep`: whether one that was ready is asked again."""
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
    """Whether plugins that were ready are asked again, as the last block says."""

    def __init__(self) -> None:
        self.continuously = False


class Ready(Endpoint, Setting):
    """The endpoint."""

    class Config(Declaration):
        address: str = Opt(Listen(located=False), default=":8181", doc="where to listen")
        monitor: str = Line(
            OneOf("until-ready", "continuously", error="monitor type '{}' not supported"),
            default="until-ready",
            since="1.12.2",
            doc="whether plugins that were ready are asked again",
        )

    class Rules(ReleaseRules):
        comes_back = since("1.5.1", "it listens again when a reload has failed")
        of_instance = since("1.9.4", "the list is new with every reload; before, it was the process's")
        last_block = between("1.9.4", "1.14.3", "each block begins the list anew")
        by_name = since("1.14.3", "a plugin takes the place of another one of its name on the list")
        waits = changed("Still waiting on", {"1.12.2": "Plugins not ready"}, "what the log says")

    READS = Reads(once=True, block=since("1.12.2"), unknown=changed("", {"1.14.4": "unknown property '{}'"}))
    PATH = "/ready"
    config: Config
    rules: Rules

    def apply(self, site: Site) -> None:
        """Say whether plugins are asked again."""
        self.setup.instance.get(Monitor).continuously = self.config.monitor == "continuously"

    @property
    def waiting(self) -> Waiting:
        """The list that all endpoints have in common."""
        instance = self.setup.instance
        return (instance.slots if self.rules.of_instance else instance.process).get(Waiting)

    def start(self) -> None:
        """Listen, and put the block's plugins on the list."""
        self.begin(anew=self.rules.last_block)

    def begin(self, *, anew: bool) -> None:
        """`start`; `anew`: with an empty list. The plugins are added once for each zone of the block."""
        super().start()
        waiting = self.waiting
        for _ in set_up_for(self.setup):
            if anew:
                waiting.plugins = []
            for handler in self.setup.site.find("ready"):
                if handler.IN_CHAIN:
                    waiting.add(handler.name, handler, self.rules.by_name)

    def page(self) -> tuple[int, str]:
        """What a GET gets."""
        names = self.waiting.names(self.setup.instance.get(Monitor).continuously)
        if not names:
            return 200, "OK"
        self.setup.log(f'[INFO] plugin/ready: {self.rules.waits}: "{names}"')
        return 503, names

    def restart_failed(self) -> None:
        """Listen again, with the block's plugins once more on the list, where the release does."""
        if self.rules.comes_back:
            self.begin(anew=False)


__all__ = ["Monitor", "Ready", "Waiting"]
