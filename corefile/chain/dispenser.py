"""A cursor over the tokens of one directive, with the line rules of CoreDNS's Corefile dispenser.

Only `declare` uses it: plugins declare what they take and never see tokens.
"""

from __future__ import annotations

from ..language.expand import Token


class Dispenser:
    """Steps through `tokens`. `nesting` counts open property blocks.

    ends: whether a block that is not closed (its brace came out of an environment variable, or was taken for an
    argument) ends with the words; before caddy 1.1.4 (CoreDNS 1.13.0) the last word was another property, for ever.
    """

    __slots__ = ("cursor", "ends", "hangs", "nesting", "repeated", "tokens")

    def __init__(self, tokens: list[Token], ends: bool) -> None:
        self.tokens = tokens
        self.ends = ends
        self.hangs = False
        self.cursor = self.repeated = -1
        self.nesting = 0

    @property
    def token(self) -> Token:
        """The token at hand (the first one before the first step)."""
        return self.tokens[max(0, min(self.cursor, len(self.tokens) - 1))]

    @property
    def text(self) -> str:
        """The text of the token at hand."""
        return self.tokens[self.cursor].text if 0 <= self.cursor < len(self.tokens) else ""

    def next(self) -> bool:
        """Step to the next token, whatever line it is on."""
        if self.cursor < len(self.tokens) - 1:
            self.cursor += 1
            return True
        return False

    def next_on_line(self) -> bool:
        """Step to the next token if it is on the line of this one (a quoted word ends on its last line)."""
        if self.cursor < 0:
            self.cursor += 1
            return True
        if self.cursor >= len(self.tokens) - 1:
            return False
        here, there = self.tokens[self.cursor], self.tokens[self.cursor + 1]
        if here.file == there.file and here.line + here.text.count("\n") == there.line:
            self.cursor += 1
            return True
        return False

    def words(self, most: int | None = None, *, brace: int = 0) -> list[Token]:
        """Further words of this line up to an opening brace, at most `most`. The first `brace` may be braces."""
        out: list[Token] = []
        while (most is None or len(out) < most) and self.next_on_line():
            if self.text == "{" and len(out) >= brace:
                self.cursor -= 1
                break
            out.append(self.token)
        return out

    def word_follows(self) -> bool:
        """Whether there is a further token on this line."""
        if not self.next_on_line():
            return False
        self.cursor -= 1
        return True

    def block_follows(self) -> bool:
        """Whether the next token is an opening brace on this line."""
        return self.word_follows() and self.tokens[self.cursor + 1].text == "{"

    def next_in_block(self) -> bool:
        """Step to the next property; opens the block on the first call, and is false after its closing brace."""
        if self.nesting > 0:
            if not self.next() and (self.ends or self.cursor == self.repeated):
                self.hangs = not self.ends
                return False
            self.repeated = self.cursor
            if self.text == "}":
                self.nesting -= 1
                return False
            return True
        if not self.next_on_line():
            return False
        if self.text != "{":
            self.cursor -= 1
            return False
        if (not self.next() and self.ends) or self.text == "}":
            return False
        self.repeated = self.cursor
        self.nesting += 1
        return True
