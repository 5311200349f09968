"""Names that plugins resolve through the server itself, or elsewhere: what is asked in each release, and what of whom."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.chain.query import Answer, Context
from corefile.chain.transports import Via
from corefile.plugin import Edns, Msg, Query, Question, dns
from corefile.plugins._upstream import PATIENCE, TRY_FOR, Failed, Upstream


class Asked(Exception):
    """Stands for the exchange with the server itself."""


def upstream(release: str, addresses: tuple[str, ...] | None = None, **world: Any) -> tuple[Upstream, Context]:
    server = loads(". {\nwhoami\n}\n", release=release, world=World(**world))
    instance = server.process.instance
    setup = instance.sites[0].handlers[0].setup
    label = instance.listeners[0].label
    context = Context(
        setup.world, client="10.0.0.9", client_port=40212, server=label, server_ip="127.0.0.1", server_port=53
    )
    return Upstream(setup, addresses), context


def query(context: Context, edns: Edns | None = None, size: int = 512) -> Query:
    msg = Msg(Question("A.example.", 1, 1), id=77, rd=True, edns=edns)
    msg.cd = True
    return Query(msg, context, size)


def asked_itself(release: str, addresses: tuple[str, ...] | None, edns: Edns | None, size: int = 512) -> Msg:
    """The message that the server is asked with."""
    found, context = upstream(release, addresses)
    seen: list[Msg] = []
    found.instance.exchange = lambda msg, ctx, listener: seen.append(msg)  # type: ignore[method-assign, assignment, return-value]
    found.lookup(query(context, edns, size), "b.example.", dns.AAAA)
    return seen[0]


@pytest.mark.parametrize(
    ("release", "edns", "want"),
    [
        ("1.1.3", Edns(4096, True), Edns(4096, True)),
        ("1.1.4", Edns(4096, True), None),
        ("1.7.0", Edns(4096, True), None),
        ("1.7.1", None, Edns(512, False)),
        ("1.8.4", Edns(4096, True), Edns(1232, True)),
        ("1.8.5", None, None),
        ("1.14.7", Edns(4096, True), Edns(4096, True)),
    ],
)
def test_the_question_to_the_server_itself(release: str, edns: Edns | None, want: Edns | None) -> None:
    msg = asked_itself(release, (), edns, 1232 if edns else 512)
    assert (msg.question, msg.id, msg.edns) == (("b.example.", dns.AAAA, dns.IN), 77, want)
    assert msg.cd is (release in ("1.8.5", "1.14.7")), "only the client's own message has its flags"


@pytest.mark.parametrize(
    ("release", "addresses", "itself"),
    [
        ("1.0.5", None, False),
        ("1.0.5", (), False),
        ("1.0.6", (), True),
        ("1.0.6", None, False),
        ("1.3.1", ("192.0.2.1:53",), False),
        ("1.4.0", ("192.0.2.1:53",), True),
        ("1.4.0", None, True),
    ],
)
def test_who_is_asked(release: str, addresses: tuple[str, ...] | None, itself: bool) -> None:
    assert upstream(release, addresses)[0].itself is itself


def test_without_upstream_nothing_is_resolved() -> None:
    for release in ("1.0.5", "1.1.3", "1.1.4", "1.3.1"):
        found, context = upstream(release)
        if release == "1.0.5":
            with pytest.raises(Failed):
                found.lookup(query(context), "b.example.", 1)
        else:
            reply = found.lookup(query(context), "b.example.", 1)
            assert (reply is None) is (release != "1.1.3")
            assert reply is None or not reply.answer


def test_the_client_s_context_is_as_it_was_afterwards() -> None:
    found, context = upstream("1.14.7")
    context.site, context.view, context.metadata = "site", "view", {"a": str}

    def exchange(msg: Msg, ctx: Context, listener: object) -> Msg:
        assert (ctx.depth, ctx.entries) == (1, 1)
        ctx.site, ctx.view, ctx.metadata = "other", "", None
        raise Asked

    found.instance.exchange = exchange  # type: ignore[method-assign, assignment]
    with pytest.raises(Asked):
        found.lookup(query(context), "b.example.", 1)
    assert (context.site, context.view, context.metadata) == ("site", "view", {"a": str})
    assert (context.depth, context.entries) == (0, 0)


def test_it_does_not_ask_itself_without_end() -> None:
    found, context = upstream("1.14.7")
    context.depth = 40
    assert found.lookup(query(context), "b.example.", 1) is None


def test_names_are_asked_for_as_plugins_see_them() -> None:
    found, context = upstream("1.14.7")
    seen: list[Any] = []
    found.instance.exchange = lambda msg, ctx, listener: seen.append(msg.question)  # type: ignore[method-assign, assignment, return-value]
    found.lookup(query(context), r"a@\098.example.", 1)
    assert seen == [(r"a\@b.example.", 1, dns.IN)]


# -- up to 1.3.1: other servers -----------------------------------------------------------------------------------------


class Network:
    """Answers by address: a reply, or a fault; some take their time."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = {address.replace("_", "."): answer for address, answer in answers.items()}
        self.asked: list[str] = []

    def exchange(self, address: str, msg: Msg, ctx: Context) -> Answer:
        self.asked.append(address)
        return self.answers[address]


def elsewhere(**answers: Answer) -> tuple[Msg | None, Network, float]:
    """What comes back, who was asked, and the seconds that it took; the first of those that are left is chosen."""
    network = Network(**answers)
    found, context = upstream("1.2.2", tuple(network.answers), choose=lambda options, why: 0)
    found.instance.network = network  # type: ignore[assignment]
    try:
        reply = found.lookup(query(context), "b.example.", 1)
    except Failed:
        reply = None
    return reply, network, context.elapsed


def test_a_server_that_refuses_is_tried_three_times() -> None:
    good = Answer(Msg(id=1), 0.25)
    reply, network, took = elsewhere(a=Answer(None, fault="refused"), b=good)
    assert (reply, network.asked, took) == (good.reply, ["a", "a", "a", "b"], 0.25)


def test_silence_and_slowness_cost_patience() -> None:
    for answer in (Answer(None, fault="timeout"), Answer(Msg(id=1), PATIENCE + 1)):
        reply, network, took = elsewhere(a=answer)
        assert reply is None
        assert len(network.asked) == -(-TRY_FOR // PATIENCE)
        assert took == len(network.asked) * PATIENCE


def test_it_fails_where_all_have_failed() -> None:
    reply, network, took = elsewhere(a=Answer(None, fault="unreachable"), b=Answer(None, fault="refused"))
    assert (reply, network.asked, took) == (None, ["a"] * 3 + ["b"] * 3, 0.0)


@pytest.mark.parametrize(
    ("release", "rcode", "answers"),
    [("1.3.1", "SERVFAIL", 0), ("1.4.0", "NOERROR", 1), ("1.5.0", "NOERROR", 1), ("1.5.1", "NOERROR", 2)],
)
@pytest.mark.parametrize("transport", ["tls", "https", "grpc"])
def test_up_to_1_5_0_servers_of_other_transports_are_not_found(
    release: str, rcode: str, answers: int, transport: str
) -> None:
    """A server puts itself into the context of a query since then (core/dnsserver/server_tls.go and others)."""
    text = (
        f"{transport}://.:1853 {{\n file db example.org {{\n  upstream\n }}\n"
        ' template IN A other.test {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n}\n'
    )
    zone = "$ORIGIN example.org.\n@ 60 IN SOA ns host 1 2 3 4 5\nwww 60 IN CNAME a.other.test.\n"
    server = loads(text, release=release, world=World(files={"db": zone}))
    reply = server.query("www.example.org", to="127.0.0.1:1853", transport=Via(transport, tls=False))
    assert (reply.rcode, len(reply.answer)) == (rcode, answers)
