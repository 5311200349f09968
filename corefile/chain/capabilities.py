"""What a handler may offer to the others of its server block, found by the attribute's name.

A plugin asks `setup.site.find("autopath_search")` (in its `start`) for the handlers that have that method; no plugin
imports another one. A handler has only the methods of what it can do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from ..dns.message import Edns, Msg
from ..dns.rr import RR
from ..light import NamedTuple
from .query import Query, Why


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

    def asks_at(self) -> tuple[str, ...]:
        """The addresses (`ip:port`) of these servers, but for those that cannot be asked as they are written."""


class Taps(Protocol):
    """Offered to plugins that ask other servers."""

    def tap_asked(self, query: Query, link: Way, proto: str, began: float, reply: Msg | None, error: str) -> None:
        """A server was asked over udp or tcp, at `began` (seconds since the epoch), and has answered, or there is an
        error."""


class Way(Protocol):
    """The way to a server. address: `host:port`; source: the address that is sent from, where it is set."""

    address: str
    source: str | None
    transport: str


class Scraped(Protocol):
    """Offered to `prometheus`."""

    def scrape(self) -> None:
        """Bring metrics up to date that are worked out only where they are looked at."""


class Metadata(Protocol):
    """Offered to `metadata`."""

    def metadata(self, query: Query) -> dict[str, Callable[[], str]] | None:
        """Values by name, such as `kubernetes/client-namespace`; None where there are none."""


class SearchPath(NamedTuple):
    """The search path of a client, each element with its trailing dot and the last one ''; none where no search is to be
    done, because of `why`."""

    elements: tuple[str, ...] = ()
    why: Why = ""


class Autopath(Protocol):
    """Offered to `autopath @plugin`."""

    def autopath_search(self, name: str, client: str) -> SearchPath:
        """The search path of the client (an address) who asks for a name (lower case); none where the client is no known
        pod, or the name lies outside of the plugin's zones."""

    def autopath_clients(self) -> Collection[str]:
        """The clients that have search paths of their own."""


class Images(Protocol):
    """Offered to `classes` by plugins that ask for other names than they were asked for."""

    def image(self, name: str, client: str) -> tuple[str, ...]:
        """The names (in any case) that questions of a client for a name (lower case) may become."""

    def sources(self, name: str, client: str) -> tuple[str, ...]:
        """Some of the names that become a name. A plugin may be without it."""


class Transfer(Protocol):
    """Offered to `transfer`."""

    def transfer_records(self, zone: str, serial: int) -> list[RR] | None:
        """All records of `zone` in the order of a transfer, SOA first and last; only the SOA where `serial` (0 for
        AXFR) is up to date; None where the plugin is not authoritative for `zone`. No record at all where it has not been
        loaded. A plugin that hands over the records of a name together says so by an attribute `transfers_by_name`."""


class Notify(Protocol):
    """Offered to the plugins that have zones, by `transfer`."""

    def transfer_notify(self, zone: str) -> str:
        """Tell the other servers of a zone that it has changed; what went wrong, '' if nothing did."""


class AddsOpt(Protocol):
    """Offered to `log`, `prometheus` and `dnstap`, who see the request as the server has left it: it takes options out of its OPT
    record where it reuses that for a reply without one."""

    def adds_opt(self, query: Query) -> bool:
        """Whether the plugin gives a reply without an OPT record one, before the server sees it."""

    def as_written(self, query: Query, edns: Edns) -> Edns:
        """An OPT record as the plugin leaves it in the reply, where it is the request's own (`SharedEdns`)."""


class MetricZone(Protocol):
    """Offered to `prometheus`."""

    def metric_zone(self, name: str) -> str:
        """The zone that a question for `name` is counted for where it is none of the server block's; '' for none."""


class Federation(Protocol):
    """Offered to `federation`."""

    def federation_target(self, query: Query, name: str, domain: str, zone: str) -> tuple[str, str]:
        """The name below `domain`, which is that of the federation `name`, of the service that the query in `zone` asks
        for; and CoreDNS's words where it is not known, '' else."""


__all__ = [
    "AddsOpt",
    "Autopath",
    "Federation",
    "Forwards",
    "Healthy",
    "Images",
    "Metadata",
    "MetricZone",
    "Notify",
    "Ready",
    "Scraped",
    "SearchPath",
    "Taps",
    "Transfer",
]
