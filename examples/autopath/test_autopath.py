"""autopath saves questions, and changes no answer: for all names, a pod gets what it would get without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corefile
from corefile.testing import strategies

HERE = Path(__file__).parent
PODS = {"shop": "10.1.0.7", "pay": "10.1.0.8"}
CLUSTER = corefile.Cluster.load(HERE / "cluster.yaml")
TEXT = (HERE / "Corefile").read_text()


def server(text: str) -> corefile.Server:
    """The cluster's DNS, with the names of outside.zone and with each name of example.org."""
    zone = (HERE / "outside.zone").read_text() + "*.example.org. 300 IN A 192.0.2.81\n"
    return corefile.loads(text, world=corefile.World(cluster=CLUSTER, upstreams={"10.0.0.53": zone}))


def look_up(server: corefile.Server, name: str, namespace: str) -> tuple[list[str], int]:
    """The addresses that a pod with ndots:5 gets for a name, and how many questions it asked."""
    search = [f"{namespace}.svc.cluster.local", "svc.cluster.local", "cluster.local", ""]
    for count, suffix in enumerate(search, 1):
        reply = server.query(f"{name}.{suffix}", client=PODS[namespace])
        addresses = [record.rdata for record in reply.answer if record.type == "A"]
        if addresses:
            return addresses, count
    return [], len(search)


WITH = server(TEXT)
WITHOUT = server(TEXT.replace("    autopath @kubernetes\n", ""))

namespaces = st.sampled_from(sorted(PODS))
names = st.one_of(
    st.sampled_from(["web", "api", "api.pay", "web.shop.svc", "www.example.com", "a.example.org"]),
    strategies.names("example.org").map(lambda name: name.rstrip(".")),
    strategies.names().map(lambda name: name.rstrip(".")),
).filter(lambda name: name.count(".") < 5)


@settings(max_examples=60, deadline=None)
@given(names, namespaces)
def test_a_pod_gets_the_same_addresses_with_autopath_and_without(name: str, namespace: str) -> None:
    assert look_up(WITH, name, namespace)[0] == look_up(WITHOUT, name, namespace)[0]


@settings(max_examples=60, deadline=None)
@given(strategies.names("example.org").map(lambda name: name.rstrip(".")), namespaces)
def test_one_question_is_enough_for_a_name_that_exists(name: str, namespace: str) -> None:
    assert look_up(WITH, name, namespace) == (["192.0.2.81"], 1)


@pytest.mark.parametrize(("name", "without"), [("www.example.com", 4), ("api.pay", 2), ("web", 1)])
def test_how_many_questions_are_saved(name: str, without: int) -> None:
    assert look_up(WITHOUT, name, "shop")[1] == without
    assert look_up(WITH, name, "shop")[1] == 1
