"""Messages to octets and back, their lengths, and how they are made to fit."""

from __future__ import annotations

import pytest

from corefile.dns import errors, rdata, wire
from corefile.dns.codes import BADVERS, NOTIFY, type_number
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR

WWW = Question("www.example.org.", 1, 1)


def reply(*answer: str, ns: tuple[str, ...] = (), extra: tuple[str, ...] = (), compress: bool = False) -> Msg:
    """A reply to a question for www.example.org."""
    msg = Msg(WWW, id=4242, rd=True).reply()
    msg.answer = [rdata.rr_from_text(x) for x in answer]
    msg.ns = [rdata.rr_from_text(x) for x in ns]
    msg.extra = [rdata.rr_from_text(x) for x in extra]
    msg.compress = compress
    return msg


def test_a_query_in_octets() -> None:
    msg = Msg(WWW, id=4242, rd=True, edns=Edns(1232, True, options=((3, b""),)))
    octets = bytes.fromhex(
        "1092 0100 0001 0000 0000 0001 03777777 076578616d706c65 036f7267 00 0001 0001"
        "00 0029 04d0 00008000 0004 0003 0000"
    )
    assert wire.pack(msg) == octets
    assert wire.unpack(octets) == msg


def test_every_flag_has_its_bit() -> None:
    bits = {"qr": 0x8000, "aa": 0x400, "tc": 0x200, "rd": 0x100, "ra": 0x80, "z": 0x40, "ad": 0x20, "cd": 0x10}
    for flag, bit in bits.items():
        msg = Msg()
        setattr(msg, flag, True)
        assert wire.header(wire.pack(msg)) == (0, bit, 0, 0, 0, 0)
        assert getattr(wire.unpack(wire.pack(msg)), flag) is True
    msg = Msg()
    msg.opcode, msg.rcode = NOTIFY, 9
    assert wire.header(wire.pack(msg))[1] == 0x2009


def test_names_are_compressed_where_rfc_3597_lets_them() -> None:
    msg = reply(
        "www.example.org. 5 IN CNAME a.example.org.",
        "a.example.org. 5 IN SRV 1 2 3 b.example.org.",
        "b.example.org. 5 IN MX 1 a.example.org.",
        compress=True,
    )
    octets = wire.pack(msg)
    assert octets[33:] == bytes.fromhex(
        "c00c 0005 0001 00000005 0004 0161 c010"  # CNAME: a, then the end of the question
        "c02d 0021 0001 00000005 0015 0001 0002 0003 0162 076578616d706c65 036f7267 00"  # SRV: in full
        "c043 000f 0001 00000005 0004 0001 c02d"  # but what is in an SRV may be pointed at
    )
    assert wire.unpack(octets).answer == msg.answer
    assert wire.length(msg) == len(octets)


def test_suffixes_are_matched_with_their_case() -> None:
    msg = reply("WWW.example.org. 5 IN A 192.0.2.1", "www.EXAMPLE.org. 5 IN A 192.0.2.1", compress=True)
    assert wire.unpack(wire.pack(msg)).answer == msg.answer
    assert len(wire.pack(msg)) == wire.length(msg) == 33 + (4 + 2 + 14) + (4 + 8 + 2 + 14)


def test_nothing_points_beyond_14_bits() -> None:
    msg = reply(*[f"h{i}.example.org. 5 IN TXT {'x' * 200}" for i in range(100)], compress=True)
    msg.extra = [rdata.rr_from_text("h99.example.org. 5 IN A 192.0.2.1")]
    octets = wire.pack(msg)
    assert wire.unpack(octets) == msg
    assert wire.length(msg) == len(octets)
    assert octets.endswith(bytes.fromhex("03683939 c010 0001 0001 00000005 0004 c0000201"))


def test_an_extended_rcode_needs_an_opt_record() -> None:
    msg = Msg(WWW, edns=Edns())
    msg.rcode = BADVERS
    assert wire.pack(msg)[-10:] == bytes.fromhex("0029 0000 01000000 0000")
    assert wire.unpack(wire.pack(msg)).rcode == BADVERS
    msg.edns = None
    with pytest.raises(errors.WireError):
        wire.pack(msg)
    msg.rcode = 4096
    with pytest.raises(errors.WireError):
        wire.pack(msg)


def test_a_tsig_record_stays_the_last() -> None:
    msg = Msg(WWW, edns=Edns(512))
    msg.extra = [RR("key.", 250, 255, 0, ("hmac-sha256.", 1, 300, b"mac", 7, 0, b""))]
    octets = wire.pack(msg)
    assert octets.index(b"\0\0\x29\2\0") < octets.index(b"\3key")
    assert wire.unpack(octets) == msg
    wire.truncate(msg, 512)
    assert msg.extra


def test_counts_may_promise_too_much() -> None:
    octets = bytearray(wire.pack(reply("www.example.org. 5 IN A 192.0.2.1")))
    octets[7] = 9
    assert len(wire.unpack(bytes(octets)).answer) == 1
    assert wire.unpack(bytes.fromhex("1092 8005 0001 0000 0000 0000")).question is None
    assert wire.unpack(bytes.fromhex("1092 0000 0001 0000 0000 0000 016100")).question == Question("a.", 0, 0)


def test_of_several_questions_the_first_is_kept() -> None:
    msg = wire.unpack(bytes.fromhex("1092 0000 0002 0000 0000 0000 016100 0001 0001 016200 001c 0001"))
    assert msg.question == Question("a.", 1, 1)


def test_all_questions_of_a_query_count_and_are_passed_on() -> None:
    """A server for gRPC of 1.14.5 takes such a query; its answer has the first question alone."""
    query = bytes.fromhex("000001000002000000000000") + b"\1a\0\0\1\0\1" + b"\2bb\0\0\1\0\1"
    msg = wire.unpack(query)
    assert msg.question == Question("a.", 1, 1)
    assert (wire.length(msg), wire.length(msg.copy()), wire.pack(msg)) == (len(query), len(query), query)
    assert (wire.length(msg.reply()), len(wire.pack(msg.reply()))) == (19, 19)


def test_of_several_opt_records_the_last_counts() -> None:
    opt = "00 0029 {} 00000000 0000"
    msg = wire.unpack(bytes.fromhex("1092 0000 0000 0000 0000 0002" + opt.format("0200") + opt.format("1000")))
    assert msg.edns == Edns(4096)
    assert [rr.type for rr in msg.extra] == [41]


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "1092 0000 0001 0000 0000",
        "1092 0000 0001 0000 0000 0000 0161",
        "1092 0000 0001 0000 0000 0000 016100 00",
        "1092 0000 0001 0000 0000 0000 016100 0001 00",
        "1092 0000 0000 0001 0000 0000 00 0001 0001 00000000",
        "1092 0000 0000 0001 0000 0000 00 0001 0001 00000000 0004 c00002",
        "1092 0000 0000 0001 0000 0000 00 0001 0001 00000000 0005 c000020101",
        "1092 0000 0000 0000 0000 0001 00 0029 0200 00000000 0003 000300",
        "1092 0000 0000 0000 0000 0001 00 0029 0200 00000000 0005 0003 0002 00",
        "1092 0000 0000 0000 0000 0001 00 0029 0200 00000000 0008 0008 0004 0001 2100",  # a netmask of 33
        "1092 0000 0000 0000 0000 0001 00 0029 0200 00000000 0005 000b 0001 00",  # a keepalive of one octet
        "1092 0000 0000 0000 0000 0001 00 0029 0200 00000000 0006 0009 0002 0000",  # an expire of two
    ],
)
def test_what_is_no_message(octets: str) -> None:
    with pytest.raises(errors.WireError):
        wire.unpack(bytes.fromhex(octets))


def test_lengths_count_the_opt_record() -> None:
    msg = reply("www.example.org. 5 IN A 192.0.2.1")
    plain = 12 + 21 + 31
    assert wire.length(msg) == len(wire.pack(msg)) == plain
    assert wire.length(msg, compress=True) == plain - 15
    msg.edns = Edns(1232, options=((3, b"abc"), (10, b"12345678")))
    assert wire.length(msg) == len(wire.pack(msg)) == plain + 11 + 7 + 12


def test_lengths_before_1_3_0() -> None:
    msg = reply(
        "www.example.org. 5 IN CNAME a.example.org.",
        "a.example.org. 5 IN A 192.0.2.1",
        ns=("example.org. 5 IN SOA ns. host.example.org. 1 2 3 4 5",),
        extra=(". 5 IN DS 1 8 2 abcd",),
    )
    assert wire.length(msg) == len(wire.pack(msg)) == 186
    assert wire.length_before_1_3_0(msg) == 188  # the root and the digest count one too many
    msg.compress = True
    assert wire.length(msg) == len(wire.pack(msg)) == 125
    assert wire.length_before_1_3_0(msg) == 138  # of an SOA both names are compressed or none
    msg.edns = Edns(4096)
    assert wire.length_before_1_3_0(msg) == 138 + 12


@pytest.mark.parametrize(
    ("record", "surplus"),
    [
        ("a.example.org. 5 IN NSEC b.example.org. A RRSIG NSEC", 33 - 8),
        ("a.example.org. 5 IN NSEC b.example.org. A NSEC CAA", 2 * 33 - 8 - 3),
        ("a.example.org. 5 IN DS 1 8 2 abcd", 1),
        ("a.example.org. 5 IN SSHFP 1 1 abcd", 1),
        ("a.example.org. 5 IN TYPE4242 \\# 2 abcd", 1),
        ("a.example.org. 5 IN HTTPS 1 . alpn=h2", 1),
        ("a.example.org. 5 IN A 192.0.2.1", 0),
        ("a.example.org. 5 IN MX 5 b.example.org.", 0),
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_lengths_before_1_5_1(record: str, surplus: int, compress: bool) -> None:
    """A window of a type bitmap has 33 octets, and hexadecimal text and data of unknown types one more than they have."""
    msg = reply(record)
    msg.compress = compress
    assert wire.length_before_1_5_1(msg) == wire.length(msg) + surplus
    assert wire.record_length(msg.answer[0], surplus=True) == wire.record_length(msg.answer[0]) + surplus


@pytest.mark.parametrize(
    ("type", "before", "later"),
    [
        ("A", 4, 0),
        ("AAAA", 16, 0),
        ("L32", 6, 2),
        ("NSEC", 1, 3),
        ("DS", 5, 4),
        ("TYPE0", 1, 0),
        ("HTTPS", 1, 3),
        ("ANY", 0, 0),
    ],
)
def test_lengths_of_records_without_data_before_1_5_1(type: str, before: int, later: int) -> None:
    """They are counted as if the fields of a fixed size were there."""
    blank = RR("b.", type_number(type), 254, 0, ())
    assert wire.record_length_before_1_3_0(blank) == wire.record_length(blank, surplus=True) == 13 + before
    assert wire.record_length(blank) == 13 + later


def test_lengths_of_further_opt_records() -> None:
    """A message may have several."""
    octets = "109219000001000000000002017a076578616d706c65000001000100002910000000000000000000290000000100000000"
    msg = wire.unpack(bytes.fromhex(octets))
    assert (wire.length_before_1_3_0(msg), wire.length_before_1_5_1(msg), wire.length(msg)) == (51, 49, 49)


def many(count: int, **kw: object) -> Msg:
    """A reply with so many addresses."""
    msg = reply(*[f"www.example.org. 5 IN A 192.0.2.{i}" for i in range(count)])
    for key, value in kw.items():
        setattr(msg, key, value)
    return msg


def test_what_fits_is_not_compressed() -> None:
    msg = many(15, compress=True, tc=True)
    assert wire.truncate(msg, 512) == len(wire.pack(msg)) == 498
    assert not msg.compress
    assert msg.tc
    assert len(msg.answer) == 15


def test_what_fits_only_compressed_is_whole() -> None:
    msg = many(29)
    assert wire.truncate(msg, 300) == -1
    assert msg.compress
    assert not msg.tc
    assert len(msg.answer) == 29
    assert len(wire.pack(msg)) == 497


def test_what_does_not_fit_is_cut_record_by_record() -> None:
    msg = many(32, edns=Edns(512))
    msg.ns = [rdata.rr_from_text("example.org. 5 IN NS ns.example.org.")]
    wire.truncate(msg, 512)
    assert msg.tc
    assert msg.edns is not None
    assert (len(msg.answer), len(msg.ns)) == (29, 0)
    assert len(wire.pack(msg)) == 508
    msg = many(30)
    msg.ns = [rdata.rr_from_text("example.org. 5 IN NS ns.example.org.")]
    msg.extra = [rdata.rr_from_text("ns.example.org. 5 IN A 192.0.2.53")]
    wire.truncate(msg, 545)
    assert (len(msg.answer), len(msg.ns), len(msg.extra), msg.tc) == (30, 1, 0, True)


def test_a_tc_bit_was_lost_once() -> None:
    for keep in (True, False):
        msg = many(29, tc=True)
        wire.truncate(msg, 512, keep_tc=keep)
        assert msg.tc is keep


@pytest.mark.parametrize(
    ("rr", "rcode", "why"),
    [
        (RR("www.example.org.", 1, 1, 5, ("192.0.2.1",)), 0, ""),
        (RR("a..", 1, 1, 5, ("192.0.2.1",)), 0, "the name `a..` has an empty label"),
        (RR("1.in-addr.arpa.", 12, 1, 5, (r"lo\065calhost..",)), 0, "the name `lo"),
        (RR("www.example.org.", 16, 1, 5, (b"x" * 256,)), 0, "string exceeded 255 bytes in txt"),
        (RR("www.example.org.", 16, 1, 5, (b"x" * 255,) * 300), 0, "bad rdata"),
        (RR("www.example.org.", 43, 1, 5, (1, 8, 2, "xyz")), 0, "not valid: 'xyz'"),
        (RR("www.example.org.", 1, 1, 5, ("192.0.2.1",)), BADVERS, "bad extended rcode"),
    ],
)
def test_replies_that_cannot_be_sent(rr: RR, rcode: int, why: str) -> None:
    """The reason is that of `pack`, in every section."""
    for section in ("answer", "ns", "extra"):
        msg = Msg(WWW).reply(rcode)
        getattr(msg, section).append(rr)
        assert wire.unsendable(msg).startswith(why)
        assert bool(wire.unsendable(msg)) is bool(why)
        if why:
            with pytest.raises(errors.WireError):
                wire.pack(msg)
        else:
            assert wire.pack(msg)


def test_an_extended_rcode_needs_edns() -> None:
    msg = Msg(WWW).reply(BADVERS)
    msg.edns = Edns(512)
    assert wire.unsendable(msg) == ""
    assert wire.unpack(wire.pack(msg)).rcode == BADVERS


@pytest.mark.parametrize(
    "name", ["a.", "www.Example.org.", "*.a.", ".", "", "a", ".a.", "a..", "a\\.b.", "é.", "x" * 64 + "."]
)
@pytest.mark.parametrize("edns", [None, Edns(1232, options=((3, b"ab"),)), Edns(1232, name="a.")])
def test_a_simple_length_is_the_plain_one_of_what_can_be_packed(name: str, edns: Edns | None) -> None:
    others = [RR(name, 1, 1, 60, ()), RR(name, 16, 1, 60, (b"a",)), RR("b.", 1, 1, 60, ("10.0.0.1",))]
    addresses = [RR(name, 1, 1, 60, ("10.0.0.1",)), RR(name, 28, 1, 60, ("::1",))]
    for answer in (addresses, *([*addresses, other] for other in others)):
        msg = Msg(Question(name, 1, 1), edns=edns)
        msg.answer, msg.extra = answer, addresses
        if wire.simple_length(msg):
            assert wire.simple_length(msg) == wire.plain_length(msg) == len(wire.pack(msg))
        simple = (
            answer is addresses and name in ("a.", "www.Example.org.", "*.a.") and (edns is None or edns.name == ".")
        )
        assert bool(wire.simple_length(msg)) == simple


def test_a_name_with_a_dot_in_front_is_pointed_at_as_a_whole() -> None:
    """The kind: names that miekg/dns up to 1.1.49 packs with an empty label in front, and remembers with it."""
    msg = Msg(Question("a.example.", 1, 1)).reply()
    msg.answer = [RR(".a.example.", 1, 1, 0, ("192.0.2.1",)), RR(".a.example.", 1, 1, 0, ("192.0.2.2",))]
    msg.compress = True
    octets = wire.pack(msg)
    first = 12 + len(b"\x01a\x07example\x00") + 4
    assert octets[first : first + 3] == b"\x00\xc0\x0c"
    assert octets[first + 17 : first + 19] == bytes((0xC0, first))
