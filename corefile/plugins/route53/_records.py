"""The records in Route 53's record sets, as CoreDNS makes them: text of a master file, with Route 53's own escapes.

Source: plugin/route53 (route53.go) of each release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.codes import type_name
from ...dns.zonefile import ZoneError, record
from ...plugin import AAAA, IN, PTR, A, Release, dns, parse_ip
from .._zone import LoadError, Zone
from ._rules import Route53Rules

if TYPE_CHECKING:
    from ...world.stores import HostedZone, RecordSet

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


class NotTaken(Exception):
    """A record that CoreDNS does not take, and the rest of its set with it."""


def unescaped(text: str, rules: Route53Rules) -> str:
    """Text without Route 53's escapes, which are octal. Raises NotTaken, with CoreDNS's words, for those that CoreDNS
    does not know."""
    escape, out = rules.escape, ""
    while escape and escape in text:
        before, _, text = text.partition(escape)
        out += before
        digits, text = text[:3], text[3:]
        if len(digits) < 3 or not re.fullmatch("[+-]?[0-7]+", digits) or not -128 <= int(digits, 8) <= 127:
            raise NotTaken(f"invalid escape sequence: '{escape}{digits}'")
        number = int(digits, 8)
        char = chr(number) if number >= 0 else ""
        if char == "*" and out:
            raise NotTaken(f"`*' {rules.only} supported as wildcard (leftmost label)")
        if char != "*" and char not in PLAIN:
            octal = f"{'-' * (number < 0)}0{abs(number):o}"
            raise NotTaken(f"invalid character: {escape}{octal.rjust(3, '0')}")
        out += char
    return out + text


def take(zone: Zone, store: HostedZone, release: Release) -> Iterator[str]:
    """Put the records of a hosted zone into a zone. Yields CoreDNS's words about the sets that it does not take as a whole."""
    for found in store.sets:
        try:
            for type, value in found.values:
                _insert(zone, found, type, value, release)
        except NotTaken as error:
            yield str(error)


def _insert(zone: Zone, found: RecordSet, type: str, value: str, release: Release) -> None:
    rules, words = Route53Rules.of(release), []
    for what, text in (("name", found.name), ("value", value)):
        try:
            words.append(unescaped(text, rules))
        except NotTaken as error:
            raise NotTaken(f"failed to unescape `{text}' {what}: {error}") from None
    try:
        rr = record(f"{words[0]} {found.ttl} IN {type} {words[1]}", release=release, spelled=True)
    except ZoneError as error:
        raise NotTaken(f"failed to parse resource record: {error}") from None
    if rr is not None:
        try:
            zone.insert(rr)
        except LoadError:
            return  # CoreDNS does not look at this error


def asked(store: HostedZone, name: str, type: int, release: Release) -> list[dns.RR]:
    """What CoreDNS 1.0.5 to 1.2.2 answers: Route 53 is asked for one record set, and gives the first that is not before
    the one that was asked for, in the order of its list. CoreDNS does not look at its name or type."""
    wanted = _place(name, type_name(type))
    placed = [(_place(s.name, set_type), s) for s, set_type in zip(store.sets, store.types, strict=True)]
    _, found = min((x for x in placed if x[0] >= wanted), key=lambda x: x[0], default=(wanted, None))
    if found is None:
        return []
    return [dns.RR(name, type, IN, found.ttl, _data(type, value)) for _, value in found.values]


def place_of(store: HostedZone, name: str) -> tuple[int, ...]:
    """Before which of the record sets a name comes, for each of the types that are asked for."""
    places = [_place(s.name, kind) for s, kind in zip(store.sets, store.types, strict=True)]
    return tuple(sum(place < _place(name, kind) for place in places) for kind in ("A", "AAAA", "PTR"))


def _place(name: str, type: str) -> tuple[str, str]:
    """Where a record set comes in Route 53's list: by its name with the labels reversed, then by its type."""
    return ".".join(reversed(name.lower().removesuffix(".").split("."))) + ".", type


def _data(type: int, value: str) -> tuple[str, ...]:
    """The data of a record; none where the value is no address of the kind."""
    if type == PTR:
        return (value,)
    family, address = parse_ip(value) or (0, "")
    if not address or (type == A and family != 4):
        return ()
    return (f"::ffff:{address}",) if type == AAAA and family == 4 else (address,)


__all__ = ["NotTaken", "asked", "take", "unescaped"]
