"""Zones from master files."""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath
from typing import TYPE_CHECKING

from ...dns.codes import SOA
from ...dns.zonefile import Budget, ZoneError, parse
from ...findings.limits import without_collection
from ...golang.quoting import quote
from .data import LoadError
from .lookup import Zone
from .rules import ZoneRules

if TYPE_CHECKING:
    from ...releases import Release


class SameSerial(LoadError):
    """The zone has the serial that is loaded already."""


@without_collection()
def load(
    text: bytes | None,
    origin: str,
    path: str,
    serial: int,
    release: Release,
    include: Callable[[str], bytes | None],
    budget: Budget,
) -> Zone:
    """The zone in a master file. `text` is None for a directory, which can be opened but not read. `serial` is that of
    the zone as it is loaded; -1 where there is none.

    Raises LoadError with CoreDNS's words, SameSerial where the file has `serial` already, TooLarge.
    """
    rules = ZoneRules.of(release)
    zone = Zone(origin, release)
    seen = False
    error: ZoneError | None = None

    def included(path: str) -> str | None:
        found = include(path)
        return None if found is None else found.decode("utf-8", "surrogateescape")

    if text is None and rules.error_before_soa and rules.names_file_in_errors:
        raise LoadError(
            f"failed to parse file {quote(path)} for origin {origin} with error read {normpath(path)}: is a directory"
        )
    try:
        records = parse(
            (text or b"").decode("utf-8", "surrogateescape"),
            origin,
            path=path,
            include=included,
            release=release,
            spelled=True,
            budget=budget,
        )
        for rr in records:
            if not seen and rr[1] == SOA and (serial >= 0 or not rules.soa_needs_serial):
                seen = True
                if serial >= 0 and len(rr[4]) > 2 and rr[4][2] == serial:
                    behind = f"with {serial} SOA serial" if rules.serial_behind else f"with serial {serial}"
                    raise SameSerial(f"no change in SOA serial for origin {origin} in file {path}, {behind}")
            zone.insert(rr)
    except ZoneError as e:
        error = e
    if error is not None and (rules.error_before_soa or (error.after_record and rules.silent_errors)):
        raise _parse_error(error, origin, path, rules)
    if not seen:
        suffix = f" for origin {origin}" if rules.names_origin_in_errors else ""
        raise LoadError(f"file {quote(path)} has no SOA record{suffix}", error)
    if error is not None and not rules.silent_errors:
        raise _parse_error(error, origin, path, rules)
    zone.cut = error
    return zone


def _parse_error(error: ZoneError, origin: str, path: str, rules: ZoneRules) -> LoadError:
    if rules.names_file_in_errors:
        return LoadError(f"failed to parse file {quote(path)} for origin {origin} with error {error}", error)
    return LoadError(str(error), error)
