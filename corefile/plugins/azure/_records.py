"""The records in Azure's record sets, as CoreDNS makes them.

Source: plugin/azure (azure.go) of each release. Strings of TXT records are taken for text of a master file: a backslash
begins an escape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...dns.codes import type_number
from ...dns.escapes import latin
from ...dns.rdata.spelling import spelt
from ...plugin import IN, dns
from ...world.stores import RecordSet
from ._rules import AzureRules


def records(sets: Sequence[RecordSet], private: bool, rules: AzureRules) -> Iterator[dns.RR]:
    """The records of a zone, in the order in which CoreDNS takes them."""
    for found in sets:
        for type, data in found.values:
            if type == "NS" and private:
                continue
            if type == "TXT":
                data = tuple(spelt(latin(text)) for text in data)
            elif type == "SOA" and private and rules.completes_host and not data[0].endswith("."):
                data = (f"{data[0]}.", *data[1:])
            yield dns.RR(found.name, type_number(type), IN, found.ttl, data)


__all__ = ["records"]
