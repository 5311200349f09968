"""Behaviours: what of a reply counts, and what two replies may have otherwise."""

from __future__ import annotations

import pytest

from corefile import Classes, Question, Reply, Server, loads
from corefile.classes.behaviour import Asked, RecordKind, differs

from .examples import Example

TEMPLATE = '.:53 {{\n template IN A . {{\n  answer "{}"\n }}\n}}\n'


def difference(server: Server, one: Question, other: Question) -> str:
    classes = Classes(server)
    pairs: list[tuple[Reply, Asked]] = [
        (classes.reply(q), Asked(classes.message(q), q.client or "192.0.2.1")) for q in (one, other)
    ]
    return differs(*pairs[0], *pairs[1])


@pytest.mark.parametrize(
    ("answer", "alike"),
    [
        ("{{ .Name }} 60 IN A 10.0.0.1", True),
        ("{{ .Name }} 60 IN A 10.0.0.{{ len .Name }}", False),
        ("{{ .Name }} 60 IN CNAME x.{{ .Name }}", True),
    ],
)
def test_data_that_is_made_of_the_question_is_alike(answer: str, alike: bool) -> None:
    how = difference(loads(TEMPLATE.format(answer)), Question("a.b.test."), Question("others.test."))
    assert (how == "") is alike


@pytest.mark.parametrize("name", ["--84-c5", "081c-f3bd-a-10e2-34--", "10-0-0-7"])
def test_an_address_that_a_label_spells_is_made_of_the_question_in_whatever_form(name: str) -> None:
    server = loads(
        ".:53 {\n kubernetes cluster.local {\n  pods insecure\n }\n}\n", world=Example("kubernetes").server().world
    )
    of = "bank.pod.cluster.local."
    assert difference(server, Question(f"{name}.{of}", type="ANY"), Question(f"1-2-3-4.{of}", type="ANY")) == ""
    kind = "A" if name[0] == "1" else "AAAA"
    assert difference(server, Question(f"{name}.{of}", type=kind), Question(f"{name}.{of}", type=kind)) == ""
    other = "1-2-3-4" if kind == "A" else "3-f5--9ca-0-a"
    assert difference(server, Question(f"{name}.{of}", type=kind), Question(f"{other}.{of}", type=kind)) == ""


def test_other_addresses_are_told() -> None:
    server = Example("hosts {\n 192.0.2.1 a.test\n 192.0.2.2 b.test\n}").server()
    assert difference(server, Question("a.test."), Question("a.test.")) == ""
    assert "is not among" in difference(server, Question("a.test."), Question("b.test."))


def test_echoes_do_not_count() -> None:
    classes = Classes(Example("whoami").server())
    plain = classes.ask(Question("a."))
    assert classes.ask(Question("a.", flags="none")) == classes.ask(Question("a.", do=True)) == plain
    assert plain.records == (RecordKind("additional", "*", "SRV", 0), RecordKind("additional", "=", "A", 0))


def test_flags_that_are_changed_do() -> None:
    classes = Classes(Example("header {\n response set rd\n}\nwhoami").server())
    assert classes.ask(Question("a.", flags="none")).flags == ("aa", "+rd")
    assert classes.ask(Question("a.")).flags == ("aa",)


def test_inner_questions_are_a_part_of_the_route() -> None:
    behaviour = Classes(Example("file db.z z.test").server()).of("al.z.test").behaviour
    (step,) = behaviour.route.steps
    assert (step.plugin, step.outcome, behaviour.route.last) == ("file", "handled", step)
