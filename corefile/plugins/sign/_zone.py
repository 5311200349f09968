"""What signing makes of a zone: its keys, a chain of NSEC records, and signatures (RFC 4034, RFC 7344)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

from ...dns.codes import DNSKEY, DS, IN, NS, NSEC, RRSIG, SOA
from ...dns.names import next_label
from ...dns.rr import RR
from ...dns.zonefile import Budget, ZoneError, parse
from ...golang.quoting import quote
from ...light import NamedTuple
from .._dnssec import Key, digest, signature
from .._zone import LoadError, Node, Zone
from ._rules import SignRules

if TYPE_CHECKING:
    from ...releases import Release

CDS, CDNSKEY = 59, 60
_DROPPED = frozenset((DNSKEY, RRSIG, CDS, CDNSKEY))
"""The types of records that are not taken over from the master file."""
_HASHES = (1, 2)  # SHA-1, SHA-256


class Signing(NamedTuple):
    """How a zone is signed. inception, expiration: of the signatures, in seconds since the epoch. budget: how many records may
    come of it, of which a signature counts as many."""

    origin: str
    keys: Sequence[Key]
    serial: int
    inception: int
    expiration: int
    rules: SignRules
    budget: Budget

    def sign(self, rrs: Sequence[RR], ttl: int) -> list[RR]:
        """The signatures of a set of records, one for each key. An original TTL of 0 counts as none, so that it is that of
        the first record. Raises CannotSign, WireError, TooLarge."""
        for key in self.keys:
            self.budget.take_signature(key.cost)
        original, inception, expiration = ttl or rrs[0][3], self.inception, self.expiration
        return [signature(k, rrs, self.origin, ttl, original, inception, expiration) for k in self.keys]


def read(
    text: bytes | None, origin: str, path: str, release: Release, include: Callable[[str], str | None], budget: Budget
) -> tuple[Zone, RR]:
    """The zone in a master file without its keys and signatures, and its SOA record. `text` is None for a directory.

    Raises LoadError with CoreDNS's words, TooLarge.
    """
    rules, zone = SignRules.of(release), Zone(origin, release)
    error, seen = "" if text is not None else f"read {path}: is a directory", False
    words = (text or b"").decode("utf-8", "surrogateescape")
    try:
        for rr in parse(words, origin, path=path, include=include, release=release, spelled=True, budget=budget):
            if rr[1] not in _DROPPED:
                zone.insert(rr)
    except ZoneError as problem:
        error, seen = str(problem), problem.after_record
    if error and (rules.error_before_soa or (seen and rules.silent_errors)):
        raise LoadError(error)
    if zone.soa is None:
        raise LoadError(f"file {quote(path)} has no SOA record")
    if error and not rules.silent_errors:
        raise LoadError(error)
    if not zone.soa[4]:
        raise LoadError("dns: bad rdata")
    return zone, zone.soa


def sign(zone: Zone, soa: RR, how: Signing) -> None:
    """Sign a zone that has been read. Raises CannotSign, WireError, TooLarge."""
    rules, ttl, minimum = how.rules, soa[3], soa[4][-1]
    soa = zone.soa = soa._replace(data=(*soa[4][:2], how.serial, *soa[4][3:]))
    for key in how.keys:
        _publish(zone, key, ttl, rules.adds_ds)
    names = [node.name for node in _signable(zone, rules)]
    bare = rules.adds_apex and bool(names) and names[0] != how.origin
    if bare:
        _begin_at_apex(zone, names, how, ttl)
    for rrs in filter(None, ([soa], list(zone.ns))):
        for rr in how.sign(rrs, ttl):
            zone.insert(rr)
    for node, following in zip(_signable(zone, rules), cycle([*names[1:], *names[:1]]), strict=False):
        at_apex = (NS, SOA) if node.name == how.origin and not bare else ()
        types = tuple(sorted((*node.types, *at_apex, RRSIG, NSEC)))
        zone.insert(RR(node.name, NSEC, IN, ttl if rules.one_ttl else minimum, (following, types)))
        for type in [t for t in node.types if t != RRSIG and (t != NS or rules.signs_below_cuts)]:
            rrs = node.types[type]
            for rr in how.sign(rrs, ttl if rules.one_ttl else rrs[0][3]):
                node.types.setdefault(RRSIG, []).append(rr)


def _publish(zone: Zone, key: Key, ttl: int, with_ds: bool) -> None:
    """Put a key into the zone, and what its parent is to make of it."""
    owner, _, cls, _, data = key.record
    zone.insert(RR(owner, DNSKEY, cls, ttl, data))
    for type in (DS, CDS) if with_ds else (CDS,):
        for hash in _HASHES:
            zone.insert(RR(owner, type, cls, ttl, (key.tag, data[2], hash, digest(key.record, hash))))
    zone.insert(RR(owner, CDNSKEY, cls, ttl, data))


def _begin_at_apex(zone: Zone, names: list[str], how: Signing, ttl: int) -> None:
    """The NSEC record of an apex that has no other records but SOA and NS."""
    names.insert(0, how.origin)
    nsec = RR(how.origin, NSEC, IN, ttl, (names[1], (NS, SOA, RRSIG, NSEC)))
    zone.insert(nsec)
    for rr in how.sign([nsec], ttl):
        zone.insert(rr)


def _signable(zone: Zone, rules: SignRules) -> Iterator[Node]:
    """The names that are signed, in order: those that are not below a cut. Names that the zone gets meanwhile are among
    them, if they are still to come: an NSEC record does not always find the name that it is for (see `Data.insert`)."""
    cuts: set[str] = set()
    nodes, at = zone.in_order(), 0
    while at < len(nodes):
        node = nodes[at]
        if NS in node.types:
            cuts.add(node.name)
        if rules.signs_below_cuts or not (cuts and _is_below(node.name, cuts)):
            yield node
        if nodes is not zone.in_order():
            nodes = zone.in_order()
            at = nodes.index(node)
        at += 1


def _is_below(name: str, cuts: set[str]) -> bool:
    at = next_label(name, 0)
    while at >= 0:
        if name[at:] in cuts:
            return True
        at = next_label(name, at)
    return False


__all__ = ["Signing", "read", "sign"]
