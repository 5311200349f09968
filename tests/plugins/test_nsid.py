"""nsid: who gets the identity, and in which releases."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads
from corefile.dns.message import Edns
from corefile.dns.tsig import Key

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


def test_the_first_of_several_counts_before_1_1_0() -> None:
    reply = loads(".:53 {\n nsid a\n nsid b\n whoami\n}\n", release="1.0.6").query("a.example", edns=ASKED)
    assert reply.msg is not None
    assert (3, b"a") in (reply.msg.edns.options if reply.msg.edns is not None else ())


def test_once() -> None:
    text = ".:53 {\n nsid a\n nsid b\n whoami\n}\n"
    assert refusals(text) == ["plugin/nsid: this plugin can only be used once per Server Block"]
    assert refusals(text, "1.0.6") == []


@pytest.mark.parametrize("behind", ["whoami", "hosts {\n 10.0.0.1 a.example\n}", "log"])
def test_up_to_1_2_2_the_identity_gets_into_the_request_too(behind: str) -> None:
    """A plugin gives its reply the request's own OPT record, and `log` does where nothing has answered: who tells of the
    request when the reply is written sees what has become of that."""
    text = f".:53 {{\n nsid rack 7\n prometheus\n {behind}\n dnstap /tap full\n}}\n"
    sizes = []
    for options in (((3, b""),), ((4, b""),)):
        server = loads(text, release="1.2.2")
        server.query("a.example", edns=Edns(1232, False, 0, options))
        for line in server.get(":9153/metrics")[1].splitlines():
            if line.startswith("coredns_dns_request_size_bytes_sum"):
                sizes.append(int(line.rpartition(" ")[2]))
        assert [b"rack 7" in frame for frame in server.dnstap()] == (
            [options[0][0] == 3] * 2 if behind != "log" else []
        )
    assert sizes[0] - sizes[1] == len("rack 7")


def test_an_option_that_rewrite_has_added_is_no_nsid() -> None:
    """Whatever its code: the DNS library tells them apart by where they come from. With `tsig`, a reply has the request's
    own OPT record."""
    text = ".:53 {\n tsig {\n  secret k. AAAA\n }\n nsid here\n rewrite continue edns0 local set 3 {protocol}\n whoami\n}\n"
    reply = loads(text).query("a.example", edns=ASKED, key=Key("k.", "AAAA"))
    assert reply.msg is not None
    assert reply.msg.edns is not None
    assert reply.msg.edns.options == ((3, b"here"), (3, b"udp"))
