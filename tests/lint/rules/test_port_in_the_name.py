"""port-in-the-name: what a `:` in a key makes part of the name, after any transport, and what is written instead."""

from __future__ import annotations

import pytest

from corefile.findings import Source
from corefile.lint import checks
from corefile.lint.cures import applied
from corefile.world import World

NAME = "port-in-the-name"
TRANSPORTS = ("", "dns://", "tls://", "https://", "grpc://")


def of_key(keys: str) -> tuple[str, str, str]:
    """Its message and hint for the keys of a server block, and the keys with its fix."""
    text = Source("Corefile", keys + " {\n whoami\n}\n")
    (one,) = [f for f in checks(text, world=World(env={"ZONE": "a.b", "KEY": "a.b:99x"})) if f.code == NAME]
    mended = text.text if one.fix is None else applied(text.text, text, one.fix)
    return one.message, one.hint, mended.removesuffix(" {\n whoami\n}\n")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("key", "port", "name", "instead"),
    [
        ("a.:domain", "domain", "a.:domain.", "a."),
        ("a:99x", "99x", "a:99x.", "a:99"),
        ("a::domain", ":domain", "a::domain.", "a"),
        ("a:domain:53", "domain:53", "a:domain.", "a:53"),
        ("a:x:y", "x:y", "a:x:y.", "a"),
        (":99x", "99x", ":99x.", ".:99"),
    ],
)
def test_what_is_no_port_is_left_out(transport: str, key: str, port: str, name: str, instead: str) -> None:
    message, hint, mended = of_key(transport + key)
    assert message == f"`{port}` is no port, so that `{name}` is the name of the zone"
    assert (hint, mended) == (f"write `{transport}{instead}`", transport + instead)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("key", ["2001:db8::1", "[2001:db8::1]:53", "2001:db8::1:99x", "fe80::1%eth0", "[::1]"])
def test_an_address_is_said_to_be_one(transport: str, key: str) -> None:
    message, hint, mended = of_key(transport + key)
    assert message == f"`{key}` is no network without its length, and is taken for a name"
    assert (hint.split()[1], mended) == ("`bind`", transport + key)


@pytest.mark.parametrize(
    ("keys", "mended", "hint"),
    [
        ("a:99x, b:53", "a:99, b:53", "write `a:99`"),
        ('"a:99x"', '"a:99"', "write `a:99`"),
        ("{$ZONE}:99x", "{$ZONE}:99", "write `{$ZONE}:99`"),
        ("{$KEY}", "{$KEY}", "write a number behind the `:`"),
    ],
)
def test_what_surrounds_the_port_stays(keys: str, mended: str, hint: str) -> None:
    assert of_key(keys)[1:] == (hint, mended)
