"""erratic: what it drops, delays and truncates."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads
from corefile.findings import CorefileError
from corefile.plugin import Flag


def serving(options: str = "", release: str = "1.14.7") -> Server:
    return loads(f".:53 {{\nerratic {{\n{options}\n}}\n}}\n", release=release)


def received(server: Server, count: int) -> list[bool]:
    return [server.query("a.example").received for _ in range(count)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [False, True, False, True]),
        ("drop", [False, True, False, True]),
        ("drop 3", [False, True, True, False]),
        ("drop 1", [False, False, False, False]),
        ("drop 0", [True, True, True, True]),
        ("delay", [True, True, True, True]),
        ("truncate 3\ndrop 4", [False, True, True, True]),
    ],
)
def test_drops(options: str, expected: list[bool]) -> None:
    assert received(serving(options), 4) == expected


def test_delays() -> None:
    server = serving("delay 3 50ms")
    assert [server.query("a.example").elapsed for _ in range(4)] == [0.05, 0.0, 0.0, 0.05]


@pytest.mark.parametrize(
    ("release", "options", "expected"),
    [
        ("1.14.7", "truncate 1", [True, False, True, False]),
        ("1.14.7", "truncate", [True, True, False, False]),
        ("1.14.4", "truncate\ndrop 0", [False, False, False, False]),
    ],
)
def test_truncates_by_bits(release: str, options: str, expected: list[bool]) -> None:
    server = serving(options, release)
    assert ["tc" in server.query("a.example").flags for _ in range(4)] == expected


def test_answers() -> None:
    server = serving("drop 0")
    assert [str(rr.data[0]) for rr in server.query("A.example").answer] == ["192.0.2.53"]
    assert [str(rr.data[0]) for rr in server.query("a.example", "AAAA").answer] == ["2001:db8::53"]
    assert server.query("a.example", "TXT").rcode == "SERVFAIL"
    assert len(serving("large\ndrop 0").query("a.example", transport="tcp").answer) == 30


def test_transfer() -> None:
    reply = serving("drop 0").query("Zone.example", "AXFR", transport="tcp")
    assert [rr.name for rr in reply.answer] == [
        "Zone.example.",
        "Zone.example.",
        "Zone.example.",
        "a.Zone.example.",
        "b.Zone.example.",
        "Zone.example.",
    ]
    assert serving("drop 0", "1.1.4").query("zone.example", "AXFR", transport="tcp").rcode == "SERVFAIL"


def test_ready_and_health_follow_the_count() -> None:
    handler = serving().process.instance.sites[0].handler("erratic")
    states = []
    for asked in range(7):
        handler.asked = asked
        states.append((handler.ready(), handler.health()))
    assert states == [
        (False, False),
        (False, True),
        (False, False),
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("drop -1", 'illegal amount value given "-1"'),
        ("drop x", 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("duplicate 2", "Corefile:3 - Error during parsing: unknown property 'duplicate'"),
    ],
)
def test_refused(options: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(options)
    assert caught.value.findings[0].coredns.replace("<text>", "Corefile") == f"plugin/erratic: {error}"


def test_words_behind_the_name_are_ignored() -> None:
    assert loads(".:53 {\nerratic foo {\ndrop 0\n}\n}\n").query("a.example").received


def test_landmarks_are_types() -> None:
    handler = loads(". {\nerratic\n}\n").process.instance.sites[0].handler("erratic")
    assert handler.all_landmarks() == [Flag("type A"), Flag("type AAAA"), Flag("type AXFR")]


def test_an_amount_that_is_left_out_keeps_the_one_before() -> None:
    for lines, want in (
        ("drop 3\ndrop", (3, 0, 0)),
        ("drop", (2, 0, 0)),
        ("delay 0", (2, 0, 0)),
        ("delay", (0, 2, 0)),
        ("truncate 4\ntruncate", (0, 0, 2)),
    ):
        handler = loads(f". {{\nerratic {{\n{lines}\n}}\n}}\n").process.instance.sites[0].handler("erratic")
        assert (handler.drop, handler.delay, handler.truncate) == want
    old = loads(". {\nerratic {\ntruncate 4\ntruncate\n}\n}\n", release="1.14.4").process.instance.sites[0]
    assert old.handler("erratic").truncate == 4
