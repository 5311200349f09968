"""Plugins of one's own: each mistake that their author may make is said at once, by the method's name and what is needed.

The kind: what comes out of code that is not corefile's own is looked at where it comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from inspect import signature
from typing import Any

import pytest

import corefile
from corefile import Classes, loads
from corefile.plugin import (
    NEXT,
    RR,
    Answerer,
    Arg,
    Below,
    Client,
    Computed,
    Declaration,
    Exact,
    Filter,
    Flag,
    Gate,
    Int,
    Line,
    Next,
    Pattern,
    Reason,
    ReleaseRules,
    dns,
    failed,
    hint,
    since,
)
from corefile.plugins import find, register

NEAR = Reason("near", "{} is near {}")


def asked(shape: type, method: str, does: Callable[..., Any]) -> corefile.Reply:
    """The reply of a server whose only plugin but `whoami` is of this shape, and does this."""
    register("mistaken", type("Mistaken", (shape,), {"BEFORE": "whoami", method: does, "__module__": __name__}))
    return loads(".:53 {\n mistaken\n whoami\n}", plugins=["mistaken"]).query("a.example")


def reply(query: Any, *records: Any) -> Any:
    out = query.msg.reply()
    out.answer = list(records)
    return out


WRONG: list[tuple[Callable[..., Any], str]] = [
    (lambda self, query, zone: None, "returned None, which is no outcome: NEXT, self.write"),
    (lambda self, query, zone: True, "returned True, which is no outcome: NEXT, self.write"),
    (lambda self, query, zone: query, r"a changed query goes on as hint\(why, query=...\)"),
    (lambda self, query, zone: reply(query), r"a reply is written by self.write\(query, reply, why\)"),
    (lambda self, query, zone: Next(query="b.example."), r"passes on 'b.example.', where a Query is needed"),  # type: ignore[arg-type]
    (lambda self, query, zone: failed("REFUSED", None), "returned the rcode 'REFUSED', where a number is needed"),  # type: ignore[arg-type]
    (lambda self, query, zone: failed(5, OSError("x")), r"the error OSError\('x'\), where its text or None is needed"),  # type: ignore[arg-type]
    (
        lambda self, query, zone: failed(5, None, NEAR("a")),
        "text and arguments do not go together: .<Reason near>, 'a'",
    ),
    (lambda self, query, zone: hint(NEAR("a")), "text and arguments do not go together"),
    (lambda self, query, zone: self.write(query, "x"), "has written 'x', where a message is needed"),
    (
        lambda self, query, zone: self.write(query, reply(query, "a. 5 IN A 192.0.2.1")),
        "the record 'a. 5 IN A 192.0.2.1'",
    ),
    (lambda self, query, zone: self.write(query, reply(query, RR("a.", 1, 1, 5, "x"))), "where an RR is needed"),  # type: ignore[arg-type]
    (lambda self, query, zone: self.write(query, reply(query, RR("a.", 1, 1, 5, ("x",)))), "not an IPv4 address: 'x'"),
]


@pytest.mark.parametrize(("does", "message"), WRONG)
@pytest.mark.parametrize(("shape", "method"), [(Answerer, "answer"), (Gate, "admit")])
def test_what_is_no_outcome(shape: type, method: str, does: Callable[..., Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"Mistaken\.{method}.*{message}"):
        asked(shape, method, does)


@pytest.mark.parametrize("trace", [True, False])
def test_it_is_said_with_a_trace_and_without(trace: bool) -> None:
    register(
        "mistaken", type("Mistaken", (Answerer,), {"answer": lambda self, query, zone: None, "__module__": __name__})
    )
    with pytest.raises(TypeError, match="no outcome"):
        loads(".:53 {\n mistaken\n}", plugins=["mistaken"]).query("a.example", trace=trace)


def test_a_filter_returns_a_result() -> None:
    for returned in (None, NEXT):
        with pytest.raises(TypeError, match=r"which is no outcome: `result` or result.replying\(reply, why\)"):
            asked(Filter, "back", lambda self, query, result, returned=returned: returned)
    assert asked(Filter, "back", lambda self, query, result: result).rcode == "NOERROR"


def test_a_name_that_has_no_wire_form_is_no_mistake_of_the_author() -> None:
    """CoreDNS sends nothing then, and so does a plugin that is simulated here."""
    record = RR(f"{'a' * 64}.", dns.A, dns.IN, 5, ("192.0.2.1",))
    assert (
        asked(Answerer, "answer", lambda self, query, zone: self.write(query, reply(query, record))).received is False
    )


def test_methods_keep_their_signature_and_servers_can_be_copied() -> None:
    class Fine(Answerer):
        def answer(self, query: Any, zone: str) -> Any:
            """Nothing."""
            return NEXT

    assert [*signature(Fine.answer).parameters] == ["self", "query", "zone"]
    assert Fine.answer.__doc__ == "Nothing."
    register("fine", Fine)
    server = loads(".:53 {\n fine\n whoami\n}", plugins=["fine"])
    assert deepcopy(server).query("a.example") == server.query("a.example")


def test_a_method_takes_the_arguments_of_its_shape() -> None:
    for shape, method, wanted in ((Answerer, "answer", "zone"), (Gate, "admit", "zone"), (Filter, "back", "result")):
        cls = type("Short", (shape,), {method: lambda self, query: NEXT, "__module__": __name__})
        with pytest.raises(
            TypeError, match=rf"Short has `{method}\(self, query\)` for `{method}\(self, query, {wanted}\)`"
        ):
            register("short", cls)


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("a.example.", "'a.example.', which is no landmark"),
        (Exact("a.Example."), "in lower case, with its last dot"),
        (Below("a.example"), "in lower case, with its last dot"),
        (Pattern("a", "x"), "in lower case, with its last dot"),
        (Computed("A.", len, ()), "in lower case, with its last dot"),
        (Exact(3), "where a name is needed"),  # type: ignore[arg-type]
        (Client("10.0.0.1"), "where a network is needed, such as 10.0.0.7/32"),
        (Client(None), "where a network is needed"),  # type: ignore[arg-type]
    ],
)
def test_landmarks_that_would_be_passed_over(mark: Any, message: str) -> None:
    class Marked(Answerer):
        FLAGS = ()

        def landmarks(self) -> Any:
            yield Flag("do")
            yield mark

        def answer(self, query: Any, zone: str) -> Any:
            return NEXT

    register("marked", Marked)
    with pytest.raises((TypeError, ValueError), match=f"Marked.landmarks has .*{message}"):
        Classes(loads(".:53 {\n marked\n whoami\n}", plugins=["marked"]))


@pytest.mark.parametrize("given", [None, "a.example."])
def test_landmarks_are_several(given: Any) -> None:
    class Marked(Answerer):
        def landmarks(self) -> Any:
            return given

        def answer(self, query: Any, zone: str) -> Any:
            return NEXT

    register("marked", Marked)
    with pytest.raises(TypeError, match="where several landmarks are needed"):
        Classes(loads(".:53 {\n marked\n whoami\n}", plugins=["marked"]))


def test_a_declaration_is_made_of_types() -> None:
    for field in (Line, Arg):
        for given, said in ((int, "not <class 'int'>"), (Int, r"write `Int\(\)`"), (5, "not 5")):
            with pytest.raises(TypeError, match=rf"such as Int\(\) or Word\(\), .*{said}"):
                field(given)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Config of Wrong derives from Declaration"):
        type("Wrong", (Answerer,), {"Config": object, "__module__": __name__})
    with pytest.raises(TypeError, match=r"READS of Wrong is a Reads\(...\), not 'once'"):
        type("Wrong", (Answerer,), {"READS": "once", "__module__": __name__})


def test_a_rule_names_a_version() -> None:
    class Rules(ReleaseRules):
        new = since("1.9", "something")

    with pytest.raises(ValueError, match=r"`1.9` is no version of CoreDNS such as 1.11.3"):
        Rules.of(corefile.releases.LATEST)


def test_one_class_is_the_plugin_of_two_directives() -> None:
    class Shared(Answerer):
        class Config(Declaration):
            pass

        def answer(self, query: Any, zone: str) -> Any:
            return failed(dns.REFUSED, None) if self.name == "second" else NEXT

    register("first", Shared)
    register("second", Shared)
    hops = loads(".:53 {\n first\n second\n}", plugins=["first", "second"]).query("a.example").trace.hops  # type: ignore[union-attr]
    assert [hop.plugin for hop in hops] == ["first", "second"]
    register("first", Shared)
    assert find("second") is not find("first")


def test_register_takes_the_name_first() -> None:
    with pytest.raises(TypeError, match="takes a directive's name, and then its class"):
        register(Answerer, "mine")  # type: ignore[arg-type]
