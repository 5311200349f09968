"""What CoreDNS refuses about where server blocks listen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corefile import checks
from corefile.api import build
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World

OVERLAP = "cannot serve dns://b.test.:53 on 127.0.0.2 - zone overlap listener capacity with dns://b.test.:53"


@pytest.mark.parametrize(
    ("keys", "release", "error"),
    [
        ("b.test", "1.6.5", None),
        ("b.test", "1.8.6", OVERLAP),
        ("b.test", "1.9.3", OVERLAP),
        ("b.test", "1.11.3", None),
        ("c.test b.test", "1.6.5", None),
        ("c.test b.test", "1.8.6", "cannot serve dns://b.test.:53 - it is already defined"),
        ("c.test b.test", "1.9.3", "cannot serve dns://b.test.:53 - it is already defined"),
        ("c.test b.test", "1.11.3", None),
    ],
)
def test_addresses_of_the_zones_behind_the_first(keys: str, release: str, error: str | None) -> None:
    text = f"a.test b.test {{\nbind 127.0.0.1\nwhoami\n}}\n{keys} {{\nbind 127.0.0.2\nwhoami\n}}\n"
    errors = build(Source("Corefile", text), find(release), World()).errors
    assert (errors[0].coredns if errors else None) == error


TWICE = "cannot serve dns://a.test.:53 - it is already defined"


@pytest.mark.parametrize(
    ("first", "second", "release", "error"),
    [
        ("view one", "view two", "1.14.7", None),
        ("view one", "view two", "1.10.0", None),
        ("view one", "whoami", "1.10.0", None),
        ("whoami", "view two", "1.14.3", None),
        ("whoami", "view two", "1.14.2", TWICE),
        ("whoami", "whoami", "1.14.7", TWICE),
    ],
)
def test_blocks_with_a_view_share_their_zone(first: str, second: str, release: str, error: str | None) -> None:
    text = "".join(f"a.test {{\n{x}\nwhoami\n}}\n" for x in (first, second))
    errors = build(Source("Corefile", text), find(release), World()).errors
    assert (errors[0].coredns if errors else None) == error


@pytest.mark.parametrize(
    ("directive", "release", "error"),
    [
        ("health :53", "1.2.2", "listen tcp :53: bind: address already in use"),
        ("health :53", "1.6.5", "Listen: listen tcp :53: bind: address already in use"),
        ("prometheus :53", "1.6.5", "Listen: listen tcp :53: bind: address already in use"),
        ("ready :domain", "1.6.5", "Listen: listen tcp :53: bind: address already in use"),
        ("ready :5353", "1.6.5", None),
        ("health :53", "1.8.6", None),
        ("health :53", "1.14.7", None),
    ],
)
def test_endpoints_at_the_port_of_a_server(directive: str, release: str, error: str | None) -> None:
    source = Source("Corefile", f". {{\n{directive}\nwhoami\n}}\n")
    errors = build(source, find(release), World()).errors
    assert (errors[0].coredns if errors else None) == error


BOUND = "{} {{\n bind 127.0.0.1\n whoami\n}}\n"


@pytest.mark.parametrize(
    ("first", "second", "release", "said"),
    [
        ("a", "b", "1.0.0", "listen tcp :53"),
        ("a", "b", "1.2.2", "listen tcp :53"),
        ("a", "b", "1.2.3", None),
        ("tls://a:53", "b", "1.2.2", "listen tcp :53"),
        ("tls://a:53", "b", "1.2.3", "listen tcp :53"),
        ("a:853", "tls://b", "1.6.5", "Listen: listen tcp :853"),
        ("a:853", "tls://b", "1.6.6", None),
        ("a", "b:54", "1.2.2", None),
    ],
)
def test_of_two_servers_at_a_port_one_is_for_all_addresses(
    first: str, second: str, release: str, said: str | None
) -> None:
    """They share the port (SO_REUSEPORT) since 1.2.3 where both are plain DNS, and since 1.6.6 whatever they are."""
    text = f"{first} {{\n whoami\n}}\n{BOUND.format(second)}"
    errors = build(Source("Corefile", text), find(release), World()).errors
    assert [error.coredns for error in errors] == ([f"{said}: bind: address already in use"] if said else [])
    if errors:
        assert errors[0].span is not None
        assert errors[0].span.text == second


def test_two_addresses_of_one_port_are_not_in_the_way() -> None:
    text = BOUND.format("a") + BOUND.format("b").replace("127.0.0.1", "127.0.0.2")
    assert build(Source("Corefile", text), find("1.2.2"), World()).errors == []


@pytest.mark.parametrize(
    ("choice", "first"), [(0, ":53"), (1, "127.0.0.1:53"), (2, "127.0.0.2:53"), (3, ":9253"), (4, "10.0.0.7:54")]
)
def test_which_server_fails_is_left_to_chance(choice: int, first: str) -> None:
    """The servers are set up in the order of a map of Go; the first one that cannot listen is named, whatever the reason."""
    text = "a {\n health :9253\n bind 127.0.0.1 127.0.0.2\n whoami\n}\nb {\n whoami\n}\nc:9253 {\n whoami\n}\n"
    text += "d:54 {\n bind 10.0.0.7\n whoami\n}\n"
    asked: list[tuple[object, ...]] = []

    def choose(options: Sequence[object], why: str) -> int:
        asked.append(tuple(options))
        return next(n for n, option in enumerate(options) if str(option) == f"dns://{first}")

    world = World(choose=choose, listenable=("127.0.0.1", "127.0.0.2"))
    errors = build(Source("Corefile", text), find("1.2.2"), world).errors
    why = "cannot assign requested address" if "10.0.0.7" in first else "address already in use"
    assert errors[0].coredns == f"listen tcp {first}: bind: {why}"
    assert {error.code for error in errors} == {"address-in-use", "address-not-local"}
    assert [sorted(map(str, options)) for options in asked] == [
        ["dns://10.0.0.7:54", "dns://127.0.0.1:53", "dns://127.0.0.2:53", "dns://:53", "dns://:9253"]
    ]


def test_the_port_of_a_key_is_what_go_makes_of_it() -> None:
    """`address-in-use` marks the key whose number has 32 bits, and is that of an endpoint."""
    text = ". {\n health :8080\n}\na.:4294975376 {\n whoami\n}\n"
    (error,) = [found for found in checks(text, release="1.6.5") if found.severity == "error"]
    assert (error.code, error.span and error.span.text) == ("address-in-use", "a.:4294975376")
