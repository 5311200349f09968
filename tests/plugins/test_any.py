"""any: one HINFO record for ANY, and how much of the directive each release reads."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals


def test_any_gets_one_record_and_other_types_go_on() -> None:
    server = loads(".:53 {\n any\n hosts {\n  10.0.0.1 a.example\n }\n}\n")
    reply = server.query("A.example", "ANY")
    assert [str(rr) for rr in reply.answer] == ['A.example. 8482 IN HINFO "ANY obsoleted" "See RFC 8482"']
    assert (reply.rcode, reply.flags) == ("NOERROR", ("qr", "rd"))
    assert server.query("a.example").trace.hops[0].why == "the type is not ANY"


@pytest.mark.parametrize(
    ("release", "rest", "refused"),
    [
        (
            "1.14.7",
            "x",
            "plugin/any: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'x'",
        ),
        ("1.14.7", "{ }", "plugin/any: Corefile:2 - Error during parsing: Unexpected token '{', expecting argument"),
        ("1.14.3", "x", None),
        ("1.14.3", "{\n y\n }", None),
    ],
)
def test_words_behind_it(release: str, rest: str, refused: str | None) -> None:
    assert refusals(f".:53 {{\n any {rest}\n whoami\n}}\n", release) == ([refused] if refused else [])
