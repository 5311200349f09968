"""The checksum by which CoreDNS knows that its Corefile has changed.

Source: plugin/reload (reload.go) of each release, and Go's encoding/json.
"""

from __future__ import annotations

from ..findings import Source
from ..golang.jsontext import dumps
from ..language.expand import expand
from ..releases import Release
from ..releases.rules import ReleaseRules, changed, since
from ..world import World


class ChecksumRules(ReleaseRules):
    """What is compared, and how."""

    of_words = since(
        "1.6.1", "of the words of the Corefile, with imported files and without comments; else of its text"
    )
    hash = changed("md5", {"1.9.1": "sha512"}, "the function")


class Unreadable(Exception):
    """The Corefile cannot be taken apart into words. The text is CoreDNS's error."""


class _EveryDirective(Release):
    """A release that knows every directive: the checksum is made before names are looked at."""

    __slots__ = ()

    def has(self, directive: str) -> bool:
        return True


def checksum(source: Source, release: Release, world: World) -> str:
    """The checksum of a Corefile in hexadecimal. Raises Unreadable."""
    import hashlib  # heavy, and most processes watch nothing

    rules = ChecksumRules.of(release)
    if not rules.of_words:
        return hashlib.md5(source.text.encode(), usedforsecurity=False).hexdigest()
    reading = _EveryDirective(release.version, release.date, release.order)
    program = expand(source, release=reading, environ=world.env, files=world.files, limits=world.limits)
    error = next((f for f in program.findings if f.severity == "error"), None)
    if error is not None:
        raise Unreadable(error.coredns)
    blocks = [
        {
            "Keys": [key.text for key in block.keys],
            "Tokens": {
                # The words of the Corefile itself carry no file name there.
                name: [
                    {"File": "" if t.span.source is source else t.file, "Line": t.line, "Text": t.text} for t in tokens
                ]
                for name, tokens in sorted(block.directives.items())
            },
        }
        for block in program.blocks
        if block.span.source.path != "<default>"
    ]
    return hashlib.new(rules.hash, dumps(blocks or None).encode(), usedforsecurity=False).hexdigest()


__all__ = ["ChecksumRules", "Unreadable", "checksum"]
