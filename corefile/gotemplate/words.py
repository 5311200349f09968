"""The words of a template, cut as Go's text/template/parse cuts them.

Outside of `{{` and `}}` everything is one word, TEXT. White space inside, and the text that a `-` next to a brace trims, is
no word; comments are none either. Words are cut one by one, as they are asked for: a mistake further on is not seen before.
"""

from __future__ import annotations

import re

from ..golang.quoting import code_point, quote
from ..light import NamedTuple, regex

END_OF_TEXT, MISTAKE = "$END", "MISTAKE"

KEYWORDS = {
    "block": "BLOCK",
    "break": "BREAK",
    "continue": "CONTINUE",
    "define": "DEFINE",
    "else": "ELSE",
    "end": "END",
    "if": "IF",
    "range": "RANGE",
    "nil": "NIL",
    "template": "TEMPLATE",
    "with": "WITH",
    "true": "BOOL",
    "false": "BOOL",
}
_GLUED = "GLUED "
"""What the kind of an operand begins with that stands right behind another one, and has to be a mistake."""
_SPECIAL = frozenset(KEYWORDS.values()) - {"BOOL"} | {"DOT"}
OPERANDS = frozenset(("IDENTIFIER", "DOT", "NIL", "VARIABLE", "FIELD", "BOOL", "NUMBER", "STRING", "LPAREN"))
"""What an operand begins with."""
_ENDS_OPERAND = OPERANDS - {"LPAREN"} | {"DOTTED", "RPAREN"}
_BEFORE_PIPELINE = frozenset(("LEFT", "LPAREN", "IF", "RANGE", "WITH", "NAME"))
_NAMED = frozenset(("TEMPLATE", "BLOCK", "DEFINE"))
_DECLARING = frozenset(("DECLARE", "ASSIGN", "COMMA"))

SPACES = " \t\r\n"
_BLANKS = regex(r"[ \t\r\n]+")
_TRIM = regex(r"[ \t\r\n]*")
_WORD = regex(r"[A-Za-z0-9_]+")
_NUMBER = regex(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_QUOTED = {
    '"': (re.compile(r'"(?:[^"\\\n]|\\[^\n])*"'), "STRING", "unterminated quoted string"),
    "'": (re.compile(r"'(?:[^'\\\n]|\\[^\n])*'"), "NUMBER", "unterminated character constant"),
    "`": (re.compile(r"`[^`]*`"), "STRING", "unterminated raw quoted string"),
}


class Word(NamedTuple):
    """A word. pos: where it begins in the template's text. line: on which line, from 1. The text of a MISTAKE is what is
    wrong."""

    kind: str
    text: str
    pos: int
    line: int

    def __str__(self) -> str:
        """As Go's parser names it in its messages."""
        if self.kind == END_OF_TEXT:
            return "EOF"
        if self.kind == MISTAKE:
            return self.text
        if self.kind.removeprefix(_GLUED) in _SPECIAL:
            return f"<{self.text}>"
        if len(self.text.encode("utf-8", "surrogateescape")) > 10:
            return f"{quote(self.text[:10])}..."
        return quote(self.text)


class Words:
    """The words of `text`, one after the other. `line` is that of the word that was cut last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self._at = 0
        self._at_line = 1
        self._inside = False
        self._parens = 0
        self._before = ""  # the kind of the word before
        self._held: tuple[Word, bool] | None = None
        self.breaks_lines = False  # whether a line ends inside of an action

    def take(self) -> Word:
        """The next word. Behind a mistake, and at the end, it is the same word again."""
        word, glued = self._cut_or_held()
        kind = word.kind
        before = self._before
        if kind == "VARIABLE" and (before in _BEFORE_PIPELINE or before == "COMMA"):
            self._held = self._cut_or_held()
            if self._held[0].kind in _DECLARING:
                kind = "DECLARED"
        elif glued and kind in OPERANDS and before in _ENDS_OPERAND:
            kind = "DOTTED" if kind == "FIELD" else _GLUED + kind
        self._before = "NAME" if kind == "STRING" and before in _NAMED else kind
        return word if kind == word.kind else word._replace(kind=kind)

    def _cut_or_held(self) -> tuple[Word, bool]:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        at = self._at
        word = self._cut()
        self.line = word.line
        return word, word.pos == at

    def _word(self, kind: str, start: int, end: int) -> Word:
        text = self.text[start:end]
        word = Word(kind, text, start, self._at_line)
        self._go(end)
        return word

    def _go(self, end: int) -> None:
        self._at_line += self.text.count("\n", self._at, end)
        self._at = end

    def _mistake(self, text: str) -> Word:
        return Word(MISTAKE, text, self._at, self._at_line)

    # -- between actions ----------------------------------------------------------------------------------------------

    def _cut(self) -> Word:
        if self._inside:
            return self._cut_inside()
        text = self.text
        while True:
            start = self._at
            brace = text.find("{{", start)
            if brace < 0:
                return self._word("TEXT" if start < len(text) else END_OF_TEXT, start, len(text))
            trims = _trims(text, brace + 2)
            end = len(text[start:brace].rstrip(SPACES)) + start if trims else brace
            if end > start:
                return self._word("TEXT", start, end)
            self._go(brace)
            if not text.startswith("/*", brace + (4 if trims else 2)):
                break
            mistake = self._skip_comment(brace + (4 if trims else 2))
            if mistake is not None:
                return mistake
        word = self._word("LEFT", self._at, self._at + 2)
        self._inside = True
        self._parens = 0
        if _trims(text, self._at):
            self._go(self._at + 2)
        return word

    def _skip_comment(self, start: int) -> Word | None:
        """Step behind a comment."""
        self._go(start)
        end = self.text.find("*/", start + 2)
        if end < 0:
            return self._mistake("unclosed comment")
        closing = self._closing(end + 2)
        if not closing:
            return self._mistake("comment ends before closing delimiter")
        self._go(self._trimmed(end + 2 + closing) if closing == 4 else end + 2 + closing)
        return None

    def _closing(self, at: int) -> int:
        """The length of what closes an action at `at`: 2 for `}}`, 4 for ` -}}`, 0 for nothing."""
        if self.text.startswith("}}", at):
            return 2
        return 4 if self.text[at : at + 1] in SPACES and self.text.startswith("-}}", at + 1) else 0

    def _trimmed(self, at: int) -> int:
        """Where white space at `at` ends."""
        found = _TRIM.match(self.text, at)
        return at if found is None else found.end()

    # -- inside of actions --------------------------------------------------------------------------------------------

    def _cut_inside(self) -> Word:
        text = self.text
        closing = self._closing(self._at)
        if not closing:
            blanks = _BLANKS.match(text, self._at)
            if blanks is not None:
                end = blanks.end()
                self.breaks_lines = self.breaks_lines or "\n" in blanks[0]
                self._go(end - 1 if text.startswith("-}}", end) else end)
                closing = self._closing(self._at)
        if closing:
            return self._close(closing)
        start = self._at
        char = text[start : start + 1]
        if not char:
            return self._mistake("unclosed action")
        if char in _QUOTED:
            pattern, kind, mistake = _QUOTED[char]
            found = pattern.match(text, start)
            return self._mistake(mistake) if found is None else self._word(kind, start, found.end())
        if char == ":":
            if text.startswith("=", start + 1):
                return self._word("DECLARE", start, start + 2)
            return self._mistake("expected :=")
        if char == "$" or (char == "." and text[start + 1 : start + 2] not in ("", *"0123456789")):
            return self._name(start)
        if char in ".+-" or "0" <= char <= "9":
            return self._number(start)
        if is_word(char):
            return self._identifier(start)
        if char == "(":
            self._parens += 1
        elif char == ")":
            self._parens -= 1
            if self._parens < 0:
                return self._mistake("unexpected right paren")
        elif not " " <= char <= "~":
            return self._mistake(f"unrecognized character in action: {code_point(char)}")
        kind = {"=": "ASSIGN", "|": "PIPE", ",": "COMMA", "(": "LPAREN", ")": "RPAREN"}.get(char, "CHAR")
        return self._word(kind, start, start + 1)

    def _close(self, closing: int) -> Word:
        if self._parens:
            return self._mistake("unclosed left paren")
        self._go(self._at + closing - 2)
        word = self._word("RIGHT", self._at, self._at + 2)
        self._inside = False
        if closing == 4:
            self._go(self._trimmed(self._at))
        return word

    def _name(self, start: int) -> Word:
        """`.`, `.Field`, `$` or `$variable`."""
        kind = "FIELD" if self.text[start] == "." else "VARIABLE"
        end = self._end_of_word(start + 1)
        if end == start + 1 and self._ends_here(end):
            return self._word("DOT" if kind == "FIELD" else kind, start, end)
        return self._word(kind, start, end) if self._ends_here(end) else self._bad(end)

    def _identifier(self, start: int) -> Word:
        end = self._end_of_word(start)
        if not self._ends_here(end):
            return self._bad(end)
        return self._word(KEYWORDS.get(self.text[start:end], "IDENTIFIER"), start, end)

    def _end_of_word(self, at: int) -> int:
        text = self.text
        while True:
            found = _WORD.match(text, at)
            if found is not None:
                at = found.end()
            if at == len(text) or text[at].isascii() or not is_word(text[at]):
                return at
            at += 1

    def _ends_here(self, at: int) -> bool:
        """Whether a name may end at `at`."""
        return self.text[at : at + 1] in ("", *" \t\r\n.,|:)(") or self.text.startswith("}}", at)

    def _bad(self, at: int) -> Word:
        return self._mistake(f"bad character {code_point(self.text[at])}")

    def _number(self, start: int) -> Word:
        text = self.text
        end = _end_of_number(text, start)
        if end > 0 and text[end : end + 1] in ("+", "-"):  # a complex number ends in an `i`
            end = _end_of_number(text, end)
            if end > 0 and text[end - 1] != "i":
                end = -end
        if end < 0:
            return self._mistake(f"bad number syntax: {quote(text[start:-end])}")
        return self._word("NUMBER", start, end)


def _trims(text: str, at: int) -> bool:
    """Whether a left brace that ends at `at` trims what stands before it."""
    return text.startswith("-", at) and text[at + 1 : at + 2] in (" ", "\t", "\r", "\n")


def _end_of_number(text: str, at: int) -> int:
    """Where a number ends; below 0, what is wrong with it ends."""
    found = _NUMBER.match(text, at)
    assert found is not None
    end = found.end()
    return -(end + 1) if end < len(text) and is_word(text[end]) else end


def is_word(char: str) -> bool:
    """Whether a character may stand in a name."""
    return char == "_" or char.isalpha() or char.isdecimal()


__all__ = ["END_OF_TEXT", "MISTAKE", "Word", "Words"]
