"""The watch on the Corefile: a process that is told to looks at it again and again, and starts over when it has changed.

Source: plugin/reload (reload.go) and caddy's Restart of each release.
"""

from __future__ import annotations

import posixpath
from functools import cached_property, partial
from typing import Any, Protocol

from ..findings import Finding, Source
from ..language.words import decode
from ..releases import Release
from ..releases.rules import ReleaseRules, since
from ..world import World
from ..world.clock import Timer
from ..world.files import PodFiles
from .instance import Instance
from .metrics import Metrics


class WatchRules(ReleaseRules):
    """What differs between releases."""

    restart_tells = since(
        "1.4.0", "a restart that fails has a line of its own, which the other one quotes (caddy 0.11.4)"
    )
    counts = since("1.7.0", "reloads are counted")
    keeps_quic = since(
        "1.13.2", "a server for QUIC goes on at its address; before, the process ends (coredns/coredns 7680)"
    )


class Interval:
    """How often the Corefile is to be looked at, in seconds, as a server block says; None where it does not."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds


class Watched(Protocol):
    """What the watch needs of its process."""

    source: Source
    first_source: Source
    release: Release
    world: World
    metrics: Metrics
    instance: Instance

    def filled(self, source: Source) -> Source:
        """A Corefile as CoreDNS reads it."""

    def replace(self, source: Source) -> tuple[Finding, ...]:
        """Put the configuration in `source` in place of the one that runs, or return the errors that refuse it."""

    def run_hooks(self) -> None:
        """Tell what is run now that the instance has started."""


class Watch:
    """Looks at the Corefile from time to time. There is one in a process."""

    def __init__(self, process: Watched) -> None:
        self.process = process
        self.rules = WatchRules.of(process.release)
        self.interval: float | None = None
        self.timer: Timer | None = None
        self.sum = ""

    @cached_property
    def hash(self) -> str:
        """The function that makes checksums."""
        from .checksum import ChecksumRules

        return ChecksumRules.of(self.process.release).hash

    def begin(self) -> None:
        """Watch the configuration that runs now, at the interval that its last server block with one says. Without any,
        the interval of the configuration before holds, if there was one."""
        given = [site.get(Interval).seconds for site in self.process.instance.sites]
        self.interval = next((seconds for seconds in reversed(given) if seconds is not None), self.interval)
        if self.interval is None:
            return
        from .checksum import Unreadable, checksum

        try:
            self.sum = checksum(self.process.source, self.process.release, self.process.world)
        except Unreadable:
            return
        self.log(f"[INFO] plugin/reload: Running configuration {self.hash.upper()} = {self.sum}")
        self.schedule()

    def schedule(self) -> None:
        """Look every `interval` seconds from now on."""
        assert self.interval is not None
        self.timer = self.process.world.clock.every(self.interval, self.look)

    def rest(self) -> None:
        """Look no more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def look(self) -> None:
        """Compare, and start over if the Corefile has changed."""
        source = self.read()
        if source is None:
            return
        now, error = self.summed(source)
        if now is None:
            self.log(f"[WARNING] plugin/reload: Corefile parse failed: {error}")
            return
        if now == self.sum:
            return
        before, self.sum = self.sum, now
        self.log("[INFO] Reloading")
        instance = self.process.instance
        wait = sum(handler.restart() for site in instance.sites for handler in site.handlers)
        if not wait:
            self.restart(source, before)
            return
        self.rest()
        self.process.world.clock.call_in(wait, partial(self.restart, source, before))

    def summed(self, source: Source) -> tuple[str | None, str]:
        """The checksum of a Corefile, and why there is none. It is made once for all looks while time passes in one go, unless
        a file is written meanwhile."""
        from .checksum import Unreadable, checksum

        world = self.process.world
        seen: dict[Any, tuple[str | None, str]] = {}
        key = None
        if world.clock.seen is not None and isinstance(world.files, PodFiles):
            seen, key = world.clock.seen, ("checksum", source.text, world.files.version, *world.env.items())
        if key not in seen:
            try:
                seen[key] = checksum(source, self.process.release, world), ""
            except Unreadable as error:
                seen[key] = None, str(error)
        return seen[key]

    def restart(self, source: Source, before: str) -> None:
        """Put the new configuration in place of the old one, if it is sound. `before`: the checksum of the old one."""
        handlers = [handler for site in self.process.instance.sites for handler in site.handlers]
        for handler in handlers:
            handler.restarting()
        quic = self.over_quic()
        errors = self.process.replace(source)
        if not errors and quic & self.over_quic() and not self.rules.keeps_quic:
            self.rest()
            self.process.instance.crash(
                "a server for QUIC takes its socket from the configuration before, and has no listener then",
                "runtime error: invalid memory address or nil pointer dereference",
            )
            return
        if errors:
            for handler in handlers:
                handler.restart_failed()
            self.failed(str(errors[0].coredns))
        self.count(before, failed=bool(errors))
        if not errors:
            self.rest()
            self.process.run_hooks()
            self.begin()
            self.log("[INFO] Reloading complete")
        elif self.timer is None:
            self.schedule()

    def over_quic(self) -> set[str]:
        """The addresses of servers for QUIC."""
        return {listener.label for listener in self.process.instance.listeners if listener.transport == "quic"}

    def failed(self, error: str) -> None:
        """Tell of a Corefile that was refused."""
        quoted = ""
        if self.rules.restart_tells:
            self.log(f"[ERROR] Restart failed: {error}")
            quoted = "starting with listener file descriptors: "
        self.log(f"[ERROR] plugin/reload: Corefile changed but reload failed: {quoted}{error}")

    def count(self, before: str, *, failed: bool) -> None:
        """The metrics of a reload."""
        if self.rules.counts:
            metrics, info = self.process.metrics, "coredns_reload_version_info"
            metrics.drop(info, (("hash", self.hash), ("value", before)))
            metrics.set(info, (("hash", self.hash), ("value", self.sum)), 1)
            metrics.inc("coredns_reload_failed_total", (), failed)

    def log(self, line: str) -> None:
        """Write a line, after those of the instance that runs now."""
        self.process.instance.log(line)

    def read(self) -> Source | None:
        """The Corefile as it is now; None where there is no such file."""
        # One that was taken up has no ConfigMap around it.
        now, files = self.process.first_source, self.process.world.files
        name = now.name
        if now.embedding is None and not now.path.startswith("<"):
            name = posixpath.basename(now.path)
        data = files.read(name)
        if data is None:
            data = files.read(now.name)
        return None if data is None else self.process.filled(Source(now.path, decode(data), now.name))


__all__ = ["Interval", "Watch", "Watched"]
