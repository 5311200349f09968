"""What CoreDNS says to a Corefile that it refuses."""

from __future__ import annotations

from corefile import World
from corefile.api import build
from corefile.findings import Source
from corefile.releases import find


def refusals(corefile: str, release: str = "1.14.7") -> list[str]:
    """CoreDNS's words for what is wrong with a Corefile, its first first."""
    return [
        f.coredns for f in build(Source("Corefile", corefile), find(release), World(assume=False, cluster=[])).errors
    ]


def refusals_of(directive: str, release: str = "1.14.7") -> list[str]:
    """The same for a directive, which stands in line 3."""
    return refusals(f".:53 {{\n whoami\n {directive}\n}}\n", release)
