"""The signed file of one zone: when it is made anew, and how."""

from __future__ import annotations

import posixpath
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...dns.codes import RRSIG, SOA
from ...dns.errors import WireError
from ...dns.rdata import rr_to_text
from ...dns.rr import RR
from ...dns.zonefile import Budget, ZoneError, parse
from ...golang.durations import duration_text
from ...language.files import file_above
from ...plugin import Setup, quote
from .._dnssec import CannotSign, Key
from .._paths import cannot_read
from .._zone import LoadError, Zone
from ._rules import SignRules
from ._zone import Signing, read, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR, DAY = 3600, 86400
CHECK = 5 * HOUR
"""Seconds from one look at the signed file to the next."""
OLD = 6 * DAY
"""Seconds after the inception of its signatures when a zone is signed again."""
SHORT = 7 * DAY
"""Seconds before their expiration when it is signed again in any case."""
BACK, LIFE = 3 * HOUR, 32 * DAY
"""Seconds from the inception of signatures to the moment of signing, and from there to their expiration."""
MOST = 100
"""Records of the signed file among which the SOA record's signatures have to be."""
EARLIER = tuple(hours * HOUR for hours in range(18))
LATER = tuple(days * DAY for days in range(5))
OTHER_ALGORITHM = (
    "ed25519: expected opts.HashFunc() zero (unhashed message, for standard Ed25519) or SHA-512 (for Ed25519ph)"
)
"""What is said of a private key that is not of its DNSKEY record's algorithm: only those of Ed25519 come this far."""


def time_text(seconds: float) -> str:
    """A time as the log has it."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    except (OverflowError, ValueError, OSError):
        return f"{seconds:g}"


class Signer:
    """Signs one zone. dbfile: its master file. directory: where the signed file is."""

    def __init__(self, origin: str, dbfile: str, directory: str, keys: tuple[Key, ...], setup: Setup) -> None:
        self.origin = origin
        self.dbfile = dbfile
        self.directory = directory
        self.path = posixpath.normpath(posixpath.join(directory, f"db.{origin}signed"))
        self.keys = keys
        self.setup = setup
        self.rules = SignRules.of(setup.release)
        choose = setup.world.choose
        self.earlier = choose(EARLIER, f"how many seconds earlier signatures of {origin} begin")
        self.later = choose(LATER, "how many seconds later they end") if self.rules.jitter_of_expiration else 0
        self.seen: bytes | None = None  # the master file when it was signed

    def note(self, level: str, text: str) -> None:
        """A log line."""
        self.setup.log(f"[{level}] plugin/sign: {text}")

    def skip(self) -> None:
        """Say that nothing has to be done."""
        self.note("INFO", f"Skipping signing zone {quote(self.origin)} in {quote(self.path)}: signatures are valid")

    def look(self) -> None:
        """Sign the zone where that is needed."""
        why = self.why()
        if why:
            self.make(why)

    # -- when -------------------------------------------------------------------------------------------------------

    def why(self) -> str:
        """Why the zone has to be signed, in CoreDNS's words; '' where its signatures are good."""
        files, now, rules = self.setup.world.files, self.setup.world.clock.now, self.rules
        text = files.read(self.path)
        if text is None and not files.is_dir(self.path):
            if not file_above(self.path, files):
                return cannot_read(self.path, files)
            return "" if rules.silent_errors else "invalid argument"
        if rules.looks_at_dbfile and self.seen is not None and files.read(self.dbfile) != self.seen:
            return f"zone's modification time {time_text(now)}; differs from last seen modification time: unknown"
        if text is None:
            return "" if rules.silent_errors else f"read {self.path}: is a directory"
        words = text.decode("utf-8", "surrogateescape")
        try:
            return _worn(parse(words, ".", path="resign", include=self._included, release=self.setup.release), now)
        except ZoneError as error:
            return "" if rules.silent_errors else str(error)

    # -- how --------------------------------------------------------------------------------------------------------

    def make(self, why: str) -> None:
        """Sign the zone and write it."""
        now, origin, tags = self.setup.world.clock.now, quote(self.origin), ",".join(str(k.tag) for k in self.keys)
        following = time_text(now + CHECK)
        zone: Zone | None = None
        error = ""
        try:
            zone = self.signed(now)
        except CannotSign:
            error = OTHER_ALGORITHM
        except (LoadError, WireError) as problem:
            error = str(problem)
        self.note("INFO", f"Signing {origin} because {why}")
        if zone is None:
            said = f"with key tags {quote(tags)} in 0s: {error}, next: {following}"
            self.note("WARNING", f"Error signing {origin} {said}")
            return
        error = self.write(zone)
        if error:
            self.note("WARNING", f"Error signing {origin}: failed to move zone file into place: {error}")
            return
        assert zone.soa is not None
        said = f"with key tags {quote(tags)} and {zone.soa[4][2]} SOA serial, elapsed 0.000000, next: {following}"
        self.note("INFO", f"Successfully signed zone {origin} in {quote(self.path)} {said}")

    def signed(self, now: float) -> Zone:
        """The zone with its signatures. Raises LoadError, WireError, CannotSign, TooLarge."""
        files = self.setup.world.files
        text = files.read(self.dbfile)
        if text is None and not files.is_dir(self.dbfile):
            raise LoadError(cannot_read(self.dbfile, files))
        budget = Budget(self.setup.world.limits.records)
        zone, soa = read(text, self.origin, self.dbfile, self.setup.release, self._included, budget)
        self.seen = text
        inception, expiration = int(now - BACK - self.earlier), int(now + LIFE + self.later)
        how = Signing(
            self.origin,
            self.keys,
            int(now) & 0xFFFFFFFF,
            inception & 0xFFFFFFFF,
            expiration & 0xFFFFFFFF,
            self.rules,
            budget,
        )
        sign(zone, soa, how)
        return zone

    def write(self, zone: Zone) -> str:
        """Put the signed file in its place. What keeps CoreDNS from it, '' where nothing does."""
        files = self.setup.world.files
        if not exists(self.directory, self.setup):
            return cannot_read(posixpath.join(self.directory, "signed-1"), files)
        if files.is_dir(self.path):
            return f"rename {posixpath.join(self.directory, 'signed-1')} {self.path}: file exists"
        self.setup.world.write(self.path, "".join(_line(rr) for rr in zone.records()))
        return ""

    def _included(self, path: str) -> str | None:
        found = self.setup.world.files.read(path)
        return None if found is None else found.decode("utf-8", "surrogateescape")


def exists(directory: str, setup: Setup) -> bool:
    """Whether a directory is there: that of the Corefile always is."""
    files = setup.world.files
    here = posixpath.normpath(directory) in (".", files.base) or files.is_dir(directory)
    return here or setup.world.elsewhere(directory)


def _line(rr: RR) -> str:
    """A record as the signed file has it."""
    name, ttl, cls, type, *data = rr_to_text(rr).split(" ", 4)
    return "\t".join((name, ttl, cls, type, *data)) + "\n"


def _worn(records: Iterable[RR], now: float) -> str:
    """Why the signatures of the SOA record are not good any more. Raises ZoneError."""
    count = 0
    for rr in records:
        if rr[1] == RRSIG:
            if not rr[4] or rr[4][0] != SOA:
                continue
            expiration, inception = rr[4][4], rr[4][5]
            age, left = now - inception, expiration - now
            begun = f"inception {quote(time_text(inception))}"
            if age > OLD:
                return f"{begun} was more than: {duration_text(OLD)} ago from {time_text(now)}: {duration_text(age)}"
            if age < 0:
                return f"{begun} date is in the future: {duration_text(age)}"
            if left < SHORT:
                ends = f"expiration {quote(time_text(expiration))}"
                return f"{ends} is less than: {duration_text(SHORT)} away from {time_text(now)}: {duration_text(left)}"
        count += 1
        if count > MOST:
            return "no SOA RRSIG found in first 100 records"
    return ""


__all__ = ["Signer", "exists"]
