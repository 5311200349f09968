"""in-the-clear: a server that is named for DNS over TLS or HTTPS has no certificate.

Why: CoreDNS starts it all the same, and speaks plain DNS over TCP, or HTTP, at its port, so that clients that encrypt get
nothing. That is of use only behind something that takes TLS off; `https://` at port 80 or 8080 is taken for that.

Fix: Add `tls CERT KEY` to the server block.

Bad:
    tls://example.org {
        whoami
    }

Good:
    tls://example.org {
        tls cert.pem key.pem
        whoami
    }

World:
    files: a certificate
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

OF_HTTP = frozenset(("80", "8000", "8008", "8080"))
"""Ports of HTTP without TLS."""
SPEAKS = {"tls": "plain DNS over TCP", "https": "HTTP"}


def look(subject: Subject) -> list[Mistake]:
    """One for each such key."""
    return [
        Mistake(
            f"without `tls`, `{span.text.rstrip(',')}` is {SPEAKS[key.transport]} in the clear, at port {key.port}",
            span,
            hint="add `tls CERT KEY` to the server block"
            + (", unless what is before CoreDNS takes TLS off" if key.transport == "https" else ""),
        )
        for site in subject.process.instance.sites
        if not site.has_tls
        for key, span in zip(site.keys, site.key_spans, strict=True)
        if key.transport in SPEAKS and not (key.transport == "https" and key.port in OF_HTTP)
    ]
