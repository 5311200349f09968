"""dnstap: what is refused in which words, and that answers are the same."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import build, loads
from corefile.findings import Source
from corefile.releases import find


def refusals(text: str, release: str = "1.14.7") -> list[str]:
    """CoreDNS's words for what is wrong, its first first."""
    text = f".:53 {{\n whoami\n dnstap {text}\n}}\n"
    return [f.coredns for f in build(Source("Corefile", text), find(release), World()).errors]


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "",
            "1.14.7",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'dnstap'",
        ),
        (
            "tcp://127.0.0.1:x full",
            "1.14.7",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'full'",
        ),
        (
            "tcp://127.0.0.1:x full",
            "1.9.3",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'tcp://127.0.0.1:x'",
        ),
        (
            "tcp://nofile",
            "1.8.0",
            "plugin/dnstap: Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'tcp://nofile'",
        ),
        (
            "a full x",
            "1.14.7",
            'plugin/dnstap: Corefile:3 - Error during parsing: dnstap: invalid MultipleTcpWriteBuf "x": strconv.Atoi: parsing "x": invalid syntax',
        ),
        (
            "a full 1 4097",
            "1.13.0",
            "plugin/dnstap: Corefile:3 - Error during parsing: dnstap: MultipleQueue must be between 1 and 4096 (x10k messages): 4097",
        ),
        (
            "listen",
            "1.14.4",
            "plugin/dnstap: Corefile:3 - Error during parsing: dnstap listen requires an endpoint argument",
        ),
        ("a {\n foo\n}", "1.14.4", "plugin/dnstap: Corefile:4 - Error during parsing: unknown property 'foo'"),
        (
            "a {\n identity\n}",
            "1.9.4",
            "plugin/dnstap: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'identity'",
        ),
        (
            "a {\n tls\n}",
            "1.14.7",
            "plugin/dnstap: Corefile:4 - Error during parsing: tls directive only valid for listeners",
        ),
        (
            "listen a {\n tls b\n}",
            "1.14.7",
            "plugin/dnstap: Corefile:4 - Error during parsing: tls requires cert and key file paths",
        ),
    ],
)
def test_refused(text: str, release: str, said: str) -> None:
    assert refusals(text, release)[0] == said


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("a", "1.0.0"),
        ("a full x", "1.12.1"),
        ("tcp://a/b", "1.14.7"),
        ("tcp://nofile", "1.9.3"),
        ("a {\n foo\n}", "1.14.3"),
    ],
)
def test_answers_are_the_same(text: str, release: str) -> None:
    assert refusals(text, release) == []
    reply = loads(f".:53 {{\n whoami\n dnstap {text}\n}}\n", release=release).query("a.example")
    assert (reply.rcode, reply.trace.hops[-1].plugin) == ("NOERROR", "whoami")
