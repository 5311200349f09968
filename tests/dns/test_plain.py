"""Plain lines of master files mean what their tokens do: whole lines and tokens are held against each other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from corefile import releases
from corefile.dns.rdata.spelling import text_length
from corefile.dns.rr import RR
from corefile.dns.zonefile import Budget, ZoneError, parse, parser, plain
from corefile.findings import TooLarge
from tests.fuzz import zones
from tests.fuzz.draw import Draw

OWNERS = (
    "",
    "",
    "a",
    "@",
    "a.example.org.",
    "*.b",
    "$x",
    "IN",
    "60",
    "A",
    "x" * 63,
    "x" * 64,
    ".",
    "a..b",
    "é",
    "a\\.b",
)
TTLS = ("", "", "60", "0", "007", "999999999", "4294967296", "1h", "IN", "in", "CH", "60 IN", "IN 60", "60 60", "IN IN")
DATA = (
    *("A 10.0.0.1", "A 010.0.0.1", "A 10.0.0.256", "A 10.0.0", "A 10.0.0.1 x", "a 10.0.0.1", "A @", "A"),
    *(
        "AAAA ::",
        "AAAA fd00::1",
        "AAAA 1:2:3:4:5:6:7:8",
        "AAAA :::",
        "AAAA ::ffff:10.0.0.1",
        "AAAA 12345::",
        "AAAA 0:0::0",
    ),
    *("NS a", "CNAME a.", "PTR @", "PTR .", "CNAME .a", "CNAME a b", "NS " + "a." * 127, "NS " + "ab." * 90),
    *("MX 5 a", "MX 0005 a", "MX 65536 a", "MX a", "SRV 1 2 3 a", "SRV 1 2 a", "SRV 70000 2 3 a.", "DNAME a"),
    *(
        'TXT a "b c" ""',
        'TXT "a""b"',
        'TXT "a;b" c;d',
        'TXT "\xff"',
        'TXT "a\tb" \x7f',
        'TXT "' + "x" * 255 + '"',
        "TXT " + "y" * 256,
    ),
    *('TXT "a\\"b"', 'TXT "a\nb"', "TXT ( a\nb )", "TXT", "HINFO a b", "TYPE1 \\# 4 0a000001", "SOA a b 1 2 3 4 5"),
)
ENDS = ("\n", "\n", "\n", "\r\n", " \n", "\t \r\n", " ; c\n", ";\n", "", "\r\r\n", " (\n)\n")
LINES = (
    "\n",
    " \n",
    "; c\n",
    "  ; \u00e9\r\n",
    "$TTL 5\n",
    "$ORIGIN b.\n",
    "$ORIGIN .\n",
    "$GENERATE 1-3 h$ A 10.0.0.$\n",
    "(\n",
)


def text_of(draw: Draw) -> str:
    """Lines that are plain, and their nearest neighbours."""
    lines = []
    for _ in range(1 + draw.few(6)):
        if draw.often(0.2):
            lines.append(draw.choice(LINES))
            continue
        words = [draw.choice(OWNERS), draw.choice(TTLS), draw.choice(DATA)]
        blank = draw.choice((" ", " ", "\t", "  "))
        lines.append(blank.join(word for i, word in enumerate(words) if word or not i) + draw.choice(ENDS))
    return "".join(lines)


def said(text: str, origin: str, release: str, spelled: bool, ttl: int | None) -> list[RR | str]:
    """The records, and the error behind them."""
    out: list[RR | str] = []
    try:
        out.extend(
            parse(
                text,
                origin,
                path="db",
                release=releases.find(release),
                spelled=spelled,
                default_ttl=ttl,
                budget=Budget(10_000),
            )
        )
    except (ZoneError, TooLarge) as error:
        out.append(str(error))
    return out


def written(*given: Any) -> list[int]:
    """How long the strings of the records are in a master file, which is what lengths of messages count."""
    found = [rr for rr in said(*given) if isinstance(rr, RR)]
    return [text_length(value) for rr in found for value in rr.data if isinstance(value, bytes)]


def compare(number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read one text in both ways; how many records it has."""
    draw = Draw(f"plain/{number}")
    text = text_of(draw) if draw.often(0.7) else zones.make(draw)
    origin = draw.choice(("example.org.", "example.org.", ".", "x\\.y.org."))
    release = "1.14.7" if draw.often(0.3) else draw.choice(releases.ALL).version
    given = (text, origin, release, draw.often(0.5), draw.choice((None, 3600, 60)))
    quick, lengths = said(*given), written(*given)
    with monkeypatch.context() as patch:
        patch.setattr(plain, "PLAIN", re.compile("(?!)"))
        patch.setattr(plain, "NOTHING", re.compile("(?!)"))
        assert quick == said(*given), given
        assert lengths == written(*given), given
    return sum(isinstance(x, RR) for x in quick)


def test_whole_lines_and_tokens_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(compare(number, monkeypatch) for number in range(600)) > 600


def test_a_string_is_as_long_as_it_is_written() -> None:
    """Octets that are sent with escapes stand for themselves in a master file, and are counted so. Found by the differential:
    `log` said another size of an answer from `clouddns`, and from `file`."""
    (rr,) = parse('a 60 IN TXT "\u00e9" \u00e9 "a\tb" plain\n', "example.org.")
    assert [text_length(value) for value in rr.data] == [2, 2, 3, 5]


def test_most_lines_are_read_at_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone of many records takes no tokens but for its first lines: what it costs is counted, not timed."""
    taken = 0
    lexer = parser.Parser.tokens

    def counted(self: parser.Parser):  # type: ignore[no-untyped-def]
        nonlocal taken
        for token in lexer(self):
            taken += 1
            yield token

    monkeypatch.setattr(parser.Parser, "tokens", counted)
    many = "".join(f"h{i} IN A 10.0.{i >> 8}.{i & 255}\nm{i} 60 MX 5 h{i}\n\n; {i}\n" for i in range(2000))
    found = list(parse("$TTL 60\n@ SOA ns host 1 2 3 4 5\n" + many + "t TXT ( a\n)\n" + many, "example.org"))
    assert len(found) == 8002
    assert taken < 100
