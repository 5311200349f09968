"""Zones in files that are read again from time to time.

Source: plugin/file (reload.go, setup.go) of each release.
"""

from __future__ import annotations

from math import ceil

from ..dns.zonefile import Budget
from ..plugin import ReleaseRules, Setup, Timer, between, quote
from ._paths import cannot_read
from ._transfers import Served, Transferring
from ._upstream import Upstream
from ._zone import LoadError, SameSerial, Zone, ZoneRules, load


class ZoneFileRules(ReleaseRules):
    """What differs between releases."""

    whole_seconds = between("1.2.3", "1.6.0", "the time is looked at once a second")


def text_of(path: str, setup: Setup) -> tuple[bytes | None, bool]:
    """A file's text, None for a directory; and whether there is anything at all."""
    text = setup.world.files.read(path) if path else None
    return text, text is not None or (path != "" and setup.world.files.is_dir(path))


INCLUDE = b"$INCLUDE"
"""Where a text has it, the SOA record may stand in another file, which may have changed."""


class ZoneBudget:
    """How much the zones of an instance may have at its start, together."""

    budget: Budget | None = None

    @classmethod
    def of(cls, setup: Setup) -> Budget:
        """The budget that the setup's instance has left."""
        own = setup.instance.get(cls)
        if own.budget is None:
            own.budget = Budget(setup.world.limits.records)
        return own.budget


class ZoneFile(Served):
    """A zone in a file. interval: seconds from one look at it to the next, 0 for never. by_mtime: it is read again
    whatever its serial is. same: the last text that was found to have the serial of the zone, and this."""

    def __init__(self, origin: str, path: str, setup: Setup) -> None:
        super().__init__(origin, Zone(origin, setup.release))
        self.path = path
        self.setup = setup
        self.interval = 0.0
        self.by_mtime = False
        self.same: tuple[bytes | None, int] | None = None
        self.plugin: Transferring
        self.timer: Timer | None = None

    def load(self, text: bytes | None, serial: int = 0) -> Zone:
        """The zone in a text. Raises LoadError, SameSerial where it has `serial` already, TooLarge."""
        setup = self.setup
        budget = ZoneBudget.of(setup) if self.zone.soa is None else Budget(setup.world.limits.records)
        return load(text, self.origin, self.path, serial, setup.release, setup.world.files.read, budget)

    def upstreams(self, addresses: tuple[str, ...] | None) -> None:
        """Where targets of aliases are looked up; see `Upstream`."""
        self.upstream = Upstream(self.setup, addresses)

    def start(self, plugin: Transferring) -> None:
        """Begin to look at the file."""
        self.plugin = plugin
        interval = self.interval
        if interval:
            if ZoneFileRules.of(self.setup.release).whole_seconds:
                interval = max(1.0, float(ceil(interval)))
            self.timer = self.setup.world.clock.every(interval, self.look)

    def stop(self) -> None:
        """Look at it no more."""
        if self.timer is not None:
            self.timer.cancel()

    def look(self) -> None:
        """Read the file, and take its zone if it is another one."""
        soa, note, files = self.zone.soa, self.plugin.note_of_each, self.setup.world.files
        serial = -1 if soa is None else int(soa[4][2])
        text, there = text_of(self.path, self.setup)
        names = f"zone {quote(self.origin)} in {quote(self.path)}"
        if self.by_mtime:
            serial = 0
            if not there:
                note("ERROR", f"Failed to stat {names}: {cannot_read(self.path, files, 'stat')}")
                return
        if not there:
            note("ERROR", f"Failed to open {names}: {cannot_read(self.path, files)}")
            return
        if self.same == (text, serial):
            return
        try:
            fresh = self.load(text, serial)
        except SameSerial:
            self.same = (text, serial) if text is not None and INCLUDE not in text.upper() else None
            return
        except LoadError as error:
            self.zone.missing = str(error)
            note("ERROR", f"Parsing zone {quote(self.origin)}: {error}")
            return
        self.zone = fresh
        assert fresh.soa is not None
        serial = fresh.soa[4][2]
        behind = ZoneRules.of(self.setup.release).serial_behind
        note("INFO", f"Successfully reloaded {names} with {f'{serial} SOA serial' if behind else f'serial {serial}'}")
        self.plugin.notify(self)


__all__ = ["ZoneFile", "ZoneFileRules", "text_of"]
