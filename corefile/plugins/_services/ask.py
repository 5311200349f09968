"""What is asked of a directory of services, and what a look-up comes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeAlias

from ...light import NamedTuple
from ...plugin import Query, Why, dns
from .record import ServiceRecord


class Ask:
    """One question of the client's, or one that it leads to.

    qname: in the asker's spelling. name: the same in lower case. zone: that the client's name lies in. own: whether the
    client asks it.
    """

    __slots__ = ("name", "own", "qname", "query", "type", "zone")

    def __init__(self, query: Query, qname: str, name: str, type: int, zone: str, own: bool = True) -> None:
        self.query = query
        self.qname = qname
        self.name = name
        self.type = type
        self.zone = zone
        self.own = own

    def about(self, qname: str, *, type: int | None = None, own: bool = False) -> Ask:
        """The question for another name that it leads to."""
        return Ask(self.query, qname, qname.lower(), self.type if type is None else type, self.zone, own)


class Missing(NamedTuple):
    """The name does not exist, because of `why`. asked: the name that the look-up has left in the message, if another."""

    why: Why
    asked: str = ""


class Failure(NamedTuple):
    """The look-up ends in an error. asked: see `Missing`."""

    error: str
    asked: str = ""


class Unordered(list[ServiceRecord]):
    """Records without an order among them: where one of them is taken, it is by chance. `why` says what is decided."""

    def __init__(self, records: Iterable[ServiceRecord], why: str) -> None:
        super().__init__(records)
        self.why = why


Found: TypeAlias = "list[ServiceRecord] | Missing | Failure"


class Backend(Protocol):
    """Who has the services (CoreDNS's plugin.ServiceBackend). What they find depends on the question and on what they
    have, and on nothing else."""

    def services(self, ask: Ask, exact: bool) -> Found:
        """What there is under the name, and unless `exact`, below it."""

    def reverse(self, ask: Ask) -> Found:
        """The names of an address."""


class Records:
    """What a question is answered with.

    truncated: what a reply that was looked up elsewhere said. varies: whether it may be otherwise the next time although
    the services are the same: something was looked up elsewhere, or chosen. aliases: what came of the names that services
    stand for.
    """

    __slots__ = ("aliases", "answer", "extra", "truncated", "varies")

    def __init__(self, answer: list[dns.RR] | None = None, *, varies: bool = False) -> None:
        self.answer = [] if answer is None else answer
        self.extra: list[dns.RR] = []
        self.truncated = False
        self.varies = varies
        self.aliases: list[Why] = []


Answered: TypeAlias = "Records | Missing | Failure"

__all__ = ["Answered", "Ask", "Backend", "Failure", "Found", "Missing", "Records", "Unordered"]
