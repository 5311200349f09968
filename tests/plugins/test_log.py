"""log: formats, zones, classes, and what stands in a line where nobody answered."""

from __future__ import annotations

import copy
import re

import pytest

from corefile.api import Server, loads
from corefile.chain.query import Context, Query, Result
from corefile.dns import SERVFAIL, A
from corefile.dns.message import Edns, Msg, Question
from corefile.findings import CorefileError
from corefile.world import World

STANDARD = "Wrong argument count or unexpected line ending after "
OWN = (
    "{remote}:{port} {local} {>id} {type} {class} {name} {proto} {size} {>do} {>bufsize} {rcode} {>rflags} {rsize} "
    "{>opcode}"
)


def serving(log: str, release: str = "1.14.7", behind: str = "whoami") -> Server:
    return loads(f".:53 {{\n{log}\n{behind}\n}}\n", release=release)


def lines(server: Server, name: str, type: str = "A", **how: object) -> list[str]:
    """The lines of one query, without the level and the time it took."""
    found = server.query(name, type, **how).log  # type: ignore[arg-type]
    return [re.sub(r"\d\.\d{9}s", "<duration>", line.removeprefix("[INFO] ")) for line in found]


def test_the_default_format() -> None:
    assert lines(serving("log"), "A.one.example.") == [
        '127.0.0.1:40212 - 4242 "A IN a.one.example. udp 31 false 512" NOERROR qr,aa,rd 97 <duration>'
    ]


def test_combined_has_the_opcode() -> None:
    assert lines(serving("log . {combined}"), "a.three.example.", opcode="NOTIFY") == [
        '127.0.0.1:40212 - 4242 "A IN a.three.example. udp 33 false 512" NOERROR qr,aa 103 <duration> "4"'
    ]


@pytest.mark.parametrize(
    ("type", "how", "line"),
    [
        ("AAAA", {}, "127.0.0.1:40212 [::] 4242 AAAA IN a.one.example. udp 31 false 512 NOERROR qr,aa,rd 97 0"),
        (
            "A",
            {"transport": "tcp"},
            "127.0.0.1:40212 127.0.0.1 4242 A IN a.one.example. tcp 31 false 65535 NOERROR qr,aa,rd 97 0",
        ),
        ("A", {"to": "[::1]:53"}, "[::1]:40212 [::] 4242 A IN a.one.example. udp 31 false 512 NOERROR qr,aa,rd 109 0"),
        (
            "A",
            {"flags": "rd cd ad"},
            "127.0.0.1:40212 [::] 4242 A IN a.one.example. udp 31 false 512 NOERROR qr,aa,rd,cd 97 0",
        ),
        # The server takes options that it does not know (8, SUBNET) out of the request as it answers.
        (
            "A",
            {"edns": Edns(1232, True, options=((8, bytes.fromhex("00011800c00002")), (3, b"")))},
            "127.0.0.1:40212 [::] 4242 A IN a.one.example. udp 46 true 1232 NOERROR qr,aa,rd 97 0",
        ),
    ],
)
def test_every_placeholder(type: str, how: dict[str, object], line: str) -> None:
    assert lines(serving(f'log . "{OWN}"'), "a.one.example.", type, **how) == [line]


@pytest.mark.parametrize(("release", "word"), [("1.14.7", "HTTPS"), ("1.6.5", "TYPE65")])
def test_types_that_the_release_knows(release: str, word: str) -> None:
    assert lines(serving('log . "{type} ."', release), "a.", "HTTPS") == [f"{word} ."]


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.14.7", "{>ID} {>nope} {nope} { a. } a } - {when} - {>rflags"),
        ("1.6.5", "{>ID} {>nope} {nope} { a. } a } - {when} - {>rflags"),
        ("1.5.0", "{>ID} {>nope} {nope} { a. } a } - {when} - {>rflags"),
        ("1.3.1", "4242 - {nope} { a. } a } - - - {>rflags"),
    ],
)
def test_words_that_are_no_placeholders(release: str, line: str) -> None:
    server = serving('log . "{>ID} {>nope} {nope} { {name} } a } {/client} {when} {/a/b} {>rflags"', release)
    assert lines(server, "a.") == [line]


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.14.7", '- 4242 "A IN a. udp 19 false 512" NOERROR qr,aa,rd 61 <duration> >'),
        ("1.9.0", "< {common} >"),
    ],
)
def test_common_within_a_format(release: str, line: str) -> None:
    assert lines(serving('log . "< {common} >"', release), "a.")[0].endswith(line)


def test_the_query_log_of_2018_has_no_level() -> None:
    found = serving("log", "1.2.2").query("a.example.").log
    assert [line.replace(" 0.000000000s", " 0s") for line in found] == [
        '127.0.0.1:40212 - [01/Jan/2026:00:00:00 +0000] 4242 "A IN a.example. udp 27 false 512" NOERROR qr,aa,rd 86 0s'
    ]


def test_the_first_occurrence_whose_zone_holds_the_name() -> None:
    server = serving('log one.example "1 {name}"\nlog two.example Three.example "2 {name}"\nlog example "3 {name}"')
    asked = ["a.one.example.", "three.example.", "x.TWO.example.", "b.example.", "other."]
    assert [lines(server, name) for name in asked] == [
        ["1 a.one.example."],
        ["2 three.example."],
        ["2 x.two.example."],
        ["3 b.example."],
        [],
    ]


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.14.7", "A x. 41 true 4096 SERVFAIL qr,rd 19"),
        ("1.8.6", "A x. 41 true 4096 - - 0"),
        ("1.6.5", "A x. 41 true 4096 NOERROR - 0"),
    ],
)
def test_nobody_answers(release: str, line: str) -> None:
    format = "{type} {name} {size} {>do} {>bufsize} {rcode} {>rflags} {rsize}"
    server = serving(f'log . "{format}"', release, behind="errors")
    edns = Edns(4096, True, options=((8, bytes.fromhex("00011800c00002")),))
    assert lines(server, "x.", edns=edns) == [line, "[ERROR] plugin/errors: 2 x. A: plugin/log: no next plugin found"]


def test_up_to_1_3_1_the_name_is_what_rewrite_has_made_of_it() -> None:
    log = 'log . "{name} {type} {size}"\nrewrite name a.example b.sub.example'
    assert [lines(serving(log, release), "a.example")[-1] for release in ("1.3.1", "1.4.0")] == [
        "b.sub.example. A 31",
        "a.example. A 31",
    ]


@pytest.mark.parametrize(("release", "size"), [("1.2.2", 36), ("1.3.0", 30), ("1.4.0", 30)])
def test_a_request_that_log_answers_is_counted_with_what_the_reply_repeats_of_its_options(
    release: str, size: int
) -> None:
    server = serving("log\nprometheus", release, behind="")
    server.query("x.", edns=Edns(4096, options=((65518, b"\xaa"),)))
    name = "coredns_dns_request_size_bytes_sum{"
    found = [s for s in server.get(":9153/metrics")[1].splitlines() if s.startswith(name) and "dropped" in s]
    assert [s.rpartition(" ")[2] for s in found] == [str(size)]


def test_up_to_1_4_log_itself_answered() -> None:
    server = serving('log . "{rcode} {>rflags} {rsize}"\nerrors', "1.4.0", behind="")
    reply = server.query("x.")
    assert reply.rcode == "SERVFAIL"
    assert reply.log == ["[INFO] SERVFAIL qr,rd 19", "[ERROR] plugin/errors: 0 x. A: plugin/log: no next plugin found"]


@pytest.mark.parametrize(
    ("classes", "logged"),
    [
        ("success", True),
        ("error", False),
        ("denial", False),
        ("denial error", False),
        ("error all", True),
    ],
)
def test_classes(classes: str, logged: bool) -> None:
    assert bool(lines(serving(f"log {{\nclass {classes}\n}}"), "a.")) is logged


def test_an_unanswered_query_is_of_class_error() -> None:
    assert lines(serving("log {\nclass error\n}", behind=""), "a.") != []


def test_several_lines_of_classes_add_up() -> None:
    assert lines(serving("log {\nclass denial\nclass success\n}"), "a.") != []


def test_metadata_of_log_itself() -> None:
    assert lines(serving('metadata\nlog . "{/log/class} {/log/type} {/other/thing}"'), "a.") == ["success NOERROR -"]
    assert lines(serving('log . "{/log/class}."'), "a.") == ["-."]


def test_nothing_is_formatted_before_somebody_reads_it() -> None:
    server = serving("log")
    reply = server.query("a.")
    assert not isinstance(reply._log[0], str)
    assert isinstance(reply.log[0], str)


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        ("log {\nclass success nonsense\n}", "1.14.7", "plugin/log: invalid Class: nonsense"),
        ("log {\nverbose\n}", "1.14.7", "plugin/log: Corefile:3 - Error during parsing: unknown property 'verbose'"),
        ("log {\nverbose\n}", "1.14.3", f"plugin/log: Corefile:3 - Error during parsing: {STANDARD}'verbose'"),
    ],
)
def test_refused(text: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(text, release)
    assert caught.value.findings[0].coredns == coredns


def test_words_that_were_no_placeholders_in_2018() -> None:
    server = serving('log . "{>ID} {>nope} {nope} { {name} } a } {when} {>rflags} {local} {size} {rsize}"', "1.2.2")
    assert server.query("a.two.example.").log == [
        "4242 - {nope} { a.two.example. } a } 01/Jan/2026:00:00:00 +0000 qr,aa,rd {local} 31 98"
    ]


def test_in_2018_all_options_of_the_request_came_back() -> None:
    edns = Edns(1232, True, options=((8, bytes.fromhex("00011800c00002")),))
    assert serving('log . "{size} {>do} {>bufsize} {rsize}"', "1.2.2").query("a.one.example.", edns=edns).log == [
        "54 true 1232 121"
    ]


@pytest.mark.parametrize(("do", "kind"), [(False, "NOERROR success"), (True, "OTHERERROR error")])
def test_an_expired_signature_makes_a_reply_an_error_to_those_who_asked_with_do(do: bool, kind: str) -> None:
    # Recorded from 1.14.4: the cache takes the OPT record out of the reply, and the server puts the request's in.
    expired = "A 8 3 5 20010909014640 19980709160000 1 example.org. YWJjZA=="
    zone = f"a.example.org. 5 IN A 192.0.2.1\na.example.org. 5 IN RRSIG {expired}\n"
    text = '.:53 {\nmetadata\nlog . "{/log/type} {/log/class}"\ncache\nforward . 192.0.2.53\n}\n'
    server = loads(text, world=World(upstreams={"192.0.2.53": zone}))
    assert server.query("a.example.org", edns=Edns(1232, do)).log == [f"[INFO] {kind}"]


# A filter's result keeps all of the one that it changes: what cannot be sent, what is written after it, who wrote it.
def test_what_log_answers_itself_comes_last() -> None:
    """Over HTTPS and gRPC, which carry one message, that is what clients of 1.2.2, 1.3.1 and 1.4.0 got."""
    server = serving("log", "1.4.0")
    ctx = Context(
        server.world, client="127.0.0.1", client_port=1, server="dns://:53", server_ip="127.0.0.1", server_port=53
    )
    msg = Msg(Question("a.example.", A, 1), id=1)
    reply, last = msg.reply(), msg.reply()
    result = Result(reply, SERVFAIL, "lost", "why", "file", later=(last,))
    log = server.process.instance.sites[0].handler("log")
    after = log.back(Query(msg, ctx), result)
    assert after == Result(reply, 0, "lost", "why", "file", later=(last, msg.reply(SERVFAIL)))
    assert after.reply is reply
    assert log.back(Query(msg, ctx), Result(None, SERVFAIL)).reply.rcode == SERVFAIL


def back(server: Server, name: str) -> list[str]:
    trace = server.query(name, trace=True).trace
    assert trace is not None
    return [text for hop in trace.hops for text in hop.back if hop.plugin == "log"]


def test_the_trace_tells_the_class_and_the_line_that_logs() -> None:
    # coredns#2323: the first `log` that covers a name decides, not the closest one.
    server = serving("log example {\nclass denial error\n}\nlog one.example\nlog two", behind="errors")
    assert back(server, "a.one.example") == ["writes a line: class error, by line 2"]
    assert back(server, "two") == ["writes a line: class error, by line 6"]
    assert back(serving("log example {\nclass denial error\n}\nlog one.example"), "one.example") == [
        "writes nothing: class success, and line 2 is for denial and error"
    ]
    assert back(server, "three") == []


def test_a_copy_of_a_server_logs_to_itself() -> None:
    server = serving("log")
    other = copy.deepcopy(server)
    assert len(other.query("a.").log) == 1
    assert server.process.instance.take_log() == []


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.2.5", "a%20b. 100% NOERROR"),
        ("1.2.6", "a%!b(MISSING). 100%!N(MISSING)OERROR"),
        ("1.9.3", "a%!b(MISSING). 100%!N(MISSING)OERROR"),
        ("1.9.4", "a%20b. 100% NOERROR"),
    ],
)
def test_a_per_cent_sign_begins_a_verb(release: str, line: str) -> None:
    """Of a format of Go's, for which the line was taken (plugin/log/log.go, clog.Infof)."""
    assert lines(serving('log . "{name} 100% {rcode}"', release), "a%20b.") == [line]
