"""What keeps a template from being executed to its end."""

from __future__ import annotations


class ExecError(Exception):
    """The error that Go's Execute returns."""


class Unmodelled(Exception):
    """Something of Go's that is not modelled: the message says what."""


class TooMuch(Exception):
    """More steps or octets than are allowed: the message says what."""


__all__ = ["ExecError", "TooMuch", "Unmodelled"]
