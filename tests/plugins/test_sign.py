"""sign: signed files as binaries made them, when they are made anew, and what is refused.

tests/data/sign.yaml was recorded from CoreDNS with keys whose signatures are the same every time (Ed25519, RSA): with the clock at
the time of signing, and the times that were drawn, ours are the same file, record for record.
"""

from __future__ import annotations

import calendar
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from corefile import World, checks, loads
from corefile.api import Server, build
from corefile.chain.instance import Instance
from corefile.dns.message import Edns
from corefile.dns.rdata import rr_to_text
from corefile.dns.zonefile import parse
from corefile.findings import Limits, Source
from corefile.plugins.sign._signer import EARLIER, LATER
from corefile.releases import find

pytest.importorskip("cryptography")

RECORDED = list(yaml.safe_load_all((Path(__file__).parent.parent / "data" / "sign.yaml").read_text()))
FILES = RECORDED[0]["files"]
ZONE = "$TTL 60\n@ SOA ns h 1 2 3 4 30\n@ NS ns\nns A 192.0.2.1\n"
KEY, PRIVATE = FILES["Ked.key"], FILES["Ked.private"]
DAY = 86400
MISSING = "open db.signed.example.signed: no such file or directory"


def instance_of(
    block: str = "key file Ked", release: str = "1.14.7", zones: str = "signed.example", **files: str
) -> Instance:
    text = f". {{\nsign db {zones} {{\ndirectory .\n{block}\n}}\n}}\n"
    given = {name.replace("__", "."): text for name, text in files.items()}
    return build(Source("Corefile", text), find(release), World(files={**FILES, "db": ZONE, **given}, assume=False))


def refused(block: str, release: str = "1.14.7", **files: str) -> str:
    instance = instance_of(block, release, **files)
    return str(instance.errors[0].coredns) if instance.errors else ""


def lines(zone: bytes | str) -> list[str]:
    text = zone if isinstance(zone, str) else zone.decode()
    return sorted(rr_to_text(rr) for rr in parse(text, "."))


def seconds(text: str) -> int:
    return calendar.timegm(time.strptime(text, "%Y%m%d%H%M%S"))


@pytest.mark.parametrize("case", RECORDED, ids=[f"{c['coredns']}-{i}" for i, c in enumerate(RECORDED)])
def test_what_binaries_have_signed(case: dict[str, Any]) -> None:
    instance = build(Source("Corefile", case["corefile"]), find(case["coredns"]), World(files=case["files"]))
    signers = instance.sites[0].handler("sign").signers
    assert [s.path for s in signers] == [f"db.{zone}.signed" for zone in case["signed"]]
    for signer, (zone, signed) in zip(signers, case["signed"].items(), strict=True):
        line = next(x for x in case["log"] if f'signed zone "{zone}."' in x)
        next_look = line.rpartition(" ")[2]
        now = calendar.timegm(time.strptime(next_look[:19], "%Y-%m-%dT%H:%M:%S")) + float(next_look[19:-1]) - 5 * 3600
        instance.world.clock.restart(now)
        times = re.search(r"RRSIG\tSOA \d+ \d+ \d+ (\d{14}) (\d{14})", signed)
        if times is not None:
            signer.earlier = int(now) - 3 * 3600 - seconds(times[2])
            signer.later = seconds(times[1]) - int(now) - 32 * DAY
        signer.make(signer.why())
        assert lines(instance.world.files.read(signer.path) or b"") == lines(signed)
    assert sorted(instance.take_log()) == sorted(case["log"])


def test_served_and_reloaded() -> None:
    text = (
        ". {\nsign db signed.example {\nkey file Ked\ndirectory .\n}\n"
        "file db.signed.example.signed signed.example {\nreload 1h\n}\n}\n"
    )
    server = loads(text, world=World(files={**FILES, "db": ZONE}))
    assert server.query("signed.example", "SOA").rcode == "SERVFAIL"
    begin = int(server.world.clock.now)
    server.advance(3600)
    reply = server.query("ns.signed.example", edns=Edns(4096, True))
    assert [rr.type for rr in reply.answer] == ["A", "RRSIG"]
    assert f" {begin} " in str(server.query("signed.example", "SOA").answer[0])
    server.advance(6 * DAY - 5 * 3600)  # the inception is three hours before
    assert f" {begin} " in str(server.query("signed.example", "SOA").answer[0])
    server.advance(6 * 3600)
    reply = server.query("signed.example", "SOA")
    assert f" {begin + 145 * 3600} " in str(reply.answer[0])
    assert "more than: 144h0m0s ago" in " ".join(reply.log)


def test_signatures_verify_with_dnspython() -> None:
    names = pytest.importorskip("dns.name")
    pytest.importorskip("dns.dnssec")
    import dns.dnssec
    import dns.rdatatype
    import dns.zone

    once = FILES["db"].replace("www 300 A 192.0.2.1\n", "").replace("old NSEC www A NSEC\n", "")
    instance = instance_of("key file Ked Krsa8", db=once)
    instance.start()
    text = (instance.world.files.read("db.signed.example.signed") or b"").decode()
    zone = dns.zone.from_text(text, "signed.example.", relativize=False)
    origin = names.from_text("signed.example.")
    keys = {origin: zone.get_rdataset(origin, "DNSKEY")}
    checked = 0
    for name, node in zone.nodes.items():
        for rdataset in node.rdatasets:
            if rdataset.rdtype == dns.rdatatype.RRSIG:
                for rrsig in rdataset:
                    signed = node.get_rdataset(rdataset.rdclass, rdataset.covers)
                    dns.dnssec.validate_rrsig((name, signed), rrsig, keys, now=instance.world.clock.now)
                    checked += 1
    assert checked > 40


def test_ecdsa_verifies_with_dnspython() -> None:
    pytest.importorskip("dns.dnssec")
    import dns.dnssec
    import dns.name
    import dns.zone

    public = "signed.example. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ==\n"
    private = "Private-key-format: v1.3\nAlgorithm: 13\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n"
    instance = instance_of("key file Kec", Kec__key=public, Kec__private=private)
    instance.start()
    text = (instance.world.files.read("db.signed.example.signed") or b"").decode()
    zone = dns.zone.from_text(text, "signed.example.", relativize=False)
    origin = dns.name.from_text("signed.example.")
    for type in ("SOA", "NS", "DNSKEY", "CDS", "CDNSKEY", "NSEC"):
        signatures = zone.get_rdataset(origin, "RRSIG", type)
        keys = {origin: zone.get_rdataset(origin, "DNSKEY")}
        dns.dnssec.validate((origin, zone.get_rdataset(origin, type)), (origin, signatures), keys, now=1767225600)


# -- when ---------------------------------------------------------------------------------------------------------------


def signature(inception: int, expiration: int) -> str:
    now = 1767225600

    def when(after: int) -> str:
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(now + after))

    return f"signed.example. 60 IN RRSIG SOA 15 2 60 {when(expiration)} {when(inception)} 1 signed.example. b2xk\n"


MANY = "".join(f"a{i}. 60 A 192.0.2.1\n" for i in range(101))


@pytest.mark.parametrize(
    ("dbfile", "directory", "because", "error"),
    [
        ("f/db", ".", "open db.signed.example.signed: no such file or directory", "open f/db: not a directory"),
        (
            "none",
            ".",
            "open db.signed.example.signed: no such file or directory",
            "open none: no such file or directory",
        ),
        ("db", "f", "invalid argument", "open f/signed-1: not a directory"),
        ("db", "f/g", "invalid argument", "open f/g/signed-1: not a directory"),
        ("db", "none", "open none/db.signed.example.signed", "open none/signed-1: no such file or directory"),
    ],
)
def test_what_cannot_be_read_or_written(dbfile: str, directory: str, because: str, error: str) -> None:
    """As 1.14.7 said, but for the number in the name of its file."""
    block = f"sign {dbfile} signed.example {{\n key file Ked\n directory {directory}\n }}"
    world = World(files={**FILES, "db": ZONE, "f": "x"}, assume=False)
    instance = build(Source("Corefile", f"signed.example {{\n {block}\n}}\n"), find("1.14.7"), world)
    instance.start()
    why, failure = instance.take_log()
    assert f"because {because}" in why
    assert f": {error}" in failure


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        ("", ""),
        (signature(-DAY, 20 * DAY), ""),
        (signature(-7 * DAY, 20 * DAY), 'inception "2025-12-25T00:00:00.000Z" was more than: 144h0m0s ago'),
        (signature(DAY, 20 * DAY), 'inception "2026-01-02T00:00:00.000Z" date is in the future: -24h0m0s'),
        (signature(-DAY, 5 * DAY), 'expiration "2026-01-06T00:00:00.000Z" is less than: 168h0m0s away'),
        (MANY, "no SOA RRSIG found in first 100 records"),
        (signature(-DAY, 20 * DAY) + MANY, "no SOA RRSIG found in first 100 records"),
        (MANY[:-40] + signature(-9 * DAY, DAY), 'inception "2025-12-23'),
        ("nonsense here\n", 'resign: dns: not a TTL: "here" at line: 1:13'),
    ],
)
def test_why_a_zone_is_signed_again(signed: str, why: str) -> None:
    instance = instance_of(db__signed__example__signed=signed)
    instance.start()
    log = instance.take_log()
    if why:
        assert log[0].startswith(f'[INFO] plugin/sign: Signing "signed.example." because {why}')
        assert log[1].startswith('[INFO] plugin/sign: Successfully signed zone "signed.example."')
    else:
        said = 'Skipping signing zone "signed.example." in "db.signed.example.signed": signatures are valid'
        assert log == [f"[INFO] plugin/sign: {said}"]


@pytest.mark.parametrize(("release", "signs"), [("1.11.3", False), ("1.11.4", True)])
def test_a_signed_file_that_cannot_be_read(release: str, signs: bool) -> None:
    signer = instance_of(release=release, db__signed__example__signed="nonsense here\n").sites[0].handler("sign")
    assert bool(signer.signers[0].why()) == signs


def test_a_removed_file_is_made_anew() -> None:
    instance = instance_of()
    instance.start()
    world = instance.world
    before = world.files.read("db.signed.example.signed")
    world.write("db.signed.example.signed", None)
    world.clock.advance(5 * 3600)
    assert world.files.read("db.signed.example.signed") not in (None, before)


@pytest.mark.parametrize(("release", "signs"), [("1.8.1", 1), ("1.8.2", 2), ("1.8.4", 1)])
def test_a_changed_master_file(release: str, signs: int) -> None:
    instance = instance_of(release=release)
    instance.start()
    instance.world.write("db", ZONE + "new A 192.0.2.9\n")
    instance.world.clock.advance(5 * 3600)
    assert sum("Successfully" in line for line in instance.take_log()) == signs


def test_the_times_are_drawn() -> None:
    asked: list[str] = []

    def choose(options: Any, why: str) -> int:
        asked.append(why)
        return len(options) - 1

    world = World(files={**FILES, "db": ZONE}, choose=choose)
    text = ". {\nsign db signed.example {\nkey file Ked\ndirectory .\n}\n}\n"
    build(Source("Corefile", text), find("1.14.7"), world).start()
    times = re.search(
        r"RRSIG\tSOA \d+ \d+ \d+ (\d+) (\d+)", (world.files.read("db.signed.example.signed") or b"").decode()
    )
    assert times is not None
    assert seconds(times[2]) == world.clock.now - 3 * 3600 - EARLIER[-1]
    assert seconds(times[1]) == world.clock.now + 32 * DAY + LATER[-1]
    assert len(asked) == 2
    old = build(Source("Corefile", text), find("1.6.6"), World(files={**FILES, "db": ZONE}, choose=choose))
    assert old.sites[0].handler("sign").signers[0].later == 0


# -- what goes wrong ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "db", "error"),
    [
        ("1.14.7", None, "open db: no such file or directory"),
        ("1.14.7", "a 60 A 192.0.2.1\n", 'file "db" has no SOA record'),
        ("1.14.7", "bad A\n", 'db: dns: missing TTL with no previous value: "A" at line: 1:5'),
        ("1.13.2", "bad A\n", 'file "db" has no SOA record'),
        ("1.13.2", ZONE + "bad A x\n", 'db: dns: bad A A: "x" at line: 5:7'),
        ("1.11.3", ZONE + "bad A x\n", ""),
        ("1.14.7", ZONE + "x NSEC3PARAM 1 0 1 ab\n", "NSEC3 zone is not supported, dropping RR: x.signed.example."),
    ],
)
def test_a_master_file_that_cannot_be_signed(release: str, db: str | None, error: str) -> None:
    instance = instance_of(release=release)
    instance.world.write("db", db)
    instance.start()
    last = instance.take_log()[-1]
    if error:
        said = '[WARNING] plugin/sign: Error signing "signed.example." with key tags'
        assert last.startswith(said)
        assert f" in 0s: {error}" in last
    assert (instance.world.files.read("db.signed.example.signed") is None) == bool(error)


def test_a_directory_that_is_not_there() -> None:
    instance = instance_of("key file Ked\ndirectory out")
    assert [f.code for f in instance.findings] == ["missing-directory"]
    instance.start()
    said = "failed to move zone file into place: open out/signed-1: no such file or directory"
    assert instance.take_log()[-1] == f'[WARNING] plugin/sign: Error signing "signed.example.": {said}'
    assert [f.code for f in instance_of("key file Ked\ndirectory out", out__keep="").findings] == ["missing-directory"]
    text = ". {\nsign db signed.example {\ndirectory out\n}\n}\n"
    there = build(Source("Corefile", text), find("1.14.7"), World(files={"db": ZONE, "out/keep": ""}))
    assert not there.findings


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("key", "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'key'"),
        ("key file", "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'file'"),
        ("key directory x", "directory: not implemented"),
        ("key foo", ""),
        ("key foo bar", "Corefile:4 - Error during parsing: unknown property 'bar'"),
        ("key { bar", "Corefile:4 - Error during parsing: unknown property 'bar'"),
        ("directory", 'can only be one argument after "directory"'),
        ("key file Knone", "open Knone.key: no such file or directory"),
        ("key file Kpublic", "open Kpublic.private: no such file or directory"),
        ("key file Kzsk", 'DNSKEY in "Kzsk.key" is not a CSK/KSK'),
        ("key file Ka", 'RR in "Ka.key" is not a DNSKEY: 1'),
        ("key file Kbad", 'dns: not a TTL: "bar" at line: 1:7'),
        ("key file Kother", "dns: bad key"),
        ("key file Ked.private Krsa8.key", ""),
    ],
)
def test_refusals(block: str, said: str) -> None:
    files = {
        "Kpublic__key": KEY,
        "Kzsk__key": KEY.replace("257", "256"),
        "Kzsk__private": PRIVATE,
        "Ka__key": "a. A 192.0.2.1",
        "Kbad__key": "foo bar",
        "Kother__key": KEY,
        "Kother__private": FILES["Krsa8.private"],
    }
    assert refused(block, **files) == (f"plugin/sign: {said}" if said else "")


def test_panics() -> None:
    nil = "panic: runtime error: invalid memory address or nil pointer dereference"
    assert refused("key file Kempty", Kempty__key="; nothing\n") == nil
    curve = PRIVATE.replace("15 (ED25519)", "13 (ECDSA)")
    files = {"Kcurve__key": FILES["Krsa8.key"], "Kcurve__private": curve}
    assert refused("key file Kcurve", **files) == nil
    (error,) = instance_of("key file Ked Kcurve", **files).errors
    assert error.span is not None
    assert error.span.text == "Kcurve"


@pytest.mark.parametrize(
    ("release", "said"), [("1.8.0", "plugin/sign: dns: bad private key"), ("1.8.1", "plugin/sign: dns: bad algorithm")]
)
def test_an_unknown_algorithm(release: str, said: str) -> None:
    private = PRIVATE.replace("15 (ED25519)", "99 (X)")
    assert refused("key file K", release, K__key=KEY, K__private=private) == said


@pytest.mark.parametrize(("release", "known"), [("1.6.4", False), ("1.6.5", True)])
def test_ed25519(release: str, known: bool) -> None:
    assert refused("key file Ked", release) == ("" if known else "plugin/sign: unsupported algorithm")


def test_a_private_key_of_another_algorithm() -> None:
    instance = instance_of("key file K", K__key=FILES["Krsa8.key"], K__private=PRIVATE)
    instance.start()
    assert "ed25519: expected opts.HashFunc() zero" in instance.take_log()[-1]


def test_a_master_file_that_is_not_there() -> None:
    text = ". {\nsign nope signed.example {\ndirectory .\n}\n}\n"
    findings = build(Source("Corefile", text), find("1.14.7"), World(assume=False)).findings
    assert [(f.code, f.severity) for f in findings] == [("missing-file", "warning")]


@pytest.mark.parametrize(("release", "ok"), [("1.13.0", True), ("1.13.1", False)])
def test_a_master_file_whose_name_is_no_text(release: str, ok: bool) -> None:
    text = ". {\nsign d\ufffd signed.example {\ndirectory .\n}\n}\n"
    instance = build(Source("Corefile", text), find(release), World())
    assert bool(instance.errors) != ok


@pytest.mark.parametrize(("release", "times"), [("1.14.7", 1), ("1.8.5", 1), ("1.8.4", 2), ("1.6.5", 2)])
def test_a_block_with_two_zones(release: str, times: int) -> None:
    """Where each zone of a block has its plugins for itself, each of them signs all zones."""
    text = "signed.example other.example {\nsign db {\nkey file Ked\ndirectory .\n}\n}\n"
    instance = build(Source("Corefile", text), find(release), World(files={**FILES, "db": ZONE}))
    instance.start()
    said = [line.partition(" because ")[0] for line in instance.take_log() if " because " in line]
    assert sorted(said) == sorted(
        [f'[INFO] plugin/sign: Signing "{zone}.example."' for zone in ("other", "signed")] * times
    )


def test_in_the_block_of_another_server(tmp_path: Path) -> None:
    """The file is for any server of the process; `root` holds for the directory, too. Nothing is written to the disk."""
    (tmp_path / "data" / "out").mkdir(parents=True)
    for name, text in {**FILES, "db": ZONE}.items():
        (tmp_path / "data" / name).write_text(text)
    text = (
        ".:53 {\nroot data\nsign db signed.example {\nkey file Ked\ndirectory out\n}\n}\n"
        "signed.example:54 {\nfile data/out/db.signed.example.signed {\nreload 1s\n}\n}\n"
    )
    server: Server = loads(text, world=World(root=tmp_path))
    server.advance(1)
    assert server.query("ns.signed.example", to="127.0.0.1:54").rcode == "NOERROR"
    assert not list((tmp_path / "data" / "out").iterdir())


def test_without_a_valid_zone_nothing_is_signed() -> None:
    block = "key file Ked\n directory ."
    server = loads(f"example.org {{\n sign db a..b {{\n {block}\n }}\n}}\n", world=World(files=FILES))
    server.start()
    assert server.world.files.read("db.a..b.signed") is None
    assert not [f for f in server.findings if f.severity == "error"]


def test_only_the_keys_of_its_own_lines_put_answers_in_doubt() -> None:
    """`dnssec` names keys in the same way, and where they are not here, other answers of the block are what they are."""
    text = "a.test {\n dnssec {\n key file /k/K\n }\n sign db a.test {\n key file Ked\n directory .\n }\n}\n"
    (site,) = build(Source("Corefile", text), find("1.14.7"), World(files={**FILES, "db": ZONE})).sites
    assert ([name for name, _ in site.left_out], site.in_doubt) == (["dnssec"], [])
    text = "a.test {\n" + " sign db a.test {\n key file /k/K\n directory .\n }\n" * 2 + "}\n"
    (site,) = build(Source("Corefile", text), find("1.14.7"), World(files={"db": ZONE})).sites
    assert [(name, span.line) for name, span in site.in_doubt] == [("sign", 3), ("sign", 7)]


def test_signatures_count_as_many_records() -> None:
    """The kind: what takes long for each record counts, so that a zone within the limits is signed in seconds."""
    many = ZONE + "".join(f"h{n} A 192.0.2.1\n" for n in range(20))
    text = ". {\nsign db signed.example {\nkey file Ked\ndirectory .\n}\nwhoami\n}\n"
    for records, codes in ((2000, []), (1000, ["too-large"])):
        world = World(files={**FILES, "db": many}, limits=Limits(records=records))
        assert [finding.code for finding in checks(text, world=world)] == codes
