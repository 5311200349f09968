"""What Go refuses."""

from __future__ import annotations


class GoError(ValueError):
    """A text that a function of Go's library refuses.

    message: what is wrong with it, in our words. text: the error as Go prints it. hint: what to write instead, or ''.
    """

    def __init__(self, message: str, text: str, hint: str = "") -> None:
        super().__init__(message, text, hint)
        self.message = message
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        return self.message
