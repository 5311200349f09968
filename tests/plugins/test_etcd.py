"""etcd: keys and names, leases, what is out of reach, and what is refused. What is made of records is in test__services.py, and
what CoreDNS answered beside a real etcd in tests/recorded/stores.yaml."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import Fault, Server, World, loads
from corefile.api import build
from corefile.findings import Source
from corefile.releases import find
from tests.classes import told_apart

WEB = {"/skydns/test/lab/web": {"host": "10.0.0.1", "port": 80}}


def serving(store: Any, release: str = "1.14.7", block: str = "", zones: str = "lab.test") -> Server:
    world = World(stores={} if store is ... else {"etcd": store})
    return loads(f". {{\nerrors\netcd {zones} {{\n{block}\n}}\nwhoami\n}}\n", release=release, world=world)


def answers(server: Server, name: str, type: str = "A") -> list[str]:
    return list(map(str, server.query(name, type).answer))


def refusals(block: str, release: str = "1.14.7", store: Any = ...) -> list[str]:
    world = World(stores={} if store is ... else {"etcd": store}, assume=False)
    return [f.coredns for f in build(Source("Corefile", f". {{\n{block}\n}}\n"), find(release), world).errors]


@pytest.mark.parametrize(
    ("path", "key"),
    [("/skydns", "/skydns"), ("skydns", "/skydns"), ("/a/b/", "/a/b"), ("//a/./c/../b", "/a/b"), ('""', "")],
)
def test_the_key_of_a_name_is_below_the_path(path: str, key: str) -> None:
    server = serving({f"{key}/test/lab/web": {"host": "10.0.0.1"}}, block=f"path {path}")
    assert answers(server, "Web.lab.test") == ["Web.lab.test. 300 IN A 10.0.0.1"]


def test_values_that_are_no_json_fail_with_the_words_of_go() -> None:
    server = serving({**WEB, "/skydns/test/lab/bad": '{"port":"x"}'})
    reply = server.query("bad.lab.test")
    assert (reply.rcode, reply.flags) == ("SERVFAIL", ("qr", "aa", "rd"))
    words = "json: cannot unmarshal string into Go struct field Service.port of type int"
    assert reply.log == [f"[ERROR] plugin/errors: 0 bad.lab.test. A: /skydns/test/lab/bad: {words}"]
    assert server.query("web.lab.test").rcode == "NOERROR"
    assert server.query("*.lab.test").rcode == "SERVFAIL"


@pytest.mark.parametrize(
    ("release", "block", "left", "own", "ttl"),
    [
        ("1.14.7", "", 100, 0, 100),
        ("1.14.7", "", 100, 60, 60),
        ("1.14.7", "", 10, 0, 30),
        ("1.14.7", "", 100000, 0, 86400),
        ("1.14.7", "min-lease-ttl 2m\nmax-lease-ttl 1h", 100, 0, 120),
        ("1.14.7", "min-lease-ttl 0\nmax-lease-ttl 0", 10, 0, 30),
        ("1.12.3", "", 100, 0, 7),
        ("1.12.3", "", 100, 5, 5),
        ("1.1.4", "", 100, 0, 100),
    ],
)
def test_a_lease_limits_the_ttl(release: str, block: str, left: int, own: int, ttl: int) -> None:
    """Its number counts for seconds before 1.12.4. Version 2 of etcd, before 1.2.0, has no leases, but keys with a TTL."""
    key, value = "L3NreWRucy90ZXN0L2xhYi93ZWI=", "eyJob3N0IjoiMTAuMC4wLjEifQ=="
    if own:
        value = {60: "eyJob3N0IjoiMTAuMC4wLjEiLCJ0dGwiOjYwfQ==", 5: "eyJob3N0IjoiMTAuMC4wLjEiLCJ0dGwiOjV9"}[own]
    store = [{"kvs": [{"key": key, "value": value, "lease": 7}]}, {"id": 7, "ttl": left}]
    server = serving(store, release, block)
    assert answers(server, "web.lab.test") == [f"web.lab.test. {ttl} IN A 10.0.0.1"]
    server.advance(1)
    assert server.query("web.lab.test").answer[0].ttl in (ttl, ttl - 1)
    server.advance(left)
    assert server.query("web.lab.test").rcode == "NXDOMAIN"


@pytest.mark.parametrize("store", [..., None, Fault.timeout()])
def test_an_etcd_out_of_reach_fails_after_five_seconds(store: Any) -> None:
    server = serving(store, block="fallthrough")
    assert ("store-not-given" in {f.code for f in server.findings}) is (store is ...)
    for name, type, waits in (("web.lab.test", "A", 5), ("lab.test", "A", 10), ("lab.test", "NS", 5)):
        reply = server.query(name, type, timeout=20)
        assert (reply.rcode, reply.flags, len(reply.authority)) == ("SERVFAIL", ("qr", "aa", "rd"), 1)
        assert reply.elapsed == waits
        assert reply.log == [f"[ERROR] plugin/errors: 0 {name}. {type}: context deadline exceeded"]
    assert server.query("lab.test", "SOA").rcode == "NOERROR"
    server.world.stores["etcd"] = WEB
    assert answers(server, "web.lab.test") == ["web.lab.test. 300 IN A 10.0.0.1"]


def test_version_2_says_at_once_that_it_is_out_of_reach() -> None:
    reply = serving(None, "1.1.4", "endpoint http://10.0.0.1:2379").query("web.lab.test")
    assert reply.elapsed == 0
    assert "client: etcd cluster is unavailable or misconfigured; error #0: dial tcp 10.0.0.1:2379" in reply.log[0]


def test_in_version_2_keys_are_files_in_folders() -> None:
    store = {**WEB, "/skydns/test/lab/a/x": {"host": "b.example"}, "/skydns/test/lab/a/_y": {"host": "10.0.0.2"}}
    server = serving(store, "1.1.4")
    assert server.query("a.lab.test", "CNAME").answer == [], "a folder is nothing by itself"
    assert answers(server, "x.a.lab.test", "CNAME") == ["x.a.lab.test. 300 IN CNAME b.example."]
    assert answers(server, "a.lab.test") == [], "a name that begins with an underscore is hidden"
    assert "a.lab.test. 300 IN A 10.0.0.2" in answers(serving(store), "a.lab.test")


# A folder is there as long as something was ever put into it: hidden, or gone with its lease.
def test_in_version_2_folders_stay() -> None:
    store = {"/skydns/test/lab/a/_y": {"host": "10.0.0.2"}}
    assert serving(store, "1.1.4").query("a.lab.test").rcode == "NOERROR"
    assert serving(store, "1.1.4").query("b.lab.test").rcode == "NXDOMAIN"


@pytest.mark.parametrize(
    ("release", "block", "words"),
    [
        (
            "1.14.7",
            "path",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'path'",
        ),
        ("1.14.7", "path a b", "Corefile:3 - Error during parsing: unknown property 'b'"),
        ("1.14.7", "stubzones a", "Corefile:3 - Error during parsing: unknown property 'a'"),
        (
            "1.14.7",
            "credentials",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'credentials'",
        ),
        ("1.3.1", "credentials a b", "Corefile:3 - Error during parsing: unknown property 'credentials'"),
        (
            "1.14.7",
            "credentials a b c",
            "Corefile:3 - Error during parsing: credentials requires 2 arguments, username and password",
        ),
        ("1.14.7", "tls a b c d", "maximum of three arguments allowed for TLS config, found 4"),
        ("1.14.7", "tls none.pem", "error reading none.pem: open none.pem: no such file or directory"),
        ("1.12.3", "min-lease-ttl 5", "Corefile:3 - Error during parsing: unknown property 'min-lease-ttl'"),
        (
            "1.14.7",
            "min-lease-ttl -5s",
            "Corefile:3 - Error during parsing: invalid min-lease-ttl value: TTL must be non-negative",
        ),
        (
            "1.14.7",
            "max-lease-ttl 4294967296",
            "Corefile:3 - Error during parsing: invalid max-lease-ttl value: TTL too large, maximum is 4294967295 seconds",
        ),
        (
            "1.14.7",
            "max-lease-ttl -5",
            (
                "Corefile:3 - Error during parsing: invalid max-lease-ttl value: invalid TTL format, use format like '30', "
                "'30s', '5m', '1h', or '2h30m'"
            ),
        ),
        (
            "1.2.5",
            "upstream",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'upstream'",
        ),
        ("1.3.1", "upstream x", 'not an IP address or file: "x"'),
        (
            "1.9.3",
            'endpoint "http://a\n"',
            'parse "passthrough:///etcd-endpoints://0xc000000000/a\\n": net/url: invalid control character in URL',
        ),
        (
            "1.14.7",
            "endpoint http://a/%zz",
            'parse "passthrough:///etcd-endpoints://0xc000000000/a/%zz": invalid URL escape "%zz"',
        ),
        ("1.0.2", "fallthrough x", "Corefile:3 - Error during parsing: unknown property 'x'"),
    ],
)
def test_refusals(release: str, block: str, words: str) -> None:
    assert refusals(f"etcd {{\n{block}\n}}", release)[0] == f"plugin/etcd: {words}"


def test_what_stands_in_a_second_directive_is_not_read() -> None:
    assert not refusals("etcd a.example\netcd b.example {\nwhatever\n}")
    words = "plugin/etcd: Corefile:5 - Error during parsing: unknown property 'etcd'"
    assert refusals("etcd a.example {\ndebug\n}\netcd b.example", "1.4.0") == [words], "reads on behind the block"
    assert not refusals("etcd a.example {\ndebug\n}\netcd b.example", "1.5.0")


def test_credentials_are_looked_at_before_the_start() -> None:
    block = "etcd {\nendpoint http://10.0.0.1:2379\ncredentials a b\n}"
    assert not refusals(block)
    assert not refusals(block, store=WEB)
    assert not refusals(block.replace(" b", ' ""'), store=None)
    assert refusals(block, store=None) == [
        "CoreDNS does not start: it waits for etcd, which is to look at its credentials"
    ]
    assert "dial tcp 10.0.0.1:2379: connect: connection refused" in refusals(block, "1.5.2", None)[0]


def test_what_it_tells_apart() -> None:
    store = {
        "/skydns/test/lab/web/a": {"host": "10.0.0.1", "port": 1},
        "/skydns/test/lab/web/b": {"host": "10.0.0.2", "text": "x"},
        "/skydns/test/lab/name": {"host": "a.web.lab.test", "mail": True},
        "/skydns/test/lab/dns/ns/x": {"host": "10.0.0.3"},
    }
    assert not told_apart(
        serving(store), "etcd", ("A", "SRV", "TXT", "MX"), ("*", "any", "*.web", "a.*", "a.web", "zz.*")
    )


def test_in_version_2_nothing_can_be_below_a_file() -> None:
    reply = serving(WEB, "1.1.4").query("a.web.lab.test")
    assert reply.rcode == "SERVFAIL"
    assert "104: Not a directory (/skydns/test/lab/web)" in reply.log[0]
    assert serving(WEB, "1.2.0").query("a.web.lab.test").rcode == "NXDOMAIN"


def test_another_store_in_the_place_of_all_is_looked_into() -> None:
    server = serving(WEB)
    server.world.stores = {}
    assert server.query("web.lab.test").rcode == "SERVFAIL"
    server.world.stores = {"etcd": WEB}
    assert server.query("web.lab.test").rcode == "NOERROR"


def test_stub_zones_are_looked_for_every_fifteen_seconds() -> None:
    """What their servers are asked and answer is in tests/recorded/stores.yaml."""
    stub = "/skydns/test/lab/dns/stub/example/corp"
    world = World(
        stores={"etcd": {f"{stub}/a": {"host": "192.0.2.53"}, f"{stub}/b": {"host": "name"}}},
        upstreams={"192.0.2.53": "www.corp.example. 60 IN A 192.0.2.1"},
    )
    text = ". {\nerrors\netcd lab.test {\nstubzones\nupstream 192.0.2.53\n}\n}\n"
    server = loads(text, release="1.3.1", world=world)
    assert server.take_log()[-1] == "[WARNING] plugin/etcd: Non IP address stub nameserver: name"
    assert list(map(str, server.query("www.corp.example").answer)) == ["www.corp.example. 60 IN A 192.0.2.1"]
    world.stores["etcd"] = {f"{stub.replace('corp', 'other')}/a": {"host": "192.0.2.54", "port": 54}}
    assert server.query("www.corp.example").answer
    server.advance(15)
    assert "no next plugin found" in server.query("www.corp.example").log[0]
    assert server.query("www.other.example", timeout=20).log == [
        "[ERROR] plugin/errors: 2 www.other.example. A: unreachable backend: no upstream host"
    ]
    world.stores["etcd"] = WEB
    server.advance(15)
    assert server.query("www.other.example").rcode == "SERVFAIL", "what was there stays"
    again = loads(text, release="1.4.0", world=world)
    assert "no next plugin found" in again.query("www.corp.example").log[0]


def test_texts_have_the_escapes_of_a_master_file() -> None:
    """As 1.14.7 answered and counted: a text is a string that the DNS library reads as one of a master file."""
    store = {"/skydns/example/a": {"text": 'two "words"'}, "/skydns/example/b": {"text": "back\\slash \\065"}}
    found = loads('example:53 {\n log . "{rsize}"\n etcd example\n}\n', world=World(stores={"etcd": store}))
    assert [str(rr) for rr in found.query("b.example", "TXT").answer] == ['b.example. 300 IN TXT "backslash A"']
    reply = found.query("a.example", "TXT")
    assert reply.octets is not None
    assert reply.log == [f"[INFO] {len(reply.octets)}"]
