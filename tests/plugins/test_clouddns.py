"""clouddns: record sets of Cloud DNS, the record that hides others, and what a file with an account has to have."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.api import Server, build
from corefile.findings import Source
from corefile.releases import find


def sets(*records: str) -> list[dict[str, Any]]:
    """Each from `NAME TTL TYPE VALUE, VALUE...`."""
    out = []
    for line in ("example.org. 900 SOA ns.example. hm.example. 1 2 3 4 5", *records):
        name, ttl, type, *values = line.split(" ", 3)
        out.append({"name": name, "ttl": int(ttl), "type": type, "rrdatas": values[0].split(", ") if values else []})
    return out


def serving(*records: str, release: str = "1.14.7") -> Server:
    world = World(stores={"clouddns@p:z": sets(*records)})
    return loads(".:53 {\nclouddns example.org:p:z\nwhoami\n}\n", release=release, world=world)


def test_all_values_of_a_set_since_1_11_0() -> None:
    record = "a.example.org. 60 A 192.0.2.1, 192.0.2.2"
    assert len(serving(record).query("a.example.org").answer) == 2
    assert [x.rdata for x in serving(record, release="1.10.1").query("a.example.org").answer] == ["192.0.2.2"]


def test_a_set_without_values_was_a_panic() -> None:
    assert serving("a.example.org. 60 A").query("a.example.org").rcode == "NXDOMAIN"
    world = World(stores={"clouddns@p:z": sets("a.example.org. 60 A")})
    (error,) = build(Source("Corefile", ".:53 {\nclouddns example.org:p:z\n}"), find("1.10.1"), world).errors
    assert error.coredns == "panic: runtime error: invalid memory address or nil pointer dereference"


@pytest.mark.parametrize(
    ("record", "release", "said"),
    [
        ("b.example.org. 60 ALIAS lb.example.", "1.14.7", 'dns: unknown RR type: "ALIAS" at line: 1:27'),
        ("b.example.org. 60 A junk", "1.10.1", 'dns: bad A A: "junk" at line: 1:27'),
        (
            "b.example.org. 60 NSEC3PARAM 1 0 1 AABB",
            "1.14.7",
            "NSEC3 zone is not supported, dropping RR: b.example.org. for zone: example.org.",
        ),
    ],
)
def test_a_record_that_cannot_be_read_hides_what_comes_behind_it(record: str, release: str, said: str) -> None:
    server = serving("a.example.org. 60 A 192.0.2.1", record, "c.example.org. 60 A 192.0.2.3", release=release)
    assert [server.query(f"{name}.example.org").rcode for name in "ac"] == ["NOERROR", "NXDOMAIN"]
    (warning,) = server.findings
    assert (warning.code, warning.severity) == ("records-left-out", "warning")
    assert warning.message.endswith(f"takes neither b.example.org. of p:z nor what comes behind it: {said}")


def test_dnssec_parameters_were_left_out_until_1_10_1() -> None:
    server = serving("example.org. 60 NSEC3PARAM 1 0 1 AABB", "c.example.org. 60 A 192.0.2.3", release="1.10.1")
    assert server.query("c.example.org").rcode == "NOERROR"


def test_a_page_is_as_long_as_google_says() -> None:
    records = [f"n{number}.example.org. 60 A 192.0.2.1" for number in range(120)]
    assert [f.severity for f in serving(*records, release="1.8.0").findings] == ["notice"]
    assert serving(*records, release="1.8.1").findings == []


@pytest.mark.parametrize(
    ("account", "release", "said"),
    [
        ('{"type": "service_account", "client_email": "a"}', "1.14.7", "auth: private key must be provided"),
        ('{"type": "authorized_user", "client_id": "a"}', "1.12.0", "auth: client secret must be provided"),
        (
            '{"type": "authorized_user", "client_id": "a", "client_secret": "b"}',
            "1.14.7",
            "auth: refresh token must be provided",
        ),
        ('{"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}', "1.14.7", None),
        ('{"type": "authorized_user"}', "1.11.3", None),
        (
            '{"type": "authorized_user", "client_id": ' + "9" * 9000 + "}",
            "1.14.7",
            "auth: client secret must be provided",
        ),
        ("null", "1.9.3", "missing 'type' field in credentials"),
        (
            '{"TYPE": true}',
            "1.9.3",
            "json: cannot unmarshal bool into Go struct field credentialsFile.type of type string",
        ),
    ],
)
def test_what_an_account_has_to_have(account: str, release: str, said: str | None) -> None:
    text = ".:53 {\nclouddns {\n credentials key.json\n}\nwhoami\n}"
    errors = build(Source("Corefile", text), find(release), World(files={"key.json": account})).errors
    assert (errors[0].coredns if errors else None) == said


def test_an_account_that_is_nested_too_deep_is_none() -> None:
    account = '{"type": "authorized_user", "client_id": ' + "[" * 9000 + "]" * 9000 + "}"
    text = ".:53 {\nclouddns {\n credentials key.json\n}\n}"
    (error,) = build(Source("Corefile", text), find("1.14.7"), World(files={"key.json": account})).errors
    assert error.coredns.endswith("missing `type` field in credential")


def test_credentials_may_be_in_the_usual_file() -> None:
    usual = "/root/.config/gcloud/application_default_credentials.json"
    text = ".:53 {\nclouddns\nwhoami\n}"
    assert build(Source("Corefile", text), find("1.14.7"), World(files={usual: "{}"})).errors == []
    (error,) = build(Source("Corefile", text), find("1.14.7"), World(assume=False)).errors
    assert error.hint == "write `credentials FILE`"
