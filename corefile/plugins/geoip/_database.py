"""A database of addresses: the file, what is refused of it, and look-ups.

Source: github.com/oschwald/geoip2-golang and maxminddb-golang.

The file is read by the package `maxminddb`, which is an extra (`pip install corefile[geoip]`) and loaded with the first
database.
"""

from __future__ import annotations

import io
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ...golang.errors import GoError
from ...plugin import quote
from ._records import ASN, Struct, WrongType, check, city
from ._rules import GeoipRules

MARKER = b"\xab\xcd\xefMaxMind.com"
CITIES = frozenset(
    (
        "DBIP-City-Lite",
        "DBIP-Country-Lite",
        "DBIP-Country",
        "DBIP-Location (compat=City)",
        "GeoLite2-City",
        "GeoIP2-City",
        "GeoIP2-City-Africa",
        "GeoIP2-City-Asia-Pacific",
        "GeoIP2-City-Europe",
        "GeoIP2-City-North-America",
        "GeoIP2-City-South-America",
        "GeoIP2-Precision-City",
        "GeoLite2-Country",
        "GeoIP2-Country",
        "DBIP-ISP (compat=Enterprise)",
        "DBIP-Location-ISP (compat=Enterprise)",
        "GeoIP2-Enterprise",
    )
)
REDACTED = frozenset(("GeoIP-City-Redacted-US", "GeoIP-Enterprise-Redacted-US"))
SYSTEMS = frozenset(("DBIP-ASN-Lite (compat=GeoLite2-ASN)", "GeoLite2-ASN", "GeoIP2-ISP", "GeoIP2-Precision-ISP"))
OTHERS = frozenset(("GeoIP2-Anonymous-IP", "GeoIP2-Connection-Type", "GeoIP2-Domain"))
"""The types of databases that are known."""

PROBE = IPv4Address("127.0.0.1")
Address = IPv4Address | IPv6Address


class Database:
    """An open database. cities, systems: what it has. Raises GoError for a file that is no database or cannot be used."""

    def __init__(self, path: str, content: bytes, rules: GeoipRules) -> None:
        self.rules = rules
        self.city = city(rules)
        self._reader = _open(path, content, rules)
        kind = self._reader.metadata().database_type
        self.cities = kind in CITIES or (kind in REDACTED and rules.redacted)
        self.systems = kind in SYSTEMS and rules.second_library
        known = self.cities or kind in SYSTEMS or kind in OTHERS
        if not known and not (kind == "GeoIP-Anonymous-Plus" and rules.second_library):
            printed = quote(kind) if rules.redacted or rules.anycast else f'"{kind}"'
            text = f"failed to open database file: geoip2: reader does not support the {printed} database type"
            raise GoError(f"a database of the type {printed} is not known", text)
        for name, there, look in (("city", self.cities, self.place), ("asn", self.systems, self.system)):
            if there:
                self._probe(path, name, look)
        if not self.cities and not self.systems:
            text = "database does not provide city schema"
            if rules.second_library:
                text = "database does not provide any supported schema (city, asn)"
            raise GoError(f"a database of the type `{kind}` has nothing that `geoip` reads", text)

    def _probe(self, path: str, name: str, look: Any) -> None:
        try:
            look(PROBE)
        except WrongType as error:
            base = path.rpartition("/")[2]
            text = f'unexpected failure looking up database {quote(base)} schema "{name}": {error.text(self.rules)}'
            raise GoError(f"the record of {PROBE} has {'.'.join(error.path)} of another type", text) from None

    def place(self, address: Address) -> dict[str, Any]:
        """The record of an address, {} without one. Raises WrongType, GoError."""
        return self._look_up(address, self.city)

    def system(self, address: Address) -> dict[str, Any]:
        """The record of an address's autonomous system, {} without one. Raises WrongType, GoError."""
        return self._look_up(address, ASN)

    def _look_up(self, address: Address, kind: Struct) -> dict[str, Any]:
        if address.version == 6 and self._reader.metadata().ip_version == 4:
            text = f"error looking up '{_printed(address)}': you attempted to look up an IPv6 address in an IPv4-only database"
            raise GoError(f"the database has no addresses like {address}", text)
        record = self._reader.get(address)
        if record is None:
            return {}
        check(record, kind, self.rules)
        found: dict[str, Any] = record
        return found


def _printed(address: Address) -> str:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return f"::ffff:{mapped}" if mapped is not None else str(address)


def _open(path: str, content: bytes, rules: GeoipRules) -> Any:
    """A reader of the file's octets. Raises GoError."""
    lead = "failed to open database file: "
    if not content:
        raise GoError(f"`{path}` is empty", lead + ("file is empty" if rules.second_library else "invalid argument"))
    from maxminddb import MODE_FD, open_database
    from maxminddb.decoder import Decoder

    start = content.rfind(MARKER)
    if start < 0:
        text = f"{lead}error opening database: invalid MaxMind DB file"
        raise GoError(f"`{path}` is no MaxMind database", text, "it ends in .mmdb as a rule")
    try:
        metadata: Any = Decoder(content, start + len(MARKER)).decode(start + len(MARKER))[0]
        nodes, size = metadata["node_count"], metadata["record_size"]
        if nodes * (size // 4) + 16 > start:
            raise GoError(
                f"the search tree of `{path}` is larger than the file",
                f"{lead}the MaxMind DB contains invalid metadata",
            )
        if size not in (24, 28, 32):
            text = "unsupported record size" if rules.second_library else f"unknown record size: {size}"
            raise GoError(f"`{path}` has records of {size} bits", lead + text)
        return open_database(io.BytesIO(content), MODE_FD)
    except GoError:
        raise
    except Exception as error:  # whatever the reader makes of octets that are cut short
        raise GoError(f"`{path}` cannot be read: {error}", f"{lead}unexpected end of database") from None


def available() -> bool:
    """Whether the package `maxminddb` is there."""
    from importlib.util import find_spec

    return find_spec("maxminddb") is not None


__all__ = ["Address", "Database", "available"]
