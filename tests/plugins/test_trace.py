"""trace: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "a b c",
            "1.14.7",
            "plugin/trace: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'c'",
        ),
        ("Jaeger x", "1.9.3", "plugin/trace: tracing endpoint type 'jaeger' is not supported"),
        ("datadog x", "1.0.6", "plugin/trace: tracing endpoint type 'datadog' is not supported"),
        ("{\n every x\n}", "1.6.5", 'plugin/trace: strconv.ParseUint: parsing "x": invalid syntax'),
        ("{\n client_server x\n}", "1.6.5", 'plugin/trace: strconv.ParseBool: parsing "x": invalid syntax'),
        (
            "{\n datadog_analytics_rate 1.5\n}",
            "1.8.0",
            "plugin/trace: datadog analytics rate must be between 0 and 1, '1.500000' is not supported",
        ),
        ("{\n zipkin_max_batch_interval 5\n}", "1.10.1", 'plugin/trace: time: missing unit in duration "5"'),
        ("{\n foo every x\n}", "1.14.3", 'plugin/trace: strconv.ParseUint: parsing "x": invalid syntax'),
        ("{\n foo every x\n}", "1.14.4", "plugin/trace: Corefile:4 - Error during parsing: unknown property 'foo'"),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"trace {text}", release)[0] == said


@pytest.mark.parametrize(
    ("text", "release"), [("", "1.14.7"), ("{\n foo bar\n}", "1.14.3"), ("DATADOG x {\n client_server\n}", "1.6.5")]
)
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"trace {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n trace {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")


def test_every_so_many_queries_are_traced_and_have_a_number() -> None:
    text = '.:53 {\n metadata\n log . "{/trace/traceid}"\n trace {\n  every 2\n }\n whoami\n}\n'
    server = loads(text)
    assert [server.query("a.example").log for _ in range(3)] == [
        ["[INFO] -"],
        ["[INFO] 0000000000000002"],
        ["[INFO] -"],
    ]
