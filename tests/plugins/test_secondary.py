"""secondary: fetching zones, keeping them up to date by the clock and by notifies, catalogs, and what it refuses."""

from __future__ import annotations

import pytest

from corefile import Fault, World, loads
from corefile.api import Server, build
from corefile.findings import Source
from corefile.plugins._zone_transfer import newer
from corefile.releases import find

ZONE = "$TTL 60\n@ SOA ns h {} {} 60\n@ NS ns\nwww A 192.0.2.1\n"
INTERVALS = "30 20 100"
ME = "10.0.0.53"


class Primary:
    """A CoreDNS that has zones, which may change, and may be away."""

    def __init__(self, zones: dict[str, str], at: str = ME, allowed: bool = True) -> None:
        self.zones, self.at, self.allowed, self.fault = dict(zones), at, allowed, ""
        self.asked: list[tuple[str, int]] = []
        self.speaks_msg = True
        self.transfers = 0

    def __call__(self, msg):  # type: ignore[no-untyped-def]
        if self.fault:
            return Fault(self.fault)  # type: ignore[arg-type]
        from corefile.chain.query import Context

        name, type = msg.question[:2]
        self.asked.append((name, type))
        text = f". {{\nfile db {name}\n{'transfer {' + chr(10) + 'to *' + chr(10) + '}' if self.allowed else ''}\n}}\n"
        server = loads(text, world=World(files={"db": self.zones.get(name.rstrip("."), "")}))
        instance = server.process.instance
        ctx = Context(
            server.world,
            client="10.0.0.1",
            client_port=1,
            server="dns://:53",
            server_ip=ME,
            server_port=53,
            proto="tcp",
        )
        return instance.exchange(msg, ctx, instance.listeners[0])


def zone(serial: int = 7, intervals: str = INTERVALS) -> str:
    return ZONE.format(serial, intervals)


def serving(primary: Primary, release: str = "1.14.7", more: str = "", **others: object) -> Server:
    text = f". {{\nsecondary sec.test {{\ntransfer from {ME} {' '.join(others)}\n}}\n{more}\n}}\n"
    world = World(upstreams={primary.at: primary, **others})  # type: ignore[dict-item]
    server = loads(text, release=release, world=world)
    server.start()
    return server


def serial(server: Server) -> str:
    reply = server.query("sec.test", "SOA")
    return str(reply.answer[0].data[2]) if reply.answer else reply.rcode


def log(server: Server) -> list[str]:
    return server.process.take_log()


def test_serials() -> None:
    assert [newer(*x) for x in ((1, 2), (2, 1), (5, 5), (0, 2**31 - 1), (0, 2**31 + 1), (2**32 - 1, 0))] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("release", ["1.0.0", "1.5.2", "1.8.0", "1.14.7"])
def test_a_zone_is_fetched(release: str) -> None:
    server = serving(Primary({"sec.test": zone()}), release)
    said = "plugin/file: " if release != "1.0.0" else ""
    assert log(server)[-1] == f"[INFO] {said}Transferred: sec.test. from {ME}:53"
    reply = server.query("www.sec.test")
    assert [str(rr) for rr in reply.answer] == ["www.sec.test. 60 IN A 192.0.2.1"]
    assert "aa" in reply.flags


def test_braces_of_the_user_stay_in_what_is_logged() -> None:
    """No text of a user's is a form that something is put into."""
    server = loads(".:53 {\n secondary sec.{0}.test {\n  transfer from 10.0.0.53:+53{\n }\n}\n")
    assert "`sec.{0}.test.' with `\"10.0.0.53:+53{\"'" in log(server)[0]


def test_the_first_primary_that_has_it() -> None:
    refusing = Primary({"sec.test": zone()}, allowed=False)
    server = serving(refusing, **{"10.0.0.54": Primary({"sec.test": zone(9)})})
    assert log(server) == [
        f'[ERROR] plugin/file: Failed to transfer `sec.test.\' from "{ME}:53": dns: bad xfr rcode: 5',
        "[INFO] plugin/file: Transferred: sec.test. from 10.0.0.54:53",
    ]
    assert serial(server) == "9"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("refused", "dial tcp 10.0.0.53:53: connect: connection refused"),
        ("unreachable", "dial tcp 10.0.0.53:53: connect: network is unreachable"),
        ("timeout", "read tcp 198.51.100.1:40000->10.0.0.53:53: i/o timeout"),
    ],
)
def test_it_is_tried_again_and_again(fault: str, said: str) -> None:
    primary = Primary({"sec.test": zone()})
    primary.fault = fault
    server = serving(primary)
    assert serial(server) == "SERVFAIL"
    server.advance(60)
    lines = log(server)
    assert [x.split("retrying in ")[1] for x in lines if "retrying" in x][:8] == [
        f"{x}: {said}" for x in ("250ms", "500ms", "1s", "2s", "4s", "8s", "10s", "10s")
    ]
    how = "setup transfer `sec.test.' with `" if said.startswith("dial") else "transfer `sec.test.' from "
    quote = "'" if said.startswith("dial") else ""
    assert f'[ERROR] plugin/file: Failed to {how}"10.0.0.53:53"{quote}: {said}' in lines
    primary.fault = ""
    server.advance(12)
    assert serial(server) == "7"


def test_up_to_1_8_4_it_is_tried_once() -> None:
    primary = Primary({"sec.test": zone()})
    primary.fault = "refused"
    server = serving(primary, "1.8.4")
    primary.fault = ""
    server.advance(100)
    assert serial(server) == "SERVFAIL"
    server.query("sec.test", "SOA", opcode="NOTIFY", client=ME)
    assert serial(server) == "7"


def test_it_is_refreshed_by_the_soa_record() -> None:
    primary = Primary({"sec.test": zone()})
    server = serving(primary)
    primary.zones["sec.test"] = zone(8)
    server.advance(29)
    assert serial(server) == "7"
    server.advance(6)  # the last five seconds are random
    assert serial(server) == "8"
    primary.zones["sec.test"] = zone(7)  # older: not taken
    server.advance(70)
    assert serial(server) == "8"


@pytest.mark.parametrize("release", ["1.0.4", "1.0.5"])
def test_1_0_4_never_takes_a_change(release: str) -> None:
    primary = Primary({"sec.test": zone()})
    server = serving(primary, release)
    primary.zones["sec.test"] = zone(8)
    server.advance(7200)
    assert serial(server) == ("7" if release == "1.0.4" else "8")


def test_it_expires_and_comes_back() -> None:
    primary = Primary({"sec.test": zone()})
    server = serving(primary)
    log(server)
    primary.fault = "refused"
    server.advance(40)
    assert log(server)[0] == (
        "[WARNING] plugin/file: Failed refresh check dial tcp 10.0.0.53:53: connect: connection refused"
    )
    server.advance(30)
    assert any("Failed retry check" in line for line in log(server))
    assert serial(server) == "7"
    server.advance(100)
    reply = server.query("www.sec.test")
    assert reply.rcode == "SERVFAIL"
    assert "[ERROR] plugin/file: Zone sec.test. is expired" in reply.log
    assert "is expired" in str(reply.trace)
    primary.fault, primary.zones["sec.test"] = "", zone(8)
    server.advance(30)
    assert serial(server) == "8"


def test_intervals_of_0() -> None:
    server = serving(Primary({"sec.test": zone(7, "0 0 0")}))
    server.advance(5)
    assert server.process.instance.fatal is None
    with pytest.raises(Exception, match="interval of 0"):
        serving(Primary({"sec.test": zone(7, "0 0 0")}), "1.14.6")


# -- notifies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("release", "serial_name"), [("1.6.1", "serial"), ("1.6.2", "SOA serial")])
def test_notifies(release: str, serial_name: str) -> None:
    primary = Primary({"sec.test": zone()})
    server = serving(primary, release)
    log(server)
    reply = server.query("sec.test", "SOA", opcode="NOTIFY", client=ME)
    assert (reply.rcode, reply.flags, reply.answer) == ("NOERROR", ("qr", "aa"), [])
    said = f"[INFO] plugin/file: Notify from {ME} for sec.test.: "
    assert reply.log == [f"{said}checking transfer", f"{said}no {serial_name} increase seen"]
    primary.zones["sec.test"] = zone(8)
    reply = server.query("sec.test", "SOA", opcode="NOTIFY", client=ME)
    assert reply.log == [f"{said}checking transfer", f"[INFO] plugin/file: Transferred: sec.test. from {ME}:53"]
    assert serial(server) == "8"
    primary.fault = "refused"
    reply = server.query("sec.test", "SOA", opcode="NOTIFY", client=ME)
    failed = f"failed primary check: dial tcp {ME}:53: connect: connection refused"
    assert reply.log[-1] == f"{said.replace('INFO', 'WARNING')}{failed}"


def test_a_notify_of_a_stranger_is_dropped() -> None:
    reply = serving(Primary({"sec.test": zone()})).query("sec.test", "SOA", opcode="NOTIFY", client="10.0.0.9")
    assert not reply.received


@pytest.mark.parametrize(("release", "told"), [("1.14.2", 0), ("1.14.3", 1)])
def test_its_own_secondaries_are_told(release: str, told: int) -> None:
    server = serving(Primary({"sec.test": zone()}), release, "transfer {\nto 127.0.0.9:5300\n}")
    assert sum("Failed sending notifies" in line for line in log(server)) == told
    axfr = server.query("sec.test", "AXFR", transport="tcp", client="127.0.0.9")
    assert [rr.type for rr in axfr.answer] == ["SOA", "NS", "A", "SOA"]


def test_names_outside_and_fallthrough() -> None:
    primary = Primary({"sec.test": zone()})
    assert serving(primary).query("x.y").rcode == "REFUSED"
    reply = serving(primary, "1.12.2", "errors").query("x.y")
    assert reply.log[-1] == "[ERROR] plugin/errors: 2 x.y. A: plugin/file: no next plugin found"
    text = f". {{\nsecondary sec.test {{\ntransfer from {ME}\nfallthrough\n}}\nwhoami\n}}\n"
    server = loads(text, world=World(upstreams={ME: primary}))
    assert server.query("no.sec.test").rcode == "NOERROR"


# -- catalogs ---------------------------------------------------------------------------------------------------------

CATALOG = "$TTL 60\n@ SOA invalid. invalid. {} 30 20 100 60\n@ NS invalid.\nversion TXT {}\n{}"


def catalog(members: str, number: int = 1, version: str = '"2"') -> str:
    return CATALOG.format(number, version, members)


def follows(primary: Primary, release: str = "1.14.7", line: str = "catalog", origins: str = "cat.test") -> Server:
    text = f". {{\nsecondary {origins} {{\ntransfer from {ME}\n{line}\n}}\n}}\n"
    server = loads(text, release=release, world=World(upstreams={ME: primary}))
    server.start()
    return server


def test_members_of_a_catalog_come_and_go() -> None:
    primary = Primary(
        {"cat.test": catalog("m1.zones PTR a.test.\nm2.zones PTR b.org.\n"), "a.test": zone(), "b.org": zone(9)}
    )
    server = follows(primary, line="catalog test")
    say, fetched = "plugin/secondary:", "[INFO] plugin/file: Transferred:"
    assert log(server) == [
        f"{fetched} cat.test. from {ME}:53",
        f"[INFO] {say} Added catalog member zone a.test. from catalog cat.test.",
        f"[WARNING] {say} Skipped 1 member zones from catalog cat.test.: outside configured member zones",
        f"{fetched} a.test. from {ME}:53",
        f"[INFO] {say} Parsed catalog zone cat.test. with 2 member zones",
    ]
    assert server.query("www.a.test").rcode == "NOERROR"
    assert server.query("www.b.org").rcode == "REFUSED"
    primary.zones["cat.test"] = catalog("m3.zones PTR a.test.\n", 2)
    reply = server.query("cat.test", "SOA", opcode="NOTIFY", client=ME)
    reset = "Reset catalog member zone a.test. from cat.test. after member ID changed from m1 to m3"
    assert f"[INFO] {say} {reset}" in reply.log
    primary.zones["cat.test"] = catalog("", 3)
    server.query("cat.test", "SOA", opcode="NOTIFY", client=ME)
    assert server.query("www.a.test").rcode == "REFUSED"


def test_1_14_5_only_reads_catalogs() -> None:
    server = follows(Primary({"cat.test": catalog("m1.zones PTR a.test.\n"), "a.test": zone()}), "1.14.5")
    assert log(server)[-1] == "[INFO] plugin/secondary: Parsed catalog zone cat.test. with 1 member zones"
    assert server.query("www.a.test").rcode == "REFUSED"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (catalog("", version='"1"'), 'catalog zone cat.test. has unsupported version "1"'),
        (catalog("version TXT 2\n"), "catalog zone cat.test. must have exactly one version TXT record"),
        (
            catalog("m.zones PTR a.\nm.zones PTR b.\n"),
            "catalog member m.zones.cat.test. must have exactly one PTR record",
        ),
        (catalog("m.zones PTR a.\nn.zones PTR a.\n"), "catalog member zone a. is listed by both m and n"),
        (
            catalog("m.zones PTR a.\ncoo.m.zones PTR x.\ncoo.m.zones PTR y.\n"),
            "catalog member m has more than one coo PTR record",
        ),
        (catalog("").replace("@ NS invalid.\n", ""), "catalog zone cat.test. has no NS record"),
    ],
)
def test_catalogs_that_are_none(text: str, said: str) -> None:
    server = follows(Primary({"cat.test": text}))
    assert log(server) == [
        f"[WARNING] plugin/secondary: All 'cat.test.' masters failed to transfer, retrying in 250ms: {said}"
    ]


def test_a_member_goes_over_to_another_catalog() -> None:
    primary = Primary(
        {
            "one.test": catalog("m.zones PTR a.test.\ncoo.m.zones PTR two.test.\n"),
            "two.test": catalog(""),
            "a.test": zone(),
        }
    )
    server = follows(primary, origins="one.test two.test")
    log(server)
    primary.zones["two.test"] = catalog("m.zones PTR a.test.\n", 2)
    reply = server.query("two.test", "SOA", opcode="NOTIFY", client=ME)
    assert (
        "[INFO] plugin/secondary: Migrated catalog member zone a.test. from catalog one.test. to two.test., "
        "preserving state for member ID m"
    ) in reply.log


# -- what is refused --------------------------------------------------------------------------------------------------

COUNT = "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after"


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("", "1.12.2", "Corefile:4 - Error during parsing: secondary zones require a transfer from property"),
        ("", "1.12.1", ""),
        ("transfer", "1.14.7", f"{COUNT} 'transfer'"),
        ("transfer {", "1.14.7", "Corefile:3 - Error during parsing: unknown property {"),
        ("transfer from", "1.14.7", f"{COUNT} 'from'"),
        ("transfer from", "1.7.1", ""),
        ("transfer to *", "1.8.0", "Corefile:3 - Error during parsing: unknown property to"),
        ("transfer to *", "1.7.1", ""),
        ("transfer x y", "1.7.1", "Corefile:3 - Error during parsing: unknown property 'y'"),
        ("transfer from *", "1.14.7", "can't use '*' in transfer from"),
        ("transfer from x *", "1.14.7", "must specify an IP address: `x'"),
        (
            "transfer from 10.0.0.1\nupstream x",
            "1.8.0",
            "Corefile:4 - Error during parsing: unknown property 'upstream'",
        ),
        (
            "transfer from 10.0.0.1\nfallthrough",
            "1.14.3",
            "Corefile:4 - Error during parsing: unknown property 'fallthrough'",
        ),
        (
            "transfer from 10.0.0.1\ncatalog x",
            "1.14.6",
            "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        ("transfer from 10.0.0.1\ncatalog a..b", "1.14.7", 'invalid catalog member zone "a..b"'),
    ],
)
def test_refusals(text: str, release: str, said: str) -> None:
    instance = build(Source("Corefile", f". {{\nsecondary {{\n{text}\n}}\n}}\n"), find(release), World())
    assert [str(f.coredns) for f in instance.errors][:1] == ([f"plugin/secondary: {said}"] if said else [])


@pytest.mark.parametrize(
    ("release", "beside", "rcode"),
    [("1.9.3", True, "REFUSED"), ("1.9.3", False, "NOERROR"), ("1.10.1", True, "REFUSED"), ("1.11.0", True, "NOERROR")],
)
def test_a_file_beside_it_hides_its_zones_from_transfer(release: str, beside: bool, rcode: str) -> None:
    """CoreDNS finds plugins by name, and up to 1.10.1 this one is called `file`, too: the kind is one name for several."""
    zone = "@ 60 SOA ns h 1 7200 3600 86400 60\n"
    text = ". {\nsecondary s.test {\ntransfer from 10.0.0.53\n}\ntransfer {\nto *\n}\n"
    text += "file db o.test\n" * beside + "}\n"
    world = World(files={"db": zone}, upstreams={"10.0.0.53": "$ORIGIN s.test.\n" + zone})
    server = loads(text, release=release, world=world)
    server.advance(1)
    assert server.query("s.test", "SOA").rcode == "NOERROR"
    assert server.query("s.test", "AXFR", transport="tcp").rcode == rcode


def test_words_that_are_not_its_name_are_passed_over() -> None:
    """CoreDNS looks at the name of each occurrence; so a second block of one, which other setups take for another, is none."""
    text = "x.example {\nsecondary {\ntransfer from 10.0.0.53\n}\n{\n}\n}\n"
    server = loads(text)
    assert [(f.code, f.severity, f.span.line if f.span else 0) for f in server.findings] == [("not-read", "warning", 5)]


def test_an_error_stands_at_the_word_that_coredns_has_read_last() -> None:
    """It does not read the rest of a line whose first word is wrong, and a word in quotes begins where its quote does."""
    text = 'x.example {\nsecondary {\ntransfer "to\nx" 10.0.0.53\n}\n}\n'
    (error,) = build(Source("Corefile", text), find("1.14.7"), World()).errors
    assert error.coredns == "plugin/secondary: Corefile:3 - Error during parsing: unknown property to\nx"
