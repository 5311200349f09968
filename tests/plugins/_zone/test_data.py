"""The records of a zone: what is kept of them, and in which order."""

from __future__ import annotations

import pytest

from corefile.plugin import dns
from corefile.plugins._zone.data import Data
from corefile.plugins._zone.order import order
from corefile.releases import find

from .conftest import zone_of


def test_the_order_is_label_by_label_from_the_right() -> None:
    names = ["b.test.", "a-b.test.", "a.test.", "z.a.test.", "test.", "\\098.test."]
    assert sorted(names, key=order) == ["test.", "a-b.test.", "a.test.", "z.a.test.", "b.test.", "\\098.test."]
    # CoreDNS leaves the last digits of an escape behind the octet.
    assert order("\\097.test.") == ("test.", "a.97.")


def test_a_name_without_its_last_dot_comes_before_those_with_it() -> None:
    assert sorted(["b.test.", "test.", "z.test", "a.test"], key=order) == ["a.test", "z.test", "test.", "b.test."]


def test_records_come_as_in_a_transfer() -> None:
    zone = zone_of("b 60 A 192.0.2.2\na 60 A 192.0.2.1\n@ 60 MX 10 a\n")
    assert [(rr.name, rr.type) for rr in zone.records()] == [
        ("z.test.", dns.SOA),
        ("z.test.", dns.NS),
        ("z.test.", dns.MX),
        ("a.z.test.", dns.A),
        ("b.z.test.", dns.A),
    ]


@pytest.mark.parametrize(("release", "count"), [("1.5.2", 1), ("1.6.0", 2)])
def test_equal_records(release: str, count: int) -> None:
    node = zone_of("a 60 A 192.0.2.1\na 60 A 192.0.2.1\n", release).search("a.z.test.")
    assert node is not None
    assert len(node.types[1]) == count


def test_names_are_found_whatever_their_case_since_1_12_3() -> None:
    for release, there in (("1.12.2", False), ("1.12.3", True)):
        assert (zone_of("a 60 A 192.0.2.1\n", release).search("A.z.test.") is not None) is there


def test_whether_there_are_wildcards() -> None:
    assert not zone_of("a 60 A 192.0.2.1\n").wildcards
    assert zone_of("*.a 60 A 192.0.2.1\n").wildcards


def test_a_name_without_a_wire_form_stays_as_it_is() -> None:
    """A store may have a name with escapes and no last dot, or with too long a label: since 1.14.4 CoreDNS brings escapes into
    one spelling, and leaves a name that it cannot. It was a traceback; found by the differential, with `azure`."""
    for name in ("a\\.b.z.test", "\\097" + "x" * 63 + ".z.test."):
        data = Data("z.test.", find("1.14.7"))
        data.insert(dns.RR(name, dns.A, dns.IN, 60, ("192.0.2.1",)))
        assert [node.name for node in data.nodes.values()] == [name]
