"""What is asked, what decides over the answer, and what a look-up comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ...chain.capabilities import ServiceRecord
    from ...chain.query import Query, Why
    from ...dns.rr import RR

INVALID = "invalid query name"
"""CoreDNS's word for a name that cannot be that of a service or pod."""


class Ask:
    """One question of the client, or one that it leads to. `zone` is in the spelling of the question, and `name` is the
    question's in lower case; `own` tells whether it is the client's."""

    __slots__ = ("name", "own", "qname", "query", "type", "zone")

    def __init__(self, query: Query, qname: str, name: str, type: int, zone: str, own: bool = True) -> None:
        self.query = query
        self.qname = qname
        self.name = name
        self.type = type
        self.zone = zone
        self.own = own


class Missing(NamedTuple):
    """The name does not exist, because of `why`."""

    why: Why


class Failure(NamedTuple):
    """The look-up ends in an error."""

    error: str


Found: TypeAlias = "list[ServiceRecord] | Missing | Failure"


class Records:
    """What a question is answered with. `truncated` is what a reply that was looked up elsewhere said."""

    __slots__ = ("answer", "extra", "truncated")

    def __init__(self, answer: list[RR], extra: list[RR] | None = None, truncated: bool = False) -> None:
        self.answer = answer
        self.extra = extra or []
        self.truncated = truncated


class Settings(NamedTuple):
    """What of the plugin's options decides over answers."""

    namespaces: frozenset[str]
    pods: str
    ttl: int
    ignore_empty: bool
    zonal: bool
    multicluster: tuple[str, ...]
    primary_zone: str


__all__ = ["INVALID", "Ask", "Failure", "Found", "Missing", "Records", "Settings"]
