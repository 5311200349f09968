"""What is wrong with a Corefile: what CoreDNS says, and what it would only show at work.

The latter is said by rules: one rule, one file, named as its code. Its `findings(server)` is handed a started server
of its own.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from ..api import read, reads
from ..findings import MADE_UP, CorefileError, Finding, Source

if TYPE_CHECKING:
    from ..api import Server
    from ..releases import Release
    from ..world import World

RULES = ("forwards-to-itself", "missing-fallthrough", "in-the-clear")


def check(
    path: str | os.PathLike[str], *, release: str | Release = "1.14.7", world: World | None = None
) -> list[Finding]:
    """Everything that is wrong with the Corefile in a file: CoreDNS's own first error first, then what else would keep it
    from starting or end it, then warnings and notices. Empty where there is nothing to say.

    Raises OSError for a file that cannot be read, ValueError for one without a Corefile in it, and for text in place of a
    path.
    """
    return findings(read(path, release, world))


def checks(
    text: str | bytes | Source, *, release: str | Release = "1.14.7", world: World | None = None
) -> list[Finding]:
    """The same for a Corefile that is given as text.

    >>> [f.code for f in checks(".:53 {\\n    prometeus :9153\\n}\\n")]
    ['unknown-directive']
    """
    return findings(reads(text, release, world))


def findings(server: Server) -> list[Finding]:
    """The same for a server that is yet to be started."""
    try:
        server.start()  # some things come to light only then
    except CorefileError:
        return _as_given(server, server.findings)
    found = list(server.findings)
    for code in RULES:
        found += import_module(f"{__name__}.{code.replace('-', '_')}").findings(server)
    return _as_given(server, found)


ABOUT_FILES = ("missing-file", "missing-directory", "import-without-match")


def _once_per_file(found: list[Finding]) -> list[Finding]:
    """The findings, with those about one file that several directives name as one, at the first of them."""
    first: dict[tuple[str, str], int] = {}
    out: list[Finding] = []
    for finding in found:
        key = (finding.code, finding.message)
        if finding.code not in ABOUT_FILES or finding.span is None or key not in first:
            first.setdefault(key, len(out))
            out.append(finding)
            continue
        at = first[key]
        out[at] = out[at]._replace(related=(*out[at].related, (finding.span, "named here, too")))
    return out


def _as_given(server: Server, found: list[Finding]) -> list[Finding]:
    """The findings about what the user has. Additions to a Corefile that are checked alone stand in one that is made up,
    in which no mistake is theirs."""
    found = _once_per_file(found)
    if server.source.path != MADE_UP:
        return found
    said = Finding(
        "additions-alone",
        "These are additions to a Corefile that is not given: each `*.override` is checked in a server block `.:53` of its "
        "own, each `*.server` beside it",
        severity="notice",
        hint="check the ConfigMap with the Corefile together with this one",
    )
    return [*(f for f in found if f.span is not None and f.span.source.path != MADE_UP), said]


__all__ = ["RULES", "check", "checks", "findings"]
