"""What the readers and writers of this room refuse."""

from __future__ import annotations


class WireError(ValueError):
    """Octets that are not what they should be, or data that cannot be written as octets. where: in which part of a message,
    in the DNS library's words; '' where these do not say."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where

    def told(self, says_where: bool) -> str:
        """What the DNS library prints; it says where since its 1.1.67, which CoreDNS has since 1.12.3."""
        return f"{self.where}: dns: {self}" if self.where and says_where else f"dns: {self}"


class NilRecord(Exception):
    """A record was looked at that is none (`rr.NIL`): Go panics."""


class BadName(ValueError):
    """A text is no domain name (RFC 1035 §2.3.4, §5.1). name: the text. reason: what is wrong with it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"the name `{self.name}` {self.reason}"
