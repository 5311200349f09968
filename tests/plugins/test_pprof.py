"""pprof: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.findings import Source
from corefile.world import World

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("a", "1.14.7", "plugin/pprof: Corefile:3 - Error during parsing: address a: missing port in address"),
        ("a", "1.4.0", "address a: missing port in address"),
        (
            "a b",
            "1.9.3",
            "plugin/pprof: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'b'",
        ),
        (
            "{\n block x\n}",
            "1.8.0",
            "plugin/pprof: Corefile:4 - Error during parsing: property 'block' invalid integer value 'x'",
        ),
        ("{\n foo\n}", "1.8.0", "plugin/pprof: Corefile:4 - Error during parsing: unknown property 'foo'"),
        (
            "{\n block\n}",
            "1.4.0",
            "plugin/pprof: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'block'",
        ),
        ("\n pprof", "1.14.7", "plugin/pprof: this plugin can only be used once per Server Block"),
        (
            "\n pprof",
            "1.0.6",
            "plugin/pprof: Corefile:4 - Error during parsing: pprof can only be specified once",
        ),
        (":99999", "1.14.7", "listen tcp: address 99999: invalid port"),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"pprof {text}", release)[0] == said


@pytest.mark.parametrize(("text", "release"), [("{\n block\n}", "1.14.7"), (":6053", "1.0.0")])
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"pprof {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n pprof {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")


def test_its_pages() -> None:
    server = loads(".:53 {\n pprof :6060\n whoami\n}\n")
    assert server.get(":6060/debug/pprof/symbol") == (200, "num_symbols: 1\n")
    assert server.get(":6060/")[0] == 404
    for path in ("none", "heap/deep"):
        assert server.get(f":6060/debug/pprof/{path}") == (404, "Unknown profile\n")
    with pytest.raises(ConnectionRefusedError):
        server.get(":6053/debug/pprof/")


@pytest.mark.parametrize(
    ("release", "before", "after"),
    [("1.2.2", [200, None], [None, None]), ("1.6.5", [200, None], [None, None]), ("1.6.6", [200, 200], [200, 200])],
)
def test_the_first_one_that_a_process_reads_listens_before_1_6_6(
    release: str, before: list[int | None], after: list[int | None]
) -> None:
    """It is set up once in a process, and so not for what comes after a reload."""
    text = "a b {\n pprof :6111\n reload 2s 1s\n whoami\n}\nc {\n pprof :6112\n whoami\n}\n"
    server = loads(Source("Corefile", text), release=release, world=World(files={"Corefile": text}))

    def pages() -> list[int | None]:
        return [server.process.instance.http_get(f":{port}/debug/pprof/cmdline")[0] for port in (6111, 6112)]

    assert pages() == before
    server.world.write("Corefile", text.replace("whoami", "chaos"))
    server.advance(4)
    assert pages() == after
