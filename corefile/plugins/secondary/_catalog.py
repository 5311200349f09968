"""Catalog zones (RFC 9432): zones whose records name zones to fetch.

Source: plugin/pkg/catalog and plugin/secondary (catalog.go) of each release.
"""

from __future__ import annotations

from ...dns.codes import NS, PTR, SOA, TXT
from ...dns.names import fqdn, labels
from ...dns.rdata import rr_to_text
from ...light import NamedTuple
from ...plugin import IN, dns, quote
from .._zone import LoadError

VERSION = "2"


class Member(NamedTuple):
    """A zone that a catalog names. id: its label. owner: the catalog that it goes over to, '' for none."""

    id: str
    zone: str
    owner: str = ""


def members(origin: str, records: list[dns.RR]) -> list[Member]:
    """The members of a catalog zone, by their IDs. Raises LoadError in CoreDNS's words."""
    zones = ("zones", *labels(origin))
    versions: list[str] = []
    targets: dict[str, list[str]] = {}
    owners: dict[str, list[str]] = {}
    there: set[int] = set()
    for rr in records:
        if rr[2] != IN:
            raise LoadError(f"catalog zone {origin} contains non-IN record {rr_to_text(rr)}")
        name, type = rr[0].lower(), rr[1]
        parts = tuple(labels(name))
        if type in (SOA, NS) and name == origin:
            there.add(type)
        elif type == TXT and name == f"version.{origin}":
            versions.append(_text(rr))
        elif type == PTR and parts[1:] == zones:
            targets.setdefault(parts[0], []).append(fqdn(rr[4][0]).lower())
        elif type == PTR and parts[2:] == zones and parts[0] == "coo":
            owners.setdefault(parts[1], []).append(fqdn(rr[4][0]).lower())
    for type, word in ((SOA, "SOA"), (NS, "NS")):
        if type not in there:
            raise LoadError(f"catalog zone {origin} has no {word} record")
    if len(versions) != 1:
        raise LoadError(f"catalog zone {origin} must have exactly one version TXT record")
    if versions[0] != VERSION:
        raise LoadError(f"catalog zone {origin} has unsupported version {quote(versions[0])}")
    out: dict[str, Member] = {}
    for id, names in targets.items():
        if len(names) != 1:
            raise LoadError(f"catalog member {id}.zones.{origin} must have exactly one PTR record")
        zone = names[0]
        if zone in out:
            raise LoadError(f"catalog member zone {zone} is listed by both {out[zone].id} and {id}")
        owner = owners.get(id, [""])
        if len(owner) > 1:
            raise LoadError(f"catalog member {id} has more than one coo PTR record")
        out[zone] = Member(id, zone, owner[0])
    return sorted(out.values())


def _text(rr: dns.RR) -> str:
    data = rr[4][0] if rr[4] and isinstance(rr[4][0], tuple) else rr[4]
    return "".join(x.decode("latin-1") if isinstance(x, bytes) else str(x) for x in data)


__all__ = ["Member", "members"]
