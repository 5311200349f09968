"""zone-ends-at-a-mistake: files of which CoreDNS reads the beginning alone."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads
from corefile.lint import checks

NAME = "zone-ends-at-a-mistake"
SOA = "@ 60 SOA ns host 1 7200 3600 1209600 300\n@ 60 NS ns\n"
FILE = "example.org {\n file zones/db\n}\n"
AUTO = ".:53 {\n auto {\n  directory zones (.*) example.org\n }\n}\n"


@pytest.mark.parametrize(("text", "marked"), [(FILE, "zones/db"), (AUTO, "auto")])
@pytest.mark.parametrize("release", ["1.2.5", "1.8.6", "1.11.3"])
@pytest.mark.parametrize(
    ("line", "word"), [("a 60 A 10.0.0.256", "10.0.0.256"), ("a 60 MX mail", "mail"), ('a 60 TXT "x', 'a 60 TXT "x')]
)
def test_it_fires(text: str, marked: str, release: str, line: str, word: str) -> None:
    world = World(files={"zones/db": f"{SOA}{line}\nb 60 A 10.0.0.2\n"})
    (one,) = checks(text, release=release, world=world)
    assert one.span is not None
    assert (one.code, one.span.text) == (NAME, marked)
    assert [(place.source.name, place.line, place.text) for place, _ in one.related] == [("zones/db", 3, word)]
    assert loads(text, release=release, world=world).query("b.example.org").rcode == "NXDOMAIN"


def test_a_mistake_in_an_included_file() -> None:
    files = {"zones/db": SOA + "$INCLUDE part\nb 60 A 10.0.0.2\n", "zones/part": "x 60 A 10.0.0.1\ny 60 A 10.0.0\n"}
    (one,) = checks(FILE, release="1.8.6", world=World(files=files))
    assert one.message == (
        "CoreDNS 1.8.6 stops reading zones/db at line 2 of zones/part, without a word: what follows does not exist"
    )


@pytest.mark.parametrize("release", ["1.2.4", "1.11.4", "1.14.7"])
def test_other_releases_refuse_the_file(release: str) -> None:
    world = World(files={"zones/db": SOA + "a 60 A 10.0.0.256\n"})
    assert [f.severity for f in checks(FILE, release=release, world=world)] == ["error"]


@pytest.mark.parametrize("text", [FILE, AUTO])
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    world = World(files={"zones/db": SOA + "a 60 A 10.0.0.25 ; 10.0.0.256\nb 60 A 10.0.0.2"})
    assert [f.code for f in checks(text, release="1.8.6", world=world)] == []
