"""mailbox-with-at-sign: SOA records whose mailbox is written as an address of mail."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "mailbox-with-at-sign"
SOA = "$ORIGIN example.org.\n; SOA ns a@b\n@ 60 IN SOA ns {} (1 7200 3600 1209600 300)\n@ 60 NS ns\n"
FILE = "example.org {\n file zones/db\n}\n"
AUTO = ".:53 {\n auto {\n  directory zones (.*) example.org\n }\n}\n"


@pytest.mark.parametrize(("text", "marked"), [(FILE, "zones/db"), (AUTO, "auto")])
@pytest.mark.parametrize(
    ("mailbox", "write"),
    [
        ("admin@example.org.", "admin.example.org."),
        ("admin@example.org", "admin.example.org."),
        ("first.last@example.org.", "first\\.last.example.org."),
        ("first\\.last@example.org.", "first\\.last.example.org."),
        ("admin\\@example.org.", "admin.example.org."),
        ("admin@mail", "admin.mail"),
    ],
)
def test_it_fires(text: str, marked: str, mailbox: str, write: str) -> None:
    (one,) = checks(text, world=World(files={"zones/db": SOA.format(mailbox)}))
    assert one.span is not None
    ((place, _),) = one.related
    assert (one.code, one.span.text, one.hint) == (NAME, marked, f"write `{write}` in it")
    assert (place.source.name, place.line, place.text) == ("zones/db", 3, mailbox)


def test_a_record_in_an_included_file_is_seen() -> None:
    files = {"zones/db": "$TTL 60\n$INCLUDE part\n", "zones/part": SOA.format("a@b.c.")}
    (one,) = checks(FILE, world=World(files=files))
    assert (one.code, one.related, one.hint) == (NAME, (), "write a `.` in the place of the `@`")


@pytest.mark.parametrize("mailbox", ["admin.example.org.", "first\\.last.example.org.", "@", "admin ; a@b"])
@pytest.mark.parametrize("text", [FILE, AUTO])
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str, mailbox: str) -> None:
    zone = SOA.format(mailbox).replace("; a@b (1", "( ; a@b\n1")
    assert [f.code for f in checks(text, world=World(files={"zones/db": zone}))] == []
