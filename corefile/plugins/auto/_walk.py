"""Zones from the files of a directory, as they come and go.

Source: plugin/auto (walk.go, zone.go) of each release.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.names import fqdn, next_label
from ...golang.regexp import Regexp
from ...plugin import Setup, quote
from .._paths import cannot_read
from .._transfers import Transferring
from .._zone import LoadError
from .._zone_file import ZoneFile
from ._rules import AutoRules

if TYPE_CHECKING:
    from ...world.files import PodFiles


class Walk:
    """A directory whose files are zones.

    path: the directory. regexp, template: of which files, and what the name of the zone is. zones: by origin, as the
    directory had them at the last look. names: these origins by their names in lower case.
    """

    def __init__(self, setup: Setup, path: str, regexp: Regexp, template: str) -> None:
        self.setup = setup
        self.path = path
        self.regexp = regexp
        self.template = template
        self.rules = AutoRules.of(setup.release)
        self.origins: dict[str, str] = {}  # by the name of a file
        self.zones: dict[str, ZoneFile] = {}
        self.names: dict[str, str] = {}

    def files(self) -> Iterator[str]:
        """The paths of all files, however deep, in the order in which CoreDNS comes to them."""
        root = posixpath.normpath(self.path) if self.rules.resolves_directory else self.path
        files = self.setup.world.files
        if root and files.is_dir(root):
            yield from _below(files, root)  # type: ignore[arg-type]
        elif root and files.read(root) is not None:
            yield root
        elif self.rules.tells_unreadable:
            self.note("WARNING", f"error reading {root}: lstat {root}: no such file or directory")

    def origin(self, path: str) -> str:
        """The zone that a file is for; '' for none."""
        file = posixpath.basename(path)
        found = self.origins.get(file)
        if found is None:
            match = self.regexp.search(file)
            name = match.expand(self.template) if match is not None else ""
            found = self.origins[file] = fqdn(name) if name else ""
        return found

    def zone_of(self, name: str) -> str:
        """The longest of the zones that a name (lower case) lies in; '' for none."""
        at = 0
        while at >= 0:
            found = self.names.get(name[at:])
            if found is not None:
                return found
            at = next_label(name, at)
        return self.names.get(".", "")

    def look(
        self, plugin: Transferring, interval: float, upstream: tuple[str, ...] | None, to: tuple[str, ...]
    ) -> None:
        """Load what is new, and forget what is gone."""
        rules, gone = self.rules, dict.fromkeys(self.zones)
        seen: dict[str, str] = {}
        for path in self.files():
            origin = self.origin(path)
            if not origin:
                continue
            clean = posixpath.normpath(path)
            first = seen.setdefault(origin, clean)
            if rules.tells_several and first != clean:
                used, other = ((first, clean)[i] for i in rules.told_several)
                said = f"using {quote(used)} instead of {quote(other)}"
                self.note("WARNING", f"Multiple zone files match origin {quote(origin)}: {said}")
                if rules.first_counts:
                    gone.pop(origin, None)
                    continue
                seen[origin] = clean
            if origin in self.zones:
                gone.pop(origin, None)
                if rules.takes_other_file:
                    self.zones[origin].path = clean if rules.first_counts else path
                continue
            zone = self._new(origin, path)
            if zone is None:
                continue
            zone.interval, zone.transfer_to = interval, to
            zone.upstreams(upstream)
            self.zones[origin] = zone
            self.names.setdefault(origin.lower(), origin)
            zone.start(plugin)
            if not rules.notifies_of_all:
                plugin.notify(zone, changed=False)
            self.note("INFO", f"Inserting zone `{origin}' from: {path}")
        for origin in gone:
            self.zones.pop(origin).stop()
            self.note("INFO", f"Deleting zone `{origin}'")
        if gone:
            self.names = {name.lower(): name for name in reversed(self.zones)}

    def _new(self, origin: str, path: str) -> ZoneFile | None:
        files = self.setup.world.files
        text = files.read(path)
        if text is None:
            self.note("WARNING", f"Opening {path} failed: {cannot_read(path, files)}")
            return None
        zone = ZoneFile(origin, path, self.setup)
        try:
            zone.zone = zone.load(text)
        except LoadError as error:
            self.note("WARNING", f"Parse zone `{origin}': {error}")
            return None
        return zone

    def note(self, level: str, text: str) -> None:
        """A log line about the directory."""
        self.setup.log(f"[{level}] {'plugin/auto: ' if self.rules.names_plugin else ''}{text}")


def _below(files: PodFiles, directory: str) -> Iterator[str]:
    for name in files.names(directory):
        path = posixpath.normpath(posixpath.join(directory, name))
        if files.is_dir(path):
            yield from _below(files, path)
        else:
            yield path


__all__ = ["Walk"]
