"""How replies leave the server, by release."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain import scrub
from corefile.dns import rdata, wire
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR
from corefile.releases import find
from corefile.world import World

OLD, SERVER, SEARCH, LATE, TRUNCATE, NEW = map(find, ("1.2.2", "1.2.5", "1.2.6", "1.4.0", "1.6.5", "1.14.7"))
ALL = (OLD, SERVER, SEARCH, LATE, TRUNCATE, NEW)


def query(edns: Edns | None = None) -> Msg:
    """A question for www.example.org."""
    return Msg(Question("www.example.org.", 1, 1), edns=edns)


def records(count: int, name: str = "www.example.org.") -> list[RR]:
    """So many addresses."""
    return [RR(name, 1, 1, 5, (f"192.0.2.{i}",)) for i in range(count)]


def test_sizes() -> None:
    assert scrub.edns_size("tcp", 0) == 65535
    assert scrub.edns_size("udp", 0) == 512
    assert scrub.edns_size("udp", 100) == 512
    assert scrub.edns_size("udp", 1232) == 1232


@pytest.mark.parametrize("release", ALL)
def test_no_opt_record_without_one_in_the_request(release: object) -> None:
    request = query()
    reply = request.reply()
    assert scrub.size_and_do(request, reply, find(str(release))) is False
    assert reply.edns is None


def test_the_request_s_own_opt_record_comes_back() -> None:
    asked = Edns(1232, True, 0, ((3, b""), (8, b"\0\1\x18\0\xc0\0\2"), (65001, b"x")), 0x4321)
    request = query(asked)
    for release, codes in ((OLD, [3, 8, 65001]), (SEARCH, [3, 8, 65001]), (LATE, [3]), (NEW, [3])):
        reply = request.reply()
        assert scrub.size_and_do(request, reply, release) is True
        assert reply.edns == Edns(1232, True, 0, tuple([x for x in asked.options if x[0] in codes]), 0x4300)
    reply = request.reply()
    scrub.size_and_do(request, reply, NEW, scrub.SUPPORTED_OPTIONS | {65001})
    assert reply.edns is not None
    assert [x[0] for x in reply.edns.options] == [3, 65001]


def test_an_upstream_s_opt_record_keeps_its_options_and_its_do_bit() -> None:
    request = query(Edns(1232))
    reply = request.reply()
    reply.edns = Edns(4096, True, 1, ((8, b"abcd"),), 0x0101)
    scrub.size_and_do(request, reply, NEW)
    assert reply.edns == Edns(1232, True, 0, ((8, b"abcd"),), 0x0100)


@pytest.mark.parametrize("release", ALL)
def test_small_replies_are_sent_as_they_are(release: object) -> None:
    request = query()
    reply = request.reply()
    reply.answer = records(3)
    reply.compress = True
    scrub.scrub(request, reply, "udp", 1, find(str(release)))
    assert (len(reply.answer), reply.compress, reply.tc) == (3, False, False)


@pytest.mark.parametrize(
    ("release", "kept"),
    [(OLD, (28, 0, 0)), (SERVER, (28, 0, 0)), (SEARCH, (29, 0, 0)), (LATE, (29, 0, 0)), (TRUNCATE, (29, 0, 0))],
)
def test_large_replies_lose_answers_and_say_so(release: object, kept: tuple[int, int, int]) -> None:
    request = query()
    reply = request.reply()
    reply.answer = records(40)
    scrub.scrub(request, reply, "udp", 1, find(str(release)))
    assert (len(reply.answer), len(reply.ns), len(reply.extra)) == kept
    assert reply.tc
    assert reply.compress


def test_authority_stayed_before_1_6_0() -> None:
    for release, kept in ((SEARCH, (26, 1, 0)), (LATE, (26, 1, 0)), (NEW, (29, 0, 0))):
        request = query()
        reply = request.reply()
        reply.answer = records(40)
        reply.ns = [rdata.rr_from_text(f"example.org. 5 IN TXT {'x' * 50}")]
        reply.extra = records(5, "ns.example.org.")
        scrub.scrub(request, reply, "udp", 1, release)
        assert (len(reply.answer), len(reply.ns), len(reply.extra)) == kept, release
        assert reply.tc


def test_losing_additional_records_sets_tc_only_since_1_6_0() -> None:
    for release, tc in ((SEARCH, False), (LATE, False), (NEW, True)):
        request = query()
        reply = request.reply()
        reply.answer = records(10)
        reply.extra = records(30, "ns.example.org.")
        scrub.scrub(request, reply, "udp", 1, release)
        assert len(reply.answer) == 10
        assert 0 < len(reply.extra) < 30
        assert reply.tc is tc
        assert len(wire.pack(reply)) <= 512


def test_with_edns_1_2_2_cuts_answers_rather_than_a_few_additional_records() -> None:
    for release, kept in ((OLD, (6, 8)), (SEARCH, (10, 7))):
        request = query(Edns(512))
        reply = request.reply()
        reply.edns = request.edns
        reply.answer = records(10)
        reply.extra = [rdata.rr_from_text(f"ns.example.org. 5 IN TXT {'x' * 30}") for _ in range(8)]
        scrub.scrub(request, reply, "udp", 1, release)
        assert (len(reply.answer), len(reply.extra)) == kept, release
        assert reply.edns is not None


@pytest.mark.parametrize(("release", "compress"), [("1.0.0", True), ("1.1.2", True), ("1.1.3", False)])
def test_replies_were_compressed_whatever_their_size_before_1_1_3(release: str, compress: bool) -> None:
    request = query()
    reply = request.reply()
    reply.answer = records(3)
    scrub.scrub(request, reply, "udp", 1, find(release))
    assert (reply.compress, len(reply.answer), reply.tc) == (compress, 3, False)


@pytest.mark.parametrize(
    ("release", "do", "kept"),
    [
        ("1.0.4", False, (40, 0, True)),
        ("1.0.5", False, (0, 0, True)),
        ("1.0.6", False, (28, 0, True)),
        ("1.1.0", True, (28, 0, True)),
        ("1.1.1", False, (28, 0, False)),
        ("1.1.1", True, (17, 8, True)),
        ("1.2.0", True, (17, 8, True)),
        ("1.2.0", False, (28, 0, False)),
        ("1.2.1", False, (15, 8, True)),
    ],
)
def test_what_goes_first_before_1_2_1(release: str, do: bool, kept: tuple[int, int, bool]) -> None:
    """Answers and additional records that stay, and whether there is an OPT record. 1.0.6, 1.1.4 and 1.2.2 were asked."""
    request = query(Edns(512, do))
    reply = request.reply()
    reply.edns = request.edns
    reply.answer = records(40)
    reply.extra = [rdata.rr_from_text(f"ns.example.org. 5 IN TXT {'x' * 10}") for _ in range(8)]
    scrub.scrub(request, reply, "udp", 1, find(release))
    assert (len(reply.answer), len(reply.extra), reply.edns is not None) == kept
    assert reply.tc


def test_large_datagrams_are_compressed_against_fragments_since_1_3_0() -> None:
    for release, proto, family, count, compress in (
        (SEARCH, "udp", 1, 60, False),
        (LATE, "udp", 1, 60, True),
        (NEW, "udp", 1, 60, True),
        (NEW, "udp", 1, 40, False),
        (NEW, "udp", 2, 40, True),
        (NEW, "tcp", 2, 40, False),
        (LATE, "tcp", 1, 60, False),
    ):
        request = query(Edns(4096))
        reply = request.reply()
        reply.answer = records(count)
        scrub.scrub(request, reply, proto, family, release)
        assert (reply.compress, len(reply.answer), reply.tc) == (compress, count, False)


BIG = "$ORIGIN example.org.\n@ 5 SOA ns h 1 2 3 4 60\n@ 5 NS ns\nns 5 A 10.0.0.1\n" + "".join(
    [f"www 5 A 192.0.2.{i}\n" for i in range(40)]
    + [f"m 5 MX 5 h{i // 3}\nh{i // 3} 5 A 192.0.2.{i}\n" for i in range(30)]
    + [f"k 5 MX {i} k{i:03}\n" for i in range(30)]
    + [f"k{i:03} 5 A 192.0.2.{i}\n" for i in range(8)]
)
"""Names with more records than fit: answers alone, additional records, and answers with a few additional records."""


# What CoreDNS left of such replies: how many answers and additional records, an OPT record, TC, and octets.
@pytest.mark.parametrize(
    ("release", "name", "edns", "kept"),
    [
        ("1.0.6", "www", None, (28, 0, False, True, 498)),
        ("1.0.6", "www", Edns(512), (28, 0, True, True, 509)),
        ("1.0.6", "m", Edns(512, True), (10, 17, True, False, 521)),
        ("1.0.6", "m", Edns(600, True), (10, 21, True, False, 585)),
        ("1.0.6", "m", Edns(1232, True), (10, 30, True, False, 729)),
        ("1.0.6", "k", Edns(512, True), (21, 0, True, True, 500)),
        ("1.1.4", "www", Edns(512), (28, 0, False, True, 498)),
        ("1.1.4", "www", Edns(512, True), (28, 0, True, True, 509)),
        ("1.1.4", "m", Edns(600, True), (10, 18, True, False, 537)),
        ("1.1.4", "k", Edns(512), (21, 0, False, True, 489)),
        ("1.1.4", "k", Edns(512, True), (16, 8, True, True, 523)),
        ("1.2.2", "www", Edns(512), (27, 0, True, True, 493)),
        ("1.2.2", "m", Edns(512, True), (10, 15, True, False, 489)),
        ("1.2.2", "k", Edns(512), (13, 8, True, True, 460)),
    ],
)
def test_what_a_search_left(release: str, name: str, edns: Edns | None, kept: tuple[int, int, bool, bool, int]) -> None:
    server = loads("example.org {\nfile db.big\n}\n", release=release, world=World(files={"db.big": BIG}))
    type = 1 if name == "www" else 15
    msg = server.ask(Msg(Question(f"{name}.example.org.", type, 1), id=7, rd=True, edns=edns)).msg
    assert msg is not None
    assert (len(msg.answer), len(msg.extra), msg.edns is not None, msg.tc, len(wire.pack(msg))) == kept


class Site:
    """What `finish` wants to know of a query and its context."""

    proto = "udp"
    family = 1
    size = 512


@pytest.mark.parametrize(("release", "answers"), [(LATE, 29), (NEW, 27)])
def test_the_order_of_opt_record_and_size_limit(release: object, answers: int) -> None:
    """Before 1.6.0 the record came after the limit, which had left 12 octets for it only where it had to search."""
    request = query(Edns(512, options=((3, b"x" * 4), (10, b"x" * 12))))
    reply = request.reply()
    reply.answer = records(29)
    scrub.finish(request, Site(), reply, Site(), find(str(release)))  # type: ignore[arg-type]
    assert len(reply.answer) == answers
    assert reply.edns is not None


def test_what_forward_sent_on_in_1_2() -> None:
    request = query(Edns(512))
    reply = request.reply()
    scrub.finish(request, Site(), reply, Site(), OLD, opt=False)  # type: ignore[arg-type]
    assert reply.edns is None
    scrub.finish(request, Site(), reply, Site(), OLD)  # type: ignore[arg-type]
    assert reply.edns is not None


def test_lengths_by_release() -> None:
    reply = query(Edns(512)).reply()
    reply.edns = Edns(512)
    assert scrub.message_length(reply, OLD) == 33 + 12
    assert scrub.message_length(reply, LATE) == 33 + 11
