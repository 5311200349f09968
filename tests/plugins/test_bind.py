"""bind: addresses, the interface, exceptions, and what is refused."""

from __future__ import annotations

import pytest

from corefile.api import build, loads
from corefile.chain.instance import Instance
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


def test_whatever_stands_behind_an_address_began_another_line_before_1_0_6() -> None:
    assert hosts("bind x anything 127.0.0.2", "1.0.5") == ["127.0.0.2"]
    assert sorted(hosts("bind 127.0.0.1 127.0.0.3 127.0.0.2", "1.0.6")) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]


def test_only_there() -> None:
    server = loads(".:53 {\nbind 127.0.0.2\nwhoami\n}\n")
    assert server.address == "127.0.0.2:53"
    assert server.query("a.test").rcode == "NOERROR"
    assert not server.query("a.test", to="127.0.0.1").received


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
        ("bind 127.0.0.256", "1.14.7", 'plugin/bind: not a valid IP address or interface name: "127.0.0.256"'),
        ("bind eth0", "1.8.3", "plugin/bind: not a valid IP address: eth0"),
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
        (
            "bind {\n}",
            "1.0.5",
            "plugin/bind: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '}'",
        ),
        (
            "bind 127.0.0.1 {\n}",
            "1.0.5",
            "plugin/bind: Corefile:2 - Error during parsing: Unexpected token '{', expecting argument",
        ),
        ("bind x\nbind 127.0.0.1", "1.0.5", ""),
        ("bind 127.0.0.1\nbind x", "1.0.5", "plugin/bind: not a valid IP address: x"),
        ("bind x\nbind 127.0.0.1", "1.0.6", "plugin/bind: not a valid IP address: x"),
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
    assert not build(source, find(release), World()).errors  # the machine is not known


# -- interfaces -------------------------------------------------------------------------------------------------------


def instance_of(lines: str, world: World, release: str = "1.14.7") -> Instance:
    return build(Source("Corefile", f".:53 {{\n{lines}\nwhoami\n}}\n"), find(release), world)


def test_an_interface_of_a_machine_that_is_not_known_is_no_mistake() -> None:
    instance = instance_of("bind 127.0.0.1 eth0 {\nexcept eth1 127.0.0.1\n}\nbind eth1", World())
    assert [(f.severity, f.code, f.span.text) for f in instance.findings if f.span is not None] == [
        ("notice", "unknown-interface", "eth0"),
        ("notice", "unknown-interface", "eth1"),
    ]
    assert instance.findings[0].hint == "name one with --address eth0=10.1.2.3"
    # One address stands in for each, wherever it is named.
    assert [listener.host for listener in instance.listeners] == ["198.51.100.1", "198.51.100.2"]


def test_the_address_that_stands_in_answers() -> None:
    server = loads(".:53 {\nbind eth0\nwhoami\n}\n")
    assert server.query("a.test", to="198.51.100.1:53").rcode == "NOERROR"
    assert not server.query("a.test", to="127.0.0.1").received


def test_interfaces_that_are_known() -> None:
    world = World(interfaces={"eth0": ["10.1.2.3", "fd00::3"], "eth1": ["10.1.2.4"]}, addresses=["10.0.0.1"])
    instance = instance_of("bind eth0 {\nexcept fd00::3\n}\nbind lo", world)
    assert instance.findings == []
    assert [listener.host for listener in instance.listeners] == ["10.1.2.3", "127.0.0.1", "10.0.0.1", "::1"]
    assert world.is_own_address("10.1.2.4")


def test_an_interface_that_a_known_machine_lacks_is_refused() -> None:
    refused = 'plugin/bind: not a valid IP address or interface name: "eth0"'
    instance = instance_of("bind 127.0.0.1 eth0", World(listenable=[]))
    assert [(f.coredns, f.span.text) for f in instance.errors if f.span is not None] == [(refused, "eth0")]
    assert instance_of("bind eth0", World(listenable=[], interfaces={"eth0": ["10.1.2.3"]})).errors[0].coredns == (
        "Listen: listen tcp 10.1.2.3:53: bind: cannot assign requested address"
    )
