"""A hosted zone of Route 53: its record sets, as `aws route53 list-resource-record-sets --hosted-zone-id ID` prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._hosted import HostedZone, RecordSet, items, text_at, ttl_of


def load(given: str | Mapping[str, Any] | list[Any]) -> HostedZone:
    """Read what is given. Raises ValueError.

    >>> load('[{"Name": "example.org.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}]').sets[0]
    RecordSet(name='example.org.', ttl=60, values=(('A', '192.0.2.1'),), private=None)
    """
    sets: list[RecordSet] = []
    types: list[str] = []
    for number, item in enumerate(items(given, "ResourceRecordSets"), 1):
        name, type = text_at(item, "Name", number), text_at(item, "Type", number)
        values = tuple((type, value) for value in _values(item.get("ResourceRecords"), name, type))
        sets.append(RecordSet(name, ttl_of(item.get("TTL"), name), values))
        types.append(type)
    return HostedZone(sets, types)


def _values(records: Any, name: str, type: str) -> Iterator[str]:
    """The values of a set; an alias has none."""
    if not isinstance(records or [], list):
        raise ValueError(f"{name} {type}: ResourceRecords are a list, not {records!r:.40}")
    for record in records or ():
        if not isinstance(record, Mapping) or not isinstance(record.get("Value"), str):
            raise ValueError(f"{name} {type}: a ResourceRecord has a Value, but {record!r:.60} has none")
        yield record["Value"]


__all__ = ["load"]
