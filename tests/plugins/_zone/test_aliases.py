"""Aliases: what their targets make of an answer, and in which words."""

from __future__ import annotations

import pytest

from corefile.plugin import IN, NXDOMAIN, REFUSED, SERVFAIL, Msg, Question, dns, words
from corefile.plugins._upstream import Failed
from corefile.plugins._zone import MAX_CHAIN, NAME_ERROR, NO_DATA, SERVER_FAILURE, SUCCESS

from .conftest import LookUp, zone_of

TEXT = """
out 60 CNAME www.other.test.
in 60 CNAME a
gone 60 CNAME nx
cut 60 CNAME h.sub
a 60 A 192.0.2.1
sub 60 NS ns.other.test.
d 60 DNAME a
self 60 DNAME self
"""
RECORD = dns.RR("www.other.test.", dns.A, IN, 60, ("192.0.2.9",))
ASKED = "an alias of www.other.test., for which the server is asked again: "


def reply(rcode: int = 0, *records: dns.RR) -> Msg:
    msg = Msg(Question("www.other.test.", dns.A, IN))
    msg.rcode, msg.answer = rcode, list(records)
    return msg


@pytest.mark.parametrize(
    ("release", "came", "ends", "why"),
    [
        ("1.14.7", reply(0, RECORD), SUCCESS, ASKED + "it has 1 record"),
        ("1.14.7", reply(0, RECORD, RECORD), SUCCESS, ASKED + "it has 2 records"),
        ("1.14.7", reply(), NO_DATA, ASKED + "it has no records of this type"),
        ("1.8.0", reply(), SUCCESS, ASKED + "it has no records of this type"),
        ("1.14.7", reply(NXDOMAIN), NAME_ERROR, ASKED + "NXDOMAIN, and so is this answer"),
        ("1.8.0", reply(NXDOMAIN), SUCCESS, ASKED + "NXDOMAIN; the alias alone is the answer"),
        ("1.14.7", reply(SERVFAIL), SERVER_FAILURE, ASKED + "SERVFAIL, and so is this answer"),
        # What a catch-all block refuses is passed over in silence (coredns#7346).
        ("1.14.7", reply(REFUSED), SUCCESS, ASKED + "REFUSED; the alias alone is the answer"),
        ("1.14.7", None, SUCCESS, "an alias of www.other.test., for which there is no answer from anywhere"),
    ],
)
def test_a_target_beyond_the_zone(look_up: LookUp, release: str, came: Msg | None, ends: int, why: str) -> None:
    asked = []

    def resolve(name: str, type: int) -> Msg | None:
        asked.append((name, type))
        return came

    found = look_up(zone_of(TEXT, release), "out.z.test.", resolve=resolve)
    assert (found.result, words(found.why)) == (ends, why)
    assert asked == [("www.other.test.", dns.A)]
    assert [rr.type for rr in found.answer] == [dns.CNAME, *([dns.A] * len(came.answer if came else ()))]


def test_a_target_that_fails(look_up: LookUp) -> None:
    def resolve(name: str, type: int) -> Msg | None:
        raise Failed

    for release, ends in (("1.14.7", SERVER_FAILURE), ("1.8.4", SUCCESS)):
        assert look_up(zone_of(TEXT, release), "out.z.test.", resolve=resolve).result == ends


@pytest.mark.parametrize(
    ("name", "type", "release", "why"),
    [
        ("in", "A", "1.14.7", "an alias of a.z.test., which is in zone z.test. as well"),
        (
            "in",
            "TXT",
            "1.14.7",
            "an alias of a.z.test., which is in zone z.test. as well, without records of this type",
        ),
        ("gone", "A", "1.1.3", "an alias of nx.z.test., which zone z.test. does not have"),
        ("cut", "A", "1.14.7", "an alias of h.sub.z.test., which zone z.test. delegates"),
        ("q.d", "CNAME", "1.14.7", "by the DNAME record of d.z.test."),
        ("q.self", "A", "1.14.7", "the DNAME record of self.z.test. leads q.self.z.test. to itself"),
    ],
)
def test_a_target_in_the_zone(look_up: LookUp, name: str, type: str, release: str, why: str) -> None:
    assert words(look_up(zone_of(TEXT, release), f"{name}.z.test.", type).why) == why


def test_a_long_row_of_aliases_is_cut(look_up: LookUp) -> None:
    rows = "".join(f"c{i} 60 CNAME c{i + 1}\n" for i in range(20))
    found = look_up(zone_of(rows), "c0.z.test.")
    assert words(found.why) == f"more than {MAX_CHAIN} aliases in a row"
    assert len(found.answer) == MAX_CHAIN + 2
