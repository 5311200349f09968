"""certificate-of-another: `tls_servername` is a name of one operator, and a server of the same `forward` is another one's.

Why: The name is that of all servers of the `forward`. Those whose certificates are for another name fail, and so does each question
that is sent there, or it is asked again elsewhere, later.

It knows the public resolvers of Cloudflare, Google, Quad9 and AdGuard.

Fix: Since CoreDNS 1.13.2 each server may have its own name: `tls://8.8.8.8%dns.google`. Before, a `forward` takes servers of one
operator.

Bad:
    . {
        forward . tls://1.1.1.1 tls://8.8.8.8 {
            tls_servername cloudflare-dns.com
        }
    }

Good:
    . {
        forward . tls://1.1.1.1%cloudflare-dns.com tls://8.8.8.8%dns.google
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...light import NamedTuple, regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ...releases import Release
    from ..subject import Subject


class Operator(NamedTuple):
    """One of public resolvers. name: to write. names: of its certificates, and those below them. addresses: the beginnings of
    those of its servers."""

    name: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]


OPERATORS = (
    Operator("cloudflare-dns.com", ("cloudflare-dns.com", "one.one.one.one"), ("1.1.1.", "1.0.0.", "2606:4700:4700:")),
    Operator("dns.google", ("dns.google", "dns.google.com", "8888.google"), ("8.8.8.8", "8.8.4.4", "2001:4860:4860:")),
    Operator("dns.quad9.net", ("quad9.net",), ("9.9.9.", "149.112.112.", "2620:fe:")),
    Operator("dns.adguard-dns.com", ("adguard-dns.com", "dns.adguard.com"), ("94.140.14.", "94.140.15.", "2a10:50c0:")),
)
TO = regex(r"tls://\[?([0-9a-fA-F.:]+?)\]?(?::\d+)?(?<!:)", 0)
"""A server that is asked over TLS, without a name of its own."""
OWN_NAMES = "1.13.2"


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `forward` with such servers, at the first."""
    for use in subject.uses("forward"):
        line = use.first("tls_servername")
        given = line.arguments[0].text.lower().rstrip(".") if line is not None and line.arguments else ""
        theirs = next((one for one in OPERATORS if _is_of(one, given)), None)
        if line is None or theirs is None:
            continue
        others = []
        for word in use.words[1:]:
            address = TO.fullmatch(word.text.lower())
            operator = address and next((one for one in OPERATORS if address[1].startswith(one.addresses)), None)
            if operator and operator is not theirs:
                others.append((word, operator))
        if others:
            word, operator = others[0]
            yield Mistake(
                f"the certificate of `{word.text}` is not for `{given}`: questions that are sent there fail",
                word.span,
                related=(
                    (line.words[0].span, "is for all servers"),
                    *((other.span, "nor that of this one") for other, _ in others[1:]),
                ),
                hint=_hint(subject.release, word.text, operator),
            )


def _is_of(operator: Operator, name: str) -> bool:
    return any(name == own or name.endswith(f".{own}") for own in operator.names)


def _hint(release: Release, server: str, operator: Operator) -> str:
    scheme, sign, address = server.partition("://")
    host, colon, port = address.partition(":")
    if release >= OWN_NAMES and "." in host:
        written = f"{scheme}{sign}{host}%{operator.name}{colon}{port}"
        return f"write a name behind each server, in the place of `tls_servername`: `{written}`"
    return "name servers of one operator: `tls_servername` is for all of them"
