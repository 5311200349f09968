"""The table of record types, and the five functions that come from it. The texts on the right are dnspython's own."""

from __future__ import annotations

from pathlib import Path

import dnslib
import pytest

from corefile.dns import codes, errors, escapes, rdata
from corefile.dns.rr import RR

# What is written in a zone file, and how the record is printed.
TEXTS = [
    ("A 192.0.2.1", "A 192.0.2.1"),
    ("NS ns1", "NS ns1."),
    ("CNAME @", "CNAME ."),
    (r"CNAME a\.b.\036c.d'e.\(f\).\000\255", r"CNAME a\.b.\$c.d'e.\(f\).\000\255."),
    ("SOA ns1 host 2024010101 2h 15M 1W 3m", "SOA ns1. host. 2024010101 7200 900 604800 180"),
    ('HINFO "x86-64" Linux', 'HINFO "x86-64" "Linux"'),
    ('HINFO "one two three"', 'HINFO "one" "two three"'),
    ("HINFO one", 'HINFO "one" ""'),
    ("MX 10 mail", "MX 10 mail."),
    (r'TXT "say \"hi\" to \\ me" two', r'TXT "say \"hi\" to \\ me" "two"'),
    (r'TXT "\065\000\255\;" ""', r'TXT "A\000\255;" ""'),
    ("TXT grüße", r'TXT "gr\195\188\195\159e"'),
    ("RP admin contact", "RP admin. contact."),
    ("AFSDB 1 afs", "AFSDB 1 afs."),
    ("ISDN 150862028003217", 'ISDN "150862028003217"'),
    ("ISDN 150862028003217 004", 'ISDN "150862028003217" "004"'),
    ("RT 10 relay", "RT 10 relay."),
    ("NSAP-PTR foo", "NSAP-PTR foo."),
    ("PX 10 net2.it. prmd-net2.admd-p400.c-it.", "PX 10 net2.it. prmd-net2.admd-p400.c-it."),
    ("GPOS -32.6882 116.8652 10.0", "GPOS -32.6882 116.8652 10.0"),
    ("AAAA 2001:0DB8:0:0:8:800:200C:417A", "AAAA 2001:db8::8:800:200c:417a"),
    ("AAAA ::ffff:192.0.2.1", "AAAA ::ffff:192.0.2.1"),
    ("AAAA ::192.0.2.1", "AAAA ::192.0.2.1"),
    ("AAAA 1:0:0:2:0:0:0:3", "AAAA 1:0:0:2::3"),
    ("AAAA 1:0:0:2:3:0:0:4", "AAAA 1::2:3:0:0:4"),
    ("AAAA ::", "AAAA ::"),
    ("AAAA ::1", "AAAA ::1"),
    ("AAAA 1:2:3:4:5:6:0:8", "AAAA 1:2:3:4:5:6:0:8"),
    ("AAAA fe80::", "AAAA fe80::"),
    ("LOC 52 22 23.000 N 4 53 32.000 E -2.00m 1m 10000m 10m", "LOC 52 22 23.000 N 4 53 32.000 E -2.00m"),
    ("LOC 42 S 71 6 18 W -24m 30m", "LOC 42 0 0.000 S 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m"),
    ("LOC 0 N 0 E 0 0.10 .5m 90000000", "LOC 0 0 0.000 N 0 0 0.000 E 0.00m 0.10m 0.50m 90000000.00m"),
    ("SRV 0 5 5060 sip", "SRV 0 5 5060 sip."),
    (
        'NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
        'NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
    ),
    ('NAPTR 1 2 "" "" "\\\\1" x', 'NAPTR 1 2 "" "" "\\\\1" x.'),
    ("KX 1 kx", "KX 1 kx."),
    ("CERT PKIX 12345 RSASHA256 AwEAAQ==", "CERT PKIX 12345 RSASHA256 AwEAAQ=="),
    ("CERT 65534 1 254 AwEAAQ==", "CERT 65534 1 PRIVATEOID AwEAAQ=="),
    ("DNAME other.example.", "DNAME other.example."),
    (
        "APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32",
        "APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32",
    ),
    ("DS 12345 RSASHA256 2 ABCD ef01", "DS 12345 8 2 abcdef01"),
    ("SSHFP 4 2 1234 56789ABCDEF0", "SSHFP 4 2 123456789abcdef0"),
    (
        "IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtu",
        "IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtu",
    ),
    (
        "IPSECKEY 10 3 2 gw AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==",
        "IPSECKEY 10 3 2 gw. AQNRU3mG7TVTO2BkR47usntb102uFJtu gbo6BSGvgqt4AQ==",
    ),
    (
        "RRSIG A 13 3 300 20260101000000 1735689600 42 example. " + "QUJD" * 12,
        "RRSIG A 13 3 300 20260101000000 20250101000000 42 example. " + "QUJD" * 8 + " " + "QUJD" * 4,
    ),
    ("NSEC host A MX RRSIG NSEC TYPE1234", "NSEC host. A MX RRSIG NSEC TYPE1234"),
    ("NSEC host", "NSEC host."),
    ("DNSKEY 257 3 13 " + "QUJD" * 9, "DNSKEY 257 3 13 " + "QUJD" * 8 + " QUJD"),
    (
        "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
        "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69 lOjxfNuVAA2kjEA=",
    ),
    (
        "NSEC3 1 1 12 aabbccdd 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX DNSKEY",
        "NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY",
    ),
    ("NSEC3PARAM 1 0 5 -", "NSEC3PARAM 1 0 5 -"),
    ("TLSA 3 1 1 " + "ab" * 70, "TLSA 3 1 1 " + "ab" * 64 + " " + "ab" * 6),
    (
        "HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAbdx rvs.example.",
        "HIP 2 200100107b1a74df365639cc39f1d578 AwEAAbdx rvs.example.",
    ),
    ("CDS 0 0 0 00", "CDS 0 0 0 00"),
    ("OPENPGPKEY " + "QUJD" * 20, "OPENPGPKEY " + "QUJD" * 20),
    ("CSYNC 66 3 A NS AAAA", "CSYNC 66 3 A NS AAAA"),
    ("ZONEMD 2018031500 1 1 abcd", "ZONEMD 2018031500 1 1 abcd"),
    (
        "SVCB 1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 no-default-alpn",
        'SVCB 1 . alpn="h2,h3" no-default-alpn port="8443" ipv4hint="192.0.2.1,192.0.2.2"',
    ),
    (
        'HTTPS 1 svc ipv6hint="2001:db8::1" dohpath=/dns-query{?dns} ech="AAA="',
        'HTTPS 1 svc. ech="AAA=" ipv6hint="2001:db8::1" dohpath="/dns-query{?dns}"',
    ),
    (r'HTTPS 1 . alpn="f\\\\oo\\,bar,h2"', r'HTTPS 1 . alpn="f\\\\oo\\,bar,h2"'),
    (
        r'SVCB 16 foo. mandatory=ipv4hint,alpn key667="a b\210q" ipv4hint=192.0.2.1 alpn=h2',
        r'SVCB 16 foo. mandatory="alpn,ipv4hint" alpn="h2" ipv4hint="192.0.2.1" key667="a b\210q"',
    ),
    ("HTTPS 0 svc", "HTTPS 0 svc."),
    ('SPF "v=spf1 -all"', 'SPF "v=spf1 -all"'),
    ("NID 10 0014:4fff:ff20:ee64", "NID 10 0014:4fff:ff20:ee64"),
    ("L32 10 10.1.2.0", "L32 10 10.1.2.0"),
    ("L64 10 2001:0db8:1140:1000", "L64 10 2001:0db8:1140:1000"),
    ("LP 10 l64-subnet.example.", "LP 10 l64-subnet.example."),
    ("EUI48 00-00-5e-00-53-2A", "EUI48 00-00-5e-00-53-2a"),
    ("EUI64 00-00-5e-ef-10-00-00-2a", "EUI64 00-00-5e-ef-10-00-00-2a"),
    ('URI 10 1 "ftp://ftp.example/public"', 'URI 10 1 "ftp://ftp.example/public"'),
    ('CAA 128 issue "ca.example; policy=ev"', 'CAA 128 issue "ca.example; policy=ev"'),
    ("AMTRELAY 10 0 3 amt", "AMTRELAY 10 0 3 amt."),
    ("AMTRELAY 0 1 0 .", "AMTRELAY 0 1 0 ."),
    ("RESINFO qnamemin exterr=15,16", 'RESINFO "qnamemin" "exterr=15,16"'),
    # Types whose text dnspython does not know, and types that nobody knows.
    ("MB mail", r"MB \# 6 046d61696c00"),
    ("EID abcd", r"TYPE31 \# 2 abcd"),
    ("UID 7", r"TYPE101 \# 4 00000007"),
    (r"TYPE65400 \# 4 C000 0201", r"TYPE65400 \# 4 c0000201"),
    (r"TYPE65400 \# 0", r"TYPE65400 \# 0 "),
    # Known types in the generic form.
    (r"A \# 4 c0000201", "A 192.0.2.1"),
    (r"TYPE15 \# 8 000a 046d61696c 00", "MX 10 mail."),
]


@pytest.mark.parametrize(("written", "printed"), TEXTS, ids=[x[0].split()[0] + str(i) for i, x in enumerate(TEXTS)])
def test_records_are_read_like_miekg_and_printed_like_dnspython(written: str, printed: str) -> None:
    rr = rdata.rr_from_text("a. 300 IN " + written)
    assert rdata.rr_to_text(rr) == "a. 300 IN " + printed
    octets = rdata.pack(rr.type, rr.data)
    assert rdata.unpack(rr.type, octets, 0, len(octets)) == rr.data
    assert rdata.rr_from_text(rdata.rr_to_text(rr)) == rr


# dnslib reads most types; but not names that are no text, nor an NSEC without types.
KNOWN = set(dnslib.RDMAP) - {"CAA", "HIP", "LOC"}
SHARED = [x[0] for x in TEXTS if x[0].split()[0] in KNOWN and "\\" not in x[0] and x[0] != "NSEC host"]


@pytest.mark.parametrize("written", SHARED)
def test_dnslib_agrees_on_the_octets(written: str) -> None:
    rr = rdata.rr_from_text("a. 300 IN " + written)
    octets = rdata.pack(rr.type, rr.data)
    again = dnslib.DNSBuffer()
    dnslib.RDMAP[codes.type_name(rr.type)].parse(dnslib.DNSBuffer(octets), len(octets)).pack(again)
    assert bytes(again.data) == octets


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("A 192.0.2.256", "bad A A"),
        ("A 192.0.2.01", "bad A A"),
        ("A ::1", "bad A A"),
        ("A 192.0.2.1 x", "garbage after rdata"),
        ("AAAA 192.0.2.1", "bad AAAA AAAA"),
        ("AAAA 1::2::3", "bad AAAA AAAA"),
        ("AAAA fe80::1%eth0", "bad AAAA AAAA"),
        ("NS a..b", "bad NS Ns"),
        ("NS " + "a" * 64, "bad NS Ns"),
        ("MX x mail", "bad MX Pref"),
        ("MX 65536 mail", "bad MX Pref"),
        ("MX 10", "bad MX Mx"),
        ("SOA a b 1h 2 3 4 5", "bad SOA zone parameter"),
        ("SRV 0 0 70000 x", "bad SRV Port"),
        ("NAPTR 1 2 u s r .", "bad NAPTR Flags"),
        ("CAA 256 issue x", "bad CAA Flag"),
        ("CAA 0 issue a b", "bad CAA Value"),
        ("URI 1 2", "bad URI Target"),
        ("DS 1 NOSUCH 2 ab", "bad DS Algorithm"),
        ("RRSIG NOSUCH 1 2 3 4 5 6 x y", "bad RRSIG Typecovered"),
        ("RRSIG A 8 2 3 20250230000000 5 6 x y", "bad RRSIG Expiration"),
        ("NSEC a b", "bad NSEC TypeBitMap"),
        ("LOC 91 N 0 E 0", "bad LOC Latitude"),
        ("LOC 1 60 N 0 E 0", "bad LOC Latitude minutes"),
        ("LOC 1 2 N", "bad LOC Latitude seconds"),
        ("EUI48 00-00-5e-00-53", "bad EUI48 Address"),
        ("EUI64 00-00-5e-ef-10-00-00-2g", "bad EUI68 Address"),
        ("APL 1:1.2.3.4/24", "extra bits in APL address"),
        ("APL 3:1.2.3.4/32", "unrecognized APL family"),
        ("HTTPS 1 . alpn=h2,,h3", "bad svcbalpn: empty protocol identifier"),
        ("HTTPS 1 . port=x", "bad svcbport: port out of range"),
        ("HTTPS 1 . nosuch=x", "bad SVCB key"),
        ("HTTPS 1 . ipv4hint=::1", "bad svcbipv4hint: expected ipv4, got ipv6"),
        (r"TYPE65400 \# 4 00", "bad RFC3597 Rdata"),
        ("TYPE65400 00", "bad RFC3597 Rdata"),
        ("NULL x", "NULL records do not have a presentation format"),
    ],
)
def test_errors_are_the_librarys(written: str, message: str) -> None:
    with pytest.raises(rdata.RdataError) as caught:
        rdata.rr_from_text("a. 300 IN " + written)
    assert caught.value.message == message


def test_a_zone_may_end_within_its_soa() -> None:
    assert rdata.rr_from_text("a. SOA a b 1 2 3 4").data == ("a.", "b.", 1, 2, 3, 4, 0)


def test_x25_is_printed_in_quotes_but_read_without() -> None:
    rr = rdata.rr_from_text("a. 300 IN X25 311061700956")
    assert rdata.rr_to_text(rr) == 'a. 300 IN X25 "311061700956"'
    with pytest.raises(rdata.RdataError):
        rdata.rr_from_text(rdata.rr_to_text(rr))


def test_what_is_not_valid_is_loaded_but_not_sent() -> None:
    rr = rdata.rr_from_text("a. 300 IN DS 1 8 2 xyz")
    assert rr.data[3] == "xyz"
    with pytest.raises(errors.WireError):
        rdata.pack(rr.type, rr.data)


@pytest.mark.parametrize(
    ("line", "rr"),
    [
        ("a.example A 192.0.2.1", RR("a.example.", 1, 1, 3600, ("192.0.2.1",))),
        ("a.example. 5m IN A 192.0.2.1", RR("a.example.", 1, 1, 300, ("192.0.2.1",))),
        ("a.example. CH 0 TXT x", RR("a.example.", 16, 3, 0, (b"x",))),
        ("a.example. CLASS7 TYPE1 192.0.2.1", RR("a.example.", 1, 7, 3600, ("192.0.2.1",))),
        ("a.example. 300 IN A", RR("a.example.", 1, 1, 300, ())),
        (". 1 IN NS a.", RR(".", 2, 1, 1, ("a.",))),
    ],
)
def test_records_from_text(line: str, rr: RR) -> None:
    assert rdata.rr_from_text(line) == rr


@pytest.mark.parametrize(
    "line", ["", "a.", "a. IN", "a. 300 IN NOSUCH x", "a..b A 192.0.2.1", "a. 99999999999 A 192.0.2.1"]
)
def test_what_is_no_record(line: str) -> None:
    with pytest.raises(rdata.RdataError):
        rdata.rr_from_text(line)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        (r'TXT "a\"b"', 5),  # as written, between the quotes: 4 characters and the length octet
        ("TXT abc", 4),
        ("DNSKEY 257 3 13 QQ==", 7),  # one octet of key, but three for its four characters
        ("DS 1 8 2 abcd", 6),
        ("NSEC a.", 5),  # an empty bitmap counts as two octets
        ("NSEC a. A NS", 6),
        ("NSEC a. A TYPE1234", 35),
        ("NSEC3 1 0 5 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A", 43),  # the hash counts its characters
        ("MX 10 mail.", 8),
        ("SOA a. b. 1 2 3 4 5", 26),
        (r"CNAME a\.\065.", 5),
        ("APL 1:192.168.0.0/16", 6),
    ],
)
def test_lengths_are_miekgs(text: str, octets: int) -> None:
    rr = rdata.rr_from_text("a. " + text)
    assert rdata.length(rr.type, rr.data) == octets


def test_a_string_from_the_wire_has_its_own_escapes() -> None:
    assert rdata.length(16, (b'a"b\\\x00\xff',)) == 1 + 1 + 2 + 1 + 2 + 4 + 4
    assert rdata.length(257, (0, b"issue", b'a"b')) == 1 + 6 + 3


def test_records_may_end_before_any_field() -> None:
    assert rdata.unpack(15, b"\0\x0a", 0, 2) == (10,)
    assert rdata.unpack(15, b"", 0, 0) == ()
    assert rdata.pack(15, ()) == b"\0\0"
    assert rdata.pack(1, ()) == b""
    with pytest.raises(errors.WireError):
        rdata.unpack(1, b"\1\2\3", 0, 3)
    with pytest.raises(errors.WireError):
        rdata.unpack(1, b"\1\2\3\4\5", 0, 5)


def test_names_follow_pointers_and_do_not_loop() -> None:
    wire = b"\3www\7example\0\1a\xc0\4"
    assert escapes.unpack_name(wire, 13, len(wire)) == ("a.example.", 17)
    with pytest.raises(errors.WireError):
        escapes.unpack_name(b"\xc0\0", 0, 2)
    with pytest.raises(errors.WireError):
        escapes.unpack_name(b"\x40a", 0, 2)
    with pytest.raises(errors.WireError):
        escapes.unpack_name(b"\x3f" + b"a" * 62, 0, 63)
    with pytest.raises(errors.WireError):
        escapes.unpack_name((b"\x3f" + b"a" * 63) * 4 + b"\0", 0, 257)


def test_types_of_one_class_are_generic_in_the_others() -> None:
    assert rdata.rr_to_text(RR("a.", 33, 3, 0, (0, 0, 53, "."))) == r"a. 0 CH SRV \# 7 00000000003500"
    assert rdata.rr_to_text(RR("a.", 2, 3, 0, ("b.",))) == "a. 0 CH NS b."


RECORDED = [
    line.split()
    for line in (Path(__file__).parent.parent / "data" / "rdata.txt").read_text(encoding="ascii").splitlines()
]
"""For octets of RDATA: whether miekg/dns (1.1.72, CoreDNS 1.14.7) takes them, as what it sends them again, and the octets
that its Len counts: `TYPE HEX refused`, or `TYPE HEX HEX|same LENGTH`."""


@pytest.mark.parametrize("case", RECORDED, ids=" ".join)
def test_octets_are_taken_and_refused_as_by_miekg(case: list[str]) -> None:
    """A record may end before any of its fields, but what is left over, or a count without what it counts, is an error."""
    number = codes.type_number(case[0])
    octets = b"" if case[1] == "-" else bytes.fromhex(case[1])
    if case[2] == "refused":
        with pytest.raises(errors.WireError):
            rdata.unpack(number, octets, 0, len(octets))
        return
    data = rdata.unpack(number, octets, 0, len(octets))
    sent = case[1] if case[2] == "same" else case[2]
    assert (rdata.pack(number, data).hex() or "-", str(rdata.length(number, data))) == (sent, case[3])
    assert rdata.to_text(number, data)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("LOC 1 2 NaN N 3 E inf", (1 << 31) + 3720000),
        ("LOC 1 2 0x1p1 N 3 E 1_0m", (1 << 31) + 3722000),
    ],
)
def test_numbers_are_read_as_go_reads_them(text: str, fields: int) -> None:
    assert rdata.rr_from_text("a. " + text).data[4] == fields
