"""Assertions: what passes, what is told where one fails, and what is no question at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import corefile
from corefile import Fault, World
from corefile.testing import assert_rcode, assert_resolves

TEXT = """. {
    hosts {
        10.0.0.1 a.example two.example
        10.0.0.2 two.example
        fd00::1 a.example
    }
}
z.example {
    file z
}
up.example {
    forward . 10.0.0.53
}
"""
ZONE = """z.example. 60 IN SOA ns.z.example. admin.z.example. 1 2 3 4 5
alias.z.example. 60 IN CNAME www.z.example.
www.z.example. 60 IN A 192.0.2.1
z.example. 60 IN MX 10 mail.z.example.
z.example. 60 IN TXT "a b" "c"
"""
SERVER = corefile.loads(TEXT, world=World(files={"z": ZONE}, upstreams={"10.0.0.53": Fault("timeout")}))


@pytest.mark.parametrize(
    ("name", "expected", "type"),
    [
        ("a.example", ["10.0.0.1"], None),
        ("A.Example.", ["10.0.0.1"], None),
        ("a.example", [], None),
        ("a.example", ["FD00::0001"], None),
        ("two.example", ["10.0.0.2", "10.0.0.1"], "a"),
        ("alias.z.example", ["192.0.2.1"], None),
        ("alias.z.example", ["www.z.example."], "CNAME"),
        ("z.example", ["10 mail.z.example."], "MX"),
        ("z.example", ['"a b" "c"'], "TXT"),
    ],
)
def test_what_resolves(name: str, expected: list[str], type: str | None) -> None:
    assert assert_resolves(SERVER, name, *expected, type=type).rcode == "NOERROR"


@pytest.mark.parametrize(
    ("name", "expected", "type", "first"),
    [
        ("a.example", ["10.0.0.2"], None, "10.0.0.1 in place of 10.0.0.2 for a.example. A"),
        ("two.example", ["10.0.0.1"], None, "10.0.0.1, 10.0.0.2 in place of 10.0.0.1 for two.example. A"),
        ("a.example", ["10.0.0.1", "10.0.0.1"], None, "10.0.0.1 in place of 10.0.0.1, 10.0.0.1 for a.example. A"),
        ("two.example", ["fd00::1"], None, "no AAAA record in place of fd00::1 for two.example. AAAA"),
        ("no.z.example", ["10.0.0.1"], None, "NXDOMAIN in place of 10.0.0.1 for no.z.example. A"),
        ("a.example", [], "MX", "no MX record in place of any record for a.example. MX"),
        ("x.up.example", ["10.0.0.1"], None, "SERVFAIL in place of 10.0.0.1 for x.up.example. A"),
    ],
)
def test_what_does_not(name: str, expected: list[str], type: str | None, first: str) -> None:
    with pytest.raises(AssertionError) as raised:
        assert_resolves(SERVER.copy(), name, *expected, type=type)
    lines = str(raised.value).splitlines()
    assert lines[0] == first
    assert "  :53   server " in str(raised.value)


def test_the_whole_message() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_resolves(SERVER, "two.example", "10.0.0.1", "10.0.0.3")
    assert str(raised.value) == (
        "10.0.0.1, 10.0.0.2 in place of 10.0.0.1, 10.0.0.3 for two.example. A\n"
        "   - 10.0.0.3\n"
        "   + 10.0.0.2\n"
        "\n"
        '  :53   server "." (<text>:1); "up.example.", "z.example." do not match\n'
        "  `- hosts 2   two.example. has 2 entries -> NOERROR"
    )


def test_what_is_no_question() -> None:
    with pytest.raises(ValueError, match="`type` is needed"):
        assert_resolves(SERVER, "z.example", "10 mail.z.example.")
    with pytest.raises(ValueError, match="`type` is needed"):
        assert_resolves(SERVER, "a.example", "10.0.0.1", "fd00::1")
    with pytest.raises(ValueError, match="`ten mail` is no data of MX records"):
        assert_resolves(SERVER, "z.example", "ten mail", type="MX")
    with pytest.raises(ValueError, match="NXDOMIAN"):
        assert_rcode(SERVER, "z.example", "NXDOMIAN")


def test_rcodes() -> None:
    assert assert_rcode(SERVER, "no.z.example", "NXDOMAIN").rcode == "NXDOMAIN"
    assert_rcode(SERVER, "a.example", "nodata", type="mx")
    assert_rcode(SERVER, "a.example", "NOERROR")
    for name, wanted, first in (
        ("a.example", "NXDOMAIN", "NOERROR with records in place of NXDOMAIN for a.example. A"),
        ("a.example", "NODATA", "NOERROR with records in place of NODATA for a.example. A"),
        ("no.z.example", "NODATA", "NXDOMAIN in place of NODATA for no.z.example. A"),
    ):
        with pytest.raises(AssertionError) as raised:
            assert_rcode(SERVER, name, wanted)
        assert str(raised.value).splitlines()[0] == first


def test_the_client_and_the_server_may_be_named() -> None:
    server = corefile.loads(". {\n    acl {\n        block net 10.9.0.0/16\n    }\n    whoami\n}\n")
    assert_rcode(server, "a.example", "REFUSED", client="10.9.0.1")
    assert_rcode(server, "a.example", "NODATA", client="10.8.0.1", transport="tcp", to="127.0.0.1:53")


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda s: assert_resolves("a", s), TypeError, "assert_resolves: a Server comes first, .*, not 'a'"),
        (lambda s: assert_rcode("a", s, "NODATA"), TypeError, "assert_rcode: a Server comes first, .*, not 'a'"),
        (lambda s: assert_resolves(s, "a", 10), TypeError, "each piece of data is a text of its own, .*, not 10"),
        (lambda s: assert_resolves(s, "a", ["10.0.0.1"]), TypeError, r"a text of its own, .*, not \['10.0.0.1'\]"),
        (lambda s: assert_resolves(s, "a", type="SVR"), ValueError, "`SVR` is no record type: did you mean `SRV`"),
        (
            lambda s: assert_rcode(s, "a", "NOERROR", type="AAA"),
            ValueError,
            "`AAA` is no record type: did you mean `AAAA`",
        ),
        (
            lambda s: assert_rcode(s, "a", "NXDOMIAN"),
            ValueError,
            "`NXDOMIAN` is no response code: did you mean `NXDOMAIN`",
        ),
        (lambda s: assert_rcode(s, "a", "nodta"), ValueError, "`nodta` is no response code: did you mean `NODATA`"),
    ],
)
def test_wrong_arguments(call: Callable[[Any], object], kind: type[Exception], words: str) -> None:
    """The kind: a mistake in a test that would fail deep inside."""
    with pytest.raises(kind, match=words):
        call(corefile.loads(". {\n whoami\n}\n"))


def test_an_rcode_is_a_text() -> None:
    with pytest.raises(TypeError, match="assert_rcode: a response code is a text such as 'NXDOMAIN', not 3"):
        assert_rcode(corefile.loads(".:53 {\n whoami\n}"), "a.test", 3)  # type: ignore[arg-type]
