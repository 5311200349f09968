"""Texts that a regular expression of Go's matches: enough of them to have one for each way through it."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from ..light import regex

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CLASSES = {"d": "0123456789", "w": LETTERS + "0123456789", "s": " ", "D": LETTERS, "W": "-", "S": LETTERS}
MORE = 2
"""How many repetitions more than the least there are at the most."""


HEAD = regex(r"P?<\w+>|[imsU-]*[:)]")
"""What may stand behind `(?`: a name, or flags."""


class Unknown(ValueError):
    """An expression with something that no text is made up for."""


@lru_cache(maxsize=1024)
def examples(pattern: str, count: int) -> tuple[str, ...]:
    """Texts that the expression matches, as far as its anchors and boundaries let them; none where it has something that
    is not known here. They are the same ones each time."""
    draw = Random(pattern)
    try:
        return tuple(dict.fromkeys(_Reader(pattern, draw).text() for _ in range(count)))
    except Unknown:
        return ()


class _Reader:
    """Reads an expression from left to right, and makes a text on the way."""

    def __init__(self, pattern: str, draw: Random) -> None:
        self.pattern = pattern
        self.draw = draw
        self.at = 0

    def text(self) -> str:
        """A text for the whole expression."""
        out = self.alternatives()
        if self.at < len(self.pattern):
            raise Unknown(self.pattern)
        return out

    def alternatives(self) -> str:
        """One of those between bars."""
        found = [self.sequence()]
        while self.peek("|"):
            found.append(self.sequence())
        return self.draw.choice(found)

    def peek(self, text: str) -> bool:
        """Whether `text` comes next; it is then passed."""
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def sequence(self) -> str:
        """One part behind the other."""
        out = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            start = self.at
            text = self.part()
            low, high = self.repetition()
            times = self.draw.randint(low, high)
            if times == 1:
                out.append(text)
                continue
            end = self.at
            for _ in range(times):
                self.at = start
                out.append(self.part())
            self.at = end
        return "".join(out)

    def repetition(self) -> tuple[int, int]:
        """How often the part before is there: the least and the most."""
        low, high = 1, 1
        if self.peek("*"):
            low, high = 0, MORE
        elif self.peek("+"):
            low, high = 1, 1 + MORE
        elif self.peek("?"):
            low, high = 0, 1
        elif self.pattern.startswith("{", self.at):
            inside, closed, _ = self.pattern[self.at + 1 :].partition("}")
            least, comma, most = inside.partition(",")
            if closed and least.isdigit() and (not most or most.isdigit()):
                self.at += len(inside) + 2
                low = int(least)
                high = low if not comma else int(most) if most else low + MORE
                high = min(high, low + 7)
        else:
            return 1, 1
        self.peek("?")
        return low, high

    def part(self) -> str:
        """A text for a letter, a class or a group."""
        char = self.pattern[self.at]
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return self.one_of()
        if char == ".":
            return self.draw.choice(LETTERS)
        if char in "^$":
            return ""
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise Unknown(self.pattern)
        return char

    def group(self) -> str:
        """What stands in parentheses."""
        if self.peek("?"):
            head = HEAD.match(self.pattern, self.at)
            if head is None:
                raise Unknown(self.pattern)
            self.at = head.end()
            if head[0].endswith(")"):
                return ""  # flags alone
        out = self.alternatives()
        if not self.peek(")"):
            raise Unknown(self.pattern)
        return out

    def escape(self) -> str:
        """What stands behind a backslash."""
        if self.at >= len(self.pattern):
            raise Unknown(self.pattern)
        char = self.pattern[self.at]
        self.at += 1
        if char in CLASSES:
            return self.draw.choice(CLASSES[char])
        if char in "bBAz":
            return ""
        if char.isalnum():
            raise Unknown(self.pattern)
        return char

    def one_of(self) -> str:
        """A character of a class in brackets."""
        negated = self.peek("^")
        chars = ""
        first = True
        while first or not self.peek("]"):
            first = False
            if self.at >= len(self.pattern) or self.pattern.startswith("[:", self.at):
                raise Unknown(self.pattern)
            low = self.pattern[self.at]
            self.at += 1
            if low == "\\":
                before = self.at
                low = self.escape()
                if self.pattern[before] in CLASSES:
                    chars += CLASSES[self.pattern[before]]
                    continue
            if self.pattern.startswith("-", self.at) and not self.pattern.startswith("-]", self.at):
                self.at += 1
                high = self.pattern[self.at : self.at + 1]
                self.at += 1
                chars += "".join(map(chr, range(ord(low), min(ord(high or low), 0x7E) + 1)))
            else:
                chars += low
        if negated:
            chars = "".join(c for c in LETTERS + "0123456789-" if c not in chars)
        if not chars:
            raise Unknown(self.pattern)
        return self.draw.choice(chars)


__all__ = ["examples"]
