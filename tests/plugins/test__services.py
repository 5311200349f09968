"""Directories of services: a store such as etcd's stands behind one, with what CoreDNS's own code made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corefile import Server, World, loads
from corefile.dns.rdata import rr_to_text
from corefile.plugin import Query, dns
from corefile.plugins import etcd
from corefile.plugins._services import LookupRules, ServiceRecord, Unordered, host_type, of_one_group, stripped, weights
from corefile.plugins._services.directory import whole_records_once
from corefile.plugins._upstream import Failed
from corefile.plugins.etcd._find import Finder
from corefile.releases import find

RECORDED = json.loads((Path(__file__).parent.parent / "data" / "services.json").read_text(encoding="utf-8"))
"""What the code of CoreDNS's etcd plugin at each of several tags makes of one store, run by itself: nothing is looked up
elsewhere. `store`: services by key. `questions`: name, type, and from each release that changed it on: rcode, answer,
additional section, and the question where the reply has another one, or that it has no wire form."""


class Nowhere:
    """Looks nothing up."""

    itself = True

    def lookup(self, query: Query, name: str, type: int) -> dns.Msg | None:
        raise Failed


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked up elsewhere."""
    monkeypatch.setattr(etcd, "Upstream", lambda *given: Nowhere())


def key_of(name: str) -> str:
    return "/".join(("/skydns", *reversed(name.rstrip(".").split("."))))


def serving(
    values: dict[str, dict[str, Any]], release: str = "1.14.7", more: str = "", zones: str = "lab.test"
) -> Server:
    world = World(
        stores={"etcd": {key_of(name): value for name, value in values.items()}},
        upstreams={"192.0.2.53": "www.example.com. 300 IN A 192.0.2.80\nwww.example.com. 300 IN AAAA 2001:db8::80"},
    )
    upstream = "upstream 192.0.2.53" if find(release) < "1.4.0" else ""
    text = f". {{\nerrors\n{more}\netcd {zones} {{\n{upstream}\n}}\nforward . 192.0.2.53\n}}\n"
    return loads(text, release=release, world=world)


def texts(server: Server, name: str, type: str = "A") -> list[str]:
    """The rcode, and the records without TTL and class, of the answer and of the additional section."""
    reply = server.query(name, type)
    return [
        reply.rcode,
        *(" ".join((rr.split(" ")[0], *rr.split(" ")[3:])) for rr in map(str, (*reply.answer, *reply.additional))),
    ]


def recorded(release: str) -> Iterator[tuple[str, str, list[Any]]]:
    for name, type, history in RECORDED["questions"]:
        found = [item for item in history if [*map(int, item[0].split("."))] <= [*map(int, release.split("."))]]
        yield name, type, found[-1][1:]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("release", RECORDED["releases"])
def test_a_store_is_answered_as_coredns_code_does(release: str) -> None:
    zones = " ".join(RECORDED["zones"])
    world = World(stores={"etcd": RECORDED["store"]})
    server = loads(f". {{\nerrors\netcd {zones}\n}}\n", release=release, world=world)
    wrong = []
    for name, type, (rcode, answer, extra, *question) in recorded(release):
        reply = server.query(name, type, transport="tcp")
        want = None if question == ["unsendable"] else [rcode, answer, extra, *question]
        got: Any = None
        if reply.msg is not None:
            got = [
                reply.rcode,
                [re.sub(r" 17672\d+ ", " <now> ", rr_to_text(rr)) for rr in reply.msg.answer],
                list(map(rr_to_text, reply.msg.extra)),
            ]
            assert reply.msg.question is not None
            got += [reply.msg.question.name] if reply.msg.question.name != name else []
            assert [rr.type for rr in reply.msg.ns] == ([] if reply.msg.answer else [dns.SOA])
        if got != want:
            wrong.append((name, type, want, got))
    assert not wrong


# -- records ----------------------------------------------------------------------------------------------------------


def record(name: str, **values: Any) -> ServiceRecord:
    return ServiceRecord(**{"host": "10.0.0.1", "port": 80, "type": 1, "ttl": 5, **values, "name": name})


@pytest.mark.parametrize(
    ("name", "count", "want"),
    [
        ("a.b.c.", 0, "a.b.c."),
        ("a.b.c.", 1, "b.c."),
        ("a.b.c.", 2, "c."),
        ("a.b.c.", 3, "a.b.c."),
        (r"a\.b.c.", 1, "c."),
    ],
)
def test_labels_are_left_off_unless_there_are_too_few(name: str, count: int, want: str) -> None:
    assert stripped(name, count) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("10.0.0.1", (dns.A, "10.0.0.1")),
        ("FD00:0::1", (dns.AAAA, "fd00::1")),
        ("::ffff:10.0.0.1", (dns.A, "10.0.0.1")),
        ("web.example", (dns.CNAME, "web.example")),
        ("", (dns.CNAME, "")),
    ],
)
def test_what_a_host_is(text: str, want: tuple[int, str]) -> None:
    assert host_type(text) == want


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ([], []),
        ([("a.x.", ""), ("b.x.", "")], ["a.x.", "b.x."]),
        ([("a.x.", "g"), ("b.x.", "g"), ("c.y.x.", "h")], ["a.x.", "b.x."]),
        ([("c.y.x.", "h"), ("a.x.", "g"), ("d.y.x.", "")], ["a.x.", "d.y.x."]),
        ([("a.x.", "g"), ("b.x.", "h")], ["a.x.", "b.x."]),
        ([("c.y.x.", "h"), ("a.x.", ""), ("b.x.", "g")], ["c.y.x.", "a.x."]),
    ],
)
def test_groups(given: list[tuple[str, str]], want: list[str]) -> None:
    """The shortest name sets the group; where two of these disagree, all count."""
    assert [r.name for r in of_one_group([record(name, group=group) for name, group in given])] == want


def test_weights_are_shares_of_a_priority() -> None:
    found = [record("a.", weight=1), record("b.", weight=299), record("c."), record("d.", priority=7, weight=3)]
    today, old = LookupRules.of(find("1.14.7")), LookupRules.of(find("1.6.9"))
    assert weights(found, today) == [1, 74, 25, 100]
    assert weights(found, old) == [0, 74, 25, 100]
    assert weights([record("a.", weight=-100), record("b.")], today) == [1, 1], "Go divides by zero without a word"


# -- aliases and what is looked up elsewhere --------------------------------------------------------------------------


OUT = {
    "out.lab.test": {"host": "www.example.com", "port": 80, "mail": True},
    "in.lab.test": {"host": "a.web.lab.test"},
    "a.web.lab.test": {"host": "10.0.0.1"},
    "dead.lab.test": {"host": "nope.lab.test"},
    "loop.lab.test": {"host": "loop.lab.test"},
    "chain.lab.test": {"host": "out.lab.test"},
}


def test_names_of_other_zones_are_looked_up_through_the_server() -> None:
    server = serving(OUT)
    assert texts(server, "out.lab.test") == [
        "NOERROR",
        "out.lab.test. CNAME www.example.com.",
        "www.example.com. A 192.0.2.80",
    ]
    assert texts(server, "chain.lab.test", "AAAA") == [
        "NOERROR",
        "chain.lab.test. CNAME out.lab.test.",
        "out.lab.test. CNAME www.example.com.",
        "www.example.com. AAAA 2001:db8::80",
    ]
    addresses = ["www.example.com. A 192.0.2.80", "www.example.com. AAAA 2001:db8::80"]
    assert texts(server, "out.lab.test", "SRV") == [
        "NOERROR",
        "out.lab.test. SRV 10 100 80 www.example.com.",
        *addresses,
    ]
    assert texts(server, "out.lab.test", "MX") == ["NOERROR", "out.lab.test. MX 10 www.example.com.", *addresses]


@pytest.mark.parametrize(
    ("name", "type", "why"),
    [
        ("out", "A", "an alias for www.example.com., which the server asked itself for: NOERROR, 1 record"),
        ("in", "A", "an alias for a.web.lab.test. in the same zone: 1 record"),
        ("in", "AAAA", "an alias for a.web.lab.test. in the same zone: 0 records"),
        (
            "dead",
            "A",
            "an alias for nope.lab.test. in the same zone, which does not exist: etcd has no key /skydns/test/lab/nope, and none below it",
        ),
        ("loop", "A", "an alias for loop.lab.test., which leads back here"),
        (
            "chain",
            "A",
            (
                "an alias for out.lab.test. in the same zone: 2 records; an alias for www.example.com., which the server "
                "asked itself for: NOERROR, 1 record"
            ),
        ),
        ("a.web", "A", "1 A record from etcd"),
        ("a.web", "AAAA", "the name exists, but has no AAAA record"),
        (
            "nope",
            "A",
            "etcd has no key /skydns/test/lab/nope, and none below it -> NXDOMAIN; `fallthrough` is not given, so the chain ends here",
        ),
    ],
)
def test_a_trace_names_the_target_and_what_came_of_it(name: str, type: str, why: str) -> None:
    trace = serving(OUT).query(f"{name}.lab.test", type).trace
    assert trace is not None
    assert next(hop for hop in trace.hops if hop.plugin == "etcd").why == why


class Truncated(Nowhere):
    """Looks everything up, and gets a truncated reply."""

    def lookup(self, query: Query, name: str, type: int) -> dns.Msg | None:
        reply = query.msg.reply()
        reply.tc = True
        reply.answer = [dns.RR(name, type, 1, 5, ("10.0.0.1",) if type == dns.A else (b"text",))]
        return reply


@pytest.mark.parametrize(
    ("release", "name", "type", "truncated"),
    [
        ("1.14.7", "out", "A", True),
        ("1.14.7", "chain", "A", True),
        ("1.9.0", "out", "A", False),
        ("1.14.7", "out", "TXT", False),
        ("1.14.7", "out", "SRV", False),
    ],
)
def test_a_truncated_reply_from_elsewhere_truncates_the_answer(
    monkeypatch: pytest.MonkeyPatch, release: str, name: str, type: str, truncated: bool
) -> None:
    monkeypatch.setattr(etcd, "Upstream", lambda *given: Truncated())
    assert ("tc" in serving(OUT, release).query(f"{name}.lab.test", type).flags) is truncated


def test_up_to_1_2_0_a_target_is_looked_for_in_the_store_whatever_its_zone() -> None:
    """Only what the store does not have is looked up elsewhere; the binaries of these releases were not asked."""
    values = {**OUT, "www.example.com": {"host": "10.0.0.9"}}
    assert texts(serving(values, "1.2.0"), "out.lab.test")[1:] == [
        "out.lab.test. CNAME www.example.com.",
        "www.example.com. A 10.0.0.9",
    ]
    assert texts(serving(values, "1.2.1"), "out.lab.test")[1:] == [
        "out.lab.test. CNAME www.example.com.",
        "www.example.com. A 192.0.2.80",
    ]


def test_up_to_1_1_3_records_come_once_as_a_whole() -> None:
    """Dedup of miekg/dns; later, addresses and targets come once."""
    values = {"a.x.lab.test": {"host": "10.0.0.1", "ttl": 9}, "b.x.lab.test": {"host": "10.0.0.1", "ttl": 7}}
    for release, ttl in (("1.1.3", 7), ("1.1.4", 9)):
        assert [(rr.data, rr.ttl) for rr in serving(values, release).query("x.lab.test").answer] == [
            (("10.0.0.1",), ttl)
        ]
    one, two = dns.RR("a.", 1, 1, 9, ("10.0.0.1",)), dns.RR("A.", 1, 1, 7, ("10.0.0.1",))
    assert whole_records_once([one, two, one._replace(type=2)]) == [one.with_ttl(7), one._replace(type=2)]


# -- answers that are kept --------------------------------------------------------------------------------------------


def kept(server: Server) -> set[tuple[str, int]]:
    plugin = server.process.instance.sites[0].handler("etcd")
    return set(plugin.kept)


def test_what_was_looked_up_is_never_kept() -> None:
    """Of any kind: through an alias, through one in the zone that leads outside, for targets of SRV, and where the
    look-up comes to the directory again, for an answer that may be kept."""
    values = {
        **OUT,
        "two.lab.test": {"host": "a.web.other.test"},
        "a.web.other.test": {"host": "10.0.0.2"},
        "to.lab.test": {"host": "chain.lab.test", "port": 1},
    }
    server = serving(values, zones="lab.test other.test")
    asked = [
        ("out", "A"),
        ("chain", "A"),
        ("out", "SRV"),
        ("to", "SRV"),
        ("two", "A"),
        ("in", "A"),
        ("a.web", "A"),
        ("a.web", "AAAA"),
    ]
    for name, type in asked:
        server.query(f"{name}.lab.test", type)
    assert kept(server) == {("in.lab.test.", 1), ("a.web.lab.test.", 1), ("a.web.other.test.", 1)}


def test_a_kept_answer_is_the_same_until_the_services_change() -> None:
    server = serving(OUT)
    first = server.query("a.web.lab.test").answer
    first.append(first[0])
    assert server.query("a.web.lab.test").answer == first[:1]
    server.world.stores["etcd"] = {key_of("a.web.lab.test"): {"host": "10.0.0.7"}}
    assert texts(server, "a.web.lab.test") == ["NOERROR", "a.web.lab.test. A 10.0.0.7"]


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(etcd.Etcd, "KEEPS", 2)
    server = serving({f"n{i}.lab.test": {"host": "10.0.0.1"} for i in range(5)})
    for i in range(5):
        server.query(f"n{i}.lab.test")
        assert len(kept(server)) <= 2


def test_of_records_without_an_order_one_is_chosen_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [record("", host=f"n{i}.example", type=dns.CNAME) for i in range(3)]
    monkeypatch.setattr(Finder, "reverse", lambda self, ask: Unordered(names, "which name"))
    chosen = iter((2, 0, 1))
    world = World(choose=lambda options, why: next(chosen))
    server = loads(". {\netcd in-addr.arpa\n}\n", world=world)
    found = [server.query("1.0.0.10.in-addr.arpa", "PTR").answer[0].data[0] for _ in range(3)]
    assert found == ["n2.example.", "n0.example.", "n1.example."]


# -- names that do not exist ------------------------------------------------------------------------------------------


def test_fallthrough_is_for_names_that_do_not_exist() -> None:
    world = World(stores={"etcd": {key_of("a.lab.test"): {"host": "10.0.0.1"}}})
    for release, names in (("1.14.7", ["lab.test.", "lab.test."]), ("1.7.0", ["lab.test.", "ns.dns.lab.test."])):
        server = loads(". {\netcd lab.test {\nfallthrough\n}\nwhoami\n}\n", release=release, world=world)
        assert server.query("b.lab.test").additional
        reply = server.query("a.lab.test", "AAAA")
        assert not reply.additional
        assert reply.trace is not None
        assert reply.trace.hops[0].why.endswith("no AAAA record; `fallthrough` is for names that do not exist")
        # The question that a look-up of name servers leaves behind goes on, too.
        assert [hop.name for hop in server.query("lab.test", "NS").trace.hops] == names


@pytest.mark.parametrize(("host", "sent"), [("10.0.0.1", True), ("a..example", False), (f"{'x' * 64}.example", False)])
def test_names_without_a_wire_form_are_not_sent(host: str, sent: bool) -> None:
    reply = serving({"a.lab.test": {"host": host, "port": 1}}).query("a.lab.test", "SRV")
    assert (reply.msg is not None) is sent
