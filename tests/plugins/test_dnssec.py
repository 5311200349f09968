"""dnssec: signatures as binaries made them, denials without keys, and what it refuses.

tests/data/dnssec.yaml was recorded from CoreDNS with keys whose signatures are the same every time (Ed25519, RSA): with the
clock at the time of a signature, ours has to be the same, octet for octet.
"""

from __future__ import annotations

import calendar
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from corefile import World, loads
from corefile.api import Server, build
from corefile.dns.message import Edns
from corefile.dns.rdata import rr_to_text
from corefile.findings import Source
from corefile.plugins import _dnssec
from corefile.releases import find

RECORDED = list(yaml.safe_load_all((Path(__file__).parent.parent / "data" / "dnssec.yaml").read_text()))
ZONE = (
    "$TTL 60\n@ SOA ns h 1 2 3 4 30\n@ NS ns\nwww A 192.0.2.1\ncut NS ns.cut\nns.cut A 192.0.2.2\nal CNAME www.other.\n"
)
KEY = "z.test. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ=="
PRIVATE = "Private-key-format: v1.3\nAlgorithm: {}\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n"
CURVE = PRIVATE.format("13 (ECDSAP256SHA256)")
FILES: dict[str, str] = {"db": ZONE, "K.key": KEY, "K.private": CURVE}
DO = Edns(4096, True)


def serving(release: str = "1.14.7", block: str = "", more: str = "", files: dict[str, str] | None = None) -> Server:
    text = f". {{\nerrors\ndnssec z.test {{\n{block}\n}}\nfile db z.test\n{more}\n}}\n"
    return loads(text, release=release, world=World(files={**FILES, **(files or {})}))


def refused(block: str, release: str = "1.14.7", files: dict[str, str] | None = None, zone: str = "z.test") -> str:
    text = f". {{\ndnssec {zone} {{\n{block}\n}}\n}}\n"
    instance = build(Source("Corefile", text), find(release), World(files={**FILES, **(files or {})}, assume=False))
    return str(instance.errors[0].coredns) if instance.errors else ""


@pytest.mark.parametrize(
    ("case", "number"), [pytest.param(c, i, id=f"{c['coredns']}-{i}") for c in RECORDED for i in range(len(c["steps"]))]
)
def test_what_binaries_have_signed(case: dict[str, Any], number: int) -> None:
    pytest.importorskip("cryptography")
    step = case["steps"][number]
    expect = [[" ".join(x.split()) for x in step["expect"].get(s) or []] for s in ("answer", "authority", "additional")]
    found = re.findall(r"RRSIG \S+ \d+ \d+ \d+ \d{14} (\d{14})", str(expect))
    times = [calendar.timegm(time.strptime(text, "%Y%m%d%H%M%S")) + 3 * 3600 for text in sorted(set(found))]
    have: list[set[str]] = [set(), set(), set()]
    for at in times or [1_800_000_000]:
        world = World(files=case["files"])
        world.clock.restart(at)
        server = loads(case["corefile"], release=case["coredns"], world=world)
        edns = DO if step.get("edns") else None
        reply = server.query(*step["query"].split(), edns=edns, to=step.get("to", "127.0.0.1:53"))
        assert reply.msg is not None
        sections = (reply.msg.answer, reply.msg.ns, reply.msg.extra)
        assert [len(s) for s in sections] == [len(s) for s in expect]
        for section, rrs in zip(have, sections, strict=True):
            section.update(" ".join(rr_to_text(rr).split()) for rr in rrs)
    assert [[x for x in want if x not in got] for want, got in zip(expect, have, strict=True)] == [[], [], []]
    assert (reply.rcode, sorted(reply.flags)) == (step["expect"]["rcode"], sorted(step["expect"]["flags"].split()))


def test_ecdsa() -> None:
    pytest.importorskip("cryptography")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    server = serving(block="key file K")
    key = server.process.instance.sites[0].handler("dnssec").keys[0]
    made = key.sign(b"text")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + key.record[4][3])
    r, s = (int.from_bytes(made[i : i + 32], "big") for i in (0, 32))
    point.verify(encode_dss_signature(r, s), b"text", ec.ECDSA(hashes.SHA256()))
    assert len(made) == 64


SECOND = "z.test. IN DNSKEY 256 3 13 TSh9yACZZGtVhDQEZ8ECUa7ytAfGClrTo/i5zFcEeRCCISc/yIdOn+JYDfLvzuZGs5Mu6W+3PN5NnyMmt6AoHg=="


@pytest.mark.parametrize(
    ("second", "zone", "capacity"),
    [
        ("dnssec {\nkey file K2\n}", "z.test.", 7),
        ("dnssec a.z.test {\nkey file K2\ncache_capacity 10000\n}", "a.z.test.", 10_000),
        ("dnssec b.z.test", "b.z.test.", 7),
    ],
)
def test_several_lines_add_up_their_keys_until_1_0_6(second: str, zone: str, capacity: int) -> None:
    """From the sources of 1.0.0 to 1.0.6 (`dnssecParse`), which have no binary here: what each line sets stays what it is,
    unless another line sets it, but for the zones, which each line has of its own."""
    files = {**FILES, "K2.key": SECOND, "K2.private": FILES["K.private"]}
    text = f"z.test {{\ndnssec other.test {{\ncache_capacity 7\nkey file K\n}}\n{second}\nfile db z.test\n}}\n"
    handler = loads(text, release="1.0.6", world=World(files=files)).process.instance.sites[0].handler("dnssec")
    keys = 2 if "K2" in second else 1
    assert [len(handler.keys), handler.config.zones, handler.most] == [keys, (zone,), capacity]
    (error,) = build(Source("Corefile", text), find("1.1.0"), World(files=files)).errors
    assert error.coredns == "plugin/dnssec: this plugin can only be used once per Server Block"


def test_signatures_are_kept() -> None:
    pytest.importorskip("cryptography")
    server = serving(block="key file K")
    first = server.query("www.z.test", edns=DO).answer[-1]
    assert first.type == "RRSIG"
    server.advance(5 * 86400)
    assert server.query("www.z.test", edns=DO).answer[-1] == first
    server.advance(2 * 86400)
    assert server.query("www.z.test", edns=DO).answer[-1] != first


def test_a_private_key_of_another_algorithm_signs_nothing() -> None:
    server = serving(block="key file K", files={"K.private": PRIVATE.format("15 (ED25519)")})
    reply = server.query("no.z.test", edns=DO)
    assert (reply.rcode, [rr.type for rr in reply.authority]) == ("NXDOMAIN", ["SOA"])
    assert [rr.type for rr in server.query("www.z.test", edns=DO).answer] == ["A"]


# -- denials without keys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "types"),
    [
        ("1.0.2", "RRSIG NSEC"),
        ("1.0.4", "A HINFO TXT AAAA LOC SRV CERT SSHFP RRSIG NSEC TLSA HIP OPENPGPKEY SPF"),
        ("1.0.5", "HINFO TXT AAAA LOC SRV CERT SSHFP RRSIG NSEC TLSA HIP OPENPGPKEY SPF"),
        ("1.14.7", "HINFO TXT AAAA LOC SRV CERT SSHFP RRSIG NSEC TLSA HIP OPENPGPKEY SPF"),
    ],
)
def test_denials(release: str, types: str) -> None:
    reply = serving(release).query("No.z.test", edns=DO)
    name = "no" if release == "1.0.2" else "No"
    assert reply.rcode == "NOERROR"
    assert str(reply.authority[-1]) == f"{name}.z.test. 60 IN NSEC \\000.{name}.z.test. {types}"
    assert "NSEC record made for" in str(reply.trace)
    assert serving(release).query("no.z.test").rcode == "NXDOMAIN"


@pytest.mark.parametrize(("release", "types"), [("1.10.1", ["NS"]), ("1.11.0", ["NS", "NSEC"])])
def test_referrals(release: str, types: list[str]) -> None:
    assert [rr.type for rr in serving(release).query("x.cut.z.test", edns=DO).authority] == types


@pytest.mark.parametrize(("release", "signed"), [("1.14.3", 2), ("1.14.4", 1)])
def test_records_of_other_zones(release: str, signed: int) -> None:
    pytest.importorskip("cryptography")
    more = "hosts {\n192.0.2.9 www.other\nfallthrough\n}"
    reply = serving(release, "key file K", more).query("al.z.test", edns=DO)
    assert sum(rr.type == "RRSIG" for rr in reply.answer) == signed


def test_dnskey_below_the_apex_is_asked_of_the_next() -> None:
    assert serving().query("www.z.test", "DNSKEY").authority[0].type == "SOA"


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "release", "said"),
    [
        ("key file gone", "1.14.7", "open gone.key: no such file or directory"),
        ("key file K.private", "1.14.7", ""),
        (
            "key file",
            "1.14.7",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'file'",
        ),
        (
            "key",
            "1.14.7",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'key'",
        ),
        ("key foo", "1.14.7", ""),
        ("key foo bar", "1.14.7", "Corefile:3 - Error during parsing: unknown property 'bar'"),
        ("key { bar", "1.14.7", "Corefile:3 - Error during parsing: unknown property 'bar'"),
        ("key aws_secretsmanager x", "1.11.3", "Corefile:3 - Error during parsing: unknown property 'x'"),
        ("key aws_secretsmanager x", "1.11.4", ""),
        ("cache_capacity x", "1.14.7", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("foo", "1.14.7", "Corefile:3 - Error during parsing: unknown property 'foo'"),
        ("foo", "1.0.6", ""),
    ],
)
def test_refusals(block: str, release: str, said: str) -> None:
    assert refused(block, release) == (f"plugin/dnssec: {said}" if said else "")


@pytest.mark.parametrize(
    ("files", "release", "said"),
    [
        ({"K.key": "z.test. 60 IN A 192.0.2.1\n"}, "1.14.7", "no public key found"),
        ({"K.key": "x y z\n"}, "1.14.7", 'K.key: dns: not a TTL: "y" at line: 1:4'),
        ({"K.private": "x"}, "1.14.7", "dns: bad private key"),
        ({"K.private": PRIVATE.format("3 (DSA)")}, "1.14.7", "dns: bad algorithm"),
        ({"K.private": CURVE.replace("0=", "0==")}, "1.14.7", "illegal base64 data at input byte 44"),
        ({"K.private": CURVE.replace("ISGn", "ISGn!")}, "1.14.7", "illegal base64 data at input byte 4"),
        ({"K.private": CURVE.replace("ISGn", "ISGn ")}, "1.8.6", "illegal base64 data at input byte 4"),
        ({"K.private": CURVE.replace("0=", "0")}, "1.8.6", "illegal base64 data at input byte 40"),
        ({"K.private": PRIVATE.format("15 (ED25519)")}, "1.6.4", "no private key found"),
        (
            {"K.key": KEY.replace("z.test", "y.test")},
            "1.14.7",
            "key y.test. (keyid: 16300) can not sign any of the zones",
        ),
        ({"K.key": KEY.replace("z.test", "test")}, "1.14.7", ""),
    ],
)
def test_keys_that_are_none(files: dict[str, str], release: str, said: str) -> None:
    assert refused("key file K", release, files) == (f"plugin/dnssec: {said}" if said else "")


def test_a_key_that_is_for_none_of_the_zones_is_marked() -> None:
    text = Source("Corefile", ". {\ndnssec a.test z.test {\nkey file K\nkey file Ky\n}\n}\n")
    files = {**FILES, "Ky.key": KEY.replace("z.test", "y.test"), "Ky.private": FILES["K.private"]}
    (error,) = build(text, find("1.14.7"), World(files=files)).errors
    assert error.span is not None
    assert error.span.text == "Ky"


def test_twice() -> None:
    text = ". {\ndnssec\ndnssec\n}\n"
    said = "plugin/dnssec: this plugin can only be used once per Server Block"
    assert [f.coredns for f in build(Source("Corefile", text), find("1.1.0"), World()).errors] == [said]
    assert not build(Source("Corefile", text), find("1.0.6"), World()).errors


@pytest.mark.parametrize(
    ("release", "ttl"), [("1.6.5", 5), ("1.8.3", 5), ("1.12.2", 5), ("1.12.3", 60), ("1.14.7", 60)]
)
def test_signatures_that_are_kept_have_the_ttl_that_a_cache_gave_them(release: str, ttl: int) -> None:
    """As all records that answers share (corefile/plugins/_places.py); binaries of 1.6.5, 1.8.3, 1.12.1, 1.14.7 say so."""
    pytest.importorskip("cryptography")
    made = 'answer "x.z.test. 60 A 192.0.2.1"'
    more = f'cache 300\ntemplate IN A z.test {{\nmatch ^a\n{made}\nauthority "z.test. 5 NS n."\nfallthrough\n}}\n'
    server = serving(release, "key file K", more + f"template IN A z.test {{\n{made}\n}}\n")
    assert {rr.ttl for rr in server.query("a.z.test", edns=DO).answer} == {5}
    assert {rr.ttl for rr in server.query("b.z.test", edns=DO).answer} == {ttl}


def test_how_many_signatures_are_kept_is_told_with_each_reply_of_its_zones() -> None:
    """Also where nothing is signed; not where it answers with its keys."""
    server = serving(block="key file K", more="prometheus")
    name = "coredns_dnssec_cache_entries"
    server.query("z.test", "DNSKEY", edns=DO)
    server.query("www.other", edns=DO)
    assert server.samples(name) == []
    server.query("z.test", "A")
    assert server.samples(name) == []
    server.query("cut.other.z.test", "A", edns=DO)
    assert [sample.split("{")[0] for sample in server.samples(name)] == [name]


def test_key_files_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = _dnssec.private_key
    monkeypatch.setattr(_dnssec, "private_key", lambda *args: (read.append(args[2]), original(*args))[1])
    server = serving(block="key file K\nkey file K.private")
    assert read == ["K", "K"]
    assert len(server.process.instance.sites[0].handler("dnssec").keys) == 2
