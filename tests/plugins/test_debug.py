"""debug: its block lets panics through."""

from __future__ import annotations

import pytest

from corefile.api import load
from corefile.chain.server import Panic
from corefile.diagnostics import CorefileError


def panicking(corefile: str) -> None:
    server = load(corefile)

    def serve(query: object) -> None:
        raise Panic("runtime error")

    for site in server.instance.sites:
        assert site.chain is not None
        site.chain.serves[0] = serve  # type: ignore[assignment]
        site.handler("whoami").serve = serve
    reply = server.query("a.")
    assert reply.rcode == "SERVFAIL"
    assert reply.log == ['[ERROR] Recovered from panic in server: "dns://:53" runtime error']


def test_a_panic_is_caught_without_it() -> None:
    panicking(".:53 {\nwhoami\n}\n")


def test_a_panic_passes_with_it() -> None:
    with pytest.raises(Panic):
        panicking(".:53 {\ndebug\nwhoami\n}\n")


def test_no_argument() -> None:
    with pytest.raises(CorefileError) as caught:
        load(".:53 {\ndebug on\nwhoami\n}\n")
    assert caught.value.findings[0].coredns == (
        "plugin/debug: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'on'"
    )
