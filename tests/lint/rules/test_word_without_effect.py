"""word-without-effect: words in whose place CoreDNS knows one alone."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "word-without-effect"


@pytest.mark.parametrize(
    "text",
    [
        "a.test {\n dnssec {\n  key Ka.test\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "a.test {\n dnssec\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []


@pytest.mark.parametrize(
    ("words", "write"),
    [
        ("tcp:10.0.0.1:6000 full", "tcp://10.0.0.1:6000"),
        ("10.0.0.1:6000", "tcp://10.0.0.1:6000"),
        ("unix:/run/dnstap.sock full", "/run/dnstap.sock"),
        ("/run/dnstap.sock ful", "full"),
        ("unix:///run/dnstap.sock full", ""),
        ("tcp://10.0.0.1:6000", ""),
        ("/run/dnstap.sock full", ""),
        ("/run/dnstap.sock none 4 10", ""),
    ],
)
def test_what_dnstap_goes_on_without(words: str, write: str) -> None:
    found = [f for f in checks(f". {{\n dnstap {words}\n whoami\n}}\n") if f.code == NAME]
    assert [f.hint for f in found] == ([f"write `{write}`"] if write else [])
