"""A zone of Azure DNS: its record sets, as `az network dns record-set list` or, of a private zone, `az network private-dns
record-set list` prints them, or as Azure's API does. Where a zone of the name is both, the sets of both may be given
together: their types tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...golang.addresses import parse_ip
from ._hosted import HostedZone, RecordSet, items, ttl_of

Fields = dict[str, Any]
"""What JSON objects have by key, in lower case: Azure's tools spell keys in several ways."""


class _Wrong(ValueError):
    """What is wrong with a value."""


def load(given: str | Mapping[str, Any] | list[Any]) -> HostedZone:
    """Read what is given. Raises ValueError.

    >>> load([{"fqdn": "example.org.", "TTL": 60, "ARecords": [{"ipv4Address": "192.0.2.1"}]}]).sets[0].values
    (('A', ('192.0.2.1',)),)
    """
    sets: list[RecordSet] = []
    for number, item in enumerate(items(given, "value"), 1):
        fields = _fields({**item, **item["properties"]} if isinstance(item.get("properties"), Mapping) else item)
        name = fields.get("fqdn")
        if not isinstance(name, str) or not name:
            raise ValueError(f"record set {number} has no `fqdn`: {dict(item)!r:.80}")
        try:
            values = tuple((type, data) for type in RECORDS for data in _records(fields, type))
        except _Wrong as error:
            raise ValueError(f"{name}: {error}") from None
        kind = str(fields.get("type") or fields.get("id") or "").lower()
        private = "/privatednszones/" in kind if "dnszones/" in kind else None
        sets.append(RecordSet(name, ttl_of(fields.get("ttl"), name), values, private))
    return HostedZone(sets)


def _fields(item: Mapping[str, Any]) -> Fields:
    return {str(key).lower(): value for key, value in item.items()}


def _records(fields: Fields, type: str) -> list[tuple[Any, ...]]:
    key, make = RECORDS[type]
    found = fields.get(key)
    if found is None:
        return []
    several = found if isinstance(found, list) else [found]
    if isinstance(found, list) != key.endswith("s") or not all(isinstance(x, Mapping) for x in several):
        raise _Wrong(f"{key} is {found!r:.60}")
    return [make(_fields(x)) for x in several]


def _text(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise _Wrong(f"{key} is {value!r:.40}, where text is needed")
    return value


def _number(fields: Fields, key: str, bits: int = 16) -> int:
    """A number; CoreDNS takes its last bits."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong(f"{key} is {value!r:.40}, where a number is needed")
    return value & (1 << bits) - 1


def _absolute(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


def _address(fields: Fields, key: str, version: int) -> tuple[str]:
    text = _text(fields, key)
    family, address = parse_ip(text) or (0, "")
    if version == 6 and family == 4 and ":" in text:
        return (f"::ffff:{address}",)
    if family != version:
        raise _Wrong(f"{key} is {text!r:.60}, which is no IPv{version} address")
    return (address,)


def _mx(fields: Fields) -> tuple[Any, ...]:
    return _number(fields, "preference"), _absolute(_text(fields, "exchange"))


def _srv(fields: Fields) -> tuple[Any, ...]:
    numbers = [_number(fields, key) for key in ("priority", "weight", "port")]
    return (*numbers, _absolute(_text(fields, "target")))


def _txt(fields: Fields) -> tuple[Any, ...]:
    value = fields.get("value")
    if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
        raise _Wrong(f"the value of a TXT record is {value!r:.60}, where a list of texts is needed")
    return tuple(value)


def _soa(fields: Fields) -> tuple[Any, ...]:
    keys = ("serialnumber", "refreshtime", "retrytime", "expiretime", "minimumttl")
    return (_text(fields, "host"), _absolute(_text(fields, "email")), *(_number(fields, key, 32) for key in keys))


RECORDS: dict[str, tuple[str, Callable[[Fields], tuple[Any, ...]]]] = {
    "A": ("arecords", lambda fields: _address(fields, "ipv4address", 4)),
    "AAAA": ("aaaarecords", lambda fields: _address(fields, "ipv6address", 6)),
    "MX": ("mxrecords", _mx),
    "PTR": ("ptrrecords", lambda fields: (_absolute(_text(fields, "ptrdname")),)),
    "SRV": ("srvrecords", _srv),
    "TXT": ("txtrecords", _txt),
    "NS": ("nsrecords", lambda fields: (_text(fields, "nsdname"),)),
    "SOA": ("soarecord", _soa),
    "CNAME": ("cnamerecord", lambda fields: (_absolute(_text(fields, "cname")),)),
}
"""The types that CoreDNS takes, in its order: where a set has them, and how their data is made."""

__all__ = ["load"]
