"""Relative paths of a server block."""

from __future__ import annotations

import pytest

from corefile.chain.site import Site
from corefile.findings import Source, Span
from corefile.plugins._paths import Root, below_root


@pytest.mark.parametrize(
    ("root", "path", "opened"),
    [
        ("", "db", "db"),
        ("", "/zones/db", "/zones/db"),
        ("/zones", "db", "/zones/db"),
        ("/zones", "../db", "/db"),
        ("/zones", "/etc/db", "/etc/db"),
        ("zones", "db", "zones/db"),
    ],
)
def test_relative_paths_are_those_below_root(root: str, path: str, opened: str) -> None:
    site = Site(0, (), Span(Source("Corefile", "x"), 0, 1))
    assert below_root(site, path) == path
    site.slots.put(Root(root))
    assert below_root(site, path) == opened
