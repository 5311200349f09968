"""bind: addresses, the interface, exceptions, and what is refused."""

from __future__ import annotations

import pytest

from corefile.api import build, loads
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World


def hosts(lines: str, release: str = "1.14.7", addresses: tuple[str, ...] = ("10.0.0.1", "fd00::1")) -> list[str]:
    world = World(addresses=addresses)
    instance = build(Source("Corefile", f".:53 {{\n{lines}\nwhoami\n}}\n"), find(release), world)
    return [listener.host for listener in instance.listeners]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", [""]),
        ("bind 127.0.0.1 ::1", ["127.0.0.1", "::1"]),
        ("bind 127.0.0.1\nbind 127.0.0.2", ["127.0.0.1", "127.0.0.2"]),
        ("bind lo", ["127.0.0.1", "10.0.0.1", "::1", "fd00::1"]),
        ("bind lo {\nexcept ::1 10.0.0.1\nexcept fd00::1\n}", ["127.0.0.1", "10.0.0.1", "::1"]),
        ("bind lo {\nexcept lo\n}\nbind 127.0.0.3", ["127.0.0.3"]),
        ("bind 0:0:0:0:0:0:0:1", ["::1"]),
        ("bind 127.0.0.1 {\nexcept 127.0.0.1\n}", []),
    ],
)
def test_addresses(lines: str, expected: list[str]) -> None:
    assert sorted(hosts(lines)) == sorted(expected)


def test_only_there() -> None:
    server = loads(".:53 {\nbind 127.0.0.2\nwhoami\n}\n")
    assert server.query("a.test", to="127.0.0.2:53").rcode == "NOERROR"
    assert not server.query("a.test").received


def test_wildcard_addresses_are_of_both_families() -> None:
    for address in ("0.0.0.0", "::"):
        server = loads(f".:53 {{\nbind {address}\nwhoami\n}}\n")
        assert server.query("a.test", to="127.0.0.77:53").received
        assert server.query("a.test", to="[::1]:53").received


@pytest.mark.parametrize(
    ("lines", "release", "coredns"),
    [
        ("bind", "1.14.7", "plugin/bind: at least one address or interface name is expected"),
        ("bind", "1.2.2", "plugin/bind: at least one address is expected"),
        ("bind eth0", "1.14.7", 'plugin/bind: not a valid IP address or interface name: "eth0"'),
        ("bind lo", "1.2.2", "plugin/bind: not a valid IP address: lo"),
        ("bind lo {\n}", "1.2.2", "plugin/bind: not a valid IP address: lo"),
        ("bind 127.0.0.1 {\n}", "1.2.2", "plugin/bind: at least one address is expected"),
        ("bind 127.0.0.1 {\n}", "1.14.7", ""),
        (
            "bind 127.0.0.1 {\nexcept\n}",
            "1.14.7",
            "plugin/bind: at least one address or interface must be given to except subdirective",
        ),
        ("bind 127.0.0.1 {\nfoo\n}", "1.14.7", 'plugin/bind: invalid option "foo"'),
        (
            "bind 127.0.0.1 127.0.0.2",
            "1.0.5",
            (
                "plugin/bind: Corefile:2 - Error during parsing: Wrong argument count or "
                "unexpected line ending after '127.0.0.2'"
            ),
        ),
        ("bind 127.0.0.1 127.0.0.1", "1.14.7", "cannot serve dns://.:53 on 127.0.0.1 - it is already defined"),
    ],
)
def test_refused(lines: str, release: str, coredns: str) -> None:
    text = f".:53 {{\n{lines}\nwhoami\n}}\n"
    instance = build(Source("Corefile", text), find(release), World())
    assert (str(instance.errors[0].coredns) if instance.errors else "") == coredns


@pytest.mark.parametrize(
    ("key", "lines", "release", "coredns"),
    [
        (".", "bind 192.0.2.77", "1.14.7", "Listen: listen tcp 192.0.2.77:53: bind: cannot assign requested address"),
        (
            ".",
            "bind 2001:db8::7",
            "1.6.5",
            "Listen: listen tcp [2001:db8::7]:53: bind: cannot assign requested address",
        ),
        (
            "tls://.",
            "bind 192.0.2.77",
            "1.8.6",
            "Listen: listen tcp 192.0.2.77:853: bind: cannot assign requested address",
        ),
        (
            ".",
            "bind ::ffff:192.0.2.77",
            "1.9.3",
            "Listen: listen tcp 192.0.2.77:53: bind: cannot assign requested address",
        ),
        (".", "bind fe80::1", "1.14.7", "Listen: listen tcp [fe80::1]:53: bind: invalid argument"),
        (".", "bind ff02::1", "1.14.7", "Listen: listen tcp [ff02::1]:53: bind: invalid argument"),
        (".", "bind 224.0.0.1", "1.14.7", ""),
        (".", "bind 255.255.255.255", "1.14.7", ""),
        (".", "bind ::ffff:127.0.0.1", "1.14.7", ""),
        (".", "bind 127.0.0.9 ::1 192.0.2.1", "1.14.7", ""),
    ],
)
def test_addresses_that_the_machine_lacks(key: str, lines: str, release: str, coredns: str) -> None:
    source = Source("Corefile", f"{key} {{\n{lines}\nwhoami\n}}\n")
    instance = build(source, find(release), World(listenable=["192.0.2.1"]))
    assert (str(instance.errors[0].coredns) if instance.errors else "") == coredns
    assert not build(source, find(release), World()).errors  # nobody knows which addresses there are
