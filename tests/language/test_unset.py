"""Unset environment variables: what an empty word leads to is said of the variable, once."""

from __future__ import annotations

import pytest

import corefile
from corefile.api import build
from corefile.findings import Source
from corefile.releases import LATEST
from corefile.world import World

UNSET = "environment-unset"


def found(text: str, **env: str) -> list[tuple[str, str, str]]:
    """Severity, code, and what the finding is about."""
    world = World(env=env, files={"extra": "forward . {$IN_FILE}\n"})
    findings = build(Source("Corefile", text), LATEST, world).findings
    return [(f.severity, f.code, f.span.text if f.span else "") for f in findings]


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("forward . {$UP}", "{$UP}"),
        ("forward . tls://{$UP}", "{$UP}"),
        ("forward . {%UP%} {$UP}", "{%UP%}"),
        ("forward . 10.0.0.1 {\n policy {$P}\n}", "{$P}"),
        ("prometheus {$P}", "{$P}"),
        ("bind {$B}", "{$B}"),
        ("cache {\n success {$N}\n}", "{$N}"),
        ("import {$I}", "{$I}"),
        ("import extra", "{$IN_FILE}"),
        ("{$D} x", "{$D}"),
    ],
)
def test_an_error_is_said_of_the_variable(line: str, about: str) -> None:
    assert found(f".:53 {{\n{line}\n}}\n") == [("error", UNSET, about)]


@pytest.mark.parametrize("key", ["{$Z}.example", "a.b:{$Z}", "tls://{$Z}"])
def test_in_the_zone_of_a_server_block(key: str) -> None:
    assert found(f"{key} {{\nwhoami\n}}\n") == [("error", UNSET, "{$Z}")]


def test_once_per_variable_with_coredns_own_first_line() -> None:
    (finding,) = corefile.checks(".:53 {\nforward . {$UP}\n}\na.b {\nforward . {$UP}\n}\n")
    assert (finding.code, finding.coredns) == (UNSET, 'plugin/forward: invalid address: ""')
    assert finding.message == "`{$UP}` is empty: the variable is not set here"
    assert finding.hint == 'World(env={"UP": ...}) gives it; without a value CoreDNS would not start'


def test_for_check_it_is_a_notice_since_the_environment_of_coredns_is_not_known() -> None:
    for text in (".:53 {\nforward . {$UP}\n}\n", ".:53 {\nhosts {$UP}\n}\n", ".:53 {\nwhoami\nprometheus {$UP}\n}\n"):
        assert [(f.severity, f.code) for f in corefile.checks(text)] == [("notice", UNSET)]


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("cache {$N}", []),  # CoreDNS takes the empty word for a zone
        ("hosts {\n10.0.0.1 {$A}.a.b\n}", []),
        ("foo {$X}", [("error", "unknown-directive", "foo")]),
        ("loop {$L}", [("error", "argument-count", "{$L}")]),  # whatever its value is
    ],
)
def test_one_that_is_not_to_blame_is_a_notice(line: str, others: list[tuple[str, str, str]]) -> None:
    said = found(f".:53 {{\nwhoami\n{line}\n}}\n")
    assert [f for f in said if f[1] != UNSET] == others
    assert [f[:2] for f in said if f[1] == UNSET] == [("notice", UNSET)]


def test_a_warning_stays_one() -> None:
    assert found(".:53 {\nhosts {$F}\n}\n") == [("warning", UNSET, "{$F}")]


def test_nothing_is_said_of_what_is_set_or_not_read() -> None:
    assert found(".:53 {\nforward . {$UP}\n}\n", UP="10.0.0.1") == []
    assert found('.:53 {\nwhoami\n# {$UP}\nlog . "{$} {%%}"\n}\n') == []
    assert found(".:53 {\nhosts {\n10.0.0.1 {$HOSTNAME}\n}\n}\n") == []


def test_a_corefile_that_cannot_be_loaded_says_so_too() -> None:
    with pytest.raises(corefile.CorefileError, match=r"`\{\$UP\}` is empty: the variable is not set here"):
        corefile.loads(".:53 {\nforward . {$UP}\n}\n")
