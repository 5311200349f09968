"""The server: which zone answers, what is refused before and behind the chains, where it listens, and in which order
errors come."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.api import Server, build, loads
from corefile.chain.query import Context, Query
from corefile.dns.message import Edns, FirstQuestion, Msg, Question
from corefile.dns.rdata import rr_from_text
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World


def serving(text: str, release: str = "1.14.7") -> Server:
    return loads(text, release=release)


def errors(text: str, release: str = "1.14.7", files: dict[str, Any] | None = None) -> list[str]:
    instance = build(Source("Corefile", text), find(release), World(files=files or {}))
    return [str(f.coredns) for f in instance.errors]


def who(server: Server, name: str, type: str = "A", **how: Any) -> str:
    """The zone that was chosen for the question, or REFUSED."""
    reply = server.query(name, type, **how)
    chosen = reply.trace.server
    return chosen["zone"] if chosen and reply.rcode != "REFUSED" else reply.rcode


ZONES = """
example.org {
 whoami
}
org {
 whoami
}
sub.example.org {
 whoami
}
"""

# -- which zone answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("example.org", "example.org."),
        ("a.b.EXAMPLE.org", "example.org."),
        ("x.sub.example.org", "sub.example.org."),
        ("xsub.example.org", "example.org."),
        ("xexample.org", "org."),
        ("org", "org."),
        ("test", "REFUSED"),
        (".", "REFUSED"),
    ],
)
def test_the_longest_zone(name: str, zone: str) -> None:
    assert who(serving(ZONES), name) == zone


def test_the_root_is_the_last_resort() -> None:
    server = serving(ZONES + ". {\nwhoami\n}\n")
    assert [who(server, n) for n in ("test", ".", "a.org")] == [".", ".", "org."]


@pytest.mark.parametrize(
    ("name", "zone"), [("sub.example.org", "org."), ("example.org", "org."), ("org", "org."), ("test", ".")]
)
def test_ds_goes_to_the_widest_zone(name: str, zone: str) -> None:
    assert who(serving(ZONES + ". {\nwhoami\n}\n"), name, "DS") == zone


def test_zones_in_capitals_until_1_14_7() -> None:
    text = "Example.ORG {\nwhoami\n}\n"
    assert who(serving(text), "a.example.org") == "example.org."
    assert who(serving(text, "1.14.6"), "a.example.org") == "REFUSED"


def test_several_keys_share_a_chain() -> None:
    server = serving("a.test b.test:1053 10.0.0.0/23 {\nwhoami\n}\n")
    assert who(server, "x.a.test") == "a.test."
    assert who(server, "x.a.test", to="127.0.0.1:1053") == "REFUSED"
    assert who(server, "x.b.test", to="127.0.0.1:1053") == "b.test."
    assert who(server, "1.1.0.10.in-addr.arpa") == "1.0.10.in-addr.arpa."
    assert who(server, "1.2.0.10.in-addr.arpa") == "REFUSED"


def test_each_key_has_a_cache_of_its_own_until_1_8_5() -> None:
    text = ".:53 .:1053 {\ncache 30\nerratic {\ndrop 2\n}\n}\n"
    for release, shared in (("1.8.4", False), ("1.8.5", True)):
        server = serving(text, release)
        assert not server.query("a.test").received
        assert server.query("a.test").received
        # The second port's first question is erratic's third, or the first one of an erratic of its own.
        assert server.query("a.test", to="127.0.0.1:1053").received is shared


def test_networks_between_labels_until_1_8_4() -> None:
    text = "10.0.0.0/9 {\nwhoami\n}\n. {\nwhoami\n}\n"
    old, new = serving(text, "1.2.2"), serving(text)
    assert who(old, "1.0.0.10.in-addr.arpa") == "10.in-addr.arpa."
    assert who(old, "1.0.200.10.in-addr.arpa") == "."
    assert who(old, "200.10.in-addr.arpa") == "10.in-addr.arpa."  # no whole address
    assert who(old, "1.0.200.10.in-addr.arpa", "DS") == "10.in-addr.arpa."
    assert who(new, "1.0.0.10.in-addr.arpa") == "0.10.in-addr.arpa."
    assert who(new, "1.0.200.10.in-addr.arpa") == "."


def test_filters_choose_among_servers_of_one_zone() -> None:
    server = serving("a.test {\nwhoami\n}\n. {\nwhoami\n}\n")
    site = server.process.instance.sites[0]
    site.filters.append(lambda query: query.type == 28)
    site.view_name = "v6"
    assert who(server, "x.a.test") == "."
    assert who(server, "x.a.test", "AAAA") == "a.test."


# -- blocks without plugins -------------------------------------------------------------------------------------------


def test_a_zone_without_plugins() -> None:
    text = "example.org {\n}\norg {\nwhoami\n}\n. {\nwhoami\n}\n"
    assert serving(text).query("a.example.org").rcode == "REFUSED"
    assert who(serving(text), "example.org", "DS") == "REFUSED"
    old = serving(text, "1.6.5").query("a.example.org")
    assert old.rcode == "SERVFAIL"
    assert old.log == ['[ERROR] Recovered from panic in server: "dns://:53"']
    assert who(serving(text, "1.6.5"), "example.org", "DS") == "org."


def test_a_panic_with_debug_ends_the_process() -> None:
    server = serving("test {\ndebug\n}\n", "1.6.5")
    assert not server.query("a.test").received
    assert server.process.instance.fatal == "panic: runtime error: invalid memory address or nil pointer dereference"
    assert not server.query("a.test").received


def test_the_last_plugin_passes_on() -> None:
    reply = serving("org {\nerrors\nhosts {\nfallthrough\n}\n}\n").query("a.org")
    assert (reply.rcode, reply.flags) == ("SERVFAIL", ("qr", "rd"))
    assert reply.log == ["[ERROR] plugin/errors: 2 a.org. A: plugin/hosts: no next plugin found"]


# -- what the DNS library refuses -------------------------------------------------------------------------------------

WHOAMI = ".:53 {\nwhoami\n}\n"


@pytest.mark.parametrize(
    ("opcode", "release", "rcode", "flags"),
    [
        ("STATUS", "1.14.7", "NOTIMP", ("qr", "rd", "ad", "cd")),
        ("UPDATE", "1.6.3", "NOTIMP", ("qr", "rd", "ad", "cd")),
        ("UPDATE", "1.6.2", "FORMERR", ("qr", "rd", "ad", "cd")),
        ("UPDATE", "1.2.6", "NOERROR", ("qr", "aa")),
        ("NOTIFY", "1.14.7", "NOERROR", ("qr", "aa")),
    ],
)
def test_opcodes(opcode: str, release: str, rcode: str, flags: tuple[str, ...]) -> None:
    reply = serving(WHOAMI, release).query("a.test", opcode=opcode, flags="rd ad cd")
    assert (reply.rcode, reply.flags) == (rcode, flags)
    assert reply.msg is not None
    assert (reply.msg.question is None) is (rcode != "NOERROR")


def _asked(**fields: Any) -> Msg:
    msg = Msg(Question("a.test.", 1, 1), id=7, rd=True)
    for name, value in fields.items():
        setattr(msg, name, value)
    return msg


A = [rr_from_text("a.test. 1 IN A 192.0.2.1")]


@pytest.mark.parametrize(
    ("fields", "release", "rcode"),
    [
        ({"qr": True}, "1.14.7", ""),
        ({"qr": True}, "1.2.2", ""),
        ({"question": None}, "1.14.7", "FORMERR"),
        ({"question": None}, "1.2.2", "SERVFAIL"),
        ({"answer": A}, "1.14.7", "NOERROR"),
        ({"answer": A}, "1.3.0", "FORMERR"),
        ({"answer": A * 2}, "1.14.7", "FORMERR"),
        ({"answer": A * 2}, "1.2.2", "NOERROR"),
        ({"ns": A * 2}, "1.14.7", "FORMERR"),
        ({"extra": A * 2}, "1.14.7", "NOERROR"),
        ({"extra": A * 2, "edns": Edns(1232)}, "1.14.7", "FORMERR"),
        ({"z": True}, "1.14.7", "NOERROR"),
        ({"z": True}, "1.5.0", "FORMERR"),
        ({"tc": True}, "1.14.7", "NOERROR"),
        ({"tc": True}, "1.2.2", "FORMERR"),
    ],
)
def test_odd_messages(fields: dict[str, Any], release: str, rcode: str) -> None:
    assert serving(WHOAMI, release).ask(_asked(**fields)).rcode == rcode


@pytest.mark.parametrize(
    ("code", "data", "release", "back"),
    [
        (9, "", "1.14.7", ""),
        (9, "", "1.8.6", "00000000"),
        (9, "00", "1.14.7", None),
        (9, "00", "1.6.5", "00"),
        (11, "000b0000", "1.8.6", "00000000"),
        (11, "", "1.8.6", None),
        (11, "0001", "1.8.7", "0001"),
        (8, "0001", "1.14.7", None),
        (8, "00012100c0000201", "1.2.2", None),
        (8, "00011100c0ff02", "1.2.2", "00011100c0ff00"),
        (2, "0000000100000002", "1.2.2", "00000001"),
    ],
)
def test_edns_options(code: int, data: str, release: str, back: str | None) -> None:
    reply = serving(WHOAMI, release).query("a.test", edns=Edns(1232, options=((code, bytes.fromhex(data)),)))
    if back is None:
        assert reply.rcode == "FORMERR"
        return
    assert reply.msg is not None
    assert reply.msg.edns is not None
    assert [x.hex() for _, x in reply.msg.edns.options] == [back]


def test_edns_version() -> None:
    reply = serving(WHOAMI).query("a.test", edns=Edns(1232, version=1))
    assert reply.rcode == "BADVERS"
    assert reply.msg is not None
    assert reply.msg.edns == Edns(0)
    assert reply.msg.question is not None
    old = serving(WHOAMI, "1.10.0").query("a.test", edns=Edns(1232, version=1))
    assert old.msg is not None
    assert old.msg.question is None


def test_classes() -> None:
    reply = serving(WHOAMI).query("a.test", cls="CH")
    assert (reply.rcode, reply.flags) == ("REFUSED", ("qr", "rd"))
    forwarding = serving("a.test {\nwhoami\n}\nb.test {\nforward . 10.0.0.1\n}\n")
    assert forwarding.query("a.test", cls="CH").rcode == "NOERROR"


def test_no_such_zone_is_logged_until_1_1_0() -> None:
    text = "a.test {\nwhoami\n}\n"
    assert serving(text, "1.0.6").query("B.test").log == [
        '[INFO] "A IN B.test." - No such zone at dns://:53 (Remote: 127.0.0.1:40212)'
    ]
    assert serving(text, "1.1.0").query("B.test").log == []


def test_a_server_that_asks_itself() -> None:
    server = serving(WHOAMI, "1.4.0")
    ctx = Context(server.world, client="127.0.0.1", client_port=1, server="", server_ip="127.0.0.1", server_port=53)
    listener = server.process.instance.listeners[0]
    for entries, rcode in ((10, 0), (11, 2)):
        ctx.entries = entries
        reply = server.process.instance.exchange(_asked(), ctx, listener)
        assert reply is not None
        assert reply.rcode == rcode


# -- where it listens -------------------------------------------------------------------------------------------------

B = "a.test {\nbind %s\nwhoami\n}\n"
PLAIN = "a.test {\nwhoami\n}\n"


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        (PLAIN * 2, "1.14.7", "cannot serve dns://a.test.:53 - it is already defined"),
        (PLAIN * 2, "1.0.6", "cannot serve dns://a.test.:53 - zone already defined for dns://a.test.:53"),
        ("a.test a.test {\nwhoami\n}\n", "1.14.7", "cannot serve dns://a.test.:53 - it is already defined"),
        ("A.test a.test {\nwhoami\n}\n", "1.14.7", "cannot serve dns://a.test.:53 - it is already defined"),
        ("A.test a.test {\nwhoami\n}\n", "1.14.6", ""),
        (B % "127.0.0.1" + B % "127.0.0.2", "1.14.7", ""),
        (
            B % "127.0.0.1" + PLAIN,
            "1.14.7",
            "cannot serve dns://a.test.:53 - zone overlap listener capacity with dns://a.test.:53 on 127.0.0.1",
        ),
        (
            PLAIN + B % "127.0.0.1",
            "1.14.7",
            "cannot serve dns://a.test.:53 on 127.0.0.1 - zone overlap listener capacity with dns://a.test.:53",
        ),
        (PLAIN + PLAIN.replace("a.test", "a.test:1053"), "1.14.7", ""),
        (
            "10.0.0.0/23 10.0.1.0/24 {\nwhoami\n}\n",
            "1.14.7",
            "cannot serve dns://1.0.10.in-addr.arpa.:53 - it is already defined",
        ),
        (PLAIN.replace("a.test", "a.test:70000"), "1.14.7", "address 70000: invalid port"),
        (PLAIN.replace("a.test", "a.test:70000") + PLAIN * 2, "1.14.7", "address 70000: invalid port"),
        (
            PLAIN.replace("a.test", "a.test:70000") + PLAIN * 2,
            "1.9.4",
            "cannot serve dns://a.test.:53 - it is already defined",
        ),
        ("https3://a.test {\nwhoami\n}\n", "1.14.7", "DoH3 requires TLS, no TLS config found"),
        ("quic://a.test {\nwhoami\n}\n", "1.14.7", "ListenPacket: quic: tls.Config not set"),
        ("https://a.test {\nwhoami\n}\n", "1.8.6", "DoH requires TLS to be configured, see the tls plugin"),
        ("https://a.test {\nwhoami\n}\n", "1.14.7", ""),
        ("unix:///a.test {\nwhoami\n}\n", "1.14.7", ""),
        ("tls://a.test:53 a.test {\nwhoami\n}\n", "1.6.5", "Listen: listen tcp :53: bind: address already in use"),
        ("tls://a.test:53 a.test {\nwhoami\n}\n", "1.14.7", ""),
    ],
)
def test_listening(text: str, release: str, coredns: str) -> None:
    assert "".join(errors(text, release)[:1]) == coredns


def test_the_other_one_is_named() -> None:
    instance = build(Source("Corefile", PLAIN * 2), find("1.14.7"), World())
    finding = instance.errors[0]
    assert [(span.line, text) for span, text in finding.related] == [(1, "the other one")]
    assert finding.span is not None
    assert finding.span.line == 4


def test_tcp_and_udp_and_nobody() -> None:
    server = serving(WHOAMI)
    assert server.query("a.test", transport="tcp").additional[1].name == "_tcp.a.test."
    assert not server.query("a.test", to="127.0.0.1:54").received
    assert not server.query("a.test", to="10.9.9.9:53").received


# -- the order of findings --------------------------------------------------------------------------------------------


def test_keys_then_directives_in_their_order_then_addresses() -> None:
    text = "a..test {\nwhoami x\n}\nb.test {\nfile nothere {\nfoo\n}\nbind 127.0.0.256\n}\nc.test {\nwhoami\n}\nc.test {\nwhoami\n}\n"
    found = errors(text, "1.9.3")
    assert [e.split(":")[0] for e in found] == [
        "error inspecting server blocks",
        "plugin/bind",
        "plugin/file",
        "cannot serve dns",
    ]


def test_all_blocks_for_one_directive_before_the_next() -> None:
    text = "a.test {\nwhoami x\n}\nb.test {\nbind 127.0.0.256\n}\nc.test {\nwhoami y\n}\n"
    assert [e.split(" ")[0] for e in errors(text)] == ["plugin/bind:", "plugin/whoami:", "plugin/whoami:"]


def test_unknown_directives_come_first() -> None:
    assert errors("a.test {\nbind 127.0.0.256\n}\nb.test {\nfoo\n}\n")[0].endswith("Unknown directive 'foo'")


# -- replies without a wire form ----------------------------------------------------------------------------------------


def test_a_reply_that_has_no_wire_form_is_not_sent() -> None:
    """One decision for all of them: names with an empty label, extended rcodes without EDNS."""

    def bad_cookie(msg: Msg) -> Msg:
        reply = msg.reply(23)
        reply.edns = Edns(1232)
        return reply

    bad_cookie.speaks_msg = True  # type: ignore[attr-defined]
    hosts = loads(".:53 {\n hosts {\n  127.0.0.1 lo\\065calhost..\n }\n}\n")
    assert not hosts.query("1.0.0.127.in-addr.arpa", "PTR").received
    world = World(upstreams={"10.9.0.1": bad_cookie})
    cached = loads(".:53 {\n cache\n forward . 10.9.0.1\n}\n", world=world)
    assert not cached.query("a.example").received
    assert "it is not sent: bad extended rcode" in str(cached.query("a.example").trace)


def test_a_changed_question_leaves_those_behind_it() -> None:
    """The kind: a query with several questions, of which the first alone is answered, and may be rewritten."""
    first, second = Question("a.example.", 1, 1), Question("b.example.", 1, 1)
    msg = Msg(FirstQuestion.of([first, second]), id=1)
    ctx = Context(World(), client="127.0.0.1", client_port=1, server="", server_ip="127.0.0.1", server_port=53)
    asked = Query(msg, ctx).asking("c.example.").msg.question
    assert isinstance(asked, FirstQuestion)
    assert (asked.name, asked.others) == ("c.example.", (second,))
