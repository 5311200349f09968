"""debug: its block lets panics through."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain.handlers import Chain
from corefile.chain.query import Panic
from corefile.chain.reply import Reply
from corefile.findings import CorefileError


def panicking(corefile: str) -> Reply:
    server = loads(corefile)

    def serve(query: object) -> None:
        raise Panic("runtime error")

    for site in server.process.instance.sites:
        assert site.chain is not None
        site.handler("whoami").serve = serve
        site.chain = Chain(site.chain.handlers)
    return server.query("a.")


def test_a_panic_is_caught_without_it() -> None:
    reply = panicking(".:53 {\nwhoami\n}\n")
    assert reply.rcode == "SERVFAIL"
    assert reply.log == ['[ERROR] Recovered from panic in server: "dns://:53" runtime error']


def test_a_panic_passes_with_it() -> None:
    # The process ends: the client waits in vain.
    assert not panicking(".:53 {\ndebug\nwhoami\n}\n").received


def test_no_argument() -> None:
    with pytest.raises(CorefileError) as caught:
        loads(".:53 {\ndebug on\nwhoami\n}\n")
    assert caught.value.findings[0].coredns == (
        "plugin/debug: Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'on'"
    )
