"""metadata: who is asked for it, when, and for which names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corefile.api import Server, loads
from corefile.chain.query import Context, Query
from corefile.dns.codes import IN, A
from corefile.dns.message import Msg, Question
from corefile.findings import CorefileError
from corefile.world import World


class Provider:
    """A handler that knows the name that is asked."""

    order, span = 99, None

    def __init__(self, name: str, label: str) -> None:
        self.name = name
        self.label = label

    def metadata(self, query: Query) -> dict[str, Callable[[], str]] | None:
        return None if query.name.startswith("none.") else {self.label: lambda: query.qname}


def serving(directive: str, release: str = "1.14.7") -> Server:
    return loads(f"example.org:53 {{\n{directive}\nwhoami\n}}\n", release=release)


def collected(server: Server, name: str) -> dict[str, str] | None:
    """The metadata of a query that went the server's way."""
    site = server.process.instance.sites[0]
    site.handlers += [Provider("p", "p/name"), Provider("q", "q/name"), Provider("p", "p/other")]  # type: ignore[list-item]
    site.handler("metadata").start()
    ctx = Context(
        server.world, client="127.0.0.1", client_port=40212, server="dns://:53", server_ip="127.0.0.1", server_port=53
    )
    server.process.instance.exchange(Msg(Question(name, A, IN)), ctx, server.process.instance.listeners[0])
    return None if ctx.metadata is None else {k: v() for k, v in ctx.metadata.items()}


@pytest.mark.parametrize("release", ["1.14.7", "1.9.3", "1.2.2"])
def test_values_of_all_providers(release: str) -> None:
    assert collected(serving("metadata", release), "WWW.example.org.") == {
        "p/name": "WWW.example.org.",
        "q/name": "WWW.example.org.",
    }


def test_a_provider_may_have_nothing_to_say() -> None:
    assert collected(serving("metadata"), "none.example.org.") == {}


def test_outside_its_zones_it_is_empty_but_there() -> None:
    assert collected(serving("metadata a.example.org b.example.org"), "c.example.org.") == {}
    assert collected(serving("metadata a.example.org b.example.org"), "x.b.example.org.") != {}


def test_without_the_plugin_there_is_none() -> None:
    server = serving("")
    ctx = Context(
        server.world, client="127.0.0.1", client_port=40212, server="dns://:53", server_ip="127.0.0.1", server_port=53
    )
    server.process.instance.exchange(Msg(Question("example.org.", A, IN)), ctx, server.process.instance.listeners[0])
    assert ctx.metadata is None


def test_the_trace_names_what_was_collected() -> None:
    assert "no plugin has anything to say" in str(serving("metadata").query("example.org").trace)


@pytest.mark.parametrize("release", ["1.14.7", "1.6.5"])
@pytest.mark.parametrize(
    ("directive", "line", "after"), [("metadata {\nall\n}", 3, "all"), ("metadata\nmetadata x.example", 3, "metadata")]
)
def test_rejected(directive: str, line: int, after: str, release: str) -> None:
    with pytest.raises(CorefileError) as caught:
        serving(directive, release)
    assert caught.value.findings[0].coredns == (
        f"plugin/metadata: Corefile:{line} - Error during parsing: "
        f"Wrong argument count or unexpected line ending after '{after}'"
    )


def test_an_empty_block_is_none() -> None:
    assert serving("metadata {\n}").query("example.org").rcode == "NOERROR"


def test_a_trace_says_what_was_collected() -> None:
    text = ". {{\nmetadata {0}\nkubernetes cluster.local\nwhoami\n}}\n"
    for zones, name, why in (
        ("", "a.cluster.local", "collected kubernetes/parse-error"),
        ("cluster.local", "a.example.org", "a.example.org. is in none of its zones"),
    ):
        server = loads(text.format(zones), world=World(cluster=[]))
        trace = server.query(name).trace
        assert trace is not None
        assert next(hop for hop in trace.hops if hop.plugin == "metadata").why == why
    trace = serving("metadata").query("a.example.org").trace
    assert trace is not None
    assert trace.hops[0].why == "no plugin has anything to say about this query"
