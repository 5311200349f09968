"""Properties of the two sides, for all clients and names."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import corefile
from corefile.testing import strategies

HERE = Path(__file__).parent
WORLD = corefile.World(upstreams={"9.9.9.9": "* 300 IN A 192.0.2.80"})
SERVER = corefile.load(HERE / "Corefile", world=WORLD)
INSIDE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "192.168.0.0/16")]

inside = st.sampled_from(INSIDE).flatmap(lambda network: st.ip_addresses(network=network)).map(str)
outside = (st.ip_addresses(v=4) | st.ip_addresses(v=6)).filter(
    lambda address: not any(address in network for network in INSIDE) and not address.is_loopback
)
known = st.sampled_from(["www", "wiki", "ns", "notes", "a.dev"]).map(lambda label: f"{label}.corp.example.")
names = known | strategies.names("corp.example") | strategies.names("10.in-addr.arpa") | strategies.names()
types = st.sampled_from(["A", "AAAA", "TXT", "NS", "SOA", "PTR", "ANY"])


@settings(max_examples=60, deadline=None)
@given(names, types, outside.map(str))
def test_nobody_outside_sees_an_address_of_the_company(name: str, type: str, client: str) -> None:
    reply = SERVER.query(name, type, client=client)
    for record in [*reply.answer, *reply.additional]:
        assert not record.rdata.startswith("10."), f"{reply.trace}"
        assert not record.name.endswith("in-addr.arpa."), f"{reply.trace}"


@settings(max_examples=60, deadline=None)
@given(strategies.queries(SERVER))
def test_nobody_near_to_the_bounds_of_a_network_does_so(question: corefile.Question) -> None:
    """The questions are drawn near to what the Corefile tells apart: its networks' bounds, its names, listeners, flags."""
    text = question.client or "127.0.0.1"
    client = ipaddress.ip_address(text.partition(":")[0] if text.count(":") == 1 else text)  # it may have a port
    if any(client in network for network in INSIDE):
        return
    reply = question.ask(SERVER)
    for record in [*reply.answer, *reply.additional]:
        assert not record.rdata.startswith("10."), f"{reply.trace}"
        assert not record.name.endswith("in-addr.arpa."), f"{reply.trace}"


@settings(max_examples=60, deadline=None)
@given(strategies.names().filter(lambda name: not name.endswith("corp.example.")), types, outside.map(str))
def test_it_is_no_open_resolver(name: str, type: str, client: str) -> None:
    reply = SERVER.query(name, type, client=client)
    assert reply.rcode == "REFUSED", f"{reply.trace}"


@settings(max_examples=60, deadline=None)
@given(known | strategies.names("corp.example"), inside, outside.map(str))
def test_what_exists_outside_exists_inside(name: str, insider: str, outsider: str) -> None:
    if SERVER.query(name, client=outsider).answer:
        reply = SERVER.query(name, client=insider)
        assert reply.answer, f"{reply.trace}"
