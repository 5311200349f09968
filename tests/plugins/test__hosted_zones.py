"""Zones that a cloud hands out: what `route53`, `azure` and `clouddns` have in common, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from corefile import Fault, World, loads, releases
from corefile.api import Server, build
from corefile.findings import Source
from tests.classes import told_apart

REFUSALS = [
    (release, case)
    for case in yaml.safe_load((Path(__file__).parent.parent / "data/clouds.yaml").read_text())
    for release in case["releases"]
]

Sets = list[dict[str, Any]]


def aws(*records: str) -> Sets:
    """Record sets of Route 53, each from `NAME TTL TYPE VALUE`."""
    out = []
    for line in ("example.org. 900 SOA ns.example. hm.example. 1 2 3 4 5", *records):
        name, ttl, type, value = line.split(" ", 3)
        out.append({"Name": name, "Type": type, "TTL": int(ttl), "ResourceRecords": [{"Value": value}]})
    return out


def serving(text: str, release: str = "1.14.7", **stores: Any) -> Server:
    """`ID=sets` are the hosted zones of `route53`."""
    world = World(stores={f"route53@{id}": sets for id, sets in stores.items()})
    server = loads(f".:53 {{\n{text}\nwhoami\n}}\n", release=release, world=world)
    server.start()
    return server


@pytest.mark.parametrize(("release", "case"), REFUSALS)
def test_the_first_error_is_coredns_own(release: str, case: dict[str, Any]) -> None:
    source = Source("Corefile", f".:53 {{\n{case['directives']}    whoami\n}}\n")
    world = World(files=case.get("files"), env=case.get("env"), assume=False)
    errors = build(source, releases.find(release), world).errors
    assert (errors[0].coredns.splitlines()[-1] if errors else None) == case["error"]


def test_a_zone_that_is_not_given_is_left_out_with_a_notice() -> None:
    server = serving("route53 example.org.:Z1 example.net.:Z2", Z1=aws("www.example.org. 60 A 192.0.2.1"))
    (notice,) = server.findings
    assert (notice.code, notice.severity) == ("store-not-given", "notice")
    assert notice.hint.startswith('World(stores={"route53@Z2": ...}) gives them, as `aws route53 list-')
    assert server.query("www.example.org").notices == []
    reply = server.query("www.example.net")
    assert reply.rcode == "NOERROR"
    assert [f.code for f in reply.notices] == ["not-simulated"]
    assert "the records of Z2 are not given" in str(reply.trace)


def test_of_several_hosted_zones_the_name_of_the_directive_stands_for_none() -> None:
    world = World(stores={"route53": aws()})
    server = loads(".:53 {\n route53 example.org.:Z1\n}\n", world=world)
    assert server.query("example.org", "SOA").rcode == "NOERROR"
    several = loads(
        ".:53 {\n route53 example.org.:Z1 example.net.:Z2\n}\n",
        world=World(stores={"route53": aws(), "route53@Z2": aws()}),
    )
    assert [f.code for f in several.findings] == ["store-not-given"]


def test_records_are_fetched_again_and_a_zone_that_fails_keeps_them() -> None:
    server = serving("route53 example.org.:Z1 {\n refresh 30\n}", Z1=aws("www.example.org. 60 A 192.0.2.1"))
    stores = server.world.stores

    def address() -> list[str]:
        return [record.rdata for record in server.query("www.example.org").answer]

    stores["route53@Z1"] = aws("www.example.org. 60 A 192.0.2.2")
    server.advance(29)
    assert address() == ["192.0.2.1"]
    server.advance(1)
    assert address() == ["192.0.2.2"]
    stores["route53@Z1"] = None
    server.process.take_log()
    server.advance(30)
    (line,) = server.process.take_log()
    assert address() == ["192.0.2.2"]
    assert line.startswith(
        "[ERROR] plugin/route53: Failed to update zones [example.org.]: errors updating zones: [failed to"
    )
    stores["route53@Z1"] = aws()
    server.advance(30)
    assert server.query("www.example.org").rcode == "NXDOMAIN"


def test_traces_say_what_became_of_fallthrough() -> None:
    zone = aws("www.example.org. 60 A 192.0.2.1", "sub.example.org. 60 NS ns.sub.example.org.")
    open_ = serving("route53 example.org.:Z1 {\n fallthrough\n}", Z1=zone)
    closed = serving("route53 example.org.:Z1 {\n fallthrough example.net\n}", Z1=zone)
    assert "zone example.org. has no name nope.example.org.; `fallthrough` covers the name" in str(
        open_.query("nope.example.org").trace
    )
    assert "whoami" in str(open_.query("x.sub.example.org").trace), "a referral is passed on, too"
    assert "`fallthrough` is for names that no hosted zone has" in " ".join(
        str(open_.query("www.example.org", "MX").trace).split()
    )
    assert "`fallthrough` is given only for example.net." in str(closed.query("nope.example.org").trace)


def test_no_data_is_an_answer_since_1_5_0() -> None:
    text = "route53 example.org.:Z1 example.org.:Z2 {\n fallthrough\n}"
    stores = {
        "Z1": aws("www.example.org. 60 A 192.0.2.1"),
        "Z2": aws("www.example.org. 60 AAAA 2001:db8::1"),
    }
    assert serving(text, **stores).query("www.example.org", "AAAA").answer == []
    older = serving(text, "1.4.0", **stores)
    assert [x.rdata for x in older.query("www.example.org", "AAAA").answer] == ["2001:db8::1"]
    assert "whoami" in str(older.query("www.example.org", "MX").trace)


def test_targets_of_aliases_are_looked_up_through_the_server() -> None:
    text = "hosts {\n 192.0.2.7 www.example.com\n fallthrough\n}\nroute53 example.org.:Z1"
    reply = serving(text, Z1=aws("out.example.org. 60 CNAME www.example.com.")).query("out.example.org")
    assert [x.type for x in reply.answer] == ["CNAME", "A"]


@pytest.mark.parametrize("fault", [Fault.refused(), Fault.timeout()])
def test_a_zone_that_cannot_be_fetched_keeps_coredns_from_starting(fault: Fault) -> None:
    world = World(stores={"route53@Z1": fault})
    errors = build(Source("Corefile", ".:53 {\nroute53 example.org.:Z1\n}"), releases.LATEST, world).errors
    assert errors[0].coredns.startswith(
        "plugin/route53: Corefile:2 - Error during parsing: failed to initialize route53 plugin"
    )


def test_names_of_zones_are_compared_as_written() -> None:
    server = serving("route53 example.org:Z1", Z1=aws("www.example.org. 60 A 192.0.2.1"))
    assert [f.code for f in server.findings] == ["zone-without-dot"]
    assert "whoami" in str(server.query("www.example.org").trace)


def test_an_upstream_that_is_a_corefile_has_the_same_stores(tmp_path: Path) -> None:
    inner = {"corefile": ".:53 {\n route53 example.org.:Z1\n}\n"}
    world = World(
        stores={"route53@Z1": json.dumps(aws("www.example.org. 60 A 192.0.2.1"))}, upstreams={"10.0.0.53": inner}
    )
    server = loads(".:53 {\n forward . 10.0.0.53\n}\n", world=world)
    assert [x.rdata for x in server.query("www.example.org").answer] == ["192.0.2.1"]


def test_names_of_one_class_are_answered_alike() -> None:
    zone = aws(
        "example.org. 60 NS ns.example.",
        "www.example.org. 60 A 192.0.2.1",
        "\\052.wild.example.org. 60 A 192.0.2.2",
        "sub.wild.example.org. 60 NS ns.sub.wild.example.org.",
        "x.empty.example.org. 60 TXT x",
        "to.example.org. 60 CNAME www.example.org.",
        "elsewhere.example.net. 60 A 192.0.2.3",
    )
    text = "route53 example.org.:Z1 inner.example.org.:Z2 example.org.:Z3 {\n fallthrough inner.example.org\n}"
    inner = [{**s, "Name": s["Name"].replace("example.org.", "inner.example.org.")} for s in zone]
    server = serving(text, Z1=zone, Z2=inner, Z3=aws("other.example.org. 60 A 192.0.2.4"))
    assert told_apart(server, "route53", ("A", "NS", "SOA", "CNAME", "TXT", "DS")) == []


@pytest.mark.parametrize(
    "directive",
    [
        "route53 example.org.:Z1",
        "route53 example.org.:Z1 {\n credentials mine\n }",
        "azure g:example.org",
        "clouddns example.org.:p:z",
    ],
)
def test_a_machine_that_is_not_known_has_credentials(directive: str) -> None:
    """What depends on a machine that is not here is no error: it is assumed, and said to be."""
    source = Source("Corefile", f".:53 {{\n {directive}\n whoami\n}}\n")
    world = World()
    assert build(source, releases.LATEST, world).errors == []
    assert "credentials" in world.assumed
    (error,) = build(source, releases.LATEST, World(assume=False)).errors
    assert error.code == "no-credentials"


def test_a_profile_that_a_given_file_has_not_is_an_error() -> None:
    source = Source("Corefile", ".:53 {\n route53 example.org.:Z1 {\n credentials mine aws\n }\n whoami\n}\n")
    (error,) = build(source, releases.LATEST, World(files={"aws": "[profile other]\n"})).errors
    assert error.code == "no-credentials"


FIRST, SECOND = (aws(f"a.example.org. 60 A 192.0.2.{number}") for number in (1, 2))
CLOUD_DNS = [
    [
        {"name": x["Name"], "type": x["Type"], "ttl": x["TTL"], "rrdatas": [x["ResourceRecords"][0]["Value"]]}
        for x in sets
    ]
    for sets in (FIRST, SECOND)
]
CLASHES = [
    ("route53 example.org.:Z1 Example.Org.:Z2", {"route53@Z1": FIRST, "route53@Z2": SECOND}),
    ("clouddns example.org:p:z1 example.org.:p:z2", {"clouddns@p:z1": CLOUD_DNS[0], "clouddns@p:z2": CLOUD_DNS[1]}),
    ("clouddns example.org:p:z1 EXAMPLE.org:p:z2", {"clouddns@p:z1": CLOUD_DNS[0], "clouddns@p:z2": CLOUD_DNS[1]}),
]


@pytest.mark.parametrize("release", ["1.6.5", "1.14.7"])
@pytest.mark.parametrize(("line", "stores"), CLASHES)
def test_zones_of_one_name_in_two_spellings_are_looked_at_in_any_order(
    line: str, stores: dict[str, Any], release: str
) -> None:
    """CoreDNS has zones in a map by their names as they are written, and goes through it at the start. Found by the
    differential, on 1.9.3, where two zones of `azure` differed in case."""
    asked: dict[str, list[Any]] = {}

    def address(number: int) -> list[str]:
        def choose(options: Any, why: str) -> int:
            asked[why] = list(options)
            return number

        world = World(stores=stores, choose=choose)
        server = loads(f".:53 {{\n{line}\nwhoami\n}}\n", release=release, world=world)
        server.start()
        return [record.rdata for record in server.query("a.example.org").answer]

    assert [address(0), address(1)] == [["192.0.2.1"], ["192.0.2.2"]]
    ids = [key.partition("@")[2] for key in stores]
    assert asked == {"in which order the hosted zones are looked at": [tuple(ids), tuple(reversed(ids))]}


def test_zones_of_one_name_in_one_spelling_have_the_order_of_the_corefile() -> None:
    def choose(options: Any, why: str) -> int:
        raise AssertionError(why)

    world = World(stores={"route53@Z1": FIRST, "route53@Z2": SECOND}, choose=choose)
    server = loads(".:53 {\nroute53 example.org.:Z2 example.org.:Z1 example.net.:Z1\nwhoami\n}\n", world=world)
    assert [record.rdata for record in server.query("a.example.org").answer] == ["192.0.2.2"]
