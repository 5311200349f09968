"""on - runs commands when CoreDNS starts, ends, or has renewed a certificate.

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. A command that fails is
logged. No command is ever run here: a notice names it, and the seconds of a `sleep` pass as the server starts.

Syntax: `on EVENT COMMAND [ARGUMENTS...]`

EVENT is `startup`, `shutdown` or `certrenew`.

Examples: `on startup /usr/local/bin/announce up`; `on shutdown /usr/local/bin/announce down &`.
"""

from __future__ import annotations

from ..plugin import Arg, Declaration, OneOf, Rest
from ._commands import Command


class On(Command):
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

    LOGGED = True
    config: Config  # type: ignore[assignment]

    @property
    def event(self) -> str:
        """When the command is run."""
        return self.config.event


__all__ = ["On"]
