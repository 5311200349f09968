"""bufsize: which queries change their size, by release."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import loads
from corefile.dns.message import Edns

from .refusals import refusals


@pytest.mark.parametrize(
    ("release", "sent", "size"),
    [
        ("1.14.7", Edns(4096), 1000),
        ("1.14.7", Edns(600), 600),
        ("1.14.7", None, None),
        ("1.9.3", Edns(600), 1000),
        ("1.9.3", None, None),
        ("1.9.1", None, 1000),
    ],
)
def test_the_size_that_goes_on(release: str, sent: Edns | None, size: int | None) -> None:
    seen = []

    def upstream(query: object) -> object:
        seen.append(query.edns and query.edns.udp)  # type: ignore[attr-defined]
        return query.reply()  # type: ignore[attr-defined]

    upstream.speaks_msg = True  # type: ignore[attr-defined]
    text = ".:53 {\n bufsize 1000\n forward . 10.0.0.1\n}\n"
    server = loads(text, release=release, world=World(upstreams={"10.0.0.1": upstream}))
    server.query("a.example", edns=sent)
    assert seen == [size]


@pytest.mark.parametrize(("release", "size"), [("1.14.7", 1232), ("1.10.1", 512)])
def test_the_default(release: str, size: int) -> None:
    reply = loads(".:53 {\n bufsize\n whoami\n}\n", release=release).query("a.example", edns=Edns(4096))
    assert reply.trace.hops[0].why == f"the client's buffer of 4096 octets counts as one of {size}"
    assert reply.msg is not None
    assert reply.msg.edns is not None
    assert reply.msg.edns.udp == size


@pytest.mark.parametrize(("words", "last"), [("511", "511"), ("4097", "4097"), ("x", "x"), ("1232 10s", "10s")])
def test_sizes_that_are_refused(words: str, last: str) -> None:
    (said,) = refusals(f".:53 {{\n bufsize {words}\n whoami\n}}\n")
    lead = "plugin/bufsize: plugin/bufsize: Corefile:2 - Error during parsing: "
    assert said == f"{lead}Wrong argument count or unexpected line ending after '{last}'"
