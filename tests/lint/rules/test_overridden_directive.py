"""overridden-directive: what stands twice in a server block, of which the last one counts."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.lint import checks

NAME = "overridden-directive"


def found(text: str, release: str = "1.14.7") -> list[tuple[int, str]]:
    files = {"cert.pem": None, "shared": "root /a\n"}
    findings = checks(text, release=release, world=World(cluster=[], files=files))
    return [(f.span.line, f.span.text) for f in findings if f.code == NAME and f.span is not None]


@pytest.mark.parametrize(
    ("first", "second", "marked"),
    [
        ("root /a", "root /b", "root"),
        ("cancel 1s", "cancel 2s", "cancel"),
        ("local {\nlocalhost_prefix on\n}", "local {\nlocalhost_prefix off\n}", "local"),
        ("k8s_external a.example", "k8s_external b.example", "a.example"),
        ("k8s_external a.example b.example", "k8s_external b.example", "a.example"),
        ("autopath a.example @kubernetes", "autopath b.example @kubernetes", "a.example"),
        ("health :8080", "health :8081", ":8080"),
        ("import root", "import other", ""),
    ],
)
def test_it_fires(first: str, second: str, marked: str) -> None:
    snippets = "(root) {\nroot /a\n}\n(other) {\nroot /b\n}\n"
    text = f"{snippets}.:53 {{\nkubernetes cluster.local\n{first}\n{second}\nwhoami\n}}\n"
    assert found(text) == ([(9, marked)] if marked else [(2, "root")])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("root /a", "root /a"),
        ("import root", "root /b"),  # what is imported is replaced
        ("import shared", "root /b"),
        ("health :8080", "health :8080"),
        ("health :8080", "health {\nlameduck 5s\n}"),
        ("log a.example", "log b.example"),
        ("bind 127.0.0.1", "bind ::1"),
        ("rewrite name a b", "rewrite name c d"),
        ("timeouts {\nread 3s\n}", "timeouts {\nwrite 3s\n}"),
        ("k8s_external a.example", "k8s_external A.example b.example"),
        ("chaos v1 a", "chaos v2 b"),  # CoreDNS does not read it: that is told
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(first: str, second: str) -> None:
    text = f"(root) {{\nroot /a\n}}\n.:53 {{\nkubernetes cluster.local\n{first}\n{second}\nwhoami\n}}\n"
    assert found(text) == []


def test_it_knows_old_releases() -> None:
    """Where other directives could stand several times, too."""
    text = "a.example b.example {\nautopath a.example @kubernetes\nautopath b.example @kubernetes\nwhoami\n}\n"
    assert found(text, "1.0.6") == [(2, "a.example")]


@pytest.mark.parametrize(
    ("lines", "marked"),
    [
        ("file db.1\nfile db.2", [2]),
        ("file db.1 b.a.example\nfile db.2 B.A.example.", [2]),
        ("file db.1 a.example b.a.example\nfile db.2 a.example\nfile db.3 b.a.example", [2]),
        ("secondary {\ntransfer from 10.0.0.1\n}\nsecondary {\ntransfer from 10.0.0.2\n}", [2]),
        ("file db.1 a.example b.a.example\nfile db.2 a.example", []),  # it keeps one of its zones
        ("file db.1 a.example\nfile db.2 b.a.example", []),
        ("import one\nfile db.2", []),  # what is imported is replaced
    ],
)
def test_a_zone_of_two_files_is_that_of_the_last(lines: str, marked: list[int]) -> None:
    text = f"a.example {{\n{lines}\n}}\n(one) {{\nfile db.1\n}}\n"
    assert [line for line, _ in found(text)] == marked
