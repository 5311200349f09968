"""The library in a few lines."""

from __future__ import annotations

import re
from pathlib import Path

import dnslib
import pytest

import corefile
from corefile import CorefileError, Server, World, check, checks, load, loads
from corefile.dns.message import Edns, Msg, Question
from corefile.findings import Source
from corefile.releases import UnknownRelease, find

TEXT = ".:53 {\n    errors\n    hosts {\n        10.0.0.1 a.example.org\n    }\n    whoami\n}\n"


def test_the_package_has_what_it_promises_and_no_more() -> None:
    assert {name: getattr(corefile, name) for name in corefile.__all__}.keys() == set(corefile.__all__)
    assert corefile.load is load
    with pytest.raises(AttributeError, match="module 'corefile' has no attribute 'lod'"):
        _ = corefile.lod


def test_load_takes_a_path_and_loads_takes_text(tmp_path: Path) -> None:
    path = tmp_path / "Corefile"
    path.write_text(TEXT, encoding="utf-8")
    for server in (load(str(path)), load(path), loads(TEXT), loads(TEXT.encode()), loads(Source("mine", TEXT))):
        assert server.query("a.example.org").rcode == "NOERROR"
    assert check(path) == check(str(path)) == checks(TEXT) == checks(TEXT.encode()) == []
    for text in (TEXT, "", ".:53 { whoami }", b". {\n}\n"):
        for take in (load, check):
            with pytest.raises(
                ValueError, match="this is the text of a Corefile, not the path of one: `loads` and `ch"
            ):
                take(text)  # type: ignore[arg-type]
    for take in (loads, checks):
        with pytest.raises(TypeError, match="a str, bytes or a Source, not PosixPath: `load` takes a path"):
            take(path)  # type: ignore[arg-type]


def test_a_configmap_is_taken_and_brings_its_files(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n"
        "  Corefile: |\n    . {\n        import more\n    }\n  more: |\n    whoami\n",
        encoding="utf-8",
    )
    server = load(path)
    assert server.query("a.b").rcode == "NOERROR"
    assert str(server.query("a.b").trace).startswith(f'  :53   server "." ({path}:5)\n')
    assert loads(path.read_text(encoding="utf-8")).query("a.b").rcode == "NOERROR"
    path.write_text("kind: Service\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no ConfigMap in it has a Corefile"):
        load(path)


def test_files_beside_the_corefile_are_read_unless_a_world_is_given(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("10.0.0.2 b.example.org\n", encoding="utf-8")
    (tmp_path / "Corefile").write_text(". {\n    hosts names\n}\n", encoding="utf-8")
    assert [rr.data for rr in load(tmp_path / "Corefile").query("b.example.org").answer] == [("10.0.0.2",)]
    assert load(tmp_path / "Corefile", world=World()).query("b.example.org").answer == []


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        load("/nowhere/Corefile")


def test_a_refused_corefile_raises_with_all_findings() -> None:
    with pytest.raises(CorefileError) as caught:
        loads(". {\n    whoam\n    erors\n}\n")
    assert [f.code for f in caught.value.findings] == ["unknown-directive", "unknown-directive"]
    assert "did you mean `whoami`?" in str(caught.value)


def test_releases_by_name() -> None:
    assert loads(TEXT).release.version == "1.14.7"
    assert loads(TEXT, release="registry.k8s.io/coredns/coredns:v1.11.3").release.version == "1.11.3"
    assert loads(TEXT, release=find("1.2.2")).release.version == "1.2.2"
    for release, words in (
        ("2.0", "`2.0` names no release of CoreDNS (expected a version such as 1.14.7)"),
        ("v1.11.2", "CoreDNS has no release 1.11.2; the nearest are 1.11.1 and 1.11.3"),
        ("1.11", "`1.11` is more than one release of CoreDNS: 1.11.0, 1.11.1, 1.11.3, 1.11.4"),
        (True, "`True` names no release of CoreDNS (expected a version such as 1.14.7)"),
    ):
        with pytest.raises(UnknownRelease, match=re.escape(words)):
            loads(TEXT, release=release)  # type: ignore[arg-type]


def test_what_does_not_keep_it_from_starting_is_in_findings() -> None:
    server = loads(". {\n    route53 example.org.:Z1\n    whoami\n}\n")
    assert [(f.code, f.severity) for f in server.findings] == [("not-simulated", "notice")]


def test_a_reply_in_the_fields_words() -> None:
    reply = loads(TEXT).query("a.example.org")
    assert (reply.received, reply.rcode, reply.flags, reply.elapsed) == (True, "NOERROR", ("qr", "aa", "rd"), 0)
    assert repr(reply.answer) == "[<RR a.example.org. 3600 IN A ('10.0.0.1',)>]"
    assert (reply.authority, reply.additional, reply.log) == ([], [], [])
    assert isinstance(reply.message, dnslib.DNSRecord)
    assert str(reply.message.a.rdata) == "10.0.0.1"
    assert repr(reply) == "<Reply NOERROR 1 answers>"


def test_no_reply_at_all() -> None:
    reply = loads(TEXT).query("a.example.org", to="127.0.0.1:54")
    assert (reply.received, reply.rcode, reply.flags, reply.answer) == (False, "", (), [])
    assert repr(reply) == "<Reply none>"
    with pytest.raises(ValueError, match="no reply came"):
        _ = reply.message


def test_how_to_ask() -> None:
    server = loads(". {\n    whoami\n}\n", world=World(addresses=["10.0.0.7"]))
    reply = server.query(
        "a.b",
        "TXT",
        flags="none",
        client="10.0.0.9:999",
        to="10.0.0.7:53",
        transport="tcp",
        edns=Edns(4096, do=True),
        id=77,
    )
    assert reply.flags == ("qr", "aa")
    assert reply.additional[0].data == ("10.0.0.9",)
    assert reply.message.header.id == 77
    assert server.query("a.b", 255, cls=3).rcode == server.query("a.b", "ANY", cls="CH").rcode == "REFUSED"
    assert server.query("a.b", opcode="STATUS").rcode == server.query("a.b", opcode=2).rcode == "NOTIMP"


def test_words_that_mean_nothing_are_refused() -> None:
    server = loads(TEXT)
    for ask in (
        lambda: server.query("a.b", "AX"),
        lambda: server.query("a.b", cls="XX"),
        lambda: server.query("a.b", opcode="ASK"),
        lambda: server.query("a..b"),
    ):
        with pytest.raises(ValueError):
            ask()


def test_a_message_of_ones_own_is_not_changed() -> None:
    msg = Msg(Question("a.example.org.", 1, 1), id=5)
    before = repr(msg)
    reply = loads(TEXT).ask(msg)
    assert reply.rcode == "NOERROR"
    assert repr(msg) == before
    assert reply.trace.hops == []


def test_octets_are_taken_too() -> None:
    server = loads(TEXT)
    octets = dnslib.DNSRecord.question("a.example.org").pack()
    assert [rr.data for rr in server.send(octets).answer] == [("10.0.0.1",)]
    assert not server.send(b"\x00").received


def test_endpoints_samples_and_time() -> None:
    server = loads(
        ". {\n    health\n    prometheus\n    cache 30\n    forward . 10.0.0.53\n}\n",
        world=World(upstreams={"10.0.0.53": "a.b. 300 IN A 192.0.2.1"}),
    )
    assert server.get(":8080/health") == (200, "OK")
    assert server.get(":9999/")[0] is None
    assert [server.query("a.b").answer[0].ttl, server.query("a.b").answer[0].ttl] == [30, 30]
    server.advance(10)
    assert server.query("a.b").answer[0].ttl == 20
    assert server.samples(["coredns_cache_hits_total"]) == [
        'coredns_cache_hits_total{server="dns://:53",type="success",view="",zones="."} 2'
    ]
    assert len(server.samples()) > 20
    assert server.samples(at=":9999") == []


def test_a_reload_swaps_the_corefile_or_leaves_it() -> None:
    server = loads(TEXT)
    assert [f.code for f in server.process.replace(Source("Corefile", ". {\n whoam\n}"))] == ["unknown-directive"]
    assert server.query("a.example.org").rcode == "NOERROR"
    assert server.process.replace(Source("Corefile", "example.org {\n hosts {\n  10.0.0.9 a.example.org\n }\n}")) == ()
    assert [rr.data for rr in server.query("a.example.org").answer] == [("10.0.0.9",)]


def test_a_server_may_be_made_without_starting_it() -> None:
    server = Server(Source("Corefile", ". {\n whoam\n}"), find("1.14.7"), World())
    assert [f.code for f in server.findings] == ["unknown-directive"]
    with pytest.raises(CorefileError):
        server.query("a.b")
