"""tsig: signatures that are right and wrong, who needs one, key files, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corefile import Via, World
from corefile.api import build, loads
from corefile.dns import tsig, wire
from corefile.dns.codes import IXFR, SOA
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR
from corefile.dns.tsig import Key
from corefile.findings import Source
from corefile.plugins.tsig import key_file
from corefile.releases import find
from corefile.testing.certificates import NAMED

SECRET = "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="
OTHER = "c2Vjb25kLXNlY3JldC1vZi10aGlydHktdHdvLW9jdGV0cw=="
SIGNED = (
    "0007010000010000000000010161076578616d706c65036f72670000010001036b6579076578616d706c650000fa00ff00000000004d0b686d61"
    "632d7368613338340000006955b900012c00309ecefee5ef84a55d7ea0e571123fd21b725c938ee94a098d800e7b731a253b76950fc3fda25e50"
    "dd06052510159ad6b0000700000000"
)
"""A query that dnspython has signed, with hmac-sha384, at 1767225600."""
COREFILE = f".:53 {{\n log\n tsig example.org {{\n  secret key.example. {SECRET}\n  require all\n }}\n whoami\n}}\n"


def ask(key: Key | None, name: str = "a.example.org", release: str = "1.14.7", **query: object) -> tuple[str, str]:
    """The rcode, and what the client says to the signature."""
    reply = loads(COREFILE, release=release).query(name, key=key, **query)  # type: ignore[arg-type]
    assert reply.msg is not None
    return reply.rcode, key.check(reply.msg, key.asked) if key is not None else ""


@pytest.mark.parametrize(
    ("key", "name", "said"),
    [
        (Key("key.example.", SECRET), "a.example.org", ("NOERROR", "ok")),
        (Key("key.example.", SECRET, "hmac-sha512"), "a.example.org", ("NOERROR", "ok")),
        (Key("key.example.", SECRET, "hmac-md5.sig-alg.reg.int"), "a.example.org", ("NOTAUTH", "error BADSIG")),
        (Key("key.example.", OTHER), "a.example.org", ("NOTAUTH", "error BADSIG")),
        (Key("KEY.example.", SECRET), "a.example.org", ("NOTAUTH", "error BADKEY")),
        (Key("other.example.", SECRET), "a.example.org", ("NOTAUTH", "error BADKEY")),
        (Key("key.example.", SECRET), "a.example.com", ("NOERROR", "none")),
        (None, "a.example.org", ("REFUSED", "")),
        (None, "a.example.com", ("NOERROR", "")),
    ],
)
def test_signatures(key: Key | None, name: str, said: tuple[str, str]) -> None:
    assert ask(key, name) == said


def test_a_signature_of_another_time() -> None:
    server = loads(COREFILE)
    key = Key("key.example.", SECRET)
    msg = Msg(Question("a.example.org.", 1, 1), id=7, rd=True)
    old = key.signs(msg, server.world.clock.now - 301)
    reply = server.ask(old)
    assert reply.msg is not None
    assert (reply.rcode, key.check(reply.msg, server.world.clock.now)) == ("NOTAUTH", "error BADTIME")


def test_what_is_0_in_a_signature_stands_for_the_library_s_own() -> None:
    """Found by `make differential`: a MAC that was made with a fudge of 0 is checked as if it were 300, so it is wrong."""
    key = Key("key.example.", SECRET)
    msg = key.signs(Msg(Question("a.example.org.", 1, 1)), 1767225600)
    for fudge, said in ((300, 0), (0, tsig.BADSIG)):
        msg.extra = [tsig.record("key.example.", "hmac-sha256.", id=0, time=1767225600, fudge=fudge)]
        msg.extra = [
            tsig.record(
                "key.example.", "hmac-sha256.", id=0, time=1767225600, fudge=fudge, mac=tsig.mac_of(msg, SECRET)
            )
        ]
        assert tsig.wrong(msg, SECRET, 1767225600) == said
    msg.rcode = tsig.NOTAUTH
    assert tsig.wrong(key.signs(msg, 1767225600), SECRET, 1767225600) == tsig.BADSIG


@pytest.mark.parametrize("key", [Key("key.example.", SECRET), Key("key.example.", OTHER)])
def test_the_log_has_the_query_as_it_was_answered(key: Key) -> None:
    """Found by `make differential`: the answer has the query's own OPT record, without options that are not known. With the
    TSIG record, too, the query has 42 octets and no option."""
    reply = loads(COREFILE).query("a.example.org", key=key, edns=Edns(1232, options=((65001, b"bb"),)))
    assert '"A IN a.example.org. udp 42 false 1232"' in reply.log[0]


def test_a_key_is_not_known_where_there_is_none() -> None:
    reply = loads(".:53 {\n tsig {\n  require all\n }\n whoami\n}\n").query("a.example", key=(key := Key("k.", SECRET)))
    assert reply.msg is not None
    assert (reply.rcode, key.check(reply.msg, key.asked)) == ("NOTAUTH", "error BADKEY")
    assert tsig.fields(reply.msg.extra[-1]).mac == b""


TRANSFER = """.:53 https://.:443 grpc://.:5443 {{
    log
    tsig other.example {{
        secret key.example. {}
    }}
    file db example.org
    transfer {{
        to *
    }}
}}
"""
ZONE = "@ 60 SOA ns h 1 2 3 4 5\n@ NS ns\n"


@pytest.mark.parametrize(
    ("release", "secret", "transport", "edns", "said"),
    [
        ("1.14.7", SECRET, "tcp", None, "ok"),
        ("1.14.7", OTHER, "tcp", None, "none"),
        ("1.14.7", SECRET, "grpc", None, "error BadSignature"),
        ("1.14.7", OTHER, "grpc", None, "none"),
        ("1.14.7", SECRET, Via("https", False), None, "error BadSignature"),
        ("1.14.7", SECRET, "tcp", Edns(1232), "none"),
        ("1.10.1", OTHER, "grpc", None, "error BadSignature"),
    ],
)
def test_a_transfer_is_signed_by_the_library(
    release: str, secret: str, transport: Any, edns: Edns | None, said: str
) -> None:
    """Found by `make differential`: outside of the zones of `tsig` a query keeps its signature, which the DNS library answers
    with one of its own, unless the server has found it wrong; it has no MAC where the server gives none, and none is made
    where the OPT record comes to stand behind it."""
    server = loads(TRANSFER.format(SECRET), release=release, world=World(files={"db": ZONE}))
    key = Key("key.example.", secret)
    reply = server.query("example.org", "AXFR", key=key, edns=edns, transport=transport)
    assert reply.msg is not None
    assert (len(reply.answer), key.check(reply.msg, key.asked)) == (3, said)
    assert (edns is not None) == (reply.msg.edns is not None and reply.msg.edns.last)


@pytest.mark.parametrize("release", ["1.10.1", "1.7.0", "1.11.0"])
def test_a_transfer_over_https_ends_the_process(release: str) -> None:
    own = (
        "file db example.org {\n transfer to *\n }\n"
        if release == "1.7.0"
        else "file db example.org\n transfer {\n to *\n }\n"
    )
    text = f"https://.:443 {{\n tls cert.pem key.pem\n {own}\n}}\n"
    server = loads(text, release=release, world=World(files={"db": ZONE, **NAMED}))
    lives = release == "1.11.0"
    reply = server.query("example.org", "AXFR", transport="https")
    assert (reply.received, reply.http is not None) == (lives, lives)
    assert (server.process.instance.fatal is None) == lives
    assert server.query("example.org", "SOA", transport="https").received == lives


def test_what_is_no_transfer_ends_nothing() -> None:
    """A client that is up to date gets the SOA record by itself, which the DNS library has no part in."""
    text = "https://.:443 {\n tls cert.pem key.pem\n file db example.org\n transfer {\n to *\n }\n}\n"
    server = loads(text, release="1.10.1", world=World(files={"db": ZONE, **NAMED}))
    msg = Msg(Question("example.org.", IXFR, 1))
    msg.ns = [RR("example.org.", SOA, 1, 0, ("ns.", "h.", 1, 2, 3, 4, 5))]
    assert len(server.ask(msg, transport="https").answer) == 1


@pytest.mark.parametrize("release", ["1.10.1", "1.14.7"])
def test_a_signature_is_checked_before_the_query_is_changed(release: str) -> None:
    """Found by `make differential`."""
    text = f".:53 {{\n bufsize 512\n tsig {{\n secret key.example. {SECRET}\n }}\n whoami\n}}\n"
    key = Key("key.example.", SECRET)
    reply = loads(text, release=release).query("a.example", key=key, edns=Edns(4096))
    assert reply.msg is not None
    assert (reply.rcode, key.check(reply.msg, key.asked)) == ("NOERROR", "ok")


@pytest.mark.parametrize(("release", "rcode"), [("1.10.1", "SERVFAIL"), ("1.11.0", "NOERROR"), ("1.14.7", "NOTAUTH")])
def test_signatures_over_https(release: str, rcode: str) -> None:
    """A panic before servers for HTTPS say something of signatures, then all are right, then they are looked at."""
    text = f"https://.:443 {{\n tls cert.pem key.pem\n tsig {{\n secret key.example. {SECRET}\n }}\n whoami\n}}\n"
    server = loads(text, release=release, world=World(files=dict(NAMED)))
    assert server.query("a.example", key=Key("key.example.", OTHER), transport="https").rcode == rcode


def test_what_grpc_sends_back_is_the_question_as_it_stands_by_then() -> None:
    """Found by `make differential`: `tsig` takes the signature out of the query, and others change it further."""
    behind = "rewrite name a.example b.example\n erratic {\n drop 1\n }\n"
    text = f"grpc://.:443 {{\n tsig {{\n secret key.example. {SECRET}\n }}\n {behind}}}\n"
    reply = loads(text).query("a.example", key=Key("key.example.", SECRET), transport="grpc")
    assert reply.msg is not None
    assert (reply.question, reply.msg.extra) == ("b.example. IN A", [])


@pytest.mark.parametrize("release", ["1.10.1", "1.14.7"])
def test_the_log_of_a_signed_query_that_is_forwarded(release: str) -> None:
    """Found by `make differential`: it loses its signature as it is sent, which the log is written after."""
    text = f".:53 {{\n log\n tsig other.example {{\n secret key.example. {SECRET}\n }}\n forward . 10.0.0.1\n}}\n"
    server = loads(text, release=release, world=World(upstreams={"10.0.0.1": "a.example. 60 IN A 192.0.2.1"}))
    reply = server.query("a.example", key=Key("key.example.", SECRET))
    assert '"A IN a.example. udp 27 false 512"' in reply.log[0]


@pytest.mark.parametrize(("transport", "has"), [("udp", False), ("grpc", True)])
def test_dnstap_tells_of_an_answer_as_the_server_left_it(transport: Any, has: bool) -> None:
    """Found by `make differential`: the server for plain DNS takes the TSIG record out of the message that it signs."""
    text = f".:53 grpc://.:443 {{\n dnstap /s full\n tsig {{\n  secret key.example. {SECRET}\n }}\n whoami\n}}\n"
    server = loads(text)
    server.query("a.example", key=Key("key.example.", SECRET), transport=transport)
    assert (b"\x0bhmac-sha256" in server.dnstap()[-1]) == has


@pytest.mark.parametrize(("release", "has"), [("1.14.7", True), ("1.14.4", False)])
def test_a_query_that_is_refused_loses_its_edns(release: str, has: bool) -> None:
    reply = loads(COREFILE, release=release).query("a.example.org", edns=Edns(1232))
    assert reply.msg is not None
    assert (reply.rcode, reply.msg.edns is not None) == ("REFUSED", has)


@pytest.mark.parametrize(("release", "size"), [("1.14.7", 130), ("1.14.4", 115)])
def test_a_query_that_is_refused_loses_its_last_record(release: str, size: int) -> None:
    """Found by `make differential`: a signature that something stands behind is none, and only what stands last goes."""
    server = loads(COREFILE, release=release)
    msg = Key("key.example.", SECRET).signs(Msg(Question("a.example.org.", 1, 1)), server.world.clock.now)
    msg.extra.append(RR(".", 1, 1, 0, ("10.0.0.1",)))
    assert f'udp {size} false 512" REFUSED' in server.ask(msg).log[0]


@pytest.mark.parametrize(
    ("require", "type", "opcode", "rcode"),
    [
        ("", "A", "QUERY", "NOERROR"),
        ("require TXT", "TXT", "QUERY", "REFUSED"),
        ("require TXT", "A", "QUERY", "NOERROR"),
        ("require all\n require A", "TXT", "QUERY", "REFUSED"),
        ("require A\n require none", "A", "QUERY", "NOERROR"),
        ("require_opcode NOTIFY", "A", "NOTIFY", "REFUSED"),
    ],
)
def test_what_needs_a_signature(require: str, type: str, opcode: str, rcode: str) -> None:
    server = loads(f".:53 {{\n tsig {{\n {require}\n }}\n whoami\n}}\n")
    assert server.query("a.example", type, opcode=opcode).rcode == rcode


def test_who_answers_for_it_is_it() -> None:
    server = loads(COREFILE)
    hops = server.query("a.example.org", key=Key("key.example.", OTHER)).trace.hops
    assert [h.plugin for h in hops] == ["log", "tsig"]
    assert hops[1].why == "the signature with the key key.example. is wrong: BADSIG"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('key "One.example." {\n algorithm hmac-sha256;\n secret "abc=";\n};\n', {"one.example.": "abc="}),
        ("key a {\nsecret b;\n}\n\nkey c {\nsecret d;\n};\n", {"a.": "b", "c.": "d"}),
        ("", {}),
        ("keys a {\n", None),
        ("key\n", None),
        ("key a {\n}\n", None),
        ("key a {\nsecret\n}\n", None),
        ("key a {\nfoo b;\n}\n", None),
        ("key a {\nsecret b;\n}\nkey A {\nsecret b;\n}\n", None),
    ],
)
def test_key_files(text: str, keys: dict[str, str] | None) -> None:
    assert key_file(text) == keys


@pytest.mark.parametrize(
    ("block", "line", "word"),
    [
        ("secret a", 4, "a"),
        ("secret a b\n secret A. c", 5, "c"),
        ("secrets none", 4, "none"),
        ("require", 4, "require"),
        ("require ALL", 4, "ALL"),
        ("require A x", 4, "x"),
        ("require_opcode FOO", 4, "FOO"),
        ("foo", 4, "foo"),
    ],
)
def test_refused(block: str, line: int, word: str) -> None:
    source = Source("Corefile", f".:53 {{\n whoami\n tsig {{\n {block}\n }}\n}}\n")
    said = f"plugin/tsig: Corefile:{line} - Error during parsing: Wrong argument count or unexpected line ending after '{word}'"
    assert build(source, find("1.14.7"), World(assume=False)).errors[0].coredns == said


def test_a_signature_of_dnspython() -> None:
    msg = wire.unpack(bytes.fromhex(SIGNED))
    assert [tsig.wrong(msg, SECRET, 1767225600 + late) for late in (0, 300, 301)] == [0, 0, tsig.BADTIME]
    assert (tsig.wrong(msg, OTHER, 1767225600), tsig.wrong(msg, None, 1767225600)) == (tsig.BADSIG, tsig.BADKEY)


SIGNATURES = Path(__file__).parents[1] / "data" / "signatures.txt"
COREFILES = {
    "forward": """up.example:53 {
        forward . 127.0.0.1:5353 {
            max_fails 0
        }
    }
    up.example:5353 {
        template ANY ANY {
            answer "{{ .Name }} 60 IN TXT hello"
        }
    }""",
    "tsig": """.:53 {
        tsig {
            secret key. NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=
        }
        template ANY ANY {
            answer "{{ .Name }} 60 IN TXT hello"
        }
    }""",
}


@pytest.mark.parametrize("which", COREFILES)
def test_signatures_that_end_early_or_are_not_at_the_end(which: str) -> None:
    """The kind: TSIG records that are short, several, or followed by another record; and what `forward` does with them."""
    rows = [line.split() for line in SIGNATURES.read_text(encoding="ascii").splitlines() if line[0] != "#"]
    for release in sorted({row[1] for row in rows if row[0] == which}):
        for _, _, octets, said in [row for row in rows if row[:2] == [which, release]]:
            reply = loads(COREFILES[which], release=release).send(bytes.fromhex(octets))
            assert (reply.octets or b"").hex() == said, (release, octets)


def test_what_comes_back_signed_is_a_failure() -> None:
    def signs(msg: Msg) -> Msg:
        reply = msg.reply()
        reply.extra = [tsig.record("key.example.", "hmac-sha256.", id=msg.id)]
        return reply

    signs.speaks_msg = True  # type: ignore[attr-defined]
    server = loads(".:53 {\n errors\n forward . 10.0.0.1\n}\n", world=World(upstreams={"10.0.0.1": signs}))
    reply = server.query("a.example.org")
    assert reply.rcode == "SERVFAIL"
    assert reply.log[-1].endswith("dns: no secrets defined")
