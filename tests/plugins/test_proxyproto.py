"""proxyproto: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "x",
            "1.14.7",
            "plugin/proxyproto: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        ("{\n allow 10.0.0.0/8 x\n}", "1.14.3", "plugin/proxyproto: x: invalid CIDR address: x"),
        (
            "{\n default x\n}",
            "1.14.3",
            "plugin/proxyproto: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        (
            "{\n udp_session_tracking 5\n}",
            "1.14.7",
            'plugin/proxyproto: udp_session_tracking: invalid duration "5": time: missing unit in duration "5"',
        ),
        (
            "{\n udp_session_tracking 5s 0\n}",
            "1.14.7",
            'plugin/proxyproto: udp_session_tracking: invalid max sessions "0": must be a positive integer',
        ),
        ("{\n foo\n}", "1.14.7", "Corefile:4 - Error during parsing: unknown option 'foo'"),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"proxyproto {text}", release)[0] == said


@pytest.mark.parametrize(("text", "release"), [("{\n allow\n default USE\n}", "1.14.3")])
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"proxyproto {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n proxyproto {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")
