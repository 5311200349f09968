"""The library in a few lines."""

from __future__ import annotations

import json
import pickle
import re
from hashlib import md5
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import dnslib
import pytest

import corefile
from corefile import CorefileError, Fault, Server, World, check, checks, load, loads
from corefile.cli import main
from corefile.dns.message import Edns, Msg, Question
from corefile.findings import Finding, Source
from corefile.findings.report import by_place, to_json
from corefile.releases import UnknownRelease, find

from .lint.defaults import kubeadm

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
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
    good = TEXT.replace("    whoami\n", "")
    path.write_text(good, encoding="utf-8")
    assert check(path) == check(str(path)) == checks(good) == checks(good.encode()) == []
    for text in (TEXT, "", ".:53 { whoami }", b". {\n}\n"):
        for take in (load, check):
            with pytest.raises(
                ValueError, match="this is the text of a Corefile, not the path of one: `loads` and `ch"
            ):
                take(text)  # type: ignore[arg-type]
    for name in ("Corefile", "/etc/coredns/Corefile", "Corefile.prod", "a.yaml", "k8s/coredns.yml", "a\\b.json"):
        for take in (loads, checks):
            with pytest.raises(
                ValueError, match="looks like the path of a Corefile, not like one: `load` and `check` t"
            ):
                take(name)
    assert loads("example.org").query("a.example.org").rcode == "REFUSED"
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


def test_files_beside_the_corefile_are_read_whatever_world_is_given(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("10.0.0.2 b.example.org\n", encoding="utf-8")
    (tmp_path / "Corefile").write_text(". {\n    hosts names\n}\n", encoding="utf-8")
    assert [rr.data for rr in load(tmp_path / "Corefile").query("b.example.org").answer] == [("10.0.0.2",)]
    other = tmp_path / "other"
    other.mkdir()
    for world, answer in (
        (World(), [("10.0.0.2",)]),
        (World(files={"names": "10.0.0.3 b.example.org\n"}), [("10.0.0.3",)]),
        (World(root=tmp_path), [("10.0.0.2",)]),
        (World(files={"names": None}), []),
    ):
        assert [rr.data for rr in load(tmp_path / "Corefile", world=world).query("b.example.org").answer] == answer
    world = World()
    load(tmp_path / "Corefile", world=world)
    load(tmp_path / "Corefile", world=world)
    (other / "Corefile").write_text(". {\n    whoami\n}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="this world has the files of"):
        load(other / "Corefile", world=world)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        load("/nowhere/Corefile")


def test_a_refused_corefile_raises_with_all_findings() -> None:
    with pytest.raises(CorefileError) as caught:
        loads(". {\n    whoam\n    erors\n}\n")
    assert [f.code for f in caught.value.findings] == ["unknown-directive", "unknown-directive"]
    assert "did you mean `whoami`?" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        ". {\n on startup /bin/x {\n  nosuch\n }\n trace\n}\n",
        ". {\n kubernetes x {\n  kubeconfig /nope\n  pods foo\n }\n trace\n}\n",
    ],
)
def test_the_first_finding_of_a_refused_corefile_is_coredns_own(text: str) -> None:
    """Notices of directives that are set up before the one at fault stand behind the errors, also in `checks`."""
    with pytest.raises(CorefileError) as caught:
        loads(text)
    for findings in (caught.value.findings, checks(text)):
        assert [f.severity for f in findings] == ["error", "notice"]
        assert findings[0].coredns


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


def test_what_does_not_keep_it_from_starting_is_in_findings(not_simulated: str) -> None:
    server = loads(f". {{\n    {not_simulated} x\n    whoami\n}}\n")
    assert [(f.code, f.severity) for f in server.findings] == [("not-simulated", "notice")]


def test_a_reply_in_the_fields_words() -> None:
    reply = loads(TEXT).query("a.example.org")
    assert (reply.received, reply.rcode, reply.flags, reply.elapsed) == (True, "NOERROR", ("qr", "aa", "rd"), 0)
    assert (reply.question, reply.id, reply.opcode, reply.edns) == ("a.example.org. IN A", 4242, "QUERY", None)
    assert reply.answer == ["a.example.org. 3600 IN A 10.0.0.1"]
    assert (reply.answer[0].type, reply.answer[0].rdata) == ("A", "10.0.0.1")
    assert (reply.authority, reply.additional, reply.log) == ([], [], [])
    assert isinstance(reply.message, dnslib.DNSRecord)
    assert str(reply.message.a.rdata) == "10.0.0.1"
    assert dnslib.DNSRecord.parse(reply.octets) == reply.message
    assert reply.release == "1.14.7"
    assert repr(reply) == "<Reply NOERROR: a.example.org. 3600 IN A 10.0.0.1>"


def test_replies_print_short() -> None:
    server = loads(". {\n hosts {\n  10.0.0.1 a.b\n  10.0.0.2 a.b\n }\n}\n")
    assert repr(server.query("a.b")) == "<Reply NOERROR: a.b. 3600 IN A 10.0.0.1, and 1 more>"
    assert repr(server.query("a.b", "AAAA")) == "<Reply NOERROR, no answer>"
    assert repr(server.query("c.b")) == "<Reply SERVFAIL, no answer>"
    assert repr(server.query("c.b", to="10.9.9.9", timeout=2.5)) == "<Reply: none within 2.5 s>"


def test_replies_compare_by_what_the_client_got() -> None:
    one, two = loads(TEXT), loads(TEXT)
    assert one.query("a.example.org") == two.query("a.example.org", trace=False)
    assert one.query("a.example.org") != one.query("a.example.org", id=7)
    assert one.query("a.example.org", trace=False).trace != two.query("a.example.org").trace
    assert one.query("a.example.org").trace == two.query("a.example.org").trace
    assert one.query("a.example.org") != "NOERROR"


def test_no_reply_at_all() -> None:
    server = loads(TEXT)
    reply = server.query("a.example.org", to="127.0.0.1:54")
    assert (reply.received, reply.rcode, reply.flags, reply.answer, reply.additional) == (False, "", (), [], [])
    assert (reply.question, reply.id, reply.opcode, reply.edns, reply.octets) == ("", None, "", None, None)
    with pytest.raises(ValueError, match="no reply came"):
        _ = reply.message


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("127.0.0.1:54", "nothing listens at 127.0.0.1:54; this Corefile listens at :53, tls://:853"),
        ("10.0.0.7", "10.0.0.7 is not an address of CoreDNS's machine; World(addresses=[...]) says which it has"),
    ],
)
def test_why_no_reply_came(to: str, why: str) -> None:
    server = loads(TEXT + "tls://. {\n    whoami\n}\n")
    assert str(server.query("a.example.org", to=to).trace) == f"  no server was asked\n     {why}"


def test_a_process_that_has_ended_says_so() -> None:
    server = loads(". {\n debug\n erratic {\n  drop 0\n }\n}\n")
    server.process.instance.end(Finding("coredns-panics", "a panic", coredns="panic: oh"))
    assert str(server.query("a.b").trace).endswith("CoreDNS has ended: panic: oh")


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
    assert reply.additional[0] == "a.b. 0 IN A 10.0.0.9"
    assert reply.message.header.id == reply.id == 77
    assert reply.edns == Edns(4096, do=True)
    assert server.query("a.b", do=True).edns == Edns(1232, do=True)
    assert server.query("a.b", do=True, edns=Edns(512)).edns == Edns(512, do=True)
    assert server.query("a.b", edns=Edns(512)).edns == Edns(512)
    assert server.query("a.b").edns is None
    assert server.query("a.b", flags="RD CD").flags == ("qr", "aa", "rd", "cd")
    assert server.query("a.b", 255, cls=3).rcode == server.query("a.b", "ANY", "CH").rcode == "REFUSED"
    assert server.query("a.b", opcode="STATUS").rcode == server.query("a.b", opcode=2).rcode == "NOTIMP"
    assert server.query("a.b", client="fd00::9").additional[0] == "a.b. 0 IN AAAA fd00::9"


def test_where_a_query_goes_that_does_not_say() -> None:
    for text, address in (
        (".:53 .:54 {\n whoami\n}", "127.0.0.1:53"),
        (".:1053 {\n whoami\n}", "127.0.0.1:1053"),
        (". {\n bind 127.0.0.3 127.0.0.2\n whoami\n}", "127.0.0.2:53"),
        (". {\n bind 10.0.0.3\n whoami\n}", "10.0.0.3:53"),
        (". {\n bind ::1\n whoami\n}", "[::1]:53"),
    ):
        assert loads(text).address == address
        assert loads(text).query("a.b").received


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"type": "AX"}, "`AX` is no record type; did you mean AXFR?"),
        ({"type": "XAAA"}, "`XAAA` is no record type; did you mean AAAA?"),
        ({"type": 65536}, "the number of a record type is from 0 to 65535, not 65536"),
        ({"type": None}, "`None` is no record type"),
        ({"cls": "XX"}, "`XX` is no class"),
        ({"opcode": "ASK"}, "`ASK` is no opcode"),
        ({"opcode": "QUERRY"}, "`QUERRY` is no opcode; did you mean QUERY?"),
        ({"opcode": 16}, "the number of an opcode is from 0 to 15, not 16"),
        ({"id": -1}, "`id` is from 0 to 65535, not -1"),
        ({"name": "a..b"}, "the name `a..b` has an empty label"),
        ({"name": ""}, "the name `` is empty; `.` is the root"),
        ({"name": f"{'x' * 64}.b"}, f"the name `{'x' * 64}.b` has a label of 64 octets; 63 are the most"),
        ({"flags": "xy"}, "`flags` has words of qr, aa, tc, rd, ra, z, ad, cd or is none, not `xy`"),
        ({"flags": "question"}, "`flags` has words of qr, aa, tc, rd, ra, z, ad, cd or is none, not `question`"),
        (
            {"flags": "rd do"},
            "`flags` has words of qr, aa, tc, rd, ra, z, ad, cd or is none, not `do`; `do=True` sets it",
        ),
        ({"to": "foo"}, "`to` is an IP address, with a port or without (10.0.0.53, [fd00::1]:5353), not `foo`"),
        ({"to": "127.0.0.1:99999"}, "`to` is an IP address, with a port or without"),
        ({"to": 53}, "`to` is an IP address, with a port or without"),
        ({"client": "foo"}, "`client` is an IP address, with a port or without (10.0.0.53, [fd00::1]:5353), not `foo`"),
        ({"transport": "dot"}, "`transport` is one of udp, tcp, tls, https, https3, quic, grpc, not `dot`"),
        ({"to": "dot://127.0.0.1"}, "`to` begins with one of dns, tls, https, https3, quic, grpc, not `dot`"),
        ({"timeout": 0}, "`timeout` is a number of seconds above 0, not 0"),
    ],
)
def test_what_means_nothing_is_refused_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        loads(TEXT).query(**{"name": "a.b", **arguments})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"edns": 4096}, "`edns` is a `corefile.Edns`, such as Edns(4096), not 4096"),
        ({"edns": Edns(udp=99999)}, "`udp` of `edns` is from 0 to 65535, not 99999"),
        ({"edns": Edns(version=300)}, "`version` of `edns` is from 0 to 255, not 300"),
        ({"edns": Edns(options=((70000, b""),))}, "the code of an option of `edns` is from 0 to 65535, not 70000"),
        ({"edns": Edns(options=((10, "x"),))}, "an option of `edns` is a code and bytes, not 'x'"),  # type: ignore[arg-type]
        ({"id": "x"}, "`id` is a whole number, not 'x'"),
        ({"key": "foo"}, "`key` is a `corefile.Key`, not 'foo'"),
    ],
)
def test_arguments_of_another_type_are_refused_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(words)):
        loads(TEXT).query("a.b", **arguments)


def test_flags_may_be_those_of_a_reply() -> None:
    server = loads(TEXT)
    flags = server.query("a.b").flags
    assert server.query("a.b", flags=flags).received is server.query("a.b", flags=" ".join(flags)).received


def test_a_message_is_no_text() -> None:
    server: Any = loads(TEXT)
    with pytest.raises(
        TypeError, match=re.escape("a message is a `dnslib.DNSRecord`, not 'a.b'; `query` takes a name")
    ):
        server.ask("a.b")
    with pytest.raises(TypeError, match="octets are bytes, not 'x'"):
        server.send("x")
    with pytest.raises(TypeError, match="`url` is a str such as :8080/health, not 8080"):
        server.get(8080)


def test_a_world_is_no_mapping() -> None:
    given: Any = {}
    for call in (lambda: loads(TEXT, world=given), lambda: load("examples/shop/coredns.yaml", world=given)):
        with pytest.raises(
            TypeError, match=re.escape("world: a `World` is needed, such as World(files={...}), not {}")
        ):
            call()


def test_a_message_of_ones_own_is_not_changed() -> None:
    msg = Msg(Question("a.example.org.", 1, 1), id=5)
    before = repr(msg)
    reply = loads(TEXT).ask(msg)
    assert reply.rcode == "NOERROR"
    assert repr(msg) == before
    assert reply.trace.hops == []


def test_messages_of_dnslib_and_octets_are_taken_too() -> None:
    server = loads(TEXT)
    message = dnslib.DNSRecord.question("a.example.org")
    assert server.ask(message).answer == ["a.example.org. 3600 IN A 10.0.0.1"]
    assert server.ask(message, trace=True).trace.hops
    assert server.send(message.pack()).answer == server.send(bytearray(message.pack())).answer != []
    assert not server.send(b"\x00").received


WAITS = "p.test {\n cache 30\n forward . 10.9.0.1 10.9.0.2 {\n  policy sequential\n }\n}\n"


def waiting() -> Server:
    """A server whose first upstream does not answer."""
    return loads(
        WAITS, world=World(upstreams={"10.9.0.1": Fault("timeout"), "10.9.0.2": "www.p.test. 60 IN A 192.0.2.9"})
    )


def test_an_exchange_ends_as_much_later_as_it_took() -> None:
    server = waiting()
    began = server.world.clock.now
    reply = server.query("www.p.test")
    assert (reply.elapsed, server.world.clock.now - began) == (2, 2)
    assert reply.answer == server.query("www.p.test").answer == ["www.p.test. 30 IN A 192.0.2.9"]
    server.advance(12)
    assert server.query("www.p.test").answer == ["www.p.test. 18 IN A 192.0.2.9"]


def test_questions_may_overlap() -> None:
    server = waiting()
    began = server.world.clock.now
    message = dnslib.DNSRecord.question("www.p.test")
    assert server.query("www.p.test", wait=False).elapsed == 2
    assert server.ask(message, to="127.0.0.1:54", wait=False).elapsed == 8
    assert server.send(message.pack(), to="127.0.0.1:54", wait=False).elapsed == 8
    assert server.world.clock.now == began


def test_a_client_waits_no_longer_than_its_timeout() -> None:
    server = waiting()
    began = server.world.clock.now
    reply = server.query("www.p.test", timeout=1.5)
    assert (reply.received, reply.elapsed, server.world.clock.now - began) == (False, 1.5, 1.5)
    assert [h.plugin for h in reply.trace.hops] == ["cache", "forward"]
    reply = server.query("www.p.test", to="127.0.0.1:54")
    assert (reply.received, reply.elapsed, server.world.clock.now - began) == (False, 8, 9.5)
    assert server.query("www.p.test", timeout=2).received


def test_lines_that_come_while_the_client_waits_are_the_replys() -> None:
    text = WAITS.replace("cache 30", "reload 2s 0\n errors")
    world = World(
        files={"Corefile": text}, upstreams={"10.9.0.1": Fault("timeout"), "10.9.0.2": "www.p.test. A 192.0.2.9"}
    )
    server = loads(Source("Corefile", text), world=world)
    world.files.write("Corefile", text + "# changed\nx {\n}\n")  # type: ignore[attr-defined]
    assert [line for line in server.query("www.p.test").log if "Reloading" in line] == [
        "[INFO] Reloading",
        "[INFO] Reloading complete",
    ]
    assert len(server.process.instance.sites) == 2
    assert server.query("www.p.test", wait=False).log == []


def test_the_log_of_the_start() -> None:
    text = ". {\n reload\n whoami\n}\n"
    server = loads(text, release="1.2.2")
    assert server.take_log() == [f"[INFO] plugin/reload: Running configuration MD5 = {md5(text.encode()).hexdigest()}"]
    assert server.take_log() == []


def test_endpoints_samples_and_time() -> None:
    server = loads(
        ". {\n    health\n    prometheus\n    cache 30\n    forward . 10.0.0.53\n}\n",
        world=World(upstreams={"10.0.0.53": "a.b. 300 IN A 192.0.2.1"}),
    )
    for url in (
        ":8080/health",
        "http://127.0.0.1:8080/health",
        "127.0.0.1:8080/health",
        "http://localhost:8080/health",
    ):
        assert server.get(url) == (200, "OK")
    assert [server.query("a.b").answer[0].ttl, server.query("a.b").answer[0].ttl] == [30, 30]
    server.advance(10)
    assert server.query("a.b").answer[0].ttl == 20
    hits = ['coredns_cache_hits_total{server="dns://:53",type="success",view="",zones="."} 2']
    assert server.samples("coredns_cache_hits_total") == server.samples(["coredns_cache_hits_total"]) == hits
    assert len(server.samples()) > 20


@pytest.mark.parametrize(
    ("text", "url", "words"),
    [
        (". {\n health\n prometheus\n}", ":8081/health", "nothing listens at :8081; :8080 and localhost:9153 are open"),
        (". {\n health\n}", "http://127.0.0.1:81/", "nothing listens at 127.0.0.1:81; :8080 is open"),
        (". {\n health\n}", "http://127.0.0.1/", "nothing listens at 127.0.0.1:80; :8080 is open"),
        (TEXT, ":9153/metrics", "nothing listens at :9153; this Corefile opens no port for HTTP"),
    ],
)
def test_what_is_closed_says_what_is_open(text: str, url: str, words: str) -> None:
    with pytest.raises(ConnectionRefusedError, match=re.escape(words)):
        loads(text).get(url)


def test_samples_where_nothing_listens() -> None:
    with pytest.raises(ConnectionRefusedError, match="nothing listens at :9153"):
        loads(TEXT).samples("coredns_cache_hits_total")


@pytest.mark.parametrize("url", ["", "8080", "/health", "https://127.0.0.1:8080/", "http://x:99999/", "a:b", "::1:80/"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(ValueError, match="is not an HTTP address such as :8080/health"):
        loads(TEXT).get(url)


def test_a_server_prints_short() -> None:
    assert repr(loads(TEXT)) == "<Server 1.14.7, 1 server block, :53>"
    assert (
        repr(loads("a {\n whoami\n}\ntls://b:54 {\n whoami\n}")) == "<Server 1.14.7, 2 server blocks, :53, tls://:54>"
    )
    assert (
        repr(Server(Source("x", "a {\n nope\n}"), find("1.2.2"), World())) == "<Server 1.2.2, 1 server block, refused>"
    )


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


KUBEADM = kubeadm("1.32")


@pytest.mark.parametrize(
    "text",
    [
        *sorted((EXAMPLES).rglob("*.yaml")),
        KUBEADM,
        KUBEADM.replace("loadbalance", "loadbalanse"),
        "import custom/*.server\n" + KUBEADM.replace("cache 30", "cache 30\n    hosts /etc/coredns/NodeHosts"),
        "{$ZONE} {\n forward . {$UP}\n geoip a\n}\n",
    ],
    ids=lambda given: given.name if isinstance(given, Path) else given[-30:],
)
@pytest.mark.usefixtures("not_simulated")
def test_check_is_what_the_command_does(
    text: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = text if isinstance(text, Path) else tmp_path / "Corefile"
    if isinstance(text, str):
        path.write_text(text, encoding="utf-8")
    monkeypatch.delenv("UP", raising=False)
    main(["check", "--format", "json", str(path)])
    printed = json.loads(capsys.readouterr().out)
    if printed["corefiles"]:
        world = World()
        world.terms = "command"
        more = ("number", "first", "release")
        shown = [{key: value for key, value in one.items() if key not in more} for one in printed["findings"]]
        assert [to_json(f) for f in by_place(check(path, world=world))] == shown
    else:
        with pytest.raises((ValueError, CorefileError)):
            check(path)


def test_a_reply_has_the_records_of_all_messages_of_a_transfer() -> None:
    zone = "$TTL 60\n@ SOA ns h 7 1 1 1 1\n" + "".join(f"w{i} A 10.0.{i // 250}.{i % 250}\n" for i in range(3000))
    text = ".:53 {\ntransfer a.test {\nto *\n}\nfile db a.test\n}\n"
    server = loads(text, world=World(files={"db": zone}))
    reply = server.query("a.test", "AXFR", transport="tcp")
    assert len(reply.answer) == 3002
    assert reply.answer[0] == reply.answer[-1]
    assert repr(reply).endswith(" 7 1 1 1 1, and 3001 more>")
    assert reply.message.header.a < 3002
    assert pickle.loads(pickle.dumps(reply)) == reply
    assert len(server.query("a.test", "AXFR", transport="tls").answer) == 0


def test_a_timeout_and_an_address_of_another_type() -> None:
    server = loads(".:53 {\n whoami\n}")
    with pytest.raises(TypeError, match="`timeout` is a number of seconds above 0, not '5s'"):
        server.query("a.test", timeout="5s")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"not IPv4Address\('10.0.0.3'\), which is no str"):
        server.query("a.test", client=ip_address("10.0.0.3"))  # type: ignore[arg-type]


def test_options_of_edns_are_pairs() -> None:
    for options in ((3, b""), ((3,),), (3,)):
        with pytest.raises(
            TypeError, match=r"`options` of `edns` are pairs of a code and bytes, such as \(\(3, b''\),\)"
        ):
            loads(".:53 {\n whoami\n}").query("a.test", edns=Edns(options=options))  # type: ignore[arg-type]
