"""shutdown - runs a command when CoreDNS ends (up to 1.1.0; then `on shutdown`).

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. No command is ever run here: a
notice names it.

Syntax: `shutdown COMMAND [ARGUMENTS...]`

Examples: `shutdown /usr/local/bin/announce down`.
"""

from __future__ import annotations

from ..plugin import Declaration, Given, Reads, Rest, Setting, Setup, Site
from ._commands import notice, split


class Shutdown(Setting):
    """A command at the end."""

    class Config(Declaration):
        command: tuple[str, ...] = Rest(required=True, doc="the program and its arguments, split as a shell does")

    READS = Reads(several="each", block=False)
    PREFIX = ""
    config: Config

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """There has to be a command."""
        split(" ".join(given.values["command"]))

    def apply(self, site: Site) -> None:
        """Nothing is run."""
        notice(self.setup, "shutdown", split(" ".join(self.config.command)))
