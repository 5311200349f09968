"""on: answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads


@pytest.mark.parametrize(
    ("line", "release"),
    [("on startup /bin/false", "1.14.7"), ("startup /bin/false", "1.1.0"), ("shutdown /bin/false &", "1.1.0")],
)
def test_it_answers_nothing(line: str, release: str) -> None:
    reply = loads(f".:53 {{\n {line}\n whoami\n}}\n", release=release).query("a.example")
    assert (reply.rcode, [hop.plugin for hop in reply.trace.hops]) == ("NOERROR", ["whoami"])
