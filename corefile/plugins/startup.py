"""startup - runs a command when CoreDNS starts (up to 1.1.0; then `on startup`).

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. No command is ever run
here: a notice names it, and the seconds of a `sleep` pass as the server starts.

Syntax: `startup COMMAND [ARGUMENTS...]`

Examples: `startup /usr/local/bin/announce up`.
"""

from __future__ import annotations

from ._commands import Command


class Startup(Command):
    """A command at the start."""


__all__ = ["Startup"]
