"""Where names go: Istio's to Istio's DNS and nowhere else, and no others there."""

from __future__ import annotations

from pathlib import Path

import dnslib
import pytest
from hypothesis import given, settings

import corefile
from corefile.testing import strategies

HERE = Path(__file__).parent
asked: dict[str, list[str]] = {"istio": [], "provider": []}


def server(name: str, release: str) -> corefile.Server:
    """The cluster's DNS, with two name servers that know nothing and remember what they were asked."""

    def upstream(who: str) -> corefile.Upstream:
        def answer(query: dnslib.DNSRecord) -> dnslib.DNSRecord:
            asked[who].append(str(query.q.qname))
            return query.reply()

        return answer

    world = corefile.World(
        cluster=HERE / "cluster.yaml",
        files={"/etc/resolv.conf": "nameserver 10.0.0.53"},
        upstreams={"172.19.10.196": upstream("istio"), "10.0.0.53": upstream("provider")},
    )
    return corefile.load(HERE / name, release=release, world=world)


SERVERS = {"2018": server("configmap.yaml", "1.2.2"), "today": server("configmap-today.yaml", "1.14.7")}


@pytest.mark.parametrize("year", SERVERS)
@settings(max_examples=25, deadline=None)
@given(strategies.names("global"))
def test_a_name_of_istio_goes_to_istio_alone(year: str, name: str) -> None:
    asked.update(istio=[], provider=[])
    reply = SERVERS[year].copy().query(name)
    assert set(asked["istio"]) == {name}, f"{reply.trace}"
    assert asked["provider"] == [], f"{reply.trace}"


@pytest.mark.parametrize("year", SERVERS)
@settings(max_examples=25, deadline=None)
@given(strategies.names("cluster.local") | strategies.names("com"))
def test_istio_gets_no_other_name(year: str, name: str) -> None:
    asked.update(istio=[], provider=[])
    reply = SERVERS[year].copy().query(name)
    assert asked["istio"] == [], f"{reply.trace}"
    assert bool(asked["provider"]) == name.endswith(".com."), f"{reply.trace}"
