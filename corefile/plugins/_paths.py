"""Relative paths, which are those below the directory that `root` names."""

from __future__ import annotations

from ..language.files import join
from ..plugin import Site


class Root:
    """The directory of the server block's relative paths; '' is that in which CoreDNS runs."""

    def __init__(self, path: str = "") -> None:
        self.path = path


def below_root(site: Site, path: str) -> str:
    """A path as the plugins of the block open it."""
    root = site.get(Root).path
    return join(root, path) if root and not path.startswith("/") else path


__all__ = ["Root", "below_root"]
