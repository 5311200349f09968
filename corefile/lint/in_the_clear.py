"""in-the-clear: a server that is named for TLS or HTTPS has no certificate, and speaks without encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Finding

if TYPE_CHECKING:
    from ..api import Server

SPEAKS = {"tls": "plain DNS over TCP", "https": "HTTP"}


def findings(server: Server) -> list[Finding]:
    """One for each such key."""
    return [
        Finding(
            "in-the-clear",
            f"without `tls`, `{span.text.rstrip(',')}` is {SPEAKS[key.transport]} in the clear, at port {key.port}",
            span,
            severity="warning",
            hint="add `tls CERT KEY` to the server block",
        )
        for site in server.process.instance.sites
        if not site.has_tls
        for key, span in zip(site.keys, site.key_spans, strict=True)
        if key.transport in SPEAKS
    ]
