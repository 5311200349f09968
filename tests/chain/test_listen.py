"""What CoreDNS refuses about where server blocks listen."""

from __future__ import annotations

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


def test_the_port_of_a_key_is_what_go_makes_of_it() -> None:
    """`address-in-use` marks the key whose number has 32 bits, and is that of an endpoint."""
    text = ". {\n health :8080\n}\na.:4294975376 {\n whoami\n}\n"
    (error,) = [found for found in checks(text, release="1.6.5") if found.severity == "error"]
    assert (error.code, error.span and error.span.text) == ("address-in-use", "a.:4294975376")
