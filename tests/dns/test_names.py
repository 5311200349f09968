"""Names as keys."""

from __future__ import annotations

import pytest

from corefile.dns import names


@pytest.mark.parametrize(
    ("name", "full"),
    [("a", "a."), ("a.", "a."), ("", "."), ("a\\.", "a\\.."), ("a\\\\.", "a\\\\."), (".", ".")],
)
def test_fqdn(name: str, full: str) -> None:
    assert names.fqdn(name) == full


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (".", []),
        ("", []),
        ("org.", ["org"]),
        ("a.example.org.", ["a", "example", "org"]),
        ("a\\.b.org.", ["a\\.b", "org"]),
        ("a\\046b.org.", ["a\\046b", "org"]),
        ("a\\\\.org.", ["a\\\\", "org"]),
    ],
)
def test_labels(name: str, labels: list[str]) -> None:
    assert names.labels(name) == labels
    assert names.count_labels(name) == len(labels)
    if name:
        walked = [] if name == "." else list(names.suffixes(name))
        assert len(walked) == len(labels)
        assert all(names.is_subdomain(suffix, name) for suffix in walked)


def test_parents() -> None:
    assert names.parent("a.b.") == "b."
    assert names.parent("b.") == "."
    assert names.parent("a\\.b.c.") == "c."


@pytest.mark.parametrize(
    ("zone", "name", "inside"),
    [
        (".", "a.", True),
        ("org.", "example.org.", True),
        ("org.", "org.", True),
        ("org.", "xorg.", False),
        ("b.org.", "a\\.b.org.", False),
        ("b.org.", "a\\\\.b.org.", True),
        ("example.org.", "org.", False),
    ],
)
def test_is_subdomain(zone: str, name: str, inside: bool) -> None:
    assert names.is_subdomain(zone, name) is inside


def test_longest_match() -> None:
    zones = ("org.", "example.org.", "a.example.org.", ".")
    assert names.longest_match(zones, "b.a.example.org.") == "a.example.org."
    assert names.longest_match(zones, "xa.example.org.") == "example.org."
    assert names.longest_match(zones, "test.") == "."
    assert names.longest_match(("org.",), "test.") is None


@pytest.mark.parametrize(("name", "size"), [(".", 1), ("a.", 3), ("a\\.b.org.", 9), ("a\\046b.org.", 9)])
def test_wire_length(name: str, size: int) -> None:
    assert names.wire_length(name) == size
