"""reverse: names of addresses and back, and what is refused. What 1.1.3 answered is in tests/recorded/stores.yaml."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.api import build
from corefile.findings import Source
from corefile.releases import find
from tests.classes.checks import stray

TWO = """. {
    reverse 10.0.0.0/24 {
        hostname ip-{ip}.Example.org
        wildcard
        fallthrough a.example.org
    }
    reverse 10.0.0.0/8 2001:db8::/32 {
        hostname x{ip}.example.org
        ttl 5
    }
    whoami
}
"""
NIBBLES = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("7.0.0.10.in-addr.arpa. PTR", "60 IN PTR ip-10.0.0.7.Example.org."),
        ("7.1.0.10.in-addr.arpa. PTR", "5 IN PTR x10.0.1.7.example.org."),
        (f"{NIBBLES} PTR", f"5 IN PTR x20010db8{'1':0>24}.example.org."),
        ("x10.0.0.1.example.org. A", "5 IN A 10.0.0.1"),
        ("B.X10.0.0.1.example.org. A", "5 IN A 10.0.0.1"),
        (f"x20010db8{'1':0>24}.example.org. AAAA", "5 IN AAAA 2001:db8::1"),
        (f"x20010db9{'1':0>24}.example.org. AAAA", "SERVFAIL"),
        ("x11.0.0.1.example.org. A", "SERVFAIL"),
        ("x10.0.0.1.example.org. AAAA", "SERVFAIL"),
        ("ip-10.0.0.7.example.org. A", "SERVFAIL"),
        ("7.0.0.11.in-addr.arpa. PTR", "SERVFAIL"),
        ("0.10.in-addr.arpa. PTR", "SERVFAIL"),
        ("x10.0.0.1.example.org. MX", "SERVFAIL"),
        ("b.a.example.org. PTR", "NOERROR"),
    ],
)
def test_names_and_addresses(question: str, want: str) -> None:
    """The smallest network first; `wildcard` and `fallthrough` of one line hold for those below it; what a name is matched
    with is in lower case, so that a template in capitals matches none."""
    name, type = question.split()
    reply = loads(TWO, release="1.1.3").query(name, type)
    assert [str(rr) for rr in reply.answer] == ([f"{name} {want}"] if " " in want else [])
    assert reply.rcode == ("NOERROR" if " " in want else want)
    if reply.answer:
        assert reply.flags == ("qr", "aa", "rd", "ra")


def test_the_zones_of_the_server_block_stand_in_the_template() -> None:
    server = loads(
        "a.example b.example:53 10.0.0.0/24 {\nreverse 10.0.0.0/24 {\nhostname {ip}.{zone[2]}\n}\n}\n", release="1.0.0"
    )
    assert [str(rr) for rr in server.query("7.0.0.10.in-addr.arpa", "PTR").answer] == [
        "7.0.0.10.in-addr.arpa. 60 IN PTR 10.0.0.7.b.example."
    ]
    server = loads("a.example 10.0.0.0/24 {\nreverse ::ffff:10.0.0.0/120\n}\n", release="1.0.0")
    assert [str(rr) for rr in server.query("ip-10.0.0.7.a.example").answer] == [
        "ip-10.0.0.7.a.example. 60 IN A 10.0.0.7"
    ]


@pytest.mark.parametrize(
    ("release", "block", "words"),
    [
        (
            "1.1.3",
            "reverse",
            "Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'reverse'",
        ),
        ("1.1.3", "reverse a", 'Corefile:2 - Error during parsing: network needs to be CIDR formatted: "a"'),
        (
            "1.1.3",
            "reverse 10.0.0.0/8 {\nhostname\n}",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'hostname'",
        ),
        (
            "1.1.3",
            "reverse 10.0.0.0/8 {\nhostname a\n}",
            "Corefile:4 - Error during parsing: cannot find domain in template 'a.'",
        ),
        ("1.1.3", "reverse 10.0.0.0/8 {\nttl a\n}", 'strconv.Atoi: parsing "a": invalid syntax'),
        (
            "1.1.3",
            "reverse 10.0.0.0/8 {\nwildcard x\n}",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        (
            "1.0.2",
            "reverse 10.0.0.0/8 {\nfallthrough x\n}",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        ("1.1.4", "reverse", "this plugin has been deprecated"),
    ],
)
def test_refusals(release: str, block: str, words: str) -> None:
    text = f". {{\n{block}\n}}\n"
    errors = build(Source("Corefile", text), find(release), World()).errors
    assert errors[0].coredns == f"plugin/reverse: {words}"


def test_1_1_3_says_that_it_goes() -> None:
    line = "[WARNING] plugin/reverse: reverse will be deprecated in the next release"
    for release, lines in (("1.1.3", [line]), ("1.1.2", [])):
        server = loads(". {\nreverse 10.0.0.0/8\n}\n", release=release)
        assert [x for x in server.take_log() if "reverse" in x] == lines


def test_what_it_tells_apart() -> None:
    text = TWO.replace("10.0.0.0/24", "10.0.0.0/8").replace("2001:db8::/32", "")
    assert not stray(loads(text, release="1.1.3"), "reverse", text)
