"""The words of `corefile query`, as dig reads them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corefile.cli import query
from corefile.cli._inputs import WrongUse
from corefile.cli._words import AS_IT_IS, ELSEWHERE, PLUS, REFUSED, Asking, Reader, cut
from corefile.dns.message import Edns


def read(text: str) -> Asking:
    p = query.parser()
    words, options = cut(text.split(), p)
    return Reader(p.parse_args(options)).read(words)


def questions(text: str) -> list[str]:
    return [f"{q.name} {q.cls} {q.type}" for q in read(text).questions]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a.b", ["a.b IN A"]),
        ("a.b AAAA", ["a.b IN AAAA"]),
        ("AAAA a.b", ["a.b IN AAAA"]),
        ("aaaa a.b", ["a.b IN AAAA"]),
        ("CH TXT version.bind", ["version.bind CH TXT"]),
        ("version.bind TXT chaos", ["version.bind CH TXT"]),
        ("-t MX a.b", ["a.b IN MX"]),
        ("-tMX a.b", ["a.b IN MX"]),
        ("a.b -t MX", ["a.b IN MX"]),
        ("a.b TYPE65", ["a.b IN TYPE65"]),
        ("a.b CLASS3", ["a.b CLASS3 A"]),
        ("a.b any", ["a.b IN ANY"]),
        ("-q mx", ["mx IN A"]),
        ("-qns ns", ["ns IN NS"]),
        ("mx.", ["mx. IN A"]),
        ("-- -strange- A", ["-strange- IN A", "A IN A"]),
        ("a.b A c.d MX", ["a.b IN A", "c.d IN MX"]),
        ("a.b c.d", ["a.b IN A", "c.d IN A"]),
        ("AAAA a.b c.d", ["a.b IN AAAA", "c.d IN AAAA"]),
        ("AAAA a.b c.d MX", ["a.b IN AAAA", "c.d IN MX"]),
        ("a.b A AAAA A", ["a.b IN A", "a.b IN AAAA"]),
        ("-x 10.0.0.1", ["1.0.0.10.in-addr.arpa. IN PTR"]),
        ("AAAA a.b -x 10.0.0.1", ["a.b IN AAAA", "1.0.0.10.in-addr.arpa. IN PTR"]),
        ("-x10.0.0.1 ANY", ["1.0.0.10.in-addr.arpa. IN ANY"]),
        ("-x 10.1", ["1.10.in-addr.arpa. IN PTR"]),
        ("a.b IXFR=3", ["a.b IN IXFR"]),
        ("ixfr=3 a.b c.d A", ["a.b IN IXFR", "c.d IN A"]),
        ("a.b -t IXFR=3", ["a.b IN IXFR"]),
        ("-tixfr=3 a.b", ["a.b IN IXFR"]),
        ("-t MX -q any", ["any IN MX"]),
        ("-q IXFR=x", ["IXFR=x IN A"]),
        ("a=b", ["a=b IN A"]),
        ("--class ch a.b", ["a.b CH A"]),
        ("web", ["web IN A"]),
        ("a.b soap1", ["a.b IN A", "soap1 IN A"]),
    ],
)
def test_words_come_in_any_order(text: str, asked: list[str]) -> None:
    assert questions(text) == asked


def test_what_stands_before_the_first_name_is_for_all() -> None:
    first, second = read("+tcp @10.0.0.1 a.b +norec c.d @10.0.0.2 +notcp").questions
    assert (first.how.to, first.how.tcp, first.how.flag_words) == ("10.0.0.1", True, "none")
    assert (second.how.to, second.how.tcp, second.how.flag_words) == ("10.0.0.2", False, "rd")


@pytest.mark.parametrize(
    ("text", "tcp"),
    [("A", False), ("AXFR", True), ("IXFR=3", True), ("ANY", True), ("ANY +notcp", False), ("A +tcp", True)],
)
def test_some_types_are_asked_for_over_tcp(text: str, tcp: bool) -> None:
    """As with dig, which a newcomer expects to get a zone."""
    assert read(f"a.b {text}").questions[0].over_tcp is tcp


def test_where_an_incremental_transfer_begins() -> None:
    assert [q.serial for q in read("a.b A IXFR=7 c.d IXFR").questions] == [None, 7, None]


def test_a_key_that_signs() -> None:
    assert how("-y hmac-sha512:k.example:c2VjcmV0").key == ("k.example", "c2VjcmV0", "hmac-sha512")
    assert how("-y k.example:c2VjcmV0").key == ("k.example", "c2VjcmV0")


def how(text: str) -> Any:
    return read(f"a.b {text}").questions[0].how


@pytest.mark.parametrize(
    ("text", "edns"),
    [
        ("", None),
        ("+noedns +dnssec", None),
        ("+dnssec", Edns(1232, True)),
        ("+do +nodo", None),
        ("--dnssec", Edns(1232, True)),
        ("+edns", Edns(1232)),
        ("+edns=1", Edns(1232, version=1)),
        ("+bufsize=4096", Edns(4096)),
        ("--bufsize 0", Edns(0)),
        ("+nsid", Edns(1232, options=((3, b""),))),
        ("+subnet=10.1.2.3/20", Edns(1232, options=((8, b"\0\1\x14\0\x0a\x01\x00"),))),
        ("+subnet=2001:db8::/32", Edns(1232, options=((8, b"\0\2\x20\0\x20\x01\x0d\xb8"),))),
        ("+subnet=0", Edns(1232, options=((8, b"\0\1\0\0"),))),
        ("+subnet=0 +nosubnet", None),
        ("+cookie=0011223344556677", Edns(1232, options=((10, bytes.fromhex("0011223344556677")),))),
        ("+ednsopt=65001:0aff", Edns(1232, options=((65001, b"\x0a\xff"),))),
        ("+ednsopt=65001:0aff +noednsopt", None),
        ("+ednsflags=0x40", Edns(1232, flags=0x40)),
        ("+padding=3", Edns(1232, options=((12, b"\0\0\0"),))),
    ],
)
def test_options_of_edns(text: str, edns: Edns | None) -> None:
    assert how(text).edns == edns


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("", "rd"),
        ("+norecurse", "none"),
        ("+norec", "none"),
        ("+nord", "none"),
        ("--norecurse", "none"),
        ("+cd", "cd rd"),
        ("+ad +aa", "aa ad rd"),
        ("+cdflag +nocd", "rd"),
        ("+zflag", "rd z"),
    ],
)
def test_bits_of_the_header(text: str, flags: str) -> None:
    assert how(text).flag_words == flags


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "127.0.0.1:1053"),
        ("@10.0.0.1", "10.0.0.1:1053"),
        ("@10.0.0.1:53", "10.0.0.1:53"),
        ("--to 10.0.0.1", "10.0.0.1:1053"),
        ("@10.0.0.1 -p 5353", "10.0.0.1:5353"),
        ("-p5353", "127.0.0.1:5353"),
        ("-6", "[::1]:1053"),
        ("-4", "127.0.0.1:1053"),
        ("@fd00::1", "[fd00::1]:1053"),
        ("@[fd00::1]:54", "[fd00::1]:54"),
    ],
)
def test_the_servers_address(text: str, address: str) -> None:
    assert how(text).address("127.0.0.1:1053") == address


def test_who_asks() -> None:
    assert how("-b 10.0.0.9").client == how("--from 10.0.0.9").client == "10.0.0.9"
    assert how("-b 10.0.0.9#5000").client == "10.0.0.9:5000"
    assert how("+opcode=NOTIFY").opcode == "NOTIFY"
    assert how("+opcode=5").opcode == 5


def test_time_passes_before_the_next_question() -> None:
    asked = read("a.b after=31s a.b A AAAA --after 500ms --after=1m c.d after=2 e.f").questions
    assert [(q.name, q.type, q.after) for q in asked] == [
        ("a.b", "A", 0),
        ("a.b", "A", 31),
        ("a.b", "AAAA", 0),
        ("c.d", "A", 60.5),
        ("e.f", "A", 2),
    ]


def test_what_is_shown() -> None:
    assert read("a.b +short").short
    assert read("a.b --short +noshort").short is False
    assert read("+trace a.b").trace
    bare = read("+noall +answer +nottlid +noclass a.b")
    assert bare.hidden == {"comments", "question", "authority", "additional", "stats"}
    assert (bare.ttl, bare.cls) == (False, False)
    assert read("+noall +all a.b").hidden == frozenset()


def test_a_search_list() -> None:
    asking = read("a.b --search x.y --search a,b --ndots 2")
    assert (asking.searches, asking.search, asking.ndots) == (True, ("x.y", "a", "b"), 2)
    asking = read("a.b +domain=x.y +ndots=3")
    assert (asking.searches, asking.search, asking.ndots) == (True, ("x.y",), 3)
    assert read("a.b --search x.y +nosearch").searches is False


@pytest.mark.parametrize("name", sorted(AS_IT_IS))
def test_options_that_change_nothing_say_so(name: str) -> None:
    asking = read(f"a.b +{name}")
    assert asking.questions == asking.questions[:1]
    assert asking.notes[0].startswith(f"dig's `+{name}` changes nothing here")
    assert read("a.b +nocmd").notes == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no name to ask for: corefile query NAME [TYPE] (--help tells more)"),
        (
            "AAAA CH @10.0.0.1",
            "there is no name to ask for: `AAAA` is a record type, `CH` is a class, `@10.0.0.1` is the server (`-q NAME` ",
        ),
        ("a.b AX", "`AX` is no record type (`-q AX` asks for a name)"),
        ("a.b cnam", "`cnam` is no record type: did you mean CNAME? (`-q cnam` asks for a name)"),
        ("a.b -t cnam", "-t: `cnam` is no record type: did you mean CNAME?"),
        ("a.b --class XX", "`XX` is no class (IN, CH, HS, ANY or a number such as CLASS3)"),
        ("a.b -x 10.0.0.0.1", "-x takes an IP address, not `10.0.0.0.1`"),
        ("a.b IXFR=4294967296", "`IXFR=4294967296`: a serial from 0 to 4294967295 is needed"),
        ("a.b IXFR=abc", "`IXFR=abc`: a serial from 0 to 4294967295 is needed"),
        ("ixfr= a.b", "`ixfr=`: a serial from 0 to 4294967295 is needed"),
        ("a.b IXFR=99999999999", "`IXFR=99999999999`: a serial from 0 to 4294967295 is needed"),
        ("a.b -t IXFR=x", "-t IXFR=x: a serial from 0 to 4294967295 is needed"),
        ("a.b AXFR=5", "`AXFR=5`: a serial goes with IXFR (`-q AXFR=5` asks for a name)"),
        (
            "a.b TYPE65536",
            "`TYPE65536` is no record type: their numbers go up to 65535 (`-q TYPE65536` asks for a name)",
        ),
        ("class70000 a.b", "`class70000` is no class: their numbers go up to 65535 (`-q class70000` asks for a name)"),
        ("-t MX any", "`any` is a name behind `-t`, as with dig: `-q any` asks for it, `-t any` is the type"),
        ("-t A a.b CH", "`CH` is a name behind `-t`, as with dig: `-q CH` asks for it, `--class CH` is the class"),
        ("timeout=3 a.b", "`timeout=3`: did you mean `+timeout=3`? (`-q timeout=3` asks for a name)"),
        ("ANY ANY", "there is no name to ask for: `ANY` is a record type (`-q NAME`"),
        ("@127.0.0.1:99999 a.b", "`@127.0.0.1:99999`: a port from 0 to 65535 is needed"),
        ("-b 10.0.0.7#99999 a.b", "`-b 10.0.0.7#99999`: a port from 0 to 65535 is needed"),
        ("-46 a.b", "-4 and -6 do not go together"),
        ("-6 -4 a.b", "-4 and -6 do not go together"),
        ("+no a.b", "there is no option `+no`, neither here nor of dig's"),
        ("+ednsopt=x a.b", "`+ednsopt=x`: an option's name such as NSID, or its number from 0 to 65535 is needed"),
        ("+ednsflags=-1 a.b", "`+ednsflags=-1`: a number is needed, such as 0x40, up to 0xffff"),
        ("+ednsflags=0x10000 a.b", "`+ednsflags=0x10000`: a number is needed"),
        ("a.b -y hmac-md9:k:AAAA", "`-y hmac-md9:k:AAAA`: there is no algorithm hmac-md9, but hmac-sha1, "),
        ("a.b --after", "--after takes a value: TIME"),
        ("a.b -y c.d", "`-y c.d`: a key is written as [hmac-sha256:]NAME:SECRET, the secret in base64"),
        ("a.b -y c.d:xyz", "`-y c.d:xyz`: a key is written as"),
        ("a.b -y :xyz=", "`-y :xyz=`: a key is written as"),
        ("a.b -x c.d", "-x takes an IP address, not `c.d`"),
        (
            "@dns a.b",
            "`@dns`: an IP address is needed (@10.96.0.10, @10.96.0.10:5353, @[fd00::1]:53); names of servers",
        ),
        ("a.b -p 0", "`-p`: a port from 1 to 65535 is needed"),
        ("a.b +bufsize=x", "`+bufsize=x`: a size in octets from 0 to 65535 is needed"),
        ("a.b +subnet=x", "`+subnet=x`: a network (192.0.2.0/24, 2001:db8::/56, 0) is needed"),
        ("a.b +cookie=x", "`+cookie=x`: an even number of hex digits is needed"),
        ("a.b +ednsflags=x", "`+ednsflags=x`: a number is needed, such as 0x40"),
        ("a.b +opcode=x", "`+opcode=x`: an opcode is needed, such as NOTIFY or a number below 16"),
        ("a.b +shrt", "there is no option `+shrt`: did you mean `+short`?"),
        ("a.b +zzz", "there is no option `+zzz`, neither here nor of dig's"),
        ("a.b +ndots=x", "`+ndots=x`: a number of dots from 0 to 15 is needed"),
        ("a.b +a", "`+a` may be +aaflag, +aaonly, +additional, "),
        ("a.b -t", "-t takes a value: TYPE"),
        ("a.b after=soon c.d", "`after=soon`: a time is written as 31s, 1m30s or 500ms"),
        ("a.b after=-1s c.d", "`after=-1s`: a time is written as 31s, 1m30s or 500ms"),
        (
            "a.b after=1s",
            "no question follows the time that passes: `--after 31s` stands before the name that is asked then",
        ),
        *((f"a.b +{name}", f"`+{name}`: {why}") for name, why in REFUSED.items()),
        *((f"a.b {name} x", f"dig's `{name}` is not there: {why}") for name, why in ELSEWHERE.items()),
    ],
)
def test_words_that_make_no_sense(text: str, says: str) -> None:
    with pytest.raises(WrongUse) as raised:
        read(text)
    assert str(raised.value).startswith(says)


def test_options_of_edns_by_their_names() -> None:
    """As dig has them."""
    assert read("a.b +ednsopt=nsid +ednsopt=Key-Tag:0001").questions[0].how.options == {3: b"", 14: b"\0\1"}


PIECES = st.one_of(
    st.sampled_from(
        [
            "a.b",
            "web",
            "A",
            "CH",
            "-t",
            "-x",
            "10.0.0.1",
            "@::1",
            "-p",
            "-6",
            "after=1s",
            "--after",
            "--",
            "-",
            "--pod",
            "IXFR=",
            "AXFR=1",
            "TYPE9",
            "any",
            "-46",
        ]
    ),
    st.builds(
        "{}{}{}".format, st.sampled_from(["+", "+no"]), st.sampled_from(PLUS), st.sampled_from(["", "=", "=1", "=x"])
    ),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=8))
def test_any_words_are_read_or_refused_in_words(words: list[str]) -> None:
    p = query.parser()
    try:
        read, options = cut(words, p)
        asking = Reader(p.parse_args(options)).read(read)
    except (WrongUse, SystemExit):
        return
    assert asking.questions
    for question in asking.questions:
        assert question.how.address("127.0.0.1:53")
        assert question.how.edns is None or question.how.edns.udp >= 0


def test_every_option_is_known_by_its_name_and_may_be_switched_off() -> None:
    values = {
        "bufsize": "1",
        "domain": "x",
        "subnet": "0",
        "ednsopt": "1:",
        "opcode": "QUERY",
        "padding": "1",
        "ndots": "1",
        "time": "1",
        "timeout": "1",
    }
    for name in PLUS:
        if name not in REFUSED:
            read(f"a.b +{name}={values.get(name, '')} --search x" if name in values else f"a.b +{name} --search x")
            read(f"a.b +no{name} --search x")
