"""What a handler may offer to the others of its server block, found by the attribute's name.

A plugin asks `setup.site.find("autopath_search")` (in its `start`) for the handlers that have that method; no plugin
imports another one. A handler has only the methods of what it can do. `kubernetes` has all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..dns.codes import AAAA, CNAME, A
from ..dns.rr import RR

if TYPE_CHECKING:
    from .query import Query


class ServiceRecord(NamedTuple):
    """One address, or one name, that a service stands for (CoreDNS's msg.Service, as far as its users look at it).

    host: an IP address or a name. port: -1 where the service declares none. name: the domain name that this record
    itself has, with its trailing dot; it is what an SRV record of an address points to. type: A, AAAA or, for a name,
    CNAME. strip: how many labels an SRV target leaves off `name`. ttl: seconds.
    """

    host: str
    port: int
    name: str
    type: int
    ttl: int
    strip: int = 0


class Ready(Protocol):
    """Offered to `ready`."""

    def ready(self) -> bool:
        """Whether the plugin can answer; `ready` says 503 until all of them can."""


class Healthy(Protocol):
    """Offered to `health` of the releases before 1.5.0, which asked every second."""

    def health(self) -> bool:
        """Whether the plugin is well; `health` says 503 while one is not."""


class Forwards(Protocol):
    """Offered to the rules of `lint`."""

    def forwarded(self) -> tuple[str, ...]:
        """The zones whose questions the plugin sends to other servers."""


class Scraped(Protocol):
    """Offered to `prometheus`."""

    def scrape(self) -> None:
        """Bring metrics up to date that are worked out only where they are looked at."""


class Metadata(Protocol):
    """Offered to `metadata`."""

    def metadata(self, query: Query) -> dict[str, Callable[[], str]] | None:
        """Values by name, such as `kubernetes/client-namespace`; None where there are none."""


class Autopath(Protocol):
    """Offered to `autopath @plugin`."""

    def autopath_search(self, query: Query) -> list[str] | None:
        """The search path of the client who asks, each element with its trailing dot and the last one '', or None
        where no search is to be done (the client is no known pod, or the name lies outside the plugin's zones)."""


class External(Protocol):
    """Offered to `k8s_external`. `zone` is the zone of `k8s_external` that the name lies in."""

    def external(self, query: Query, zone: str, headless: bool) -> tuple[list[ServiceRecord], int]:
        """The records of the services with external addresses (with `headless`, also of headless services' endpoints)
        that the question is about, and the rcode where there are none (NOERROR, NXDOMAIN or SERVFAIL). For PTR the
        records' `host` is `service.namespace`, to be completed by the zone."""

    def external_addresses(self, query: Query | None, zone: str, headless: bool) -> list[RR]:
        """A and AAAA records (name and TTL are the asker's to set) of the DNS server itself as seen from outside."""

    def external_serial(self, zone: str) -> int:
        """The serial of the external zone's SOA record."""

    def external_services(
        self, zone: str, headless: bool
    ) -> tuple[list[ServiceRecord], dict[tuple[str, bool], list[ServiceRecord]]]:
        """What a transfer of the external zone consists of: the records of external addresses, and with `headless`
        those of headless services by (domain name, whether it is that of a port and protocol)."""


class Transfer(Protocol):
    """Offered to `transfer`."""

    def transfer_records(self, zone: str, serial: int) -> list[RR] | None:
        """All records of `zone` in the order of a transfer, SOA first and last; only the SOA where `serial` (0 for
        AXFR) is up to date; None where the plugin is not authoritative for `zone`."""


class Federation(Protocol):
    """Offered to `federation`."""

    def federation_target(self, query: Query, name: str, zone: str) -> str | None:
        """The name in the federation `name`, whose zone is `zone`, of the service that the query asks for; None where
        the node that the server runs on is not known."""


__all__ = [
    "AAAA",
    "CNAME",
    "A",
    "Autopath",
    "External",
    "Federation",
    "Healthy",
    "Metadata",
    "Ready",
    "Scraped",
    "ServiceRecord",
    "Transfer",
]
