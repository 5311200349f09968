"""wildcard-in-rewrite: rules about names that nobody asks for."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "wildcard-in-rewrite"


def found(rule: str) -> list[tuple[str, str]]:
    findings = checks(f".:53 {{\nrewrite {rule}\nforward . 192.0.2.53\n}}\n")
    return [(f.span.text, f.hint) for f in findings if f.code == NAME and f.span is not None]


@pytest.mark.parametrize("kind", ["", "exact ", "suffix ", "prefix "])
@pytest.mark.parametrize("flow", ["", "stop ", "continue "])
def test_it_fires(kind: str, flow: str) -> None:
    assert found(f"{flow}name {kind}*.corp.example web.example") == [
        ("*.corp.example", "write `name regex (.*)\\.corp\\.example web.example`")
    ]


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
