"""auto: which files are zones, how they come and go, and what it refuses. What binaries did is in tests/recorded."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.api import Server, build
from corefile.findings import Source
from corefile.releases import find

SOA = "@ 60 SOA ns h 7 2 3 4 5\n"
FILES: dict[str, str] = {"zones/db.a.test": SOA, "zones/x/y/db.b.test": SOA, "zones/other": "x"}


def serving(text: str = "directory zones", release: str = "1.14.7", more: str = "", **files: str | None) -> Server:
    world = World(files={**FILES, **files})
    return loads(f". {{\nauto {{\n{text}\n}}\n{more}}}\n", release=release, world=world)


def zones(server: Server) -> list[str]:
    server.start()
    return list(server.process.instance.sites[0].handler("auto").served)


def refused(text: str, release: str = "1.14.7") -> str:
    instance = build(Source("Corefile", f". {{\nauto {{\n{text}\n}}\n}}\n"), find(release), World(files=FILES))
    return str(instance.errors[0].coredns) if instance.errors else ""


def test_files_however_deep() -> None:
    assert zones(serving()) == ["a.test.", "b.test."]
    server = serving()
    server.start()
    assert server.process.take_log() == [
        "[INFO] plugin/auto: Inserting zone `a.test.' from: zones/db.a.test",
        "[INFO] plugin/auto: Inserting zone `b.test.' from: zones/x/y/db.b.test",
    ]
    assert zones(serving("directory zones/db.a.test")) == ["a.test."]


@pytest.mark.parametrize(
    ("pattern", "origins"),
    [
        ("", ["a.test.", "b.test."]),
        (r"db\.(\w+)\.(\w+) {2}.{1}", ["test.a.", "test.b."]),
        (r"(oth)(er) x{1}y{3}", ["xothy."]),
        (r"oth(er)? {2}", []),
    ],
)
def test_how_a_file_names_a_zone(pattern: str, origins: list[str]) -> None:
    server = serving(f"directory zones {pattern}", **{"zones/other": SOA})
    assert zones(server) == origins


def test_zones_come_change_and_go() -> None:
    server = serving("directory zones\nreload 5s")
    assert server.query("a.test", "SOA").rcode == "NOERROR"
    server.process.take_log()
    server.world.files.write("zones/db.a.test", None)
    server.world.files.write("zones/db.c.test", SOA)
    server.world.files.write("zones/x/y/db.b.test", SOA.replace(" 7 ", " 8 "))
    server.advance(5)
    gone = "open zones/db.a.test: no such file or directory"
    assert sorted(server.process.take_log()) == [
        f'[ERROR] plugin/file: Failed to open zone "a.test." in "zones/db.a.test": {gone}',
        "[INFO] plugin/auto: Deleting zone `a.test.'",
        "[INFO] plugin/auto: Inserting zone `c.test.' from: zones/db.c.test",
        '[INFO] plugin/file: Successfully reloaded zone "b.test." in "zones/x/y/db.b.test" with 8 SOA serial',
    ]
    assert [server.query(name, "SOA").rcode for name in ("a.test", "b.test", "c.test")] == [
        "REFUSED",
        "NOERROR",
        "NOERROR",
    ]
    server.advance(5)
    assert server.process.take_log() == []


@pytest.mark.parametrize(("release", "rcode"), [("1.7.1", "SERVFAIL"), ("1.8.0", "NOERROR")])
def test_names_without_a_zone(release: str, rcode: str) -> None:
    assert serving(release=release, more="whoami\n").query("c.test").rcode == rcode


def test_the_last_one_refuses_what_no_file_has() -> None:
    assert serving().query("c.test").rcode == "REFUSED"
    assert serving(release="1.12.2").query("c.test").rcode == "SERVFAIL"
    text = "example {\nauto other {\ndirectory zones\n}\n}\n"
    assert loads(text, world=World(files=FILES)).query("a.example").rcode == "SERVFAIL"  # outside of its zones


@pytest.mark.parametrize(
    ("release", "text", "walks", "reads"),
    [
        ("1.2.2", "directory zones", 60, 60),
        ("1.2.2", "directory zones db[.](.*) {1} 5", 5, 60),
        ("1.2.2", "directory zones db[.](.*) {1} 0\nno_reload", 1, 0),
        ("1.3.1", "directory zones", 60, 0),
        ("1.3.1", "directory zones\nreload 5s", 60, 5),
        ("1.4.0", "directory zones", 60, 60),
        ("1.4.0", "directory zones db[.](.*) {1} 5", 5, 5),
        ("1.4.0", "directory zones db[.](.*) {1} 5\nreload 7s", 5, 7),
        ("1.4.0", "directory zones\nreload 7s", 7, 7),
        ("1.5.0", "directory zones\nreload 7s", 7, 7),
        ("1.8.6", "directory zones\nreload -1s", 60, 60),
        ("1.14.7", "directory zones\nreload 0", 0, 0),
    ],
)
def test_intervals(release: str, text: str, walks: float, reads: float) -> None:
    auto = serving(text, release).process.instance.sites[0].handler("auto")
    assert (auto.pause, auto.interval) == (walks, reads)


@pytest.mark.parametrize(("release", "used"), [("1.14.5", "b"), ("1.14.6", "a"), ("1.14.7", "a")])
def test_two_files_of_one_zone(release: str, used: str) -> None:
    two = {"zones/one.a": SOA, "zones/one.b": SOA.replace(" 7 ", " 8 ")}
    server = serving("directory zones (.*)[.][ab]$ {1}\nreload 5s", release, **two)
    server.start()
    named = ("a", "b") if release == "1.14.7" else ("b", "a")
    first, other = (f'"zones/one.{x}"' for x in named)
    said = f'[WARNING] plugin/auto: Multiple zone files match origin "one.": using {first} instead of {other}'
    assert said in server.process.take_log()
    server.advance(5)
    assert server.query("one", "SOA").answer[0].data[2] == {"a": 7, "b": 8}[used]


def test_a_notify_is_a_question() -> None:
    reply = serving().query("a.test", "SOA", opcode="NOTIFY")
    assert (reply.rcode, len(reply.answer), reply.log[2:]) == ("NOERROR", 1, [])


def test_zones_are_counted_for() -> None:
    server = serving(more="prometheus\n")
    server.query("www.a.test")
    server.query("www.c.test")
    assert [x.rpartition("zone=")[2] for x in server.samples(["coredns_dns_requests_total"])] == [
        '"."} 1',
        '"a.test."} 1',
    ]


def test_transfers_of_the_older_releases() -> None:
    reply = serving("directory zones\ntransfer to 127.0.0.1", "1.7.1").query("a.test", "AXFR", transport="tcp")
    assert reply.log[-1] == (
        "[INFO] plugin/file: Outgoing transfer of 2 records of zone a.test. to 127.0.0.1 done with 7 SOA serial"
    )


def test_servers_are_told_of_all_zones_after_each_look() -> None:
    server = serving("directory zones\nreload 5s", more="transfer {\nto 192.0.2.9\n}\n")
    server.start()
    said = '[WARNING] plugin/auto: notify for zone "b.test." was not accepted by "192.0.2.9:53": '
    assert sum(line.startswith(said) for line in server.process.take_log()) == 1
    server.advance(5)
    assert sum(line.startswith(said) for line in server.process.take_log()) == 1
    old = serving("directory zones\nreload 5s", "1.10.1", more="transfer {\nto 192.0.2.9\n}\n")
    old.start()
    assert not any("accepted" in line for line in old.process.take_log())


# -- what is refused --------------------------------------------------------------------------------------------------

COUNT = "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after"


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("directory", "1.14.7", f"{COUNT} 'directory'"),
        ("directory zones (.*)", "1.5.1", f"{COUNT} '(.*)'"),
        ("directory zones (.*)", "1.5.0", ""),
        ("directory zones (.*) {1} 5", "1.5.0", f"{COUNT} '5'"),
        ("directory zones (.*) {1} x", "1.4.0", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("directory zones x {1}", "1.14.7", "Corefile:3 - Error during parsing: Need at least one sub expression"),
        ("directory zones (x {1}", "1.14.7", "error parsing regexp: missing closing ): `(x`"),
        (f"directory zones ({'x' * 10_000}) {{1}}", "1.13.2", "Corefile:3 - Error during parsing: regexp too large"),
        (
            "directory zones/other/x",
            "1.14.7",
            "Corefile:3 - Error during parsing: Unable to access root path 'zones/other/x': stat zones/other/x: not a directory",
        ),
        ("reload", "1.8.7", "reload duration value is expected"),
        ("reload x", "1.14.7", 'plugin/file: time: invalid duration "x"'),
        ("reload -5s", "1.8.7", "plugin/file: invalid duration"),
        ("no_reload", "1.5.0", "Corefile:3 - Error during parsing: unknown property 'no_reload'"),
        ("transfer to *", "1.8.0", "Corefile:3 - Error during parsing: unknown property 'transfer'"),
        ("transfer from 10.0.0.1", "1.7.1", "can't use `transfer from` when not being a secondary"),
        ("foo to x", "1.4.0", "must specify an IP address: `x'"),
        ("foo", "1.4.0", f"{COUNT} 'foo'"),
        ("foo bar", "1.4.0", ""),
        ("upstream", "1.0.5", f"{COUNT} 'upstream'"),
        ("upstream x", "1.3.1", 'not an IP address or file: "x"'),
        ("upstream x", "1.4.0", ""),
    ],
)
def test_refusals(text: str, release: str, said: str) -> None:
    assert refused(text, release) == (f"plugin/auto: {said}" if said else "")


@pytest.mark.parametrize(
    ("text", "release"), [("reload 0", "1.8.6"), ("reload -5s", "1.5.0"), ("no_reload", "1.4.0"), ("reload", "1.8.6")]
)
def test_panics(text: str, release: str) -> None:
    assert refused(text, release).startswith("panic: ")


def test_a_directory_that_is_not_there_yet() -> None:
    server = serving("directory gone\nreload 1s")
    assert [f.code for f in server.findings] == ["missing-directory"]
    server.start()
    missing = "[WARNING] plugin/auto: error reading gone: lstat gone: no such file or directory"
    assert server.process.take_log() == ["[WARNING] plugin/auto: Directory does not exist: gone", missing]
    server.world.files.write("gone/db.c.test", SOA)
    server.advance(1)
    assert server.query("c.test", "SOA").rcode == "NOERROR"


@pytest.mark.parametrize(("release", "served"), [("1.14.2", False), ("1.14.3", True), ("1.14.7", True)])
def test_without_a_directory_it_is_the_working_directory_since_1_14_3(release: str, served: bool) -> None:
    """Seen of the binaries of 1.14.1 and 1.14.7: no path, cleaned, is `.`."""
    zone = "@ 60 IN SOA ns.example. host.example. 1 7200 3600 1209600 300\n@ 60 IN A 10.0.0.9\n"
    server = loads(". {\n auto\n whoami\n}\n", release=release, world=World(files={"db.example.org": zone}))
    assert bool(server.query("example.org").answer) is served
