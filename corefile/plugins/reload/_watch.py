"""The watch on the Corefile: what is compared, when, and what happens when it has changed."""

from __future__ import annotations

import posixpath
from typing import Any

from ...chain.process import Process
from ...findings import Source
from ...language.expand import expand
from ...language.words import decode
from ...releases import Release


class Interval:
    """How often the Corefile is looked at, in seconds, as a server block says."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds


class Watch:
    """Looks at the Corefile again and again. There is one in a process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.release: Release = process.release
        self.clock = process.world.clock
        self.timer: Any = None
        self.interval = 0.0
        self.by_words = self.release >= "1.6.1"
        self.hash = "sha512" if self.release >= "1.9.1" else "md5"
        self.sum = ""

    def begin(self) -> None:
        """Begin anew with the configuration that runs now (CoreDNS's hook for the start of an instance)."""
        given = [i for i in (site.get(Interval).seconds for site in self.process.instance.sites) if i is not None]
        self.interval = given[-1] if given else self.interval
        checksum, error = self.checksum(self.process.source)
        if error:
            return
        self.sum = checksum
        self.log(f"[INFO] plugin/reload: Running configuration {self.hash.upper()} = {checksum}")
        self.timer = self.clock.every(self.interval, self.look)

    def look(self) -> None:
        """Compare, and reload if the Corefile has changed."""
        source = self.read()
        if source is None:
            return
        checksum, error = self.checksum(source)
        if error:
            self.log(f"[WARNING] plugin/reload: Corefile parse failed: {error}")
            return
        if checksum == self.sum:
            return
        old, self.sum = self.sum, checksum
        self.log("[INFO] Reloading")
        handlers = [h for site in self.process.instance.sites for h in site.handlers]
        wait = sum([h.restart() for h in handlers if hasattr(h, "restart")])
        if not wait:
            self.restart(source, old, handlers)
            return
        self.timer.cancel()
        self.clock.call_in(wait, lambda: self.restart(source, old, handlers))

    def restart(self, source: Source, old: str, handlers: list[Any]) -> None:
        """Put the new configuration in place of the old one, if it is sound."""
        for handler in handlers:
            if hasattr(handler, "restarting"):
                handler.restarting()
        errors = self.process.replace(source)
        if errors:
            for handler in handlers:
                if hasattr(handler, "restart_failed"):
                    handler.restart_failed()
            self.failed(errors[0].coredns)
        self.count(old, failed=bool(errors))
        if errors:
            if self.timer.cancelled:
                self.timer = self.clock.every(self.interval, self.look)
            return
        self.timer.cancel()
        self.begin()
        self.log("[INFO] Reloading complete")

    def failed(self, error: str) -> None:
        """Tell of a Corefile that was refused. The restart itself does since 1.4.0 (caddy 0.11.4)."""
        before = "starting with listener file descriptors: " if self.release >= "1.4.0" else ""
        if before:
            self.log(f"[ERROR] Restart failed: {error}")
        self.log(f"[ERROR] plugin/reload: Corefile changed but reload failed: {before}{error}")

    def count(self, old: str, *, failed: bool) -> None:
        """The metrics of a reload, which are exported since 1.7.0."""
        if self.release < "1.7.0":
            return
        metrics = self.process.metrics
        info = "coredns_reload_version_info"
        metrics.drop(info, (("hash", self.hash), ("value", old)))
        metrics.set(info, (("hash", self.hash), ("value", self.sum)), 1)
        metrics.inc("coredns_reload_failed_total", (), failed)

    def log(self, line: str) -> None:
        """Write a line, after those of the instance that runs now."""
        self.process.instance.log(line)

    def read(self) -> Source | None:
        """The Corefile as it is now; None where there is no such file."""
        now = self.process.source
        files = self.process.world.files
        name = now.name
        if now.embedding is None and not now.path.startswith("<"):
            name = posixpath.basename(now.path)
        data = files.read(name)
        if data is None:
            data = files.read(now.name)
        return None if data is None else Source(now.path, decode(data), now.name)

    def checksum(self, source: Source) -> tuple[str, str]:
        """The checksum in hexadecimal, and an error where a Corefile cannot be taken apart into words."""
        import hashlib

        if not self.by_words:
            return hashlib.md5(source.text.encode(), usedforsecurity=False).hexdigest(), ""
        world = self.process.world
        program = expand(source, release=_anything(self.release), environ=world.env, files=world.files)
        errors = [f for f in program.findings if f.severity == "error"]
        if errors:
            return "", errors[0].coredns
        blocks = [
            {
                "Keys": [key.text for key in block.keys],
                "Tokens": {
                    # The words of the Corefile itself carry no file name there.
                    name: [
                        {"File": "" if t.span.source is source else t.file, "Line": t.line, "Text": t.text}
                        for t in tokens
                    ]
                    for name, tokens in sorted(block.directives.items())
                },
            }
            for block in program.blocks
            if block.span.source.path != "<default>"
        ]
        return hashlib.new(self.hash, _go_json(blocks or None).encode(), usedforsecurity=False).hexdigest(), ""


class _AnyDirective(Release):
    """A release that knows every directive: the checksum is made before names are looked at."""

    __slots__ = ()

    def has(self, directive: str) -> bool:
        return True


def _anything(release: Release) -> Release:
    return _AnyDirective(release.version, release.date, release.order)


_GO_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}


def _go_json(value: Any) -> str:
    """JSON as Go's encoding/json writes it."""
    import json

    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "".join([_GO_ESCAPES.get(c, c) for c in text]) if any(c in text for c in _GO_ESCAPES) else text


__all__ = ["Watch"]
