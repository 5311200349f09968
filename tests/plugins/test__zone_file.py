"""Zones in files: when they are looked at again, and what is said of those that are not there."""

from __future__ import annotations

import copy

import pytest

from corefile.api import Server, loads
from corefile.chain.query import name_of
from corefile.plugins._zone_file import ZoneFile
from corefile.world import World

ZONE = "@ 60 SOA ns h {} 2 3 4 5\n@ 60 NS ns\na 60 A 192.0.2.{}\n"


def serving(line: str, release: str = "1.14.7", **files: str) -> Server:
    return loads(f"z.test y.test {{\n{line}\n}}\n", release=release, world=World(files=files))


def address(server: Server) -> str:
    """That of a.z.test."""
    return str(server.query("a.z.test").answer[0].data[0])


def write(server: Server, name: str, text: str) -> None:
    server.world.files.write(name, text)  # type: ignore[attr-defined]


def test_a_new_serial_is_taken_up() -> None:
    server = serving("file db {\nreload 10s\n}", db=ZONE.format(1, 1))
    write(server, "db", ZONE.format(1, 2))
    server.advance(10)
    assert address(server) == "192.0.2.1"
    write(server, "db", ZONE.format(2, 2))
    server.advance(10)
    assert address(server) == "192.0.2.2"


def test_a_text_that_is_the_same_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    load = ZoneFile.load
    monkeypatch.setattr(ZoneFile, "load", lambda self, *args: read.append(args) or load(self, *args))
    server = serving("file db z.test {\nreload 10s\n}", db=ZONE.format(1, 1))
    read.clear()
    server.advance(100)
    assert len(read) == 1
    write(server, "db", ZONE.format(2, 2))
    server.advance(10)
    assert address(server) == "192.0.2.2"


def test_what_includes_another_file_is_read_again() -> None:
    files = {"db": "$INCLUDE inc.db\n@ 60 NS ns\na 60 A 192.0.2.1\n", "inc.db": "@ 60 SOA ns h 1 2 3 4 5\n"}
    server = serving("file db z.test {\nreload 10s\n}", **files)
    server.advance(30)
    write(server, "inc.db", "@ 60 SOA ns h 2 2 3 4 5\n")
    server.advance(10)
    assert [line for line in server.take_log() if "2 SOA serial" in line]


def test_from_1_2_3_to_1_5_2_the_time_was_looked_at_once_a_second() -> None:
    for release, taken in (("1.5.2", "192.0.2.1"), ("1.14.7", "192.0.2.2")):
        server = serving("file db z.test {\nreload 500ms\n}", release, db=ZONE.format(1, 1))
        write(server, "db", ZONE.format(2, 2))
        server.advance(0.6)
        assert address(server) == taken


def test_a_copy_looks_by_itself() -> None:
    server = serving("file db {\nreload 10s\n}", db=ZONE.format(1, 1))
    other = copy.deepcopy(server)
    write(other, "db", ZONE.format(2, 2))
    other.advance(10)
    server.advance(10)
    assert (address(server), address(other)) == ("192.0.2.1", "192.0.2.2")


def test_why_a_zone_is_not_loaded() -> None:
    server = serving("file none z.test\nfile db y.test", db=ZONE.format(1, 1))
    said = {}
    for name in ("a.z.test", "a.y.test"):
        hop = server.query(name).trace.hops[-1]  # type: ignore[union-attr]
        assert (hop.rcode, name_of(hop._why)) == ("SERVFAIL", "zone-not-loaded")
        said[name] = hop.why
    assert said == {
        "a.z.test": "zone z.test. is not loaded: open none: no such file or directory",
        "a.y.test": "zone y.test. is not loaded: open none: no such file or directory; CoreDNS reads no other file of "
        "the server block before it looks again",
    }
    write(server, "none", "a 60 A 192.0.2.1\n")
    server.advance(60)
    hop = server.query("a.z.test").trace.hops[-1]  # type: ignore[union-attr]
    assert hop.why == 'zone z.test. is not loaded: file "none" has no SOA record for origin z.test.'
    assert server.query("a.y.test").rcode == "NOERROR"


@pytest.mark.parametrize("release", ["1.14.7", "1.6.0"])
def test_of_several_missing_files_each_one_is_named(release: str) -> None:
    server = serving("file one z.test\nfile two y.test\nfile db x.test", release, db=ZONE.format(1, 1))
    assert [f.message.split(" ")[0] for f in server.findings] == ["one", "two"]
