"""Relative paths, which are those below the directory that `root` names, and why a path cannot be read."""

from __future__ import annotations

from ..language.files import Files, file_above, join
from ..plugin import Site


class Root:
    """The directory of the server block's relative paths; '' is that in which CoreDNS runs."""

    def __init__(self, path: str = "") -> None:
        self.path = path


def below_root(site: Site, path: str) -> str:
    """A path as the plugins of the block open it."""
    root = site.get(Root).path
    return join(root, path) if root and not path.startswith("/") else path


def cannot_read(path: str, files: Files, call: str = "open") -> str:
    """Why Go has not read what is no file: nothing is there, it is a directory, or it would lie below a file. call: the system
    call that comes first, `open` or `stat`."""
    if path and files.is_dir(path):
        return f"read {path}: is a directory"
    return f"{call} {path}: {'not a directory' if file_above(path, files) else 'no such file or directory'}"


__all__ = ["Root", "below_root", "cannot_read"]
