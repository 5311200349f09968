"""name-never-asked-for: owners in zone files that no query finds."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads
from corefile.lint import checks

NAME = "name-never-asked-for"
SOA = "$ORIGIN example.org.\n@ 60 SOA ns host 1 7200 3600 1209600 300\n@ 60 NS ns\n"
FILE = "example.org {\n file zones/db\n}\n"
AUTO = ".:53 {\n auto {\n  directory zones (.*) example.org\n }\n}\n"


@pytest.mark.parametrize(("text", "marked"), [(FILE, "zones/db"), (AUTO, "auto")])
@pytest.mark.parametrize(
    ("owner", "asked", "write"),
    [
        ("bücher", "b\\195\\188cher.example.org", "xn--bcher-kva"),
        ("BÜCHER.example.org.", "b\\195\\188cher.example.org", "xn--bcher-kva"),
        ("a@b", "a\\@b.example.org", "a\\@b"),
        ("a'b", "a\\'b.example.org", "a\\'b"),
        ("*.a@b", "x.a\\@b.example.org", "*.a\\@b"),
    ],
)
def test_it_fires(text: str, marked: str, owner: str, asked: str, write: str) -> None:
    files = {"zones/db": f"{SOA}c 60 A 10.0.0.2\n{owner} 60 A 10.0.0.1\n"}
    (one,) = checks(text, world=World(files=files))
    assert one.span is not None
    assert (one.code, one.span.text, one.hint) == (NAME, marked, f"write `{write}`")
    assert [(place.source.name, place.line) for place, _ in one.related] == [("zones/db", 5)]
    assert loads(text, world=World(files=files)).query(asked).rcode == "NXDOMAIN"
    mended = {"zones/db": f"{SOA}{write} 60 A 10.0.0.1\n"}
    assert checks(text, world=World(files=mended)) == []
    asked = "xn--bcher-kva.example.org" if write[0] == "x" else asked
    assert loads(text, world=World(files=mended)).query(asked).rcode == "NOERROR"


def test_old_releases_keep_escapes_that_need_not_be() -> None:
    world = World(files={"zones/db": f"{SOA}\\097bc 60 A 10.0.0.1\n"})
    assert [(f.code, f.hint) for f in checks(FILE, release="1.14.3", world=world)] == [(NAME, "write `abc`")]
    assert checks(FILE, release="1.14.4", world=world) == []


def test_many_names_are_one_mistake() -> None:
    lines = "".join(f"n{i}@x 60 A 10.0.0.1\n" for i in range(1002))
    (one,) = checks(FILE, world=World(files={"zones/db": SOA + lines}))
    assert one.message.startswith("no query finds `n0@x`, `n1@x`, `n2@x` and 999 more of zones/db: ")
    assert len(one.related) == 3


@pytest.mark.parametrize(
    "owner", ["ü.example.net.", "xn--bcher-kva", "a\\@b", "_sip._tcp", "*", "@", "a-b", "\\195\\188", "x 60 TXT ü\nx"]
)
@pytest.mark.parametrize("text", [FILE, AUTO])
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str, owner: str) -> None:
    world = World(files={"zones/db": f"{SOA}{owner} 60 A 10.0.0.1\n"})
    assert [f.code for f in checks(text, world=world)] == []
