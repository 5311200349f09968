"""file: look-ups as each release does them, what it refuses, reading the file again, transfers."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.api import Server, build, loads
from corefile.chain.reply import Reply
from corefile.dns.message import Edns
from corefile.findings import Source
from corefile.lint import checks
from corefile.releases import find
from corefile.world import World

ZONE = """
$TTL 300
$ORIGIN example.org.
@ SOA ns1 hostmaster 5 7200 3600 1209600 300
@ NS ns1
@ MX 10 mail
@ MX 10 MAIL
ns1 A 192.0.2.1
mail A 192.0.2.2
www A 192.0.2.3
www A 192.0.2.3
a.b.c A 192.0.2.4
*.w A 192.0.2.5
*.w MX 5 mail
x.y.w TXT "deep"
*.cw CNAME www
al CNAME www
chain CNAME al
gone CNAME nx
sub NS ns.sub
ns.sub A 192.0.2.6
sub DS 1 8 2 00
alsub CNAME host.sub
d DNAME w
self DNAME self
_sip._tcp SRV 1 2 3 Mail
toapex CNAME @
"""
SOA = "example.org. 300 IN SOA ns1.example.org. hostmaster.example.org. 5 7200 3600 1209600 300"
NS = "example.org. 300 IN NS ns1.example.org."


def serving(release: str = "1.14.7", options: str = "", zone: str = ZONE, more: str = "") -> Server:
    text = f"example.org:53 {{\nfile db.example.org {{\n{options}\n}}\n{more}}}\n"
    return loads(text, release=release, world=World(files={"db.example.org": zone}))


def sections(reply: Reply) -> tuple[str, list[str], list[str], list[str]]:
    three = (reply.answer, reply.authority, reply.additional)
    return reply.rcode, *([str(rr) for rr in section] for section in three)  # type: ignore[return-value]


def ask(name: str, type: str = "A", release: str = "1.14.7") -> tuple[str, list[str], list[str], list[str]]:
    return sections(serving(release).query(name, type))


def refused(corefile: str, files: dict[str, str], release: str = "1.14.7") -> str:
    instance = build(Source("Corefile", corefile), find(release), World(files=files, assume=False))
    return str(instance.errors[0].coredns) if instance.errors else ""


# -- look-up ----------------------------------------------------------------------------------------------------------


def test_a_name_with_its_servers_and_addresses() -> None:
    two = ["www.example.org. 300 IN A 192.0.2.3"] * 2
    assert ask("WWW.example.org") == ("NOERROR", two, [NS], [])
    mail = "mail.example.org. 300 IN A 192.0.2.2"
    mx = ["example.org. 300 IN MX 10 mail.example.org."] * 2
    assert ask("example.org", "MX") == ("NOERROR", mx, [NS], [mail])
    assert ask("example.org", "NS") == ("NOERROR", [NS], [], ["ns1.example.org. 300 IN A 192.0.2.1"])
    assert ask("example.org", "SOA") == ("NOERROR", [SOA], [NS], [])


def test_duplicates_until_1_6_0() -> None:
    assert ask("www.example.org", release="1.5.2")[1] == ["www.example.org. 300 IN A 192.0.2.3"]
    assert len(ask("www.example.org", release="1.6.0")[1]) == 2
    assert ask("example.org", "MX", "1.14.6")[3] == ["mail.example.org. 300 IN A 192.0.2.2"] * 2


def test_denials() -> None:
    assert ask("nx.example.org") == ("NXDOMAIN", [], [SOA], [])
    assert ask("www.example.org", "TXT") == ("NOERROR", [], [SOA], [])
    assert ask("b.c.example.org") == ("NOERROR", [], [SOA], [])  # has names below it only
    assert ask("www.example.org", "SOA", "1.6.9") == ("NOERROR", [SOA], [NS], [])
    assert ask("www.example.org", "SOA", "1.7.0") == ("NOERROR", [], [SOA], [])


def test_wildcards() -> None:
    assert ask("q.w.example.org")[1] == ["q.w.example.org. 300 IN A 192.0.2.5"]
    assert ask("q.w.example.org", "AAAA") == ("NOERROR", [], [SOA], [])
    assert ask("q.w.example.org", "MX")[3] == ["mail.example.org. 300 IN A 192.0.2.2"]
    assert ask("q.w.example.org", "MX", "1.14.4")[3] == []
    # y.w exists because of x.y.w, so the wildcard says nothing about names below it (RFC 4592).
    assert ask("z.y.w.example.org")[0] == "NXDOMAIN"
    assert ask("z.y.w.example.org", release="1.14.6")[1] == ["z.y.w.example.org. 300 IN A 192.0.2.5"]
    assert ask("q.cw.example.org", "CNAME")[1] == ["q.cw.example.org. 300 IN CNAME www.example.org."]
    assert len(ask("q.cw.example.org", "CNAME", "1.8.4")[1]) == 1


def test_aliases() -> None:
    www, al = ["www.example.org. 300 IN A 192.0.2.3"] * 2, "al.example.org. 300 IN CNAME www.example.org."
    assert ask("chain.example.org") == (
        "NOERROR",
        ["chain.example.org. 300 IN CNAME al.example.org.", al, *www],
        [NS],
        [],
    )
    assert ask("chain.example.org", "CNAME")[1] == ["chain.example.org. 300 IN CNAME al.example.org."]
    gone = "gone.example.org. 300 IN CNAME nx.example.org."
    assert ask("gone.example.org") == ("NXDOMAIN", [gone], [SOA], [])
    assert ask("gone.example.org", release="1.14.4") == ("NXDOMAIN", [gone], [NS], [])
    assert ask("gone.example.org", release="1.8.0") == ("NOERROR", [gone], [NS], [])
    assert ask("toapex.example.org", "NS")[1][1:] == [NS]
    assert ask("toapex.example.org", "NS", "1.14.1")[1][1:] == []


def test_an_alias_of_a_delegated_name() -> None:
    alias = "alsub.example.org. 300 IN CNAME host.sub.example.org."
    cut = ["sub.example.org. 300 IN NS ns.sub.example.org."]
    glue = ["ns.sub.example.org. 300 IN A 192.0.2.6"]
    assert ask("alsub.example.org") == ("NOERROR", [alias], cut, glue)
    assert "aa" in serving().query("alsub.example.org").flags
    assert ask("alsub.example.org", release="1.14.6") == ("NOERROR", [alias], [SOA], [])
    assert ask("alsub.example.org", release="1.14.4") == ("NOERROR", [alias], [NS], [])


def test_delegations() -> None:
    cut = ["sub.example.org. 300 IN NS ns.sub.example.org."]
    glue = ["ns.sub.example.org. 300 IN A 192.0.2.6"]
    reply = serving().query("x.sub.example.org")
    assert sections(reply) == ("NOERROR", [], cut, glue)
    assert reply.flags == ("qr", "rd")
    ds = "sub.example.org. 300 IN DS 1 8 2 00"
    assert ask("sub.example.org", "DS")[1] == [ds]
    assert ask("sub.example.org", "DS", "1.0.0") == ("NOERROR", [], cut, glue)
    signed = serving().query("x.sub.example.org", edns=Edns(1232, True))
    assert [str(rr) for rr in signed.authority] == [*cut, ds]


def test_dname() -> None:
    d = "d.example.org. 300 IN DNAME w.example.org."
    cname, a = "q.d.example.org. 300 IN CNAME q.w.example.org.", "q.w.example.org. 300 IN A 192.0.2.5"
    assert ask("q.d.example.org")[1] == [d, cname, a]
    assert ask("q.d.example.org", "CNAME")[1] == [d, cname]
    assert ask("d.example.org") == ("NOERROR", [], [SOA], [])
    assert ask("x.self.example.org")[0] == "SERVFAIL"


def test_case_of_srv_records() -> None:
    srv = "_sip._tcp.example.org. 300 IN SRV 1 2 3 "
    assert ask("_sip._tcp.example.org", "SRV")[1] == [srv + "Mail.example.org."]
    assert ask("_sip._tcp.example.org", "SRV", "1.12.2")[1] == [srv + "mail.example.org."]


def test_recursion_is_available_until_1_3_1() -> None:
    assert serving("1.3.0").query("www.example.org").flags == ("qr", "aa", "rd", "ra")
    assert serving("1.3.1").query("www.example.org").flags == ("qr", "aa", "rd")


def test_escapes_are_one_name_since_1_14_4() -> None:
    zone = ZONE + "a\\066c A 192.0.2.9\n"
    assert serving("1.14.4", zone=zone).query("abc.example.org").rcode == "NOERROR"
    assert serving("1.14.3", zone=zone).query("abc.example.org").rcode == "NXDOMAIN"


SIGNED = """
$TTL 300
@ SOA ns1 hostmaster 5 7200 3600 1209600 300
@ NSEC a SOA
a A 192.0.2.1
a NSEC c A
c A 192.0.2.2
c NSEC @ A
"""


def test_nsec_records() -> None:
    reply = serving(zone=SIGNED).query("b.example.org", edns=Edns(1232, True))
    assert [str(rr) for rr in reply.authority[1:]] == [
        "a.example.org. 300 IN NSEC c.example.org. A",
        "example.org. 300 IN NSEC a.example.org. SOA",
    ]


# -- beyond the zone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "options", "answers", "rcode"),
    [
        ("1.14.7", "", 2, "NOERROR"),
        ("1.2.2", "upstream", 2, "NOERROR"),
        ("1.2.2", "upstream 10.0.0.53", 2, "NOERROR"),
        ("1.2.2", "", 1, "NOERROR"),
    ],
)
def test_where_targets_are_looked_up(release: str, options: str, answers: int, rcode: str) -> None:
    text = (
        f"example.org {{\nfile db {{\n{options}\n}}\n}}\nother.test {{\nhosts {{\n192.0.2.80 www.other.test\n}}\n}}\n"
    )
    zone = "@ 60 SOA ns h 1 2 3 4 5\na 60 CNAME www.other.test.\n"
    world = World(files={"db": zone}, upstreams={"10.0.0.53": "www.other.test. 60 A 192.0.2.81"})
    reply = loads(text, release=release, world=world).query("a.example.org")
    assert (len(reply.answer), reply.rcode) == (answers, rcode)


def test_aliases_that_lead_to_each_other() -> None:
    zone = "@ 60 SOA ns h 1 2 3 4 5\n*.l 60 CNAME x.y.l\n"
    assert serving(zone=zone).query("a.l.example.org").rcode == "SERVFAIL"
    assert not serving("1.6.5", zone=zone).query("a.l.example.org").received
    assert len(serving("1.4.0", zone=zone).query("a.l.example.org").answer) == 11


# -- the chain --------------------------------------------------------------------------------------------------------


def test_fallthrough() -> None:
    server = serving(options="fallthrough a.example.org", more="whoami\n")
    assert server.query("nx.example.org").rcode == "NXDOMAIN"
    assert server.query("x.a.example.org").trace.hops[-1].plugin == "whoami"
    everything = serving(options="fallthrough", more="whoami\n")
    assert everything.query("b.c.example.org").trace.hops[-1].plugin == "whoami"
    assert everything.query("q.w.example.org", "TXT").trace.hops[-1].plugin == "file"
    assert serving(options="fallthrough").query("nx.example.org").rcode == "SERVFAIL"
    assert serving(options="fallthrough").query("www.example.org", "MX").rcode == "NOERROR"


def test_a_name_in_none_of_its_zones() -> None:
    text = "example.org {\nfile db other.test\n}\n"
    world = World(files={"db": ZONE})
    assert loads(text, world=world).query("a.example.org").rcode == "REFUSED"
    assert loads(text, release="1.12.2", world=world).query("a.example.org").rcode == "SERVFAIL"


def test_notify_is_dropped() -> None:
    server = serving()
    assert not server.query("example.org", "SOA", opcode="NOTIFY").received
    assert server.query("www.example.org").log == []


def test_trace_says_why() -> None:
    trace = str(serving().query("nx.example.org").trace)
    assert "zone example.org. has no name nx.example.org." in trace


# -- transfers --------------------------------------------------------------------------------------------------------


def test_transfers_are_not_its_own_business() -> None:
    assert serving().query("example.org", "AXFR", transport="tcp").rcode == "REFUSED"
    assert serving("1.8.0").query("example.org", "AXFR", transport="tcp").rcode == "NOERROR"
    assert serving("1.7.1").query("example.org", "AXFR", transport="tcp").rcode == "SERVFAIL"


def test_transfer_to() -> None:
    zone = "@ 60 SOA ns h 7 2 3 4 5\n@ 60 NS ns\nb 60 A 192.0.2.2\na 60 A 192.0.2.1\n"
    server = serving("1.7.1", "transfer to 10.0.0.7", zone)
    assert server.query("example.org", "AXFR", client="10.0.0.8").rcode == "SERVFAIL"
    reply = server.query("example.org", "AXFR", client="10.0.0.7", transport="tcp")
    assert [rr.type for rr in reply.answer] == ["SOA", "NS", "A", "A", "SOA"]  # of all messages
    assert reply.log == [
        "[INFO] plugin/file: Outgoing transfer of 5 records of zone example.org. to 10.0.0.7 done with 7 SOA serial"
    ]
    handler = serving(zone=zone).process.instance.sites[0].handler("file")
    records = handler.transfer_records("example.org.", 0)
    assert [rr.name for rr in records[2:-1]] == ["a.example.org.", "b.example.org."]
    assert handler.transfer_records("example.org.", 7) == [records[0]]
    assert handler.transfer_records("example.net.", 0) is None


# -- reading the file again -------------------------------------------------------------------------------------------


def test_reload() -> None:
    server = serving(options="reload 10s")
    files = server.world.files
    files.write("db.example.org", ZONE.replace("192.0.2.3", "192.0.2.33"))  # type: ignore[attr-defined]
    server.advance(11)
    assert server.query("www.example.org").answer[0].data == ("192.0.2.3",)  # the serial is the same
    files.write("db.example.org", ZONE.replace("192.0.2.3", "192.0.2.33").replace(" 5 7200", " 6 7200"))  # type: ignore[attr-defined]
    server.advance(10)
    reply = server.query("www.example.org")
    assert reply.answer[0].data == ("192.0.2.33",)
    assert reply.log == [
        '[INFO] plugin/file: Successfully reloaded zone "example.org." in "db.example.org" with 6 SOA serial'
    ]
    files.write("db.example.org", "x\n")  # type: ignore[attr-defined]
    server.advance(10)
    assert server.query("www.example.org").log[0].startswith('[ERROR] plugin/file: Parsing zone "example.org.": ')


def test_a_file_that_comes_later() -> None:
    server = loads("example.org {\nfile db {\nreload 5s\n}\n}\n", world=World(files={}))
    assert server.query("www.example.org").rcode == "SERVFAIL"
    server.world.files.write("db", ZONE)  # type: ignore[attr-defined]
    server.advance(5)
    assert server.query("www.example.org").rcode == "NOERROR"


def test_by_default_every_minute() -> None:
    for release, changed in (("1.14.7", True), ("1.5.2", False), ("1.2.2", True)):
        server = loads("example.org {\nfile db\n}\n", release=release, world=World(files={"db": ZONE}))
        server.world.files.write("db", ZONE.replace("192.0.2.3", "192.0.2.33").replace(" 5 7200", " 6 7200"))  # type: ignore[attr-defined]
        server.advance(61)
        assert (server.query("www.example.org").answer[0].data == ("192.0.2.33",)) is changed


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "release", "coredns"),
    [
        ("missing", "1.5.2", "plugin/file: open missing: no such file or directory"),
        ("missing {\nreload 0\n}", "1.14.7", "plugin/file: plugin/file: open missing: no such file or directory"),
        ("missing", "1.14.7", ""),
        ("bad", "1.2.2", 'plugin/file: bad: dns: bad A A: "notanip" at line: 2:14'),
        ("bad", "1.11.3", ""),
        (
            "bad",
            "1.14.7",
            (
                'plugin/file: failed to parse file "bad" for origin example.org. with error bad: dns: '
                'bad A A: "notanip" at line: 2:14'
            ),
        ),
        ("nosoa", "1.2.2", 'plugin/file: file "nosoa" has no SOA record'),
        ("nosoa", "1.14.7", 'plugin/file: file "nosoa" has no SOA record for origin example.org.'),
        (
            "zero",
            "1.14.7",
            "plugin/file: no change in SOA serial for origin example.org. in file zero, with 0 SOA serial",
        ),
        (
            "nsec3",
            "1.14.7",
            "plugin/file: NSEC3 zone is not supported, dropping RR: x.example.org. for zone: example.org.",
        ),
        ("good example.org example.net", "1.5.2", 'plugin/file: file "good" has no SOA record'),
        ("good example.org example.net", "1.6.0", ""),
        (
            "",
            "1.14.7",
            (
                "plugin/file: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending "
                "after 'file'"
            ),
        ),
        (
            '""',
            "1.14.7",
            'plugin/file: failed to parse file "" for origin example.org. with error read .: is a directory',
        ),
        ("good {\nreload x\n}", "1.14.7", 'plugin/file: plugin/file: time: invalid duration "x"'),
        ("good {\nreload\n}", "1.14.7", "plugin/file: reload duration value is expected"),
        ("good {\nreload 5s\n}", "1.2.2", "plugin/file: Corefile:3 - Error during parsing: unknown property 'reload'"),
        (
            "good {\ntransfer from 10.0.0.1\n}",
            "1.2.2",
            "plugin/file: can't use `transfer from` when not being a secondary",
        ),
        ("good {\ntransfer to x\n}", "1.2.2", "plugin/file: must specify an IP address: `x'"),
        (
            "good {\ntransfer to 10.0.0.1\n}",
            "1.8.0",
            "plugin/file: Corefile:3 - Error during parsing: unknown property 'transfer'",
        ),
        ("good {\nno_reload x\n}", "1.2.2", "plugin/file: Corefile:3 - Error during parsing: unknown property 'x'"),
        (
            "good {\nfallthrough\n}",
            "1.12.1",
            "plugin/file: Corefile:3 - Error during parsing: unknown property 'fallthrough'",
        ),
    ],
)
def test_refused(line: str, release: str, coredns: str) -> None:
    soa = "@ 60 SOA ns h 1 2 3 4 5\n"
    files = {
        "good": soa,
        "bad": soa + "x 60 A notanip\n",
        "nosoa": "x 60 A 192.0.2.1\n",
        "zero": soa.replace(" 1 2", " 0 2"),
        "nsec3": soa + "x 60 NSEC3PARAM 1 0 1 AB\n",
    }
    assert refused(f"example.org {{\nfile {line}\n}}\n", files, release) == coredns


def test_our_own_words_name_file_and_line() -> None:
    files = {"bad": "@ 60 SOA ns h 1 2 3 4 5\nx 60 A notanip\n"}
    instance = build(Source("Corefile", "example.org {\nfile bad\n}\n"), find("1.14.7"), World(files=files))
    assert instance.errors[0].message == "file: zone example.org. cannot be loaded: bad:2: bad A A"


# -- names as they are written --------------------------------------------------------------------------------------------

WRITTEN = r"""
$TTL 300
$ORIGIN example.org.
@ SOA ns1 hm 1 7200 3600 1209600 300
@ NS ns1
b\@.b.a A 192.0.2.1
c CNAME b\@.b.\065
* CNAME \*
"""


def test_an_escape_keeps_the_case_of_its_letter() -> None:
    reply = serving(zone=WRITTEN).query("c.example.org")
    assert sections(reply)[1][0] == r"c.example.org. 300 IN CNAME b\@.b.A.example.org."
    assert reply.rcode == "NOERROR"
    assert len(reply.answer) == 2  # the server finds it when it asks itself


def test_an_escaped_asterisk_is_asked_for_anew() -> None:
    reply = serving(zone=WRITTEN).query("x.example.org")
    assert reply.rcode == "SERVFAIL"
    assert sections(reply)[1] == [
        "x.example.org. 300 IN CNAME *.example.org.",
        *["*.example.org. 300 IN CNAME *.example.org."] * 8,
    ]


def test_owners_of_srv_keep_their_case() -> None:
    zone = """
$TTL 300
$ORIGIN example.org.
@ SOA ns1 hm 1 7200 3600 1209600 300
@ NS ns1
*.A SRV 1 2 80 ns1
Sub SRV 1 2 80 ns1
ns1 NSEC a A
"""
    server = serving(zone=zone)
    # A wildcard does not hold below a name that differs from its parent in case alone.
    assert server.query("x.a.example.org", "SRV").rcode == "NXDOMAIN"
    # The wildcard of the closest encloser is looked for whatever its case.
    signed = server.query("x.sub.example.org", edns=Edns(1232, True))
    assert [str(rr) for rr in signed.authority] == [
        "example.org. 300 IN SOA ns1.example.org. hm.example.org. 1 7200 3600 1209600 300"
    ]


def test_a_record_with_no_wire_form_is_loaded_and_never_sent() -> None:
    zone = ZONE + "\nkey DNSKEY 256 3 8 Aw!A\nkey TXT fine\n"
    server = serving(zone=zone)
    assert not server.query("key.example.org", "DNSKEY").received
    assert server.query("key.example.org", "TXT").received


def test_a_record_without_a_wire_form_leaves_the_client_waiting() -> None:
    """It is loaded, and CoreDNS finds out when it packs the reply."""
    zone = "@ 60 SOA ns host 1 2 3 4 5\nk 60 DNSKEY 256 3 8 Aw!A\nk 60 TXT fine\n"
    server = loads("example.:53 {\n file db\n}\n", world=World(files={"db": zone}))
    assert server.query("k.example", "TXT").rcode == "NOERROR"
    assert not server.query("k.example", "DNSKEY").received


@pytest.mark.parametrize(
    ("line", "at", "word", "words"),
    [
        ("ns A 10.0.0.256", 4, "10.0.0.256", "this is not what the record takes"),
        ('@ TXT "v=spf1 -all', 4, '@ TXT "v=spf1 -all', "a quote is not closed here"),
    ],
)
def test_a_mistake_in_a_zone_has_its_place_there_too(line: str, at: int, word: str, words: str) -> None:
    """CoreDNS says which line of which file; the finding shows it below that of the Corefile."""
    text = f"$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\n{line}\n"
    (one,) = checks("a.test {\n file zones/db\n}\n", world=World(files={"zones/db": text}))
    assert one.span is not None
    assert one.span.text == "zones/db"
    ((span, said),) = one.related
    assert (span.source.path, span.line, span.text, said) == ("zones/db", at, word, words)


def test_a_zone_on_disk_is_named_as_the_user_would_name_it(tmp_path: Path) -> None:
    """As imported files are: from where the command runs, and not from the Corefile's folder."""
    (tmp_path / "db").write_text("@ 60 SOA ns h 1 2 3 4 5\nns 60 A 10.0.0.256\n")
    (one,) = checks("a.test {\n file db\n}\n", world=World(root=tmp_path))
    assert one.related[0][0].locate()[:3] == (str(tmp_path / "db"), 2, 9)


def test_a_zone_that_is_signed_with_nsec3_says_so() -> None:
    world = World(files={"db": "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NSEC3PARAM 1 0 1 ab\n"})
    (one,) = checks("example.org {\n file db\n}\n", world=world)
    assert one.message == "file: zone example.org. cannot be loaded from db: it is signed with NSEC3"
    assert one.hint == "CoreDNS serves no such zones: sign it with NSEC"


def test_a_zone_without_an_soa_record_says_how_one_begins() -> None:
    (one,) = checks("a.test {\n file db\n}\n", world=World(files={"db": "$TTL 60\n@ NS ns\n"}))
    assert one.message == "file: zone a.test. cannot be loaded: there is no SOA record in db"
    assert "IN SOA" in one.hint
