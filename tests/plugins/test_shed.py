"""shed: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals, refusals_of


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "a",
            "1.14.7",
            "plugin/shed: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'a'",
        ),
        ("{\n a\n}", "1.14.7", "plugin/shed: Corefile:4 - Error during parsing: shed takes no options"),
        ("\n shed", "1.14.7", "plugin/shed: this plugin can only be used once per Server Block"),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals_of(f"shed {text}", release)[0] == said


@pytest.mark.parametrize(("text", "release"), [("{\n}", "1.14.7")])
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals_of(f"shed {text}", release) == []
    reply = loads(f".:53 {{\n whoami\n shed {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")


def test_only_plain_dns() -> None:
    text = "tls://a:1053 . {\n shed\n whoami\n}\n"
    said = 'only plain DNS server blocks are supported; "tls://a.:1053" uses transport "tls"'
    assert f"plugin/shed: Corefile:2 - Error during parsing: {said}" in refusals(text)


def test_what_is_dropped_is_counted_for_each_socket_from_the_start() -> None:
    blocks = ".:53 {\n bind 127.0.0.1 127.0.0.2\n shed\n prometheus\n whoami\n}\na:54 {\n whoami\n}\n"
    server = loads(blocks)
    assert sorted(server.samples("coredns_shed_dropped_total")) == [
        f'coredns_shed_dropped_total{{reason="{reason}",server="dns://127.0.0.{n}:53"}} 0'
        for reason in ("query", "response")
        for n in (1, 2)
    ]
