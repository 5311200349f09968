"""Files like /etc/resolv.conf, as the DNS library of CoreDNS reads them (ClientConfigFromReader of miekg/dns)."""

from __future__ import annotations

from ..language.words import decode
from ..plugin import fqdn


def search_list(content: bytes | None) -> tuple[str, ...]:
    """The search list, in lower case and with trailing dots: that of the last `search` or `domain` line.

    >>> search_list(b"domain a.example\\nsearch B.example c.\\nnameserver 192.0.2.1")
    ('b.example.', 'c.')
    """
    found: list[str] = []
    for line in decode(content).split("\n") if content else ():
        words = line.split()
        if words and words[0] in ("search", "domain"):
            found = words[1:] if words[0] == "search" else words[1:2]
    return tuple(fqdn(word).lower() for word in found)


__all__ = ["search_list"]
