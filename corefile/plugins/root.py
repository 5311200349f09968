"""root - the directory in which relative paths of zone files are looked for.

Description: `file`, `auto`, `hosts`, `tls`, `dnssec` and others take a relative path in their arguments from this
directory. By default that is the directory in which CoreDNS runs.

Syntax: `root PATH`

Examples: `root /etc/coredns/zones` lets `file db.example.org` read /etc/coredns/zones/db.example.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..chain.declare import Arg, Given, Reads
from ..chain.shapes import Plugin
from ._paths import Root as RootPath

if TYPE_CHECKING:
    from ..chain.setup import Setup


class Config(NamedTuple):
    """The directory."""

    path: str


class Root(Plugin):
    """Sets the directory of relative paths."""

    ARGUMENTS = (Arg("path", doc="the directory"),)
    # Every other word, wherever it stands, is taken for another `root`; the last path counts.
    READS = Reads(block=False, surplus="lines")
    IN_CHAIN = False

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The path."""
        return Config(given.values["path"])

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        path = config.path
        setup.site.slots.put(RootPath(path))
        files = setup.world.files
        if path and not files.is_dir(path) and files.read(path) is None:
            prefix = "plugin/root: " if setup.release >= "1.1.2" else ""
            setup.log(f"[WARNING] {prefix}Root path does not exist: {path}")
            setup.warn(
                "missing-directory",
                f"there is no directory {path}",
                setup.span,
                hint="relative paths are looked for in it",
            )


__all__ = ["Config", "Root"]
