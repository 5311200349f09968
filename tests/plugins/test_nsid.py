"""nsid: who gets the identity, and in which releases."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads
from corefile.dns.message import Edns

from .refusals import refusals

ASKED = Edns(1232, False, 0, ((3, b""),))


@pytest.mark.parametrize(("release", "octets"), [("1.14.7", b"rack 7"), ("1.6.5", b"")])
def test_a_query_with_the_option_gets_the_identity(release: str, octets: bytes) -> None:
    reply = loads(".:53 {\n nsid rack 7\n whoami\n}\n", release=release).query("a.example", edns=ASKED)
    assert reply.msg is not None
    assert reply.msg.edns is not None
    assert reply.msg.edns.options == ((3, octets),)


def test_the_host_name_is_the_default_and_other_queries_get_nothing() -> None:
    server = loads(".:53 {\n nsid\n whoami\n}\n", world=World(hostname="node-1"))
    asked, plain = server.query("a.example", edns=ASKED), server.query("a.example", edns=Edns(1232))
    assert asked.msg is not None
    assert asked.msg.edns is not None
    assert plain.msg is not None
    assert plain.msg.edns is not None
    assert (asked.msg.edns.options, plain.msg.edns.options) == (((3, b"node-1"),), ())
    assert "the reply says which server it is from: node-1" in str(asked.trace)


def test_once() -> None:
    text = ".:53 {\n nsid a\n nsid b\n whoami\n}\n"
    assert refusals(text) == ["plugin/nsid: this plugin can only be used once per Server Block"]
    assert refusals(text, "1.0.6") == []
