"""root - the directory in which relative paths of zone files are looked for.

Description: `file`, `auto`, `hosts`, `tls`, `dnssec` and others take a relative path in their arguments from this
directory. By default that is the directory in which CoreDNS runs.

Syntax: `root PATH`

Examples: `root /etc/coredns/zones` lets `file db.example.org` read /etc/coredns/zones/db.example.org.
"""

from __future__ import annotations

from ..language.files import file_above
from ..plugin import Arg, Declaration, Reads, ReleaseRules, Setting, Site, changed
from . import _paths


class Root(Setting):
    """Sets the directory of relative paths."""

    class Config(Declaration):
        path: str = Arg(doc="the directory")

    class Rules(ReleaseRules):
        prefix = changed("", {"1.1.2": "plugin/root: "}, "what log lines begin with")

    # Every other word, wherever it stands, is taken for another `root`; the last path counts.
    READS = Reads(block=False, surplus="lines")
    config: Config

    def apply(self, site: Site) -> None:
        """Leave the directory for others; one that is not there is a warning."""
        path, files = self.config.path, self.setup.world.files
        site.slots.put(_paths.Root(path))
        if path and file_above(path, files):
            said = f"unable to access root path '{path}': stat {path}: not a directory"
            self.setup.error(
                "invalid-argument", f"`{path}` would lie in a file", self.setup.place_of(path), coredns=said
            )
        elif path and not files.is_dir(path) and files.read(path) is None:
            self.setup.log(f"[WARNING] {self.rules.prefix}Root path does not exist: {path}")
            until = "relative paths are looked for in it"
            self.setup.missing(path, f"there is no directory {path}", until=until, folder=True)
