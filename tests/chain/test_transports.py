"""Transports: who listens where, what each makes of a reply, and which messages never reach a chain."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from corefile import Edns, Http, Rpc, Via
from corefile.api import Server, loads
from corefile.dns import wire
from corefile.dns.message import Msg, Question
from corefile.testing.certificates import NAMED
from corefile.world import World

ALL = """
.:53 tls://.:853 https://.:443 grpc://.:5443 quic://.:8853 https3://.:8443 {
    tls cert.pem key.pem
    prometheus 127.0.0.1:9153
    file db example.org
}
"""
ZONE = "@ 60 SOA ns h 1 2 3 4 5\nmany 60 A 192.0.2.0\n" + "".join(f"many 60 A 192.0.2.{n}\n" for n in range(1, 60))
PORTS = {"udp": 53, "tcp": 53, "tls": 853, "https": 443, "grpc": 5443, "quic": 8853, "https3": 8443}


def serving(text: str = ALL, release: str = "1.14.7") -> Server:
    return loads(text, release=release, world=World(files={"db": ZONE, **{name: NAMED[name] for name in NAMED}}))


@pytest.mark.parametrize("transport", PORTS)
def test_what_is_cut_counts_as_udp(transport: Any) -> None:
    reply = serving().query("many.example.org", to=f"127.0.0.1:{PORTS[transport]}", transport=transport)
    cut = transport in ("udp", "quic", "https3")
    assert ("tc" in reply.flags, len(reply.answer) < 60) == (cut, cut)
    assert reply.id == (0 if transport in ("quic", "https3") else 4242)
    assert (reply.http is not None) == transport.startswith("https")


@pytest.mark.parametrize("transport", PORTS)
@pytest.mark.parametrize("wanted", PORTS)
def test_who_understands_whom(transport: Any, wanted: Any) -> None:
    reply = serving().query("example.org", "SOA", to=f"127.0.0.1:{PORTS[transport]}", transport=wanted)
    same = transport == wanted or {transport, wanted} == {"udp", "tcp"}
    assert reply.received == same
    if not same:
        assert reply.trace.notes
        assert "None" not in str(reply.trace)


DROPS = """
.:53 tls://.:853 https://.:443 grpc://.:5443 quic://.:8853 https3://.:8443 {
    tls cert.pem key.pem
    erratic {
        drop 1
    }
}
"""


@pytest.mark.parametrize("transport", PORTS)
def test_what_a_drop_looks_like(transport: Any) -> None:
    reply = serving(DROPS).query("a.example.org", to=f"127.0.0.1:{PORTS[transport]}", transport=transport)
    if transport in ("https", "https3"):
        assert (reply.received, reply.http) == (False, Http(500, None, "No response"))
        assert repr(reply) == "<Reply: HTTP 500>"
    elif transport == "grpc":
        assert (reply.received, reply.flags, reply.question) == (True, ("rd",), "a.example.org. IN A")
    else:
        assert (reply.received, reply.http) == (False, None)


def octets(**options: Any) -> str:
    return base64.urlsafe_b64encode(wire.pack(Msg(Question("example.org.", 6, 1), **options))).decode().rstrip("=")


@pytest.mark.parametrize(
    ("via", "http"),
    [
        (Via("https"), Http(200, "max-age=5")),
        (Via("https", method="GET"), Http(200, "max-age=5")),
        (Via("https", path="/"), Http(404)),
        (Via("https", path="/dns%2Dquery"), Http(200, "max-age=5")),
        (Via("https", method="PUT"), Http(400, None, "invalid request")),
        (Via("https", method="HEAD"), Http(400)),
        (Via("https", method="GET", path="/dns-query?x=1"), Http(400, None, "invalid request")),
        (Via("https", method="GET", path=f"/dns-query?dns={octets()}"), Http(200, "max-age=60")),
        (Via("https", method="GET", path=f"/dns-query?dns={octets()}&dns=AAAA"), Http(400, None, "invalid request")),
        (Via("https", method="GET", path=f"/dns-query?dns={octets()}&dns=A;A&dns=%zz"), Http(200, "max-age=60")),
    ],
)
def test_requests_over_https(via: Via, http: Http) -> None:
    reply = serving().query("nothing.example", "SOA", to="127.0.0.1:443", transport=via)
    assert reply.http == http
    assert reply.received == (http.status == 200)


@pytest.mark.parametrize(
    ("release", "path", "http"),
    [
        ("1.14.5", "/dns-query?x=1", Http(400, None, "invalid request")),
        ("1.14.4", "/dns-query?x=1", Http(400, None, "no 'dns' query parameter found")),
        ("1.12.1", "/dns-query?dns=%0AA*A", Http(400, None, "illegal base64 data at input byte 2")),
        ("1.12.1", "/dns-query?dns=AA*A", Http(400, None, "illegal base64 data at input byte 2")),
        ("1.11.4", "/dns-query?dns=" + octets(), Http(200, "max-age=60")),
        ("1.11.3", "/dns-query?dns=" + octets(), Http(200, "max-age=60.000000")),
        ("1.1.4", "/dns-query?dns=" + octets(), Http(200, "max-age=128")),
    ],
)
def test_http_by_release(release: str, path: str, http: Http) -> None:
    text = "https://.:443 {\n tls cert.pem key.pem ca.pem\n file db example.org\n}\n"
    reply = serving(text, release).query(
        "a.example", to="127.0.0.1:443", transport=Via("https", True, None, "GET", path)
    )
    assert reply.http == http


@pytest.mark.parametrize(("release", "age"), [("1.2.4", "3600.000000"), ("1.2.5", "5.000000"), ("1.14.7", "5")])
def test_up_to_1_2_4_what_has_an_opt_record_alone_is_kept_for_an_hour(release: str, age: str) -> None:
    text = "https://.:443 {\n tls cert.pem key.pem ca.pem\n file db example.org\n}\n"
    edns = Edns(1232, version=1)
    reply = serving(text, release).query("a.example", to="127.0.0.1:443", transport=Via("https", True), edns=edns)
    assert (reply.rcode, reply.http) == ("BADVERS", Http(200, f"max-age={age}"))


@pytest.mark.parametrize(("release", "where"), [("1.2.2", ""), ("1.9.3", ""), ("1.14.4", "OPT.Option: ")])
def test_an_option_that_cannot_be_read_in_another_section(release: str, where: str) -> None:
    """Here one of CLIENT-SUBNET with two octets, in an OPT record of the authority section."""
    octets = bytes.fromhex(
        "109201000001000000010001"  # a question, one record of authority, one more
        "0161000001000100002900640001800000060008000200010000" + "2904d0000000000000"
    )
    reply = serving(release=release).send(octets, to="127.0.0.1:5443", transport="grpc")
    assert reply.grpc is not None
    assert (reply.received, reply.grpc.status, reply.grpc.message) == (False, 2, f"{where}dns: buffer size too small")


@pytest.mark.parametrize("release", ["1.0.6", "1.1.4"])
def test_a_question_that_cannot_be_sent_back(release: str) -> None:
    """With a name that `rewrite` has made of it, as both releases say."""
    text = "grpc://.:5443 {\n rewrite name regex (.*) {1}\n hosts {\n  10.0.0.1 a.example\n }\n}\n"
    reply = loads(text, release=release).query("b.example", to="127.0.0.1:5443", transport="grpc")
    assert reply.grpc is not None
    assert (reply.received, reply.octets, reply.grpc.message) == (False, None, "dns: bad rdata")


def test_messages_that_the_library_refuses() -> None:
    for release, taken in (("1.14.7", False), ("1.14.5", True)):
        server = serving(release=release)
        https = server.query("a.example.org", opcode="STATUS", to="127.0.0.1:443", transport="https")
        grpc = server.query("a.example.org", opcode="STATUS", to="127.0.0.1:5443", transport="grpc")
        quic = server.query("a.example.org", opcode="STATUS", to="127.0.0.1:8853", transport="quic")
        assert (https.received, grpc.received, quic.received) == (taken,) * 3
        assert grpc.grpc == (None if taken else Rpc(2, "dns request rejected"))


TWO_QUESTIONS = bytes.fromhex("000001000002000000000000 0161 00 00010001 0161 00 00010001".replace(" ", ""))
HEADER = bytes.fromhex("000001000001000000000000")


@pytest.mark.parametrize(
    ("octets", "new", "old"),
    [
        (TWO_QUESTIONS, "dns request rejected", ""),
        (TWO_QUESTIONS[:-7], "dns request rejected", "dns: buffer size too small"),
        (HEADER, "", ""),
        (HEADER[:7], "dns: buffer size too small", "dns: overflow unpacking uint16"),
        (HEADER + b"\3a", "bad question name: dns: buffer size too small", "dns: buffer size too small"),
        (HEADER + b"\1a\0\0", "bad question qtype: dns: overflow unpacking uint16", "dns: overflow unpacking uint16"),
        (HEADER[:-1] + b"\1\1a\0\0\1\0\1\0\0\1\0\1\0\0", *["dns: overflow unpacking uint32"] * 2),
        (HEADER[:-1] + b"\1\1a\0\0\1\0\1\0\0\1\0\1\0\0\0\0\0\4\1", *["dns: overflowing header size"] * 2),
    ],
)
def test_what_is_said_of_messages_that_cannot_be_read(octets: bytes, new: str, old: str) -> None:
    """Found by `make differential`: since 1.14.7 the header is looked at first, by what it says, not by what there is; since
    1.12.3 the DNS library says in which part of a message it gave up."""
    text = "grpc://.:5443 {\n file db .\n}\n"
    for release, words in (("1.14.7", new), ("1.12.1", old)):
        reply = serving(text, release).send(octets, transport="grpc")
        assert (reply.grpc.message if reply.grpc else "") == words


def test_dns_over_quic_has_rules_of_its_own() -> None:
    server = serving()
    assert not server.query("a.example.org", id=1, to="127.0.0.1:8853", transport="quic").received
    keepalive = Edns(1232, options=((11, b""),))
    assert not server.query("a.example.org", edns=keepalive, to="127.0.0.1:8853", transport="quic").received
    assert server.query("a.example.org", to="127.0.0.1:8853", transport="quic").received
    assert server.samples("coredns_dns_quic_responses_total") == [
        'coredns_dns_quic_responses_total{server="quic://:8853",status="0x0"} 1',
        'coredns_dns_quic_responses_total{server="quic://:8853",status="0x2"} 2',
    ]


def test_octets_over_each_transport() -> None:
    server = serving()
    message = wire.pack(Msg(Question("example.org.", 6, 1)))
    for transport, port in PORTS.items():
        given: Any = transport
        assert server.send(message, to=f"127.0.0.1:{port}", transport=given).rcode == "NOERROR"
        broken = server.send(b"\0\0\0", to=f"127.0.0.1:{port}", transport=given)
        assert not broken.received
        assert (broken.http and broken.http.status) == (400 if transport.startswith("https") else None)
        assert (broken.grpc is not None) == (transport == "grpc")


# -- in the clear: a server is asked in its transport, whether it has a certificate or not --------------------------------


@pytest.mark.parametrize("kind", ["tls", "https", "grpc"])
def test_a_server_without_a_certificate_speaks_in_the_clear(kind: Any) -> None:
    server = loads(f"{kind}://example.org {{\n whoami\n}}\n")
    port = {"tls": 853}.get(kind, 443)
    assert server.address == f"{kind}://127.0.0.1:{port}"
    assert server.query("example.org").rcode == "NOERROR"
    assert server.query("example.org", to=f"{kind}://127.0.0.1").rcode == "NOERROR"
    assert server.query("example.org", transport=Via(kind, tls=False)).rcode == "NOERROR"
    over_tls = server.query("example.org", transport=Via(kind, tls=True))
    assert not over_tls.received
    assert "has no certificate" in over_tls.trace.notes[0]


def test_plain_dns_over_tcp_at_the_port_of_tls() -> None:
    server = loads("tls://example.org {\n whoami\n}\n")
    assert server.query("example.org", to="127.0.0.1:853", transport="tcp").rcode == "NOERROR"
    assert server.query("example.org", to="127.0.0.1:853").trace.notes == [
        "nothing listens at 127.0.0.1:853 over UDP; this Corefile listens at tls://:853"
    ]
    with_certificate = serving().query("example.org", to="127.0.0.1:853", transport="tcp")
    assert with_certificate.trace.notes == ["the server at tls://:853 speaks TLS only"]


def test_the_block_of_the_server_that_is_asked() -> None:
    server = serving("a.example:53 {\n whoami\n}\ntls://b.example {\n tls cert.pem key.pem\n whoami\n}\n")
    assert server.address == "127.0.0.1:53"
    assert server.query("b.example").rcode == "REFUSED"
    assert server.query("b.example", transport="tls").rcode == "NOERROR"
    assert server.query("b.example", to="tls://127.0.0.1:853").rcode == "NOERROR"


@pytest.mark.parametrize("to", ["udp://127.0.0.1", "ftp://127.0.0.1", "tls://", "tls://x"])
def test_addresses_that_mean_nothing(to: str) -> None:
    with pytest.raises(ValueError, match="`to`"):
        serving().query("a.example", to=to)


# -- clients with a certificate -------------------------------------------------------------------------------------------

MODES = {
    # nothing shown, one of the authority, one of another
    "nocert": (True, True, True),
    "request": (True, True, True),
    "require": (False, True, True),
    "verify_if_given": (True, True, False),
    "require_and_verify": (False, True, False),
}


@pytest.mark.parametrize("mode", MODES)
def test_clients_with_a_certificate(mode: str) -> None:
    tls = f"tls cert.pem key.pem ca.pem {{\n client_auth {mode}\n}}"
    server = serving(f"tls://. https://. grpc://.:5443 quic://.:8853 {{\n {tls}\n whoami\n}}\n")
    for kind, port in (("tls", 853), ("https", 443), ("grpc", 5443), ("quic", 8853)):
        shown = (None, NAMED["cert.pem"], NAMED["other-ca.pem"])
        to = f"127.0.0.1:{port}"
        got = [server.query("a.example", to=to, transport=Via(kind, True, which)).received for which in shown]
        assert tuple(got) == MODES[mode], kind


LOCAL = """
.:53 tls://.:853 https://.:443 grpc://.:5443 quic://.:8853 https3://.:8443 {
    tls cert.pem key.pem
    log . "{local}"
    whoami
}
"""


@pytest.mark.parametrize(
    ("transport", "release", "address"),
    [
        ("udp", "1.14.7", "[::]"),
        ("tcp", "1.14.7", "127.0.0.1"),
        ("tls", "1.14.7", "127.0.0.1"),
        ("https", "1.14.7", "127.0.0.1"),
        ("https", "1.14.3", "[::]"),
        ("grpc", "1.14.7", "[::]"),
        ("quic", "1.14.7", "127.0.0.1"),
        ("https3", "1.14.7", "[::]"),
    ],
)
def test_the_address_that_plugins_see(transport: Any, release: str, address: str) -> None:
    """A server that is open to all addresses knows the one that a query came to only in some transports (recorded)."""
    server = serving(LOCAL, release)
    reply = server.query("a.example", to=f"127.0.0.1:{PORTS[transport]}", transport=transport)
    assert reply.log == [f"[INFO] {address}"]


def test_http_in_the_clear_is_told_that_it_needs_tls() -> None:
    server = serving()
    said = Http(400, None, "Client sent an HTTP request to an HTTPS server.")
    for method, http in (("GET", said), ("POST", said), ("DELETE", None)):
        reply = server.query("example.org", "SOA", to="127.0.0.1:443", transport=Via("https", tls=False, method=method))
        assert (reply.received, reply.http) == (False, http)


SHARED = """
grpc://a.example:5443 {
    whoami
}
grpc://b.example:5443 {
    tls cert.pem key.pem
    whoami
}
"""


def test_whose_tls_counts_is_left_to_chance() -> None:
    files = {name: NAMED[name] for name in NAMED}
    for index, tls in enumerate((False, True)):
        world = World(files=files, choose=lambda options, why, index=index: index)
        server = loads(SHARED, world=world)
        assert [(f.code, f.span.line if f.span else 0) for f in server.findings] == [("tls-differs", 5)]
        for name in ("a.example", "b.example"):
            for wanted in (False, True):
                reply = server.query(name, to="127.0.0.1:5443", transport=Via("grpc", tls=wanted))
                assert reply.received == (wanted == tls)


TWICE = """
.:53 tls://.:853 https://.:443 grpc://.:5443 quic://.:8853 https3://.:8443 {
    tls cert.pem key.pem
    template ANY ANY . {
        rcode REFUSED
        answer "{{ .Name }} 60 IN A 192.0.2.1"
    }
}
"""


@pytest.mark.parametrize("transport", PORTS)
def test_of_two_replies_http_and_grpc_have_the_last(transport: Any) -> None:
    """A plugin that writes a reply and returns REFUSED has the server write another one (recorded)."""
    reply = serving(TWICE).query("a.example", to=f"127.0.0.1:{PORTS[transport]}", transport=transport)
    last = transport in ("https", "https3", "grpc")
    assert (reply.rcode, len(reply.answer), "aa" in reply.flags) == ("REFUSED", 0 if last else 1, not last)
