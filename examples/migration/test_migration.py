"""The new Corefile on CoreDNS 1.14.7 answers as the old one did on 1.2.6, for all names but those of the federation."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

import corefile
from corefile.testing import strategies

HERE = Path(__file__).parent


def server(name: str, release: str) -> corefile.Server:
    """One of the two, in the same world."""
    upstreams = {"10.0.0.53": HERE / "outside.zone", "10.0.0.54": HERE / "corp.zone"}
    world = corefile.World(cluster=HERE / "cluster.yaml", upstreams=upstreams)
    return corefile.load(HERE / name, release=release, world=world)


OLD, NEW = server("Corefile.2018", "1.2.6"), server("Corefile", "1.14.7")

known = st.sampled_from(
    [
        "web.shop.svc.cluster.local.",
        "_http._tcp.web.shop.svc.cluster.local.",
        "mail.shop.svc.cluster.local.",
        "10-1-0-7.shop.pod.cluster.local.",
        "20.0.96.10.in-addr.arpa.",
        "1.2.0.192.in-addr.arpa.",
        "www.example.com.",
        "www.corp.example.",
    ]
)
zones = st.sampled_from(["shop.svc.cluster.local", "cluster.local", "10.in-addr.arpa", "corp.example", "com"])
names = known | zones.flatmap(strategies.names)
types = st.sampled_from(["A", "AAAA", "SRV", "PTR", "MX"])


def seen(reply: corefile.Reply) -> tuple[str, list[str]]:
    """What a client makes of a reply."""
    return reply.rcode, sorted(map(str, reply.answer))


@settings(max_examples=50, deadline=None)
@given(names.filter(lambda name: ".prod.svc." not in name), types)
def test_every_answer_is_the_old_one(name: str, type: str) -> None:
    old, new = OLD.copy().query(name, type), NEW.copy().query(name, type)
    assert seen(new) == seen(old), f"{name} {type}\n{old.trace}\n{new.trace}"


@settings(max_examples=25, deadline=None)
@given(strategies.labels)
@example("web")
def test_a_name_of_the_federation_is_that_of_the_service_here(service: str) -> None:
    new = NEW.copy().query(f"{service}.shop.prod.svc.cluster.local")
    plain = NEW.copy().query(f"{service}.shop.svc.cluster.local")
    assert new.rcode == plain.rcode, f"{new.trace}"
    assert [record.rdata for record in new.answer] == [record.rdata for record in plain.answer], f"{new.trace}"


def test_other_texts_than_the_version_failed_in_2018() -> None:
    assert OLD.query("nope.shop.svc.cluster.local", "TXT").rcode == "SERVFAIL"
    assert NEW.query("nope.shop.svc.cluster.local", "TXT").rcode == "NXDOMAIN"
