"""What a directory offers to those who show its services to the outside (plugin/k8s_external)."""

from __future__ import annotations

from typing import Protocol

from ...plugin import Landmark, Query, dns
from .record import ServiceRecord


class External(Protocol):
    """Found by the attribute `external_services`. `zone` is the zone outside that a name lies in."""

    def external(self, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
        """The records of the services with external addresses (with `headless`, also of headless services' endpoints)
        that the question is about, and the rcode where there are none (NOERROR, NXDOMAIN or SERVFAIL). For PTR the
        records' `host` is `service.namespace`, to be completed by the zone."""

    def external_addresses(self, query: Query | None, zone: str, headless: bool) -> list[dns.RR]:
        """A and AAAA records (name and TTL are the asker's to set) of the DNS server itself as seen from outside."""

    def external_serial(self, zone: str) -> int:
        """The serial of the external zone's SOA record."""

    def external_landmarks(self, zone: str, headless: bool) -> list[Landmark]:
        """What is told apart in the zone."""

    def external_services(
        self, zone: str, headless: bool
    ) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
        """What a transfer of the external zone consists of: the records of external addresses, and with `headless`
        those of headless services by (domain name, whether it is that of a port and protocol)."""


__all__ = ["External"]
