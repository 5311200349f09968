"""What goes with an answer: the zone's SOA and NS records, glue, and addresses."""

from __future__ import annotations

from ...chain.query import Why
from ...dns.codes import AAAA, HTTPS, MX, NS, SRV, SVCB, A
from ...dns.names import is_subdomain
from ...dns.rr import RR
from ...light import NamedTuple
from .data import Data

SUCCESS, NAME_ERROR, DELEGATION, NO_DATA, SERVER_FAILURE = range(5)
"""How a look-up ends. SUCCESS without an answer is an empty non-terminal (and, up to 1.9.1, a wildcard's NODATA)."""

_LEADS = {SRV: 3, MX: 1, SVCB: 1, HTTPS: 1}
"""The fields that hold a name whose addresses are additional."""


class Found(NamedTuple):
    """What a look-up came to: the three sections, one of the constants above, and why."""

    answer: list[RR]
    ns: list[RR]
    extra: list[RR]
    result: int
    why: Why


def failure(why: Why) -> Found:
    return Found([], [], [], SERVER_FAILURE, why)


def target_of(rr: RR, field: int = 0) -> str:
    """The name in a record's data, '' where a record without data has none."""
    return rr[4][field] if len(rr[4]) > field else ""


class Sections(Data):
    """A zone that puts sections together."""

    def apex_soa(self, do: bool) -> list[RR]:
        """The SOA record, with its signatures if DNSSEC is asked for."""
        assert self.soa is not None
        return [self.soa, *self.soa_signatures] if do else [self.soa]

    def apex_ns(self, do: bool) -> list[RR]:
        """The zone's NS records, with their signatures if DNSSEC is asked for."""
        return self.ns + self.ns_signatures if do else self.ns

    def _glue(self, servers: list[RR], do: bool) -> list[RR]:
        out: list[RR] = []
        for rr in servers:
            if rr[1] == NS and is_subdomain(rr[0], target_of(rr).lower()):
                out += self._addresses(target_of(rr), do)
        return out

    def _addresses(self, name: str, do: bool) -> list[RR]:
        node = self.search(name)
        return [] if node is None else node.signed(A, do) + node.signed(AAAA, do)

    def _alias_additional(self, answer: list[RR], do: bool) -> list[RR]:
        return self._additional(answer, do) if self.rules.alias_additional else []

    def _additional(self, answer: list[RR], do: bool) -> list[RR]:
        """The addresses of names in the zone that the answer's records lead to."""
        rules = self.rules
        out: list[RR] = []
        seen: set[str] = set()
        for rr in answer:
            type = rr[1]
            if type not in _LEADS or (type in (SVCB, HTTPS) and not rules.svcb_additional):
                continue
            name = target_of(rr, _LEADS[type])
            if not name or not is_subdomain(self.origin, name.lower()):
                continue
            if rules.target_once:
                if name.lower() in seen:
                    continue
                seen.add(name.lower())
            node = self.search(name)
            if node is not None:
                for address in (A, AAAA):
                    if address in node.types:
                        out += node.signed(address, do)
        return out
