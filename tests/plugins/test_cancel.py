"""cancel: its one argument."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals


def test_it_passes_on() -> None:
    reply = loads(".:53 {\n cancel 1s\n whoami\n}\n").query("a.example")
    assert (reply.rcode, reply.trace.hops[0].plugin) == ("NOERROR", "cancel")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("x", 'plugin/cancel: invalid duration: "x"'),
        ("0s", 'plugin/cancel: invalid negative duration: "0s"'),
        ("-1s", 'plugin/cancel: invalid negative duration: "-1s"'),
        (
            "1s 2s",
            "plugin/cancel: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '2s'",
        ),
    ],
)
def test_refused(word: str, said: str) -> None:
    assert refusals(f".:53 {{\n cancel {word}\n whoami\n}}\n") == [said]
