"""Look-ups: how they end, and why. The answers of releases are in test_file.py and the recorded cases."""

from __future__ import annotations

import pytest

from corefile.plugin import words
from corefile.plugins._zone import DELEGATION, NAME_ERROR, NO_DATA, SERVER_FAILURE, SUCCESS, Zone
from corefile.plugins._zone.reasons import NOT_LOADED
from corefile.releases import find

from .conftest import LookUp, zone_of

TEXT = """
a 60 A 192.0.2.1
*.w 60 A 192.0.2.2
deep.x.w 60 A 192.0.2.3
real.w 60 TXT "here"
*.*.v 60 A 192.0.2.4
sub 60 NS ns.sub
ns.sub 60 A 192.0.2.5
"""
HIDDEN = "zone z.test. has no name {}: real.w.z.test. exists, so that *.w.z.test. does not stand for names below it (RFC 4592)"
HIDDEN_BY_EMPTY = (
    "zone z.test. has no name {}: x.w.z.test. exists, as there are names below it, so that *.w.z.test. does not stand "
    "for others there (RFC 4592)"
)


@pytest.mark.parametrize(
    ("name", "type", "release", "ends", "why"),
    [
        ("a", "A", "1.14.7", SUCCESS, "zone z.test. has the records of a.z.test."),
        ("a", "TXT", "1.14.7", NO_DATA, "a.z.test. has no records of this type in zone z.test."),
        ("b", "A", "1.14.7", NAME_ERROR, "zone z.test. has no name b.z.test."),
        ("q.w", "A", "1.14.7", SUCCESS, "*.w.z.test. stands for q.w.z.test."),
        ("q.w", "TXT", "1.14.7", NO_DATA, "*.w.z.test. stands for q.w.z.test., but has no records of this type"),
        ("q.w", "TXT", "1.9.1", SUCCESS, "*.w.z.test. stands for q.w.z.test., but has no records of this type"),
        ("x.w", "A", "1.14.7", SUCCESS, "*.w.z.test. stands for x.w.z.test."),  # RFC 4592 says otherwise
        ("v", "A", "1.14.7", SUCCESS, "v.z.test. has no records itself, but names below it do (zone z.test.)"),
        # A wildcard stands for nothing below a name that exists (coredns#5076), also where it has no records itself.
        (
            "q.real.w",
            "A",
            "1.14.7",
            NAME_ERROR,
            HIDDEN.format("q.real.w.z.test."),
        ),
        (
            "q.x.w",
            "A",
            "1.14.7",
            NAME_ERROR,
            HIDDEN_BY_EMPTY.format("q.x.w.z.test."),
        ),
        ("q.x.w", "A", "1.14.6", SUCCESS, "*.w.z.test. stands for q.x.w.z.test."),
        (
            "q.real.w",
            "A",
            "1.14.6",
            NAME_ERROR,
            HIDDEN.format("q.real.w.z.test."),
        ),
        ("q.a", "A", "1.14.7", NAME_ERROR, "zone z.test. has no name q.a.z.test."),
        (
            "q.v",
            "A",
            "1.14.7",
            NO_DATA,
            "*.v.z.test. has no records itself, but names below it do: nothing for q.v.z.test.",
        ),
        ("", "SOA", "1.14.7", SUCCESS, "the SOA record of zone z.test."),
        ("", "NS", "1.14.7", SUCCESS, "the name servers of zone z.test."),
        ("h.sub", "A", "1.14.7", DELEGATION, "zone z.test. delegates sub.z.test."),
        ("sub", "NS", "1.0.0", SUCCESS, "the name servers of sub.z.test."),
    ],
)
def test_each_end_has_its_reason(look_up: LookUp, name: str, type: str, release: str, ends: int, why: str) -> None:
    found = look_up(zone_of(TEXT, release), f"{name}.z.test.".lstrip("."), type)
    assert (found.result, words(found.why)) == (ends, why)


def test_a_zone_that_is_not_loaded_says_why(look_up: LookUp) -> None:
    zone = Zone("z.test.", find("1.14.7"))
    zone.missing = "open db: no such file or directory"
    found = look_up(zone, "a.z.test.")
    assert (found.result, found.why) == (SERVER_FAILURE, NOT_LOADED("z.test.", zone.missing))
    assert words(found.why) == "zone z.test. is not loaded: open db: no such file or directory"


def test_look_ups_that_lead_to_each_other_end_since_1_8_1(look_up: LookUp) -> None:
    for release, ends in (("1.8.0", SUCCESS), ("1.8.1", SERVER_FAILURE)):
        assert look_up(zone_of(TEXT, release), "a.z.test.", loop=9).result == ends
