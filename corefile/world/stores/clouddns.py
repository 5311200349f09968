"""A managed zone of Cloud DNS: its record sets, as `gcloud dns record-sets list --zone ZONE --format json` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._hosted import HostedZone, RecordSet, items, text_at, texts, ttl_of


def load(given: str | Mapping[str, Any] | list[Any]) -> HostedZone:
    """Read what is given. Raises ValueError.

    >>> load([{"name": "example.org.", "type": "A", "ttl": 60, "rrdatas": ["192.0.2.1"]}]).sets[0].values
    (('A', '192.0.2.1'),)
    """
    sets: list[RecordSet] = []
    types: list[str] = []
    for number, item in enumerate(items(given, "rrsets"), 1):
        name, type = text_at(item, "name", number), text_at(item, "type", number)
        values = tuple((type, value) for value in texts(item.get("rrdatas") or [], f"{name} {type}: rrdatas"))
        sets.append(RecordSet(name, ttl_of(item.get("ttl"), name), values))
        types.append(type)
    return HostedZone(sets, types)


__all__ = ["load"]
