"""Asking other servers: destinations, how asking one of them ends, and what happens beside the queries."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from corefile.api import loads
from corefile.chain.network import Fault
from corefile.chain.setup import Setup
from corefile.chain.types import Invalid
from corefile.dns import IN, A
from corefile.dns.message import Msg, Question
from corefile.findings import Source
from corefile.golang.x509 import pool
from corefile.language.words import words
from corefile.plugins._backend import (
    Except,
    Link,
    NoNameservers,
    NotAnAddress,
    Rcode,
    Schedule,
    Trust,
    aside,
    destinations,
    nameservers,
    rcode_label,
    split_transport,
)
from corefile.releases import find
from corefile.testing.certificates import NAMED
from corefile.world import World

RESOLV = b"search a.test\nnameserver 10.0.0.1\nnameserver\n# nameserver 10.0.0.9\nnameserver fe80::1%eth0\n"
MISSING = 'failed to open file "dns.google": "open dns.google: no such file or directory"'
FILES = {"/etc/resolv.conf": RESOLV, "/empty": b"", "/zones/a": b"x"}


def setup_of(release: str = "1.14.7", **world: Any) -> Setup:
    server = loads(". {\nwhoami\n}", release=release, world=World(files=FILES, **world))
    setup: Setup = server.process.instance.sites[0].handlers[0].setup
    return setup


# -- destinations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "release", "addresses"),
    [
        ("10.0.0.1", "1.0.0", ["10.0.0.1:53"]),
        ("10.0.0.1:5353", "1.0.0", ["10.0.0.1:5353"]),
        ("fd00::1", "1.0.0", ["[fd00::1]:53"]),
        ("tls://10.0.0.1", "1.2.3", ["tls://10.0.0.1:853"]),
        ("tls://[fd00::1]", "1.14.2", ["tls://[fd00::1]:853"]),
        ("https://10.0.0.1", "1.14.5", ["https://10.0.0.1:443"]),
        ("quic://10.0.0.1", "1.11.0", ["quic://10.0.0.1:853"]),
        ("unix:///run/dns", "1.11.0", ["unix:///run/dns"]),
        ("fe80::1%eth0", "1.6.7", ["[fe80::1%eth0]:53"]),
        ("/etc/resolv.conf", "1.11.1", ["10.0.0.1:53", "[fe80::1%eth0]:53"]),
        ("/etc/resolv.conf", "1.11.3", ["10.0.0.1:53", "[fe80::1]:53"]),
        ("/empty", "1.6.7", []),
        ("/zones", "1.6.7", []),
    ],
)
def test_destinations(word: str, release: str, addresses: list[str]) -> None:
    assert destinations((word,), setup_of(release)) == addresses


@pytest.mark.parametrize(
    ("word", "release", "coredns"),
    [
        ("tls://10.0.0.1", "1.2.2", 'not an IP address or file: "tls://10.0.0.1"'),
        ("dns.google", "1.14.4", 'not an IP address or file: "dns.google"'),
        (
            "dns.google",
            "1.14.5",
            f'not an IP address or file "dns.google": {MISSING}',
        ),
        ("tls://", "1.11.0", 'invalid address: "tls://"'),
        ("/empty", "1.6.8", "no nameservers found"),
    ],
)
def test_what_is_no_destination(word: str, release: str, coredns: str) -> None:
    with pytest.raises(Invalid) as caught:
        destinations(("10.0.0.1", word) if "no nameservers" not in coredns else (word,), setup_of(release))
    assert caught.value.coredns == coredns
    assert isinstance(caught.value, NoNameservers if word == "/empty" else Invalid)


# Advice where something is an address in another release names what to write in this one (coredns#5106, coredns#3528).
@pytest.mark.parametrize(
    ("word", "release", "advice"),
    [
        ("tls://[fd00::1]", "1.8.6", "tls://[fd00::1]:853"),
        ("[fd00::1]", "1.8.6", "[fd00::1]:53"),
        (
            "fe80::1%eth0",
            "1.6.5",
            "an address takes a zone since CoreDNS 1.6.7; in a file like resolv.conf it may stand",
        ),
        ("dns.google", "1.8.6", "such as `10.0.0.53`, `10.0.0.53:5353` or `/etc/resolv.conf`"),
    ],
)
def test_advice(word: str, release: str, advice: str) -> None:
    with pytest.raises(NotAnAddress) as caught:
        destinations((word,), setup_of(release))
    assert (caught.value.write or caught.value.hint) == advice


def test_what_was_written_goes_with_the_error() -> None:
    tokens = words(Source("Corefile", "10.0.0.1 nope"))
    with pytest.raises(Invalid) as caught:
        destinations(("10.0.0.1", "nope"), setup_of(), tokens)
    assert caught.value.at is tokens[1]


def test_nameservers() -> None:
    assert nameservers(RESOLV.decode()) == ["10.0.0.1", "fe80::1%eth0"]


def test_transports_by_release() -> None:
    for before, since, name in (
        ("1.2.2", "1.2.3", "tls"),
        ("1.10.1", "1.11.0", "quic"),
        ("1.13.1", "1.13.2", "https3"),
    ):
        assert split_transport(f"{name}://a", find(before)) == ("dns", f"{name}://a")
        assert split_transport(f"{name}://a", find(since)) == (name, "a")


def test_what_is_no_zone_behind_except() -> None:
    assert Except().convert("a..b", find("1.6.4")) == (".",)
    assert Except().convert("a..b", find("1.6.5")) == ()
    assert Except().convert("A.test", find("1.8.4")) == ("a.test.",)


def test_rcodes() -> None:
    assert Rcode().convert("nxdomain", find("1.14.7")) == 3
    with pytest.raises(Invalid):
        Rcode().convert("NOPE", find("1.14.7"))
    assert (rcode_label(4, find("1.2.6")), rcode_label(4, find("1.3.0"))) == ("NOTIMPL", "NOTIMP")
    assert rcode_label(99, find("1.14.7")) == "99"


# -- asking -----------------------------------------------------------------------------------------------------------

ZONE = "a.test. 60 IN A 192.0.2.1\n" + "".join(f"big.test. 60 IN A 192.0.3.{n}\n" for n in range(60))
UPSTREAMS = {
    "127.0.0.53": ZONE,
    "127.0.0.54": Fault("timeout"),
    "127.0.0.55": Fault("refused"),
    "fe80::1": Fault("timeout"),
    "fe8::1": Fault("timeout"),
    "127.0.0.56": {
        "corefile": "tls://.:53 {\nbind 127.0.0.56\ntls cert.pem key.pem\nwhoami\n}",
        "files": {name: NAMED[name] for name in ("cert.pem", "key.pem")},
    },
    "127.0.0.57": {"corefile": "tls://.:53 {\nbind 127.0.0.57\nwhoami\n}"},
}


def ask(address: str, release: str = "1.14.7", *, name: str = "a.test.", proto: str = "udp", **link: Any) -> Any:
    setup = setup_of(release, upstreams=UPSTREAMS)
    made = Link(link.pop("transport", "dns"), address, setup, **link)
    return made.ask(Msg(Question(name, A, IN), id=9), aside(setup.world, setup.world.clock.now), proto, 2.0, 512)


def test_a_reply() -> None:
    response = ask("127.0.0.53:53")
    assert [str(rr.data[0]) for rr in response.reply.answer] == ["192.0.2.1"]
    assert (response.error, response.timeout, response.took) == ("", False, 0)


@pytest.mark.parametrize(
    ("address", "how", "error"),
    [
        ("127.0.0.54:53", {}, "read udp 127.0.0.1:40000->127.0.0.54:53: i/o timeout"),
        ("127.0.0.54:53", {"proto": "tcp"}, "read tcp 127.0.0.1:40000->127.0.0.54:53: i/o timeout"),
        ("127.0.0.54:53", {"source": "127.0.0.7"}, "read udp 127.0.0.7:40000->127.0.0.54:53: i/o timeout"),
        ("127.0.0.55:53", {}, "read udp 127.0.0.1:40000->127.0.0.55:53: read: connection refused"),
        ("127.0.0.55:53", {"proto": "tcp"}, "dial tcp 127.0.0.55:53: connect: connection refused"),
        ("10.9.9.9:53", {}, "dial udp 10.9.9.9:53: connect: network is unreachable"),
        ("[fe80::1%lo]:53", {"source": "::1"}, "read udp [::1]:40000->[fe80::1%lo]:53: i/o timeout"),
        ("[fe8::1%lo]:53", {"source": "::1"}, "read udp [::1]:40000->[fe8::1]:53: i/o timeout"),
        (
            "127.0.0.54:53",
            {"source": "10.9.9.8"},
            "dial udp 10.9.9.8:0->127.0.0.54:53: bind: cannot assign requested address",
        ),
        ("127.0.0.56:53", {"proto": "tcp"}, "EOF"),
        ("127.0.0.57:53", {"transport": "tls"}, "EOF"),
        (
            "127.0.0.55:53",
            {"transport": "https"},
            'Post "https://127.0.0.55:53/dns-query": dial tcp 127.0.0.55:53: connect: connection refused',
        ),
        ("127.0.0.53:x", {}, "dial udp: lookup udp/x: unknown port"),
        ("127.0.0.53:70000", {}, "dial udp: address 70000: invalid port"),
        ("quic://127.0.0.53:853", {}, "dial udp: address quic://127.0.0.53:853: too many colons in address"),
    ],
)
def test_errors(address: str, how: dict[str, Any], error: str) -> None:
    response = ask(address, **how)
    assert (response.reply, response.error) == (None, error)
    assert response.timeout is error.endswith("timeout")


def test_a_port_may_have_a_name() -> None:
    assert ask("127.0.0.53:domain").reply is not None


def test_a_server_for_tls_without_a_certificate_is_plain_dns_over_tcp() -> None:
    assert ask("127.0.0.57:53", proto="tcp").reply is not None


def test_a_datagram_that_does_not_fit() -> None:
    cut = ask("127.0.0.53:53", name="big.test.")
    assert cut.reply.tc
    assert ask("127.0.0.53:53", "1.14.7", name="big.test.", proto="tcp").reply.answer[59:]


# -- beside the queries -----------------------------------------------------------------------------------------------


class Times:
    def __init__(self) -> None:
        self.seen: list[float] = []


def test_a_schedule_runs_when_the_clock_or_a_query_gets_there() -> None:
    world, times = World(), Times()
    schedule = Schedule(world)
    now = world.clock.now
    for seconds in (3, 1, 2):
        schedule.at(now + seconds, times.seen.append)
    assert schedule.next() == now + 1
    schedule.until(now + 1)  # a query has waited until then
    assert times.seen == [now + 1]
    world.clock.advance(2)
    assert times.seen == [now + 1, now + 2]
    schedule.stop()
    world.clock.advance(5)
    assert times.seen == [now + 1, now + 2]
    assert schedule.next() > world.clock.now


def test_a_copy_of_a_schedule_is_independent() -> None:
    world = World()
    schedule = Schedule(world)
    schedule.at(world.clock.now + 1, Times().seen.append)
    other, other_world = copy.deepcopy((schedule, world))
    world.clock.advance(5)
    assert other.next() == other_world.clock.now + 1
    other_world.clock.advance(5)
    assert other.next() > other_world.clock.now + 5


@pytest.mark.parametrize(
    ("trust", "wrong"),
    [
        (("dns.example", "ca.pem"), ""),
        (("127.0.0.53", "ca.pem"), ""),
        (("dns.example", "other-ca.pem"), "x509: certificate signed by unknown authority"),
        (("dns.example", None), "x509: certificate signed by unknown authority"),
        (("other.example", "ca.pem"), "x509: certificate is valid for dns.example, not other.example"),
        (("", "ca.pem"), "x509: certificate is valid for 127.0.0.1, 127.0.0.53, ::1, not 127.0.0.56"),
    ],
)
def test_certificates_of_servers(trust: tuple[str, str | None], wrong: str) -> None:
    setup = setup_of("1.14.7", upstreams=UPSTREAMS)
    link = Link("tls", "127.0.0.56:53", setup)
    name, authority = trust
    link.trust = Trust(name, None if authority is None else pool(NAMED[authority].encode()))
    message = Msg(Question("a.test.", A, IN), id=9)
    response = link.ask(message, aside(setup.world, setup.world.clock.now), "tcp", 2.0)
    assert response.error == (f"tls: failed to verify certificate: {wrong}" if wrong else "")
    assert (response.reply is None) == bool(wrong)
