"""azure: public and private zones, in several resource groups, and what becomes of a zone that cannot be fetched."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.api import Server, build
from corefile.findings import Source
from corefile.releases import find

SOA = {
    "fqdn": "example.org.",
    "TTL": 900,
    "SOARecord": {
        "host": "ns.example.",
        "email": "hm.example",
        "serialNumber": 1,
        "refreshTime": 2,
        "retryTime": 3,
        "expireTime": 4,
        "minimumTTL": 5,
    },
}
PUBLIC, PRIVATE = "Microsoft.Network/dnszones/A", "Microsoft.Network/privateDnsZones/A"


def address(name: str, ip: str, type: str = PUBLIC) -> dict[str, Any]:
    return {"fqdn": f"{name}.example.org.", "TTL": 60, "type": type, "ARecords": [{"ipv4Address": ip}]}


def serving(text: str, release: str = "1.14.7", choose: Any = None, **stores: Any) -> Server:
    """`GROUP=sets` are the record sets of the group's example.org."""
    given = {f"azure@{group}:example.org": sets for group, sets in stores.items()}
    server = loads(f".:53 {{\n{text}\nwhoami\n}}\n", release=release, world=World(stores=given, choose=choose))
    server.start()
    return server


def found(server: Server, name: str) -> list[str]:
    return [record.rdata for record in server.query(f"{name}.example.org").answer]


def test_a_name_may_be_a_public_and_a_private_zone() -> None:
    both = [SOA, address("a", "192.0.2.1"), address("a", "10.0.0.1", PRIVATE)]
    assert found(serving("azure g:example.org", g=both), "a") == ["192.0.2.1"]
    assert found(serving("azure g:example.org {\n access private\n}", g=both), "a") == ["10.0.0.1"]


@pytest.mark.parametrize(("release", "private"), [("1.14.4", True), ("1.14.3", False)])
def test_access_is_for_the_last_zone_or_for_all_of_its_line(release: str, private: bool) -> None:
    g = [SOA, address("g", "192.0.2.1"), address("g", "10.0.0.1", PRIVATE)]
    h = [SOA, address("h", "192.0.2.2"), address("h", "10.0.0.2", PRIVATE)]
    server = serving("azure g:example.org h:example.org {\n access private\n}", release, g=g, h=h)
    assert found(server, "g") == (["10.0.0.1"] if private else ["192.0.2.1"])
    assert found(server, "h") == ["10.0.0.2"]


def test_access_of_a_line_without_zones_is_for_the_last_zone_before_it_until_1_14_3() -> None:
    both = [SOA, address("a", "192.0.2.1"), address("a", "10.0.0.1", PRIVATE)]
    text = "azure g:example.org\nazure {\n access private\n}"
    assert found(serving(text, "1.14.3", g=both), "a") == ["10.0.0.1"]
    assert found(serving(text, "1.14.4", g=both), "a") == ["192.0.2.1"]


def test_resource_groups_are_looked_at_in_any_order() -> None:
    g, h = [SOA, address("a", "192.0.2.1")], [SOA, address("a", "192.0.2.2")]
    asked: list[str] = []

    def last(options: Any, why: str) -> int:
        asked.append(why)
        return len(options) - 1

    text = "azure g:example.org h:example.org"
    assert found(serving(text, g=g, h=h), "a") == ["192.0.2.1"]
    assert found(serving(text, choose=last, g=g, h=h), "a") == ["192.0.2.2"]
    assert "in which order the hosted zones are looked at" in asked


def test_a_zone_of_the_other_kind_is_not_found() -> None:
    """`ListComplete` of Azure's library is `List` in its errors, which it wraps; found by the differential on 1.14.7."""
    world = World(stores={"azure@g:example.org": [{**SOA, "type": PUBLIC}]})
    text = ".:53 {\nazure g:example.org {\n access private\n}\n}"
    (error,) = build(Source("Corefile", text), find("1.14.7"), world).errors
    assert error.message == "azure: zone g:example.org is a public one, and not private"
    assert error.coredns.startswith("plugin/azure: privatedns.RecordSetsClient#List: Failure responding")


def test_name_servers_of_private_zones_are_not_taken() -> None:
    ns = {"fqdn": "example.org.", "TTL": 60, "NSRecords": [{"nsdname": "ns.example."}]}
    assert [x.type for x in serving("azure g:example.org", g=[SOA, ns]).query("example.org", "NS").answer] == ["NS"]
    server = serving("azure g:example.org {\n access private\n}", g=[SOA, ns])
    assert server.query("example.org", "NS").answer == []


def test_the_first_page_was_all_until_1_8_0() -> None:
    sets = [SOA, *(address(f"n{number}", "192.0.2.1") for number in range(120))]
    older, newer = serving("azure g:example.org", "1.8.0", g=sets), serving("azure g:example.org", "1.8.1", g=sets)
    assert (found(older, "n98"), found(older, "n99"), found(newer, "n99")) == (["192.0.2.1"], [], ["192.0.2.1"])
    assert [f.code for f in older.findings] == ["records-left-out"]


def test_a_zone_that_cannot_be_fetched_is_empty() -> None:
    server = serving("azure g:example.org", g=[SOA, address("a", "192.0.2.1")])
    server.world.stores["azure@g:example.org"] = None
    server.process.take_log()
    server.advance(60)
    (line,) = server.process.take_log()
    assert line.startswith(
        "[ERROR] plugin/azure: Failed to update zones [example.org.]: errors updating zones: [failed to list resource "
        "records for example.org from azure: dns.RecordSetsClient#ListByDNSZone: "
    )
    assert server.query("a.example.org").rcode == "SERVFAIL"
    server.world.stores["azure@g:example.org"] = [SOA, address("a", "192.0.2.2")]
    server.advance(60)
    assert found(server, "a") == ["192.0.2.2"]


@pytest.mark.parametrize(
    ("release", "names"), [("1.8.1", "  example.org."), ("1.13.2", "  example.org."), ("1.14.0", "example.org.")]
)
def test_names_in_the_log_stood_behind_one_empty_name_for_each_group(release: str, names: str) -> None:
    """CoreDNS makes a list of so many empty names, and appends to it. Found by waiting for an update of 1.9.3."""
    server = serving("azure g:example.org h:example.org", release, g=[SOA], h=[SOA])
    server.world.stores["azure@g:example.org"] = None
    server.process.take_log()
    server.advance(60)
    (line,) = server.process.take_log()
    assert line.startswith(
        f"[ERROR] plugin/azure: Failed to update zones [{names}]: errors updating zones: [failed to list"
    )


def test_it_was_a_panic_until_1_8_0() -> None:
    server = serving("azure g:example.org", "1.8.0", g=[SOA])
    server.world.stores["azure@g:example.org"] = None
    server.advance(60)
    assert not server.query("example.org", "SOA").received
    assert server.process.instance.ended is not None


def test_a_name_without_its_last_dot_hides_no_other() -> None:
    """It is in the tree, where nothing finds it. It stood among names with their dots: the first name below the apex was one
    that is not below it, so that the apex had no records of its own and no names below. Found by the differential on 1.7.0."""
    without_dot = {**address("*", "192.0.2.2"), "fqdn": "*.example.org"}
    server = serving("azure g:example.org", g=[SOA, without_dot, address("b", "192.0.2.1")])
    assert server.query("example.org", "A").rcode == "NOERROR"
    assert server.query("x.example.org", "A").rcode == "NXDOMAIN"


def test_strings_have_escapes() -> None:
    txt = {"fqdn": "t.example.org.", "TTL": 60, "TXTRecords": [{"value": ['a\\052\\"b', "é"]}]}
    assert serving("azure g:example.org", g=[SOA, txt]).query("t.example.org", "TXT").answer == [
        't.example.org. 60 IN TXT "a4\\"b" "\\195\\169"'
    ]


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("1.6.9", "plugin/azure: failed to get SPT from client credentials: parameter 'clientID' cannot be empty"),
        ("1.7.0", None),
        ("1.8.1", None),
        ("1.8.2", "plugin/azure: failed to get oauth token from MSI: MSI not available"),
        ("1.8.6", "plugin/azure: failed to get oauth token from MSI: MSI not available"),
        ("1.8.7", "plugin/azure: MSI not available"),
    ],
)
def test_environment_was_the_secret_until_1_6_9(release: str, said: str | None) -> None:
    text = ".:53 {\nazure {\n environment AzureChinaCloud\n}\n}"
    errors = build(Source("Corefile", text), find(release), World(assume=False)).errors
    assert (errors[0].coredns if errors else None) == said


def test_azure_stack_has_a_file() -> None:
    text = ".:53 {\nazure {\n environment azurestackcloud\n secret s\n client c\n}\nwhoami\n}"
    env = {"AZURE_ENVIRONMENT_FILEPATH": "stack.json"}
    assert build(Source("Corefile", text), find("1.14.7"), World(env=env, files={"stack.json": "{}"})).errors == []
    (error,) = build(Source("Corefile", text), find("1.14.7"), World(env=env)).errors
    assert error.coredns.endswith('cannot set azure environment: "open stack.json: no such file or directory"')
    files = {"stack.json/x": "{}"}
    (error,) = build(Source("Corefile", text), find("1.14.7"), World(env=env, files=files)).errors
    assert error.coredns.endswith('cannot set azure environment: "read stack.json: is a directory"')
