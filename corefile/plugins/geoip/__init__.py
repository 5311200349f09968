"""geoip - tells where a client is, by a database of addresses.

Description: looks the client's address up in a MaxMind database, and leaves what it finds as metadata, for `view`,
`log`, `template` and `rewrite`. With `edns-subnet` (since 1.9.2) the address in the query's EDNS client subnet is
looked up instead, where there is one. Answers are not changed, and without `metadata` nothing is looked up. Databases
of cities and countries are read, since 1.13.2 also those of autonomous systems. Reading one needs the extra
`corefile[geoip]`.

Syntax:

    geoip DBFILE {
        edns-subnet
    }

Metadata: geoip/city/name, geoip/country/code, geoip/country/name, geoip/country/is_in_european_union,
geoip/continent/code, geoip/continent/name, geoip/latitude, geoip/longitude, geoip/timezone, geoip/postalcode; since
1.13.2 also geoip/subdivisions/code, geoip/asn/number and geoip/asn/org.

Examples: `geoip GeoLite2-City.mmdb` beside `metadata` and `view near { expr metadata('geoip/country/code') == 'GB' }`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from ...golang.errors import GoError
from ...plugin import NEXT, Arg, Declaration, Gate, Invalid, Line, Outcome, Query, Reads
from .._observer import debugging
from .._paths import cannot_read
from ._database import Address, Database, available
from ._records import WrongType
from ._rules import GeoipRules

SUBNET = 8
"""The EDNS option with a client's network (RFC 7871)."""


class Geoip(Gate):
    """Leaves metadata about the client's address."""

    class Config(Declaration):
        file: str = Arg(brace=True, doc="the database")
        subnet: bool = Line(name="edns-subnet", since="1.9.2", extra="lines", doc="look up the EDNS client subnet")

    READS = Reads(
        once=True,
        twice="configuring multiple databases is not supported",
        twice_located=True,
        twice_with=True,
        unknown="unknown property {quoted}",
    )
    Rules = GeoipRules
    config: Config
    rules: GeoipRules

    def prepare(self) -> None:
        """Open the database. Raises Invalid."""
        self.database: Database | None = None
        path, files, given = self.config.file, self.setup.world.files, self.setup.given
        content = files.read(path)
        if content is None and self.setup.elsewhere(path, given.words[0].span, until="there is no metadata"):
            doubt = (self.name, given.words[0].span)
            self.setup.site.left_out.append(doubt)
            self.setup.site.in_doubt.append(doubt)
            return
        try:
            if content is None:
                what = f"`{path}` is a directory" if files.is_dir(path) else f"there is no file `{path}`"
                mapped = files.is_dir(path) and not self.rules.second_library
                said = "no such device" if mapped else cannot_read(path, files)  # what mmap(2) says of a directory
                raise GoError(what, f"failed to open database file: {said}")
            if available():
                self.database = Database(path, content, self.rules)
                return
        except GoError as error:
            at = given.words[0].span
            raise Invalid(error.message, hint=error.hint, coredns=error.text, at=at, last=given.end) from None
        self.setup.notice(
            "not-simulated",
            f"`{path}` is not read: there is no package `maxminddb`",
            hint="install corefile[geoip]",
        )

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on."""
        return NEXT

    def metadata(self, query: Query) -> dict[str, Callable[[], str]]:
        """What the database says of the client."""
        database, values = self.database, {}
        if database is None:
            return {}
        address = self._address(query)
        for there, look, read, what in (
            (database.cities, database.place, self._place, "city "),
            (database.systems, database.system, self._system, "asn "),
        ):
            if there:
                try:
                    values.update(read(look(address)))
                except WrongType as error:
                    self._debug(what, error.text(self.rules))
                except GoError as error:
                    self._debug(what, error.text)
        return {f"geoip/{label}": partial(str, value) for label, value in values.items()}

    def _debug(self, what: str, error: str) -> None:
        if debugging(self.setup.instance) and error:
            what = what if self.rules.second_library else ""
            self.setup.log(
                f"[DEBUG] plugin/geoip: Setting up {what}metadata failed due to database lookup error: {error}"
            )

    def _address(self, query: Query) -> Address:
        """The address that is looked up."""
        edns = query.msg.edns if self.config.subnet else None
        octets = next((data for code, data in edns.options if code == SUBNET), None) if edns is not None else None
        if octets is None:
            return ip_address(query.ctx.client.partition("%")[0])
        family, octets = octets[1], octets[4:]
        if family == 2:
            address = IPv6Address(octets[:16].ljust(16, b"\0"))
            return address if self.rules.second_library else address.ipv4_mapped or address
        plain = IPv4Address(octets[:4].ljust(4, b"\0") if family == 1 else 0)
        return IPv6Address(f"::ffff:{plain}") if self.rules.second_library else plain

    def _place(self, record: dict[str, Any]) -> dict[str, str]:
        second = self.rules.second_library
        continent, country, location = (record.get(key, {}) for key in ("continent", "country", "location"))
        missing = "" if second else "0"
        values = {
            "city/name": _english(record.get("city", {})),
            "country/name": _english(country),
            "continent/name": _english(continent),
            "country/code": country.get("iso_code", ""),
            "country/is_in_european_union": str(country.get("is_in_european_union", False)).lower(),
            "continent/code": continent.get("code", ""),
            "latitude": _number(location.get("latitude"), missing),
            "longitude": _number(location.get("longitude"), missing),
            "timezone": location.get("time_zone", ""),
            "postalcode": record.get("postal", {}).get("code", ""),
        }
        if second:
            values["subdivisions/code"] = ",".join(one.get("iso_code", "") for one in record.get("subdivisions", ()))
        return values

    def _system(self, record: dict[str, Any]) -> dict[str, str]:
        return {
            "asn/number": str(record.get("autonomous_system_number", 0)),
            "asn/org": record.get("autonomous_system_organization", ""),
        }


def _english(record: dict[str, Any]) -> str:
    name: str = record.get("names", {}).get("en", "")
    return name


def _number(value: float | None, missing: str) -> str:
    """A number without an exponent, in as many digits as tell it from others."""
    if value is None:
        return missing
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = ["Geoip"]
