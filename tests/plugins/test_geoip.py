"""geoip: what it reads of a database, what of it becomes metadata, and which files are refused.

The values are those of real CoreDNS on databases that `corefile.testing.mmdb` wrote.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from typing import Any

import pytest

from corefile.api import Server, build, loads
from corefile.dns.message import Edns
from corefile.findings import Source
from corefile.releases import find
from corefile.testing.mmdb import CITY, MARKER, Float32, database
from corefile.world import World

pytest.importorskip("maxminddb")

LABELS = ("city/name", "country/code", "country/is_in_european_union", "continent/code", "latitude", "longitude")
MORE = ("timezone", "postalcode", "subdivisions/code", "asn/number", "asn/org")
FILE = "/city.mmdb"


def another() -> dict[str, Any]:
    record: dict[str, Any] = deepcopy(CITY)
    record["city"]["names"]["en"] = "Köln"
    record["country"].update(is_in_european_union=True, iso_code="DE")
    record["location"].update(latitude=-0.5, longitude=1e-7)
    del record["subdivisions"]
    return record


RECORDS = {
    "127.0.0.1/32": CITY,
    "10.0.0.0/9": CITY,
    "10.128.0.0/9": another(),
    "192.0.2.0/25": {
        "city": {"names": {"de": "Nur"}},
        "location": {"latitude": 0.0},
        "subdivisions": [{}, {"iso_code": "B"}],
    },
    "192.0.2.128/32": {"location": {"latitude": Float32(52.2242), "longitude": 1e21}},
    "192.0.2.129/32": {"location": {"latitude": 52}},
    "192.0.2.130/32": {"city": {"geoname_id": -3, "names": {"en": "Neg"}}},
    "2001:db8::/32": another(),
}


def serving(
    octets: bytes, release: str = "1.14.7", block: str = "", labels: tuple[str, ...] = LABELS, debug: bool = False
) -> Server:
    fields = " ".join(f"{{/geoip/{label}}}" for label in labels)
    text = f'.:53 {{\n metadata\n geoip {FILE} {block}\n log . "{fields}"\n whoami\n{"debug" if debug else ""}\n}}\n'
    return loads(text, release=release, world=World(files={FILE: octets}))


def logged(server: Server, client: str = "127.0.0.1", **options: Any) -> str:
    return server.query("a.example", client=client, **options).log[-1].removeprefix("[INFO] ")


def refused(octets: bytes | None, release: str = "1.14.7") -> str:
    files = {} if octets is None else {FILE: octets}
    found = build(
        Source("Corefile", f".:53 {{\n geoip {FILE}\n}}\n"), find(release), World(files=files, assume=False)
    ).errors
    assert len(found) == 1
    assert found[0].coredns is not None
    return found[0].coredns.removeprefix("plugin/geoip: Corefile:2 - Error during parsing: ")


@pytest.mark.parametrize(
    ("client", "line"),
    [
        ("127.0.0.1", "Cambridge GB false EU 52.2242 0.1315"),
        ("10.200.0.7", "Köln DE true EU -0.5 0.0000001"),
        ("192.0.2.5", "  false  0 "),
        ("192.0.2.128", "  false  52.22420120239258 1000000000000000000000"),
        ("192.0.2.129", "- - - - - -"),
        ("192.0.2.130", "- - - - - -"),
        ("198.51.100.1", "  false   "),
        ("2001:db8::1", "Köln DE true EU -0.5 0.0000001"),
    ],
)
def test_what_is_known_of_a_client(client: str, line: str) -> None:
    assert logged(serving(database(RECORDS)), client, to="[::1]:53" if ":" in client else None) == line


def test_up_to_1_13_1_a_missing_place_is_at_0_and_numbers_may_be_negative() -> None:
    server = serving(database(RECORDS), "1.13.1")
    assert logged(server, "198.51.100.1") == "  false  0 0"
    assert logged(server, "192.0.2.130") == "Neg  false  0 0"


def test_subdivisions_and_systems() -> None:
    assert logged(serving(database(RECORDS), labels=MORE)) == "Europe/London CB4 ENG,CAM - -"
    assert logged(serving(database(RECORDS), labels=MORE), "192.0.2.5") == "  ,B - -"
    assert logged(serving(database(RECORDS), "1.13.1", labels=MORE)) == "Europe/London CB4 - - -"
    systems = database({"127.0.0.1/32": {"autonomous_system_number": 64500, "isp": 3}}, kind="GeoIP2-ISP")
    assert logged(serving(systems, labels=MORE)) == "- - - 64500 "
    assert refused(systems, "1.13.1") == "database does not provide city schema"


def subnet(octets: str) -> dict[str, Any]:
    return {"edns": Edns(1232, False, 0, ((8, bytes.fromhex(octets)),))}


COLOGNE = subnet("0001 09 00 0a80")
"""10.128.0.0/9."""


@pytest.mark.parametrize(
    ("release", "octets", "line"),
    [
        ("1.14.7", database(RECORDS), "Köln"),
        ("1.14.7", database(RECORDS, mapped=False), ""),
        ("1.13.1", database(RECORDS, mapped=False), "Köln"),
        ("1.14.7", database({"10.128.0.0/9": CITY}, version=4), "-"),
        ("1.13.1", database({"10.128.0.0/9": CITY}, version=4), "Cambridge"),
    ],
)
def test_client_subnet(release: str, octets: bytes, line: str) -> None:
    server = serving(octets, release, "{\n edns-subnet\n}", LABELS[:1])
    assert logged(server, "10.0.0.1", **COLOGNE) == line
    assert logged(serving(octets, release, "", LABELS[:1]), "192.0.2.99", **COLOGNE) in ("", "-")


def test_subnets_of_other_families() -> None:
    server = serving(database(RECORDS), "1.14.7", "{\n edns-subnet\n}", LABELS[:1])
    assert logged(server, **subnet("0002 20 00 20010db8")) == "Köln"
    assert logged(server, **subnet("0000 00 00")) == ""
    assert logged(server) == "Cambridge"


def test_debug_says_why_nothing_is_known() -> None:
    lead = "[DEBUG] plugin/geoip: Setting up "
    reason = "metadata failed due to database lookup error: "
    for release, line in (
        (
            "1.14.7",
            f"city {reason}at offset 0, path /location/latitude: maxminddb: cannot unmarshal 52 (uint64) into type float64",
        ),
        (
            "1.12.1",
            f"{reason}decoding value for location: decoding value for latitude: maxminddb: cannot unmarshal 52 (uint64) into type float64",
        ),
        ("1.9.3", f"{reason}maxminddb: cannot unmarshal 52 into type float64"),
    ):
        reply = serving(database(RECORDS), release, debug=True).query("a.example", client="192.0.2.129")
        assert reply.log[0] == lead + line
    reply = serving(database({"10.0.0.0/8": CITY}, version=4), debug=True).query(
        "a.example", client="2001:db8::1", to="[::1]:53"
    )
    end = "error looking up '2001:db8::1': you attempted to look up an IPv6 address in an IPv4-only database"
    assert reply.log[0] == f"{lead}city {reason}{end}"


def test_a_view_and_a_template_read_it() -> None:
    text = """.:53 {
    view uk {
        expr metadata('geoip/country/code') == 'GB'
    }
    metadata
    geoip /city.mmdb
    template IN TXT . {
        answer "{{ .Name }} 60 IN TXT \\"{{ .Meta \\"geoip/city/name\\" }}\\""
    }
}
.:53 {
    whoami
}
"""
    server = loads(text, world=World(files={FILE: database(RECORDS)}))
    assert [rr.data[0] for rr in server.query("a.example", "TXT", client="10.0.0.7").answer] == [b"Cambridge"]
    assert server.query("a.example", "TXT", client="10.200.0.7").answer == []


@pytest.mark.parametrize(
    ("octets", "release", "words"),
    [
        (None, "1.14.7", f"failed to open database file: open {FILE}: no such file or directory"),
        (b"", "1.14.7", "failed to open database file: file is empty"),
        (b"", "1.13.1", "failed to open database file: invalid argument"),
        (b"hello\n", "1.14.7", "failed to open database file: error opening database: invalid MaxMind DB file"),
        (MARKER + b"\xff", "1.14.7", "failed to open database file: unexpected end of database"),
        (database(RECORDS, record_size=20), "1.14.7", "failed to open database file: unsupported record size"),
        (database(RECORDS, record_size=20), "1.9.3", "failed to open database file: unknown record size: 20"),
        (
            database(RECORDS, node_count=9999),
            "1.14.7",
            "failed to open database file: the MaxMind DB contains invalid metadata",
        ),
        (
            database(RECORDS, 'No"thing'),
            "1.14.7",
            'failed to open database file: geoip2: reader does not support the "No\\"thing" database type',
        ),
        (database(RECORDS, "GeoIP2-Domain"), "1.14.7", "database does not provide any supported schema (city, asn)"),
        (
            database({"127.0.0.1/32": {"location": {"latitude": 52}}}),
            "1.9.3",
            'unexpected failure looking up database "city.mmdb" schema "city": maxminddb: cannot unmarshal 52 into type float64',
        ),
    ],
)
def test_files_that_are_refused(octets: bytes | None, release: str, words: str) -> None:
    assert refused(octets, release) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "geoip { /city.mmdb {\n edns-subnet\n}",
            "Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '/city.mmdb'",
        ),
        ("geoip", "Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'geoip'"),
        ("geoip /a\ngeoip /b", "Corefile:3 - Error during parsing: configuring multiple databases is not supported"),
        (
            "geoip {\n edns-subnet\n}",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'edns-subnet'",
        ),
        (
            "geoip /a\ngeoip",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'geoip'",
        ),
        ("geoip /a\ngeoip b c", "Corefile:3 - Error during parsing: configuring multiple databases is not supported"),
        ("geoip /a {\n edns-subnet x\n}", 'Corefile:3 - Error during parsing: unknown property "x"'),
        (
            "geoip /a {\n edns-subnet\n}",
            "Corefile:4 - Error during parsing: failed to open database file: open /a: no such file or directory",
        ),
    ],
)
def test_refusals(text: str, words: str) -> None:
    errors = build(Source("Corefile", f".:53 {{\n {text}\n}}\n"), find("1.14.7"), World(assume=False)).errors
    assert errors[0].coredns == f"plugin/geoip: {words}"


def test_without_the_package_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corefile.plugins.geoip.available", lambda: False)
    program = build(Source("Corefile", f".:53 {{\n geoip {FILE}\n}}\n"), find("1.14.7"), World(files={FILE: b"x"}))
    assert [(f.code, f.severity) for f in program.findings] == [("not-simulated", "notice")]


def test_a_missing_file_is_seen_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "maxminddb", None)
    monkeypatch.setattr("corefile.plugins.geoip.available", lambda: False)
    program = build(Source("Corefile", f".:53 {{\n geoip {FILE}\n}}\n"), find("1.14.7"), World(assume=False))
    assert [f.coredns for f in program.errors] == [
        f"plugin/geoip: Corefile:2 - Error during parsing: failed to open database file: open {FILE}: no such file or directory"
    ]
