"""chaos: what it says about the server, to whom, and in which releases."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads

from .refusals import refusals


def texts(corefile: str, name: str, release: str = "1.14.7") -> list[str]:
    server = loads(corefile, release=release, world=World(hostname="node-1"))
    return [rr.rdata for rr in server.query(name, "TXT", cls="CH").answer]


def test_what_it_knows() -> None:
    text = ".:53 {\n chaos\n whoami\n}\n"
    assert texts(text, "version.bind") == texts(text, "VERSION.server") == ['"CoreDNS-1.14.7"']
    assert texts(text, "hostname.bind") == texts(text, "id.server") == ['"node-1"']
    assert '"miekg"' in texts(text, "authors.bind")
    assert texts(text, "authors.bind", "1.2.2") == []
    assert texts(text, "other.bind") == []


def test_given_texts() -> None:
    text = ".:53 {\n chaos v1 bob alice bob\n whoami\n}\n"
    assert texts(text, "version.bind") == ['"v1"']
    assert sorted(texts(text, "authors.bind")) == ['"alice"', '"bob"']


def test_every_order_of_authors_can_come() -> None:
    def last(options: object, why: str) -> int:
        return len(options) - 1  # type: ignore[arg-type]

    server = loads(".:53 {\n chaos v1 a b c\n}\n", world=World(choose=last))
    assert [rr.rdata for rr in server.query("authors.bind", "TXT", cls="CH").answer] == ['"c"', '"b"', '"a"']
    old = loads(".:53 {\n chaos v1 a b c\n}\n", release="1.5.0", world=World(choose=last))
    assert [rr.rdata for rr in old.query("authors.bind", "TXT", cls="CH").answer] == ['"a"', '"b"', '"c"']


def test_class_in_goes_on_and_any_class_is_let_in() -> None:
    server = loads(".:53 {\n chaos\n}\n")
    assert server.query("version.bind", "TXT").rcode == "SERVFAIL"
    assert server.query("version.bind", "TXT", cls="HS").rcode == "SERVFAIL"
    assert loads(".:53 {\n whoami\n}\n").query("version.bind", "TXT", cls="CH").rcode == "REFUSED"


@pytest.mark.parametrize(("release", "refused"), [("1.14.7", 1), ("1.14.3", 0)])
def test_a_block(release: str, refused: int) -> None:
    assert len(refusals(".:53 {\n chaos {\n  x\n }\n whoami\n}\n", release)) == refused


@pytest.mark.parametrize(("release", "logged"), [("1.4.0", []), ("1.5.0", ["no next plugin found"])])
def test_up_to_1_4_0_the_last_plugin_panics_at_another_name(release: str, logged: list[str]) -> None:
    server = loads(".:53 {\n chaos\n errors\n}\n", release=release)
    reply = server.query("c.version.bind", "TXT", cls="CH")
    assert (reply.rcode, [line.rpartition(": ")[2] for line in reply.log]) == ("SERVFAIL", logged)
