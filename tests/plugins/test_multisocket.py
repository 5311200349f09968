"""multisocket: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("0", "1.14.7", "plugin/multisocket: num sockets can not be zero or negative: 0"),
        ("x", "1.12.1", 'plugin/multisocket: invalid num sockets: strconv.Atoi: parsing "x": invalid syntax'),
        ("1025", "1.13.2", "plugin/multisocket: num sockets exceeds maximum (1024): 1025"),
        (
            "x\n multisocket 3",
            "1.14.7",
            "plugin/multisocket: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'multisocket'",
        ),
        (
            "1 2",
            "1.14.7",
            "plugin/multisocket: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '2'",
        ),
        (
            "{\n a\n}",
            "1.14.7",
            "plugin/multisocket: Corefile:3 - Error during parsing: Unexpected token '{', expecting argument",
        ),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"multisocket {text}", release)[0] == said


@pytest.mark.parametrize(("text", "release"), [("", "1.12.1"), ("1025", "1.12.1")])
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"multisocket {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n multisocket {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")
