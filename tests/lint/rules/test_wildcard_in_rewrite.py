"""wildcard-in-rewrite: rules about names that nobody asks for."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.lint import checks

NAME = "wildcard-in-rewrite"


def found(rule: str) -> list[tuple[str, str]]:
    findings = checks(f".:53 {{\nrewrite {rule}\nforward . 192.0.2.53\n}}\n")
    return [(f.span.text, f.hint) for f in findings if f.code == NAME and f.span is not None]


@pytest.mark.parametrize("flow", ["", "stop ", "continue "])
@pytest.mark.parametrize(
    ("rule", "write"),
    [
        ("name *.corp.example web.example", "name regex (.*)\\.corp\\.example web.example answer auto"),
        ("name exact *.corp.example web.example", "name regex (.*)\\.corp\\.example web.example answer auto"),
        ("name suffix *.corp.example .b.example answer auto", "name suffix .corp.example .b.example answer auto"),
        ("name suffix *.corp.example .b.example", "name suffix .corp.example .b.example answer auto"),
    ],
)
def test_it_fires(flow: str, rule: str, write: str) -> None:
    """What it says to write is taken, and fits the names that were meant."""
    ((marked, hint),) = found(flow + rule)
    assert (marked, hint) == ("*.corp.example", f"write `{write}`")
    world = World(upstreams={"192.0.2.53": "web.example. 60 A 192.0.2.1\na.b.example. 60 A 192.0.2.1"})
    reply = loads(f".:53 {{\nrewrite {write}\nforward . 192.0.2.53\n}}\n", world=world).query("a.corp.example")
    assert [(rr.name, rr.rdata) for rr in reply.answer] == [("a.corp.example.", "192.0.2.1")]
    assert "rewrite" in str(reply.trace)


@pytest.mark.parametrize("rule", ["name prefix *. x. answer auto", "name substring * x answer auto", "name *.*.a b"])
def test_no_rule_is_made_up(rule: str) -> None:
    """Where what is meant is not clear, a pattern of everything would change all names."""
    ((_, hint),) = found(rule)
    assert hint.startswith("write `name regex` with a pattern, such as `(.*)\\.corp\\.example`")


def test_a_snippet_is_told_once() -> None:
    text = "(s) {\nrewrite name *.a b\n}\n.:53 {\nimport s\nwhoami\n}\n.:54 {\nimport s\nwhoami\n}\n"
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "rule",
    [
        "name regex .*\\.corp\\.example web.example answer auto",
        "name suffix .corp.example .example answer auto",
        "name web.example *.corp.example",
        "type ANY HINFO",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(rule: str) -> None:
    assert found(rule) == []
