"""What Go would refuse, in its words."""

from __future__ import annotations

from typing import Any


class Invalid(Exception):
    """A word that CoreDNS would refuse. `coredns` is CoreDNS's own message without prefix and line. `at`: the word, where
    it is not plain to whoever catches this."""

    def __init__(
        self, message: str, *, hint: str = "", coredns: str | None = None, located: bool = True, at: Any = None
    ) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint
        self.coredns = message if coredns is None else coredns
        self.located = located
