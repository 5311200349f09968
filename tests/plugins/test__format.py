"""The formats of log lines, which each release takes apart in its own way."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain.query import Context, Query
from corefile.dns import IN, A
from corefile.dns.message import Edns, Msg, Question
from corefile.plugins._format import FormatRules, LogLine, flags, parse
from corefile.releases import find
from corefile.world import World


def line(
    text: str, release: str, *, qname: str = "WWW.a.test.", edns: Edns | None = None, fields: list[str] | None = None
) -> str:
    """A format filled in for an exchange of 1.5 s."""
    ctx = Context(
        World(), client="10.0.0.1", client_port=40212, server="dns://:53", server_ip="10.0.0.9", server_port=53
    )
    msg = Msg(Question(qname, A, IN), id=7, rd=True, edns=edns)
    made = LogLine(parse(text, find(release)), Query(msg, ctx), msg.reply(), 0, 1.5, True)
    made.fields = fields
    return made()


@pytest.mark.parametrize(
    ("release", "common"),
    [
        ("1.0.4", "{remote} - [{when}] "),
        ("1.0.5", "{remote} - [{when}] {>id} "),
        ("1.1.0", "{remote}:{port} - [{when}] {>id} "),
        ("1.2.6", "{remote}:{port} - {>id} "),
    ],
)
def test_the_default(release: str, common: str) -> None:
    rules = FormatRules.of(find(release))
    assert rules.common.partition('"')[0] == common
    assert rules.combined == rules.common + ' "{>opcode}"'


@pytest.mark.parametrize(
    ("release", "text"),
    [
        ("1.0.0", "7 7 - {local} {/a} www.a.test. {NAME} 1.5s"),
        ("1.1.4", "7 7 - {local} {/a} www.a.test. {NAME} 1.500000000s"),
        ("1.2.6", "[INFO] 7 7 - {local} {/a} www.a.test. {NAME} 1.500000000s"),
        ("1.3.0", "[INFO] 7 7 - [::] of-a www.a.test. {NAME} 1.500000000s"),
        ("1.4.0", "[INFO] 7 {>ID} {>nope} [::] of-a www.a.test. {NAME} 1.500000000s"),
        ("1.6.0", "[INFO] 7 {>ID} {>nope} [::] of-a www.a.test. {NAME} 1.500000000s"),
    ],
)
def test_placeholders(release: str, text: str) -> None:
    assert line("{>id} {>ID} {>nope} {local} {/a} {name} {NAME} {duration}", release, fields=["of-a"]) == text


def test_a_value_is_searched_for_placeholders_up_to_1_5_2() -> None:
    assert line("{name} {/a}", "1.5.2", qname="{proto}.", fields=["{name}"]) == "[INFO] udp. {name}"
    assert line("{name} {/a}", "1.6.0", qname="{proto}.", fields=["{name}"]) == "[INFO] {proto}. {name}"


def test_metadata_without_a_value() -> None:
    assert line("{/a}.", "1.3.0", fields=[""]) == "[INFO] -."
    assert line("{/a}.", "1.4.0", fields=[""]) == "[INFO] ."
    assert line("{/A}", "1.3.0", fields=["x"]) == "[INFO] x"
    assert parse("{/A}", find("1.3.0")).metadata == ["a"]
    assert parse("{/A}", find("1.4.0")).metadata == ["A"]


def test_sizes_without_what_the_server_takes_out() -> None:
    edns = Edns(1232, options=((8, b"0123"), (3, b"")))
    assert line("{size}", "1.14.7", edns=edns) == "[INFO] 43"


@pytest.mark.parametrize("release", ["1.3.0", "1.14.7"])
def test_the_opt_record_is_the_root_s_when_the_request_is_logged(release: str) -> None:
    assert line("{size}", release, edns=Edns(1232, name="abc.")) == "[INFO] 39"


def test_flags() -> None:
    msg = Msg()
    msg.qr = msg.aa = msg.cd = True
    assert flags(msg) == "qr,aa,cd"


def test_a_line_is_made_where_it_is_read() -> None:
    made = loads(". {\nlog\nwhoami\n}").query("a.")._log[0]
    assert isinstance(made, LogLine)
