"""autopath: when a path is walked, what comes of it, and where the path comes from. Expectations are CoreDNS's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from corefile import plugins
from corefile.api import Server, loads
from corefile.dns.codes import CNAME, NOERROR, NXDOMAIN, SERVFAIL
from corefile.dns.message import Msg
from corefile.dns.rdata import rr_from_text
from corefile.findings import CorefileError
from corefile.plugin import Answerer, Below, Outcome, Query, Result
from corefile.world import World

KNOWN = {
    "www.example.com.": "www.example.com. 300 IN A 192.0.2.80",
    "z.two.example.": "z.two.example. 60 IN CNAME www.example.com.",
    "here.": "here. 60 IN A 192.0.2.82",
    "intra.corp.example.": "intra.corp.example. 30 IN A 192.0.2.90",
}


def upstream(msg: Msg) -> Msg:
    """Names of `KNOWN`; it follows no alias."""
    reply = msg.reply()
    assert msg.question is not None
    found = KNOWN.get(msg.question.name.lower())
    if found is None:
        reply.rcode = 3
        reply.ns = [rr_from_text(f"{msg.question.name} 5 IN SOA ns. root. 1 2 3 4 5")]
    else:
        rr = rr_from_text(found)
        reply.answer = [rr] if rr.type in (msg.question.type, CNAME) else []
    return reply


upstream.speaks_msg = True  # type: ignore[attr-defined]

FILES = {
    "r.conf": "nameserver 192.0.2.1\nsearch One.Example two.example.\n",
    "domain.conf": "search a.example b.example\ndomain one.example\n",
    "none.conf": "nameserver 192.0.2.1\n",
    "root.conf": "search .\n",
}
CLUSTER = """
{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.120.0.1, ports: [{port: 80}]}}
---
{kind: Pod, metadata: {name: cart, namespace: shop}, status: {phase: Running, podIP: 10.80.9.1}}
"""


def serving(directives: str, release: str = "1.14.7", last: str = "forward . 127.0.0.53", **world: Any) -> Server:
    surroundings = World(files={**FILES, **world.pop("files", {})}, upstreams={"127.0.0.53": upstream}, **world)
    return loads(f".:53 {{\nerrors\n{directives}\n{last}\n}}\n", release=release, world=surroundings)


def answer(server: Server, name: str, type: str = "A", **query: Any) -> list[str]:
    reply = server.query(name, type, **query)
    assert reply.msg is not None
    assert reply.msg.question is not None
    return [reply.rcode, *(str(rr) for rr in reply.answer)]


def test_an_alias_leads_to_what_was_found() -> None:
    server = serving("autopath r.conf")
    assert answer(server, "Z.one.example") == [
        "NOERROR",
        "Z.one.example. 60 IN CNAME z.two.example.",
        "z.two.example. 60 IN CNAME www.example.com.",
    ]
    assert answer(server, "www.example.com.one.example") == [
        "NOERROR",
        "www.example.com.one.example. 300 IN CNAME www.example.com.",
        "www.example.com. 300 IN A 192.0.2.80",
    ]
    msg = server.query("here.one.example").msg
    assert msg is not None
    assert msg.question == ("here.one.example.", 1, 1)


def test_an_empty_answer_ends_the_walk_too() -> None:
    assert answer(serving("autopath r.conf"), "here.one.example", "TXT") == ["NOERROR"]


def test_where_nothing_exists_the_first_answer_is_given() -> None:
    reply = serving("autopath r.conf").query("nope.one.example")
    assert reply.rcode == "NXDOMAIN"
    assert [(rr.name, rr.type) for rr in reply.authority] == [("nope.one.example.", "SOA")]


def test_only_names_below_the_first_element_start_a_walk() -> None:
    server = serving("autopath r.conf")
    assert answer(server, "here.two.example") == ["NXDOMAIN"]
    assert answer(server, "www.example.com") == ["NOERROR", "www.example.com. 300 IN A 192.0.2.80"]


def test_the_first_element_itself_is_an_error() -> None:
    reply = serving("autopath r.conf").query("one.example")
    error = "trimzone: overshot qname: one.example.for zone one.example."
    assert (reply.rcode, reply.log) == ("SERVFAIL", [f"[ERROR] plugin/errors: 2 one.example. A: {error}"])


def test_only_in_its_zones() -> None:
    assert answer(serving("autopath x.example r.conf"), "here.one.example") == ["NXDOMAIN"]
    assert answer(serving("autopath x.example one.example r.conf"), "here.one.example")[0] == "NOERROR"


@pytest.mark.parametrize(("file", "rcode"), [("domain.conf", "NOERROR"), ("none.conf", "NXDOMAIN")])
def test_search_lists(file: str, rcode: str) -> None:
    assert answer(serving(f"autopath {file}"), "here.one.example")[0] == rcode


def test_of_two_lines_the_last_zones_count_and_a_plugin_comes_before_a_file() -> None:
    lines = "autopath one.example r.conf\nautopath example.org @erratic"
    server = serving(f"{lines}\nerratic {{\ndrop 0\ndelay 0\n}}", last="")
    assert answer(server, "x.one.example")[:1] == ["NOERROR"]
    assert server.process.instance.metrics.samples(["coredns_autopath_success_total"]) == []
    assert answer(server, "x.a.example.org") == ["NOERROR", "x.a.example.org. 0 IN A 192.0.2.53"]
    assert server.process.instance.metrics.samples(["coredns_autopath_success_total"]) == [
        'coredns_autopath_success_total{server="dns://:53"} 1'
    ]


@pytest.mark.parametrize(
    ("release", "sample"),
    [
        ("1.6.9", 'coredns_autopath_success_count_total{server="dns://:53"} 1'),
        ("1.1.2", "coredns_autopath_success_count_total 1"),
    ],
)
def test_the_counter_of_earlier_releases(release: str, sample: str) -> None:
    server = serving("autopath r.conf", release)
    answer(server, "here.one.example")
    assert server.process.instance.metrics.samples(["coredns_autopath_success_count_total"]) == [sample]


def test_an_error_ends_the_walk() -> None:
    reply = serving("autopath r.conf", last="").query("x.one.example")
    assert (reply.rcode, reply.log) == (
        "SERVFAIL",
        ["[ERROR] plugin/errors: 2 x.one.example. A: plugin/autopath: no next plugin found"],
    )


def test_an_answer_that_does_not_come_is_a_panic() -> None:
    server = serving("autopath @erratic\nerratic {\ndrop 1\n}", last="")
    assert server.query("x.a.example.org").rcode == "SERVFAIL"
    assert server.process.instance.metrics.samples(["coredns_panics_total"]) == ["coredns_panics_total 1"]


def test_pods_walk_the_path_of_their_namespace() -> None:
    server = serving(
        "autopath @kubernetes\nkubernetes cluster.local {\npods verified\n}",
        cluster=CLUSTER,
        files={"/etc/resolv.conf": "search corp.example\n"},
    )
    pod = {"client": "10.80.9.1"}
    assert answer(server, "web.shop.shop.svc.cluster.local", **pod) == [
        "NOERROR",
        "web.shop.shop.svc.cluster.local. 5 IN CNAME web.shop.svc.cluster.local.",
        "web.shop.svc.cluster.local. 5 IN A 10.120.0.1",
    ]
    assert answer(server, "intra.shop.svc.cluster.local", **pod)[-1] == "intra.corp.example. 30 IN A 192.0.2.90"
    assert answer(server, "www.example.com.shop.svc.cluster.local", client="10.80.9.2") == ["NXDOMAIN"]


@pytest.mark.parametrize(
    ("directive", "release", "error"),
    [
        ("autopath", "1.14.7", "no resolv-conf specified"),
        ("autopath @kubernetes {\nttl 5\n}", "1.14.7", "no resolv-conf specified"),
        ("autopath a.example x.conf", "1.2.2", 'failed to parse "x.conf": open x.conf: no such file or directory'),
        ('autopath ""', "1.14.7", 'failed to parse "": open : no such file or directory'),
        ("autopath @forward", "1.14.7", "forward does not implement the AutoPather interface"),
        ("autopath @forward", "1.2.2", "forward does not implement the AutoPather interface"),
    ],
)
def test_rejected(directive: str, release: str, error: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(directive, release, assume=False)
    assert caught.value.findings[0].coredns == f"plugin/autopath: {error}"


@pytest.mark.parametrize(("plugin", "release"), [("@hosts", "1.14.7"), ("@", "1.14.7"), ("@forward", "1.0.1")])
def test_a_plugin_that_is_not_there_does_nothing(plugin: str, release: str) -> None:
    server = serving(f"autopath {plugin}", release, last=f"{'proxy' if release == '1.0.1' else 'forward'} . 127.0.0.53")
    assert answer(server, "here.one.example") == ["NXDOMAIN"]


# -- what becomes of results on the way back ---------------------------------------------------------------------------


class Behind(Answerer):
    """Answers for autopath what a test has left."""

    name = "whoami"
    results: ClassVar[dict[str, Callable[[Query], Result]]] = {}

    def answer(self, query: Query, zone: str) -> Outcome:
        return self.results[query.name](query)


def reply_of(query: Query, rcode: int = NOERROR, address: str = "192.0.2.1") -> Msg:
    reply = query.msg.reply(rcode)
    if not rcode:
        reply.answer = [rr_from_text(f"{query.qname} 60 IN A {address}")]
    return reply


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setitem(plugins._found, "whoami", Behind)
    yield serving("autopath r.conf", last="whoami")
    Behind.results = {}


def test_of_several_messages_the_last_one_counts(behind: Server) -> None:
    """A plugin that writes several, as releases up to 1.7 do for a transfer, writes them into one place."""

    def result(query: Query) -> Result:
        return Result(reply_of(query, address="192.0.2.1"), later=(reply_of(query, address="192.0.2.2"),))

    Behind.results = {"x.one.example.": result}
    assert answer(behind, "x.one.example") == ["NOERROR", "x.one.example. 60 IN A 192.0.2.2"]


def test_an_error_ends_the_walk_and_is_handed_on(behind: Server) -> None:
    Behind.results = {
        "x.one.example.": lambda query: Result(reply_of(query, NXDOMAIN)),
        "x.two.example.": lambda query: Result(reply_of(query), SERVFAIL, "it broke"),
    }
    reply = behind.query("x.one.example")
    assert (reply.rcode, reply.log) == ("SERVFAIL", ["[ERROR] plugin/errors: 2 x.one.example. A: it broke"])


def test_the_answer_is_written_by_autopath() -> None:
    server = serving("prometheus\nautopath r.conf", "1.9.3")
    server.query("here.one.example")
    assert any('plugin="autopath"' in line for line in server.samples())


# -- what traces say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("r.conf", "x.example. is not below one.example., the first element of the search path"),
        ("none.conf", "no search path is known for 127.0.0.1: the file has no `search` line"),
        ("@kubernetes", "no search path is known for 127.0.0.1: there is no plugin `kubernetes` in this server block"),
    ],
)
def test_a_trace_says_why_no_path_is_walked(source: str, why: str) -> None:
    trace = serving(f"autopath {source}").query("x.example").trace
    assert trace is not None
    assert next(hop for hop in trace.hops if hop.plugin == "autopath").why == why


def test_landmarks_are_the_first_element_of_a_file_s_path() -> None:
    handler = serving("autopath r.conf").process.instance.sites[0].handler("autopath")
    assert handler.landmarks() == [Below("one.example.", "first of a path")]
    assert serving("autopath none.conf").process.instance.sites[0].handler("autopath").landmarks() == []
