"""header: flags of queries and replies, the one stanza that is read, and what is refused."""

from __future__ import annotations

import pytest

from corefile import checks
from corefile.api import Server, loads

from .refusals import refusals


def serving(block: str, release: str = "1.14.7") -> Server:
    return loads(f".:53 {{\n header {{\n  {block}\n }}\n whoami\n}}\n", release=release)


@pytest.mark.parametrize(
    ("block", "release", "flags"),
    [
        ("response set ra", "1.14.7", ("qr", "aa", "rd", "ra")),
        ("Response Clear AA rd", "1.14.7", ("qr",)),
        ("query clear rd", "1.14.7", ("qr", "aa")),
        ("response set ra\n  response clear ra", "1.14.7", ("qr", "aa", "rd")),
        ("set ra", "1.9.3", ("qr", "aa", "rd", "ra")),
        ("set ra", "1.12.3", ("qr", "aa", "rd", "ra")),
    ],
)
def test_flags(block: str, release: str, flags: tuple[str, ...]) -> None:
    assert serving(block, release).query("a.example").flags == flags


def test_the_first_stanza_with_rules_is_the_only_one() -> None:
    text = ".:53 {\n header {\n }\n header {\n  response set ra\n }\n header {\n  nonsense\n }\n whoami\n}\n"
    assert loads(text).query("a.example").flags == ("qr", "aa", "rd", "ra")


@pytest.mark.parametrize(
    ("line", "release", "said"),
    [
        ("set ra", "1.14.7", "setting up rule: invalid selector=set should be query or response"),
        ("response", "1.14.7", "setting up rule: no flag action provided"),
        ("response set", "1.14.7", "setting up rule: invalid length for flags, at least one should be provided"),
        ("response put ra", "1.14.7", "setting up rule: unknown flag action=put, should be set or clear"),
        ("response set ad", "1.14.7", "setting up rule: unknown/unsupported flag=ad"),
        ("set ad", "1.9.3", "seting up rule: unknown/unsupported flag=ad"),
        ("response { set ra", "1.14.7", "setting up rule: unknown flag action={, should be set or clear"),
        ("response {", "1.14.7", "setting up rule: invalid length for flags, at least one should be provided"),
        ('query "" clear rd', "1.14.7", "setting up rule: no flag action provided"),
        ("query query ra", "1.14.7", "setting up rule: unknown flag action=query, should be set or clear"),
    ],
)
def test_refused(line: str, release: str, said: str) -> None:
    text = f".:53 {{\n header {{\n  {line}\n }}\n whoami\n}}\n"
    assert refusals(text, release)[0] == f"plugin/header: {said}"


def test_words_behind_it_are_read_as_further_stanzas() -> None:
    """Its setup takes no arguments and does not look whether there are any."""
    text = '.:53 {\n header "" {\n  response set ra\n }\n whoami\n}\n'
    assert loads(text).query("a.example").flags == ("qr", "aa", "rd", "ra")
    for text, line, last in (
        (" header x\n", 2, "x"),
        (" header\n", 2, "header"),
        (" header {\n }\n header {\n }\n", 5, "}"),
    ):
        said = f"Corefile:{line} - Error during parsing: Wrong argument count or unexpected line ending after '{last}'"
        assert refusals(f".:53 {{\n{text} whoami\n}}\n", "1.14.7")[0] == f"plugin/header: {said}"


def test_words_on_its_own_line_are_ignored_with_a_warning() -> None:
    found = checks(". {\n header response set ra {\n  response clear aa\n }\n header x {\n  nonsense\n }\n whoami\n}\n")
    assert [(f.code, f.message) for f in found] == [
        ("not-read", "`header` ignores `response`"),
        ("not-read", "CoreDNS reads no second `header` of a server block"),
    ]
