"""errors: lines, and the counting of errors that look alike."""

from __future__ import annotations

import pytest

from corefile.api import Server, loads
from corefile.findings import CorefileError
from corefile.world import World


def serving(errors: str, release: str = "1.14.7", behind: str = "loadbalance") -> Server:
    return loads(f".:53 {{\n{errors}\n{behind}\n}}\n", release=release)


def log(server: Server, name: str = "A.b.", after: float = 0) -> list[str]:
    server.advance(after)
    return server.query(name).log


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("1.14.7", "[ERROR] plugin/errors: 2 a.b. A: plugin/loadbalance: no next plugin found"),
        ("1.2.2", "[ERROR] 2 a.b. A: plugin/loadbalance: no next plugin found"),
        ("1.1.2", "01/Jan/2026:00:00:00 +0000 [ERROR 2 a.b. A] plugin/loadbalance: no next plugin found"),
    ],
)
def test_an_error(release: str, line: str) -> None:
    assert log(serving("errors", release)) == [line]


def test_an_answer_with_an_error_code_is_none() -> None:
    assert log(serving("errors stdout", behind="whoami")) == []


def test_consolidate() -> None:
    server = serving('errors {\nconsolidate 1s "^plugin/errors"\nconsolidate 1500ms "^plugin" warning\n}')
    assert log(server) == []
    assert log(server) == []
    assert log(server, after=1.4) == []
    assert log(server, after=0.2) == ["[WARNING] plugin/errors: 3 errors like '^plugin' occurred in last 1.5s"]


def test_consolidate_with_the_first() -> None:
    server = serving('errors {\nconsolidate 1s "^plugin" warning show_first\n}')
    first = "[WARNING] plugin/errors: 2 a.b. A: plugin/loadbalance: no next plugin found"
    assert log(server) == [first]
    assert log(server, after=1.1) == [first]
    assert log(server) == []
    assert log(server, after=1.1) == ["[WARNING] plugin/errors: 2 errors like '^plugin' occurred in last 1s", first]


def test_debug_lines_need_the_plugin_debug() -> None:
    quiet = serving('errors {\nconsolidate 1s "." debug show_first\n}')
    assert log(quiet) == []
    loud = serving('debug\nerrors {\nconsolidate 1s "." debug show_first\n}')
    assert log(loud) == ["[DEBUG] plugin/errors: 2 a.b. A: plugin/loadbalance: no next plugin found"]


def test_the_time_that_an_answer_took_counts() -> None:
    """From 1.1.2 to 1.12.1 `forward` goes on asking until the server is down, which takes a second; only then is there
    an error to count."""
    server = serving('errors {\nconsolidate 1s "refused$"\n}', "1.12.1", "forward . 127.0.0.99:5399")
    first = server.query("a.b.")
    assert first.elapsed == 1
    assert log(server) == []
    assert log(server, after=0.5) == []
    assert log(server, after=0.5) == ["[ERROR] plugin/errors: 3 errors like 'refused$' occurred in last 1s"]


def test_what_was_counted_is_told_at_the_end() -> None:
    server = serving('errors {\nconsolidate 61s "next"\n}')
    assert log(server) == []
    server.process.instance.stop()
    assert server.process.instance.take_log() == ["[ERROR] plugin/errors: 1 errors like 'next' occurred in last 1m1s"]


def test_an_old_spelling() -> None:
    server = serving('errors {\nconsolidate 1s "next"\n}', "1.3.1")
    log(server)
    assert log(server, after=1)[0] == "[ERROR] plugin/errors: 1 errors like 'next' occured in last 1s"


STANDARD = "Wrong argument count or unexpected line ending after "


@pytest.mark.parametrize(
    ("text", "release", "coredns"),
    [
        (
            "errors {\nverbose\n}",
            "1.14.7",
            "Corefile:3 - Syntax error: Unexpected token 'verbose', expecting 'Unknown field verbose'",
        ),
        (
            "errors {\nverbose\n}",
            "1.6.5",
            "Corefile:3 - Syntax error: Unexpected token 'verbose', expecting 'consolidate'",
        ),
        ("errors {\nx\n}", "1.2.2", "this plugin can only be used once per Server Block"),
        ("errors file.log", "1.14.7", "Corefile:2 - Error during parsing: invalid log file: file.log"),
        ("errors file.log", "1.2.2", "invalid log file: file.log"),
        ("errors\nerrors", "1.14.7", "this plugin can only be used once per Server Block"),
        (
            'errors {\nconsolidate 5m ".*" show_first warning\n}',
            "1.14.7",
            "Corefile:3 - Error during parsing: log level must come before show_first in consolidate",
        ),
        (
            'errors {\nconsolidate 5m ".*" info warning\n}',
            "1.14.7",
            "Corefile:3 - Error during parsing: multiple log levels specified in consolidate",
        ),
        (
            'errors {\nconsolidate 5m ".*" loud\n}',
            "1.14.7",
            "Corefile:3 - Error during parsing: unknown option in consolidate: loud",
        ),
        (
            'errors {\nconsolidate 5m ".*" loud\n}',
            "1.9.3",
            "Corefile:3 - Error during parsing: unknown log level argument in consolidate: loud",
        ),
        (
            'errors {\nconsolidate 5m ".*" info show_first\n}',
            "1.9.3",
            f"Corefile:3 - Error during parsing: {STANDARD}'show_first'",
        ),
        (
            "errors {\nconsolidate 5 x\n}",
            "1.14.7",
            'Corefile:3 - Error during parsing: time: missing unit in duration "5"',
        ),
        (
            'errors {\nconsolidate 5s "(x"\n}',
            "1.14.7",
            "Corefile:3 - Error during parsing: error parsing regexp: missing closing ): `(x`",
        ),
    ],
)
def test_refused(text: str, release: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(text, release)
    assert caught.value.findings[0].coredns == f"plugin/errors: {coredns}"


# Up to 1.1.2 a panic went no further than `errors`, which logged it; the client got nothing.
@pytest.mark.parametrize(("release", "rcode"), [("1.1.2", None), ("1.1.3", "SERVFAIL")])
def test_a_panic_ended_at_errors(release: str, rcode: str | None) -> None:
    world = World(files={"resolv.conf": "search example.org\n"})
    text = ".:53 {\nerrors\nautopath resolv.conf\nerratic {\ndrop 1\n}\n}\n"
    reply = loads(text, release=release, world=world).query("a.example.org")
    if rcode is None:
        assert not reply.received
        (line,) = reply.log
        assert "[PANIC a.example.org. A]" in line
    else:
        assert (reply.rcode, reply.log) == (rcode, [])
