"""hosts: the file, the Corefile's lines, wildcards, reverse names, what is passed on, and what is refused."""

from __future__ import annotations

import pytest

from corefile import checks
from corefile.api import Server, build, loads
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World

FILE = """
# comment
192.0.2.1   www.example.org WWW2.Example.Org. # note
192.0.2.2\twww.example.org
2001:db8::1 www.example.org
fe80::1%eth0 ll.example.org
::ffff:192.0.2.9 mapped.example.org
::192.0.2.10 compat.example.org
192.0.2.3 *.wild.example.org
192.0.2.4 exact.wild.example.org
192.0.2.300 bad.example.org
"""
INLINE = "192.0.2.8 inl.example.org www.example.org\n2001:db8::8 inl.example.org\n2001:db8::9 six.example.org\n"


def serving(block: str = "", release: str = "1.14.7", file: str | None = FILE, zones: str = "") -> Server:
    files = {} if file is None else {"h": file}
    return loads(f".:53 {{\nhosts h {zones} {{\n{block}\n}}\nwhoami\n}}\n", release=release, world=World(files=files))


def data(server: Server, name: str, type: str = "A") -> list[str]:
    return [rr.data[0] for rr in server.query(name, type).answer]


def test_file_then_lines() -> None:
    server = serving(INLINE)
    assert data(server, "WWW.example.org") == ["192.0.2.1", "192.0.2.2", "192.0.2.8"]
    assert data(server, "www2.example.org") == ["192.0.2.1"]
    reply = server.query("www2.example.org")
    assert (reply.rcode, reply.flags, reply.answer[0].ttl) == ("NOERROR", ("qr", "aa", "rd"), 3600)


def test_lines_up_to_1_3_1_lose_addresses() -> None:
    """IPv6 addresses of names that the lines give no IPv4 address, once a file is read."""
    assert data(serving(INLINE, "1.2.2"), "inl.example.org", "AAAA") == ["2001:db8::8"]
    assert data(serving(INLINE, "1.2.2"), "six.example.org", "AAAA") == []
    assert data(serving(INLINE, "1.2.2", None), "six.example.org", "AAAA") == ["2001:db8::9"]
    assert data(serving(INLINE, "1.6.0"), "six.example.org", "AAAA") == ["2001:db8::9"]


@pytest.mark.parametrize(
    ("name", "release", "a", "aaaa"),
    [
        ("mapped", "1.14.7", ["192.0.2.9"], []),
        ("mapped", "1.2.2", [], ["::ffff:192.0.2.9"]),
        ("mapped", "1.4.0", ["192.0.2.9"], []),
        ("compat", "1.14.7", [], ["::192.0.2.10"]),
        ("ll", "1.14.7", [], ["fe80::1"]),
        ("bad", "1.14.7", [], []),
    ],
)
def test_forms_of_addresses(name: str, release: str, a: list[str], aaaa: list[str]) -> None:
    server = serving("", release)
    assert data(server, f"{name}.example.org") == a
    found = data(server, f"{name}.example.org", "AAAA")
    assert [x.replace("::c000:20a", "::192.0.2.10") for x in found] == aaaa


def test_wildcards_since_1_14_5() -> None:
    server = serving()
    assert data(server, "q.wild.example.org") == ["192.0.2.3"]
    assert data(server, "exact.wild.example.org") == ["192.0.2.4"]
    assert data(server, "x.q.wild.example.org") == []
    assert data(serving("", "1.14.4"), "q.wild.example.org") == []
    assert data(serving("", "1.14.4"), "*.wild.example.org") == ["192.0.2.3"]


def test_reverse_names() -> None:
    server = serving(INLINE)
    assert data(server, "1.2.0.192.in-addr.arpa", "PTR") == ["www.example.org.", "www2.example.org."]
    assert data(server, "8.2.0.192.in-addr.arpa", "PTR") == ["inl.example.org.", "www.example.org."]
    assert data(server, "3.2.0.192.in-addr.arpa", "PTR") == []
    assert server.query("99.2.0.192.in-addr.arpa", "PTR").trace.hops[-1].plugin == "whoami"
    assert data(serving("no_reverse"), "1.2.0.192.in-addr.arpa", "PTR") == []


@pytest.mark.parametrize(
    ("release", "rcode"), [("1.14.7", "SERVFAIL"), ("1.6.1", "SERVFAIL"), ("1.6.0", ""), ("1.2.2", "")]
)
def test_a_name_without_entry(release: str, rcode: str) -> None:
    reply = serving("", release).query("nx.example.org")
    assert reply.rcode == rcode
    assert "no entry for nx.example.org.; `fallthrough` is not given, so the chain ends here" in str(reply.trace)


def test_fallthrough() -> None:
    server = serving("fallthrough example.org")
    assert server.query("nx.example.org").trace.hops[-1].plugin == "whoami"
    assert server.query("nx.example.net").rcode == "SERVFAIL"
    assert server.query("www2.example.org", "AAAA").rcode == "NOERROR"  # there is an IPv4 address
    assert serving("fallthrough", "1.6.7").query("www2.example.org", "AAAA").trace.hops[-1].plugin == "whoami"


@pytest.mark.parametrize(
    ("block", "release", "last"),
    [
        ("fallthrough", "1.14.4", "hosts"),
        ("fallthrough", "1.14.5", "whoami"),
        ("fallthrough", "1.14.7", "hosts"),
        ("fallthrough\nfallthrough_unsupported", "1.14.7", "whoami"),
    ],
)
def test_other_types(block: str, release: str, last: str) -> None:
    assert serving(block, release).query("www.example.org", "MX").trace.hops[-1].plugin == last


def test_zones() -> None:
    server = serving("10.0.0.1 other.test\n", zones="example.org")
    assert server.query("other.test").trace.hops[-1].plugin == "whoami"
    assert data(server, "www2.example.org") == ["192.0.2.1"]


def test_the_default_file_and_ttl() -> None:
    world = World(files={"/etc/hosts": "10.1.1.1 etc.test\n"})
    reply = loads(".:53 {\nhosts {\nttl 7\n}\n}\n", world=world).query("etc.test")
    assert [(rr.ttl, rr.data) for rr in reply.answer] == [(7, ("10.1.1.1",))]


def test_reading_again() -> None:
    for release, old in (("1.14.7", []), ("1.5.2", ["192.0.2.1"]), ("1.2.2", [])):
        server = serving(INLINE, release)
        server.world.files.write("h", "192.0.2.77 new.example.org\n")  # type: ignore[attr-defined]
        assert data(server, "new.example.org") == []
        server.advance(5)
        assert data(server, "new.example.org") == ["192.0.2.77"]
        assert data(server, "www2.example.org") == old
        assert "192.0.2.8" in data(server, "inl.example.org")


def test_options_of_later_releases_are_entries() -> None:
    assert serving("ttl 10\nno_reverse\n10.0.0.1 a.test", "1.3.1").query("a.test").answer[0].ttl == 3600


def test_metrics() -> None:
    server = serving("192.0.2.8 inl.example.org", file="192.0.2.1 a.test\n")
    assert server.process.metrics.samples(["coredns_hosts_entries"]) == ['coredns_hosts_entries{hostsfile="h"} 4']


PARSING = "plugin/hosts: Corefile:3 - Error during parsing: "


@pytest.mark.parametrize(
    ("block", "release", "coredns"),
    [
        ("ttl", "1.14.7", PARSING + "ttl needs a time in second"),
        ("ttl x", "1.14.7", PARSING + "ttl needs a number of second"),
        ("ttl 65536", "1.14.7", PARSING + "ttl provided is invalid"),
        ("ttl 65535 x", "1.14.7", ""),
        ("reload 1 2", "1.14.7", PARSING + "reload needs a duration (zero seconds to disable)"),
        ("reload x", "1.14.7", PARSING + "invalid duration for reload 'x'"),
        ("reload -1s", "1.14.7", PARSING + "invalid negative duration for reload '-1s'"),
        ("fallthrough\n10.0.0.1 a.test", "1.14.7", PARSING.replace("3", "4") + "unknown property '10.0.0.1'"),
        ("fallthrough a..b\n10.0.0.1 a.test", "1.14.7", ""),
        (
            "fallthrough_unsupported",
            "1.14.7",
            PARSING.replace("3", "4") + "fallthrough_unsupported requires fallthrough",
        ),
        ("fallthrough_unsupported", "1.14.6", ""),
        ("fallthrough a.test", "1.0.2", PARSING + "Wrong argument count or unexpected line ending after 'a.test'"),
        ("}\nhosts {", "1.14.7", "plugin/hosts: this plugin can only be used once per Server Block"),
        ("}\nhosts {", "1.0.6", ""),
    ],
)
def test_refused(block: str, release: str, coredns: str) -> None:
    text = f".:53 {{\nhosts h {{\n{block}\n}}\n}}\n"
    instance = build(Source("Corefile", text), find(release), World(files={"h": FILE}))
    assert (str(instance.errors[0].coredns) if instance.errors else "") == coredns


def test_a_path_through_a_file() -> None:
    instance = build(Source("Corefile", ".:53 {\nhosts h/x\n}\n"), find("1.14.7"), World(files={"h": ""}))
    assert instance.errors[0].coredns == (
        "plugin/hosts: Corefile:2 - Error during parsing: unable to access hosts file 'h/x': stat h/x: not a directory"
    )


def test_a_name_with_no_wire_form_keeps_the_reply_from_being_sent() -> None:
    server = serving(file="192.0.2.1 a..b.example.org\n192.0.2.2 x." + "long." * 50 + "example.org\n")
    assert not server.query("1.2.0.192.in-addr.arpa", "PTR").received
    assert server.query("2.2.0.192.in-addr.arpa", "PTR").received  # the library minds labels, not the 255 octets in all


def test_other_letters_than_ascii_count_in_octets() -> None:
    text = ".:53 {\nlog\nhosts h\n}\n"
    server = loads(text, world=World(files={"h": "10.0.0.1 \u00e9.example.org\n"}))
    (line,) = server.query("1.0.0.10.in-addr.arpa", "PTR").log
    assert " NOERROR qr,aa,rd 88 " in line


@pytest.mark.parametrize(("release", "kept"), [("1.2.2", False), ("1.3.1", False), ("1.14.7", True)])
def test_names_with_ipv6_addresses_alone_got_lost_beside_etc_hosts(release: str, kept: bool) -> None:
    """/etc/hosts is there on every machine, and what the Corefile adds to it came in by the names with IPv4."""
    server = loads(
        ".:53 {\nhosts {\n2001:db8::3 six.example both.example\n192.0.2.1 both.example\n}\nwhoami\n}", release=release
    )
    assert bool(server.query("six.example", "AAAA").answer) is kept
    assert server.query("both.example", "AAAA").answer


def test_a_line_that_is_nearly_a_property_is_told() -> None:
    (finding,) = checks(". {\n hosts {\n 10.0.0.1 a.example\n no_reverze\n }\n}\n")
    assert (finding.code, finding.hint) == ("ignored-line", "did you mean `no_reverse`?")


def test_of_a_property_of_a_later_release_it_is_said_when_it_came() -> None:
    (one,) = checks(". {\n hosts {\n  10.0.0.1 a\n  ttl 60\n  fallthrough\n }\n whoami\n}\n", release="1.3.0")
    assert (one.code, one.hint) == ("ignored-line", "it came with CoreDNS 1.4.0")
