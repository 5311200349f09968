"""Classes: what is found by the tree alone, what is asked, and what a class says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import Classes, Question, World, loads
from corefile.dns.message import Edns

from .examples import EXAMPLES, Example

HOSTS = ".:53 {\n hosts {\n  192.0.2.1 a.example.org\n  192.0.2.2 b.example.org\n  fallthrough\n }\n whoami\n}\n"


def classes(text: str, **world: Any) -> Classes:
    return Classes(loads(text, world=World(**world)))


def test_names_that_nothing_tells_apart_are_one_class() -> None:
    found = classes(HOSTS)
    assert found.of("x.example.org") is found.of("y.z") is found.of("X.Y.Z", "MX")
    assert found.of("a.example.org") is not found.of("x.example.org")
    assert found.of("A.Example.org.") is found.of("a.example.org")
    assert found.of("a.example.org", "MX") is not found.of("a.example.org")


def test_a_class_says_what_the_server_does() -> None:
    found = classes(HOSTS).of("b.example.org")
    assert found.behaviour.rcode == "NOERROR"
    assert found.behaviour.flags == ("aa",)
    assert [(step.plugin, step.line, step.outcome, step.reason) for step in found.behaviour.route.steps] == [
        ("hosts", 2, "handled", "found")
    ]
    assert [kind.type for kind in found.behaviour.records] == ["A"]
    assert repr(found) == "<Class NOERROR A by hosts:2 (found): 1 name, such as b.example.org. A>"


def test_all_classes_of_a_server() -> None:
    found = {str(c.behaviour): c for c in classes(HOSTS)}
    assert list(found) == [
        "NOERROR by whoami:7 (tells-client)",
        "NOERROR A by hosts:2 (found)",
        "NOERROR by hosts:2 (no-entry-of-this-type)",
        "NOERROR PTR by hosts:2 (found)",
        "REFUSED by other-class",
    ]
    assert found["NOERROR A by hosts:2 (found)"].names == 3  # with localhost, of /etc/hosts
    assert not found["NOERROR A by hosts:2 (found)"].open
    assert found["NOERROR by whoami:7 (tells-client)"].open


def test_each_class_has_a_witness_that_is_answered_so() -> None:
    for name in ("hosts", "file", "acl", "rewrite", "cache"):
        found = Classes(EXAMPLES[name][0].server())
        assert len(found) > 4
        for one in found:
            assert found.ask(one.witness) == one.behaviour
            assert found.of(one.witness) is one


def test_a_question_is_found_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    found = classes(HOSTS)
    monkeypatch.setattr(Classes, "reply", None)
    assert found.cell(Question("a.example.org.")) is found.cell(Question("A.EXAMPLE.ORG"))


def test_the_server_is_left_alone() -> None:
    server = loads(
        ".:53 {\n cache\n forward . 10.0.0.53\n log\n}\n", world=World(upstreams={"10.0.0.53": "a. 5 IN A 10.0.0.1"})
    )
    assert len(Classes(server)) > 3
    assert not server.take_log()
    assert server.query("a.").trace.hops[1].reason == "miss"


def test_state_is_kept_out() -> None:
    for example in (
        Example("cache\nforward . 10.0.0.53"),
        Example("erratic"),
        Example("forward . 10.0.0.53 10.0.0.54 10.0.0.55 {\n policy round_robin\n max_fails 1\n}", {}),
        Example("proxy . 10.0.0.53 10.0.0.54", {}, release="1.4.0"),
    ):
        found = Classes(example.server())
        question = Question("www.z.test.")
        first = found.reply(question)
        for _ in range(5):
            assert found.reply(question) == first
            assert found.ask(question) == found.of(question).behaviour


def test_an_upstream_that_is_known_is_seen_through() -> None:
    text = ".:53 {\n forward . 10.0.0.53\n}\n"
    records = classes(text, upstreams={"10.0.0.53": "www.example.org. 60 IN A 192.0.2.1"})
    assert records.of("www.example.org").behaviour.rcode == "NOERROR"
    assert records.of("ww.example.org").behaviour.rcode == "NXDOMAIN"
    corefile = {"corefile": ".:53 {\n hosts {\n  192.0.2.1 www.example.org\n }\n}\n"}
    another = classes(text, upstreams={"10.0.0.53": corefile})
    assert another.of("www.example.org").behaviour.rcode == "NOERROR"
    assert another.of("ww.example.org").behaviour.rcode == "SERVFAIL"


def test_a_question_is_a_value() -> None:
    question = Question("www.example.org.", "AAAA", do=True, client="10.0.0.9")
    assert repr(question) == "<Question www.example.org. AAAA do=True client='10.0.0.9'>"
    assert question == Question("www.example.org.", "AAAA", do=True, client="10.0.0.9")
    server = loads(HOSTS)
    assert question.ask(server) == server.query("www.example.org", "AAAA", do=True, client="10.0.0.9")


def test_clients_and_flags_that_count() -> None:
    found = Classes(EXAMPLES["acl"][0].server())
    rcodes = {
        client: found.of("www.z.test", client=client).behaviour.rcode for client in ("10.0.0.1", "10.1.0.1", "8.8.8.8")
    }
    assert rcodes == {"10.0.0.1": "REFUSED", "10.1.0.1": "REFUSED", "8.8.8.8": "NOERROR"}
    sized = Classes(EXAMPLES["bufsize"][0].server())
    assert {question.edns and question.edns.udp for question in sized.manners()} >= {None, 900, 901}
    assert sized.of("www.z.test", edns=Edns(900)) is not sized.of("www.z.test", edns=Edns(901))


WRONG: list[tuple[Any, dict[str, Any], str]] = [
    (3, {}, "a domain name is a str, and a question a `Question`; this is 3"),
    ("a", {"client": "me"}, "`client` is an IP address, such as 10.0.0.9"),
    ("a", {"client": 3}, "`client` is an IP address, such as 10.0.0.9"),
    ("a", {"type": "FOO"}, "FOO"),
    ("a", {"flags": "foo"}, "`flags` has words of"),
]


@pytest.mark.parametrize(("name", "more", "message"), WRONG)
def test_arguments_that_mean_nothing_are_refused_as_by_query(name: Any, more: dict[str, Any], message: str) -> None:
    classes = Classes(loads(".:53 {\n whoami\n}"))
    with pytest.raises((TypeError, ValueError), match=message):
        classes.of(name, **more)


def test_arguments_are_those_of_query() -> None:
    classes = Classes(loads(".:53 {\n hosts {\n  10.0.0.1 a.example\n }\n whoami\n}"))
    assert classes.of("a.example", 28) is classes.of("a.example", "AAAA")
    assert classes.of("a.example", cls=1, flags=["rd"]) is classes.of("a.example")
    assert classes.of("a.example", flags=[]) is classes.of("a.example", flags="none")
    assert repr(Question("a.example.", 28)) == "<Question a.example. 28>"  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="classes are those of a `Server`"):
        Classes("Corefile")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a cell is that of a `Question`"):
        classes.cell("a.example")  # type: ignore[arg-type]
