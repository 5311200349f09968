"""dns64: made addresses, whose questions they are for, and what is refused in which words."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import build, loads
from corefile.findings import Source
from corefile.releases import find

HOSTS = " hosts {\n  192.0.2.33 four.example\n  192.0.2.34 both.example\n  2001:db8::34 both.example\n  ttl 900\n }\n"


def answer(block: str, name: str, client: str = "::1", release: str = "1.14.7", type: str = "AAAA") -> list[str]:
    """The answer's records."""
    reply = loads(f".:53 {{\n dns64 {block}\n{HOSTS}}}\n", release=release).query(name, type, client=client)
    return [str(rr) for rr in reply.answer]


@pytest.mark.parametrize(
    ("prefix", "address"),
    [
        ("", "64:ff9b::c000:221"),
        ("2001:db8::/32", "2001:db8:c000:221::"),
        ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
        ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"),
        ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
        ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100:0"),
        ("2001:db8:122:344::/96", "2001:db8:122:344::c000:221"),
    ],
)
def test_where_the_address_goes(prefix: str, address: str) -> None:
    assert answer(prefix, "four.example") == [f"four.example. 600 IN AAAA {address}"]


@pytest.mark.parametrize(
    ("block", "name", "client", "release", "count"),
    [
        ("", "four.example", "10.0.0.1", "1.14.7", 0),
        ("{\n allow_ipv4\n}", "four.example", "10.0.0.1", "1.8.7", 1),
        ("{\n translate_all\n}", "both.example", "::1", "1.7.0", 1),
        ("", "none.example", "::1", "1.14.7", 0),
    ],
)
def test_who_gets_made_addresses(block: str, name: str, client: str, release: str, count: int) -> None:
    assert sum("64:ff9b::" in rr for rr in answer(block, name, client, release)) == count


def test_a_real_address_stays() -> None:
    assert answer("", "both.example") == ["both.example. 900 IN AAAA 2001:db8::34"]


def test_other_types_pass() -> None:
    assert answer("", "four.example", type="A") == ["four.example. 900 IN A 192.0.2.33"]


def test_the_last_prefix_and_all_flags_count() -> None:
    block = "{\n prefix 2001:db8::/32\n allow_ipv4\n}\n dns64 2001:db8:1::/96"
    assert answer(block, "four.example", "10.0.0.1") == ["four.example. 600 IN AAAA 2001:db8:1::c000:221"]


def test_it_counts() -> None:
    server = loads(f".:53 {{\n prometheus\n dns64\n{HOSTS}}}\n")
    server.query("four.example", "AAAA", client="::1")
    assert server.samples(["coredns_dns64_requests_translated_total"]) == [
        'coredns_dns64_requests_translated_total{server="dns://:53"} 1'
    ]


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("x", "1.14.7", "invalid CIDR address: x"),
        ("10.0.0.0/8", "1.14.7", 'Corefile:3 - Error during parsing: invalid netmask 32 IPv6 address: "10.0.0.0/8"'),
        ("::ffff:10.0.0.0/104", "1.14.7", 'Corefile:3 - Error during parsing: invalid prefix length "10.0.0.0/8"'),
        ("64:ff9b::1/95", "1.7.0", 'Corefile:3 - Error during parsing: invalid prefix length "64:ff9b::/95"'),
        ("a b", "1.8.0", "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'b'"),
        (
            "{\n prefix\n}",
            "1.8.0",
            "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'prefix'",
        ),
        ("{\n allow_ipv4\n}", "1.8.6", "Corefile:4 - Error during parsing: unknown property 'allow_ipv4'"),
        ("{\n prefix 64:ff9b::/96 x\n}", "1.14.7", "Corefile:4 - Error during parsing: unknown property 'x'"),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    source = Source("Corefile", f".:53 {{\n whoami\n dns64 {text}\n}}\n")
    assert build(source, find(release), World()).errors[0].coredns == f"plugin/dns64: {said}"
