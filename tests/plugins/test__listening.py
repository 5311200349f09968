"""Addresses of HTTP endpoints: what Go refuses, and what is taken."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain.setup import Setup
from corefile.plugins._listening import refused, refused_as_url, take, taken
from corefile.world import World

SERVICES = b"domain 53/tcp\nshop 7070/tcp store # a comment\nradio 7071/udp\n"


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (":8080", None),
        (":", None),
        ("127.0.0.9:80", None),
        ("[::1]:80", None),
        ("0.0.0.0:+80", None),
        (":65536", "listen tcp: address 65536: invalid port"),
        (":-1", "listen tcp: address -1: invalid port"),
        (":http", None),
        (":shop", None),
        (":store", None),
        (":radio", "listen tcp: lookup tcp/radio: unknown port"),
        ("some.host:80", None),
        ("a b:80", "listen tcp: lookup a b: no such host"),
        ("10.0.0.1:80", None),
        ("10.0.0.2:80", "listen tcp 10.0.0.2:80: bind: cannot assign requested address"),
    ],
)
def test_refused(address: str, error: str | None) -> None:
    world = World(files={"/etc/services": SERVICES}, listenable=["10.0.0.1"])
    assert refused(address, world) == error


def test_the_addresses_of_a_machine_that_is_not_known() -> None:
    assert refused("10.0.0.2:80", World()) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (":8080", None),
        ("[::1]:8080", None),
        (":http", 'invalid port ":http" after host'),
        ("[fe80::1%eth0]:80", 'invalid URL escape "%et"'),
        ("[host]:80", "invalid IP-literal"),
        ("a b:80", 'invalid character " " in host name'),
    ],
)
def test_refused_as_url(address: str, why: str | None) -> None:
    assert refused_as_url(address) == (None if why is None else f'parse "http://{address}": {why}')


def setup_of(release: str) -> Setup:
    setup: Setup = loads(". {\nwhoami\n}", release=release).process.instance.sites[0].handlers[0].setup
    return setup


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (":8080", ":8080", "listen tcp :8080: bind: address already in use"),
        ("127.0.0.1:8080", "localhost:8080", "listen tcp 127.0.0.1:8080: bind: address already in use"),
        ("127.0.0.1:80", ":http", "listen tcp :80: bind: address already in use"),
        (":80", "[::]:80", "listen tcp 0.0.0.0:80: bind: address already in use"),
        ("127.0.0.1:8080", "127.0.0.2:8080", None),
        (":0", ":0", None),
        (":8080", "no port", None),
    ],
)
def test_ports_are_shared_since_1_6_6(first: str, second: str, error: str | None) -> None:
    old = setup_of("1.6.5")
    assert taken(old, first) is None
    assert taken(old, second) == error
    new = setup_of("1.6.6")
    assert [taken(new, first), taken(new, second)] == [None, None]


def test_an_endpoint_that_cannot_have_its_port_takes_none() -> None:
    setup = setup_of("1.6.5")
    take(setup, ":65536")
    take(setup, "10.0.0.1:80")  # whether the machine has the address is not known
    take(setup, ":81")
    assert taken(setup, "127.0.0.1:80") is None
    assert taken(setup, ":81") is not None
