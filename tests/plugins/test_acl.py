"""acl: which line decides, what each action sends, and what is refused."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads

from .refusals import refusals


def serving(block: str, release: str = "1.14.7", more: str = "") -> Server:
    return loads(f".:53 {{\n acl {{\n  {block}\n }}\n{more} whoami\n prometheus :9153\n}}\n", release=release)


@pytest.mark.parametrize(
    ("block", "client", "type", "rcode"),
    [
        ("block net 10.0.0.0/8", "10.1.2.3", "A", "REFUSED"),
        ("block net 10.0.0.0/8", "11.1.2.3", "A", "NOERROR"),
        ("block net 10.0.0.7", "10.0.0.7", "A", "REFUSED"),
        ("block net 10.0.0.0/8", "::ffff:10.0.0.1", "A", "REFUSED"),
        ("block net ::ffff:10.0.0.0/104", "10.0.0.1", "A", "NOERROR"),  # asked of 1.14.7: iptree keeps them apart
        ("block net 2001:db8::/32", "2001:db8::1", "A", "REFUSED"),
        ("block net *", "2001:db8::1", "A", "REFUSED"),
        ("block", "11.1.2.3", "A", "REFUSED"),
        ("BLOCK TYPE AAAA NET 10.0.0.0/8", "10.0.0.1", "AAAA", "REFUSED"),
        ("block type AAAA net 10.0.0.0/8", "10.0.0.1", "A", "NOERROR"),
        ("block type * what is behind a star is not read", "10.0.0.1", "A", "REFUSED"),
        ("allow net 10.0.0.1\n  block", "10.0.0.1", "A", "NOERROR"),
        ("allow net 10.0.0.1\n  block", "10.0.0.2", "A", "REFUSED"),
        ("filter type A", "10.0.0.2", "A", "NOERROR"),
        ("drop", "10.0.0.2", "A", ""),
    ],
)
def test_the_first_line_that_fits_decides(block: str, client: str, type: str, rcode: str) -> None:
    assert serving(block).query("a.example", type, client=client).rcode == rcode


def test_the_error_is_extended_whatever_the_client_sent() -> None:
    for action, code in (("block", 15), ("filter", 17)):
        msg = serving(action).query("a.example").msg
        assert msg is not None
        assert msg.edns is not None
        assert (msg.edns.udp, msg.edns.do, msg.edns.options) == (4096, True, ((15, bytes((0, code))),))
    old = serving("block", "1.9.3").query("a.example").msg
    assert old is not None
    assert old.edns is None


def test_an_allow_ends_the_search_through_further_ones() -> None:
    more = " acl {\n  block\n }\n"
    assert serving("allow net 10.0.0.1", more=more).query("a.example", client="10.0.0.1").rcode == "NOERROR"
    assert serving("allow net 10.0.0.2", more=more).query("a.example", client="10.0.0.1").rcode == "REFUSED"


def test_zones_limit_it_and_the_counter_names_the_zone() -> None:
    text = ".:53 {\n acl example.org {\n  block\n }\n whoami\n prometheus :9153\n}\n"
    server = loads(text)
    assert [server.query(name).rcode for name in ("a.example.org", "a.test")] == ["REFUSED", "NOERROR"]
    assert server.samples(["coredns_acl_blocked_requests_total", "coredns_acl_allowed_requests_total"]) == [
        'coredns_acl_allowed_requests_total{server="dns://:53",view=""} 1',
        'coredns_acl_blocked_requests_total{server="dns://:53",view="",zone="example.org."} 1',
    ]


@pytest.mark.parametrize(
    ("line", "release", "said"),
    [
        ("deny net *", "1.14.7", "unexpected token \"deny\"; expect 'allow', 'block', 'filter' or 'drop'"),
        ("filter", "1.8.0", "unexpected token \"filter\"; expect 'allow' or 'block'"),
        ("block 10.0.0.1", "1.14.7", "unexpected token \"10.0.0.1\"; expect 'type | net'"),
        ("block net", "1.14.7", 'no token specified in "net" section'),
        ("block type a", "1.14.7", 'unexpected token "a"; expect legal QTYPE'),
        ("block type SVCB", "1.7.0", 'unexpected token "SVCB"; expect legal QTYPE'),
        ("block net 10.0.0.0/33", "1.14.7", 'illegal CIDR notation "10.0.0.0/33"'),
        ("block net 10.0.0", "1.14.7", 'illegal CIDR notation "10.0.0/32"'),
    ],
)
def test_refused(line: str, release: str, said: str) -> None:
    text = f".:53 {{\n acl {{\n  {line}\n }}\n whoami\n}}\n"
    assert refusals(text, release) == [f"plugin/acl: Corefile:3 - Error during parsing: {said}"]
