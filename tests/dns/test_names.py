"""Names as keys."""

from __future__ import annotations

import pytest

from corefile.dns import escapes, names
from corefile.dns.errors import BadName, WireError


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("www.Example.org", "www.Example.org."),
        ("www.example.org.", "www.example.org."),
        (".", "."),
        ("a b", r"a\ b."),
        ("ns1.@.ex", r"ns1.\@.ex."),
        (r"a\.b", r"a\.b."),
        (r"\097\\", r"a\\."),
        ("é", r"\195\169."),
        ("x" * 63, "x" * 63 + "."),
        (".".join(["x" * 63] * 3 + ["x" * 61]), ".".join(["x" * 63] * 3 + ["x" * 61]) + "."),
    ],
)
def test_what_a_user_means_by_a_name(text: str, name: str) -> None:
    assert names.parse_name(text) == name
    assert names.parse_name(name) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty; `.` is the root"),
        ("a..b", "has an empty label"),
        ("a..", "has an empty label"),
        ("..", "begins with a dot"),
        (".a", "begins with a dot"),
        ("a\\", "ends in a backslash that escapes nothing"),
        (r"a\256", r"has the escape `\256`; 255 is the last octet"),
        ("a\ud800", "has half of a character"),
        ("x" * 64, "has a label of 64 octets; 63 are the most"),
        ("é" * 32, "has a label of 64 octets; 63 are the most"),
        (".".join(["x" * 63] * 3 + ["x" * 62]), "has 256 octets; 255 are the most"),
    ],
)
def test_what_is_no_name(text: str, reason: str) -> None:
    with pytest.raises(BadName) as caught:
        names.parse_name(text)
    assert str(caught.value) == f"the name `{text}` {reason}"
    assert isinstance(caught.value, ValueError)


def test_names_in_master_files_stand_below_the_origin() -> None:
    assert names.absolute_name("o'brien", "example.") == r"o\'brien.example."
    assert names.absolute_name("@", "") is None
    assert names.absolute_name("a", "") is None
    assert names.absolute_name("a.", "") == "a."
    assert names.absolute_name(r"a\.", "b.") == r"a\..b."


@pytest.mark.parametrize(
    ("name", "sendable"),
    [
        (".", True),
        ("a.", True),
        ("a", False),
        ("", False),
        ("a..", False),
        (".a.", False),
        ("..", False),
        ("..a.", False),
        (".a..b.", False),
        (r"lo\065calhost.", True),
        (r"lo\065calhost..", False),
        (r"a\.b.", True),
        (r"a\.", False),
        (r"\046" * 63 + ".", True),
        (r"\046" * 64 + ".", False),
        ("x" * 63 + ".", True),
        ("x" * 64 + ".", False),
        ("é" * 31 + ".", True),
        ("é" * 32 + ".", False),
        ("a\udcff.", True),
        ("\ud800b.", True),
        (("x" * 63 + ".") * 5, True),
    ],
)
def test_what_can_be_sent(name: str, sendable: bool) -> None:
    assert names.is_sendable(name) is sendable
    assert names.wire_length(name) > 0
    if name:
        try:
            escapes.pack_name(name)
        except WireError:
            assert not sendable
        else:
            assert sendable or name == ".a.", "which is the root, and more behind it"
