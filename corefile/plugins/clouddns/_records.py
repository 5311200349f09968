"""The records in Cloud DNS's record sets, as CoreDNS makes them: text of a master file.

Source: plugin/clouddns (clouddns.go) of each release.
"""

from __future__ import annotations

from ...dns.zonefile import ZoneError, record
from ...plugin import Release, fqdn
from ...world.stores import HostedZone
from .._zone import LoadError, Zone
from ._rules import CloudDnsRules


class NotTaken(Exception):
    """A record that ends the reading. name: whose it is. panics: whether it ends CoreDNS, too."""

    def __init__(self, name: str, words: str, *, panics: bool = False) -> None:
        super().__init__(words)
        self.name = name
        self.panics = panics


def take(zone: Zone, store: HostedZone, release: Release) -> None:
    """Put the records of a managed zone into a zone, up to the first that CoreDNS cannot read. Raises NotTaken for that one."""
    rules = CloudDnsRules.of(release)
    for found in store.sets:
        rr = None
        for type, value in found.values:
            if type in ("CNAME", "PTR"):
                value = fqdn(value)
            try:
                rr = record(f"{fqdn(found.name)} {found.ttl} IN {type} {value}", release=release, spelled=True)
            except ZoneError as error:
                raise NotTaken(found.name, str(error)) from None
            if rr is not None and not rules.last_value:
                try:
                    zone.insert(rr)
                except LoadError as error:
                    raise NotTaken(found.name, str(error)) from None
        if rules.last_value:
            if rr is None:
                raise NotTaken(found.name, "a panic", panics=True)
            try:
                zone.insert(rr)
            except LoadError:
                continue  # CoreDNS does not look at this error


__all__ = ["NotTaken", "take"]
