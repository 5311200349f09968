"""Stores that directives look into, in the forms that their own tools print."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from corefile import Fault, World
from corefile.world.stores import RecordSet, Stores
from corefile.world.stores.etcd import Entry

WEB = '{"host":"10.0.0.1"}'
LINES = f"/skydns/example/web\n{WEB}\n/skydns/example/db\n\n"
AS_JSON = (
    '{"header":{"revision":4},"kvs":[{"key":"L3NreWRucy9leGFtcGxlL3dlYg==","create_revision":2,"lease":7,'
    '"value":"eyJob3N0IjoiMTAuMC4wLjEifQ=="}],"count":1}\n{"cluster_id":1,"id":7,"ttl":40,"granted-ttl":60}\n'
)
REDIS = {"ServiceName": "redis", "Namespace": "default", "Address": "10.0.0.1", "Port": 6379}


def test_an_etcd_is_given_as_etcdctl_prints_it() -> None:
    lines = Stores({"etcd": LINES})["etcd"]
    assert lines.entries == {"/skydns/example/db": Entry(b""), "/skydns/example/web": Entry(WEB.encode())}
    assert list(lines.entries) == ["/skydns/example/db", "/skydns/example/web"], "in the order of the keys"
    leased = Stores({"etcd": AS_JSON})["etcd"]
    assert leased.entries == {"/skydns/example/web": Entry(WEB.encode(), 7)}
    assert leased.leases == {7: 40}
    assert leased.alive(39.9) == leased.entries
    assert leased.alive(40) == {}
    assert leased.at("/skydns/example/web", 39.9) == Entry(WEB.encode(), 7)
    assert leased.at("/skydns/example/web", 40) is None
    assert lines.at("/skydns/example/web", 40) == Entry(WEB.encode())
    assert [*lines.below("/skydns/example/w", 0)] == ["/skydns/example/web"]
    assert Stores({"etcd": {"/skydns/example/web": {"host": "10.0.0.1"}}})["etcd"].entries == {
        "/skydns/example/web": Entry(WEB.encode())
    }
    assert Stores({"etcd": ""})["etcd"].entries == {}


def test_a_nomad_is_given_as_its_api_answers() -> None:
    two = '[{"ServiceName":"a","Address":"10.0.0.1"}]\n[{"ServiceName":"b","Namespace":"x","Address":"10.0.0.2"}]'
    assert list(Stores({"nomad": two})["nomad"].services) == [("default", "a"), ("x", "b")]
    by_path = {
        "/v1/services": [{"Namespace": "default", "Services": [{"ServiceName": "redis", "Tags": []}]}],
        "/v1/service/redis": [REDIS, REDIS],
    }
    assert Stores({"nomad": by_path})["nomad"].services == {("default", "redis"): [REDIS, REDIS]}


def test_hosted_zones_are_given_as_the_clouds_tools_print_them() -> None:
    record = {"Name": "a.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    pages = f'{{"ResourceRecordSets": [{json.dumps(record)}], "IsTruncated": true}}\n[{json.dumps(record)}]'
    zone = Stores({"route53@Z1": pages})["route53@Z1"]
    assert (repr(zone), zone.types) == ("<hosted zone: 2 record sets>", ("A", "A"))
    assert zone.sets[0] == RecordSet("a.", 60, (("A", "192.0.2.1"),))
    assert copy.deepcopy(zone) is zone
    alias = Stores({"clouddns@p:z": {"rrsets": [{"name": "a.", "type": "A", "ttl": 5}]}})["clouddns@p:z"]
    assert alias.sets == (RecordSet("a.", 5, ()),)
    flat = {"fqdn": "a.", "TTL": 60, "id": "/x/privateDnsZones/z/A/a", "AAAARecords": [{"ipv6Address": "2001:DB8::1"}]}
    nested = {"type": "Microsoft.Network/dnszones/A", "properties": {"fqdn": "a.", "TTL": 60, "ARecords": []}}
    azure = Stores({"azure@g:z": [flat, {"value": [nested]}]})["azure@g:z"]
    assert azure.sets == (RecordSet("a.", 60, (("AAAA", ("2001:db8::1",)),), True), RecordSet("a.", 60, (), False))


@pytest.mark.parametrize(
    ("name", "given", "wrong"),
    [
        ("etc", "", "there is no store etc: did you mean etcd?"),
        ("redis", "", r"there is no store redis \(one of azure, clouddns, etcd, nomad"),
        ("etcd", "web\n{}", "line 1 is 'web', where a key is expected"),
        ("etcd", "/a\n{}\n{", "line 3 is '{', where a key is expected"),
        ("etcd", '{"kvs": [', "line 1, column 10: Expecting value"),
        ("etcd", '{"kvs": [{"key": "?"}]}', "not a key and its value in base 64"),
        ("etcd", {"web": "{}"}, "'web' is no key, such as /skydns/org/example/www"),
        ("etcd", [1], "keys with their values are needed, not 1"),
        ("etcd", Fault.truncated(), "it may be refused, timeout, unreachable, but not truncated"),
        ("route53@Z", "[1]", "store route53@Z: record sets are needed, not 1"),
        ("route53@Z", [{"Name": "a."}], "record set 1 has no `Type`: {'Name': 'a.'}"),
        ("route53@Z", [{"Name": "a.", "Type": "A", "ResourceRecords": [{}]}], "a. A: a ResourceRecord has a Value"),
        ("route53@Z", [{"Name": "a.", "Type": "A", "TTL": -1}], "a. has the TTL -1, which is no number of seconds"),
        (
            "clouddns@p:z",
            [{"name": "a.", "type": "A", "rrdatas": "b"}],
            "a. A: rrdatas: a list of texts is needed, not 'b'",
        ),
        ("azure@g:z", [{"TTL": 1}], "record set 1 has no `fqdn`"),
        ("azure@g:z", [{"fqdn": "a.", "ARecords": {}}], "a.: arecords is {}"),
        (
            "azure@g:z",
            [{"fqdn": "a.", "ARecords": [{"ipv4Address": "x"}]}],
            "a.: ipv4address is 'x', which is no IPv4 address",
        ),
        (
            "azure@g:z",
            [{"fqdn": "a.", "AaaaRecords": [{"ipv6Address": "1.2.3.4"}]}],
            "is '1.2.3.4', which is no IPv6 address",
        ),
        ("azure@g:z", [{"fqdn": "a.", "CnameRecord": {"cname": 1}}], "a.: cname is 1, where text is needed"),
        (
            "azure@g:z",
            [{"fqdn": "a.", "MxRecords": [{"preference": "1"}]}],
            "a.: preference is '1', where a number is needed",
        ),
        (
            "azure@g:z",
            [{"fqdn": "a.", "TxtRecords": [{"value": "x"}]}],
            "a.: the value of a TXT record is 'x', where a list",
        ),
        ("etcd", [{"id": None, "ttl": 1}], "not a lease, whose `id` and `ttl` are numbers: {'id': None, 'ttl': 1}"),
        ("etcd", [{"id": 1, "ttl": []}], "not a lease"),
        ("etcd", {"kvs": 5}, "`kvs` is a list of keys and values, not 5"),
        ("route53@Z", [{"Name": "a.", "Type": "A", "ResourceRecords": 5}], "a. A: ResourceRecords are a list, not 5"),
        ("nomad", [{"Services": 5}], "registrations of services are needed, not 5"),
        ("nomad", [{"Services": [{}]}], "not a registration"),
        ("nomad", [{"Services": [{"ServiceName": []}]}], "not a registration"),
        ("nomad", [{"ServiceName": "a", "Namespace": [1]}], r"a Namespace is \[1\], where text is needed"),
        ("nomad", [{"ServiceName": "a", "Port": "x"}], "service a has the Port 'x', which is no number"),
        ("nomad", [{"ServiceName": "a", "Port": None}], "service a has the Port None, which is no number"),
        ("nomad", "[1]", "registrations of services are needed, not 1"),
        ("nomad", '[{"Address": "10.0.0.1"}]', "not a registration"),
        ("nomad", '[{"Services": [{"ServiceName": "redis"}]}]', "service redis of namespace default is listed"),
    ],
)
def test_what_is_no_store_is_refused(name: str, given: Any, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Stores({name: given})
    with pytest.raises(TypeError, match=r"store etcd: text, a pathlib\.Path"):
        Stores({"etcd": 1})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="stores are a mapping"):
        Stores("etcd")  # type: ignore[arg-type]


def test_the_first_address_with_a_store_that_answers_is_reached(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(LINES)
    stores = Stores({"etcd@a": None, "etcd@b": {"fault": "timeout"}})
    assert stores.at("etcd", "a", "b") == "etcd@a"
    assert stores.at("etcd", "c") is None
    stores["etcd"] = tmp_path / "keys"
    assert stores.at("etcd", "a", "b", "c") == stores.at("etcd") == "etcd"
    assert stores["etcd@b"] == Fault.timeout()


def test_stores_change_while_a_server_runs() -> None:
    world = World(stores={"etcd": LINES})
    before = world.stores.version
    world.clock.advance(5)
    world.stores.update(nomad=None)
    assert world.stores.version > before
    assert world.stores.since["nomad"] == world.stores.since["etcd"] + 5
    before = world.stores.version
    with pytest.raises(ValueError, match="no store"):
        world.stores.update({"nomad": "[]", "bad": "[]"})
    assert world.stores["nomad"] == Fault.refused()
    other = copy.deepcopy(world)
    del other.stores["etcd"]
    assert "etcd" in world.stores
    world.stores = {"nomad": "[]"}
    assert world.stores.version > before
    assert repr(world.stores) == "{'nomad': <nomad: 0 services>}"
