"""What a record of a database has to look like, as github.com/oschwald/geoip2-golang declares it."""

from __future__ import annotations

from typing import Any, Union

from ...light import NamedTuple
from ._rules import GeoipRules

Kind = Union[str, "Struct", "Many"]
"""A Go type: `string`, `uint`, `uint16`, `float64`, `bool`, or one with parts."""


class Struct(NamedTuple):
    """A map with known keys; others are not looked at. `rest`: the type of the others, where they are."""

    name: str
    parts: dict[str, Kind]
    rest: str = ""


class Many(NamedTuple):
    """An array."""

    kind: Kind


class WrongType(Exception):
    """A value of another type than the field's. path: of keys; found: the value, and its type; wanted: the field's type."""

    def __init__(self, path: tuple[str, ...], found: tuple[str, str], wanted: str) -> None:
        super().__init__(path, found, wanted)
        self.path = path
        self.found = found
        self.wanted = wanted

    def text(self, rules: GeoipRules) -> str:
        """Go's error; '' where it has an offset in the file, or the declaration of a type."""
        value, kind = self.found
        context = rules.context
        declared = self.wanted.startswith(("geoip2.", "[]")) and self.wanted != "geoip2.City"
        if (context == "path" and not self.path) or (context != "path" and declared):
            return ""
        if context != "none":
            value = kind if kind in ("map", "array") else f"{value} ({kind})"
        where = ""
        if context == "names":
            where = "".join(f"decoding value for {key}: " for key in self.path)
        elif context == "path":
            where = f"at offset 0, path /{'/'.join(self.path)}: "
        return f"{where}maxminddb: cannot unmarshal {value} into type {self.wanted}"


LANGUAGES = ("de", "en", "es", "fr", "ja", "pt-BR", "ru", "zh-CN")


def city(rules: GeoipRules) -> Struct:
    """A record with the place of an address."""
    names: Kind = Struct("map[string]string", {}, "string")
    if rules.second_library:
        names = Struct("geoip2.Names", dict.fromkeys(LANGUAGES, "string"))
    named: dict[str, Kind] = {"names": names, "geoname_id": "uint"}
    country: dict[str, Kind] = {**named, "iso_code": "string", "is_in_european_union": "bool"}
    location: dict[str, Kind] = {
        "latitude": "float64",
        "longitude": "float64",
        "time_zone": "string",
        "metro_code": "uint",
        "accuracy_radius": "uint16",
    }
    traits: dict[str, Kind] = {"is_anycast": "bool"} if rules.anycast else {}
    if not rules.second_library:
        traits |= {"is_anonymous_proxy": "bool", "is_satellite_provider": "bool"}
    return Struct(
        "geoip2.City",
        {
            "city": Struct("geoip2.CityRecord", named),
            "continent": Struct("geoip2.Continent", {**named, "code": "string"}),
            "country": Struct("geoip2.CountryRecord", country),
            "location": Struct("geoip2.Location", location),
            "postal": Struct("geoip2.CityPostal", {"code": "string"}),
            "registered_country": Struct("geoip2.CountryRecord", country),
            "represented_country": Struct("geoip2.RepresentedCountry", {**country, "type": "string"}),
            "subdivisions": Many(Struct("geoip2.CitySubdivision", {**named, "iso_code": "string"})),
            "traits": Struct("geoip2.CityTraits", traits),
        },
    )


ASN = Struct("geoip2.ASN", {"autonomous_system_number": "uint", "autonomous_system_organization": "string"})


def check(value: Any, kind: Kind, rules: GeoipRules, path: tuple[str, ...] = ()) -> None:
    """Look at a value. Raises WrongType."""
    if isinstance(kind, Struct):
        if not isinstance(value, dict):
            raise WrongType(path, _found(value), kind.name)
        for key, part in value.items():
            wanted = kind.parts.get(key, kind.rest)
            if wanted:
                check(part, wanted, rules, (*path, key))
    elif isinstance(kind, Many):
        if not isinstance(value, list):
            raise WrongType(path, _found(value), f"[]{getattr(kind.kind, 'name', kind.kind)}")
        for number, part in enumerate(value):
            check(part, kind.kind, rules, (*path, str(number)))
    elif not _fits(value, kind, rules):
        raise WrongType(path, _found(value), kind)


def _fits(value: Any, kind: str, rules: GeoipRules) -> bool:
    if kind.startswith("uint"):
        most = (1 << int(kind[4:] or "64")) - 1
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return 0 <= value <= most or (value < 0 and kind == "uint" and not rules.second_library)
    return type(value) is {"string": str, "float64": float, "bool": bool}[kind]


def _found(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return str(value).lower(), "bool"
    if isinstance(value, int):
        return str(value), "int32" if value < 0 else "uint64"
    for kind, name in ((str, "string"), (float, "float64"), (dict, "map"), (list, "array")):
        if isinstance(value, kind):
            return (str(value) if kind in (str, float) else name), name
    return str(value), "[]uint8"


__all__ = ["ASN", "Kind", "Many", "Struct", "WrongType", "check", "city"]
