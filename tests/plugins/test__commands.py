"""The commands of `on`, `startup` and `shutdown`: how they are split, and that none is run."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.api import build
from corefile.findings import Source
from corefile.plugins._commands import seconds_of, split
from corefile.releases import find


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a b", ["a", "b"]),
        ('a "b c" \'d "e\'', ["a", "b c", 'd "e']),
        (r"a b\ c \# # rest", ["a", "b c", "#"]),
        ("a ''", ["a", ""]),
        ("a#b", ["a#b"]),
    ],
)
def test_split(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def said(text: str, release: str) -> list[tuple[str, str]]:
    """Severity and words of all findings."""
    found = build(Source("Corefile", f".:53 {{\n whoami\n {text}\n}}\n"), find(release), World()).findings
    return [(f.severity, f.coredns if f.severity == "error" else f.message) for f in found]


@pytest.mark.parametrize(
    ("text", "release", "expect"),
    [
        ("on STARTUP /bin/true x", "1.14.7", ("notice", "CoreDNS runs `/bin/true x` at startup; nothing is run here")),
        ("startup /bin/true", "1.1.0", ("notice", "CoreDNS runs `/bin/true` at startup; nothing is run here")),
        ("shutdown /bin/true", "1.0.0", ("notice", "CoreDNS runs `/bin/true` at shutdown; nothing is run here")),
        ("on reload x", "1.14.7", ("error", "Wrong event name or event not supported: 'reload'")),
        ("on", "1.8.0", ("error", "Wrong argument count or unexpected line ending after 'on'")),
        ("on startup", "1.8.0", ("error", "no command contained in ''")),
        ("startup", "1.0.0", ("error", "Wrong argument count or unexpected line ending after 'startup'")),
        ("on startup a\\", "1.8.0", ("error", "error parsing command: EOF found after escape character")),
        ("on startup 'a", "1.8.0", ("error", "error parsing command: EOF found when expecting closing quote.")),
        ("on startup `", "1.8.0", ("error", "error parsing command: Unknown rune: 96")),
    ],
)
def test_findings(text: str, release: str, expect: tuple[str, str]) -> None:
    severity, words = expect
    if severity == "error":
        words = f"Corefile:3 - Error during parsing: {words}"
    assert said(text, release) == [(severity, words)]


@pytest.mark.parametrize(
    ("command", "seconds"),
    [("sleep 1", 1), ("/bin/sleep 1.5 2m .5s", 122), ("sleep 1 &", 0), ("sleep", 0), ("sleep 1 x", 0), ("wait 1", 0)],
)
def test_seconds_of(command: str, seconds: float) -> None:
    assert seconds_of(split(command)) == seconds


@pytest.mark.parametrize(("line", "release"), [("on startup sleep 3", "1.14.7"), ("startup sleep 3", "1.1.0")])
def test_coredns_is_ready_after_a_sleep(line: str, release: str) -> None:
    world = World()
    before = world.clock.now
    loads(f". {{\n{line}\n{line.replace('startup', 'shutdown')}\nwhoami\n}}\n", release=release, world=world)
    assert world.clock.now == before + 3
