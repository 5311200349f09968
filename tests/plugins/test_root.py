"""root: where relative paths lead."""

from __future__ import annotations

import pytest

from corefile.api import build, loads
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World

ZONE = "@ 60 SOA ns h 1 2 3 4 5\nwww 60 A 192.0.2.1\n"


def test_relative_paths() -> None:
    world = World(files={"/zones/db": ZONE, "/zones/h": "192.0.2.2 a.other.test\n", "db": "x"})
    text = "example.org {\nfile db\nroot /zones\n}\nother.test {\nhosts ./h\nroot /zones\n}\n"
    server = loads(text, world=world)
    assert server.query("www.example.org").answer[0].data == ("192.0.2.1",)
    assert server.query("a.other.test").answer[0].data == ("192.0.2.2",)


def test_absolute_paths_are_left_alone() -> None:
    world = World(files={"/db": ZONE, "/zones/x": ""})
    assert loads("example.org {\nroot /zones\nfile /db\n}\n", world=world).query("www.example.org").rcode == "NOERROR"


def test_a_directory_that_is_not_there_is_a_warning() -> None:
    instance = build(Source("Corefile", ".:53 {\nroot /nowhere\n}\n"), find("1.14.7"), World(assume=False))
    assert [(f.code, f.severity) for f in instance.findings] == [("missing-directory", "warning")]
    assert instance.take_log() == ["[WARNING] plugin/root: Root path does not exist: /nowhere"]


@pytest.mark.parametrize(
    ("words", "coredns"),
    [
        ("", "Wrong argument count or unexpected line ending after 'root'"),
        (" a b", "Wrong argument count or unexpected line ending after 'b'"),
        (" a b c", ""),
        (" a {\n}", "Unexpected token '{', expecting argument"),
    ],
)
def test_refused(words: str, coredns: str) -> None:
    text = f".:53 {{\nroot{words}\n}}\n"
    instance = build(Source("Corefile", text), find("1.14.7"), World())
    expected = f"plugin/root: Corefile:2 - Error during parsing: {coredns}" if coredns else ""
    assert (str(instance.errors[0].coredns) if instance.errors else "") == expected
