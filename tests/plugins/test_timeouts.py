"""timeouts: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

import corefile
from corefile.api import loads

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "5s",
            "1.14.7",
            "plugin/timeouts: plugin/timeouts: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '5s'",
        ),
        (
            "",
            "1.10.1",
            "plugin/timeouts: plugin/timeouts: Corefile:3 - Error during parsing: timeouts block with no timeouts specified",
        ),
        (
            "{\n}",
            "1.12.1",
            "plugin/timeouts: plugin/timeouts: Corefile:4 - Error during parsing: timeouts block with no timeouts specified",
        ),
        (
            "{\n foo\n}",
            "1.14.7",
            "plugin/timeouts: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'foo'",
        ),
        ("{\n foo x\n}", "1.14.7", "plugin/timeouts: Corefile:4 - Error during parsing: failed to parse duration 'x'"),
        ("{\n foo 5s\n}", "1.14.7", "plugin/timeouts: Corefile:4 - Error during parsing: unknown option: 'foo'"),
        (
            "{\n read 25h\n}",
            "1.14.7",
            "plugin/timeouts: Corefile:4 - Error during parsing: timeout provided '25h0m0s' needs to be between 1 second and 24 hours",
        ),
        (
            "{\n maxtcpqueries 0\n}",
            "1.14.7",
            "plugin/timeouts: Corefile:4 - Error during parsing: maxtcpqueries provided '0' needs to be -1 (unlimited) or a positive integer",
        ),
        (
            "{\n maxtcpqueries 5\n}",
            "1.14.6",
            "plugin/timeouts: Corefile:4 - Error during parsing: unknown option: 'maxtcpqueries'",
        ),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"timeouts {text}", release)[0] == said


def test_what_a_line_lacks_is_said_of_that_line() -> None:
    """The kind: lines that begin with no property's name, whose first word is one of their arguments."""
    found = corefile.checks(".:53 {\n timeouts {\n  read\n }\n}\n")
    assert [(f.message, f.hint) for f in found if f.code == "argument-count"] == [
        ("`read` takes 1 argument, not 0", "write `read DURATION`")
    ]


@pytest.mark.parametrize(("text", "release"), [("{\n read 5\n}", "1.10.1"), ("{\n maxtcpqueries -1\n}", "1.14.7")])
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"timeouts {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n timeouts {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")
