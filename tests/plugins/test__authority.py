"""What plugins that serve zones get from their family: a small one that stands on it, and why it answers as it does."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from corefile import plugins
from corefile.api import Server, loads
from corefile.chain.query import name_of
from corefile.dns.zonefile.budget import Budget
from corefile.findings import Source
from corefile.plugin import NXDOMAIN, REFUSED, SERVFAIL, Below, Declaration, Fall, Fallthrough, Flag, Reads, Zones
from corefile.plugins._authority import Authority, Served
from corefile.plugins._upstream import Upstream
from corefile.plugins._zone import Zone, load
from corefile.world import World

TEXT = """
@ 60 SOA ns h 7 2 3 4 5
@ 60 NS ns
a 60 A 192.0.2.1
*.w 60 A 192.0.2.2
out 60 CNAME www.other.test.
"""
EXISTS = "`fallthrough` is for names that the zone does not have, so the chain ends here"


class Auto(Authority):
    """Serves the same records for each zone; with the file `off`, none."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones()
        fallthrough: Fall = Fallthrough()

    READS = Reads()
    config: Config

    def prepare(self) -> None:
        """The zones."""
        self.serves(*map(self.made, self.config.zones))

    def made(self, origin: str) -> Served:
        """One of them."""
        if self.setup.world.files.read("off"):
            return Served(origin, Zone(origin, self.setup.release))
        text = TEXT.encode()
        return Served(
            origin, load(text, origin, "", 0, self.setup.release, self.none, Budget(1000)), Upstream(self.setup)
        )

    def none(self, path: str) -> None:
        """There are no files to include."""


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """The directive `auto`, while the test runs."""
    before = plugins._found.get("auto", ...)
    Auto.name = "auto"
    plugins._found["auto"] = Auto
    yield
    del plugins._found["auto"]
    if before is not ...:
        plugins._found["auto"] = before  # type: ignore[assignment]


def serving(text: str, release: str = "1.14.7", **files: str) -> Server:
    return loads(Source("Corefile", text), release=release, world=World(files=files))


def why(server: Server, name: str, type: str = "A") -> tuple[str, str]:
    """The name of the reason for the last hop, and its text."""
    hop = server.query(name, type).trace.hops[-1]  # type: ignore[union-attr]
    return name_of(hop._why), hop.why


def test_a_plugin_of_a_few_lines_answers_like_file() -> None:
    server = serving("z.test {\nauto\n}\n")
    reply = server.query("a.z.test")
    assert [str(rr) for rr in reply.answer] == ["a.z.test. 60 IN A 192.0.2.1"]
    assert [str(rr) for rr in reply.authority] == ["z.test. 60 IN NS ns.z.test."]
    assert [str(rr) for rr in server.query("q.w.z.test").answer] == ["q.w.z.test. 60 IN A 192.0.2.2"]


@pytest.mark.parametrize(
    ("corefile", "name", "type", "reason", "text"),
    [
        ("auto", "b.z.test", "A", "no-such-name", "zone z.test. has no name b.z.test."),
        (
            "auto\nwhoami",
            "b.z.test",
            "A",
            "not-passed-on",
            "zone z.test. has no name b.z.test.; `fallthrough` is not given, so the chain ends here",
        ),
        (
            "auto {\nfallthrough x.z.test\n}\nwhoami",
            "b.z.test",
            "A",
            "not-passed-on",
            "zone z.test. has no name b.z.test.; `fallthrough` is given only for x.z.test., so the chain ends here",
        ),
        # coredns#1687: a name that exists is not passed on.
        (
            "auto {\nfallthrough\n}\nwhoami",
            "a.z.test",
            "TXT",
            "exists",
            f"a.z.test. has no records of this type in zone z.test.; {EXISTS}",
        ),
        ("auto", "z.test", "AXFR", "no-transfer", "`auto` transfers nothing itself; that is what `transfer` is for"),
        (
            "auto x.z.test",
            "b.z.test",
            "A",
            "outside-and-last",
            "b.z.test. is in none of its zones, and no plugin stands behind it",
        ),
    ],
)
def test_why(corefile: str, name: str, type: str, reason: str, text: str) -> None:
    assert why(serving(f"z.test {{\n{corefile}\n}}\n"), name, type) == (reason, text)


@pytest.mark.parametrize(
    ("name", "type", "release", "rcode", "flags"),
    [
        ("b.z.test", "A", "1.14.7", NXDOMAIN, "qr aa rd"),
        ("b.z.test", "A", "1.3.0", NXDOMAIN, "qr aa rd ra"),
        ("z.test", "AXFR", "1.8.4", REFUSED, "qr rd"),
        ("z.test", "AXFR", "1.7.1", SERVFAIL, "qr rd"),
        ("out.z.test", "A", "1.14.7", 0, "qr aa rd"),
    ],
)
def test_replies(name: str, type: str, release: str, rcode: int, flags: str) -> None:
    msg = serving("z.test {\nauto\n}\n", release).query(name, type, transport="tcp").msg
    assert msg is not None
    assert (msg.rcode, [f for f in ("qr", "aa", "rd", "ra") if getattr(msg, f)]) == (rcode, flags.split())


def test_a_zone_that_is_not_loaded_fails() -> None:
    server = serving("z.test {\nauto\n}\n", off="x")
    assert server.query("a.z.test").rcode == "SERVFAIL"
    assert why(server, "a.z.test") == ("zone-not-loaded", "zone z.test. is not loaded: nothing has been read yet")


def test_a_notify_is_dropped() -> None:
    server = serving("z.test {\nauto\n}\n")
    reply = server.query("z.test", "SOA", opcode="NOTIFY", client="192.0.2.7")
    assert not reply.received
    assert reply.log == ["[INFO] plugin/file: Dropping notify from 192.0.2.7 for z.test."]


def test_landmarks_are_its_names_and_the_types_that_it_has() -> None:
    marks = serving("z.test {\nauto\n}\n").process.instance.sites[0].handler("auto").all_landmarks()
    assert [m.name for m in marks if isinstance(m, Below)] == [
        "z.test.",
        "a.z.test.",
        "*.w.z.test.",
        "w.z.test.",
        "out.z.test.",
    ]
    assert {Flag("type A"), Flag("type CNAME"), Flag("type SOA")} <= set(marks)


def test_a_copy_serves_zones_of_its_own() -> None:
    server = serving("z.test {\nauto\n}\n")
    other = copy.deepcopy(server)
    other.process.instance.sites[0].handler("auto").serves()
    assert other.query("a.z.test").rcode == "REFUSED"
    assert server.query("a.z.test").rcode == "NOERROR"
