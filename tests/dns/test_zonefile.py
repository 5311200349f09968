"""Master files, and what is wrong with them, in the words of CoreDNS's DNS library."""

from __future__ import annotations

import pytest

from corefile.dns import rdata, zonefile
from corefile.dns.zonefile import ZoneError
from corefile.releases import find


def read(text: str, origin: str = "example.org", **kw: object) -> list[str]:
    """The records of a zone, as text."""
    return [rdata.rr_to_text(rr) for rr in zonefile.parse(text, origin, **kw)]  # type: ignore[arg-type]


def error(text: str, origin: str = "example.org", **kw: object) -> ZoneError:
    """The error that a zone ends in."""
    with pytest.raises(ZoneError) as caught:
        list(zonefile.parse(text, origin, **kw))  # type: ignore[arg-type]
    return caught.value


def test_a_zone() -> None:
    text = """\
; a comment

$ORIGIN example.org.
$TTL 1h
@   IN  SOA ns1 hostmaster.example.org. (
        2024060700 ; serial
        1d         ; refresh
        2h 4w      ; retry, expire
        5m )
    IN  NS  ns1
        NS  ns2.other.example.
ns1     A   192.0.2.53
\t90 IN  AAAA 2001:db8::53
$TTL 30
www CH 10 TXT "a;b" c ( "d
e" )
$ORIGIN sub
@ A 192.0.2.1
abs.example.net. IN A 192.0.2.2
a\\.b A 192.0.2.3
"""
    assert read(text) == [
        "example.org. 3600 IN SOA ns1.example.org. hostmaster.example.org. 2024060700 86400 7200 2419200 300",
        "example.org. 3600 IN NS ns1.example.org.",
        "example.org. 3600 IN NS ns2.other.example.",
        "ns1.example.org. 3600 IN A 192.0.2.53",
        "ns1.example.org. 90 IN AAAA 2001:db8::53",
        'www.example.org. 10 CH TXT "a;b" "c" "d\\010e"',
        "sub.example.org. 30 IN A 192.0.2.1",
        "abs.example.net. 30 IN A 192.0.2.2",
        "a\\.b.sub.example.org. 30 IN A 192.0.2.3",
    ]


def test_lines_may_end_as_on_windows_or_not_at_all() -> None:
    assert read("$TTL 5\r\na A 192.0.2.1\r\nb A 192.0.2.2") == [
        "a.example.org. 5 IN A 192.0.2.1",
        "b.example.org. 5 IN A 192.0.2.2",
    ]


def test_an_empty_file_is_a_zone_file() -> None:
    assert read("") == []
    assert read("; nothing\n\n  \n") == []


@pytest.mark.parametrize(
    ("text", "ttls"),
    [
        ("a 5 A 192.0.2.1\nb A 192.0.2.2\nc 7 A 192.0.2.3\nd A 192.0.2.4\n", [5, 5, 7, 7]),
        ("$TTL 9\na 5 A 192.0.2.1\nb A 192.0.2.2\n", [5, 9]),
        ("a 5 A 192.0.2.1\n$TTL 9\nb A 192.0.2.2\nc 3 A 192.0.2.3\nd A 192.0.2.3\n", [5, 9, 3, 9]),
        ("$ttl 1w2d3h4m5s\na A 192.0.2.1\n", [788645]),
        ("a IN 1H A 192.0.2.1\n", [3600]),
        ("a 2m IN A 192.0.2.1\n", [120]),
        (" 6 A 192.0.2.1\n", [6]),
        ("a 4294967295 A 192.0.2.1\n", [4294967295]),
    ],
)
def test_the_ttl(text: str, ttls: list[int]) -> None:
    assert [rr.ttl for rr in zonefile.parse(text, "example.org")] == ttls


def test_the_default_ttl() -> None:
    assert read("a A 192.0.2.1\n", default_ttl=3600) == ["a.example.org. 3600 IN A 192.0.2.1"]
    assert error("a A 192.0.2.1\n").message == "missing TTL with no previous value"
    # Without an owner nothing asks for a TTL.
    assert read("a 5 NS b\n", default_ttl=7) == ["a.example.org. 5 IN NS b.example.org."]
    assert [rr.ttl for rr in zonefile.parse(" A 192.0.2.1\n", "example.org")] == [0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a A 192.0.2.1\n", 'db.x: dns: missing TTL with no previous value: "A" at line: 1:4'),
        ("$TTL 5\na A 192.0.2.x\n", 'db.x: dns: bad A A: "192.0.2.x" at line: 2:13'),
        ("$TTL 5\na A 192.0.2.1 x\n", 'db.x: dns: garbage after rdata: "x" at line: 2:15'),
        ("$TTL 5\na XX 192.0.2.1\n", 'db.x: dns: not a TTL: "XX" at line: 2:5'),
        ("$TTL 5\na IN XX 192.0.2.1\n", 'db.x: dns: not a TTL: "XX" at line: 2:8'),
        ("$TTL 5\na 5 IN XX 192.0.2.1\n", 'db.x: dns: unknown RR type: "XX" at line: 2:10'),
        ("$TTL 5\na 5 XX 192.0.2.1\n", 'db.x: dns: expecting RR type or class, not this...: "XX" at line: 2:7'),
        ("$TTL 5\na TYPEX 192.0.2.1\n", 'db.x: dns: unknown RR type: "unknown RR type" at line: 2:8'),
        ("$TTL 5\na CLASS99999 A 192.0.2.1\n", 'db.x: dns: unknown class: "unknown class" at line: 2:13'),
        ("$TTL 5\na..b A 192.0.2.1\n", 'db.x: dns: bad owner name: "a..b" at line: 2:5'),
        ("$TTL 5\na IN A\nb A 192.0.2.1\n", 'db.x: dns: unexpected newline: "\\n" at line: 2:6'),
        ("$TTL 5\na MX 10\nb A 192.0.2.1\n", 'db.x: dns: garbage after rdata: "A" at line: 3:4'),
        ("$TTL 5\nq\nb A 192.0.2.1\n", 'db.x: dns: not a TTL: "q" at line: 2:1'),
        ("$TTL 5\n)\n", 'db.x: dns: extra closing brace: "extra closing brace" at line: 2:1'),
        ("$TTL 5\na SOA b c ( 1 2 3 4 5\n", 'db.x: dns: garbage after rdata: "unbalanced brace" at line: 2:21'),
        ("$TTL x\n", 'db.x: dns: expecting $TTL value, not this...: "x" at line: 1:6'),
        ("$TTL 5 x\n", 'db.x: dns: garbage after rdata: "x" at line: 1:8'),
        ("$TTL\n", 'db.x: dns: not a TTL: "$TTL" at line: 1:4'),
        ("$ORIGIN a..b\n", 'db.x: dns: bad origin name: "a..b" at line: 1:12'),
        ("$INCLUDE other\n", 'db.x: dns: $INCLUDE directive not allowed: "other" at line: 1:14'),
        ('$TTL 5\na TXT "x\n', 'db.x: dns: bad TXT Txt: " " at line: 2:6'),
        ('$TTL 5\na "A" 192.0.2.1\n', 'db.x: dns: expecting RR type, TTL or class, not this...: "\\"" at line: 2:3'),
        ('$TTL 5\na NS "é"\n', 'db.x: dns: garbage after rdata: "\\u00e9" at line: 2:9'),
        ("$TTL 5\na A é\n", 'db.x: dns: bad A A: "\\u00e9" at line: 2:6'),
        ("$TTL 5\na A \udcff\n", 'db.x: dns: bad A A: "\\xff" at line: 2:5'),
        ("$TTL 99999999999\n", 'db.x: dns: expecting $TTL value, not this...: "99999999999" at line: 1:16'),
        # Messages that the library loses on the way.
        ("$TTL 5\na HTTPS 1 . port=x\n", 'db.x: dns: : "port=x" at line: 2:18'),
        ("$TTL 5\na APL 1:1.2.3/24\n", 'db.x: dns: : "1:1.2.3/24" at line: 2:16'),
        ("$TTL 5\na NULL x\n", 'db.x: dns: NULL records do not have a presentation format: " " at line: 2:7'),
    ],
)
def test_errors(text: str, said: str) -> None:
    assert str(error(text, path="db.x")) == said


def test_an_error_says_where() -> None:
    found = error("$TTL 5\na A 192.0.2.x\n", path="db.x")
    assert (found.message, found.text, found.line, found.column, found.path) == ("bad A A", "192.0.2.x", 2, 13, "db.x")
    assert str(error("q\n")) == 'dns: not a TTL: "q" at line: 1:1'
    assert error("a A 192.0.2.1", "a..b").message == "bad initial origin name"


def test_records_before_an_error_come_first() -> None:
    zone = zonefile.parse("$TTL 5\na A 192.0.2.1\nb A x\n", "example.org")
    assert next(zone).name == "a.example.org."
    with pytest.raises(ZoneError):
        next(zone)


def test_relative_names_need_an_origin() -> None:
    assert error("a 5 A 192.0.2.1\n", "").message == "bad owner name"
    assert read("a. 5 A 192.0.2.1\n", "") == ["a. 5 IN A 192.0.2.1"]
    assert read("@ 5 NS a\n", ".") == [". 5 IN NS a."]


def test_a_type_and_nothing_else_at_the_end() -> None:
    assert [rr.data for rr in zonefile.parse("$TTL 5\na IN A\n", "example.org")] == [()]


def test_a_zone_file_may_end_within_its_soa() -> None:
    assert read("$TTL 5\n@ SOA ns host 1 2 3\n") == [
        "example.org. 5 IN SOA ns.example.org. host.example.org. 1 2 3 0 0"
    ]


def test_odd_places_for_parentheses_and_comments() -> None:
    assert read("$TTL 5\na A ( 192.0.\n2.1 )\n") == ["a.example.org. 5 IN A 192.0.2.1"]
    assert read("$TTL 5\n(a) (A) 192.0.2.1 ; x ) (\n") == ["a.example.org. 5 IN A 192.0.2.1"]
    assert read("$TTL 5\na TXT x;y\n") == ['a.example.org. 5 IN TXT "x"']
    assert read('$TTL 5\na TXT x\\;y "(z)"\n') == ['a.example.org. 5 IN TXT "x;y" "(z)"']
    assert read("$TTL 5\n\\$TTL A 192.0.2.1\n") == ["\\$TTL.example.org. 5 IN A 192.0.2.1"]


def test_long_strings_are_cut() -> None:
    (rr,) = zonefile.parse("$TTL 5\na TXT " + "x" * 300 + "\n", "example.org")
    assert [len(x) for x in rr.data] == [255, 45]
    (rr,) = zonefile.parse('$TTL 5\na TXT "' + "\\065" * 256 + '"\n', "example.org")
    assert rr.data == (b"A" * 255, b"A")


FILES = {
    "zones/db.sub": "www A 192.0.2.2\n$TTL 7\n$ORIGIN deep\nx A 192.0.2.3\n",
    "/abs": "y A 192.0.2.4\n",
    "zones/loop": "$INCLUDE loop\n",
    "zones/bad": "z A x\n",
}


def test_included_files() -> None:
    text = "$TTL 5\n$INCLUDE db.sub\n$INCLUDE db.sub sub ; again\n$INCLUDE /abs\nz A 192.0.2.5\n"
    assert read(text, path="zones/db", include=FILES.get) == [
        "www.example.org. 5 IN A 192.0.2.2",
        "x.deep.example.org. 7 IN A 192.0.2.3",
        "www.sub.example.org. 5 IN A 192.0.2.2",
        "x.deep.sub.example.org. 7 IN A 192.0.2.3",
        "y.example.org. 5 IN A 192.0.2.4",
        "z.example.org. 5 IN A 192.0.2.5",
    ]


def test_errors_of_included_files() -> None:
    def said(text: str, release: str = "1.14.7") -> str:
        return str(error(text, path="zones/db", include=FILES.get, release=find(release)))

    assert said("$INCLUDE no\n") == (
        "zones/db: dns: failed to open `no' as `zones/no': open zones/no: no such file or directory: "
        '"no" at line: 1:11'
    )
    assert said("$INCLUDE no\n", "1.2.2") == "zones/db: dns: failed to open `no' as `zones/no': \"no\" at line: 1:11"
    assert said("$INCLUDE /no\n") == (
        'zones/db: dns: failed to open `/no\': open /no: no such file or directory: "/no" at line: 1:12'
    )
    assert said("$INCLUDE loop\n") == 'zones/loop: dns: too deeply nested $INCLUDE: "loop" at line: 1:13'
    assert said("$TTL 5\n$INCLUDE bad\n") == 'zones/bad: dns: bad A A: "x" at line: 1:5'
    assert said("$INCLUDE db.sub a..b\n") == 'zones/db: dns: bad origin name: "a..b" at line: 1:20'
    assert said('$INCLUDE db.sub"\n') == 'zones/db: dns: garbage after $INCLUDE: "\\"" at line: 1:16'


def test_what_a_line_that_breaks_off_includes_counts_for_the_depth() -> None:
    """What `$GENERATE` makes is as deep in `$INCLUDE` as the file that it stands in, also of a line that breaks off."""
    files = {"zones/loop": "$GENERATE 1-2 $$INCLUDE loop ${0,x\n", "zones/whole": "$GENERATE 1-2 $$INCLUDE whole\n"}
    for name in ("loop", "whole"):
        said = str(error(f"$INCLUDE {name}\n", path="zones/db", include=files.get, release=find("1.14.7")))
        assert said.startswith(f'zones/{name}: dns: too deeply nested $INCLUDE: "{name}" at line: 1:')


def test_generated_records() -> None:
    assert read("$TTL 5\n$GENERATE 1-2 a$ A 192.0.2.$\nb A 192.0.2.9\n") == [
        "a1.example.org. 3600 IN A 192.0.2.1",
        "a2.example.org. 3600 IN A 192.0.2.2",
        "b.example.org. 5 IN A 192.0.2.9",
    ]
    assert read("$generate 0-4/2 h${0,3,d} 60 CNAME g${10,0,x}.$$\\$\n") == [
        "h000.example.org. 60 IN CNAME ga.\\$\\$.example.org.",
        "h002.example.org. 60 IN CNAME gc.\\$\\$.example.org.",
        "h004.example.org. 60 IN CNAME ge.\\$\\$.example.org.",
    ]
    assert read('$GENERATE 8-8 $ TXT "${-8}" ${0,2,o} ${4,3,X}\n') == ['8.example.org. 3600 IN TXT "0" "10" "00C"']
    # A backslash takes the next character with it.
    assert read("$GENERATE 1-1 a\\.b TXT x\n") == ['ab.example.org. 3600 IN TXT "x"']


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1-x a A 1.2.3.4", 'dns: bad stop in $GENERATE range: "1-x" at line: 1:14'),
        ("x-1 a A 1.2.3.4", 'dns: bad start in $GENERATE range: "x-1" at line: 1:14'),
        ("1 a A 1.2.3.4", 'dns: bad start-stop in $GENERATE range: "1" at line: 1:12'),
        ("2-1 a A 1.2.3.4", 'dns: bad range in $GENERATE range: "2-1" at line: 1:14'),
        ("0-65536 a A 1.2.3.4", 'dns: bad range in $GENERATE range: "0-65536" at line: 1:18'),
        ("1-2/0 a A 1.2.3.4", 'dns: bad step in $GENERATE range: "1-2/0" at line: 1:16'),
        ("1-2/ a A 1.2.3.4", 'dns: bad step in $GENERATE range: "1-2/" at line: 1:15'),
        ("1-2", 'dns: garbage after $GENERATE range: "\\n" at line: 1:13'),
        ("1-2 a${x A 1.2.3.4", 'dns: bad modifier in $GENERATE: "${x A 1.2.3.4" at line: 1:16'),
        ("1-2 a${0,1,y} A 1.2.3.4", 'dns: bad base in $GENERATE: "${0,1,y}" at line: 1:16'),
        ("1-2 a${0,x} A 1.2.3.4", 'dns: bad width in $GENERATE: "${0,x}" at line: 1:16'),
        ("1-2 a${x} A 1.2.3.4", 'dns: bad offset in $GENERATE: "${x}" at line: 1:16'),
        ("1-2 a${-2} A 1.2.3.4", 'dns: bad offset in $GENERATE: "${-2}" at line: 1:16'),
        ("1-2 a${0,1,d,e} A 1.2.3.4", 'dns: bad modifier in $GENERATE: "${0,1,d,e}" at line: 1:16'),
        ("1-2 a A 1.2.3.x", 'dns: bad A A: "1.2.3.x" at line: 1:11'),
        ("1-2 \\$GENERATE 1-2 a A 1.2.3.4", 'dns: nested $GENERATE directive not allowed: "1-2" at line: 1:14'),
        ("1-2 $GENERATE 1-2 a A 1.2.3.4", 'dns: not a TTL: "1-2" at line: 1:14'),
    ],
)
def test_errors_of_generated_records(line: str, said: str) -> None:
    assert str(error(f"$GENERATE {line}\n")) == said


@pytest.mark.parametrize(
    ("line", "said", "after_record"),
    [
        ("h$ CNAME ${-1}.t", 'bad offset in $GENERATE: "${-1}" at line: 1:24', True),
        ("h$ MX ${-1} x", 'bad offset in $GENERATE: "${-1}" at line: 1:21', True),
        ("h$ A 10.0.0.1 ${-1}", 'bad offset in $GENERATE: "${-1}" at line: 1:29', True),
        ("h${-1} CNAME x", 'bad offset in $GENERATE: "${-1}" at line: 1:16', False),
        ("h$ 60 IN CNAME${-1}", 'bad offset in $GENERATE: "${-1}" at line: 1:29', False),
        ("h$ SRV 1 2 ${-1} x", 'bad SRV Port: " " at line: 1:7', False),
        ("h$ MX 1 x${-1}", 'bad MX Mx: " " at line: 1:6', False),
    ],
)
def test_a_generated_line_that_breaks_off_is_read_up_to_there(line: str, said: str, after_record: bool) -> None:
    found = error(f"$GENERATE 0-2 {line}\n")
    assert (str(found), found.after_record) == (f"dns: {said}", after_record)


@pytest.mark.parametrize(
    ("text", "brought"),
    [
        ("a HTTPS 1 .\n", "1.8.0"),
        ("a SVCB 1 .\n", "1.8.0"),
        ("a APL 1:1.2.3.4/32\n", "1.6.7"),
        ("a A \\# 4 c0000201\n", "1.8.3"),
        ("a ZONEMD 1 1 1 ab\n", "1.8.4"),
        ("a AMTRELAY 1 0 0 .\n", "1.11.0"),
        ("a TXT " + "x" * 3000 + "\n", "1.11.0"),
        ("a RESINFO x\n", "1.12.1"),
    ],
)
def test_what_releases_brought(text: str, brought: str) -> None:
    from corefile import releases

    release = releases.find(brought)
    before = releases.ALL[releases.ALL.index(release) - 1]
    assert len(list(zonefile.parse("$TTL 5\n" + text, "example.org", release=release))) == 1
    error("$TTL 5\n" + text, release=before)


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0x", "invalid byte: U+0078 'x'"),
        ("a'", "invalid byte: U+0027 '''"),
        ("é", "invalid byte: U+00C3 'Ã'"),
    ],
)
def test_digits_that_are_not_hexadecimal(digits: str, said: str) -> None:
    """Octets are told as Go's encoding/hex tells them."""
    assert error(f"a 5 A \\# 1 {digits}\n").message == f"encoding/hex: {said}"


@pytest.mark.parametrize(
    ("type", "digits", "words"),
    [
        ("A", "01", "A: dns: overflow unpacking a"),
        ("AAAA", "01", "AAAA: dns: overflow unpacking aaaa"),
        ("MX", "01", "MX.Preference: dns: overflow unpacking uint16"),
        ("SOA", "0001", "SOA.Mbox: dns: buffer size too small"),
        ("TXT", "0001", "TXT.Txt: dns: overflow unpacking txt"),
        ("HINFO", "0001", "HINFO.Os: dns: overflow unpacking txt"),
        ("NSEC", "000100", "NSEC.TypeBitMap: dns: empty NSEC(3) block in type bitmap"),
        ("NSEC", "000021" + 33 * "01", "NSEC.TypeBitMap: dns: NSEC(3) block too long in type bitmap"),
        ("NSEC", "00000201", "NSEC.TypeBitMap: dns: overflowing NSEC(3) block in type bitmap"),
        ("NSEC3", "0100000102ff", "dns: overflow unpacking hex"),
        ("LOC", "00010203040506070809", "LOC.Longitude: dns: overflow unpacking uint32"),
        ("HIP", "0001020304", "dns: overflow unpacking base64"),
        ("IPSECKEY", "000100ff", "IPSECKEY.GatewayHost: dns: overflow unpacking a"),
        ("EUI48", "01", "EUI48.Address: dns: overflow unpacking uint64 as uint48"),
        ("APL", "0001020304", "APL.Prefixes: dns: overflow unpacking APL address"),
        ("HTTPS", "0001000001", "HTTPS.Value: dns: overflow unpacking SVCB"),
        ("TSIG", "00010203040506070809", "TSIG.MACSize: dns: overflow unpacking uint16"),
        ("RESINFO", "01", "dns: overflow unpacking txt"),
    ],
)
def test_octets_that_are_no_data_of_a_type(type: str, digits: str, words: str) -> None:
    """The library says of which field since its 1.1.67; what is wrong, it has always said in the same words."""
    text = f"x 5 {type} \\# {len(digits) // 2} {digits}\n"
    assert error(text).message == words
    assert error(text, release=find("1.12.1")).message == words[words.index("dns: ") :]


def test_octets_behind_the_data_of_a_type_do_not_matter() -> None:
    assert read("x 5 A \\# 5 c000020100\n") == ["x.example.org. 5 IN A 192.0.2.1"]
    assert read("x 5 AMTRELAY \\# 4 05000000\n") == read("x 5 AMTRELAY 5 0 0 .\n")


def test_ttls_were_wrapped_once() -> None:
    assert [rr.ttl for rr in zonefile.parse("a 4294967297 A 192.0.2.1\n", "x", release=find("1.12.1"))] == [1]
    assert [rr.ttl for rr in zonefile.parse("a 71582789m A 192.0.2.1\n", "x", release=find("1.12.1"))] == [44]
    assert error("a 4294967297 A 192.0.2.1\n", release=find("1.14.7")).message == "not a TTL"


def test_one_record() -> None:
    rr = zonefile.record("www.example 5 IN A 192.0.2.1")
    assert rr is not None
    assert rdata.rr_to_text(rr) == "www.example. 5 IN A 192.0.2.1"
    assert zonefile.record("; nothing") is None
    assert zonefile.record("") is None
    rr = zonefile.record("a A 192.0.2.1\nb A 192.0.2.2")
    assert rr is not None
    assert (rr.name, rr.ttl) == ("a.", 3600)
    with pytest.raises(ZoneError, match="bad A A"):
        zonefile.record("a A x")


def test_a_brace_that_nothing_closes_is_missed_by_some_types() -> None:
    (https,) = zonefile.parse("a 60 HTTPS 1 . alpn=h2 (\n", "example.org.")
    assert https.data[0] == 1
    (loc,) = zonefile.parse("a 60 LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m (\n", "example.org.")
    assert len(loc.data) == 7
    with pytest.raises(ZoneError, match="unbalanced brace"):
        list(zonefile.parse("a 60 DNSKEY 256 3 8 AwEA (\n", "example.org."))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a 60 NULL x\n", 'z: dns: bad RFC3597 Rdata: "x" at line: 1:11'),
        ("a 60 NID 1 1:2:3:4\n", '1:2:3:4: dns: bad NID/L64 NodeID/Locator64: "1:2:3:4" at line: 1:18'),
        ("a 60 A\nb 60 A 192.0.2.1\n", 'z: dns: bad A A: "b" at line: 2:2'),
    ],
)
def test_the_first_parser(text: str, said: str) -> None:
    with pytest.raises(ZoneError) as caught:
        list(zonefile.parse(text, "example.org.", path="z", release=find("1.2.2")))
    assert str(caught.value) == said
