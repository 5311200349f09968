"""on - runs commands when CoreDNS starts, ends, or has renewed a certificate.

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. A command that fails is logged.
No command is ever run here: a notice names it, and the seconds of a `sleep` pass as the server starts.

Syntax: `on EVENT COMMAND [ARGUMENTS...]`

EVENT is `startup`, `shutdown` or `certrenew`.

Examples: `on startup /usr/local/bin/announce up`; `on shutdown /usr/local/bin/announce down &`.
"""

from __future__ import annotations

from ..plugin import Arg, Declaration, Given, OneOf, Reads, Rest, Setting, Setup, Site
from ._commands import notice, split, wait_for


class On(Setting):
    """Commands on events."""

    class Config(Declaration):
        event: str = Arg(
            OneOf(
                "startup",
                "shutdown",
                "certrenew",
                fold=True,
                error="Wrong event name or event not supported: '{}'",
            ),
            brace=True,
            doc="what has to happen",
        )
        command: tuple[str, ...] = Rest(doc="the program and its arguments, split as a shell does")

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
        notice(self.setup, self.config.event, command)
        if self.config.event == "startup":
            wait_for(self.setup, command)
