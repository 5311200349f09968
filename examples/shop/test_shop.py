"""The cluster's DNS from Python: fixtures for one name at a time, and properties for all names and whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import find

import corefile
from corefile.testing import assert_rcode, assert_resolves, strategies
from corefile.testing.properties import (
    answers_match,
    cached_is_fresh,
    holds,
    never_servfail,
    no_leaks,
    no_loops,
    renames_are_seen,
    ttls_never_grow,
)

HERE = Path(__file__).parent
RESOLV_CONF = {"/etc/resolv.conf": "nameserver 10.0.0.54"}
UPSTREAMS: dict[str, corefile.Upstream] = {
    "10.0.0.53": (HERE / "corp.zone").read_text(),
    "10.0.0.54": "www.example.com. 300 IN A 192.0.2.81",
}

pytestmark = pytest.mark.corefile("coredns.yaml", cluster="cluster.yaml", upstreams=UPSTREAMS, files=RESOLV_CONF)


def test_a_service_without_an_address_has_those_of_its_pods(corefile_server: corefile.Server) -> None:
    assert_resolves(corefile_server, "db.shop.svc.cluster.local", "10.1.2.3", "10.1.2.4")
    assert_resolves(corefile_server, "db-0.db.shop.svc.cluster.local", "10.1.2.3")


def test_a_new_service_is_there_once_the_denial_is_forgotten(
    corefile_server: corefile.Server, world: corefile.World
) -> None:
    assert_rcode(corefile_server, "api.shop.svc.cluster.local", "NXDOMAIN")
    world.apply("{kind: Service, metadata: {name: api, namespace: shop}, spec: {clusterIP: 10.96.0.11}}")
    assert_rcode(corefile_server, "api.shop.svc.cluster.local", "NXDOMAIN")
    world.clock.advance(5)
    assert_resolves(corefile_server, "api.shop.svc.cluster.local", "10.96.0.11")


@pytest.mark.corefile(upstreams=UPSTREAMS | {"10.0.0.54": corefile.Fault.timeout()})
def test_the_world_outside_may_be_gone_and_the_stub_domain_is_not(corefile_server: corefile.Server) -> None:
    assert_rcode(corefile_server, "www.example.com", "SERVFAIL")
    assert_resolves(corefile_server, "www.corp.example", "192.0.2.80")


WORLD = corefile.World(cluster=HERE / "cluster.yaml", upstreams=UPSTREAMS, files=RESOLV_CONF)
SERVER = corefile.load(HERE / "coredns.yaml", world=WORLD)


@pytest.mark.parametrize("address", ["10.1.2.3", "10.1.2.4"])
def test_each_address_comes_first_now_and_then(address: str) -> None:
    def leads_to_it(choose: corefile.Chooser) -> bool:
        world = corefile.World(cluster=HERE / "cluster.yaml", choose=choose)
        answer = corefile.load(HERE / "coredns.yaml", world=world).query("db.shop.svc.cluster.local").answer
        return answer[0].rdata == address

    find(strategies.choices(), leads_to_it)


def test_names_of_the_cluster_stay_inside() -> None:
    holds(SERVER, no_leaks("cluster.local"), no_leaks("corp.example", allowed=["10.0.0.53"]), examples=20)


def test_whatever_happens_resolvers_can_use_the_answers() -> None:
    holds(SERVER, answers_match(), ttls_never_grow(), cached_is_fresh(settles=60), no_loops(), examples=20)


def test_the_cluster_knows_its_names_whichever_upstream_fails() -> None:
    holds(SERVER, never_servfail("cluster.local"), renames_are_seen(within=6), examples=20)
