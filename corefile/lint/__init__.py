"""What is wrong with a Corefile: what CoreDNS says, and what it would only show at work.

The latter is said by rules: one rule, one file, named as its code. Its `findings(server)` is handed a started server that
nobody else asks.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from ..api import not_started
from ..findings import CorefileError, Finding, Source

if TYPE_CHECKING:
    from ..releases import Release
    from ..world import World

RULES = ("forwards-to-itself", "missing-fallthrough")


def check(
    corefile: str | os.PathLike[str] | Source, *, release: str | Release = "1.14.7", world: World | None = None
) -> list[Finding]:
    """Everything that is wrong with a Corefile, given as for `load`: CoreDNS's own first error first, then what else
    would keep it from starting or end it, then warnings and notices. Empty where there is nothing to say.

    Raises OSError for a file that cannot be read.

    >>> [f.code for f in check(".:53 {\\n    prometeus :9153\\n}\\n")]
    ['unknown-directive']
    """
    server = not_started(corefile, release, world)
    try:
        server.start()  # some things come to light only then
    except CorefileError:
        return server.findings
    found = list(server.findings)
    for code in RULES:
        found += import_module(f"{__name__}.{code.replace('-', '_')}").findings(server)
    return found


__all__ = ["RULES", "check"]
