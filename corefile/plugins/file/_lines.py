"""The `file` lines of a server block as CoreDNS reads them: the file before the block."""

from __future__ import annotations

import posixpath

from ...findings import Span
from ...language.words import Token
from ...plugin import Given, Invalid, Setup
from .._paths import below_root, cannot_read, place_of_error
from .._zone import LoadError, NotServed, SameSerial
from .._zone_file import ZoneFile, text_of
from ._rules import FileRules

SERVFAIL = "its zone answers SERVFAIL until the file is there"
NOT_READ = "{}; CoreDNS reads no other file of the server block before it looks again"


class Lines:
    """The lines of a server block so far. opened: the zones of each. missing: CoreDNS's error about the last file that was
    not there. absent: the paths of all those, and where they are named."""

    def __init__(self) -> None:
        self.opened: list[list[ZoneFile]] = []
        self.missing = ""
        self.absent: list[tuple[str, Token]] = []


def open_line(given: Given, setup: Setup) -> None:
    """Read the file."""
    lines, rules = setup.get(Lines), FileRules.of(setup.release)
    path = below_root(setup.site, given.values["dbfile"])
    opened = posixpath.normpath(path) if rules.cleans_path else path
    text, there = text_of(opened, setup)
    if not there:
        missing = cannot_read(opened, setup.world.files)
        if rules.needs_file and not setup.elsewhere(path, given.words[0].span, until=SERVFAIL):
            raise Invalid(f"there is no zone file {path}", at=given.words[0], located=False, coredns=missing)
        lines.missing = missing
        lines.absent.append((path, given.words[0]))
    zones = [ZoneFile(origin, path, setup) for origin in dict.fromkeys(setup.origins(given.values["zones"]))]
    lines.opened.append(zones)
    for i, zone in enumerate(zones):
        if lines.missing:
            zone.zone.missing = lines.missing if not there else NOT_READ.format(lines.missing)
        else:
            _load(zone, None if i and rules.reads_once else text, given.words[0])


def _load(zone: ZoneFile, text: bytes | None, named: Token) -> None:
    """Take the zone in a text, whose file a word names. Raises Invalid."""
    try:
        zone.zone = zone.load(text)
    except LoadError as e:
        message = f"zone {zone.origin} cannot be loaded from {zone.path}: {e}"
        hint = ""
        where: tuple[tuple[Span, str], ...] = ()
        if e.where is not None and e.where.path:
            message = f"zone {zone.origin} cannot be loaded: {e.where.path}:{e.where.line}: {e.where.message}"
            where = place_of_error(e.where, zone.setup.world.files)
        elif isinstance(e, SameSerial):
            hint = "CoreDNS takes a serial of 0 for a zone that is loaded already: use another one"
        elif isinstance(e, NotServed):
            message = f"zone {zone.origin} cannot be loaded from {zone.path}: it is signed with NSEC3"
            hint = "CoreDNS serves no such zones: sign it with NSEC"
        elif text is not None:
            message = f"zone {zone.origin} cannot be loaded: there is no SOA record in {zone.path}"
            hint = "a zone begins with one, such as `@ 3600 IN SOA ns hostmaster 1 7200 3600 1209600 300`"
        raise Invalid(message, hint=hint, coredns=str(e), located=False, at=named, related=where) from None


__all__ = ["SERVFAIL", "Lines", "open_line"]
