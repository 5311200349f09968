"""The file that a `hosts` directive names."""

from __future__ import annotations

from ...findings import Span
from ...language.files import file_above
from ...plugin import Given, Invalid, Setup, Type, quote
from .._paths import below_root
from ._rules import HostsRules

DEFAULT = "/etc/hosts"


class HostsFile(Type):
    """The path of a hosts file, relative ones below `root`."""

    def settle(self, value: str | None, given: Given, setup: Setup) -> str | None:
        """The path; see `path_of`."""
        return None if value is None else path_of(value, setup, given.words[0].span)


def path_of(file: str, setup: Setup, span: Span) -> str:
    """The path of a hosts file. Warns of one that is not there, as CoreDNS does; raises Invalid where its directory is a
    file."""
    path, files = below_root(setup.site, file), setup.world.files
    says_plugin = HostsRules.of(setup.release).says_plugin
    prefix = "plugin/hosts: " if says_plugin else ""
    if files.is_dir(path):
        setup.log(f"[WARNING] {prefix}{'Hosts' if says_plugin else 'hosts'} file {quote(path)} is a directory")
        setup.warn("hosts-directory", f"{path} is a directory, not a hosts file", span)
    elif files.read(path) is None:
        above = file_above(path, files)
        if above:
            raise Invalid(
                f"{above} is a file, not a directory",
                coredns=f"unable to access hosts file '{path}': stat {path}: not a directory",
                at=span,
            )
        setup.log(f"[WARNING] {prefix}File does not exist: {path}")
        until = "its entries are read as soon as it is there"
        setup.missing(path, f"there is no hosts file {path}", span, until=until)
    return path


__all__ = ["DEFAULT", "HostsFile"]
