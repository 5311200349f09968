"""startup - runs a command when CoreDNS starts (up to 1.1.0; then `on startup`).

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. No command is ever run here: a
notice names it, and the seconds of a `sleep` pass as the server starts.

Syntax: `startup COMMAND [ARGUMENTS...]`

Examples: `startup /usr/local/bin/announce up`.
"""

from __future__ import annotations

from ..plugin import Declaration, Given, Reads, Rest, Setting, Setup, Site
from ._commands import notice, split, wait_for


class Startup(Setting):
    """A command at the start."""

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
        command = split(" ".join(self.config.command))
        notice(self.setup, "startup", command)
        wait_for(self.setup, command)
