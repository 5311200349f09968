"""minimal: which replies lose their authority and additional sections."""

from __future__ import annotations

from corefile import World
from corefile.api import loads

from .refusals import refusals

ZONE = """$ORIGIN example.
@ 60 IN SOA ns.example. host.example. 1 2 3 4 60
@ 60 IN NS ns.example.
ns 60 IN A 10.0.0.53
a 60 IN A 10.0.0.1
m 60 IN MX 1 a
sub 60 IN NS ns.sub
ns.sub 60 IN A 10.0.0.54
"""


def test_positive_answers_lose_what_was_not_asked_for_and_others_do_not() -> None:
    world = World(files={"db": ZONE})
    server = loads("example:53 {\n minimal\n file db\n}\n", world=world)
    full = loads("example:53 {\n file db\n}\n", world=world)
    reply = server.query("m.example", "MX")
    assert (len(reply.answer), reply.authority, reply.additional) == (1, [], [])
    assert full.query("m.example", "MX").additional
    assert server.query("nx.example").authority == full.query("nx.example").authority != []
    assert server.query("x.sub.example").authority == full.query("x.sub.example").authority != []
    assert "authority and additional records are left out" in str(reply.trace)


def test_a_plugin_that_writes_nothing_and_names_no_error_is_a_panic() -> None:
    server = loads(".:53 {\n minimal\n erratic\n}\n")
    reply = server.query("a.example")  # dropped
    assert (reply.rcode, reply.log[0][:47]) == ("SERVFAIL", '[ERROR] Recovered from panic in server: "dns://')


def test_arguments() -> None:
    said = refusals(".:53 {\n minimal x\n whoami\n}\n")
    assert said == [
        "plugin/minimal: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'x'"
    ]


def test_transfers_and_notifies_stay_as_they_are() -> None:
    """Kinds of reply that are no success, no denial and no referral count as errors, which pass."""
    from corefile import World, loads

    text = "z.test {\nerrors\nminimal\nfile db\ntransfer {\nto *\n}\n}\n"
    server = loads(text, world=World(files={"db": "@ 60 SOA ns h 7 2 3 4 5\n@ 60 NS ns\n"}))
    reply = server.query("z.test", "AXFR", transport="tcp")
    assert [rr.type for rr in reply.answer] == ["SOA", "NS", "SOA"]
    assert not any("ERROR" in line for line in reply.log)
