"""chaos - answers questions about the server in class CH.

Description: answers TXT questions of class CH for `version.bind` and `version.server` (VERSION), `hostname.bind` and `id.server`
(the machine's host name), and `authors.bind` (AUTHORS, in any order). Everything else goes on. A server with this plugin takes
questions of any class.

Syntax: `chaos [VERSION] [AUTHORS...]`

VERSION is `CoreDNS-` and the release unless given. AUTHORS are those of the release unless given; up to 1.4.0 there
are none then.

Examples: `chaos "not telling"` hides the release from `dig CH TXT version.bind`.
"""

from __future__ import annotations

from ..dns.rdata.spelling import spelt
from ..plugin import (
    NEXT,
    Answerer,
    Declaration,
    Exact,
    Landmark,
    Opt,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    between,
    changed,
    dns,
    since,
)
from ..releases.authors import authors
from ._upstream import PANIC

LONGEST = 255
"""Octets of a text in a TXT record (RFC 1035 §3.3)."""

NAMES = ("version.bind.", "version.server.", "hostname.bind.", "id.server.", "authors.bind.")
TOLD = Reason("told", "{} is answered from what the server knows of itself")


class Chaos(Answerer):
    """Answers about the server."""

    class Config(Declaration):
        version: str | None = Opt(doc="what `version.bind` says")
        authors: tuple[str, ...] = Rest(doc="what `authors.bind` says")

    class Rules(ReleaseRules):
        owners = changed((), authors(), "the authors unless they are given")
        sorts = between("1.5.0", "1.5.1", "authors come in alphabetical order, in other releases in any")
        looks_behind = since(
            "1.5.0", "that no plugin is behind it is no panic where the name of such a question is another"
        )
        keeps_long_version = since("1.5.0", "a version that is given with authors is not cut to 255 octets")

    READS = Reads(block=since("1.14.4"), far=changed("line", {"1.14.4": "block"}))
    FLAGS = ("class CH", "type TXT")
    ANY_CLASS = True
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """The texts."""
        config = self.config
        version = config.version or f"CoreDNS-{self.setup.release}"
        hostname = self.setup.world.hostname
        texts = (version, version, hostname, hostname)
        self.texts = {name: _string(text.encode()[:LONGEST]) for name, text in zip(NAMES, texts, strict=False)}
        if config.authors and self.rules.keeps_long_version:
            self.texts.update(dict.fromkeys(NAMES[:2], _string(version.encode())))
        authors = sorted(set(config.authors)) if config.authors else list(self.rules.owners)
        self.authors = [_string(author.encode()[:LONGEST]) for author in authors]

    def answer(self, query: Query, zone: str) -> Outcome:
        """The text of a name."""
        if query.cls != dns.CH or query.type != dns.TXT:
            return NEXT
        if query.name not in NAMES:
            if self.is_last and not self.rules.looks_behind:
                raise Panic(PANIC)
            return NEXT
        texts = self._shuffled() if query.name == "authors.bind." else [self.texts[query.name]]
        reply = query.msg.reply()
        reply.answer = [dns.RR(query.qname, dns.TXT, dns.CH, 0, (text,)) for text in texts]
        return self.write(query, reply, TOLD(query.qname), scrubs=False)

    def _shuffled(self) -> list[bytes]:
        left = list(self.authors)
        if self.rules.sorts:
            return left
        out = []
        while left:
            out.append(self.setup.world.choose(left, "chaos: which author comes next"))
            left.remove(out[-1])
        return out

    def landmarks(self) -> list[Landmark]:
        """The names."""
        return list(map(Exact, NAMES))


def _string(octets: bytes) -> bytes:
    """What miekg/dns makes of a string that a plugin gives it: it takes it for one of a master file, with escapes."""
    return spelt(octets.decode("latin-1"))
