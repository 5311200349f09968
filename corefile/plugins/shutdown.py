"""shutdown - runs a command when CoreDNS ends (up to 1.1.0; then `on shutdown`).

Description: COMMAND is run with its arguments; with a last argument `&` nothing waits for it. No command is ever run
here: a notice names it.

Syntax: `shutdown COMMAND [ARGUMENTS...]`

Examples: `shutdown /usr/local/bin/announce down`.
"""

from __future__ import annotations

from ._commands import Command


class Shutdown(Command):
    """A command at the end."""


__all__ = ["Shutdown"]
