"""Zones from master files: what CoreDNS says of those that it does not load, by release."""

from __future__ import annotations

import pytest

from corefile.dns.zonefile.budget import Budget
from corefile.plugins._zone import LoadError, SameSerial, load
from corefile.releases import find

SOA = "@ 60 SOA ns h 7 2 3 4 5\n"
BAD = "x 60 A notanip\n"
AT = 'dns: bad A A: "notanip" at line: '


def load_text(text: str | None, release: str, serial: int = 0, **files: str) -> list[str]:
    def include(path: str) -> bytes | None:
        return files[path].encode() if path in files else None

    zone = load(None if text is None else text.encode(), "z.test.", "db", serial, find(release), include, Budget(1000))
    return [rr.name for rr in zone.records()]


@pytest.mark.parametrize(
    ("text", "release", "error"),
    [
        (SOA + BAD, "1.14.7", f'failed to parse file "db" for origin z.test. with error db: {AT}2:14'),
        (SOA + BAD, "1.11.4", f'failed to parse file "db" for origin z.test. with error db: {AT}2:14'),
        (SOA + BAD, "1.2.4", f"db: {AT}2:14"),
        (BAD + SOA, "1.13.2", 'file "db" has no SOA record for origin z.test.'),
        (BAD + SOA, "1.14.0", f'failed to parse file "db" for origin z.test. with error db: {AT}1:14'),
        (BAD + SOA, "1.5.2", 'file "db" has no SOA record'),
        ("", "1.14.7", 'file "db" has no SOA record for origin z.test.'),
        (None, "1.14.7", 'failed to parse file "db" for origin z.test. with error read db: is a directory'),
        (None, "1.11.3", 'file "db" has no SOA record for origin z.test.'),
        (
            SOA + "x 60 NSEC3PARAM 1 0 1 AB\n",
            "1.14.7",
            "NSEC3 zone is not supported, dropping RR: x.z.test. for zone: z.test.",
        ),
    ],
)
def test_what_is_not_loaded(text: str | None, release: str, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        load_text(text, release)
    assert str(caught.value) == error


def test_a_mistake_ended_a_zone_silently_from_1_2_5_to_1_11_3() -> None:
    for release in ("1.2.5", "1.11.3"):
        assert load_text(SOA + "a 60 A 192.0.2.1\n" + BAD + "b 60 A 192.0.2.2\n", release) == ["z.test.", "a.z.test."]


def test_a_mistake_that_comes_with_a_record_was_never_missed() -> None:
    text = "$GENERATE 0-2 h$ CNAME ${-1}.t\n"
    for release in ("1.2.5", "1.11.3", "1.14.7"):
        for whole in (SOA + text, text):
            with pytest.raises(LoadError, match=r"bad offset in \$GENERATE"):
                load_text(whole, release)
    with pytest.raises(LoadError, match="no SOA record"):
        load_text(text, "1.13.2")
    assert load_text(SOA + "$GENERATE 0-2 h${-1} CNAME t\n", "1.11.3") == ["z.test."]


def test_the_serial_that_is_loaded_already() -> None:
    for release, text in (("1.14.7", "with 7 SOA serial"), ("1.6.1", "with serial 7")):
        with pytest.raises(SameSerial, match=f"no change in SOA serial for origin z.test. in file db, {text}"):
            load_text(SOA, release, 7)
    assert load_text(SOA, "1.14.7", -1) == ["z.test."]
    with pytest.raises(LoadError, match="has no SOA record"):
        load_text(SOA, "1.5.2", -1)


def test_an_origin_that_is_no_name_is_an_error_of_the_file() -> None:
    """A dot in front is one to the library since miekg/dns 1.1.50 (CoreDNS 1.9.4)."""
    with pytest.raises(LoadError, match="bad initial origin name"):
        load(SOA.encode(), "z..test.", "db", 0, find("1.0.3"), {}.get, Budget(1000))
    with pytest.raises(LoadError, match="no SOA record"):
        load(SOA.encode(), ".z.test.", "db", 0, find("1.9.4"), {}.get, Budget(1000))
    for release in ("1.0.6", "1.9.3"):
        zone = load(SOA.encode(), ".z.test.", "db", 0, find(release), {}.get, Budget(1000))
        assert zone.soa is not None


def test_included_files() -> None:
    assert load_text(SOA + "$INCLUDE more\n", "1.14.7", more="a 60 A 192.0.2.1\n") == ["z.test.", "a.z.test."]
