"""The words of a Corefile, and where among them the parser is."""

from __future__ import annotations

from collections.abc import Iterator

from ..words import Token


class Cursor:
    """Words before the cursor and under it are in `done`, those behind it in `ahead`, backwards."""

    __slots__ = ("ahead", "done", "past")

    def __init__(self, words: list[Token]) -> None:
        self.done: list[Token] = []
        self.ahead = words[::-1]
        self.past = False
        """The cursor stands behind the last word: an import brought nothing."""

    def next(self) -> bool:
        """Step to the next word."""
        if self.past or not self.ahead:
            return False
        self.done.append(self.ahead.pop())
        return True

    def back(self) -> None:
        """Step back by one word."""
        if self.past:
            self.past = False
        elif self.done:
            self.ahead.append(self.done.pop())

    @property
    def here(self) -> Token | None:
        """The word under the cursor."""
        return None if self.past or not self.done else self.done[-1]

    @property
    def text(self) -> str:
        """Its text, "" if there is none."""
        return "" if self.past or not self.done else self.done[-1].text

    def on_new_line(self) -> bool:
        """Whether the word is the first of its line."""
        if self.past:
            return False
        return len(self.done) < 2 or breaks(self.done[-2], self.done[-1])

    def next_on_line(self) -> bool:
        """Step to the next word if it is on the line on which this one ends."""
        if self.past or not self.ahead:
            return False
        this, following = self.done[-1], self.ahead[-1]
        if this.span.source is following.span.source and this.line + this.text.count("\n") == following.line:
            return self.next()
        return False

    def rest_of_line(self) -> Iterator[Token]:
        """The words behind this one on its line. The cursor stays."""
        before = self.done[-1]
        for word in reversed(self.ahead):
            if breaks(before, word):
                return
            yield word
            before = word

    def skip_paragraph(self) -> None:
        """Step to the last word before an empty line."""
        while self.ahead and not (
            breaks(self.done[-1], self.ahead[-1]) and self.ahead[-1].line - self.done[-1].line != 1
        ):
            self.next()

    def insert(self, words: list[Token]) -> None:
        """Put words behind the cursor."""
        self.ahead.extend(reversed(words))


def breaks(before: Token, token: Token) -> bool:
    """Whether a word stands on another line than the end of the word before it."""
    return (
        before.line != token.line and before.line + before.text.count("\n") < token.line
    ) or before.span.source is not token.span.source
